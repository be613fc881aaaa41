"""How alike the words of a task and the names on the screen are, letter by letter: evidence that needs no model.

It forgives typing errors, plurals and left-out words, and knows nothing of meaning: that is the model's part.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from msgspec import Struct

from agents.screen.listing import Line

LOWEST = 0.3
"""Likenesses below this are not told: a word in a longer name is more than that."""

MOST = 5
"""How many lines are told, the most alike first."""

_WORD = re.compile(r"\w+|[^\w\s]", re.UNICODE)
_SAME = 82.0
"""Words that rapidfuzz finds this similar, of 100, count as the same with a typing error or another ending."""

_SHORTEST = 3
"""Letters of a word that can have a typing error: shorter ones must be the same."""


class Alike(Struct, frozen=True):
    """One line's likeness to what is wanted: a whole number from 1 to 9."""

    ref: str
    score: int


def alike(words: str, lines: Sequence[Line], *, most: int = MOST) -> tuple[Alike, ...]:
    """The lines whose names resemble the words, the most alike first, lines of equal score in their order."""
    wanted = split(words)
    scored = [(likeness(wanted, split(line.name)), number) for number, line in enumerate(lines)]
    told = sorted(((-score, number) for score, number in scored if score >= LOWEST))[:most]
    return tuple(Alike(lines[number].ref, graded(-score)) for score, number in told)


def graded(likeness: float) -> int:
    """A likeness from `LOWEST` to 1 as a whole number from 1 to 9."""
    return 1 + min(8, int((likeness - LOWEST) / (1 - LOWEST) * 8 + 0.5))


@lru_cache(maxsize=8192)
def split(text: str) -> tuple[str, ...]:
    """The words and signs of a text, in lower case."""
    return tuple(_WORD.findall(text.lower()))


def likeness(wanted: Sequence[str], name: Sequence[str]) -> float:
    """How much of the name stands in the words that are wanted, by letters, 0 to 1.

    A name that is there whole, its words side by side and in order, gets 1; each missing word takes away its share of
    the letters, and words that stand apart or in another order a little.
    """
    if not name or not wanted:
        return 0.0
    places = [_place(word, wanted) for word in name]
    letters = [max(len(word), 2) for word in name]
    covered = sum(size * score for size, (score, _) in zip(letters, places, strict=True)) / sum(letters)
    return covered * (1.0 if _in_a_row([place for _, place in places]) else 0.92)


def _place(word: str, wanted: Sequence[str]) -> tuple[float, int]:
    """How well a word is found among those wanted, and where."""
    if word in wanted:
        return 1.0, wanted.index(word)
    if len(word) < _SHORTEST:
        return 0.0, -2
    return _nearly(word, wanted)


def _nearly(word: str, wanted: Sequence[str]) -> tuple[float, int]:
    """The first of the most similar words and how similar it is; shorter or longer ones are not worth comparing."""
    ratio, size = _ratio(), len(word)
    best, place = 0.0, -2
    for number, other in enumerate(wanted):
        length = len(other)
        if length < _SHORTEST or min(size, length) * 200 < _SAME * (size + length):
            continue
        score = ratio(word, other, score_cutoff=_SAME)
        if score > best:
            best, place = score, number
    return best / 100, place


def _in_a_row(places: Sequence[int]) -> bool:
    return all(later - earlier == 1 for earlier, later in pairwise(places) if earlier >= 0)


@cache
def _ratio() -> Callable[..., float]:
    from rapidfuzz import fuzz

    return fuzz.ratio
