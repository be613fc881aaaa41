"""Words of interfaces that mean the same: "delete" and "remove", "times" and "×".

They stand in `synonyms.txt`, one group a line: labels that programs print; phrases that people say for them; and, for
the built-in model to learn from, whole sentences that ask for them. Whoever misses a word adds it there.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from agents.screen.words import FUNCTION_WORDS, split

FILE = Path(__file__).with_name("synonyms.txt")

LONGEST = 5
"""Words of the longest phrase that is looked for."""

_NO_GROUPS: frozenset[int] = frozenset()

Said = Mapping[int, frozenset[int]]
"""For each group of which a phrase is said, the places of the phrase's words."""


def meant_by(name: tuple[str, ...]) -> frozenset[int]:
    """The groups that a whole name, split into words, belongs to."""
    return _phrases().get(name, _NO_GROUPS)


@lru_cache(maxsize=4096)
def said_in(words: tuple[str, ...]) -> Said:
    """The groups of which a phrase is said somewhere in the words.

    Words that every sentence has ("to", "and") and single letters are no sign of a group, though they may be labels.
    """
    found: dict[int, frozenset[int]] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            span = words[start:end]
            for group in meant_by(span) if _tells(span) else ():
                found[group] = found.get(group, _NO_GROUPS).union(range(start, end))
    return found


def _tells(span: tuple[str, ...]) -> bool:
    return len(span) > 1 or not (span[0] in FUNCTION_WORDS or (len(span[0]) == 1 and span[0].isalnum()))


@cache
def _phrases() -> dict[tuple[str, ...], frozenset[int]]:
    found: dict[tuple[str, ...], set[int]] = {}
    for number, line in enumerate(FILE.read_text("utf-8").splitlines()):
        for phrase in ",".join(line.split(";")[:2]).split(","):
            found.setdefault(split(phrase), set()).add(number)
    found.pop((), None)
    return {phrase: frozenset(numbers) for phrase, numbers in found.items()}
