"""Which lines of a situation look like what is wanted, or stand where it says: evidence told beside the list."""

from dataclasses import replace

from agents.prompts.choosing import Situation
from agents.screen.alike import alike
from agents.screen.counting import placed
from agents.screen.intents import meant


def with_likeness(situation: Situation, *, word_for_word: bool = True) -> Situation:
    """The situation with all evidence filled in, from its goal or task and from the recorded step that is due.

    `word_for_word` is that of `agents.screen.intents.meant`.
    """
    lines = situation.shown_list.lines
    due = next((step.words for example in situation.examples for step in example.steps if step.mark == 0), "")
    wanted = situation.goal or situation.task
    return replace(
        situation,
        alike=alike(wanted, lines),
        placed=placed(wanted, lines),
        meant=meant(wanted, lines, word_for_word=word_for_word),
        shown=alike(due, lines) if due else (),
    )
