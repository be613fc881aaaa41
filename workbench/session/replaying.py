"""Preparing a replay: from a trajectory in the library to the order that the child carries out."""

import os
import time
from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from workbench.actions import Call, TypeText
from workbench.errors import BadInputError
from workbench.session.messages import Pace
from workbench.session.variables import bind, fill, filled
from workbench.trajectory import Step, Trajectory

DEEPEST_CALL = 8


def new_run_id() -> str:
    """A short name for a run that sorts by time."""
    return f"r{int(time.time()):x}{os.urandom(3).hex()}"


def prepared(
    trajectory: Trajectory, given: Mapping[str, str], find: Callable[[str], Trajectory]
) -> tuple[Trajectory, dict[str, str]]:
    """The trajectory with every call laid out in it, and the value of each variable.

    It counts as reviewed only if every workflow in it does.

    Raises `BadInputError` for variables that are unknown or without value, and for workflows that do not exist, call
    themselves, or have no steps.
    """
    values = bind(trajectory, given)
    reviewed = [trajectory.reviewed]

    def looked_up(name: str) -> Trajectory:
        workflow = find(name)
        reviewed.append(workflow.reviewed)
        return workflow

    steps = tuple(_laid_out(trajectory, values, looked_up, (trajectory.id,)))
    if not steps:
        raise BadInputError(f"{trajectory.title!r} has no steps to replay; record it again")
    return replace(trajectory, steps=steps, reviewed=all(reviewed)), values


def check_pace(pace: Pace, trajectory: Trajectory) -> None:
    """Raise `BadInputError` for step numbers that the trajectory does not have."""
    count = len(trajectory.steps)
    last = count if pace.last is None else pace.last
    for number in (pace.first, last, *pace.breaks):
        if not 1 <= number <= max(count, 1):
            raise BadInputError(
                f"there is no step {number}: {trajectory.title!r} has {count} steps; give a number from 1 to {count}"
            )
    if last < pace.first:
        raise BadInputError(f"--to {last} comes before --from {pace.first}; give them the other way round")


def secret_names(trajectory: Trajectory) -> tuple[str, ...]:
    """The names of the secrets that the steps type, each once."""
    names = [step.action.secret for step in trajectory.steps if isinstance(step.action, TypeText)]
    return tuple(dict.fromkeys(name for name in names if name))


def _laid_out(
    trajectory: Trajectory, values: Mapping[str, str], find: Callable[[str], Trajectory], callers: tuple[str, ...]
) -> Iterator[Step]:
    for step in trajectory.steps:
        if isinstance(step.action, Call):
            yield from _called(step.action, values, find, callers)
        yield step


def _called(
    call: Call, values: Mapping[str, str], find: Callable[[str], Trajectory], callers: tuple[str, ...]
) -> Iterator[Step]:
    try:
        workflow = find(call.workflow)
    except BadInputError as error:
        raise BadInputError(f"a step calls a workflow that cannot be had: {error}") from error
    if workflow.id in callers or len(callers) >= DEEPEST_CALL:
        raise BadInputError(
            f"the workflow {workflow.title!r} calls itself, or calls go deeper than {DEEPEST_CALL}; delete one"
        )
    arguments = {argument.name: fill(argument.value, values) for argument in call.arguments}
    bound = bind(workflow, arguments, mend="the step that calls it has to give one")
    for step in _laid_out(workflow, bound, find, (*callers, workflow.id)):
        yield filled(step, bound)
