"""The pictures of a report: every distinct frame once, and frames that hardly differ as a patch on a whole one.

A page refers to a frame by `<use href="#…">`, so that the filmstrip, the overview and every enlargement of a moment
share its bytes.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray

from workbench.desktop.ports import Frame, Pixels
from workbench.errors import WorkbenchError
from workbench.geometry import Rect
from workbench.report.markup import Html, tag
from workbench.trajectory import FrameId

FrameLoader = Callable[[FrameId], Frame]

_WHOLE_FRAMES = 4
_PATCH_SHARE = 0.35
_FLAT_SHARE = 0.9
_SMALL_PIXELS = 300_000
_FLAT_COLOURS = 4_000
_FINE_BYTES = 4_000_000
_FAIR_BYTES = 6_000_000


@dataclass(frozen=True)
class Plate:
    """A frame that is in the album: the fragment that shows it and the desktop rectangle that it covers."""

    href: str
    bounds: Rect


@dataclass(frozen=True)
class Missing:
    """A frame that cannot be shown, and why in a sentence."""

    reason: str


@dataclass(frozen=True)
class _Whole:
    plate: Plate
    frame: Frame


class Album:
    """Collects the frames that a page shows; `definitions` is then put into it once.

    A frame that cannot be loaded becomes `Missing`: a report on a damaged library is still a report.
    """

    def __init__(self, load_frame: FrameLoader) -> None:
        self._load = load_frame
        self._plates: dict[FrameId, Plate | Missing] = {}
        self._frames: dict[FrameId, Frame] = {}
        self._wholes: list[_Whole] = []
        self._parts: list[Html] = []
        self._bytes = 0

    def plate(self, frame: FrameId) -> Plate | Missing:
        """The frame's place in the album."""
        if frame not in self._plates:
            loaded = self._loaded(frame)
            self._plates[frame] = loaded if isinstance(loaded, Missing) else self._added(loaded)
        return self._plates[frame]

    def changed(self, first: FrameId, second: FrameId) -> Rect | None:
        """The desktop rectangle around every pixel that differs; None when none does or they cannot be compared."""
        one, other = self._loaded(first), self._loaded(second)
        if isinstance(one, Missing) or isinstance(other, Missing) or one.bounds != other.bounds:
            return None
        return difference(one, other)

    def definitions(self) -> Html:
        """The hidden drawing that holds all pictures."""
        return tag("svg", tag("defs", *self._parts), class_="album", aria_hidden="true", width=0, height=0)

    def _loaded(self, frame: FrameId) -> Frame | Missing:
        if frame not in self._frames:
            try:
                loaded = self._load(frame)
            except WorkbenchError as error:
                return Missing(str(error))
            if len(self._frames) >= _WHOLE_FRAMES:
                del self._frames[next(iter(self._frames))]
            self._frames[frame] = loaded
        return self._frames[frame]

    def _added(self, frame: Frame) -> Plate:
        href = f"picture-{len(self._parts) + 1}"
        plate = Plate(f"#{href}", frame.bounds)
        near = self._nearest(frame)
        if near is None:
            self._parts.append(tag("g", self._image(frame.pixels, frame.bounds), id=href))
            self._wholes = [*self._wholes, _Whole(plate, frame)][-_WHOLE_FRAMES:]
            return plate
        whole, region = near
        patch = self._image(frame.crop(region), region) if region else None
        self._parts.append(tag("g", tag("use", href=whole.plate.href), patch, id=href))
        return plate

    def _nearest(self, frame: Frame) -> tuple[_Whole, Rect | None] | None:
        alike = [w for w in self._wholes if w.plate.bounds == frame.bounds]
        patches = [(whole, difference(whole.frame, frame)) for whole in alike]
        fitting = [(w, region) for w, region in patches if _area(region) <= _PATCH_SHARE * frame.bounds.area]
        return min(fitting, key=lambda pair: _area(pair[1]), default=None)

    def _image(self, pixels: Pixels, place: Rect) -> Html:
        data = encoded(pixels, spent_bytes=self._bytes)
        self._bytes += len(data)
        source = f"data:image/webp;base64,{base64.b64encode(data).decode('ascii')}"
        size = {"x": place.x, "y": place.y, "width": place.width, "height": place.height}
        return tag("image", href=source, preserveAspectRatio="none", **size)


def difference(one: Frame, other: Frame) -> Rect | None:
    """The desktop rectangle around every pixel that differs between two frames of the same bounds."""
    changed = _colours(one.pixels) != _colours(other.pixels)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not rows.size:
        return None
    left, top = int(columns[0]), int(rows[0])
    box = Rect(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)
    return box.offset(one.origin.x, one.origin.y)


def encoded(pixels: Pixels, *, spent_bytes: int = 0) -> bytes:
    """The pixels as WebP: lossless where they are flat as desktops are, else lossy, coarser the more is spent."""
    colours = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGRA2RGB)
    if _is_flat(pixels):
        return bytes(imagecodecs.webp_encode(colours, level=50, lossless=True, method=1))
    if spent_bytes > _FAIR_BYTES:
        height, width = colours.shape[:2]
        half = (max(1, width // 2), max(1, height // 2))
        colours = cv2.resize(colours, half, interpolation=cv2.INTER_AREA)
    level = 80 if spent_bytes <= _FINE_BYTES else 60
    return bytes(imagecodecs.webp_encode(colours, level=level, lossless=False, method=0))


def _is_flat(pixels: Pixels) -> bool:
    sample = _colours(pixels[::4])
    if pixels.shape[0] * pixels.shape[1] <= _SMALL_PIXELS:
        return len(np.unique(sample)) <= _FLAT_COLOURS
    return sample.shape[1] < 2 or float((sample[:, 1:] == sample[:, :-1]).mean()) >= _FLAT_SHARE


def _colours(pixels: Pixels) -> NDArray[np.uint32]:
    packed: NDArray[np.uint32] = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
    return packed & np.uint32(0x00FFFFFF)


def _area(region: Rect | None) -> int:
    return region.area if region else 0
