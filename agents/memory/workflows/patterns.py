"""Tasks with their values left out, and the values that a task of today has in their places.

    recorded: write "Dear Ada" and save it as ada.txt       pattern: write {{text}} and save it as {{name}}
    today:    Please write "Dear Eve" and save it as e.txt  text: Dear Eve, name: e.txt

Nothing is guessed: a sentence follows a pattern where every word that says something stands in both, in one order, and
the words around the values leave no choice of what they are.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from agents.planning.carrying import Piece, pieces
from agents.planning.clauses import QUOTED, clauses, split
from agents.screen.words import FUNCTION_WORDS, stem

PLACE = re.compile(r"\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}")
"""Where a variable stands in a text."""

_QUOTED_PLACE = re.compile(r"[\"'“”„«»‘’`]\s*(\{\{[A-Za-z_][A-Za-z0-9_]*\}\})\s*[\"'“”„«»‘’`]")
_SAYS_NOTHING = FUNCTION_WORDS | frozenset(".,;:!?…")
_ENDS = frozenset(".,;:!")
"""Signs with which a sentence goes on, and no value ends."""

LONGEST = 60
"""Words of a sentence that is compared: longer ones are stories and no instructions."""


@dataclass(frozen=True)
class _Sign:
    """A word, a quotation, or the place of a variable; `start` and `end` are where it stands in the text."""

    word: str
    start: int
    end: int
    kind: str = "word"

    @property
    def free(self) -> bool:
        return self.kind == "word" and self.word in _SAYS_NOTHING


_Spans = tuple[tuple[int, int], ...]
"""For each variable of a pattern, in their order, the signs of the sentence that are its value."""


def pattern_of(task: str, values: Mapping[str, str], *, whole: bool) -> str | None:
    """The task with the variables in the places of their values; None where a value does not stand in just one place.

    Unless it is the `whole` task that is meant, only those of its clauses are kept that the values stand in.
    """
    task = task.strip()
    places = {name: _only_place(task, value) for name, value in values.items()}
    spans = sorted((span, name) for name, span in places.items() if span is not None)
    if len(spans) < len(places) or (not spans and not whole):
        return None
    if any(one[0][1] > other[0][0] for one, other in pairwise(spans)):
        return None
    first, last = (0, len(task)) if whole else _clauses_around(task, spans[0][0][0], spans[-1][0][1])
    text, at = "", first
    for (start, end), name in spans:
        text, at = f"{text}{task[at:start]}{{{{{name}}}}}", end
    pattern = _QUOTED_PLACE.sub(r"\1", text + task[at:last]).strip()
    return pattern if _is_telling(pattern) else None


def fitted(pattern: str, sentence: str) -> dict[str, str] | None:
    """The values of a pattern's variables in a sentence that follows it; None where it does not, or in two ways."""
    wanted, said = _pattern(pattern), _sentence(sentence)
    if not wanted or not said or len(said) > LONGEST:
        return None
    found = _ways(wanted, said)
    if len(found) != 1:
        return None
    (spans,) = found
    names = [sign.word for sign in wanted if sign.kind == "place"]
    values: dict[str, str] = {}
    for name, (first, last) in zip(names, spans, strict=True):
        value = sentence[said[first].start : said[last - 1].end]
        goes_on = said[first].kind != "quoted" and len(clauses(value)) > 1
        if goes_on or values.setdefault(name, value) != value:
            return None
    return values


def tells(pattern: str, sentence: str) -> float:
    """How many of the words that say something in a pattern stand in the sentence too, 0 to 1."""
    wanted = {sign.word for sign in _pattern(pattern) if sign.kind == "word" and not sign.free}
    said = {sign.word for sign in _sentence(sentence)}
    return len(wanted & said) / len(wanted) if wanted else 0.0


def _only_place(task: str, value: str) -> tuple[int, int] | None:
    """Where the words of a value stand, if they stand in one place; of several, the only one in quotation marks."""
    words, told = [one.word for one in pieces(value)], pieces(task)
    size = len(words)
    ats = [at for at in range(len(told) - size + 1) if [one.word for one in told[at : at + size]] == words]
    spans = [(told[at].start, told[at + size - 1].end) for at in ats] if size else []
    if len(spans) > 1:
        quoted = [(match.start() + 1, match.end() - 1) for match in QUOTED.finditer(task)]
        spans = [span for span in spans if span in quoted]
    return spans[0] if len(spans) == 1 else None


