"""Pictures from files that people give: PNG, JPEG and WebP, looked at before they are believed.

What a file says of its size is read first, so that a small file cannot make a huge picture.
"""

import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.runtime.prompt import Picture
from workbench.errors import BadInputError

if TYPE_CHECKING:
    import numpy.typing as npt

    from agents.runtime.prompt import RGB

LARGEST_FILE_BYTES = 64 * 1024**2
LONGEST_SIDE = 16_384
MOST_PIXELS = 64_000_000
_LONGEST_JPEG_HEAD = 10_000
_PNG, _JPEG, _WEBP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF"
_JPEG_END = b"\xff\xd9"
_JPEG_TAIL_BYTES = 4096
"""Some cameras write a little behind the end of a picture."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers that begin a frame and tell its size."""


def read_picture(path: Path) -> Picture:
    """The picture in the file as it is stored, without transparency; raises `BadInputError` for any other file."""
    data = _data(path)
    size = _size(data)
    if size is None:
        raise BadInputError(f"{path} is no picture; give a PNG, JPEG or WebP file")
    width, height = size
    if not (1 <= width <= LONGEST_SIDE and 1 <= height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        raise BadInputError(
            f"{path} measures {width}x{height} pixels; give one of at most {LONGEST_SIDE} pixels a side and "
            f"{MOST_PIXELS // 10**6} million in all"
        )
    return _decoded(data, path)


def _data(path: Path) -> bytes:
    try:
        if not path.exists():
            raise BadInputError(f"there is no file {path}; give the path of a picture")
        if not path.is_file():
            raise BadInputError(f"{path} is no file; give the path of a picture")
        size_bytes = path.stat().st_size
        if size_bytes > LARGEST_FILE_BYTES:
            raise BadInputError(
                f"{path} has {size_bytes / 1e6:.0f} MB; give a picture of at most {LARGEST_FILE_BYTES / 1e6:.0f} MB"
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInputError(f"{path} cannot be read: {reason}; check the path and its permissions") from error
    if not data:
        raise BadInputError(f"{path} is empty; give a PNG, JPEG or WebP file")
    return data


def _decoded(data: bytes, path: Path) -> Picture:
    import imagecodecs  # OpenCV would say on standard error what is said here

    decoders = {_PNG: imagecodecs.png_decode, _JPEG: imagecodecs.jpeg8_decode, _WEBP: imagecodecs.webp_decode}
    decode = next(decoder for mark, decoder in decoders.items() if data.startswith(mark))
    broken = BadInputError(f"{path} is damaged; save it again as PNG, JPEG or WebP")
    if decode is imagecodecs.jpeg8_decode and _JPEG_END not in data[-_JPEG_TAIL_BYTES:]:
        raise broken  # it would be decoded all the same, what is missing grey
    try:
        pixels = decode(data)
        if decode is imagecodecs.jpeg8_decode and pixels.shape[2:] == (4,):
            raise BadInputError(f"{path} is made for printing (CMYK); save it again as RGB")
        return Picture(_rgb(pixels))
    except (RuntimeError, ValueError) as error:  # what imagecodecs raises are RuntimeErrors
        raise broken from error


def _rgb(pixels: "npt.NDArray[Any]") -> "RGB":
    """Grey, transparent and 16-bit pixels as plain red, green and blue; raises ValueError for other ones."""
    import numpy as np

    if pixels.dtype == np.uint16:
        pixels = pixels >> 8
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if pixels.ndim not in (2, 3) or channels not in (1, 2, 3, 4):
        raise ValueError(f"pixels of shape {pixels.shape}")
    grey = channels < 3
    three = np.repeat(pixels.reshape(*pixels.shape[:2], channels)[:, :, :1], 3, axis=2) if grey else pixels[:, :, :3]
    return np.ascontiguousarray(three, dtype=np.uint8)


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height as the file tells them; None where it is of no known kind, or cut short before it tells."""
    try:
        if data.startswith(_PNG):
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        if data.startswith(_JPEG):
            return _jpeg_size(data)
        if data.startswith(_WEBP) and data[8:12] == b"WEBP":
            return _webp_size(data)
    except (struct.error, IndexError):
        pass
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(_LONGEST_JPEG_HEAD):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        alone = marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8
        at += (1 if marker == 0xFF else 2) if alone else 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
