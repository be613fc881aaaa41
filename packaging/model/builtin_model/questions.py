"""What a model is evaluated with, and how an answer is judged: made cases and hand-written sentences alike."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from agents.prompts.choosing import (
    Choice,
    ClickIt,
    DoubleClickIt,
    Finished,
    NoneFits,
    Press,
    RightClickIt,
    Situation,
    TypeInto,
)
from agents.prompts.folding import folded
from agents.prompts.likening import with_likeness
from agents.screen.listing import ElementList
from builtin_model.case import Case

SENTENCES = Path(__file__).parents[1] / "evaluation" / "sentences.toml"
TREES = SENTENCES.with_name("real_trees.json")


@dataclass(frozen=True)
class Question:
    """A situation, its evidence told, and every answer to it that is right."""

    situation: Situation
    kind: str
    right: tuple[Choice, ...]

    @property
    def aims(self) -> bool:
        """Whether the right answer names an element."""
        return bool(named_by(self.right[0]))

    @property
    def absent(self) -> bool:
        """Whether the right answer is that none fits."""
        return isinstance(self.right[0], NoneFits)

    def hits(self, said: Choice) -> bool:
        """Whether the answer names a right element, whatever is done to it."""
        return bool(named_by(said)) and any(named_by(said) == named_by(one) for one in self.right)

    def is_right(self, said: Choice) -> bool:
        """Whether the whole answer is right; typed text counts without capitals and outer spaces."""
        return any(_plain(said) == _plain(one) for one in self.right)


def of_cases(cases: Sequence[Case]) -> list[Question]:
    """Made cases as questions."""
    return [Question(case.situation, case.kind, (case.answer,)) for case in cases]


def sentences(file: Path = SENTENCES, trees: Path = TREES) -> list[Question]:
    """The sentences that people wrote for screens of real programs, as questions of one kind per program."""
    screens = msgspec.json.decode(trees.read_bytes(), type=dict[str, ElementList])
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["sentence"]
    return [Question(_said(row, screens), row["screen"].split()[0], _right(row)) for row in rows]


def named_by(choice: Choice) -> str:
    """The reference that a choice names; empty where it names none."""
    return "" if isinstance(choice, NoneFits | Finished | Press) else choice.element


def _said(row: dict[str, str], screens: dict[str, ElementList]) -> Situation:
    return with_likeness(Situation(screens[row["screen"]], row["says"]))


def _right(row: dict[str, object]) -> tuple[Choice, ...]:
    refs = row["right"]
    assert isinstance(refs, list)
    if not refs:
        return (NoneFits(),)
    match row["action"]:
        case "type":
            return tuple(TypeInto(ref, str(row["text"])) for ref in refs)
        case "double-click":
            return tuple(DoubleClickIt(ref) for ref in refs)
        case "right-click":
            return tuple(RightClickIt(ref) for ref in refs)
    return tuple(ClickIt(ref) for ref in refs)


def _plain(choice: Choice) -> Choice:
    if isinstance(choice, TypeInto):
        return msgspec.structs.replace(choice, text=folded(choice.text))
    return choice
