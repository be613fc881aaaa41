"""Making one step of two neighbours, and two of one: pure functions that keep what the steps mean.

Steps are numbered from 1. What cannot be merged without another meaning raises `BadInputError` and says why.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from workbench.actions import Action, Click, PressKeys, Scroll, TypeText, Wait
from workbench.editing import free_id, step_at, typed_text, with_step, without_steps
from workbench.errors import BadInputError
from workbench.locate.identity import same_identity
from workbench.report.words import describe
from workbench.session.variables import fill
from workbench.trajectory import Element, Outcome, Step, Trajectory

DOUBLE_CLICK_MS = 500
"""Clicks that are farther apart are two clicks to every application, however often they are repeated."""

SAME_PLACE_PX = 4
MOST_CLICKS = 3

T = TypeVar("T", bound=Action)


def merged(trajectory: Trajectory, number: int) -> Trajectory:
    """The trajectory with step `number` and the one behind it as one: texts, clicks, keys, scrolling or waits."""
    first, second = step_at(trajectory, number), step_at(trajectory, number + 1)
    action = _one_action(trajectory, number)
    both = msgspec.structs.replace(
        first,
        action=action,
        outcome=second.outcome,
        thought=_joined(first.thought, second.thought),
        masked=_joined(first.masked, second.masked),
        last_event=second.last_event if second.last_event is not None else first.last_event,
        first_event=first.first_event if first.first_event is not None else second.first_event,
        by_program=first.by_program or second.by_program,
    )
    described = msgspec.structs.replace(both, description=describe(both))
    return with_step(without_steps(trajectory, {number + 1}), number, described)


def can_merge(trajectory: Trajectory, number: int) -> bool:
    """Whether step `number` and the one behind it can become one."""
    try:
        merged(trajectory, number)
    except BadInputError:
        return False
    return True


def split_text(trajectory: Trajectory, number: int, at: int) -> Trajectory:
    """The trajectory with the typed text of step `number` cut in two before character `at`, counted from 0.

    What was seen after the first part is not known; both parts keep the input events of the whole.
    """
    step = step_at(trajectory, number)
    if not isinstance(step.action, TypeText) or step.action.secret:
        raise BadInputError(f"step {number} types no text that could be cut in two; choose one that does")
    text = step.action.text
    if not 0 < at < len(text):
        raise BadInputError(f"there is nothing on one side of that place; cut after 1 to {max(1, len(text) - 1)}")
    if _filled(trajectory, text[:at]) + _filled(trajectory, text[at:]) != _filled(trajectory, text):
        raise BadInputError("that would cut a variable in two; cut before or behind it")
    one = _described(msgspec.structs.replace(step, action=TypeText(text=text[:at]), outcome=Outcome()))
    two = _described(msgspec.structs.replace(step, id=free_id(trajectory), action=TypeText(text=text[at:])))
    steps = (*trajectory.steps[: number - 1], one, two, *trajectory.steps[number:])
    return msgspec.structs.replace(trajectory, steps=steps)


def _one_action(trajectory: Trajectory, number: int) -> Action:
    first, second = trajectory.steps[number - 1], trajectory.steps[number]
    if first.recorded_in != second.recorded_in:
        raise BadInputError(f"steps {number} and {number + 1} come from different recordings; they stay apart")
    if type(first.action) is not type(second.action):
        raise BadInputError(f"steps {number} and {number + 1} do different things; only the same can become one")
    together = _TOGETHER.get(type(first.action))
    if together is None:
        raise BadInputError("only typing, clicks, keys, scrolling and waits can become one step")
    action = together(first, second)
    if isinstance(action, TypeText):
        typed = typed_text(trajectory, number) + typed_text(trajectory, number + 1)
        if _filled(trajectory, action.text) != typed:
            raise BadInputError("together the texts would read as a variable; change one of them first")
    return action


def _text(first: Step, second: Step) -> Action:
    one, two = _pair(TypeText, first, second)
    if one.secret or two.secret:
        raise BadInputError("a secret is typed by a step of its own; it cannot become one with other text")
    if not _same_field(first, second):
        raise BadInputError("the texts go into different fields; both have to go into the same one")
    return TypeText(text=one.text + two.text)


def _clicks(first: Step, second: Step) -> Action:
    one, two = _pair(Click, first, second)
    if (one.button, one.modifiers) != (two.button, two.modifiers) or not _same_target(first, second):
        raise BadInputError("the clicks differ in place, button or keys held; only equal ones can become one")
    if one.count + two.count > MOST_CLICKS:
        raise BadInputError(f"nothing answers to more than {MOST_CLICKS} clicks in quick succession; leave them apart")
    if not 0 <= second.observation.monotonic_ns - first.observation.monotonic_ns <= DOUBLE_CLICK_MS * 1_000_000:
        raise BadInputError(f"the clicks are more than {DOUBLE_CLICK_MS} ms apart: a double-click is something else")
    return msgspec.structs.replace(one, count=one.count + two.count)


def _keys(first: Step, second: Step) -> Action:
    one, two = _pair(PressKeys, first, second)
    if one.keys != two.keys or not _same_field(first, second):
        raise BadInputError("the keys differ, or go to different places; only the same can become one")
    return msgspec.structs.replace(one, count=one.count + two.count)


def _turns(first: Step, second: Step) -> Action:
    one, two = _pair(Scroll, first, second)
    against = one.dx * two.dx < 0 or one.dy * two.dy < 0
    if one.modifiers != two.modifiers or against or not _same_target(first, second):
        raise BadInputError("the wheel turns elsewhere or the other way; only the same way can become one")
    return msgspec.structs.replace(one, dx=one.dx + two.dx, dy=one.dy + two.dy)


def _waits(first: Step, second: Step) -> Action:
    one, two = _pair(Wait, first, second)
    if one.until or two.until:
        raise BadInputError("a wait for something cannot become one with another wait; leave them apart")
    return Wait(seconds=one.seconds + two.seconds)


_TOGETHER: dict[type[Action], Callable[[Step, Step], Action]] = {
    TypeText: _text,
    Click: _clicks,
    PressKeys: _keys,
    Scroll: _turns,
    Wait: _waits,
}


def _pair(kind: type[T], first: Step, second: Step) -> tuple[T, T]:
    assert isinstance(first.action, kind)
    assert isinstance(second.action, kind)
    return first.action, second.action


def _filled(trajectory: Trajectory, text: str) -> str:
    return fill(text, {variable.name: variable.default or "" for variable in trajectory.variables})


def _same_field(first: Step, second: Step) -> bool:
    return _same_element(_field(first), _field(second)) and _app(first) == _app(second)


def _field(step: Step) -> Element | None:
    return (step.target.element if step.target else None) or step.observation.focused


def _app(step: Step) -> str:
    return step.observation.window.app if step.observation.window else ""


def _same_target(first: Step, second: Step) -> bool:
    one, two = first.target, second.target
    if one is None or two is None:
        return one is two
    near = isinstance(first.action, Scroll) or one.point.distance(two.point) <= SAME_PLACE_PX
    return near and _same_element(one.element, two.element) and _app(first) == _app(second)


def _same_element(one: Element | None, two: Element | None) -> bool:
    if one is None or two is None:
        return one is two
    return one.app == two.app and one.bounds == two.bounds and same_identity(one, two)


def _joined(one: str, two: str) -> str:
    return "; ".join(dict.fromkeys(filter(None, (one, two))))


def _described(step: Step) -> Step:
    return msgspec.structs.replace(step, description=describe(step))
