"""What a step was about, cut out of the picture before it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from ui.qt.core import Core
from ui.qt.parts.pictures import Picture
from workbench.actions import PressKeys, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.trajectory import Step

if TYPE_CHECKING:
    from workbench.library.store import Library

CROP_PX = QSize(240, 120)
"""How much of the desktop a crop shows, in desktop pixels."""

AROUND_PX = 16
"""What belongs to a point where nothing else is known of it."""


def ask_crop(core: Core, step: Step, then: Callable[[Step, Picture | None], None]) -> None:
    """Have the crop of a step read in the background and handed over."""
    core.tasks.with_library(lambda library: crop_of(library, step), lambda crop: then(step, crop))


def crop_of(library: "Library", step: Step) -> Picture | None:
    """What was seen around the place of the step before it; None where there is no picture or it cannot be read."""
    frame = step.observation.frame
    place = place_of(step)
    if frame is None or place is None:
        return None
    try:
        whole = library.frames.load(frame)
    except BadInputError:
        return None
    large = point_of(step) is None and place.height > CROP_PX.height()
    region = place if large else _crop_around(place.centre, whole.bounds)
    try:
        part = whole.part(region)
    except ValueError:
        return None
    height, width, _ = part.pixels.shape
    image = QImage(part.pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32)
    if width > CROP_PX.width() or height > CROP_PX.height():
        image = image.scaled(CROP_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return Picture(image.copy(), part.origin)


def place_of(step: Step) -> Rect | None:
    """Where the step acts: its element, else its point, else the field or the window that had the focus."""
    point, area = point_of(step), area_of(step)
    if area is not None and (point is None or area.contains(point)):
        return area
    if point is not None:
        return Rect(point.x, point.y, 1, 1).grown(AROUND_PX)
    return step.observation.window.bounds if step.observation.window else None


def point_of(step: Step) -> Point | None:
    """The point that the step goes to with the pointer; None for what goes to the keyboard's focus."""
    if step.target is None or isinstance(step.action, TypeText | PressKeys):
        return None
    return step.target.point


def area_of(step: Step) -> Rect | None:
    """The element that the step goes to, where it says more than the point does."""
    element = step.target.element if step.target else step.observation.focused
    if element is None or not element.bounds.area:
        return None
    return element.bounds if point_of(step) is None or _is_small(element.bounds) else None


def _crop_around(centre: Point, bounds: Rect) -> Rect:
    """A crop's size around a place, moved so that all of it is on the desktop."""
    width, height = CROP_PX.width(), CROP_PX.height()
    x = _within(centre.x - width // 2, bounds.x, bounds.right - width)
    y = _within(centre.y - height // 2, bounds.y, bounds.bottom - height)
    return Rect(x, y, width, height)


def _is_small(bounds: Rect) -> bool:
    return bounds.width <= CROP_PX.width() and bounds.height <= CROP_PX.height()


def _within(wanted: int, lowest: int, highest: int) -> int:
    return max(lowest, min(wanted, highest))
