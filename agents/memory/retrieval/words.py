"""How alike two sentences are by their words, whatever their values: by rarity of words, by letters, by kind of value.

Tasks differ in what is typed and chosen and are alike in the rest: a word that hardly anything else has (`9kjdQd`,
`Delora`) tells by its kind, a number, a name, letters and digits mixed, more than by itself.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from agents.screen.words import stemmed

MOST_TERMS = 64
"""So many different words of one text are looked at: a task is a sentence, not a book."""

RARE = 2
"""A word that no more entries have than this may be a value."""

WELL_READ = 200
"""With so many entries a plain word that hardly any of them has is taken for a value too."""

BY_WORDS, BY_LETTERS = 0.7, 0.3
"""How much the likeness of words and that of their letters count."""

KIND_WEIGHT, VALUE_WEIGHT = 1.5, 1.0
"""What the kind of a value counts, and the value itself."""

PLAIN = "#plain"

KEPT_TEXTS = 16384
"""So many texts one `Reader` keeps apart."""

_TOKEN = re.compile(r"[^\W_]+")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")
"""Scripts that put no blanks between words: their letters are taken in pairs."""


@dataclass(frozen=True)
class Weights:
    """How rare words are among `entries` texts; `having` says how many have each that any has."""

    entries: int
    having: Mapping[str, int]

    def of(self, term: str) -> float:
        """What a term counts: the logarithm of how few texts have it."""
        return self.telling.get(term, VALUE_WEIGHT)

    @cached_property
    def telling(self) -> Mapping[str, float]:
        """What each term counts that some text has."""
        return {term: math.log(1 + max(self.entries, number) / number) for term, number in self.having.items()}

    @cached_property
    def common(self) -> frozenset[str]:
        """The terms that are no values, whatever they look like."""
        return frozenset(term for term, number in self.having.items() if number > RARE)


Vector = Mapping[str, float]
Parsed = tuple[tuple[str, str], ...]
"""The terms of a text in their order, each with the kind of value that its token is."""


def terms_of(text: str) -> tuple[str, ...]:
    """The words of a text in the one spelling in which they are searched, each once, in their order: ASCII letters."""
    return tuple(dict.fromkeys(term for term, _ in _parsed(text)))


@dataclass(frozen=True)
class Reader:
    """Takes texts apart and remembers how; any thread may use it.

    What it remembers goes with it: nothing that was purged stays in a program longer than the search it belonged to.
    """

    parsed: Callable[[str], Parsed] = field(default_factory=lambda: lru_cache(KEPT_TEXTS)(_parsed), repr=False)
    letters: Callable[[str], frozenset[str]] = field(
        default_factory=lambda: lru_cache(KEPT_TEXTS)(_letters), repr=False
    )


@dataclass(frozen=True)
class Wanted:
    """A text with which many others are compared; `weights` are those of its terms among all of them."""

    text: str
    weights: Weights
    reader: Reader = field(default_factory=Reader, repr=False, compare=False)

    def likeness(self, other: str) -> float:
        """How alike another text is, 0 to 1; the same text gets 1, and one of other endings nearly so."""
        by_words = _cosine(self._vector, _vector(self.reader.parsed(other), self.weights))
        by_letters = _dice(self.reader.letters(self.text), self.reader.letters(other))
        return max(BY_WORDS * by_words + BY_LETTERS * by_letters, by_letters**2)

    @cached_property
    def _vector(self) -> Vector:
        return _vector(self.reader.parsed(self.text), self.weights)


def kind_of_value(token: str) -> str:
    """What a token that is a value looks like: digits of some length, a mixture, a name, a shout, or a plain word."""
    if token.isdigit():
        return f"#{min(len(token), 4)}"
    if any(letter.isdigit() for letter in token):
        return "#mixed"
    if token[:1].isupper():
        return "#name" if token[1:].islower() else "#upper"
    return PLAIN if token.islower() else "#inner"


def _vector(parsed: Parsed, weights: Weights) -> Vector:
    found: dict[str, float] = {}
    well_read = weights.entries >= WELL_READ
    for term, kind in parsed:
        if term not in weights.common and (well_read or kind != PLAIN):
            found[kind] = found.get(kind, 0.0) + KIND_WEIGHT
            found[term] = VALUE_WEIGHT
        else:
            found[term] = weights.of(term)
    return found


def _parsed(text: str) -> Parsed:
    tokens = _tokens(text)
    kinds = [kind_of_value(token) for token in tokens]
    if kinds and kinds[0] == "#name":  # it begins the sentence
        kinds[0] = PLAIN
    return tuple((term, kind) for token, kind in zip(tokens, kinds, strict=True) for term in _terms(token.lower()))


def _letters(text: str) -> frozenset[str]:
    """Every three letters in a row that stand in the text, over the ends of words."""
    joined = " ".join(_tokens(text)).lower()
    return frozenset(joined[at : at + 3] for at in range(max(1, len(joined) - 2)) if joined)


def _tokens(text: str) -> list[str]:
    """The words without marks on their letters, so many as are looked at."""
    if not text.isascii():
        text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return _TOKEN.findall(text)[:MOST_TERMS]


def _terms(token: str) -> Iterator[str]:
    """A token's terms: its stem, or the pairs of its letters where the script has no blanks."""
    place = 0
    for wide in () if token.isascii() else _WIDE.finditer(token):
        if wide.start() > place:
            yield _ascii(stemmed(token[place : wide.start()]))
        letters = wide[0]
        yield from (_ascii(letters[at : at + 2]) for at in range(max(1, len(letters) - 1)))
        place = wide.end()
    if place < len(token):
        yield _ascii(stemmed(token[place:]))


def _ascii(term: str) -> str:
    """Other letters by their numbers: SQLite knows fewer letters than Python, and takes the rest for blanks."""
    return term if term.isascii() else "".join(one if one.isascii() else f"x{ord(one):x}" for one in term)


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _cosine(one: Vector, other: Vector) -> float:
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    return shared / (_length(one) * _length(other)) if shared else 0.0


def _length(vector: Vector) -> float:
    return math.sqrt(sum(weight * weight for weight in vector.values()))
