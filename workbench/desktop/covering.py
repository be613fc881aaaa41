"""Painting windows over in a frame: which of their pixels are visible, and making those unreadable."""

from collections.abc import Iterable, Sequence

from workbench.desktop.ports import Frame
from workbench.geometry import Rect

GREY = (128, 128, 128, 255)
"""What is painted: blue, green, red and the unused channel."""


def without(rect: Rect, hole: Rect) -> list[Rect]:
    """The parts of `rect` that `hole` does not cover, as at most four rectangles that do not overlap."""
    cut = rect.intersection(hole)
    if cut is None:
        return [rect] if rect.area else []
    parts = [
        Rect(rect.x, rect.y, rect.width, cut.y - rect.y),
        Rect(rect.x, cut.bottom, rect.width, rect.bottom - cut.bottom),
        Rect(rect.x, cut.y, cut.x - rect.x, cut.height),
        Rect(cut.right, cut.y, rect.right - cut.right, cut.height),
    ]
    return [part for part in parts if part.area]


def visible_parts(window: Rect, above: Iterable[Rect]) -> list[Rect]:
    """The parts of `window` that no rectangle of `above` covers."""
    parts = [window] if window.area else []
    for cover in above:
        parts = [piece for part in parts for piece in without(part, cover)]
    return parts


def paint_over(frame: Frame, regions: Sequence[Rect]) -> None:
    """Make these desktop regions of the frame unreadable, in place; regions outside it do not matter."""
    for region in regions:
        if frame.bounds.intersection(region) is not None:
            frame.crop(region)[:] = GREY
