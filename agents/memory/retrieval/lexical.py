"""Searching exemplar memory by words: no second model, nothing to load, milliseconds over a million steps.

The rarest words of what is wanted name the candidates (FTS5), so that words which half of all steps have cost nothing;
words, letters, kinds of values and the situation then rank them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agents.memory.retrieval import situations
from agents.memory.retrieval.ports import Found, Query, Situation
from agents.memory.retrieval.words import Reader, Wanted, Weights, terms_of
from workbench.library.memories import Entry, Level

if TYPE_CHECKING:
    from workbench.library.memories import Memories

MOST_CANDIDATES = 400
"""So many entries are ranked at most."""

MOST_RANKED = 100
"""Of those, so many as have the weightiest words in common are compared letter by letter."""

LEAST_ALIKE: Mapping[Level, float] = {"whole": 0.5, "span": 0.5, "step": 0.3}
"""Entries whose words are less alike are never found: a demonstration that does not fit hurts.

On demonstrations by others more than 98 % of the right first answers are more alike than 0.5 (`docs/learning.md`).
A thought is seldom put as it was the last time, and the situation tells more of a single step.
"""

BY_LIKENESS, BY_FIT = 0.65, 0.35
"""How much the words count in the score, and the situation."""

MOST_JOINED = 4
"""So many frequent words are looked for together at most."""

EVERYWHERE = 0.5
"""A word that this share of all entries has names no candidates where there are others: it only costs time."""

_BEGINNING = 4
"""Letters by which words are looked for that nothing has: another ending, or a mistake behind them."""

_SIMILAR_TERMS = 3
_SHORT = 3
"""Terms that every entry is taken to have beside its own, so that a single word is no perfect fit."""


@dataclass(frozen=True)
class LexicalRetriever:
    """Searches by words. Any thread may use it."""

    memories: "Memories"
    _reader: Reader = field(default_factory=Reader, repr=False, compare=False)

    def find(self, query: Query) -> tuple[Found, ...]:
        """The best entries, at most one of each trajectory; 20 ms at most with a million steps."""
        terms = terms_of(query.words)
        counts = self._counts(terms, query)
        weights = Weights(self.memories.size(query.level), counts)
        candidates = [one for one in self._candidates(weights, query) if one.trajectory not in query.without]
        wanted, fit = Wanted(query.words, weights, self._reader), Fitting(query.situation)
        closest = _closest(candidates, weights, fit)
        return best((found_of(one, wanted.likeness(one.words), fit) for one in closest), query)

    def _counts(self, terms: tuple[str, ...], query: Query) -> dict[str, int]:
        """How many entries have each term; for one that none has, the most frequent that begin like it."""
        counts = self.memories.counts(terms, query.level)
        for term in terms:
            if term not in counts and len(term) >= _BEGINNING:
                alike = self.memories.beginning(term[:_BEGINNING], query.level, limit=_SIMILAR_TERMS)
                counts = alike | counts
        return counts

    def _candidates(self, weights: Weights, query: Query) -> Iterable[Entry]:
        """Entries with the rarest words, then those that have the next rarer ones together; each once.

        Whatever has many of the frequent words has a few of them too: a search for as few as hardly too many entries
        will have together finds all of these, and those for more are needed only where it found too many after all.
        """
        rare, frequent = _by_rarity(weights)
        found = _Gathered(self.memories, query.level)
        found.add(found.having(" OR ", rare))
        few = _few(frequent, weights, found.room)
        having_few = found.having(" AND ", frequent[:few])
        if len(having_few) == found.room:
            for size in range(len(frequent), few, -1):
                found.add(found.having(" AND ", frequent[:size]))
        found.add(having_few)
        for size in range(few - 1, 0, -1):
            found.add(found.having(" AND ", frequent[:size]))
        return found.entries.values()


@dataclass(frozen=True)
class _Gathered:
    """Entries to be ranked, each once, and for how many there is still room."""

    memories: "Memories"
    level: Level
    entries: dict[int, Entry] = field(default_factory=dict)

    @property
    def room(self) -> int:
        return MOST_CANDIDATES - len(self.entries)

    def having(self, joined: str, terms: Sequence[str]) -> list[Entry]:
        """The newest entries with any or all of the terms, so many as there is room for."""
        if not terms or not self.room:
            return []
        return self.memories.having(joined.join(f'"{term}"' for term in terms), self.level, limit=self.room)

    def add(self, entries: Sequence[Entry]) -> None:
        """Take the first of them that there is room for."""
        self.entries.update((one.id, one) for one in entries[: self.room])


@dataclass(frozen=True)
class Fitting:
    """How well entries fit the situation of today; of the same program and controls this is found out once."""

    today: Situation
    _known: dict[tuple[str, str], float] = field(default_factory=dict, repr=False)

    def of(self, entry: Entry) -> float:
        """How well, 0 to 1."""
        key = entry.app, entry.controls
        fit = self._known.get(key)
        if fit is None:
            then = Situation(entry.app, entry.window, situations.read(entry.controls))
            fit = self._known[key] = situations.fit(self.today, then)
        return fit


def found_of(entry: Entry, alike: float, fitting: Fitting, by: str = "words") -> Found:
    """An entry as an answer: `alike` is how alike the words are, by the measure that is named in `by`."""
    fit = fitting.of(entry)
    return Found(
        trajectory=entry.trajectory,
        level=entry.level,
        first=entry.first,
        last=entry.last,
        words=entry.words,
        score=BY_LIKENESS * alike + BY_FIT * fit,
        likeness=alike,
        fit=fit,
        why=f"words alike by {alike:.2f}, situation by {fit:.2f}",
        by=by,
    )


def best(found: Iterable[Found], query: Query) -> tuple[Found, ...]:
    """Those of the highest score, at most one of each trajectory; of equal ones the newer."""
    ranked = sorted((one for one in found if one.likeness >= LEAST_ALIKE[query.level]), key=lambda one: -one.score)
    first_of: dict[str, Found] = {}
    for one in ranked:
        first_of.setdefault(one.trajectory, one)
    return tuple(first_of.values())[: query.most]


def _by_rarity(weights: Weights) -> tuple[list[str], list[str]]:
    """The words that few enough entries have to look at all of them, and the next rarer ones, the rarest first."""
    ordered = sorted(weights.having, key=lambda term: weights.having[term])
    rare: list[str] = []
    while ordered and sum(weights.having[term] for term in rare) + weights.having[ordered[0]] <= MOST_CANDIDATES:
        rare.append(ordered.pop(0))
    telling = [term for term in ordered if weights.having[term] < EVERYWHERE * weights.entries]
    return rare, (telling or ordered[:1])[:MOST_JOINED]


def _few(frequent: Sequence[str], weights: Weights, room: int) -> int:
    """How many of the words hardly more entries than there is room for have together, if chance alone joins them."""
    expected = float(weights.entries)
    for number, term in enumerate(frequent, 1):
        expected *= weights.having[term] / max(weights.entries, 1)
        if expected <= room:
            return number
    return len(frequent)


def _closest(candidates: Sequence[Entry], weights: Weights, fitting: Fitting) -> Iterable[Entry]:
    """Those with most of what is wanted that fit, half of them by its sum, half by its share of the entry."""
    telling = weights.telling
    most = sum(telling.values()) or 1.0
    sums, shares = [], []
    for one in candidates:
        terms = one.terms.split()
        shared = BY_LIKENESS * sum(telling[term] for term in terms if term in telling) / most
        fits = BY_FIT * fitting.of(one)
        sums.append(shared + fits)
        shares.append(shared * math.sqrt((_SHORT + len(telling)) / (_SHORT + len(terms))) + fits)
    half = MOST_RANKED // 2
    by_sum, by_share = (sorted(range(len(each)), key=lambda at: -each[at])[:half] for each in (sums, shares))
    return [candidates[at] for at in dict.fromkeys((*by_sum, *by_share))]
