"""Byte-pair merges as llama.cpp's `gpt-2` pre-tokeniser knows them: splitting text into chunks, learning, applying.

Chunks are split as GPT-2 does it (Radford et al. 2019), bytes are written as its printable letters, and merges are
learned by Sennrich et al., arXiv 1508.07909.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from heapq import heappop, heappush
from itertools import pairwise

Pair = tuple[str, str]

_TWICE = 17
"""The weight of a chunk that occurs twice: pairs below it are learned by nobody."""

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space as llama.cpp counts it, as a class of a regular expression."""


@cache
def letters_of_bytes() -> tuple[str, ...]:
    """The printable letter that stands for each byte."""
    shown = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = [byte for byte in range(256) if byte not in shown]
    return tuple(chr(byte if byte in shown else 256 + hidden.index(byte)) for byte in range(256))


@cache
def bytes_of_letters() -> dict[str, int]:
    """The byte for which each printable letter stands."""
    return {letter: byte for byte, letter in enumerate(letters_of_bytes())}


def spelled(text: str) -> str:
    """The text's bytes, each as its printable letter."""
    letters = letters_of_bytes()
    return "".join(letters[byte] for byte in text.encode("utf-8", "replace"))


@cache
def chunks_pattern() -> "re.Pattern[str]":
    """What splits a text into chunks; no merge crosses their borders."""
    letter, number = _ranges("L"), _ranges("N")
    return re.compile(
        "'s|'t|'re|'ve|'m|'ll|'d"
        f"| ?[{letter}]+| ?[{number}]+| ?[^{SPACES}{letter}{number}]+"
        f"|[{SPACES}]+(?![^{SPACES}])|[{SPACES}]+"
    )


def _ranges(category: str) -> str:
    """The characters of a Unicode category as the inside of a class of a regular expression."""
    runs: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code))[0] == category:
            if runs and runs[-1][1] == code - 1:
                runs[-1][1] = code
            else:
                runs.append([code, code])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in runs)


def learned(chunks: Mapping[str, int], count: int, *, forced: Iterable[Pair] = ()) -> list[Pair]:
    """The merges of the most frequent pairs, in order, `forced` ones first; the same for the same chunks.

    Chunks count a little less than they are frequent, so that rare words of the screen have their share beside the
    words of sentences. Digits are merged with nothing but what is forced.
    """
    words = _Words(chunks)
    merges = list(forced)
    for pair in merges:
        words.merge(pair)
    while len(merges) < count and (best := words.best()):
        words.merge(best)
        merges.append(best)
    return merges


class _Words:
    """Chunks as parts, and how often each pair of neighbours occurs."""

    def __init__(self, chunks: Mapping[str, int]) -> None:
        known = [(spelled(chunk), times) for chunk, times in sorted(chunks.items())]
        self._parts = [list(word) for word, _ in known]
        self._weights = [round(10 * times**0.75) for _, times in known]
        self._counts: Counter[Pair] = Counter()
        self._where: dict[Pair, set[int]] = {}
        self._ranked: list[tuple[int, Pair]] = []
        for number in range(len(known)):
            self._count(number, 1)
        self._rank(self._counts)

    def best(self) -> Pair | None:
        """The pair to merge next; None where none occurs twice."""
        while self._ranked:
            count, pair = heappop(self._ranked)
            if -count == self._counts[pair] and -count >= _TWICE:
                return pair
        return None

    def merge(self, pair: Pair) -> None:
        """Make the pair one part wherever it stands."""
        changed: set[Pair] = set()
        for number in sorted(self._where.get(pair, ())):
            changed |= self._count(number, -1)
            self._parts[number] = joined(self._parts[number], pair)
            changed |= self._count(number, 1)
        self._rank(changed)

    def _rank(self, pairs: Iterable[Pair]) -> None:
        """Queue pairs with their counts of now; older entries no longer agree and are passed over."""
        for pair in pairs:
            if not _numeric(pair[0] + pair[1]):
                heappush(self._ranked, (-self._counts[pair], pair))

    def _count(self, number: int, sign: int) -> set[Pair]:
        pairs = list(pairwise(self._parts[number]))
        for pair in pairs:
            self._counts[pair] += sign * self._weights[number]
            where = self._where.setdefault(pair, set())
            where.add(number) if sign > 0 else where.discard(number)
        return set(pairs)


def _numeric(part: str) -> bool:
    return any(letter.isdigit() for letter in part)


def joined(parts: list[str], pair: Pair) -> list[str]:
    """The parts with the pair made one wherever it stands, from the left."""
    found: list[str] = []
    at = 0
    while at < len(parts):
        here = at + 1 < len(parts) and (parts[at], parts[at + 1]) == pair
        found.append(parts[at] + parts[at + 1] if here else parts[at])
        at += 2 if here else 1
    return found


def applied(word: str, ranks: Mapping[Pair, int]) -> list[str]:
    """The parts of a spelled chunk after all merges, the earliest learned first, from the left."""
    parts = list(word)
    while len(parts) > 1:
        rank, at = min((ranks.get(pair, len(ranks)), at) for at, pair in enumerate(pairwise(parts)))
        if rank == len(ranks):
            break
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts
