"""Where frames live: files addressed by their pixels, lossless, written whole or not at all.

`frames/ab/….frame` lists the tiles of a frame, `frames/tiles/ab/….tile` holds their pixels; `workbench.library.tiles`
says what is in them. A frame is written before anything refers to it; a frame that nobody refers to is reclaimed
later. Any number of processes and threads may put, load and reclaim at once.
"""

import errno
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.desktop.ports import Frame, Pixels
from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point
from workbench.library import locks, tiles
from workbench.library.tiles import Address, Packed, TileArea, TileList
from workbench.trajectory import FrameId

CACHE_BYTES = 64 * 1024 * 1024
ORPHAN_GRACE_S = 24 * 3600.0
"""How long a frame that nobody refers to is kept, because a run that put it may be written down at its end only."""

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Reclaimed:
    """What reclaiming removed: frames, and bytes on disk."""

    frames: int
    size_bytes: int


class _Last:
    """The picture that was put last: unchanged tiles keep their address without being digested again.

    `frame` is its id once it is stored. While its list is there its tiles are too: lists are removed first.
    """

    def __init__(self, packed: Packed) -> None:
        self.areas = tuple(tiles.tile_areas(packed.shape[1], packed.shape[0]))
        self.packed = packed.copy()
        self.tiles = [tiles.address_of(area.of(packed)) for area in self.areas]
        self.frame: FrameId | None = None

    def become(self, packed: Packed) -> list[int]:
        """Take over another picture of the same size; the indices of the tiles that differ."""
        changed = _changed_rows(self.packed, packed)
        differing = [
            index for index, area in enumerate(self.areas) if area.top in changed and self._differs(area, packed)
        ]
        for index in differing:
            area = self.areas[index]
            self.tiles[index] = tiles.address_of(area.of(packed))
            area.of(self.packed)[:] = area.of(packed)
        return differing

    def _differs(self, area: TileArea, packed: Packed) -> bool:
        return not np.array_equal(area.of(packed), area.of(self.packed))


