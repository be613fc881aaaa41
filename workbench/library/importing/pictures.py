"""Pictures and videos of foreign recordings, put into the library as they are read."""

import base64
import binascii
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.geometry import Point, Rect, Screen
from workbench.library.importing.source import Source
from workbench.library.tiles import MAX_SIDE_PX
from workbench.trajectory import FrameId

if TYPE_CHECKING:
    from PIL.Image import Image

    from workbench.desktop.ports import Pixels
    from workbench.library.frames import FrameStore

ORIGIN = Point(0, 0)

MAX_AREA_PX = 40_000_000
"""The largest picture that is taken: one screen of 8K, or four of 4K; empty ones of any size are a few kilobytes."""

FILM_MARKS = (
    *((4, mark) for mark in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide")),
    (0, b"\x1a\x45\xdf\xa3"),
    (8, b"AVI "),
)
"""What videos of MP4, Matroska and AVI have at which place. What FFmpeg would read besides are lists of other files."""

MAX_PICTURE_BYTES = 64 * 1024 * 1024
"""The longest file of one picture."""


@dataclass(frozen=True)
class Shot:
    """A stored picture and its size in pixels; its top-left pixel is the desktop's origin, but for a `part`."""

    frame: FrameId
    width: int
    height: int

    @property
    def screens(self) -> tuple[Screen, ...]:
        """The one screen that it shows, of unknown scale."""
        return (Screen("recorded", Rect(0, 0, self.width, self.height), primary=True),)

    def at(self, x: float, y: float) -> Point:
        """The pixel at a place given as fractions of width and height; the last one for 1."""
        return Point(min(int(x * self.width), self.width - 1), min(int(y * self.height), self.height - 1))


class Pictures:
    """Puts pictures into the library; `put` lists them, for a reader that fails later.

    Everything raises `BadInputError` that names the picture.
    """

    def __init__(self, frames: "FrameStore") -> None:
        self._frames = frames
        self.put: set[FrameId] = set()

    def pixels(self, pixels: "Pixels", *, origin: Point = ORIGIN) -> Shot:
        """Store pixels, (height, width, 4) uint8 blue green red unused; `origin` is the place of the first one."""
        frame = self._frames.put(pixels, origin=origin)
        self.put.add(frame)
        return Shot(frame, pixels.shape[1], pixels.shape[0])

    def encoded(self, data: bytes, *, what: str) -> Shot:
        """Store a PNG, JPEG, WebP or BMP."""
        return self.pixels(decode(data, what=what))

    def file(self, source: Source, name: str = "") -> Shot:
        """Store a picture file of a source."""
        return self.encoded(source.data(name, limit=MAX_PICTURE_BYTES), what=str(source.path / name))

    def part(self, source: Source, name: str, *, origin: Point) -> Shot:
        """Store a picture file that shows a part of the desktop only; its top-left pixel stood at `origin`."""
        data = source.data(name, limit=MAX_PICTURE_BYTES)
        return self.pixels(decode(data, what=str(source.path / name)), origin=origin)

    def base64(self, text: str, *, what: str) -> Shot:
        """Store a picture written in base64, with or without `data:image/…;base64,` before it."""
        bare = text.partition(",")[2] if text.startswith("data:") else text
        try:
            data = base64.b64decode(bare, validate=False)
        except (binascii.Error, ValueError) as error:
            raise BadInputError(f"{what} is no picture in base64; get it again") from error
        return self.encoded(data, what=what)

    @contextmanager
    def video(self, path: Path, *, told: Callable[[int], None] = lambda _count: None) -> "Iterator[Video]":
        """Take pictures from a video at rising times; `told` hears about how many bytes of it were passed."""
        import cv2

        if not _is_film(path):
            raise BadInputError(f"{path} is no video of a kind that is read: MP4, Matroska or AVI; get it again")
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        try:
            if not capture.isOpened():
                raise BadInputError(f"{path} cannot be read as a video; get it again")
            yield Video(self, capture, path, told)
        finally:
            capture.release()


class Video:
    """An open video: frames are decoded in order, each at most once, and only those asked for are stored."""

    def __init__(self, pictures: Pictures, capture: "object", path: Path, told: Callable[[int], None]) -> None:
        import cv2

        self._pictures, self._path, self._told = pictures, path, told
        self._capture: cv2.VideoCapture = capture  # type: ignore[assignment]  # named so that cv2 is loaded late
        self._now_s = -1.0
        self._next_s = -1.0
        self._shot: Shot | None = None
        self._more = self._capture.grab()
        self._bytes_each = path.stat().st_size // max(1, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        self._check_size()
        self._next_s = self._time_s()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        import cv2

        return int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))

    def at(self, seconds: float) -> Shot | None:
        """The picture that is shown at this time after the start, None before the first.

        Times must not fall from call to call; a call for the picture of the last one costs nothing.
        """
        import cv2

        pixels = None
        while self._more and self._next_s <= seconds:
            good, pixels = self._capture.retrieve(pixels)
            self._now_s = self._next_s
            self._more = self._capture.grab()
            self._told(self._bytes_each)
            self._next_s = max(self._time_s(), self._now_s + 1e-6)
            if not good:
                pixels = None
        if pixels is not None:
            self._shot = self._pictures.pixels(cv2.cvtColor(pixels, cv2.COLOR_BGR2BGRA))  # type: ignore[arg-type]  # uint8
        return self._shot

    def _time_s(self) -> float:
        import cv2

        return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000

    def _check_size(self) -> None:
        width, height = self.size
        if not self._more or not _sane(width, height):
            raise BadInputError(f"{self._path} has no pictures that can be read; get it again")


def _is_film(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(16)
    return any(start[place:].startswith(mark) for place, mark in FILM_MARKS)


def decode(data: bytes, *, what: str) -> "Pixels":
    """The pixels of an encoded picture, (height, width, 4) uint8 blue green red 255; its size is checked first."""
    import numpy as np

    with _opened(data, what=what) as picture:
        colours = np.asarray(picture.convert("RGB"))
    pixels = np.full((*colours.shape[:2], 4), 255, np.uint8)
    pixels[..., :3] = colours[..., ::-1]
    return pixels


def size_of(data: bytes, *, what: str) -> tuple[int, int]:
    """Width and height of an encoded picture, without decoding it; raises `BadInputError` for sizes no screen has."""
    with _opened(data, what=what) as picture:
        return picture.size


@contextmanager
def _opened(data: bytes, *, what: str) -> "Iterator[Image]":
    """The picture, not decoded yet, of a size that a screen can have.

    Pillow rather than OpenCV, which says what is wrong with a file on standard error, and reads on.
    """
    import io
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is looked at below
            opened = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "BMP", "GIF"))
        with opened as picture:
            width, height = picture.size
            if not _sane(width, height):
                raise BadInputError(f"{what} is a picture of {width}x{height} pixels, as no screen has; get it again")
            yield picture
    except UnidentifiedImageError as error:
        raise BadInputError(f"{what} is no picture; get it again") from error
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error, Image.DecompressionBombError) as error:
        raise BadInputError(f"{what} is a damaged picture; get it again") from error


def _sane(width: int, height: int) -> bool:
    return 0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX and width * height <= MAX_AREA_PX
