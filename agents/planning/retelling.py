"""Recorded steps as a run would take them, so that both can be compared step by step.

    recorded: click field "Name" · press ctrl+a · type "Bob"
    retold:   type "Bob" into field "Name"

People put the focus into a field and type; a run types into a field that it names, which is one step to it. Without
this a recording falls behind a run at its first field, and shows what was done long ago as what is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from agents.planning.recorded import target_words, words_of
from agents.screen.roles import WRITTEN, role_word
from workbench.actions import Click, Fail, Finish, Note, PressKeys, TypeText
from workbench.trajectory import Step, Target, Trajectory

UNTOLD = (Note, Finish, Fail)
"""Recorded steps that are no exemplar of anything: remarks, and the end."""

SELECTING = (("ctrl", "a"), ("cmd", "a"))
"""Keys that select what a field holds, before something else is typed there."""

_Numbered = tuple[int, Step]


@dataclass(frozen=True)
class Retold:
    """One step as a run takes it: in words, where it goes, and which recorded steps, counted from 1, it is made of."""

    words: str
    target: Target | None
    first: int
    last: int
    thought: str = ""


def retold(trajectory: Trajectory) -> tuple[Retold, ...]:
    """The steps of a trajectory in their order, but for remarks and its end."""
    waiting = [(at, step) for at, step in enumerate(trajectory.steps, 1) if not isinstance(step.action, UNTOLD)]
    told: list[Retold] = []
    while waiting:
        size = _size(waiting)
        told.append(_together(waiting[:size]))
        waiting = waiting[size:]
    return tuple(told)


def retold_at(steps: Sequence[Retold], number: int) -> int | None:
    """The index of the step that the recorded step of that number, counted from 1, is a part of; None for none."""
    return next((index for index, one in enumerate(steps) if one.first <= number <= one.last), None)


def _size(steps: Sequence[_Numbered]) -> int:
    """How many of the steps, from the first one on, are one step to a run."""
    clicks = 1 if _puts_focus(steps[0][1]) else 0
    typing = clicks + (len(steps) > clicks and _selects(steps[clicks][1]))
    if len(steps) <= typing or not isinstance(steps[typing][1].action, TypeText):
        return 1
    return typing + 1 if typing == 0 or _is_one_field(steps[0][1], steps[typing][1]) else 1


def _together(steps: Sequence[_Numbered]) -> Retold:
    """The last one of the steps with the place of the first, where it has none of its own."""
    first, last = steps[0], steps[-1]
    step = last[1] if target_words(last[1].target) else replace(last[1], target=first[1].target or last[1].target)
    thought = next((each.thought.strip() for _, each in reversed(steps) if each.thought.strip()), "")
    return Retold(words_of(step), step.target, first[0], last[0], thought)


def _puts_focus(step: Step) -> bool:
    action = step.action
    return isinstance(action, Click) and action.button == "left" and not action.modifiers


def _selects(step: Step) -> bool:
    return isinstance(step.action, PressKeys) and tuple(map(str.casefold, step.action.keys)) in SELECTING


def _is_one_field(first: Step, typing: Step) -> bool:
    """Whether something is typed into what was clicked, or selected, just before."""
    where = target_words(typing.target)
    if _selects(first):
        return bool(where)
    if where:
        return where == target_words(first.target)
    element = first.target.element if first.target else None
    return element is not None and role_word(element) in WRITTEN