class FrameStore:
    """The pictures of one library, in its `frames` folder.

    Everything that the disk refuses raises `UnavailableError`. Safe for several threads and processes.
    """

    def __init__(self, folder: Path, *, cache_bytes: int = CACHE_BYTES) -> None:
        self.folder = folder
        self._tiles = folder / "tiles"
        self._lock_file = folder / "lock"
        self._putting = threading.Lock()
        self._last: _Last | None = None
        self._cache = _FrameCache(cache_bytes)

    def put(self, pixels: Pixels, *, origin: Point) -> FrameId:
        """Store a picture and return its id; equal pixels at the same origin have the same id.

        `pixels` is (height, width, 4) uint8 blue green red unused; the fourth channel is not kept. `origin` is the
        desktop point of the top-left pixel. The id is good once this has returned, and stays good while something
        refers to it; after `Library.forget` put a picture again before referring to it again.
        """
        packed = _packed(pixels)
        with self._putting, locks.shared(self._lock_file), _told(self.folder):
            last, unwritten = self._digested(packed)
            self._write_tiles(last, unwritten)
            last.frame = self._write_list(TileList(packed.shape[1], packed.shape[0], origin, tuple(last.tiles)))
            return last.frame

    def load(self, frame: FrameId) -> Frame:
        """The picture with read-only pixels, fourth channel 255 and `monotonic_ns` 0.

        Raises `BadInputError` that names the frame when it is missing or damaged.
        """
        cached = self._cache.get(frame)
        if cached is not None:
            return cached
        try:
            listed = self.tile_list(frame)
            found = Frame(self._pixels(listed), listed.origin, 0)
        except BadInputError as error:
            raise BadInputError(f"{error}; `workbench-cli verify` lists what is broken") from error
        self._cache.keep(frame, found)
        return found

    def has(self, frame: FrameId) -> bool:
        """Whether the frame is there, sound or not."""
        return _is_digest(frame) and self.path(frame).exists()

    def path(self, frame: FrameId) -> Path:
        """The file with the frame's tile list; raises `BadInputError` for what is no id."""
        if not _is_digest(frame):
            raise BadInputError(f"{frame[:64]!r} is not the id of a frame: it has 32 hexadecimal digits")
        return self.folder / frame[:2] / f"{frame}.frame"

    def tile_path(self, address: Address) -> Path:
        """The file with a tile's pixels."""
        return self._tiles / address[:2] / f"{address}.tile"

    def tile_list(self, frame: FrameId) -> TileList:
        """What the frame is made of; raises `BadInputError` when its list is missing or damaged."""
        return tiles.decode_tile_list(
            tiles.unpack_list(_read(self.path(frame), tiles.MAX_LIST_BYTES, f"frame {frame}"), frame), frame
        )

    def stored_tile(self, address: Address) -> bytes:
        """A tile as it is stored; raises `BadInputError` when it is missing."""
        return _read(self.tile_path(address), tiles.MAX_TILE_BYTES, f"tile {address}")

    def check(self, frame: FrameId, *, sound: set[Address]) -> None:
        """Read every pixel of the frame; raises `BadInputError` when one is missing or not as it was put.

        Tiles in `sound` are taken as good; those that prove good are added to it.
        """
        listed = self.tile_list(frame)
        for address, area in zip(listed.tiles, listed.areas(), strict=True):
            if address in sound:
                continue
            tiles.check_tile(self.stored_tile(address), area, address)
            sound.add(address)

    def adopt(self, encoded: bytes, read_tile: Callable[[Address], bytes]) -> FrameId:
        """Store a frame that was stored elsewhere, from its tile list and its stored tiles, which were checked."""
        frame = tiles.frame_id(encoded)
        listed = tiles.decode_tile_list(encoded, frame)
        with locks.shared(self._lock_file), _told(self.folder):
            for address in sorted(set(listed.tiles)):
                if not self.tile_path(address).exists():
                    _write_whole(self.tile_path(address), read_tile(address))
            return self._write_list(listed)

    def all(self) -> Iterator[FrameId]:
        """Every frame there is, in no order."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*.frame"):
            yield path.stem

    def size_bytes(self) -> int:
        """What all files of the folder hold together."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def reclaim(self, used: Collection[FrameId], *, condemned: Collection[FrameId], put_before_s: float) -> Reclaimed:
        """Remove frames that are not `used`, and the tiles that no frame is left to need.

        `condemned` ones go if they were last put before `put_before_s` (seconds since the epoch); any other only when
        it is older than `ORPHAN_GRACE_S`, for its writer may be about to refer to it.
        """
        orphans_before_s = time.time() - ORPHAN_GRACE_S
        gone, gone_bytes = 0, 0
        with locks.alone(self._lock_file), _told(self.folder):
            needed: set[Address] = set()
            for frame in list(self.all()):
                limit_s = put_before_s if frame in condemned else orphans_before_s
                if frame not in used and self.path(frame).stat().st_mtime <= limit_s:
                    gone_bytes += _remove(self.path(frame))
                    self._cache.drop(frame)
                    gone += 1
                else:
                    needed |= self._tiles_of(frame)
            gone_bytes += self._sweep_tiles(needed)
        return Reclaimed(gone, gone_bytes)

    def _digested(self, packed: Packed) -> tuple[_Last, Iterable[int]]:
        """The picture with its addresses, and the indices of the tiles that may not be stored yet."""
        last = self._last
        if last is None or last.packed.shape != packed.shape:
            self._last = _Last(packed)
            return self._last, range(len(self._last.tiles))
        stored, last.frame = last.frame, None
        differing = last.become(packed)
        return last, differing if stored and self.path(stored).exists() else range(len(last.tiles))

    def _write_tiles(self, last: _Last, indices: Iterable[int]) -> None:
        for index in indices:
            path = self.tile_path(last.tiles[index])
            if not path.exists():
                _write_whole(path, tiles.encode_tile(last.areas[index].of(last.packed)))

    def _write_list(self, listed: TileList) -> FrameId:
        encoded = listed.encode()
        frame = tiles.frame_id(encoded)
        path = self.path(frame)
        if path.exists():
            os.utime(path)
        else:
            _write_whole(path, tiles.pack_list(encoded))
        return frame

    def _pixels(self, listed: TileList) -> Pixels:
        packed = np.empty((listed.height, listed.width), dtype="<u4")
        decoded: dict[Address, Packed] = {}
        for address, area in zip(listed.tiles, listed.areas(), strict=True):
            if address not in decoded:
                decoded[address] = tiles.decode_tile(self.stored_tile(address), area, what=f"tile {address}")
            area.of(packed)[:] = decoded[address]
        packed.flags.writeable = False
        return packed.view(np.uint8).reshape(listed.height, listed.width, 4)

    def _tiles_of(self, frame: FrameId) -> set[Address]:
        try:
            return set(self.tile_list(frame).tiles)
        except BadInputError:
            return set()  # a damaged list: `verify` tells, and its tiles cannot be known

    def _sweep_tiles(self, needed: set[Address]) -> int:
        left = [path for path in self._tiles.glob("*/*.tile") if path.stem not in needed]
        return sum(_remove(path) for path in [*left, *self.folder.rglob("*.part")])


