"""Writing files and folders whole or not at all: beside their place first, then there under their name.

What is in the way is only replaced where it is of the same kind. Nothing half-written stays behind, not even on a
full disk.
"""

import errno
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from workbench.errors import BadInputError, UnavailableError

MARKER = ".workbench-export"
"""The file in an exported folder that says what was written there, so that it can be replaced later."""

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_PLACE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL)
_MOST_MARKER_BYTES = 64 * 1024 * 1024

_BEGINNINGS = {
    ".gif": (0, (b"GIF8",)),
    ".html": (0, (b"<!DOCTYPE html>", b"<!doctype html>")),
    ".jsonl": (0, (b"{",)),
    ".mp4": (4, (b"ftyp",)),
    ".trajectory": (0, (b"PK",)),
    ".zip": (0, (b"PK",)),
}
"""At which byte files of these kinds have which bytes; others are known by their name alone."""


class _Marker(Struct, frozen=True, forbid_unknown_fields=True):
    """What an exported folder says of itself: its kind and its files, `/` between the parts of their names."""

    kind: str
    files: tuple[str, ...]


@contextmanager
def whole_file(path: Path, *, suffix: str) -> Iterator[Path]:
    """A free path to write a file to, which becomes `path` when the context ends well and is gone when it does not.

    It ends with `suffix`, by which some libraries choose what they write. A file that is there already is replaced if
    it is empty or of the same kind: its name ends with `suffix` and its first bytes are those of such files. Raises
    `BadInputError` for any other and for a folder that does not exist, `UnavailableError` for what the disk refuses,
    also within the context.
    """
    _check_file(path, suffix)
    part = _beside(path, suffix)
    with _told(path), _gone_afterwards(part):
        yield part
        part.replace(path)


@contextmanager
def whole_folder(path: Path, *, kind: str) -> Iterator[Path]:
    """An empty folder to write into, which becomes `path` when the context ends well and is gone when it does not.

    A folder that is there already is replaced if it is empty or an export of the same kind to which nothing was
    added; `kind` is the format's name. Raises as `whole_file` does.
    """
    _check_folder(path, kind)
    part = _beside(path)
    with _told(path), _gone_afterwards(part):
        part.mkdir()
        yield part
        marker = _Marker(kind, tuple(_files(part)))
        (part / MARKER).write_bytes(msgspec.json.encode(marker) + b"\n")
        _put(part, path)


def _check_file(path: Path, suffix: str) -> None:
    _check_place(path)
    if not _is_there(path):
        return
    if path.is_symlink() or not path.is_file() or not _is_like(path, suffix):
        raise BadInputError(f"{path} is something else already; choose another path")


def _check_folder(path: Path, kind: str) -> None:
    _check_place(path)
    if not _is_there(path):
        return
    if path.is_symlink() or not path.is_dir():
        raise BadInputError(f"{path} is something else already; choose another path")
    with _told(path):
        found = set(_files(path))
    if not found and not any(path.iterdir()):
        return
    marker = _marker(path)
    if marker is None or marker.kind != kind:
        raise BadInputError(f"{path} is a folder of other things; choose another path, or one that does not exist yet")
    more = sorted(found - {MARKER, *marker.files})
    if more:
        raise BadInputError(f"{path} has {more[0]!r}, which no export wrote; move it elsewhere or choose another path")


def _check_place(path: Path) -> None:
    if "\0" in str(path) or not path.name:
        raise BadInputError("that is no path a file can have; choose another one")
    if not path.parent.is_dir():
        raise BadInputError(f"there is no folder {path.parent} to write {path.name} into; make it first")


def _is_there(path: Path) -> bool:
    with _told(path):
        return path.is_symlink() or path.exists()


def _is_like(path: Path, suffix: str) -> bool:
    with _told(path), path.open("rb") as file:
        start = file.read(64)
    at, beginnings = _BEGINNINGS.get(suffix, (0, (b"",)))
    return not start or (path.name.lower().endswith(suffix) and start[at:].startswith(beginnings))


def _marker(folder: Path) -> _Marker | None:
    path = folder / MARKER
    try:
        if path.is_symlink() or path.stat().st_size > _MOST_MARKER_BYTES:
            return None
        return msgspec.json.decode(path.read_bytes(), type=_Marker)
    except (OSError, ValueError):
        return None


def _files(folder: Path) -> Iterator[str]:
    """The names of all files and links below the folder, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()


def _put(part: Path, path: Path) -> None:
    """Give the finished folder its name; the one that had it goes, and comes back if that fails."""
    if not path.exists():
        part.rename(path)
        return
    old = _beside(path)
    path.rename(old)
    try:
        part.rename(path)
    except OSError:
        old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _beside(path: Path, suffix: str = "") -> Path:
    return path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part{suffix}")


@contextmanager
def _gone_afterwards(part: Path) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(OSError):
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what the disk refused in words."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise UnavailableError(f"cannot write {path}: the disk is full; free some space") from error
        if error.errno in _NO_PLACE:
            raise BadInputError(f"cannot write {path}: {error.strerror}; choose another path") from error
        raise UnavailableError(f"cannot write {path}: {error.strerror or error}; choose another place") from error
