"""Changes to a trajectory as pure functions: each takes one and returns another; nothing is saved here.

Steps are numbered from 1, as people see them. A change that makes no sense raises `BadInputError`.
"""

import msgspec

from workbench.actions import Action, Ask, Call, Read, TypeText
from workbench.errors import BadInputError
from workbench.report.words import describe
from workbench.secrets import NAME as SECRET_NAME
from workbench.session.variables import NAME as VARIABLE_NAME
from workbench.session.variables import fill, row_of
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Variable


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


def with_moved_step(trajectory: Trajectory, number: int, to: int) -> Trajectory:
    """The trajectory with step `number` at the place `to`, counted from 1 once it is taken out."""
    step = step_at(trajectory, number)
    step_at(trajectory, to)
    rest = [each for place, each in enumerate(trajectory.steps, 1) if place != number]
    return msgspec.structs.replace(trajectory, steps=(*rest[: to - 1], step, *rest[to - 1 :]))


def with_inserted(trajectory: Trajectory, number: int, action: Action) -> Trajectory:
    """The trajectory with a new step in front of step `number`; one more than there are steps puts it at the end.

    The step is seen where the one behind it was: it has that window and picture, but no target.
    """
    count = len(trajectory.steps)
    if not 1 <= number <= count + 1:
        raise BadInputError(
            f"a step can be put at the places 1 to {count + 1} of “{trajectory.title}”, not at {number}"
        )
    bare = Step(id=free_id(trajectory), action=action, observation=_seen_before(trajectory, number))
    step = msgspec.structs.replace(bare, description=describe(bare))
    steps = (*trajectory.steps[: number - 1], step, *trajectory.steps[number - 1 :])
    return msgspec.structs.replace(trajectory, steps=steps)


def with_text(trajectory: Trajectory, number: int, text: str) -> Trajectory:
    """Let step `number` type another text; `{{name}}` stands for a variable. A secret's text cannot be edited.

    What the field is expected to hold afterwards follows where the old text was found in it, else is forgotten.
    """
    step = step_at(trajectory, number)
    if not isinstance(step.action, TypeText) or step.action.secret:
        raise BadInputError(f"step {number} of “{trajectory.title}” types no text; name one that does")
    if not text:
        raise BadInputError("a step cannot type nothing; delete it instead")
    element = _refilled(step.outcome.element, typed_text(trajectory, number), text)
    changed = _retyped(step, TypeText(text=text))
    outcome = msgspec.structs.replace(step.outcome, element=element)
    edited = with_step(trajectory, number, msgspec.structs.replace(changed, outcome=outcome))
    return without_unused_variables(edited)


def with_words(trajectory: Trajectory, number: int, *, description: str, thought: str) -> Trajectory:
    """Describe step `number` in these words; an empty description is worked out from what the step does."""
    step = step_at(trajectory, number)
    words = description.strip() or describe(step)
    return with_step(trajectory, number, msgspec.structs.replace(step, description=words, thought=thought.strip()))


def with_target(trajectory: Trajectory, number: int, target: Target) -> Trajectory:
    """Let step `number` act on another target; raises `BadInputError` for a step that acts on none."""
    step = step_at(trajectory, number)
    if step.target is None:
        raise BadInputError(f"step {number} of “{trajectory.title}” acts on no place; choose one that does")
    moved = msgspec.structs.replace(step, target=target, outcome=msgspec.structs.replace(step.outcome, element=None))
    return with_step(trajectory, number, msgspec.structs.replace(moved, description=describe(moved)))


def with_destination(trajectory: Trajectory, number: int, destination: Target) -> Trajectory:
    """Let the drag of step `number` end elsewhere; raises `BadInputError` for a step that ends nowhere."""
    step = step_at(trajectory, number)
    if step.destination is None:
        raise BadInputError(f"step {number} of “{trajectory.title}” has no destination; choose one that drags")
    moved = msgspec.structs.replace(step, destination=destination)
    return with_step(trajectory, number, msgspec.structs.replace(moved, description=describe(moved)))


def with_heading(trajectory: Trajectory, *, title: str, task: str) -> Trajectory:
    """Call the trajectory this, and say what it is for; raises `BadInputError` for an empty title."""
    if not title.strip():
        raise BadInputError("a title cannot be empty; say what the trajectory does")
    return msgspec.structs.replace(trajectory, title=title.strip(), task=task.strip())


def as_reviewed(trajectory: Trajectory) -> Trajectory:
    """The trajectory, trusted by a person who has looked at it."""
    return msgspec.structs.replace(trajectory, reviewed=True)


def free_id(trajectory: Trajectory) -> str:
    """An id that no step of the trajectory has."""
    taken = {step.id for step in trajectory.steps}
    return next(name for number in range(1, len(taken) + 2) if (name := f"n{number}") not in taken)


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
    return without_unused_variables(changed)


def typed_text(trajectory: Trajectory, number: int) -> str:
    """The literal text that step `number` types, variables filled in with their defaults; empty for a secret."""
    step = step_at(trajectory, number)
    if not isinstance(step.action, TypeText):
        return ""
    return fill(step.action.text, {variable.name: variable.default or "" for variable in trajectory.variables})


def _seen_before(trajectory: Trajectory, number: int) -> Observation:
    """What was seen at that place: before the step that stands there, or after the last one."""
    if number <= len(trajectory.steps):
        return msgspec.structs.replace(trajectory.steps[number - 1].observation, focused=None)
    if not trajectory.steps:
        return Observation()
    last = trajectory.steps[-1]
    return msgspec.structs.replace(
        last.observation,
        frame=last.outcome.frame,
        window=last.outcome.window or last.observation.window,
        focused=None,
    )


def _refilled(field: Element | None, old: str, new: str) -> Element | None:
    """The field with the new text in the place of the old one; without a value where the old one is not in it."""
    if field is None or field.value is None:
        return field
    value = field.value.replace(old, new, 1) if old and old in field.value else None
    return msgspec.structs.replace(field, value=value)


def _typed(trajectory: Trajectory, number: int) -> tuple[Step, str]:
    step = step_at(trajectory, number)
    if not isinstance(step.action, TypeText) or step.action.secret or not step.action.text:
        raise BadInputError(f"step {number} of “{trajectory.title}” types no text; name one that does")
    uses = [v.name for v in trajectory.variables if f"{{{{{v.name}}}}}" in step.action.text]
    if uses:
        raise BadInputError(f"step {number} of “{trajectory.title}” types the variable “{uses[0]}” already")
    return step, step.action.text


def without_unused_variables(trajectory: Trajectory) -> Trajectory:
    """The trajectory without variables that no step types, hands to a workflow or sets any more."""
    places = " ".join(f"{_places(step.action)} {row_of(step)}" for step in trajectory.steps)
    used = tuple(variable for variable in trajectory.variables if f"{{{{{variable.name}}}}}" in places)
    return msgspec.structs.replace(trajectory, variables=used)


def _places(action: Action) -> str:
    """Where the action has variables, as `{{name}}` in a text."""
    match action:
        case TypeText():
            return action.text
        case Call():
            return " ".join(argument.value for argument in action.arguments)
        case Ask() | Read():
            return f"{{{{{action.variable}}}}}"
    return ""


def _retyped(step: Step, action: TypeText) -> Step:
    changed = msgspec.structs.replace(step, action=action)
    return msgspec.structs.replace(changed, description=describe(changed))


def _blind(observation: Observation) -> Observation:
    """What was seen, without the field's contents and without the picture."""
    focused = observation.focused and msgspec.structs.replace(observation.focused, value=None)
    return msgspec.structs.replace(observation, frame=None, focused=focused)
