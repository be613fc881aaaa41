"""A working memory cut to what a model has room for: the least valuable lines go first, and a line says how many went.

The task, the open subgoals, pinned facts and what a person said never go. Lines go several at a time, so that the
beginning of the prompt stays the same for some steps instead of moving with every one.
"""

from dataclasses import dataclass
from itertools import groupby

from agents.memory.serialising import Count, Piece
from agents.memory.tree import TASK, NodeId
from workbench.errors import BadInputError

LEFT_OUT_TOGETHER = 8
"""Lines of one rank are left out in multiples of this, as far as there are so many."""


@dataclass(frozen=True)
class Fitted:
    """The lines that fit, which nodes' lines were left out (oldest first), and how many tokens the rest takes."""

    pieces: tuple[Piece, ...]
    left_out: tuple[NodeId, ...]
    tokens: int


def fitted(pieces: tuple[Piece, ...], budget_tokens: int, count: Count) -> Fitted:
    """The lines in at most so many tokens, line breaks included.

    Steps of closed subgoals go first, then the lines of closed subgoals themselves, then the steps of open ones, the
    oldest first each. Raises `BadInputError` where what may not go takes more than the budget.
    """
    tokens = [count(piece.text + "\n") for piece in pieces]
    order = _order(pieces)
    for gone in _stops(pieces, order):
        kept = _without(pieces, tokens, frozenset(order[:gone]), count)
        if kept.tokens <= budget_tokens:
            return kept
    raise BadInputError(
        f"the task, its open subgoals and what is pinned take more than the {budget_tokens} tokens there are; "
        "unpin something, or choose a model with more context"
    )


def _rank(piece: Piece) -> int | None:
    """How soon a line goes, 0 first; None for those that never go."""
    if piece.kind in ("task", "kept"):
        return None
    if piece.closed:
        return 0 if piece.kind in ("step", "note") else 1
    return None if piece.kind == "goal" else 2


def _order(pieces: tuple[Piece, ...]) -> list[int]:
    """The places of all lines that may go, the first to go first."""
    ranked = [(rank, place) for place, piece in enumerate(pieces) if (rank := _rank(piece)) is not None]
    return [place for _, place in sorted(ranked)]


def _stops(pieces: tuple[Piece, ...], order: list[int]) -> list[int]:
    """How many lines may be left out, from none to all: whole packets of each rank."""
    stops = [0]
    for _, group in groupby(order, key=lambda place: _rank(pieces[place])):
        start, size = stops[-1], len(list(group))
        stops += [*range(start + LEFT_OUT_TOGETHER, start + size, LEFT_OUT_TOGETHER), start + size]
    return stops


def _without(pieces: tuple[Piece, ...], tokens: list[int], gone: frozenset[int], count: Count) -> Fitted:
    left = [place for place in range(len(pieces)) if place not in gone]
    kept, total = [pieces[place] for place in left], sum(tokens[place] for place in left)
    if gone:
        told = Piece(TASK, _told([pieces[place] for place in gone]), "left-out")
        kept.insert(1, told)
        total += count(told.text + "\n")
    return Fitted(tuple(kept), tuple(pieces[place].node for place in sorted(gone)), total)


def _told(gone: list[Piece]) -> str:
    steps = sum(piece.kind in ("step", "note") for piece in gone)
    counted = [(steps, "steps and notes"), (len(gone) - steps, "lines of closed subgoals")]
    return "left out: " + ", ".join(f"{number} {what}" for number, what in counted if number)
