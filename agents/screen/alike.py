"""How alike the words of a task and the names on the screen are: evidence that needs no model.

By letters, which forgives typing errors, endings and left-out words; and by the groups of words that mean the same in
interfaces (`meanings`). What a sentence means beyond its words is the model's part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from msgspec import Struct

from agents.screen.listing import Line
from agents.screen.meanings import Said, meant_by, said_in
from agents.screen.words import FUNCTION_WORDS, bare, split, stem

__all__ = ["Alike", "alike", "graded", "likeness", "split"]

LOWEST = 0.3
"""Likenesses below this are not told: a word in a longer name is more than that."""

MOST = 5
"""How many lines are told, the most alike first."""

BY_MEANING = 0.8
"""The likeness of a name that says the same in other words."""

_SAME = 82.0
"""Words that rapidfuzz finds this similar, of 100, count as the same with a typing error."""

_SAME_STEM = 0.96
_SHORTEST = 3
"""Letters of a word that can have a typing error: shorter ones must be the same."""

_WHOLE = 0.78
"""Names this alike are there whole, by letters or by meaning."""

_INSIDE_ANOTHER = 0.75
"""What is left of a likeness where a longer name that is there whole has all its words too."""

_ELSEWHERE = 0.85
"""What is left of it where the place that the control stands in is not told."""


class Alike(Struct, frozen=True):
    """One line's likeness to what is wanted: a whole number from 1 to 9."""

    ref: str
    score: int


@dataclass(frozen=True)
class _Found:
    """How alike a name is, and which of the words that are wanted it has."""

    likeness: float
    places: frozenset[int] = frozenset()


_NOTHING = _Found(0.0)


def alike(words: str, lines: Sequence[Line], *, most: int = MOST) -> tuple[Alike, ...]:
    """The lines whose names resemble the words, the most alike first, lines of equal score in their order.

    A control whose own name is not said is judged by what it stands in or beside, and of doubles those count for more
    whose place is told. A name within a longer one that is told as well ("Save" where "Save all" is wanted) counts for
    less.
    """
    wanted = split(words)
    found = [_found_of(wanted, line) for line in lines]
    whole = {one.places for one in found if one.likeness >= _WHOLE}
    scored = [(one.likeness * _alone(one, whole), number) for number, one in enumerate(found)]
    told = sorted(((-score, number) for score, number in scored if score >= LOWEST))[:most]
    return tuple(Alike(lines[number].ref, graded(-score)) for score, number in told)


def graded(likeness: float) -> int:
    """A likeness from `LOWEST` to 1 as a whole number from 1 to 9."""
    return 1 + min(8, int((likeness - LOWEST) / (1 - LOWEST) * 8 + 0.5))


def likeness(wanted: Sequence[str], name: Sequence[str]) -> float:
    """How much of the name stands in the words that are wanted, by letters, 0 to 1.

    A name that is there whole, its words side by side and in order, gets 1; each missing word takes away its share of
    the letters, and words that stand apart or in another order a little.
    """
    return _found(tuple(wanted), bare(tuple(name)), {}).likeness


def _found_of(wanted: tuple[str, ...], line: Line) -> _Found:
    own = _told(wanted, line.name)
    if not line.near:
        return own
    near = _told(wanted, line.near)
    if own.likeness < LOWEST:
        return _Found(near.likeness * _ELSEWHERE, near.places)
    return _Found(own.likeness * (_ELSEWHERE + (1 - _ELSEWHERE) * near.likeness), own.places)


def _told(wanted: tuple[str, ...], name: str) -> _Found:
    """By letters and meanings of single words, or by the meaning of the whole where that is more."""
    words, said = bare(split(name)), said_in(wanted)
    found = _found(wanted, words, said)
    if found.likeness >= BY_MEANING:
        return found
    places = [said[group] for group in meant_by(words) if group in said]
    return _Found(BY_MEANING, frozenset().union(*places)) if places else found


def _alone(one: _Found, whole: set[frozenset[int]]) -> float:
    return _INSIDE_ANOTHER if one.likeness >= _WHOLE and any(one.places < other for other in whole) else 1.0


def _found(wanted: tuple[str, ...], name: Sequence[str], said: Said) -> _Found:
    if not name or not wanted:
        return _NOTHING
    places = [_place(word, wanted, said) for word in name]
    letters = [1 if word in FUNCTION_WORDS else max(len(word), 2) for word in name]
    covered = sum(size * score for size, (score, _) in zip(letters, places, strict=True)) / sum(letters)
    in_a_row = 1.0 if _in_a_row(wanted, [place for _, place in places]) else 0.92
    return _Found(covered * in_a_row, frozenset(place for _, place in places if place >= 0))


def _place(word: str, wanted: tuple[str, ...], said: Said) -> tuple[float, int]:
    """How well a word is found among those wanted, and where."""
    if word in wanted:
        return 1.0, wanted.index(word)
    meant = [min(said[group]) for group in meant_by((word,)) if group in said]
    if len(word) < _SHORTEST or meant:
        return (BY_MEANING, min(meant)) if meant else (0.0, -2)
    ending = stem(word)
    for number, other in enumerate(wanted):
        if len(other) >= _SHORTEST and stem(other) == ending:
            return _SAME_STEM, number
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


def _in_a_row(wanted: Sequence[str], places: Sequence[int]) -> bool:
    """Whether the places follow each other, with nothing but function words between."""
    return all(
        earlier < later and FUNCTION_WORDS.issuperset(wanted[earlier + 1 : later])
        for earlier, later in pairwise(places)
        if earlier >= 0
    )


@cache
def _ratio() -> Callable[..., float]:
    from rapidfuzz import fuzz

    return fuzz.ratio
