"""Making the witnesses of a target from what was seen when it was recorded.

The crop is chosen so that it can be told apart: first the label alone, without the borders that all buttons share,
then ever more of what stands around it, until nothing else in its own window looks like it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np

from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.locate.identity import called, is_field, surrounds
from workbench.locate.ocr import Printed, read_text
from workbench.locate.pixels import gray, is_flat, search
from workbench.locate.probes import Gray
from workbench.locate.text import normal
from workbench.trajectory import CropWitness, Element, FrameId, Target, TextWitness, Window

DISTINCT = 0.9
"""A crop whose best look-alike in its own window scores below this needs no more surroundings."""

LABEL_MARGIN_PX = (12, 5)
"""Left around a label, so that "Save" is not found inside "Save as"."""

LEAST_CROP_PX = (24, 16)
"""Smaller crops are matched by chance."""

BORDER_PX = 4
"""What buttons keep for border, shadow and focus ring on every side."""

INK_LEVELS = 40
"""How many gray levels ink differs from the surface it is on."""

MOST_ELEMENT_PX = (400, 120)
"""Larger elements are fields and lists: what surrounds the point is recorded instead of all of it."""

SURROUNDINGS_PX = (4, 16, 32, 64, 128)
"""How much of the surroundings is tried, outwards from the element."""

POINT_BOXES_PX = ((28, 18), (60, 24), (100, 40), (160, 64), (240, 96), (360, 144), (520, 208))
"""What is tried around a bare point: first so little that the border, which lights up under the pointer, is outside."""

TEXT_REACH_PX = (200, 50)
"""How far to the sides of the point text is read."""

CUT_PX = 3
"""A line that comes this near to the side of what was read is taken to be cut off."""

LABEL_REACH_PX = 130
"""How far to the left of a field its label may begin."""

TEXT_NEAR_PX = 90
"""Text farther from the point than this says nothing about it."""

LEAST_LETTERS = 2
"""A single letter is often a misread icon: a magnifier reads "Q" at 0.99."""

SURE_TEXT = 0.8
"""Less sure readings are not recorded: they would not be read again."""


@dataclass(frozen=True)
class _Tried:
    """A region and how well the best other place of the window fits it: 1 when it cannot be told apart at all."""

    region: Rect
    look_alike: float


def build_target(
    *, point: Point, frame: Frame, frame_id: FrameId, window: Window | None, element: Element | None
) -> Target:
    """The target at `point` with element and crop; the crop is left out where every region is one plain surface.

    `frame` is the whole desktop as it was before the action. Costs 2 to 30 ms; touches nothing but the pixels.
    """
    within = _within(frame, window, point)
    region = _distinct_region(point, frame, within, element)
    crop = CropWitness(frame_id, region) if region is not None else None
    stored = None if element is None else msgspec.structs.replace(element, ref=None)
    return Target(point=point, window=window, element=stored, crop=crop)


def add_text(target: Target, frame: Frame, covered: Sequence[Rect] = ()) -> Target:
    """The target with the text that is printed on or nearest to its point; unchanged where none is.

    `frame` is the recorded one, `covered` where something stands in it that is no part of the target's window. Blocks
    for some 0.15 s.
    """
    region = _reading_region(target).intersection(_within(frame, target.window, target.point))
    if region is None:
        return target
    printed = read_text(frame.crop(region), Point(region.x, region.y))
    own = [line for line in printed if not any(line.bounds.intersection(area) for area in covered)]
    lines = [line for line in own if not _is_cut(line, region) and _telling(line, target)]
    if not lines:
        return target
    best = min(lines, key=lambda line: _gap(line, target))
    return msgspec.structs.replace(target, text=TextWitness(best.text, best.bounds))


def _reading_region(target: Target) -> Rect:
    """Around the point; for fields as far to the left as labels stand."""
    across, down = TEXT_REACH_PX
    left = target.point.x - across
    if target.element is not None and is_field(target.element):
        left = min(left, max(target.element.bounds.x - LABEL_REACH_PX, target.point.x - 3 * across))
    return Rect(left, target.point.y - down, target.point.x + across - left, 2 * down)


def _is_cut(line: Printed, region: Rect) -> bool:
    """Whether the line may go on beyond the sides of what was read."""
    return line.bounds.x <= region.x + CUT_PX or line.bounds.right >= region.right - CUT_PX


def _telling(line: Printed, target: Target) -> bool:
    """Whether the line says something about the target that will be read again: a word near it, not its content."""
    if line.confidence < SURE_TEXT or sum(map(str.isalnum, line.text)) < LEAST_LETTERS:
        return False
    if _names(line, target):
        return True
    if target.window is not None and normal(line.text) in normal(target.window.title):
        return False
    inside = target.element is not None and target.element.bounds.contains(line.bounds.centre)
    content = inside and target.element is not None and is_field(target.element)
    return not content and _gap(line, target) <= TEXT_NEAR_PX


def _names(line: Printed, target: Target) -> bool:
    """Whether the line is what accessibility calls the target."""
    name = called(target.element) if target.element else ""
    return bool(name) and normal(name) == normal(line.text)


def _gap(line: Printed, target: Target) -> float:
    """How far the line is from the point in pixels; nothing is nearer than the target's own name."""
    if _names(line, target):
        return 0.0
    box, point = line.bounds, target.point
    dx = max(box.x - point.x, 0, point.x - box.right)
    dy = max(box.y - point.y, 0, point.y - box.bottom)
    return 1.0 + float((dx**2 + dy**2) ** 0.5)


