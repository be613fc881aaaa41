"""Figures of an evaluation: shares with their intervals, by kind and in groups, of several ways side by side."""

from collections.abc import Mapping, Sequence
from math import sqrt

import msgspec

from agents.prompts.choosing import Choice, NoneFits
from builtin_model.questions import Question

GROUPS: Mapping[str, tuple[str, ...]] = {
    "naming an element": ("exact", "partial", "plural", "synonym", "ordinal", "role", "relation", "typo"),
    "typing and setting": ("type_quoted", "type_plain", "set_value", "ask"),
    "following an example": ("ex_type", "ex_click", "ex_param", "ex_follow"),
    "knowing how far one is": ("finish", "goal", "sequence"),
    "keys": ("press",),
    "nothing is meant": ("none", "none_hard", "none_command"),
    "real language": ("command", "place", "nameless"),
}


class Share(msgspec.Struct, frozen=True):
    """So many of so many, with the interval of Wilson (1927) that holds the true share 19 times of 20."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.hits / self.of if self.of else 0.0


class Row(msgspec.Struct, frozen=True):
    """One kind or group of questions: how many, and by way the share of right elements and of right whole answers.

    `element` counts only questions whose answer names one; it is empty where there are none.
    """

    name: str
    questions: int
    element: dict[str, Share]
    whole: dict[str, Share]


class Part(msgspec.Struct, frozen=True):
    """One set of questions: rows by kind, by group and in all; and how often a way said "none" where it is wrong."""

    name: str
    kinds: list[Row]
    groups: list[Row]
    all: Row
    false_none: dict[str, Share]


def share(truths: Sequence[bool]) -> Share:
    """The share of truths."""
    hits, of, z = sum(truths), len(truths), 1.96
    if not of:
        return Share(0, 0, 0.0, 1.0)
    centre, wide = (hits / of + z * z / (2 * of)), z * sqrt(hits * (of - hits) / of**3 + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return Share(hits, of, round(max(0.0, (centre - wide) / scale), 4), round(min(1.0, (centre + wide) / scale), 4))


def part(name: str, questions: Sequence[Question], answers: Mapping[str, Sequence[Choice]]) -> Part:
    """The figures of a set, given each way's answers in the order of the questions."""
    kinds = list(dict.fromkeys(question.kind for question in questions))
    table = _Table(questions, answers)
    groups = [(group, [kind for kind in kinds if kind in members]) for group, members in GROUPS.items()]
    return Part(
        name,
        [table.row(kind, [kind]) for kind in kinds],
        [table.row(group, members) for group, members in groups if members],
        table.row("all", kinds),
        table.false_none(),
    )


class _Table:
    def __init__(self, questions: Sequence[Question], answers: Mapping[str, Sequence[Choice]]) -> None:
        self._answers = {way: list(zip(questions, said, strict=True)) for way, said in answers.items()}

    def row(self, name: str, kinds: Sequence[str]) -> Row:
        chosen = {way: [pair for pair in pairs if pair[0].kind in kinds] for way, pairs in self._answers.items()}
        count = len(next(iter(chosen.values()), []))
        element = {
            way: share([question.hits(said) for question, said in pairs if question.aims])
            for way, pairs in chosen.items()
            if any(question.aims for question, _ in pairs)
        }
        whole = {way: share([question.is_right(said) for question, said in pairs]) for way, pairs in chosen.items()}
        return Row(name, count, element, whole)

    def false_none(self) -> dict[str, Share]:
        return {
            way: share([isinstance(said, NoneFits) for question, said in pairs if question.aims])
            for way, pairs in self._answers.items()
        }