class _FrameCache:
    """The frames that were loaded last, as many as fit into so many bytes."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._frames: OrderedDict[FrameId, Frame] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, frame: FrameId) -> Frame | None:
        with self._lock:
            found = self._frames.get(frame)
            if found is not None:
                self._frames.move_to_end(frame)
            return found

    def keep(self, frame: FrameId, loaded: Frame) -> None:
        with self._lock:
            self._frames[frame] = loaded
            while sum(kept.pixels.nbytes for kept in self._frames.values()) > self._limit_bytes:
                self._frames.popitem(last=False)

    def drop(self, frame: FrameId) -> None:
        with self._lock:
            self._frames.pop(frame, None)


def _packed(pixels: Pixels) -> Packed:
    if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8:
        raise ValueError(f"a picture is (height, width, 4) uint8, not {pixels.shape} {pixels.dtype}")
    tiles.check_size(pixels.shape[1], pixels.shape[0], what="the picture")
    return np.ascontiguousarray(pixels).view("<u4")[..., 0]


def _changed_rows(before: Packed, now: Packed) -> set[int]:
    """The tops of the rows of tiles in which anything differs."""
    tall = tiles.TILE_HEIGHT_PX
    tops = range(0, now.shape[0], tall)
    return {top for top in tops if not np.array_equal(now[top : top + tall], before[top : top + tall])}


def _is_digest(text: str) -> bool:
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)


def _read(path: Path, limit_bytes: int, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit_bytes + 1)
    except FileNotFoundError as error:
        raise BadInputError(f"{what} is missing from the library") from error
    except OSError as error:
        raise BadInputError(f"{what} cannot be read: {error.strerror}") from error
    if len(data) > limit_bytes:
        raise BadInputError(f"{what} is damaged: its file is too long")
    return data


def _write_whole(path: Path, data: bytes) -> None:
    """Write the file so that it is there whole or not at all, readable by its owner only."""
    part = path.with_name(f"{path.stem}.{os.urandom(4).hex()}.part")
    try:
        with os.fdopen(_create(part), "wb") as file:
            file.write(data)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _remove(path: Path) -> int:
    size_bytes = path.stat().st_size
    path.unlink()
    return size_bytes


def _create(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say what the disk refused in words."""
    try:
        yield
    except OSError as error:
        why = "the disk is full; free some space" if error.errno in _DISK_FULL else f"{error.strerror}"
        raise UnavailableError(f"cannot write to {folder}: {why}") from error
