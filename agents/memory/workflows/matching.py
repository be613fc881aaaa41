"""Which workflows fit a task: the most alike are offered in a prompt, only one that is meant is called by rule."""

from collections.abc import Sequence

from agents.memory.workflows.patterns import fitted, tells
from agents.memory.workflows.ports import Matched, Workflow

MOST_OFFERED = 4

LEAST_ALIKE = 0.34
"""Workflows of which a task says a smaller part are not offered for it: each line of a prompt is one to go wrong by."""


def offered(workflows: Sequence[Workflow], app: str, sentences: Sequence[str]) -> tuple[Workflow, ...]:
    """The workflows of the program in front that are worth offering for a task or a part of it, the most alike first.

    A workflow whose tasks nobody knows is offered wherever its program is in front.
    """
    here = [one for one in workflows if not one.app or one.app.casefold() == app.casefold()]
    scored = [(_likeness(one, sentences), one) for one in here]
    fit = [pair for pair in scored if pair[0] >= LEAST_ALIKE]
    return tuple(one for _, one in sorted(fit, key=lambda pair: -pair[0])[:MOST_OFFERED])


def meant(workflows: Sequence[Workflow], sentence: str) -> Matched | None:
    """The workflow that a sentence asks for in so many words, with a value for each of its variables.

    Of several that fit the one with the most steps, which does the most of what is asked; None where none does.
    """
    found = [matched for one in workflows if (matched := _matched(one, sentence)) is not None]
    return max(found, key=lambda matched: len(matched.workflow.trajectory.steps), default=None)


def _matched(workflow: Workflow, sentence: str) -> Matched | None:
    """The workflow with its values, where a pattern gives all of them and no two patterns give others."""
    names = {variable.name for variable in workflow.variables}
    found = [values for one in workflow.patterns if (values := fitted(one, sentence)) is not None]
    whole = [values for values in found if values.keys() == names]
    return Matched(workflow, whole[0]) if whole and all(values == whole[0] for values in whole) else None


def _likeness(workflow: Workflow, sentences: Sequence[str]) -> float:
    if not workflow.patterns:
        return LEAST_ALIKE
    return max((tells(pattern, sentence) for pattern in workflow.patterns for sentence in sentences), default=0.0)
