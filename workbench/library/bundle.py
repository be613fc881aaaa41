"""Bundles: one trajectory with all its pictures in one `.trajectory` file, to hand to somebody else.

A bundle is a zip of

* `manifest.json`: what this is, its versions, and size and SHA-256 of every other member,
* `trajectory.json`: the trajectory as `docs/schema/trajectory.schema.json` says,
* `history.jsonl`: every revision, one a line, where the raw events go along,
* `recording.json`, `events.jsonl`, `sightings.jsonl`: the recording, where there is one and it goes along,
* `frames/*.frame` and `tiles/*.tile`: the pictures, as the library stores them.

The same trajectory always makes the same bytes. A bundle comes from elsewhere: `workbench.library.unpacking` checks
all of it before anything is written.
"""

import hashlib
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from msgspec import Struct

from workbench.codec import to_json
from workbench.errors import BadInputError, UnavailableError
from workbench.library import unpacking
from workbench.library.contents import FORMAT, VERSION, Manifest, Member, RecordingLine, RevisionLine
from workbench.library.records import is_id
from workbench.library.store import Library
from workbench.library.transfer import Kept, Whole
from workbench.trajectory import SCHEMA_VERSION, FrameId, Trajectory

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100600 << 16


@dataclass(frozen=True)
class OpenedBundle:
    """A bundle unpacked into a library of its own, which lives as long as the context it came from."""

    library: Library
    trajectory: Trajectory


def is_bundle(path: Path) -> bool:
    """Whether the file claims to be a bundle, sound or not."""
    return unpacking.claims_to_be_bundle(path)


def export_bundle(library: Library, trajectory_id: str, path: Path, *, with_events: bool = True) -> None:
    """Write the trajectory into one file, whole or not at all.

    `with_events` takes the raw events and all revisions along; without, only the head and its frames leave. Raises
    `BadInputError` when a frame is missing or damaged, `UnavailableError` when the file cannot be written.
    """
    whole = library.whole(trajectory_id)
    if not with_events:
        head = msgspec.structs.replace(whole.trajectory, revision=1)
        whole = Whole(whole.id, 1, (Kept(head),))
    frames = sorted(whole.frames())
    sound: set[str] = set()
    for frame in frames:
        library.frames.check(frame, sound=sound)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        _write(part, library, whole, frames, with_events=with_events)
        part.replace(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise BadInputError(f"cannot write {path}: {error.strerror}; name a file in a folder that exists") from error
    except OSError as error:
        raise UnavailableError(f"cannot write {path}: {error.strerror}; choose another place") from error
    finally:
        part.unlink(missing_ok=True)


def import_bundle(library: Library, path: Path) -> Trajectory:
    """Check the whole bundle, then store it; the trajectory counts as not reviewed.

    It keeps its id where that is free, and its source. Raises `BadInputError` with one line for anything wrong;
    nothing was written then.
    """
    with unpacking.opened(path) as bundle:
        whole = _foreign(library, bundle.whole)
        for encoded in bundle.tile_lists():
            library.frames.adopt(encoded, bundle.read_tile)
        return library.adopt(whole)


@contextmanager
def opened_bundle(path: Path) -> Iterator[OpenedBundle]:
    """Use a bundle without importing it: a library in a temporary folder, gone with the context."""
    folder = Path(tempfile.mkdtemp(prefix="workbench-bundle-"))
    try:
        with Library.open(folder) as library:
            yield OpenedBundle(library, import_bundle(library, path))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _foreign(library: Library, whole: Whole) -> Whole:
    """What is stored of a bundle: not reviewed, under an id that is free here."""
    identifier = whole.id
    if not is_id(identifier) or identifier in library:
        identifier = library.new_id()
    history = tuple(
        replace(kept, trajectory=msgspec.structs.replace(kept.trajectory, id=identifier, reviewed=False))
        for kept in whole.history
    )
    return replace(whole, id=identifier, history=history)


def _write(path: Path, library: Library, whole: Whole, frames: list[FrameId], *, with_events: bool) -> None:
    texts = dict(_texts(whole, with_events=with_events))
    lists = {frame: library.frames.tile_list(frame) for frame in frames}
    addresses = sorted({address for listed in lists.values() for address in listed.tiles})
    members = [_member(name, data) for name, data in texts.items()]
    members += [_member(f"frames/{frame}.frame", listed.encode()) for frame, listed in lists.items()]
    members += [_member(f"tiles/{address}.tile", library.frames.stored_tile(address)) for address in addresses]
    manifest = Manifest(FORMAT, VERSION, SCHEMA_VERSION, whole.id, whole.head, tuple(members))
    with path.open("xb") as file, zipfile.ZipFile(file, "w") as archive:
        _add(archive, "manifest.json", to_json(manifest))
        for name, data in texts.items():
            _add(archive, name, data)
        for frame, listed in lists.items():
            _add(archive, f"frames/{frame}.frame", listed.encode())
        for address in addresses:
            _add(archive, f"tiles/{address}.tile", library.frames.stored_tile(address))


def _texts(whole: Whole, *, with_events: bool) -> Iterator[tuple[str, bytes]]:
    yield "trajectory.json", to_json(whole.trajectory)
    if not with_events:
        return
    yield "history.jsonl", _lines(RevisionLine(k.parent, k.note, k.saved, k.trajectory) for k in whole.history)
    if whole.recording:
        recording = whole.recording
        yield "recording.json", to_json(RecordingLine(recording.opening, recording.forgotten))
        yield "events.jsonl", _lines(recording.events)
        yield "sightings.jsonl", _lines(recording.sightings)


def _lines(values: Iterable[Struct]) -> bytes:
    return b"".join(to_json(value) + b"\n" for value in values)


def _member(name: str, data: bytes) -> Member:
    return Member(name, len(data), hashlib.sha256(data).hexdigest())


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3
    info.external_attr = _READABLE
    info.compress_type = zipfile.ZIP_STORED if name.startswith("tiles/") else zipfile.ZIP_DEFLATED
    archive.writestr(info, data, compresslevel=6)
