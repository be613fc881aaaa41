"""Steps as code for pyautogui in the formats that keep it for programs: places as seen in pictures, texts filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.actions import TypeText
from workbench.geometry import Point
from workbench.library.exporting.material import Material
from workbench.library.pyautogui_code.writing import literal
from workbench.trajectory import FrameId, Step, Trajectory

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame


@dataclass(frozen=True)
class Picture:
    """The picture that a step was decided by; its places are counted from its own top-left pixel."""

    frame: "Frame"

    def within(self, point: Point) -> Point:
        """A desktop point as a pixel of the picture."""
        return point.offset(-self.frame.origin.x, -self.frame.origin.y)

    def fractions(self, point: Point) -> str:
        """The middle of that pixel as fractions of the picture, exact enough to come back to it, as arguments."""
        at, bounds = self.within(point), self.frame.bounds
        digits = 4 if max(bounds.width, bounds.height) < _FINE_PX else 6
        x, y = (at.x + 0.5) / bounds.width, (at.y + 0.5) / bounds.height
        return f"x={round(x, digits)!r}, y={round(y, digits)!r}"

    def shows(self, point: Point) -> bool:
        """Whether the point is on it."""
        return self.frame.bounds.contains(point)


_PLACE = re.compile(r"\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}")

_FINE_PX = 5000
"""From here on four digits no longer tell one pixel from the next."""


def picture_of(material: Material, frame: FrameId | None) -> Picture | None:
    """The picture of a step, None where it has none; raises `BadInputError` for one that is missing or damaged."""
    return Picture(material.picture(frame)) if frame else None


def defaults(trajectory: Trajectory) -> dict[str, str]:
    """What to write in the place of variables."""
    return {variable.name: variable.default for variable in trajectory.variables if variable.default is not None}


def unfilled(step: Step, trajectory: Trajectory) -> tuple[str, ...]:
    """What is lost where a text has variables without a value: their names are written in its place."""
    text = step.action.text if isinstance(step.action, TypeText) else ""
    valueless = {variable.name for variable in trajectory.variables if variable.default is None}
    used = valueless.intersection(_PLACE.findall(text))
    return ("a variable in its text has no value: its name stands there",) if used else ()


def text_code(action: TypeText, values: Mapping[str, str]) -> str:
    """The text as code with its variables filled in; of a secret the name alone."""
    if action.secret is not None:
        return f"SECRETS[{action.secret!r}]"
    return literal(_PLACE.sub(lambda found: values.get(found[1], found[0]), action.text))
