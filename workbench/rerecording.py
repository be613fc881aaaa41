"""Recording a part of a trajectory again: pure functions that put the steps of another recording in its place.

Steps are numbered from 1. The new steps keep the numbers of their input events, which stay in the other recording; each
says which one that is (`Step.recorded_in`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import msgspec

from workbench.actions import Ask, Call, Read, TypeText
from workbench.editing import without_unused_variables
from workbench.errors import BadInputError
from workbench.session.variables import fill, row_of
from workbench.trajectory import Step, Trajectory, Variable


@dataclass(frozen=True)
class Stretch:
    """The steps that are recorded again: numbers from 1, both included, `last` None for all from `first` on.

    A `first` of one more than there are steps records on behind the last one.
    """

    first: int
    last: int | None = None

    @property
    def words(self) -> str:
        """`step 3`, `steps 3 to 5`, `step 3 and all that follow`."""
        if self.last is None:
            return f"step {self.first} and all that follow"
        return f"step {self.first}" if self.last == self.first else f"steps {self.first} to {self.last}"


def check(trajectory: Trajectory, stretch: Stretch) -> None:
    """Raise `BadInputError` for a stretch that the trajectory does not have."""
    count, first, last = len(trajectory.steps), stretch.first, stretch.last
    if not 1 <= first <= count + 1:
        raise BadInputError(f"“{trajectory.title}” can be recorded again from step 1 to {count + 1}, not from {first}")
    if last is not None and not first <= last <= count:
        raise BadInputError(f"from step {first} on, the last one to record again can be {first} to {count}, not {last}")


def before(trajectory: Trajectory, first: int) -> Trajectory:
    """What has to be done again until step `first` can be: the steps in front of it and the variables in them."""
    check(trajectory, Stretch(first))
    return without_unused_variables(msgspec.structs.replace(trajectory, steps=trajectory.steps[: first - 1]))


def spliced(trajectory: Trajectory, stretch: Stretch, recording: Trajectory) -> Trajectory:
    """The trajectory with the recording's steps in the place of the stretch; all other steps stay what they are.

    A variable of the recording whose name stands for another text here gets another name. Raises `BadInputError` for a
    stretch that is not there, and for a recording without steps.
    """
    check(trajectory, stretch)
    if not recording.steps:
        raise BadInputError(f"nothing was recorded that could take the place of {stretch.words}; record it again")
    recording = _with_names_of_its_own(recording, trajectory.variables)
    kept_first = trajectory.steps[: stretch.first - 1]
    kept_last = () if stretch.last is None else trajectory.steps[stretch.last :]
    taken = {step.id for step in (*kept_first, *kept_last)}
    steps = (*kept_first, *(_adopted(step, recording, taken) for step in recording.steps), *kept_last)
    variables = {variable.name: variable for variable in (*recording.variables, *trajectory.variables)}
    changed = msgspec.structs.replace(trajectory, steps=steps, variables=tuple(variables.values()))
    return without_unused_variables(changed)


def note_of(stretch: Stretch, recording: Trajectory) -> str:
    """What the history says of the revision."""
    return f"recorded again: {stretch.words}, as {recording.id}"


def _with_names_of_its_own(recording: Trajectory, taken: Sequence[Variable]) -> Trajectory:
    """The recording with other names for variables that are called like one of these and stand for something else."""
    known = {variable.name: variable.default for variable in taken}
    used = known.keys() | {variable.name for variable in recording.variables}
    names: dict[str, str] = {}
    for variable in recording.variables:
        if variable.name in known and known[variable.name] != variable.default:
            numbered = (f"{variable.name}_{number}" for number in count(2))
            names[variable.name] = next(name for name in numbered if name not in used)
            used |= {names[variable.name]}
    if not names:
        return recording
    return msgspec.structs.replace(
        recording,
        steps=tuple(_renamed(step, names) for step in recording.steps),
        variables=tuple(
            msgspec.structs.replace(variable, name=names.get(variable.name, variable.name))
            for variable in recording.variables
        ),
    )


def _renamed(step: Step, names: Mapping[str, str]) -> Step:
    """The step with its variables under other names."""

    def put(text: str) -> str:
        return fill(text, {old: f"{{{{{new}}}}}" for old, new in names.items()})

    replace, action, target = msgspec.structs.replace, step.action, step.target
    match action:
        case TypeText():
            action = replace(action, text=put(action.text))
        case Call():
            arguments = tuple(replace(argument, value=put(argument.value)) for argument in action.arguments)
            action = replace(action, arguments=arguments)
        case Ask() | Read():
            action = replace(action, variable=names.get(action.variable or "", action.variable))
    if target is not None and target.element is not None and row_of(step):
        target = replace(target, element=replace(target.element, name=put(target.element.name)))
    return replace(step, action=action, target=target, description=put(step.description))


def _adopted(step: Step, recording: Trajectory, taken: set[str]) -> Step:
    """The step as another trajectory has it, under an id that no step ever had there."""
    name, number = f"{recording.id}-{step.id}", 1
    while name in taken:
        number += 1
        name = f"{recording.id}-{step.id}-{number}"
    taken.add(name)
    return msgspec.structs.replace(step, id=name, recorded_in=step.recorded_in or recording.id)
