"""Steps from code for pyautogui, for the formats that keep actions as such code."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.actions import Click, Drag, Hover, PathPoint, Scroll, TypeText
from workbench.geometry import Point
from workbench.library.importing.collecting import Collected, observed, place
from workbench.library.pyautogui_code.arguments import Spot
from workbench.library.pyautogui_code.calls import LeftOut
from workbench.library.pyautogui_code.reading import Act, Reading
from workbench.trajectory import Outcome, Step, Target

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Shot

ASKED = "a secret that is asked for"
"""What is said of a text that the code does not have."""

POINTING = (Click, Hover, Scroll, Drag)


@dataclass(frozen=True)
class Around:
    """What a file says around a piece of code: pictures before and after, times, words, and where in it this stands."""

    before: "Shot | None" = None
    after: "Shot | None" = None
    after_s: float = 0.0
    at_s: float = 0.0
    description: str = ""
    thought: str = ""
    where: str = ""


def add_steps(collected: Collected, reading: Reading, around: Around) -> None:
    """Add a step for every action of a piece of code.

    The first has the words, all have the picture that they were decided by, the last the one that followed. Places
    that are no pixel of the picture are remarked and left out, and so are actions that are nothing without them.
    """
    first = len(collected.steps)
    left_out = list(reading.left_out)
    for act in reading.acts:
        while left_out and left_out[0].line < act.line:
            _remark(collected, left_out.pop(0), around)
        _add(collected, act, around)
    for one in left_out:
        _remark(collected, one, around)
    if len(collected.steps) > first:
        made = collected.steps
        made[first] = replace(made[first], description=around.description, thought=around.thought)
        made[-1] = replace(made[-1], outcome=Outcome(around.after.frame if around.after else None))


def _remark(collected: Collected, left_out: LeftOut, around: Around) -> None:
    collected.remark(f"{around.where}line {left_out.line}: {left_out.what}")


def _add(collected: Collected, act: Act, around: Around) -> None:
    action, target, destination = act.action, None, None
    where = f"{around.where}line {act.line}: "
    if isinstance(action, POINTING):
        at, to = _pixel(act.at, around), _pixel(act.to, around)
        if at is None:
            collected.remark(f"{where}{_why(act.at, around)}")
        if (at is None and isinstance(action, Hover | Drag)) or (to is None and isinstance(action, Drag)):
            collected.remark(f"{where}it is left out, for it would go nowhere")
            return
        target = Target(at) if at else None
        destination = Target(to) if to else None
        if isinstance(action, Drag) and at:
            action = replace(action, path=_path(act, at, around))
    seen = observed(around.before, after_s=around.after_s, at_s=around.at_s)
    masked = ASKED if isinstance(action, TypeText) and action.secret is not None else ""
    collected.add(Step("", action, seen, target, destination, masked=masked))


def _why(spot: Spot | None, around: Around) -> str:
    if spot is None:
        return "its place is where the pointer was, which is not told"
    if spot.is_fraction and around.before is None:
        return f"its place is {spot.x:g}, {spot.y:g} of a picture that is not there"
    return f"its place {spot.x:g}, {spot.y:g} is not on the screen"


def _pixel(spot: Spot | None, around: Around) -> Point | None:
    if spot is None:
        return None
    if spot.is_fraction:
        return around.before.at(spot.x, spot.y) if around.before else None
    return place(spot.x, spot.y, around.before)


def _path(act: Act, start: Point, around: Around) -> tuple[PathPoint, ...]:
    passed = [(_pixel(spot, around), at_ms) for spot, at_ms in act.path]
    return tuple(PathPoint(at.x - start.x, at.y - start.y, at_ms) for at, at_ms in passed if at)
