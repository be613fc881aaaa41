"""Which words of today's task take the place of a recorded value: by rule, from the two tasks side by side.

    recorded: add customer Bob with phone 12      type "Bob" into field "Name"
    today:    add customer Eve Berg with phone 7  -> Eve Berg

The words that both tasks share hold the values apart; nothing is said where they do not do so clearly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from agents.prompts.choosing import Situation
from agents.prompts.folding import folded
from agents.screen.alike import likeness, split
from agents.screen.listing import Line, called

LEAST_SHARED = 0.3
"""Tasks that share a smaller part of their words are not the same task with other values."""

SAME = 0.7
"""Fields whose names are at least this alike are the same one."""

_PIECE = re.compile(r"\w+(?:[^\w\s]+\w+)*|[^\w\s]")
_QUOTES = frozenset("\"'“”„«»‘’`")
_TYPED = re.compile(r'^type "(?P<text>[^"]*)" into (?P<target>.*)$')


@dataclass(frozen=True)
class Piece:
    """A word or sign of a text, folded, and where it stands."""

    word: str
    start: int
    end: int


def todays_text(situation: Situation, line: Line) -> str | None:
    """What goes into this field, where the recorded step that is due typed a value of its task into one like it."""
    for example in situation.examples:
        for step in example.steps:
            typed = _TYPED.match(step.words) if step.mark == 0 else None
            if typed and _is_like(typed["target"], line):
                return carried(typed["text"], example.task, situation.goal or situation.task)
    return None


def carried(text: str, recorded: str, today: str) -> str | None:
    """What stands in today's task where the text stands in the recorded one; None where that is not clear."""
    then, now, value = pieces(recorded), pieces(today), [piece.word for piece in pieces(text)]
    at = _only_place([piece.word for piece in then], value)
    if at is None:
        return None
    anchors = _anchors(then, now, range(at, at + len(value)))
    if 2 * len(anchors) < LEAST_SHARED * (len(then) + len(now)):
        return None
    before = max((pair for pair in anchors if pair[0] < at), default=(-1, -1))
    after = min((pair for pair in anchors if pair[0] >= at + len(value)), default=(len(then), len(now)))
    if _bare(then[before[0] + 1 : after[0]]) != value:
        return None
    found = _trimmed(now[before[1] + 1 : after[1]])
    return today[found[0].start : found[-1].end] if found else None


def _is_like(target: str, line: Line) -> bool:
    """Whether a recorded target is this line, as far as their names tell."""
    return target == called(line) or likeness(split(target), split(line.name)) >= SAME


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """The words and signs of a text; numbers, paths and addresses are single words."""
    return tuple(Piece(folded(match.group()), match.start(), match.end()) for match in _PIECE.finditer(text))


def _only_place(words: Sequence[str], value: Sequence[str]) -> int | None:
    """Where the value stands, if it stands in one place."""
    size = len(value)
    places = [at for at in range(len(words) - size + 1) if list(words[at : at + size]) == list(value)]
    return places[0] if size and len(places) == 1 else None


def _anchors(then: Sequence[Piece], now: Sequence[Piece], value: range) -> list[tuple[int, int]]:
    """Words that stand in both tasks in the same order, by their places; quotation marks and the value hold nothing."""
    first = [f"\0{at}" if at in value or one.word in _QUOTES else one.word for at, one in enumerate(then)]
    second = ["\1" if one.word in _QUOTES else one.word for one in now]
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def _trimmed(found: Sequence[Piece]) -> Sequence[Piece]:
    """Without quotation marks around it."""
    while found and found[0].word in _QUOTES:
        found = found[1:]
    while found and found[-1].word in _QUOTES:
        found = found[:-1]
    return found


def _bare(found: Sequence[Piece]) -> list[str]:
    return [piece.word for piece in _trimmed(found)]
