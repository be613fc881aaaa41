"""Which hints a planner is told: approved ones of the application in front that fit its window, controls and task.

A hint that nothing on the screen speaks for is left out: what does not help hurts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.memory.hints.phrasing import names_in
from agents.prompts.planning import estimated_tokens
from agents.screen.alike import likeness, split
from agents.screen.listing import ElementList
from workbench.events import Loan
from workbench.library.learning import Lesson, Status

MOST_TOLD = 3
MOST_TOKENS = 160
"""How many hints a planner is told at once, and how many tokens they may take."""

LEAST_FIT = 0.4
"""Hints that fit less are not told."""

BY_CONTROLS, BY_WINDOW, BY_TASK = 0.5, 0.3, 0.2
"""How much counts what a hint names and the screen shows, the window that it was learned in, and the task."""


@dataclass(frozen=True)
class Told:
    """A hint for this moment, how well it fits, 0 to 1, and about how many tokens it takes."""

    hint: Lesson
    score: float
    why: str
    tokens: int

    @property
    def line(self) -> str:
        """What a planner is told."""
        return self.hint.words

    @property
    def loan(self) -> Loan:
        """The same for the log, without its words."""
        return Loan("hint", self.hint.id, score=round(self.score, 3), why=self.why, tokens=self.tokens)


def lendable(hints: Iterable[Lesson], *, unapproved: bool) -> tuple[Lesson, ...]:
    """Those that may be told: what a person approved, and with `unapproved` what nobody has looked at yet."""
    allowed: tuple[Status, ...] = ("approved", "proposed") if unapproved else ("approved",)
    return tuple(one for one in hints if one.status in allowed)


def fitting(
    hints: Sequence[Lesson], task: str, shown: ElementList, *, most_tokens: int = MOST_TOKENS
) -> tuple[Told, ...]:
    """The hints for this screen, the best first, as many as there is room for."""
    of_app = [one for one in hints if one.app.casefold() == shown.app.casefold()]
    ranked = sorted((_told(one, task, shown) for one in of_app), key=lambda told: -told.score)
    found: list[Told] = []
    room = most_tokens
    for one in ranked:
        if one.score >= LEAST_FIT and one.tokens <= room and len(found) < MOST_TOLD:
            found.append(one)
            room -= one.tokens
    return tuple(found)


def _told(hint: Lesson, task: str, shown: ElementList) -> Told:
    there = _there(hint, shown)
    window = _alike(str(hint.body.get("window", "")), shown.window)
    wanted = _alike(str(hint.body.get("about", "")), task)
    score = BY_CONTROLS * there + BY_WINDOW * window + BY_TASK * wanted
    why = f"of what it names {there:.0%} is there, window alike by {window:.2f}, task by {wanted:.2f}"
    return Told(hint, score, why, estimated_tokens(f"hint: {hint.words}\n"))


def _there(hint: Lesson, shown: ElementList) -> float:
    """The share of the names in a hint that the screen shows; all of it where it names nothing."""
    names = {name.casefold() for name in names_in(hint.words)}
    seen = {line.name.casefold() for line in shown.lines} | {shown.window.casefold()}
    return len(names & seen) / len(names) if names else 1.0


def _alike(one: str, other: str) -> float:
    words, others = split(one), split(other)
    return max(likeness(words, others), likeness(others, words)) if words and others else 0.0
