"""Fetches one large file so that it arrives whole: it goes on where it was cut off, and is believed only by checksum.

What has arrived lies beside the target as `.part`, with a note of what it is a part of. It outlives Ctrl-C, crashes and
power cuts; the target appears when all of it is there and right, and not before.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from agents.runtime.models.fetching import Client, PassingError, unreachable
from workbench.errors import UnavailableError
from workbench.library import locks

if TYPE_CHECKING:
    import requests

Progress = Callable[[int, int], None]
"""Told how many bytes of how many are there."""

RESERVE_BYTES = 256 * 1024**2
"""What must stay free on the disk."""

_BLOCK_BYTES = 256 * 1024
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True)
class Source:
    """A file on a server: its address, its length and its SHA-256 in hexadecimal, empty where nobody tells it."""

    url: str
    size_bytes: int
    sha256: str


class _Note(Struct):
    """What a `.part` is a part of, and the server's mark of the version that it began with."""

    url: str
    size_bytes: int
    sha256: str
    etag: str = ""

    def is_of(self, source: Source) -> bool:
        """Whether what was begun is a part of this, wherever it comes from."""
        return self.sha256 == source.sha256 and self.size_bytes == source.size_bytes


def fetch(source: Source, target: Path, client: Client, progress: Progress) -> None:
    """Bring the file to the target; a whole one that is there already is kept.

    A file that arrives damaged is thrown away and fetched once more; one without a checksum never counts as whole. An
    empty `.lock` stays beside the target. Raises `UnavailableError` when the disk is too
    small, when the server does not deliver, when somebody else is fetching the same file or when it arrives damaged
    again. What arrived is kept, whatever ends it.
    """
    held = locks.hold(target.with_name(target.name + ".lock"))
    if held is None:
        raise UnavailableError(f"{target.name} is being fetched by another program; wait for it, or end it")
    try:
        if not is_whole(target, source):
            _fetch(source, target, client, progress)
        progress(source.size_bytes, source.size_bytes)
    finally:
        held.release()  # and the file stays: whoever waits for the lock of one that is gone would not be alone


def is_whole(path: Path, source: Source) -> bool:
    """Whether the file is there with the right length and checksum."""
    try:
        if path.stat().st_size != source.size_bytes:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == source.sha256.lower()
    except FileNotFoundError:
        return False


def part_of(target: Path) -> Path:
    """Where the bytes lie that have arrived so far."""
    return target.with_name(target.name + ".part")


def _fetch(source: Source, target: Path, client: Client, progress: Progress) -> None:
    for _ in range(2):
        transfer = _Transfer(source, target, client, progress)
        transfer.run()
        if is_whole(transfer.part, source):
            transfer.part.replace(target)
            transfer.note_file.unlink(missing_ok=True)
            return
        transfer.discard()
    raise UnavailableError(
        f"{source.url} arrived damaged twice: its checksum is wrong; try again later, or download it with a browser "
        "and give the file to `workbench-cli models add`"
    )


class _Transfer:
    """The `.part` of one file, and what brings the rest of it."""

    def __init__(self, source: Source, target: Path, client: Client, progress: Progress) -> None:
        self.part = part_of(target)
        self.note_file = target.with_name(target.name + ".part.json")
        self._source = source
        self._client = client
        self._progress = progress
        self._etag = self._resumed_etag()

    @property
    def _have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def discard(self) -> None:
        """Begin again with nothing."""
        self.part.unlink(missing_ok=True)
        self.note_file.unlink(missing_ok=True)
        self._etag = ""

    def run(self) -> None:
        """Fetch until all is there; raises `UnavailableError` when nothing more comes."""
        patience, failures = self._client.patience, 0
        for _ in range(patience.most_attempts):
            before = self._have
            if before == self._source.size_bytes:
                return
            self._check_room()
            try:
                self._attempt(before)
                continue
            except PassingError as error:
                failures = 1 if self._have > before else failures + 1
                if failures > patience.attempts:
                    raise unreachable(self._source.url, error) from error
                patience.sleep(patience.wait_s(failures, error.wait_s))
        raise unreachable(self._source.url, PassingError("it broke off again and again"))

    def _resumed_etag(self) -> str:
        """The mark of the version that was begun; what is of another file, or too long, is thrown away."""
        try:
            note = msgspec.json.decode(self.note_file.read_bytes(), type=_Note)
        except (OSError, msgspec.MsgspecError):
            note = None
        if note is not None and note.is_of(self._source) and self._have <= self._source.size_bytes:
            return note.etag
        self.discard()
        return ""

    def _attempt(self, have: int) -> None:
        headers = {"Range": f"bytes={have}-"} if have else {}
        if have and self._etag and not self._etag.startswith("W/"):
            headers["If-Range"] = self._etag
        with self._client.get(self._source.url, headers) as response:
            if response.status_code != 416:  # some servers put that into a web page
                _refuse_page(response)
            start = self._start(response, have)
            self._remember(response.headers.get("ETag", ""))
            self._write(response, start)

    def _start(self, response: "requests.Response", have: int) -> int:
        """Where in the file the body begins; a version other than the one that was begun makes it begin again."""
        if response.status_code == 200:
            return 0
        match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        etag = response.headers.get("ETag", "")
        changed = bool(self._etag and etag and etag != self._etag)
        if response.status_code == 416 or changed or not match or not self._continues(match, have):
            self.discard()
            raise PassingError("the file there has changed")
        return have

    def _continues(self, given: re.Match[str], have: int) -> bool:
        return int(given[1]) == have and given[3] in ("*", str(self._source.size_bytes))

    def _remember(self, etag: str) -> None:
        if etag == self._etag and self.note_file.exists():
            return
        self._etag = etag
        note = _Note(self._source.url, self._source.size_bytes, self._source.sha256, etag)
        try:
            self.part.parent.mkdir(parents=True, exist_ok=True)
            self.note_file.write_bytes(msgspec.json.encode(note))
        except OSError as error:
            raise self._unwritable(error) from error

    def _write(self, response: "requests.Response", start: int) -> None:
        have = start
        try:
            part = self.part.open("r+b" if start else "wb")
        except OSError as error:
            raise self._unwritable(error) from error
        with part:
            part.seek(start)
            while block := response.raw.read1(_BLOCK_BYTES):  # what has arrived, so that a cut loses none of it
                have += len(block)
                if have > self._source.size_bytes:
                    raise UnavailableError(f"{self._source.url} is longer than it should be; try again later")
                try:
                    part.write(block)
                    part.flush()
                except OSError as error:
                    raise self._unwritable(error) from error
                self._progress(have, self._source.size_bytes)
            os.fsync(part.fileno())
        if have < self._source.size_bytes:
            raise PassingError("the connection broke off")

    def _check_room(self) -> None:
        folder = next(parent for parent in self.part.absolute().parents if parent.exists())
        free = shutil.disk_usage(folder).free
        needed = self._source.size_bytes - self._have + RESERVE_BYTES
        if needed > free:
            raise UnavailableError(
                f"{self.part.parent} has {free / 1e9:.1f} GB free, {self.part.stem} needs {needed / 1e9:.1f} GB; "
                "free some space, or choose another folder with `workbench-cli settings set model.folder DIR`"
            )

    def _unwritable(self, error: OSError) -> UnavailableError:
        return UnavailableError(
            f"{self.part} cannot be written: {error.strerror or error}; mend that and try again, it goes on from there"
        )


def _refuse_page(response: "requests.Response") -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise UnavailableError(
            f"{response.url} answers with a web page in place of the file, as a login of the network does; "
            "open it in a browser and try again"
        )