def _clauses_around(task: str, start: int, end: int) -> tuple[int, int]:
    """Where the first of the clauses begins that these places stand in, and where the last one ends."""
    first, last, at = 0, len(task), 0
    for clause in split(task):
        begin = at + len(clause.joint)
        at = begin + len(clause.words)
        if begin <= start:
            first = begin
        if at >= end:
            last = at
            break
    return first, last


def _is_telling(pattern: str) -> bool:
    """Whether it says something beside its values, and no two values stand side by side."""
    signs = _pattern(pattern)
    apart = all(one.kind == "word" or other.kind == "word" for one, other in pairwise(signs))
    return apart and any(sign.kind == "word" and not sign.free for sign in signs)


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> tuple[_Sign, ...]:
    signs: list[_Sign] = []
    at = 0
    for match in PLACE.finditer(pattern):
        signs += _words(pattern[at : match.start()])
        signs.append(_Sign(match[1], *match.span(), "place"))
        at = match.end()
    return (*signs, *_words(pattern[at:]))


@lru_cache(maxsize=64)
def _sentence(text: str) -> tuple[_Sign, ...]:
    """The words of a text; what stands between quotation marks is one sign, without the marks."""
    signs: list[_Sign] = []
    at = 0
    for match in QUOTED.finditer(text):
        signs += _words(text[at : match.start()], at)
        if match.end() - match.start() > 2:
            signs.append(_Sign(text[match.start() + 1 : match.end() - 1], match.start() + 1, match.end() - 1, "quoted"))
        at = match.end()
    return (*signs, *_words(text[at:], at))


def _words(text: str, offset: int = 0) -> Iterator[_Sign]:
    for piece in pieces(text):
        yield _Sign(_plain(piece), offset + piece.start, offset + piece.end)


def _plain(piece: Piece) -> str:
    return piece.word if piece.word in _SAYS_NOTHING else stem(piece.word)


def _ways(wanted: Sequence[_Sign], said: Sequence[_Sign]) -> frozenset[_Spans]:
    """The ways in which the sentence follows the pattern, two of them at most."""
    return _Alignment(wanted, said).ways(0, 0)


@dataclass(frozen=True)
class _Alignment:
    """A pattern beside a sentence; what was found out about two places is known for good."""

    wanted: Sequence[_Sign]
    said: Sequence[_Sign]
    known: dict[tuple[int, int], frozenset[_Spans]] = field(default_factory=dict)

    def ways(self, at: int, place: int) -> frozenset[_Spans]:
        """Those from sign `at` of the pattern and sign `place` of the sentence on."""
        if (at, place) not in self.known:
            self.known[at, place] = frozenset(sorted(set(self._found(at, place)))[:2])
        return self.known[at, place]

    def _found(self, at: int, place: int) -> Iterator[_Spans]:
        if at == len(self.wanted):
            if all(sign.free for sign in self.said[place:]):
                yield ()
        elif self.wanted[at].kind == "place":
            for end in _ends(self.wanted, self.said, at, place):
                yield from (((place, end), *rest) for rest in self.ways(at + 1, end))
        else:
            yield from self._by_word(at, place)

    def _by_word(self, at: int, place: int) -> Iterator[_Spans]:
        """The word stands there; or it says nothing, or the one in the sentence does, and is passed over."""
        word, there = self.wanted[at], self.said[place] if place < len(self.said) else None
        if there is not None and there.kind == "word" and there.word == word.word:
            yield from self.ways(at + 1, place + 1)
        if word.free and not _is_beside_a_place(self.wanted, at):
            yield from self.ways(at + 1, place)
        behind_a_value = at > 0 and self.wanted[at - 1].kind == "place"
        if there is not None and there.free and not behind_a_value:
            yield from self.ways(at, place + 1)


def _ends(wanted: Sequence[_Sign], said: Sequence[_Sign], at: int, place: int) -> Iterator[int]:
    """Where the value that begins at `place` can end: a quotation is a value by itself, or no part of one."""
    if place < len(said) and said[place].kind == "quoted":
        yield place + 1
        return
    for end in range(place + 1, len(said) + 1):
        if said[end - 1].kind == "quoted":
            return
        behind = said[end:]
        goes_on = at + 1 == len(wanted) or (bool(behind) and behind[0].word == wanted[at + 1].word)
        rest_says_nothing = at + 1 < len(wanted) or all(sign.word in _ENDS for sign in behind)
        if said[end - 1].word not in _ENDS and goes_on and rest_says_nothing:
            yield end


def _is_beside_a_place(wanted: Sequence[_Sign], at: int) -> bool:
    return any(sign.kind == "place" for sign in wanted[max(0, at - 1) : at + 2])
