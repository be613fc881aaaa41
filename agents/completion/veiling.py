"""Recordings without what must not be told: neither rules nor models ever read it."""

from collections.abc import Iterator

import msgspec

from workbench.actions import TypeText
from workbench.codec import from_json
from workbench.library.forgetting import text_replacer
from workbench.trajectory import Element, Step, Target, Trajectory

VEIL = "▇▇▇"
"""What stands in the place of a hidden text."""

SHORTEST = 3
"""Shorter texts are hidden only where they were typed: elsewhere they stand by chance, and a gap would tell them."""


def veiled(trajectory: Trajectory) -> Trajectory:
    """The same steps without hidden texts, wherever else in the trajectory they are read too."""
    hidden = sorted({text for step in trajectory.steps for text in _hidden(step)}, key=len, reverse=True)
    bare = msgspec.structs.replace(trajectory, steps=tuple(map(_without_text, trajectory.steps)))
    body = msgspec.json.encode(bare).decode()
    for text in hidden:
        if len(text) >= SHORTEST:
            body = text_replacer(text, VEIL)(body)
    return from_json(body, Trajectory, what=trajectory.id) if hidden else bare


def is_hidden(step: Step) -> bool:
    """Whether what the step types, or what its field holds, is not to be told."""
    field = (step.target.element if step.target else None) or step.observation.focused
    return bool(step.masked) or (field is not None and field.password)


def _hidden(step: Step) -> Iterator[str]:
    """The texts of the step that are not to be told."""
    if not is_hidden(step):
        return
    if isinstance(step.action, TypeText):
        yield from filter(None, [step.action.text, step.action.text.strip()])
    for element in _elements(step):
        if element.password and element.value:
            yield element.value


def _without_text(step: Step) -> Step:
    """The step without a hidden text of its own, however short."""
    if not is_hidden(step) or not isinstance(step.action, TypeText) or step.action.secret is not None:
        return step
    outcome = msgspec.structs.replace(step.outcome, element=None)
    return msgspec.structs.replace(step, action=TypeText(text=VEIL), outcome=outcome)


def _elements(step: Step) -> Iterator[Element]:
    targets: tuple[Target | None, ...] = (step.target, step.destination)
    found = [target.element for target in targets if target is not None]
    yield from (one for one in (*found, step.observation.focused, step.outcome.element) if one is not None)
