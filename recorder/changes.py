"""Which parts of the screen an action changed."""

import cv2
import numpy as np

from workbench.desktop.ports import Frame
from workbench.geometry import Rect

LEAST_LEVELS = 8
"""Differences of fewer levels are what anti-aliasing and compression leave."""

JOIN_PX = 12
"""Changes that are nearer to each other than this are one: letters of a word, parts of a dialog."""

MOST_REGIONS = 12
"""More regions than a person would name; beyond, only the largest are kept."""


def changed_regions(before: Frame, after: Frame) -> tuple[Rect, ...]:
    """Desktop rectangles whose pixels differ, the largest first; everything when the desktop changed its size."""
    if before.bounds != after.bounds:
        return (after.bounds,)
    difference = cv2.absdiff(before.pixels, after.pixels)[:, :, :3].max(axis=2)
    changed = (difference >= LEAST_LEVELS).astype(np.uint8)
    if not changed.any():
        return ()
    joined = cv2.dilate(changed, np.ones((JOIN_PX, JOIN_PX), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    del labels
    boxes = [_tight(changed, stats[i, :4].tolist(), after) for i in range(1, count)]
    return tuple(sorted(boxes, key=lambda box: (-box.area, box.y, box.x))[:MOST_REGIONS])


def _tight(changed: "np.typing.NDArray[np.uint8]", box: list[int], frame: Frame) -> Rect:
    """The box around what really changed inside a joined one."""
    left, top, width, height = box
    x, y, w, h = cv2.boundingRect(changed[top : top + height, left : left + width])
    return Rect(frame.origin.x + left + x, frame.origin.y + top + y, w, h)
