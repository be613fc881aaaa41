"""Which parts of the screen an action changed for longer than a moment, and what only came and went."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.locate.pixels import gray
from workbench.session.keeping_up import differing, is_caret

LEAST_LEVELS = 8
"""Differences of fewer levels are what anti-aliasing and compression leave."""

JOIN_PX = 12
"""Changes that are nearer to each other than this are one: letters of a word, parts of a dialog."""

MOST_REGIONS = 12
"""More regions than a person would name; beyond, only the largest are kept."""

EXPLAINED = 0.9
"""A region is no effect of the action when so much of what changed in it comes and goes by itself."""

AROUND_PX = (200, 60)
"""How far to the sides of a place, and above and below it, what witnesses are made from may lie."""

PLACE_PX = (28, 18)
ALIKE = 0.8
"""Two pictures show the same thing at a place when this box around it correlates so well, whatever its colour."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Moments:
    """The desktop around an action; `earlier` is after the one before it, `later` before the one that follows."""

    before: Frame
    after: Frame
    earlier: Frame | None = None
    later: Frame | None = None


def lasting_changes(moments: Moments) -> tuple[Rect, ...]:
    """Desktop rectangles that differ since the action, the largest first; everything when the desktop resized.

    Left out is what comes and goes by itself: what stood there only just before the action (a tooltip), what is as
    before again when the next action begins, and carets.
    """
    before, after = moments.before, moments.after
    if before.bounds != after.bounds:
        return (after.bounds,)
    differs = differing(before, after)
    if differs is None:
        return ()
    return _changes_in(_within(moments, differs.grown(JOIN_PX)))


def _within(moments: Moments, area: Rect) -> Moments:
    """The part of each moment in which alone there can be changes: most steps change little of a large screen."""
    bounds = moments.after.bounds

    def part(frame: Frame | None) -> Frame | None:
        return frame.part(area) if frame is not None and frame.bounds == bounds else None

    before, after = moments.before.part(area), moments.after.part(area)
    return replace(moments, before=before, after=after, earlier=part(moments.earlier), later=part(moments.later))


def _changes_in(moments: Moments) -> tuple[Rect, ...]:
    before, after = moments.before, moments.after
    changed = _differs(before, after)
    passing = changed & ~_lasts(moments)
    boxes = [box for box in _boxes(changed) if not is_caret(box) and not _is_explained(box, changed, passing)]
    largest = sorted(boxes, key=lambda box: (-box.area, box.y, box.x))[:MOST_REGIONS]
    return tuple(box.offset(after.origin.x, after.origin.y) for box in largest)


def is_clearer_earlier(moments: Moments, point: Point) -> bool:
    """Whether `earlier` shows the place as it is, while `before` has something beside it that went by itself.

    A tooltip of the target is the usual case. What covers the point itself (a submenu) is no such thing.
    """
    before, after, earlier = moments.before, moments.after, moments.earlier
    if earlier is None or not before.bounds == after.bounds == earlier.bounds:
        return False
    passing = _boxes(_differs(before, after) & ~_differs(earlier, after))
    boxes = [box.offset(after.origin.x, after.origin.y) for box in passing if not is_caret(box)]
    beside = any(box.intersection(_around(point, AROUND_PX)) for box in boxes)
    return beside and not any(box.contains(point) for box in boxes) and _alike(before, earlier, point)


def _around(point: Point, reach: tuple[int, int]) -> Rect:
    return Rect(point.x - reach[0], point.y - reach[1], 2 * reach[0], 2 * reach[1])


def _alike(one: Frame, other: Frame, point: Point) -> bool:
    """Whether both show the same shapes around the point."""
    box = one.bounds.intersection(_around(point, (PLACE_PX[0] // 2, PLACE_PX[1] // 2)))
    if box is None:
        return False
    here, there = (gray(frame.crop(box)).astype(np.float64).ravel() for frame in (one, other))
    return here.std() > 0 and there.std() > 0 and bool(np.corrcoef(here, there)[0, 1] >= ALIKE)


def _differs(one: Frame, other: Frame) -> Mask:
    blue, green, red, *_ = cv2.split(cv2.absdiff(one.pixels, other.pixels))
    difference = cv2.max(cv2.max(blue, green), red)  # several times as fast as numpy along an axis
    mask: Mask = difference >= LEAST_LEVELS
    return mask


def _lasts(moments: Moments) -> Mask:
    """Where the action made something new that was still there when the next one began."""
    before, after = moments.before, moments.after
    lasts = np.ones(after.pixels.shape[:2], np.bool_)
    if moments.earlier is not None:
        lasts &= _differs(moments.earlier, after)
    if moments.later is not None:
        lasts &= _differs(before, moments.later)
    return lasts


def _boxes(changed: Mask) -> list[Rect]:
    """Boxes around changes that are near each other, in pixels of the picture."""
    pixels = changed.astype(np.uint8)
    joined = cv2.dilate(pixels, np.ones((JOIN_PX, JOIN_PX), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    return [_tight(pixels, stats[i, :4].tolist()) for i in range(1, count)]


def _tight(changed: NDArray[np.uint8], box: list[int]) -> Rect:
    """The box around what really changed inside a joined one."""
    left, top, width, height = box
    x, y, w, h = cv2.boundingRect(changed[top : top + height, left : left + width])
    return Rect(left + x, top + y, w, h)


def _is_explained(box: Rect, changed: Mask, passing: Mask) -> bool:
    inside = (slice(box.y, box.bottom), slice(box.x, box.right))
    return bool(passing[inside].sum() >= EXPLAINED * changed[inside].sum())
