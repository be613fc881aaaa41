"""Which lines of a situation look like what is wanted: the evidence of letters, told to the model beside the list."""

from dataclasses import replace

from agents.prompts.choosing import Situation
from agents.screen.alike import alike


def with_likeness(situation: Situation) -> Situation:
    """The situation with `alike` and `shown` filled in, from its goal or task and the recorded step that is due."""
    lines = situation.shown_list.lines
    due = next((step.words for example in situation.examples for step in example.steps if step.mark == 0), "")
    return replace(
        situation,
        alike=alike(situation.goal or situation.task, lines),
        shown=alike(due, lines) if due else (),
    )
