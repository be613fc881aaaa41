"""The prompt of the memory suite: a task in words, what is remembered, what can be done now; the answer is one move.

With hierarchical memory a move may begin a subgoal, which closes the one before with a summary (HiAgent, arXiv
2408.09559), or unfold closed ones again. With flat memory, the baseline, there are only actions.
"""

import json
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from agents.memory.editing import LONGEST_SUMMARY
from agents.memory.serialising import Mode, Piece, text_of
from agents.runtime.grammar.json_schema import grammar_from, schema_of
from agents.runtime.ports import Asking
from agents.runtime.prompt import Message, Prompt
from workbench.codec import from_json
from workbench.errors import BadInputError

_ACT = '{"do":"act","action":"..."} does what is possible now, in its very words'
_BEGIN = """\
{"do":"begin","ended":"met","summary":"...","subgoal":"...","action":"..."} begins a subgoal with its first action, \
when no goal is open or the open one "ended" ("met", "abandoned"; "none" if none was open); "summary": what that changed
{"do":"recall","subgoals":[3]} shows the steps of closed subgoals again"""

_FLAT = f"You solve a task step by step. Answer with one move as JSON:\n{_ACT}"
INSTRUCTIONS: dict[Mode, str] = {"flat": _FLAT, "hierarchical": f"{_FLAT}\n{_BEGIN}"}

POSSIBLE = "possible now:"

Line = Annotated[str, Meta(min_length=1, max_length=LONGEST_SUMMARY)]


class _Move(Struct, frozen=True, tag_field="do", forbid_unknown_fields=True):
    """What all moves share: their tag stands first."""


class Act(_Move, frozen=True, tag="act"):
    """Do this."""

    action: str


class Begin(_Move, frozen=True, tag="begin"):
    """Begin a subgoal with its first action; the one that was open has ended so, with this summary."""

    ended: Literal["met", "abandoned", "none"]
    summary: Line
    subgoal: Line
    action: str


class Recall(_Move, frozen=True, tag="recall"):
    """Show the steps of these closed subgoals."""

    subgoals: Annotated[tuple[int, ...], Meta(min_length=1, max_length=4)]


Move = Act | Begin | Recall


class Question(Struct, frozen=True):
    """What a planner is asked: the memory to show, what is possible now, and what was wrong with its last answer."""

    rules: str
    memory: tuple[Piece, ...]
    possible: tuple[str, ...]
    mode: Mode = "hierarchical"
    complaint: str = ""


def planning_prompt(question: Question) -> Prompt:
    """The messages to ask with, what stays the same from step to step first."""
    system = f"{INSTRUCTIONS[question.mode]}\n{question.rules}"
    tail = [POSSIBLE, *question.possible, *([f"refused: {question.complaint}"] if question.complaint else [])]
    return Message("system", (system,)), Message("user", (text_of(question.memory) + "\n" + "\n".join(tail),))


def planning(question: Question) -> Asking:
    """How the answer is held to a `Move` whose action is possible now."""
    schema = schema_of(Act if question.mode == "flat" else Move)
    for move in schema["$defs"].values():
        if "action" in move["properties"]:
            move["properties"]["action"] = {"enum": list(question.possible)}
    return Asking(grammar=grammar_from(schema), schema=json.dumps(schema, ensure_ascii=False))


def understood(answer: str, mode: Mode) -> Move:
    """The move that was answered; raises `BadInputError` where it is none."""
    kind: Any = Act if mode == "flat" else Move
    move: Move = from_json(answer, kind, what="the move")
    if isinstance(move, Act | Begin) and not move.action:
        raise BadInputError("the move has no action; name one that is possible now")
    return move
