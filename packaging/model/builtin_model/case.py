"""One question to learn from: a situation as the product tells it, the right answer, and where it can be seen."""

from dataclasses import dataclass
from typing import Literal, get_args

from agents.prompts.choosing import Choice, Situation

Split = Literal["train", "test"]

Kind = Literal[
    "exact",
    "partial",
    "plural",
    "synonym",
    "ordinal",
    "role",
    "relation",
    "typo",
    "type_quoted",
    "type_plain",
    "set_value",
    "ex_type",
    "ex_click",
    "ex_param",
    "ex_follow",
    "finish",
    "goal",
    "sequence",
    "press",
    "ask",
    "none",
    "none_hard",
    "command",
    "none_command",
    "place",
    "nameless",
]

PointingKind = Literal["colour", "shape", "icon", "label", "ordinal", "mixed"]
"""What a widget on a picture is told apart by."""

POINTING_KINDS: tuple[PointingKind, ...] = get_args(PointingKind)
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Span:
    """Characters `start` up to `end` of one text of the situation, as it was written and not folded.

    `place` says which text: "task", "goal", "example" (its task), "step" (the recorded step 0), or "done" (the last
    one).
    """

    place: Literal["task", "goal", "example", "step", "done"]
    start: int
    end: int


@dataclass(frozen=True)
class Supervision:
    """Where a reader who knows the answer would look; a trainer may use it to guide attention.

    `mention`: the words that name the element (None for none, press and finish). `text`: the words that are typed.
    """

    mention: Span | None = None
    text: Span | None = None


@dataclass(frozen=True)
class Case:
    """A question, its answer, what it tests, and where the answer can be seen."""

    situation: Situation
    answer: Choice
    kind: Kind
    supervision: Supervision = Supervision()
