"""How names and sentences are taken apart into words, and when two words are the same word."""

import re
from functools import lru_cache

_FUNCTION_WORDS = """
a an and as at by for from in into is it its less me my no of off on or over please return so some that the then this to
up us use what with you your
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words of which a name or a sentence has many, and that tell little."""

_WORD = re.compile(r"\w+|[^\w\s]", re.UNICODE)
_DRESSING = frozenset(".…:,;!?'\"()[]*&_")
_ENDINGS = (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
_SHORTEST_STEM = 3


@lru_cache(maxsize=8192)
def split(text: str) -> tuple[str, ...]:
    """The words and signs of a text, in lower case."""
    return tuple(_WORD.findall(text.lower()))


@lru_cache(maxsize=8192)
def bare(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name's words without the signs that programs dress it with: dots, colons, brackets; a name of signs stays."""
    kept = tuple(word for word in name if word not in _DRESSING)
    return kept or name


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """An English word without its ending, remembered: for words of screens, which come again and again."""
    return stemmed(word)


def stemmed(word: str) -> str:
    """An English word without its ending, so that "deleting", "deletes" and "deleted" are one; others as they are."""
    if len(word) <= _SHORTEST_STEM:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM and not word.endswith("ss"):
            cut = word[: len(word) - len(ending)] + instead
            doubled = ending in {"ing", "ed"} and cut[-1] == cut[-2] and cut[-1] not in "lsz"
            return cut[:-1] if doubled else cut
    return word
