"""What a repairing replay did in place of recorded steps, and the trajectories that come of it: pure functions.

The log of such a run tells what took the place of a recorded step (`StepKept` events of its index, one after the
other). It stays a proposal there until somebody accepts it. Steps are numbered from 1, as people see them, with those
of called workflows in the place of the call. A repair belongs to the trajectory that has the step: the replayed one,
or a workflow that it calls.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec

from workbench.actions import Call, TypeText
from workbench.errors import BadInputError
from workbench.events import Event, StepKept, StepProposed
from workbench.report.words import caption, describe
from workbench.session.variables import filled_with, row_of
from workbench.trajectory import Step, Trajectory


@dataclass(frozen=True)
class Mend:
    """The recorded step `index` of a run, and the steps that did its work; it may be one of them itself."""

    index: int
    recorded: Step
    steps: tuple[Step, ...]


def mends_of(events: Iterable[Event]) -> tuple[Mend, ...]:
    """What was repaired in a replay, in the order of the steps.

    A repair counts once the run went on behind it: of one that broke off in between nothing is known for sure.
    """
    told = list(events)
    recorded: dict[int, Step] = {}
    for event in told:
        if isinstance(event, StepProposed):
            recorded.setdefault(event.index, event.step)
    found = [_mend(kept, recorded) for kept in _runs_of_kept(told)]
    return tuple(mend for mend in found if not _is_nothing(mend))


def mended(trajectory: Trajectory, mends: Sequence[Mend], find: Callable[[str], Trajectory]) -> tuple[Trajectory, ...]:
    """The trajectories that the repairs change, with the repairs in them; `find` looks up workflows that are called.

    Steps that were taken over from the run have no description yet. A step of a workflow that was called, and repaired,
    several times is repaired as at first. Raises `BadInputError` where a recorded step is nowhere (any more), where it
    stands in several workflows, and as `find` does.
    """
    there = tuple(_with_called(trajectory, find, set()))
    changes: dict[str, list[Mend]] = {}
    for mend in mends:
        of = changes.setdefault(_owner(mend, there).id, [])
        if not any(is_same(other.recorded, mend.recorded) for other in of):
            of.append(mend)
    return tuple(_with(each, changes[each.id]) for each in there if each.id in changes)


def _with_called(trajectory: Trajectory, find: Callable[[str], Trajectory], seen: set[str]) -> Iterator[Trajectory]:
    """The trajectory, and the workflows that it calls and that they call, each once."""
    if trajectory.id in seen:
        return
    seen.add(trajectory.id)
    yield trajectory
    for step in trajectory.steps:
        if isinstance(step.action, Call):
            yield from _with_called(find(step.action.workflow), find, seen)


def _owner(mend: Mend, there: Sequence[Trajectory]) -> Trajectory:
    """Whose step was repaired: the replayed trajectory's, which comes first, else that of the only workflow with it."""
    holders = [each for each in there if any(is_same(step, mend.recorded) for step in each.steps)]
    step, title = f"step {mend.index} of the run ({caption(mend.recorded)})", there[0].title
    if not holders:
        raise BadInputError(f"{step} is not in “{title}”, or in a workflow that it calls, any more; replay it again")
    if holders[0] is not there[0] and len(holders) > 1:
        named = " and ".join(f"“{each.title}”" for each in holders)
        raise BadInputError(f"{step} stands in {named} alike; replay the one that is meant by itself")
    return holders[0]


def _with(trajectory: Trajectory, mends: Sequence[Mend]) -> Trajectory:
    steps = list(trajectory.steps)
    for mend in mends:
        at = next(place for place, step in enumerate(steps) if is_same(step, mend.recorded))
        steps[at : at + 1] = _in_place(mend, steps[at], {step.id for step in steps})
    return msgspec.structs.replace(trajectory, steps=tuple(steps))


def is_same(step: Step, recorded: Step) -> bool:
    """Whether both are the same recorded step, however its variables were filled in."""
    target = filled_with(step, row_of(recorded)).target if "{{" in row_of(step) else step.target
    return (step.id, step.observation, target) == (recorded.id, recorded.observation, recorded.target)


def difference(mend: Mend) -> Iterator[str]:
    """The repair as lines: what goes begins with -, what comes with +, what stays with neither."""
    if not any(is_same(step, mend.recorded) for step in mend.steps):
        yield f"- {caption(mend.recorded)}"
    for step in mend.steps:
        yield f"  {caption(step)}" if is_same(step, mend.recorded) else f"+ {caption(step)}"


def _runs_of_kept(told: Sequence[Event]) -> Iterator[tuple[StepKept, ...]]:
    """The kept steps of each repair that the run went on behind."""
    for _, group in groupby(enumerate(told), key=lambda one: isinstance(one[1], StepKept) and one[1].index):
        placed = list(group)
        kept = tuple(event for _, event in placed if isinstance(event, StepKept))
        if kept and placed[-1][0] + 1 < len(told):
            yield kept


def _mend(kept: Sequence[StepKept], recorded: dict[int, Step]) -> Mend:
    index = kept[0].index
    if index not in recorded:
        raise BadInputError(f"the events of this run are broken: step {index} was repaired but never proposed")
    return Mend(index, recorded[index], tuple(event.step for event in kept))


def _is_nothing(mend: Mend) -> bool:
    return all(is_same(step, mend.recorded) for step in mend.steps)


def _in_place(mend: Mend, stored: Step, taken_ids: set[str]) -> list[Step]:
    """The steps for the trajectory: the last one keeps the id, a typed variable stays one."""
    made = [_as_recorded(step, mend.recorded, stored) for step in mend.steps]
    free = (name for number in range(1, 10_000) if (name := f"{stored.id}-{number}") not in taken_ids)
    return [
        step if step is stored else msgspec.structs.replace(step, id=stored.id if at == len(made) else next(free))
        for at, step in enumerate(made, 1)
    ]


def _as_recorded(step: Step, recorded: Step, stored: Step) -> Step:
    if is_same(step, recorded):
        return stored
    if isinstance(stored.action, TypeText) and step.action == recorded.action != stored.action:
        changed = msgspec.structs.replace(step, action=stored.action)
        return msgspec.structs.replace(changed, description=describe(changed) if step.description else "")
    return step
