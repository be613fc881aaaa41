"""Marks and words drawn into pictures: the pointer, a ring, a frame around an element, text on a plate.

Pictures are (height, width, 3) uint8, blue green red, and are drawn into in place; places are their pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench.geometry import Rect

if TYPE_CHECKING:
    import cv2
    import numpy as np
    from numpy.typing import NDArray

    from workbench.desktop.ports import Pixels

    Picture = NDArray[np.uint8]

Colour = tuple[int, int, int]
"""Blue, green, red."""

Spot = tuple[float, float]
"""A place in a picture, x and y."""

WHITE: Colour = (255, 255, 255)
INK: Colour = (36, 31, 27)
PLATE: Colour = (34, 27, 23)
SOFT: Colour = (177, 165, 154)
ELEMENT: Colour = (206, 99, 11)
ACTED: Colour = (31, 18, 209)
"""The colours of the reports: of elements, and of where something was done."""

_ARROW = ((0.0, 0.0), (0.0, 1.0), (0.23, 0.78), (0.38, 1.13), (0.53, 1.07), (0.38, 0.73), (0.7, 0.72))
"""The outline of the pointer, whose tip is at 0, 0, in parts of its size."""

_SHIFT = 4
_PARTS = 1 << _SHIFT
"""OpenCV draws at sixteenths of a pixel."""


@dataclass(frozen=True)
class Words:
    """Text in lines that fit, and how large it is in pixels."""

    lines: tuple[str, ...]
    size_px: int
    width: int

    @property
    def line_height(self) -> int:
        """From one line to the next."""
        return round(self.size_px * 1.4)

    @property
    def height(self) -> int:
        """All lines together."""
        return self.line_height * len(self.lines)


def colours_of(pixels: "Pixels") -> "Picture":
    """A copy of captured pixels that can be drawn into."""
    import numpy as np

    return np.ascontiguousarray(pixels[..., :3])


def scaled(picture: "Picture", width: int, height: int) -> "Picture":
    """The picture in another size."""
    import cv2
    import numpy as np

    if picture.shape[:2] == (height, width):
        return picture
    smaller = width < picture.shape[1]
    resized = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    return np.ascontiguousarray(resized, dtype=np.uint8)


def enlarged(region: Rect, scale: float) -> Rect:
    """The rectangle in a picture that is so many times as large."""
    left, top = round(region.x * scale), round(region.y * scale)
    return Rect(left, top, round(region.width * scale), round(region.height * scale))


def draw_frame(picture: "Picture", region: Rect, colour: Colour = ELEMENT) -> None:
    """A rectangle around the region, with a light edge so that it is seen on any ground."""
    import cv2

    corners = (region.x - 2, region.y - 2), (region.right + 1, region.bottom + 1)
    cv2.rectangle(picture, *corners, WHITE, 6, cv2.LINE_AA)
    cv2.rectangle(picture, *corners, colour, 3, cv2.LINE_AA)


def draw_ring(picture: "Picture", at: Spot, radius_px: float, colour: Colour = ACTED) -> None:
    """A circle around a place, as of a click."""
    import cv2

    for shade, thickness in ((WHITE, 6), (colour, 3)):
        cv2.circle(picture, _fine(at), round(radius_px * _PARTS), shade, thickness, cv2.LINE_AA, _SHIFT)


def draw_line(picture: "Picture", start: Spot, end: Spot) -> None:
    """A line with an arrow head from one place to another, as of a drag."""
    import cv2

    length = max(1.0, ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5)
    for shade, thickness in ((WHITE, 6), (ACTED, 3)):
        cv2.arrowedLine(
            picture, _whole(start), _whole(end), shade, thickness, cv2.LINE_AA, tipLength=min(0.5, 18 / length)
        )


def draw_pointer(picture: "Picture", at: Spot, size_px: float) -> None:
    """An arrow whose tip is at the place."""
    import cv2
    import numpy as np

    outline = np.array([_fine((at[0] + x * size_px, at[1] + y * size_px)) for x, y in _ARROW], np.int32)
    cv2.fillPoly(picture, [outline], WHITE, cv2.LINE_AA, _SHIFT)
    cv2.polylines(picture, [outline], isClosed=True, color=INK, thickness=2, lineType=cv2.LINE_AA, shift=_SHIFT)


def laid_out(text: str, size_px: int, width: int, *, most_lines: int, weight: int = 400) -> Words:
    """The text in lines of at most so many pixels; what does not fit into the lines is cut, with an ellipsis."""
    lines: list[str] = []
    rest = text.replace("⏎", "↵")  # the font has only one of the two signs
    while rest and len(lines) < most_lines:
        head = _fitting(rest, size_px, width, weight)
        if len(lines) == most_lines - 1 and len(head) < len(rest):
            shorter = _fitting(rest, size_px, width - size_px, weight)
            head, rest = shorter.rstrip() + "…", ""
        lines.append(head.strip())
        rest = rest[len(head) :].lstrip()
    widest = max((_width(line, size_px, weight) for line in lines), default=0)
    return Words(tuple(lines), size_px, widest)


def draw_words(picture: "Picture", words: Words, at: Spot, colour: Colour = WHITE, *, weight: int = 400) -> None:
    """The lines, the first with its top left at the place."""
    import cv2

    left, top = _whole(at)
    for index, line in enumerate(words.lines):
        base = top + index * words.line_height + words.size_px
        cv2.putText(picture, line, (left, base), colour, _face(), words.size_px, weight)


def draw_plate(picture: "Picture", words: Words, *, bottom: int) -> None:
    """The lines light on dark, in the middle of the picture's width, with the plate's lower edge at `bottom`."""
    import cv2

    pad, width = round(words.size_px * 0.6), picture.shape[1]
    wide, tall = words.width + 2 * pad, words.height + pad
    left, top = max(0, (width - wide) // 2), max(0, bottom - tall)
    inside = picture[top : top + tall, left : left + wide]
    inside[:] = (inside * 0.12 + _ground(PLATE)).astype("uint8")
    cv2.rectangle(picture, (left, top), (left + wide - 1, top + tall - 1), SOFT, 1)
    draw_words(picture, words, (left + pad, top + pad // 2), weight=600)


def _ground(colour: Colour) -> "NDArray[np.float64]":
    import numpy as np

    return np.array(colour) * 0.88


def _fitting(text: str, size_px: int, width: int, weight: int) -> str:
    """As much of the text's beginning as fits, up to a space where there is one."""
    if _width(text, size_px, weight) <= width:
        return text
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _width(text[:middle], size_px, weight) <= width else (low, middle - 1)
    space = text.rfind(" ", low // 2, low + 1)
    return text[:space] if space > 0 else text[:low]


def _width(text: str, size_px: int, weight: int) -> int:
    import cv2

    return int(cv2.getTextSize((0, 0), text, (0, 0), _face(), size_px, weight)[2])


@cache
def _face() -> "cv2.FontFace":
    """The font that comes with OpenCV, so that no font has to be installed."""
    import cv2

    return cv2.FontFace("sans")


def _fine(at: Spot) -> Sequence[int]:
    return round(at[0] * _PARTS), round(at[1] * _PARTS)


def _whole(at: Spot) -> tuple[int, int]:
    return round(at[0]), round(at[1])
