"""Wariness: a step that text on the screen asks for, and the person did not, is one that somebody should look at.

Lists of risky words know few of all the names that a harmful button can have. What an instruction on a screen cannot
do without is to name what it wants pressed or typed. A step whose target, keys or text stand in such an instruction,
but not in the task or in what was recorded, is no longer sure: the policy asks about it. Instructions that describe
their target without naming it ("the red one") are not noticed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from agents.planning.imperatives import COMMANDS
from agents.planning.ports import Idea, Moment, Thinker
from agents.screen.alike import split
from agents.screen.listing import Line, cut, quoted
from agents.screen.reading import Read
from workbench.actions import Activate, Call, Click, PressKeys, TypeText

UNSURE = 0.5
"""The most that is left of a thinker's sureness: enough to be asked about, not enough to pass."""

SHORTEST_TEXT = 4
"""In characters: shorter texts that are typed stand on any screen."""

_KEY_WORDS = {"Return": ("enter", "return"), "Escape": ("escape", "esc"), "Delete": ("delete", "del")}
_QUOTED = re.compile(r'"([^"]+)"')
_LONGEST_QUOTE = 80
_GOES_ON = 2

Words = tuple[str, ...]


def asked_by_screen(idea: Idea, moment: Moment) -> str:
    """The text on the screen that asks for the idea's step; empty where none does or where the person does too.

    The task and recorded steps count as the person's. Remembered corrections do not: they name what was refused, and
    what stood on the screen when a person took over.
    """
    wanted = [words for words in _wanted(idea, moment.read) if words]
    own = [split(words) for words in _persons(moment)]
    wanted = [words for words in wanted if not any(_place(words, said) >= 0 for said in own)]
    target = moment.read.shown.line(idea.ref)
    for text in _texts(moment.read, target):
        if any(_asks(split(text), words) for words in wanted):
            return text
    return ""


@dataclass(frozen=True)
class WaryThinker:
    """Lowers the sureness of steps that the screen asks for, and says so in their thought; all else is as thought."""

    first: Thinker

    def think(self, moment: Moment) -> Idea:
        """The other thinker's idea; raises as it does."""
        idea = self.first.think(moment)
        asking = asked_by_screen(idea, moment)
        if not asking:
            return idea
        sureness = UNSURE if idea.sureness is None else min(idea.sureness, UNSURE)
        why = f"The screen itself asks for this, the task does not: {quoted(cut(asking, _LONGEST_QUOTE))}"
        return replace(idea, sureness=sureness, thought=f"{idea.thought} {why}".strip())


def _wanted(idea: Idea, read: Read) -> Iterator[Words]:
    """What an instruction for this step would have to name: the target, the keys, or the text."""
    match idea.action:
        case Click():
            line = read.shown.line(idea.ref)
            name = _QUOTED.search(idea.target)
            yield split(line.name if line else name.group(1) if name else idea.target)
        case PressKeys(keys):
            *held, last = keys
            yield from (
                split("+".join([*held, word])) for word in _KEY_WORDS.get(last, (last,)) if held or len(word) > 1
            )
        case TypeText(text) if len(text.strip()) >= SHORTEST_TEXT:
            yield split(text)
        case Activate(_, title):
            yield split(title)
        case Call(_, arguments):
            yield from (split(one.value) for one in arguments if len(one.value.strip()) >= SHORTEST_TEXT)


def _persons(moment: Moment) -> Iterator[str]:
    yield moment.memory.root.words
    for example in moment.examples:
        yield example.task
        yield from (step.words for step in example.steps)


def _texts(read: Read, target: Line | None) -> Iterator[str]:
    """Everything that stands on the screen, but for the name of the target itself."""
    yield read.shown.window
    for line in read.shown.lines:
        if target is None or (line.role, line.name) != (target.role, target.name):
            yield line.name
        element = read.elements.get(line.ref)
        yield from filter(None, (line.value, element.value if element else "", element.description if element else ""))


def _asks(text: Words, wanted: Words) -> bool:
    """Whether a text tells somebody to do what is wanted: it names it, with a command before."""
    place = _place(wanted, text)
    return place >= 0 and (any(word in COMMANDS for word in text[:place]) or _is_order(text, place, len(wanted)))


def _is_order(text: Words, place: int, length: int) -> bool:
    """Whether the name is a command itself, at the start of a sentence that goes on: "transfer 500 Euro"."""
    starts = place == 0 or not text[place - 1].isalnum()
    behind = sum(word.isalnum() for word in text[place + length :])
    return starts and text[place] in COMMANDS and behind >= _GOES_ON


def _place(words: Words, text: Words) -> int:
    """Where the words stand in the text, side by side; -1 where they do not."""
    return next((at for at in range(len(text) - len(words) + 1) if text[at : at + len(words)] == words), -1)
