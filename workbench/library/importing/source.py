"""Reading files and folders from elsewhere: nothing is believed.

Links that lead out of the folder, pipes and devices are refused; every read is bounded; what is wrong is said in one
line that names the file and the place in it.
"""

import gzip
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import msgspec

from workbench.errors import BadInputError

MAX_NAMES = 200_000
"""How many entries of a folder are looked at."""

MAX_TEXT_BYTES = 256 * 1024 * 1024
"""The longest file that is read as one."""

FREE_BYTES = 32 * 1024 * 1024
"""What a packed file may always unpack to."""

MOST_TIMES = 100
"""How many times its length a packed file may unpack to beyond that; recordings reach 30."""

MAX_LINE_BYTES = 64 * 1024 * 1024
"""The longest line of a file of lines; some formats have pictures in them."""

MAX_EMPTY_LINES = 2_000_000

START_BYTES = 4096

T = TypeVar("T")

_NUMBERS = re.compile(r"(\d+)")


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts `step_2` before `step_10`."""
    return [
        (int(part[:18]), "") if part.isdecimal() and part.isascii() else (-1, part) for part in _NUMBERS.split(name)
    ]


class Source:
    """A file or a folder; names are relative to it, with `/`, and the empty name is itself.

    `told` hears how many bytes were read. Everything but the properties raises `BadInputError`.
    """

    def __init__(self, path: Path, *, root: Path | None = None, told: Callable[[int], None] | None = None) -> None:
        self.path = path
        self._root = (root or path).resolve()
        self._told = told

    def heard_by(self, told: Callable[[int], None] | None) -> "Source":
        """The same, of which `told` hears."""
        return Source(self.path, root=self._root, told=told)

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.name

    @cached_property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.path.is_dir()

    @property
    def folder(self) -> "Source":
        """The folder itself, or the one that the file lies in: where the files stand that it names."""
        return self if self.is_folder else Source(self.path.parent, told=self._told)

    @cached_property
    def entries(self) -> dict[str, bool]:
        """What is in the folder, sorted with numbers by value: name, and whether it is a folder. Empty for a file."""
        if not self.is_folder:
            return {}
        found: dict[str, bool] = {}
        try:
            with os.scandir(self.path) as listed:
                for count, entry in enumerate(listed):
                    if count >= MAX_NAMES:
                        raise BadInputError(f"{self.path} has more than {MAX_NAMES} entries; name a folder within it")
                    if entry.is_dir() or entry.is_file():
                        found[entry.name] = entry.is_dir()
        except OSError as error:
            raise BadInputError(f"cannot read {self.path}: {error.strerror}; check its permissions") from error
        return {name: found[name] for name in sorted(found, key=natural)}

    def files(self, pattern: str = "*") -> list[str]:
        """The names of the files directly in it that fit."""
        return [name for name, folder in self.entries.items() if not folder and fnmatch(name, pattern)]

    def folders(self, pattern: str = "*") -> list[str]:
        """The names of the folders directly in it that fit."""
        return [name for name, folder in self.entries.items() if folder and fnmatch(name, pattern)]

    def has(self, name: str) -> bool:
        """Whether there is a regular file of that name inside, safe to read."""
        try:
            return self.file(name).is_file()
        except BadInputError:
            return False

    def child(self, name: str) -> "Source":
        """A file or folder inside."""
        return Source(self._inside(name), root=self._root, told=self._told)

    def file(self, name: str = "") -> Path:
        """The path of a regular file inside, for libraries that open files themselves."""
        path = self._inside(name)
        if not path.is_file():
            raise BadInputError(f"there is no file {path}; it belongs to the recording")
        return path

    def size(self, name: str = "") -> int:
        """How long that file is, in bytes."""
        return self.file(name).stat().st_size

    def start(self, name: str = "", *, count: int = START_BYTES) -> bytes:
        """The first bytes of a file (unpacked, where it is gzip); empty where it cannot be read."""
        try:
            with self._opened(name) as file:
                return file.read(count)
        except (OSError, EOFError, zlib.error, BadInputError):
            return b""

    def data(self, name: str = "", *, limit: int = MAX_TEXT_BYTES) -> bytes:
        """The whole file, unpacked where it is gzip."""
        path = self.file(name)
        try:
            with self._opened(name) as file:
                limit = self._most(file, limit)
                found = file.read(limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise BadInputError(f"cannot read {path}: {error}; get it again") from error
        if len(found) > limit:
            raise BadInputError(f"{path} is longer than {limit} bytes; it cannot be what it seems")
        self.read_bytes(path.stat().st_size)
        return found

    def text(self, name: str = "", *, limit: int = MAX_TEXT_BYTES) -> str:
        """The whole file as text in UTF-8, with or without a byte order mark."""
        try:
            return self.data(name, limit=limit).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInputError(f"{self._inside(name)} is not text in UTF-8: {error.reason}; get it again") from error

    def json(self, kind: type[T], name: str = "", *, limit: int = MAX_TEXT_BYTES) -> T:
        """The file as a value of that type; fields that the type does not know are passed over."""
        return decoded(self.data(name, limit=limit), kind, what=str(self._inside(name)))

    def json_lines(self, kind: type[T], name: str = "") -> Iterator[tuple[int, T]]:
        """The values of a file with one in each line, with their line numbers from 1; empty lines are passed over."""
        path = self._inside(name)
        for number, line in self.lines(name):
            if line.strip():
                yield number, decoded(line, kind, what=f"{path} line {number}")

    def lines(self, name: str = "") -> Iterator[tuple[int, bytes]]:
        """The lines of a file, with their numbers from 1, one in memory at a time."""
        path = self.file(name)
        try:
            with self._opened(name) as file:
                number = empty = read = 0
                longest, most = self._most(file, MAX_LINE_BYTES), self._most(file, sys.maxsize)
                while line := file.readline(longest + 1):
                    number += 1
                    read += len(line)
                    empty += len(line) == 1
                    if len(line) > longest:
                        raise BadInputError(f"{path} line {number} is longer than {longest} bytes; get it again")
                    if read > most or empty > MAX_EMPTY_LINES:
                        raise BadInputError(f"{path} has more lines than it can have; it cannot be what it seems")
                    self.read_bytes(len(line))
                    yield number, line
        except (OSError, EOFError, zlib.error) as error:
            raise BadInputError(f"cannot read {path}: {error}; get it again") from error

    def read_bytes(self, count: int) -> None:
        """Say that so many bytes were read; for what opens files itself."""
        if self._told:
            self._told(count)

    def _most(self, file: object, limit: int) -> int:
        """How much of an open file is read: no more of a packed one than its length deserves."""
        if not isinstance(file, gzip.GzipFile):
            return limit
        return min(limit, FREE_BYTES + MOST_TIMES * os.fstat(file.fileno()).st_size)

    def _opened(self, name: str) -> BinaryIO:
        path = self.file(name)
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        return cast(BinaryIO, gzip.open(path)) if packed else path.open("rb")

    def _inside(self, name: str) -> Path:
        if "\0" in name:
            raise BadInputError(f"{self.path} names a file that cannot be; get it again")
        try:
            path = self.path / name if name else self.path
            outside = not path.resolve().is_relative_to(self._root)
        except (OSError, RuntimeError, ValueError) as error:
            raise BadInputError(f"{self.path} names a file that cannot be read; get it again") from error
        if outside:
            raise BadInputError(f"{self.path} refers to a file outside of it; that is refused")
        return path


def decoded(data: bytes | str, kind: type[T], *, what: str) -> T:
    """JSON as a value of that type; raises `BadInputError` that names `what` and the place in it, never a value."""
    try:
        return msgspec.json.decode(data, type=kind, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError, OverflowError) as error:
        why = str(error) if isinstance(error, msgspec.MsgspecError) else "it is not JSON"
        raise BadInputError(f"{what} is not as its format says: {why}; get it again") from error
