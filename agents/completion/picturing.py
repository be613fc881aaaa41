"""What a model looks at: the surroundings of a recorded target, with the target framed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agents.runtime.prompt import Picture
from workbench.desktop.ports import Frame
from workbench.geometry import Rect
from workbench.trajectory import FrameId, Step, Target

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

AROUND_PX = (480, 320)
LINE_PX = 2
SMALLEST_PX = 16
RED = (255, 0, 0)


def marked(step: Step, load: Callable[[FrameId], Frame | None]) -> Picture | None:
    """The part of the picture before the step in which its target is, framed; None where nobody can see it.

    The picture is at its own scale, at most `AROUND_PX` wide and high; the frame is drawn around the element's bounds,
    or around the point where there is none.
    """
    frame = load(step.observation.frame) if step.observation.frame and step.target else None
    if frame is None or step.target is None or not frame.bounds.contains(step.target.point):
        return None
    point = step.target.point
    width, height = AROUND_PX
    around = frame.bounds.intersection(Rect(point.x - width // 2, point.y - height // 2, width, height))
    assert around is not None, "the point is inside of both"
    pixels = frame.crop(around)[..., 2::-1].copy()
    mark(pixels, shape_of(step.target).offset(-around.x, -around.y))
    return Picture(pixels)


def shape_of(target: Target) -> Rect:
    """The bounds of what was touched; a little around the point where nobody knows them."""
    element, point = target.element, target.point
    if element is not None and element.bounds.contains(point):
        return element.bounds
    return Rect(point.x, point.y, 1, 1).grown(SMALLEST_PX)


def mark(pixels: "npt.NDArray[np.uint8]", shape: Rect) -> None:
    """Draw a red rectangle just outside the shape, as far as it is within the picture (red first, top left 0, 0)."""
    outer = shape.grown(2 * LINE_PX).intersection(Rect(0, 0, pixels.shape[1], pixels.shape[0]))
    if outer is None:
        return
    rows, columns = slice(outer.y, outer.bottom), slice(outer.x, outer.right)
    pixels[outer.y : outer.y + LINE_PX, columns] = RED
    pixels[outer.bottom - LINE_PX : outer.bottom, columns] = RED
    pixels[rows, outer.x : outer.x + LINE_PX] = RED
    pixels[rows, outer.right - LINE_PX : outer.right] = RED
