"""Which parts of the screen an action changed for longer than a moment."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.desktop.ports import Frame
from workbench.geometry import Rect

LEAST_LEVELS = 8
"""Differences of fewer levels are what anti-aliasing and compression leave."""

JOIN_PX = 12
"""Changes that are nearer to each other than this are one: letters of a word, parts of a dialog."""

MOST_REGIONS = 12
"""More regions than a person would name; beyond, only the largest are kept."""

EXPLAINED = 0.9
"""A region is no effect of the action when so much of what changed in it comes and goes by itself."""

CARET_PX = (3, 40)
"""What is at most this wide and tall is a caret, which blinks."""

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
    changed = _differs(before, after)
    if not changed.any():
        return ()
    passing = changed & ~_lasts(moments)
    boxes = [box for box in _boxes(changed) if not _is_caret(box) and not _is_explained(box, changed, passing)]
    largest = sorted(boxes, key=lambda box: (-box.area, box.y, box.x))[:MOST_REGIONS]
    return tuple(box.offset(after.origin.x, after.origin.y) for box in largest)


def _differs(one: Frame, other: Frame) -> Mask:
    difference: NDArray[np.uint8] = cv2.absdiff(one.pixels, other.pixels)[:, :, :3].max(axis=2)
    return difference >= LEAST_LEVELS


def _lasts(moments: Moments) -> Mask:
    """Where the action made something new that was still there when the next one began."""
    before, after = moments.before, moments.after
    lasts = np.ones(after.pixels.shape[:2], np.bool_)
    if moments.earlier is not None and moments.earlier.bounds == after.bounds:
        lasts &= _differs(moments.earlier, after)
    if moments.later is not None and moments.later.bounds == before.bounds:
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


def _is_caret(box: Rect) -> bool:
    widest, tallest = CARET_PX
    return box.width <= widest and box.height <= tallest


def _is_explained(box: Rect, changed: Mask, passing: Mask) -> bool:
    inside = (slice(box.y, box.bottom), slice(box.x, box.right))
    return bool(passing[inside].sum() >= EXPLAINED * changed[inside].sum())
