"""Making one trajectory of two, two of one, and less of one: pure functions that keep what the steps mean.

Steps are numbered from 1. What makes no sense raises `BadInputError`.
"""

from collections.abc import Sequence

import msgspec

from workbench.actions import Note
from workbench.editing import step_at, with_inserted, with_step, without_unused_variables
from workbench.errors import BadInputError
from workbench.report.words import describe
from workbench.rerecording import Stretch, spliced
from workbench.trajectory import Step, Trajectory, Variable


def trimmed(trajectory: Trajectory, first: int, last: int) -> Trajectory:
    """The trajectory with the steps `first` to `last` alone, both included."""
    step_at(trajectory, first)
    step_at(trajectory, last)
    if last < first:
        raise BadInputError(f"there is nothing from step {first} to step {last}; give the first one first")
    return _with_steps(trajectory, trajectory.steps[first - 1 : last])


def halves(trajectory: Trajectory, number: int, identifier: str) -> tuple[Trajectory, Trajectory]:
    """The steps in front of step `number`, and those from it on as a new trajectory of that id.

    The new one says of each step where its input was recorded; `appended` makes one trajectory of the two again.
    """
    step_at(trajectory, number)
    if number == 1:
        raise BadInputError("there is nothing in front of step 1; split at a later step")
    first_s = _seconds_until(trajectory, number)
    first = _with_steps(trajectory, trajectory.steps[: number - 1])
    rest = [_from(step, trajectory) for step in trajectory.steps[number - 1 :]]
    second = _with_steps(msgspec.structs.replace(trajectory, id=identifier, revision=0, purges=0), rest)
    title = f"{trajectory.title} (from step {number})"
    return (
        msgspec.structs.replace(first, seconds=first_s),
        msgspec.structs.replace(second, title=title, seconds=trajectory.seconds - first_s),
    )


def appended(trajectory: Trajectory, other: Trajectory) -> Trajectory:
    """The trajectory with the other's steps behind its own; title, task and all else stay its own.

    A variable of the other whose name stands for another text here gets another name. What is appended was looked at
    only if both were. Raises `BadInputError` for another one without steps, and for the trajectory itself.
    """
    if other.id == trajectory.id:
        raise BadInputError(f"“{trajectory.title}” cannot be appended to itself; name another trajectory")
    if not other.steps:
        raise BadInputError(f"“{other.title}” has no steps that could be appended; name another trajectory")
    both = spliced(trajectory, Stretch(len(trajectory.steps) + 1), other)
    count = len(trajectory.steps)
    taken = {step.id for step in both.steps[:count]}
    rest = [_home(new, old, trajectory, taken) for new, old in zip(both.steps[count:], other.steps, strict=True)]
    return msgspec.structs.replace(
        both,
        steps=(*both.steps[:count], *rest),
        commands=tuple(dict.fromkeys((*trajectory.commands, *other.commands))),
        seconds=trajectory.seconds + other.seconds,
        reviewed=trajectory.reviewed and other.reviewed,
        variables=tuple(_in_order(trajectory, both)),
    )


def with_chapter(trajectory: Trajectory, number: int, title: str) -> Trajectory:
    """The trajectory with a chapter of that title that begins at step `number`.

    A chapter is a note, which heads the steps that follow it: a note that stands there or right above is called this
    instead.
    """
    if not title.strip():
        raise BadInputError("a chapter needs a title; say what its steps are for")
    step_at(trajectory, number)
    note = Note(title.strip())
    for place in (number, number - 1):
        if place and isinstance(trajectory.steps[place - 1].action, Note):
            renamed = msgspec.structs.replace(trajectory.steps[place - 1], action=note, description="")
            return with_step(trajectory, place, msgspec.structs.replace(renamed, description=describe(renamed)))
    return with_inserted(trajectory, number, note)


def _with_steps(trajectory: Trajectory, steps: Sequence[Step]) -> Trajectory:
    return without_unused_variables(msgspec.structs.replace(trajectory, steps=tuple(steps)))


def _from(step: Step, trajectory: Trajectory) -> Step:
    """The step as another trajectory has it."""
    return msgspec.structs.replace(step, recorded_in=step.recorded_in or trajectory.id)


def _home(new: Step, old: Step, trajectory: Trajectory, taken: set[str]) -> Step:
    """A step that was the trajectory's own before, under the id that it had there, where that is free."""
    if new.recorded_in == trajectory.id:
        identifier = old.id if old.id not in taken else new.id
        new = msgspec.structs.replace(new, id=identifier, recorded_in="")
    taken.add(new.id)
    return new


def _in_order(first: Trajectory, both: Trajectory) -> list[Variable]:
    """The variables of both, those of the first one in front."""
    names = [variable.name for variable in first.variables]
    own = [variable for variable in both.variables if variable.name in names]
    return [*own, *(variable for variable in both.variables if variable.name not in names)]


def _seconds_until(trajectory: Trajectory, number: int) -> float:
    """How much of the attempt had passed when step `number` began; 0 where nobody knows."""
    began_ns, then_ns = (trajectory.steps[at].observation.monotonic_ns for at in (0, number - 1))
    if not began_ns or then_ns < began_ns:
        return 0.0
    return min(trajectory.seconds, (then_ns - began_ns) / 1e9)
