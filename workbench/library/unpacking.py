"""Reading a bundle from somebody else: nothing is believed, all of it is checked, and only then used.

Refused as a whole, with one line: paths that lead elsewhere, links, members that are not listed or twice there, bombs,
wrong checksums, damaged or absurd frames, newer versions, truncated files, frames that are missing or that nobody
refers to. Every read is bounded by the size that the manifest says, and that by `workbench.library.contents`.
"""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from workbench.codec import from_json
from workbench.errors import BadInputError
from workbench.inputs import InputEvent, Sighting
from workbench.library import contents, tiles
from workbench.library.contents import Manifest, Member, RecordingLine, RevisionLine, Versions
from workbench.library.tiles import Address
from workbench.library.transfer import Kept, Whole, WholeRecording, check_recording
from workbench.trajectory import SCHEMA_VERSION, FrameId, Trajectory

T = TypeVar("T")

_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)
_LOCAL_HEADER = b"PK\x03\x04"
_NAME_AT = 30
_GET_IT_AGAIN = "get it again"


def claims_to_be_bundle(path: Path) -> bool:
    """Whether the file is a zip with a manifest, or the beginning of one."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            start = file.read(_NAME_AT + len("manifest.json"))
        if not start.startswith(_LOCAL_HEADER):
            return False
        if start[_NAME_AT:] == b"manifest.json":
            return True
        with zipfile.ZipFile(path) as archive:
            return "manifest.json" in archive.namelist()
    except _BROKEN_ZIP:
        return False


@contextmanager
def opened(path: Path) -> "Iterator[Bundle]":
    """The bundle, checked to the last pixel; raises `BadInputError` for anything wrong with it."""
    if not path.is_file():
        raise BadInputError(f"there is no file {path}; name a bundle")
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN_ZIP as error:
        raise BadInputError(f"{path} is not a bundle or not all of one ({error}); {_GET_IT_AGAIN}") from error
    with archive:
        yield Bundle(path, archive)


class Bundle:
    """An open bundle that proved sound."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._infos = self._checked_infos()
        self._listed = self._checked_manifest()
        self.whole = self._checked_whole()
        self._frames = [frame for name in self._listed if (frame := contents.frame_in(name))]
        self._check_frames()

    def tile_lists(self) -> Iterator[bytes]:
        """The encoded tile list of every frame."""
        return (self._read(f"frames/{frame}.frame") for frame in self._frames)

    def read_tile(self, address: Address) -> bytes:
        """A tile as it is stored."""
        return self._read(f"tiles/{address}.tile")

    def _refusal(self, why: str) -> BadInputError:
        return BadInputError(f"{self._path} is refused: {why}; {_GET_IT_AGAIN}, or ask its author for another")

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Say of what is wrong with a part that the bundle is refused for it."""
        try:
            yield
        except BadInputError as error:
            raise self._refusal(str(error)) from error

    def _checked_infos(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._archive.infolist()
        if len(infos) > contents.MAX_MEMBERS:
            raise self._refusal(f"it has {len(infos)} members, more than {contents.MAX_MEMBERS}")
        found: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            self._check_info(info)
            if info.filename in found:
                raise self._refusal(f"{_shown(info.filename)} is in it twice")
            found[info.filename] = info
        total_bytes = sum(info.file_size for info in infos)
        allowed_bytes = contents.MAX_RATIO * self._path.stat().st_size
        if total_bytes > min(allowed_bytes, contents.MAX_TOTAL_BYTES):
            raise self._refusal(f"it would unfold to {total_bytes} bytes")
        return found

    def _check_info(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        mode = info.external_attr >> 16
        if stat.S_ISLNK(mode) or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
            raise self._refusal(f"{_shown(name)} is a link or no plain file")
        limit_bytes = contents.limit_bytes(name)
        if limit_bytes is None:
            leads = ".." in name or name.startswith(("/", "\\")) or ":" in name
            raise self._refusal(f"{_shown(name)} {'leads out of it' if leads else 'does not belong in it'}")
        if info.flag_bits & 1:
            raise self._refusal(f"{_shown(name)} is encrypted")
        if info.file_size > limit_bytes:
            raise self._refusal(f"{_shown(name)} is said to have {info.file_size} bytes, more than {limit_bytes}")

    def _checked_manifest(self) -> dict[str, Member]:
        if "manifest.json" not in self._infos:
            raise self._refusal("it has no manifest.json")
        data = self._bytes("manifest.json")
        self._check_versions(self._json(data, Versions, "manifest.json"))
        self._manifest = self._json(data, Manifest, "manifest.json")
        listed = {member.name: member for member in self._manifest.members}
        if len(listed) != len(self._manifest.members):
            raise self._refusal("its manifest lists a member twice")
        held = self._infos.keys() - {"manifest.json"}
        for name in sorted(held ^ listed.keys()):
            raise self._refusal(f"{_shown(name)} is {'not listed' if name in held else 'missing'}")
        return listed

    def _check_versions(self, versions: Versions) -> None:
        if versions.format != contents.FORMAT:
            raise self._refusal("it is not a trajectory")
        if versions.version > contents.VERSION or versions.schema_version > SCHEMA_VERSION:
            raise BadInputError(f"{self._path} was made by a newer workbench: update this one")
        if versions.version < 1 or versions.schema_version < 1:
            raise self._refusal("its version is impossible")

    def _checked_whole(self) -> Whole:
        head = self._json(self._read("trajectory.json"), Trajectory, "trajectory.json")
        history = tuple(
            Kept(line.trajectory, line.parent, line.note, line.saved)
            for line in self._lines("history.jsonl", RevisionLine)
        ) or (Kept(head),)
        whole = Whole(self._manifest.trajectory, self._manifest.head, history, self._recording())
        if not 1 <= whole.head <= len(history) or whole.trajectory != head:
            raise self._refusal("its history does not contain its trajectory")
        for number, kept in enumerate(history, 1):
            self._check_revision(whole.id, number, kept)
        return whole

    def _check_revision(self, identifier: str, number: int, kept: Kept) -> None:
        found = kept.trajectory
        if found.schema_version != SCHEMA_VERSION:
            raise self._refusal(f"revision {number} has schema version {found.schema_version}")
        if found.id != identifier or found.revision != number:
            raise self._refusal(f"revision {number} belongs to something else")
        if not (0 <= kept.parent < number and (kept.parent > 0) == (number > 1)):
            raise self._refusal(f"revision {number} cannot be made from revision {kept.parent}")

    def _recording(self) -> WholeRecording | None:
        if "recording.json" not in self._listed:
            for name in ("events.jsonl", "sightings.jsonl"):
                if name in self._listed:
                    raise self._refusal(f"{name} is there without recording.json")
            return None
        line = self._json(self._read("recording.json"), RecordingLine, "recording.json")
        events = tuple(self._lines("events.jsonl", InputEvent))
        sightings = tuple(self._lines("sightings.jsonl", Sighting))
        recording = WholeRecording(line.opening, events, sightings, line.forgotten)
        with self._refusing():
            check_recording(recording)
        return recording

    def _check_frames(self) -> None:
        referred, there = self.whole.frames(), set(self._frames)
        for frame in sorted(referred - there):
            raise self._refusal(f"frame {_shown(frame)} is referred to and not there")
        for frame in sorted(there - referred):
            raise self._refusal(f"frame {frame} is there and nobody refers to it")
        checked: set[Address] = set()
        for frame in self._frames:
            self._check_frame(frame, checked)
        for name in self._listed:
            address = contents.tile_in(name)
            if address and address not in checked:
                raise self._refusal(f"{name} belongs to no frame")

    def _check_frame(self, frame: FrameId, checked: set[Address]) -> None:
        encoded = self._read(f"frames/{frame}.frame")
        with self._refusing():
            listed = tiles.decode_tile_list(encoded, frame)
        for address, area in zip(listed.tiles, listed.areas(), strict=True):
            if address not in checked:
                stored = self._read(f"tiles/{address}.tile")
                with self._refusing():
                    tiles.check_tile(stored, area, address)
                checked.add(address)

    def _lines(self, name: str, kind: type[T]) -> Iterator[T]:
        if name in self._listed:
            for number, line in enumerate(self._read(name).splitlines(), 1):
                yield self._json(line, kind, f"line {number} of {name}")

    def _json(self, data: bytes, kind: type[T], name: str) -> T:
        with self._refusing():
            return from_json(data, kind, what=name)

    def _read(self, name: str) -> bytes:
        """A listed member, with its size and checksum as listed."""
        member = self._listed.get(name)
        if member is None:
            raise self._refusal(f"{name} is missing")
        data = self._bytes(name)
        if len(data) != member.size_bytes or hashlib.sha256(data).hexdigest() != member.sha256:
            raise self._refusal(f"the checksum of {name} is wrong")
        return data

    def _bytes(self, name: str) -> bytes:
        info = self._infos[name]
        try:
            with self._archive.open(info) as file:
                data = file.read(info.file_size + 1)
        except _BROKEN_ZIP as error:
            raise self._refusal(f"{name} cannot be read ({error})") from error
        if len(data) != info.file_size:
            raise self._refusal(f"{name} has another length than it says")
        return data


def _shown(name: str) -> str:
    return repr(name if len(name) <= 100 else f"{name[:100]}…")
