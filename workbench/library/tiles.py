"""How a frame is written down: tiles of pixels, and a list of tiles that makes a frame.

A frame is cut into tiles of 256 x 64 pixels. A tile's address is the digest of its size and pixels, a frame's id the
digest of its tile list, so that equal pixels are stored once, whichever frames they occur in. Tiles are compressed
by Zstandard; `docs/decisions/0001-frames.md` has the measurements. Everything read is checked before it is believed.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.trajectory import FrameId

TILE_WIDTH_PX = 256
TILE_HEIGHT_PX = 64
MAX_SIDE_PX = 16_384
MAX_AREA_PX = 100_000_000
MAX_TILE_BYTES = TILE_WIDTH_PX * TILE_HEIGHT_PX * 4 + 1024
"""More than Zstandard ever makes of a tile."""

Packed = NDArray[np.uint32]
"""Shape (height, width): one little-endian word per pixel, blue in the lowest byte."""

Address = str
"""A tile's digest: 32 hexadecimal digits."""

_DIGEST_BYTES = 16
_HEADER = struct.Struct("<4sIIii")
_MAGIC = b"GWF1"
_CHECK = struct.Struct("<I")
_SIZE = struct.Struct("<II")
_OPAQUE = np.uint32(0xFF000000)
_LEVEL = 1


@dataclass(frozen=True)
class TileList:
    """What a frame is made of: its size, the desktop point of its top-left pixel, and its tiles row by row."""

    width: int
    height: int
    origin: Point
    tiles: tuple[Address, ...]

    def encode(self) -> bytes:
        """The list as it is stored; its digest is the frame's id."""
        header = _HEADER.pack(_MAGIC, self.width, self.height, self.origin.x, self.origin.y)
        return header + bytes.fromhex("".join(self.tiles))

    def areas(self) -> "Iterator[TileArea]":
        """Where each tile lies, in the order of `tiles`."""
        return tile_areas(self.width, self.height)


@dataclass(frozen=True)
class TileArea:
    """The part of a frame that one tile covers, in pixels from the frame's top left."""

    left: int
    top: int
    width: int
    height: int

    def of(self, packed: Packed) -> Packed:
        """That part of the pixels, as a view."""
        return packed[self.top : self.top + self.height, self.left : self.left + self.width]


def tile_areas(width: int, height: int) -> Iterator[TileArea]:
    """The tiles of a frame of that size, row by row; the last column and row may be smaller."""
    for top in range(0, height, TILE_HEIGHT_PX):
        for left in range(0, width, TILE_WIDTH_PX):
            yield TileArea(left, top, min(TILE_WIDTH_PX, width - left), min(TILE_HEIGHT_PX, height - top))


def check_size(width: int, height: int, *, what: str) -> None:
    """Refuse sizes that no desktop has, before anything is allocated for them; raises `BadInputError`."""
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX and width * height <= MAX_AREA_PX):
        raise BadInputError(
            f"{what} measures {width} x {height} pixels; a frame has 1 to {MAX_SIDE_PX} on each side "
            f"and at most {MAX_AREA_PX} in all: use another one"
        )


def frame_id(encoded: bytes) -> FrameId:
    """The id of the frame with that encoded tile list."""
    return blake2b(encoded, digest_size=_DIGEST_BYTES).hexdigest()


def address_of(tile: Packed) -> Address:
    """The address of a tile's size and pixels, whose fourth channel counts as 255."""
    digest = blake2b(_SIZE.pack(*tile.shape), digest_size=_DIGEST_BYTES)
    digest.update(opaque(tile).data)
    return digest.hexdigest()


def opaque(tile: Packed) -> Packed:
    """A contiguous copy with the fourth channel at 255."""
    return np.bitwise_or(np.ascontiguousarray(tile), _OPAQUE)


def encode_tile(tile: Packed) -> bytes:
    """The tile as it is stored: a checksum and the compressed pixels."""
    data = bytes(imagecodecs.zstd_encode(opaque(tile).tobytes(), level=_LEVEL))
    return _CHECK.pack(zlib.crc32(data)) + data


def decode_tile(stored: bytes, area: TileArea, *, what: str) -> Packed:
    """The pixels of a stored tile, read-only; raises `BadInputError` that names `what` when they are damaged."""
    size_bytes = area.width * area.height * 4
    data = stored[_CHECK.size :]
    if len(stored) < _CHECK.size or len(stored) > MAX_TILE_BYTES or _CHECK.unpack_from(stored)[0] != zlib.crc32(data):
        raise BadInputError(f"{what} is damaged: its checksum is wrong")
    try:
        raw = imagecodecs.zstd_decode(data, out=size_bytes)
    except RuntimeError as error:  # imagecodecs.ZstdError is one
        raise BadInputError(f"{what} is damaged: {error}") from error
    if len(raw) != size_bytes:
        raise BadInputError(f"{what} is damaged: {len(raw)} bytes of pixels instead of {size_bytes}")
    return np.frombuffer(raw, dtype="<u4").reshape(area.height, area.width)


def check_tile(stored: bytes, area: TileArea, address: Address) -> None:
    """Raise `BadInputError` unless the stored tile has the pixels that its address stands for."""
    what = f"tile {address}"
    if address_of(decode_tile(stored, area, what=what)) != address:
        raise BadInputError(f"{what} is damaged: it holds other pixels")


def pack_list(encoded: bytes) -> bytes:
    """A tile list as its file holds it: compressed, because most of a desktop repeats a few tiles."""
    return bytes(imagecodecs.zstd_encode(encoded, level=_LEVEL))


def unpack_list(stored: bytes, frame: FrameId) -> bytes:
    """The tile list in a file, which may also hold it as it is; raises `BadInputError` when it is damaged."""
    if stored[:4] == _MAGIC:
        return stored
    try:
        return bytes(imagecodecs.zstd_decode(stored, out=MAX_LIST_BYTES))
    except RuntimeError as error:  # imagecodecs.ZstdError is one
        raise BadInputError(f"frame {frame} is damaged: {error}") from error


def decode_tile_list(encoded: bytes, frame: FrameId) -> TileList:
    """The tile list of that frame; raises `BadInputError` when it is damaged, of another frame or absurd."""
    what = f"frame {frame}"
    if frame_id(encoded) != frame:
        raise BadInputError(f"{what} is damaged: its checksum is wrong")
    if len(encoded) < _HEADER.size or encoded[:4] != _MAGIC:
        raise BadInputError(f"{what} is not one that this version can read: update the workbench")
    _, width, height, left, top = _HEADER.unpack_from(encoded)
    check_size(width, height, what=what)
    digests = encoded[_HEADER.size :].hex()
    step = 2 * _DIGEST_BYTES
    if len(digests) != step * tile_count(width, height):
        raise BadInputError(f"{what} is damaged: its list of tiles does not fit its size")
    tiles = tuple(digests[at : at + step] for at in range(0, len(digests), step))
    return TileList(width, height, Point(left, top), tiles)


def tile_count(width: int, height: int) -> int:
    """How many tiles a frame of that size has."""
    return -(-width // TILE_WIDTH_PX) * -(-height // TILE_HEIGHT_PX)


MAX_LIST_BYTES = _HEADER.size + _DIGEST_BYTES * (MAX_AREA_PX // (TILE_WIDTH_PX * TILE_HEIGHT_PX) + MAX_SIDE_PX)
"""More than any frame's tile list has."""
