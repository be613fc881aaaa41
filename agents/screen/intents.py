"""Which controls a sentence usually means, judged by sentences that people say for the commands of applications.

"I want a hard copy" shares no word with "Print…", but it does with "put a hard copy on paper", which was written down
for that command (`applications`). Found by the words that sentences share, and by words that mean the same; rare ones
count for more. No model is asked.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from agents.screen.alike import Alike, graded
from agents.screen.applications import VALUE, Command, applications
from agents.screen.listing import Line, Role
from agents.screen.meanings import meant_by
from agents.screen.words import FUNCTION_WORDS, bare, split, stem

LOWEST = 0.3
"""Less than this is not told."""

MOST = 3
"""How many lines are told."""

_DEAD: frozenset[Role] = frozenset({"text", "heading", "window"})
"""What nobody means by a sentence that asks for something to be done."""

_SECOND = 0.15
"""What a second sentence of the same command adds."""

_OWN = 0.4
"""The share of the likeness that depends on how much of what is said the known sentence explains."""

Stems = frozenset[str]


@dataclass(frozen=True)
class _Known:
    """All sentences by command, the commands by label, and how much a word tells."""

    sentences: tuple[tuple[Stems, ...], ...]
    by_label: dict[tuple[str, ...], tuple[int, ...]]
    weights: dict[str, float]
    usual: float

    def weight(self, words: Iterable[str]) -> float:
        return sum(self.weights.get(word, self.usual) for word in words)


def meant(words: str, lines: Sequence[Line], *, word_for_word: bool = True) -> tuple[Alike, ...]:
    """The lines that such a sentence means, the likeliest first, at most `MOST`.

    Without `word_for_word` a sentence that is known as it stands does not count: so learns the built-in model, which is
    to weigh sentences that are only similar.
    """
    said = _stems(words)
    scored = []
    for number, line in enumerate(lines):
        if line.role in _DEAD:
            continue
        commands = _known().by_label.get(bare(split(line.name or line.near)), ())
        likeness = max((_likeness(said, command, word_for_word=word_for_word) for command in commands), default=0.0)
        if likeness >= LOWEST:
            scored.append((-likeness, number))
    return tuple(Alike(lines[number].ref, graded(-score)) for score, number in sorted(scored)[:MOST])


@lru_cache(maxsize=4096)
def _likeness(said: Stems, command: int, *, word_for_word: bool) -> float:
    known = _known()
    found = [one for sentence in known.sentences[command] if (one := _shared(said, sentence)) < 1 or word_for_word]
    best = sorted(found, reverse=True)[:2]
    return min(1.0, best[0] + _SECOND * sum(best[1:])) if best else 0.0


def _shared(said: Stems, sentence: Stems) -> float:
    """How alike what is said and a known sentence are; 1 where all of the sentence is said."""
    known = _known()
    both = said & sentence
    if not both:
        return 0.0
    if both == sentence:
        return 1.0
    weight = known.weight(both)
    return weight / known.weight(sentence) * (1 - _OWN + _OWN * weight / known.weight(said))


@lru_cache(maxsize=4096)
def _stems(sentence: str) -> Stems:
    words = [word for word in split(sentence.replace(VALUE, " ")) if word not in "\"'.,;:!?"]
    groups = (f"{group} means" for word in words if word not in FUNCTION_WORDS for group in meant_by((word,)))
    return frozenset((*map(stem, words), *groups))


@cache
def _known() -> _Known:
    commands = [command for application in applications() for command in application.commands]
    sentences = tuple(tuple(filter(None, map(_stems, _said(command)))) for command in commands)
    by_label: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, command in enumerate(commands):
        for label in command.labels:
            by_label[bare(split(label))].append(number)
    counts = Counter(word for each in sentences for sentence in each for word in sentence)
    total = sum(map(len, sentences))
    weights = {word: math.log(total / count) for word, count in counts.items()}
    return _Known(sentences, {label: tuple(each) for label, each in by_label.items()}, weights, math.log(total))


def _said(command: Command) -> Iterable[str]:
    return (*command.spoken, *command.sentences, *command.off)
