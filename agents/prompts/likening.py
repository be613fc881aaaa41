"""Which lines of a situation look like what is wanted, or stand where it says: evidence told beside the list."""

from dataclasses import replace

from agents.prompts.choosing import Situation
from agents.screen.alike import alike
from agents.screen.counting import placed


def with_likeness(situation: Situation) -> Situation:
    """The situation with `alike`, `placed` and `shown` filled in, from its goal or task and the recorded step due."""
    lines = situation.shown_list.lines
    due = next((step.words for example in situation.examples for step in example.steps if step.mark == 0), "")
    wanted = situation.goal or situation.task
    return replace(
        situation,
        alike=alike(wanted, lines),
        placed=placed(wanted, lines),
        shown=alike(due, lines) if due else (),
    )
