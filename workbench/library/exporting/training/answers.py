"""Decisions as text, in one form for every training set: what was thought, and then the action as JSON.

The last line begins with `Action: `. Behind it stands an object on that line: the action as trajectories keep it
(`docs/schema`), without the path of a drag, with

* `at`, and `to` where a drag ends: [x, y] in thousandths of the picture's width and height, from its top-left corner,
  rounded, 0 to 1000, whatever the size of the picture
* `on`: what people call the target, where it has a name; only for actions that go to a place

Variables are filled in with their defaults. `<` is written as `\\u003c`, so that no answer has the mark by which some
formats say where a picture goes.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from workbench.actions import Click, Drag, Hover, PressKeys, Read, Scroll, TypeText
from workbench.geometry import Point, Rect
from workbench.library.exporting.guide import is_hidden
from workbench.report.words import describe, describe_target
from workbench.session.variables import fill
from workbench.trajectory import Step, Target

SYSTEM = (
    "You operate a desktop computer for a person. You are given a task, the steps that were taken so far, and a "
    "picture of the screen. Say what you think, if anything, and then the next action, alone on the last line: "
    "`Action: ` and a JSON object. Its `kind` is one of click, hover, drag, scroll, type_text, press_keys, activate, "
    "wait, check, read, call, ask, finish, fail. `at` and `to` are places in the picture, [x, y] in thousandths of its "
    "width and height. `button` is left and `count` is 1 where they are missing; `dy` and `dx` are notches down and to "
    "the right."
)

MARK = "Action: "

THOUSAND = 1000

KEPT_BACK = "a step that is kept back for privacy"

POINTING = (Click, Hover, Drag, Scroll, Read)
"""Actions that go to a place, of which only scrolling has a meaning without one."""


def is_private(step: Step) -> bool:
    """Whether a step stays at home: privacy left something out of it, or it has to do with a secret or a password."""
    field = (step.target.element if step.target else None) or step.observation.focused
    into_password = field is not None and field.password and isinstance(step.action, PressKeys | Read)
    return bool(step.masked) or is_hidden(step) or into_password


def words_of(step: Step) -> str:
    """One line about a step for the history that a model is told; of a private one only that there was one."""
    return KEPT_BACK if is_private(step) else describe(step)


def told(step: Step, *, failed: bool) -> str:
    """The same line with how it went."""
    return f"{words_of(step)} (this failed)" if failed else words_of(step)


def filled(step: Step, values: Mapping[str, str]) -> Step:
    """The step with the defaults of variables in its text."""
    if not isinstance(step.action, TypeText) or "{{" not in step.action.text:
        return step
    return replace(step, action=replace(step.action, text=fill(step.action.text, values)))


def unsayable(step: Step, bounds: Rect) -> str:
    """Why the step cannot be an answer over a picture of these bounds; empty where it can."""
    if not isinstance(step.action, POINTING):
        return ""
    places = [place for place in (_start(step), _end(step)) if place]
    if len(places) < 1 + isinstance(step.action, Drag) and not isinstance(step.action, Scroll):
        return "nobody knows where it goes"
    return "" if all(map(bounds.contains, places)) else "its place is not on its picture"


def answer(step: Step, bounds: Rect) -> str:
    """The thought and the action of a step that is sayable over a picture of these bounds."""
    action = msgspec.json.encode(_plain(step, bounds)).decode().replace("<", "\\u003c")
    thought = step.thought.strip()
    return f"{thought}\n\n{MARK}{action}" if thought else f"{MARK}{action}"


def _plain(step: Step, bounds: Rect) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(step.action)
    said.pop("path", None)
    if not isinstance(step.action, POINTING):
        return said
    ends = {"at": _start(step), "to": _end(step)}
    said |= {name: _thousandths(place, bounds) for name, place in ends.items() if place}
    return said | ({"on": describe_target(step.target)} if _is_named(step.target) else {})


def _start(step: Step) -> Point | None:
    return step.target.point if step.target else None


def _end(step: Step) -> Point | None:
    """Where a drag ends: on its destination, else where its path does."""
    if not isinstance(step.action, Drag):
        return None
    if step.destination is not None:
        return step.destination.point
    start, path = _start(step), step.action.path
    return start.offset(path[-1].dx, path[-1].dy) if start and path else None


def _thousandths(place: Point, bounds: Rect) -> list[int]:
    """The middle of a pixel."""
    x, y = place.x - bounds.x + 0.5, place.y - bounds.y + 0.5
    return [round(x * THOUSAND / bounds.width), round(y * THOUSAND / bounds.height)]


def _is_named(target: Target | None) -> bool:
    if target is None:
        return False
    element = target.element
    return bool((element and (element.name.strip() or element.label.strip())) or (target.text and target.text.text))
