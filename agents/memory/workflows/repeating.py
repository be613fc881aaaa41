"""Finding what repeats: the runs of tokens that stand in several sequences, the ones that save most first.

Runs are grown by one token at a time from those that repeat already, so that work is spent on what repeats alone.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LEAST_STEPS, MOST_STEPS = 2, 40
LEAST_SEQUENCES = 2

ALIKE = 0.8
"""A run that is this alike to one that was chosen already is a variant of it, and not told."""

MOST_FOUND = 50

Sequences = Sequence[Sequence[int]]
"""Tokens by number, the same number for the same token; numbers below 0 never repeat."""


@dataclass(frozen=True)
class Place:
    """Where a run begins: in which sequence, at which token."""

    sequence: int
    start: int


@dataclass(frozen=True)
class Repeat:
    """A run of tokens and where it stands, at most once in each sequence."""

    tokens: tuple[int, ...]
    places: tuple[Place, ...]

    @property
    def worth(self) -> float:
        """Long runs are worth more than frequent ones: two steps say little, however often they are done.

        Not so much more that two routines which followed each other by chance count as one.
        """
        return _worth(len(self.tokens), len(self.places))


def repeats(sequences: Sequences, *, most: int = MOST_FOUND) -> tuple[Repeat, ...]:
    """The repeating runs of at least two different tokens, best first, none over another and no two alike.

    A thousand sequences of fifty tokens take about a second.
    """
    found: list[Repeat] = []
    taken: list[set[int]] = [set() for _ in sequences]
    for size, places in sorted(_grown(sequences), key=lambda run: -_worth(run[0], _sequences_of(run[1]))):
        if len(found) == most:
            break
        repeat = _free(sequences, size, places, taken=taken)
        if repeat is None or any(_alike(repeat.tokens, other.tokens) for other in found):
            continue
        found.append(repeat)
        for place in repeat.places:
            taken[place.sequence].update(range(place.start, place.start + size))
    return tuple(sorted(found, key=lambda one: -one.worth))


def _worth(size: int, sequences: int) -> float:
    return (size - 1) * math.log2(max(1, sequences))


def _grown(sequences: Sequences) -> Iterator[tuple[int, list[Place]]]:
    """All runs that repeat and cannot be made longer without losing a place, with their sizes and places."""
    groups: list[list[Place]] = _repeating(
        _by(lambda place: sequences[place.sequence][place.start], _places(sequences))
    )
    for size in range(1, MOST_STEPS + 1):
        longer: list[list[Place]] = []
        for places in groups:
            by_next = _by(_next_after(sequences, size), places)
            longer += _repeating(by_next)
            if size >= LEAST_STEPS and not any(len(same) == len(places) for same in by_next.values()):
                yield size, places
        groups = longer


def _places(sequences: Sequences) -> Iterator[Place]:
    for number, sequence in enumerate(sequences):
        yield from (Place(number, start) for start, token in enumerate(sequence) if token >= 0)


def _next_after(sequences: Sequences, size: int) -> Callable[[Place], int]:
    def token(place: Place) -> int:
        sequence = sequences[place.sequence]
        end = place.start + size
        return sequence[end] if end < len(sequence) else -1

    return token


def _by(token: Callable[[Place], int], places: Iterator[Place] | Sequence[Place]) -> Mapping[int, list[Place]]:
    """The places by the token there; those where no run can go on are left out."""
    found: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        if (at := token(place)) >= 0:
            found[at].append(place)
    return found


def _repeating(by_token: Mapping[int, list[Place]]) -> list[list[Place]]:
    return [places for places in by_token.values() if _sequences_of(places) >= LEAST_SEQUENCES]


def _sequences_of(places: Sequence[Place]) -> int:
    """In how many sequences the places are; they stand in the order of those."""
    return sum(1 for at, place in enumerate(places) if not at or place.sequence != places[at - 1].sequence)


def _free(sequences: Sequences, size: int, places: Sequence[Place], *, taken: Sequence[set[int]]) -> Repeat | None:
    """The run where nothing that was chosen before stands; None where it does not repeat there."""
    first: dict[int, Place] = {}
    for place in places:
        if taken[place.sequence].isdisjoint(range(place.start, place.start + size)):
            first.setdefault(place.sequence, place)
    if len(first) < LEAST_SEQUENCES:
        return None
    begin = places[0]
    tokens = tuple(sequences[begin.sequence][begin.start : begin.start + size])
    return Repeat(tokens, tuple(first.values())) if len(set(tokens)) > 1 else None


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
