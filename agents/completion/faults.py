"""What is wrong with what a model says of a step, as far as rules can tell."""

import re

from agents.completion.veiling import VEIL
from workbench.report.words import is_shown
from workbench.trajectory import Step

_MARKS = re.compile(
    r"\b(red (frame|box|rectangle|outline|border|mark)|marked|highlighted|screenshot|annotat\w*)\b", re.I
)
_QUOTED = re.compile(r"[“\"']([^“”\"']{2,}?)[”\"'](?!\w)")
_WORD = re.compile(r"\w+")

SHORTEST_NAME = 3
"""Shorter names stand in any sentence by chance."""


def fault_of(words: str, *, known: str) -> str:
    """Why the words are not taken, or nothing.

    They mention our own mark, hold what must not be shown, or quote what stands in nothing that is `known`.
    """
    if VEIL in words or not all(map(is_shown, words)):
        return "it holds what is hidden"
    if _MARKS.search(words) and not _MARKS.search(known):
        return "it speaks of the mark in the picture"
    missing = next((name for name in _QUOTED.findall(words) if _plain(name) not in _plain(known)), None)
    return "it quotes what is not there" if missing is not None else ""


def hindsight(words: str, after: Step | None, *, known: str) -> str:
    """Why a thought knows too much, or nothing: it names what only the next step acts on."""
    element = after.target.element if after is not None and after.target is not None else None
    name = _plain(element.name) if element is not None else ""
    reveals = len(name) >= SHORTEST_NAME and f" {name} " in f" {_plain(words)} " and name not in _plain(known)
    return "it knows of the step that follows" if reveals else ""


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