def _within(frame: Frame, window: Window | None, point: Point) -> Rect:
    """The part of the frame in which the target is told apart: its window, or all of it for pop-ups."""
    if window is None or not window.bounds.contains(point):
        return frame.bounds
    return window.bounds.intersection(frame.bounds) or frame.bounds


def _distinct_region(point: Point, frame: Frame, within: Rect, element: Element | None) -> Rect | None:
    """The first region that can be told apart in its window, else the one that comes nearest to it."""
    area = gray(frame.crop(within))
    tried: list[_Tried] = []
    for region in _regions(point, frame, within, element):
        template = gray(frame.crop(region))
        if is_flat(template):
            continue
        tried.append(_Tried(region, _look_alike(template, area)))
        if tried[-1].look_alike < DISTINCT:
            return region
    return min(tried, key=lambda found: found.look_alike).region if tried else None


def _look_alike(template: Gray, area: Gray) -> float:
    """How well the best other place fits."""
    return search(template, area).runner_up


def _regions(point: Point, frame: Frame, within: Rect, element: Element | None) -> Iterator[Rect]:
    """Regions to try, smallest first, inside `within`."""
    if element is None or not element.bounds.contains(point) or _is_large(element):
        boxes = [Rect(point.x - width // 2, point.y - height // 2, width, height) for width, height in POINT_BOXES_PX]
    else:
        label = None if is_field(element) else _label(frame, element.bounds)
        boxes = [*([label] if label else []), *(element.bounds.grown(margin) for margin in SURROUNDINGS_PX)]
    for box in boxes:
        inside = box.intersection(within)
        if inside is not None:
            yield inside


def _is_large(element: Element) -> bool:
    """Whether the element is too large to be recorded whole."""
    width, height = MOST_ELEMENT_PX
    return surrounds(element) or element.bounds.width > width or element.bounds.height > height


def _label(frame: Frame, bounds: Rect) -> Rect | None:
    """The printed part of a button with a margin, inside its borders; None where nothing is printed."""
    inner = bounds.grown(-BORDER_PX).intersection(frame.bounds)
    if inner is None:
        return None
    surface = gray(frame.crop(inner))
    ink = np.abs(surface.astype(np.int16) - int(np.median(surface))) > INK_LEVELS
    if not ink.any():
        return None
    left, top, width, height = cv2.boundingRect(ink.astype(np.uint8))
    across = max(LABEL_MARGIN_PX[0], (LEAST_CROP_PX[0] - width + 1) // 2)
    down = max(LABEL_MARGIN_PX[1], (LEAST_CROP_PX[1] - height + 1) // 2)
    grown = Rect(inner.x + left - across, inner.y + top - down, width + 2 * across, height + 2 * down)
    return grown.intersection(bounds)
