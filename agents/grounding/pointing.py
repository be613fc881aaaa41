"""A model that sees points at what words mean, and looks a second time, closer, before it is believed."""

from dataclasses import dataclass

from agents.grounding.letters import shown
from agents.runtime.pointing.asking import PointingStyle, point
from agents.runtime.ports import Model, ModelError
from agents.runtime.prompt import Picture
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.locate.verdict import Vote

ZOOM = 2.5
"""How much closer the second look is: a control of 20 pixels becomes one of 50."""

LEAST_PX = 48
"""The second look shows at least so much, across and down."""

APART = 0.25
"""How far apart the two answers may lie, as a part of the sides of what the second look shows."""


@dataclass(frozen=True)
class Pointer:
    """A model that sees, with the convention and rule that calibrating found in `style`.

    `hit_rate` is the share of its targets that it hit when it was calibrated.
    """

    model: Model
    style: PointingStyle
    hit_rate: float

    def look_twice(self, words: str, frame: Frame, area: Rect) -> Vote:
        """Where the model sees what the words mean inside `area` (desktop pixels), by two looks that agree.

        Absent where they differ or the model names no place; raises what `Model.ask` raises but for that.
        """
        try:
            first = self._look(words, frame, area, zoom=1.0)
            closer = _around(first, area)
            second = self._look(words, frame, closer, zoom=ZOOM)
        except ModelError as error:
            return Vote("model", "absent", reason=str(error))
        if abs(second.x - first.x) > APART * closer.width or abs(second.y - first.y) > APART * closer.height:
            reason = (
                f"the model points at {first.x},{first.y} for {shown(words)}, and closer by at {second.x},{second.y}"
            )
            return Vote("model", "absent", reason=reason)
        confidence = 1 - (1 - self.hit_rate) ** 2
        reason = f"the model points here for {shown(words)}, twice"
        return Vote("model", "found", second, None, round(confidence, 4), round(1 - confidence, 4), reason)

    def _look(self, words: str, frame: Frame, area: Rect, *, zoom: float) -> Point:
        picture = _picture(frame, area, zoom)
        at = point(self.model, self.style, picture, words)
        return Point(area.x + at.x * area.width // picture.width, area.y + at.y * area.height // picture.height)


def _picture(frame: Frame, area: Rect, zoom: float) -> Picture:
    import cv2  # only who points needs it
    import numpy as np

    pixels = np.ascontiguousarray(frame.crop(area)[:, :, 2::-1])
    if zoom != 1.0:
        size = (round(area.width * zoom), round(area.height * zoom))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    return Picture(pixels)


def _around(at: Point, area: Rect) -> Rect:
    """The part of the area that a closer look shows, the place in its middle as far as the edges allow."""
    width, height = (min(side, max(LEAST_PX, round(side / ZOOM))) for side in (area.width, area.height))
    left = min(max(at.x - width // 2, area.x), area.right - width)
    top = min(max(at.y - height // 2, area.y), area.bottom - height)
    return Rect(left, top, width, height)
