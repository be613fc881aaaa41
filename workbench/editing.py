"""Changes to a trajectory as pure functions: each takes one and returns another; nothing is saved here.

Steps are numbered from 1, as people see them. A change that makes no sense raises `BadInputError`.
"""

import msgspec

from workbench.actions import TypeText
from workbench.errors import BadInputError
from workbench.report.words import describe
from workbench.secrets import NAME as SECRET_NAME
from workbench.session.variables import NAME as VARIABLE_NAME
from workbench.trajectory import Observation, Outcome, Step, Trajectory, Variable


def step_at(trajectory: Trajectory, number: int) -> Step:
    """Step `number`, counted from 1."""
    count = len(trajectory.steps)
    if not 1 <= number <= count:
        raise BadInputError(f"“{trajectory.title}” has no step {number}; its steps are numbered from 1 to {count}")
    return trajectory.steps[number - 1]


def with_step(trajectory: Trajectory, number: int, step: Step) -> Trajectory:
    """The trajectory with another step at that place."""
    step_at(trajectory, number)
    steps = (*trajectory.steps[: number - 1], step, *trajectory.steps[number:])
    return msgspec.structs.replace(trajectory, steps=steps)


def without_steps(trajectory: Trajectory, numbers: set[int]) -> Trajectory:
    """The trajectory without those steps; the numbers are those of the trajectory as it is given."""
    for number in numbers:
        step_at(trajectory, number)
    kept = tuple(step for number, step in enumerate(trajectory.steps, 1) if number not in numbers)
    return msgspec.structs.replace(trajectory, steps=kept)


def with_variable(trajectory: Trajectory, number: int, name: str) -> Trajectory:
    """Let a run give the text that step `number` types; without one the recorded text is typed."""
    if not VARIABLE_NAME.fullmatch(name):
        raise BadInputError(f"“{name}” is no variable's name; use letters, digits and _, not beginning with a digit")
    step, text = _typed(trajectory, number)
    declared = {variable.name: variable for variable in trajectory.variables}
    if name in declared and declared[name].default != text:
        raise BadInputError(f"the variable “{name}” stands for another text already; choose another name")
    changed = with_step(trajectory, number, _retyped(step, TypeText(text=f"{{{{{name}}}}}")))
    variables = declared | {name: Variable(name=name, default=text)}
    return msgspec.structs.replace(changed, variables=tuple(variables.values()))


def with_secret(trajectory: Trajectory, number: int, name: str) -> Trajectory:
    """Let step `number` type the keyring's secret of that name; what was seen of the field is dropped with the text.

    Whoever saves this must purge the recorded text from the library too: older revisions and events still hold it.
    """
    if not SECRET_NAME.fullmatch(name):
        raise BadInputError(f"“{name}” is no secret's name; use at most 64 small letters, digits and . _ -")
    step = step_at(trajectory, number)
    if not isinstance(step.action, TypeText):
        raise BadInputError(f"step {number} of “{trajectory.title}” types nothing; name one that does")
    hidden = msgspec.structs.replace(
        _retyped(step, TypeText(secret=name)), outcome=Outcome(), observation=_blind(step.observation), thought=""
    )
    changed = with_step(trajectory, number, msgspec.structs.replace(hidden, masked="typed text, now a secret"))
    return _without_unused_variables(changed)


def typed_text(trajectory: Trajectory, number: int) -> str:
    """The literal text that step `number` types, variables filled in with their defaults; empty for a secret."""
    step = step_at(trajectory, number)
    if not isinstance(step.action, TypeText):
        return ""
    text = step.action.text
    for variable in trajectory.variables:
        text = text.replace(f"{{{{{variable.name}}}}}", variable.default or "")
    return text


def _typed(trajectory: Trajectory, number: int) -> tuple[Step, str]:
    step = step_at(trajectory, number)
    if not isinstance(step.action, TypeText) or step.action.secret or not step.action.text:
        raise BadInputError(f"step {number} of “{trajectory.title}” types no text; name one that does")
    uses = [v.name for v in trajectory.variables if f"{{{{{v.name}}}}}" in step.action.text]
    if uses:
        raise BadInputError(f"step {number} of “{trajectory.title}” types the variable “{uses[0]}” already")
    return step, step.action.text


def _without_unused_variables(trajectory: Trajectory) -> Trajectory:
    typed = "".join(step.action.text for step in trajectory.steps if isinstance(step.action, TypeText))
    used = tuple(variable for variable in trajectory.variables if f"{{{{{variable.name}}}}}" in typed)
    return msgspec.structs.replace(trajectory, variables=used)


def _retyped(step: Step, action: TypeText) -> Step:
    changed = msgspec.structs.replace(step, action=action)
    return msgspec.structs.replace(changed, description=describe(changed))


def _blind(observation: Observation) -> Observation:
    """What was seen, without the field's contents and without the picture."""
    focused = observation.focused and msgspec.structs.replace(observation.focused, value=None)
    return msgspec.structs.replace(observation, frame=None, focused=focused)
