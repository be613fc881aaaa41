"""Points of macOS and desktop pixels of the workbench.

macOS arranges its displays in *points*; a display draws 1 or 2 pixels per point. With mixed displays no single plane
of physical pixels exists. The workbench uses the pixels of the sharpest display: **desktop pixel = point x the
largest scale of any display**. Where all displays have the same scale these are the physical pixels; where they
differ, the pictures of the coarser displays are enlarged, so that arrangement, sizes and distances stay true and one
multiplication converts both ways. Every `Screen` states that common scale.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.desktop.ports import Frame, Pixels
from workbench.geometry import Point, Rect, Screen, union

_ROUNDING = 1 / 64
"""Coordinates of events come back as binary fractions of points that can fall just short of the pixel they meant."""


@dataclass(frozen=True)
class Display:
    """One display: its place in points, and pixels per point; the primary display's origin is 0, 0."""

    name: str
    x: float
    y: float
    width: float
    height: float
    scale: float = 1.0
    primary: bool = False


@dataclass(frozen=True)
class PointSpace:
    """The arrangement of displays at one moment, and the conversions that follow from it."""

    displays: tuple[Display, ...]

    @property
    def scale(self) -> float:
        """Desktop pixels per point."""
        return max(display.scale for display in self.displays)

    def to_pixel(self, x: float, y: float) -> Point:
        """The desktop pixel that holds this place in points."""
        return Point(math.floor(x * self.scale + _ROUNDING), math.floor(y * self.scale + _ROUNDING))

    def to_points(self, pixel: Point) -> tuple[float, float]:
        """The place in points of a desktop pixel's top-left corner; `to_pixel` brings it back."""
        return pixel.x / self.scale, pixel.y / self.scale

    def to_rect(self, x: float, y: float, width: float, height: float) -> Rect:
        """The desktop pixels that a rectangle in points touches, edges rounded to the nearest pixel."""
        left, top = round(x * self.scale), round(y * self.scale)
        right, bottom = round((x + max(0.0, width)) * self.scale), round((y + max(0.0, height)) * self.scale)
        return Rect(left, top, right - left, bottom - top)

    def bounds(self, display: Display) -> Rect:
        """The desktop pixels of one display."""
        return self.to_rect(display.x, display.y, display.width, display.height)

    def screens(self) -> tuple[Screen, ...]:
        """The displays as the workbench knows monitors."""
        return tuple(
            Screen(display.name, self.bounds(display), self.scale, display.primary) for display in self.displays
        )


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """The picture at another size, each pixel taken from its nearest neighbour; the same array when it fits."""
    found_height, found_width = pixels.shape[:2]
    if (found_width, found_height) == (width, height):
        return pixels
    rows = np.arange(height) * found_height // height
    columns = np.arange(width) * found_width // width
    enlarged: Pixels = pixels[rows[:, None], columns]
    return enlarged


def composed(space: PointSpace, pictures: Sequence[Pixels], now_ns: int) -> Frame:
    """One frame of the whole desktop from one picture per display; places that no display shows are black."""
    places = [space.bounds(display) for display in space.displays]
    whole = union(places)
    pixels = np.zeros((whole.height, whole.width, 4), np.uint8)
    for place, picture in zip(places, pictures, strict=True):
        top, left = place.y - whole.y, place.x - whole.x
        pixels[top : top + place.height, left : left + place.width] = resized(picture, place.width, place.height)
    return Frame(pixels, Point(whole.x, whole.y), now_ns)
