"""What the members of a bundle hold, and how much of each is believed."""

import re

from msgspec import Struct

from workbench.library.records import RecordingOpening
from workbench.library.tiles import MAX_LIST_BYTES, MAX_TILE_BYTES
from workbench.trajectory import Trajectory

FORMAT = "gui-agent-workbench trajectory"
VERSION = 1

MAX_MEMBERS = 200_000
MAX_TEXT_BYTES = 512 * 1024 * 1024
MAX_TOTAL_BYTES = 8 * 1024 * 1024 * 1024
MAX_RATIO = 200
"""How many bytes one byte of the file may unfold to, over all members; recorded events reach about 20."""

_FRAME = re.compile(r"frames/([0-9a-f]{32})\.frame")
_TILE = re.compile(r"tiles/([0-9a-f]{32})\.tile")
_TEXTS = ("manifest.json", "trajectory.json", "history.jsonl", "recording.json", "events.jsonl", "sightings.jsonl")


class Member(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the bundle, its size and the SHA-256 of its content in hexadecimal."""

    name: str
    size_bytes: int
    sha256: str


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """The list of what a bundle holds; `head` is the revision that `trajectory.json` shows."""

    format: str
    version: int
    schema_version: int
    trajectory: str
    head: int
    members: tuple[Member, ...]


class Versions(Struct, frozen=True):
    """The part of the manifest that every version has."""

    format: str = ""
    version: int = 0
    schema_version: int = 0


class RevisionLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One revision: what it was made from, why, when (seconds since the epoch), and the trajectory."""

    parent: int
    note: str
    saved: float
    trajectory: Trajectory


class RecordingLine(Struct, frozen=True, forbid_unknown_fields=True):
    """How the recording began, and which stretches of events were forgotten."""

    opening: RecordingOpening
    forgotten: tuple[tuple[int, int], ...] = ()


def limit_bytes(name: str) -> int | None:
    """How long a member of that name may be; None for a name that no bundle has."""
    if name in _TEXTS:
        return MAX_TEXT_BYTES
    if _FRAME.fullmatch(name):
        return MAX_LIST_BYTES
    return MAX_TILE_BYTES if _TILE.fullmatch(name) else None


def frame_in(name: str) -> str | None:
    """The id of the frame whose tile list the member is."""
    found = _FRAME.fullmatch(name)
    return found[1] if found else None


def tile_in(name: str) -> str | None:
    """The address of the tile that the member is."""
    found = _TILE.fullmatch(name)
    return found[1] if found else None
