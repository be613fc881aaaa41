"""The words that labels are made of, parted into those for training and those that only the test knows.

A quarter of the words, told apart by their checksum, is held out. Words of the synonym groups are in both splits: what
is held out there are the sentences around them. The word lists were written for this project.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from zlib import crc32

from agents.prompts.folding import folded
from agents.screen.meanings import FILE as SYNONYMS
from builtin_model.case import Split

WORDS = Path(__file__).parent / "words"

LANGUAGES = ("german", "french", "spanish", "italian", "portuguese", "dutch", "polish", "scripts")

_CONSONANTS = "bcdfghjklmnprstvwz"
_VOWELS = "aeiou"
_ENDINGS = "nrslmtk"


@dataclass(frozen=True)
class Synonyms:
    """Words for one thing.

    `labels` stand on controls and are said, `spoken` are only said in place of a label, `sentences` in place of a task.
    """

    labels: tuple[str, ...]
    spoken: tuple[str, ...]
    sentences: tuple[str, ...]


def held_out(word: str) -> bool:
    """Whether the word is for the test split only."""
    return crc32(folded(word).encode()) % 4 == 0


def of_split(words: Iterable[str], split: Split) -> tuple[str, ...]:
    """Those of the words that belong to the split."""
    return tuple(word for word in words if held_out(word) == (split == "test"))


@cache
def english() -> tuple[str, ...]:
    """All English words, whatever their split, in alphabetical order."""
    return tuple(sorted({word for words in _domains().values() for word in words}))


@cache
def nouns(split: Split) -> tuple[str, ...]:
    """English words of the split that belong to no group of synonyms."""
    return of_split((word for word in english() if word not in shared()), split)


@cache
def verbs(split: Split) -> tuple[str, ...]:
    """What can be done with things: verbs of the split, and those that both splits share."""
    listed = sorted(set(_domains()["verbs"]))
    return (*of_split((word for word in listed if word not in shared()), split), *filter(shared().__contains__, listed))


@cache
def foreign(language: str, split: Split) -> tuple[str, ...]:
    """Interface words of another language, or in other scripts."""
    return of_split(sorted(set((WORDS / f"{language}.txt").read_text("utf-8").split())), split)


@cache
def people(split: Split) -> tuple[str, ...]:
    """First names."""
    return of_split((WORDS / "people.txt").read_text("utf-8").split(), split)


@cache
def synonyms() -> tuple[Synonyms, ...]:
    """All groups of synonyms, in both splits the same."""
    return tuple(_group(line) for line in SYNONYMS.read_text("utf-8").splitlines() if line.strip())


@cache
def groups_of() -> dict[str, frozenset[int]]:
    """For each phrase of the groups, folded, the numbers of the groups it belongs to."""
    found: dict[str, set[int]] = {}
    for number, group in enumerate(synonyms()):
        for phrase in (*group.labels, *group.spoken):
            found.setdefault(folded(phrase), set()).add(number)
    return {phrase: frozenset(numbers) for phrase, numbers in found.items()}


@cache
def shared() -> frozenset[str]:
    """Single words of labels in groups of synonyms: they belong to both splits."""
    return frozenset(word for group in synonyms() for label in group.labels for word in folded(label).split())


def pseudo(rng: Random) -> str:
    """A word that no language has, of two to eight letters or so, always fresh."""
    word = "".join(_syllable(rng) for _ in range(rng.choice((1, 2, 2, 2, 3))))
    return word if len(word) > 2 else word + rng.choice(_CONSONANTS)


def _syllable(rng: Random) -> str:
    glide = rng.choice("lr") if rng.random() < 0.12 else ""
    ending = rng.choice(_ENDINGS) if rng.random() < 0.3 else ""
    return rng.choice(_CONSONANTS) + glide + rng.choice(_VOWELS) + ending


@cache
def _domains() -> dict[str, list[str]]:
    lines = (WORDS / "english.txt").read_text("utf-8").splitlines()
    return {domain: words.split() for domain, words in (line.split(":", 1) for line in lines)}


def _group(line: str) -> Synonyms:
    labels, spoken, sentences, *_ = (*line.split(";"), "", "")
    return Synonyms(_phrases(labels), _phrases(spoken), tuple(one.lstrip("!") for one in _phrases(sentences)))


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in text.split(","))))
