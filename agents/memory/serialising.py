"""A working memory as lines of a prompt, whose beginning stays the same while a run goes on.

What is added later stands later, so that a model evaluates only that. Closing a subgoal replaces its own lines by
one; what was pinned in it, and what a person said, stays behind that line. The first word of a line tells what it is:

    task: pay the two invoices
    met 1: open the folder | click "Invoices" -> window "Invoices"
    goal 4: pay invoice 4711
    done: click "4711" -> window "Invoice 4711"
    failed: click "Pay" -> nothing changed
    person: not from the savings account
    pinned 8: the invoice is over 90 Euro

"flat" is the baseline without folding, HiAgent's own: every action there ever was, each with what was observed after
it. Both kinds tell an observation in the same words, as what differs on the screen, so that a comparison of their
costs is one of folding alone; in the paper's environments an observation is a whole text, which costs flat memory more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from agents.memory.tree import (
    TASK,
    Entry,
    Fact,
    Node,
    NodeId,
    Recalled,
    Remark,
    Subgoal,
    WorkingMemory,
    is_open,
    subgoal_of,
    walk,
)

Mode = Literal["hierarchical", "flat"]
Count = Callable[[str], int]
"""How many tokens a text takes."""

Kind = Literal["task", "goal", "summary", "step", "note", "kept", "left-out"]
"""What a line is; `kept` are pinned facts and what a person said."""


@dataclass(frozen=True)
class Piece:
    """One line of the memory in a prompt, and the node it is about.

    `closed` is set for lines of a subgoal that is over: its summary, and its steps where they are shown all the same.
    """

    node: NodeId
    text: str
    kind: Kind
    closed: bool = False


@dataclass(frozen=True)
class NodeCost:
    """How many tokens the lines about one node take in the prompt."""

    node: NodeId
    tokens: int


def render(memory: WorkingMemory, mode: Mode = "hierarchical") -> tuple[Piece, ...]:
    """The lines of the memory, oldest first."""
    root = memory.root
    task = Piece(TASK, f"task: {root.words}", "task")
    if mode == "flat":
        return (task, *chain.from_iterable(_verbatim(child, closed=False) for child in root.children))
    return (task, *_unfolded(memory, root))


def text_of(pieces: tuple[Piece, ...]) -> str:
    """The lines as the prompt holds them."""
    return "\n".join(piece.text for piece in pieces)


def costs(pieces: tuple[Piece, ...], count: Count) -> tuple[NodeCost, ...]:
    """What each node costs now, its line break included, in the order in which the nodes appear."""
    tokens: dict[NodeId, int] = {}
    for piece in pieces:
        tokens[piece.node] = tokens.get(piece.node, 0) + count(piece.text + "\n")
    return tuple(NodeCost(node, number) for node, number in tokens.items())


def step_line(entry: Entry) -> str:
    """A step, whether it did what was expected, and what was observed after it."""
    label = {True: "done", False: "failed", None: "did"}[entry.verified]
    return f"{label}: {entry.words}" + (f" -> {entry.observed}" if entry.observed else "")


def summary_line(subgoal: Subgoal) -> str:
    """The one line that stands for a closed subgoal."""
    because = f" (because {subgoal.reason})" if subgoal.reason else ""
    return f"{subgoal.state} {subgoal.id}: {subgoal.words}{because} | {subgoal.summary}"


def _unfolded(memory: WorkingMemory, subgoal: Subgoal) -> Iterator[Piece]:
    """What stands below the line of an open subgoal."""
    if subgoal.folded:
        yield Piece(subgoal.id, f"so far: {subgoal.summary}", "summary")
        yield from chain.from_iterable(_kept(child) for child in subgoal.children[: subgoal.folded])
    for child in subgoal.children[subgoal.folded :]:
        yield from _hierarchical(memory, child)


def _hierarchical(memory: WorkingMemory, node: Node) -> Iterator[Piece]:
    if not isinstance(node, Subgoal):
        yield from _recalled(memory, node) if isinstance(node, Recalled) else _said(node, closed=False)
    elif is_open(node):
        yield _goal(node, closed=False)
        yield from _unfolded(memory, node)
    else:
        yield Piece(node.id, summary_line(node), "summary", closed=True)
        yield from _kept(node)


def _recalled(memory: WorkingMemory, marker: Recalled) -> Iterator[Piece]:
    """The lines of closed subgoals, one level deep; what stays after folding is shown already."""
    for subgoal in (subgoal_of(memory, each) for each in marker.subgoals):
        for child in subgoal.children:
            for piece in _recalled_lines(child):
                yield Piece(piece.node, f"recalled {subgoal.id}: {piece.text}", piece.kind, closed=True)


def _recalled_lines(node: Node) -> Iterator[Piece]:
    if isinstance(node, Subgoal):
        yield Piece(node.id, summary_line(node), "note")
    else:
        yield from (piece for piece in _said(node, closed=True) if piece.kind != "kept")


def _verbatim(node: Node, *, closed: bool) -> Iterator[Piece]:
    """Every line below a node, with a last one where a subgoal ended, so that nothing before it has to change."""
    if not isinstance(node, Subgoal):
        yield from _said(node, closed=closed)
        return
    over = not is_open(node)
    yield _goal(node, closed=over)
    for child in node.children:
        yield from _verbatim(child, closed=over)
    if over:
        yield Piece(
            node.id, f"{node.state} {node.id}" + (f": {node.reason}" if node.reason else ""), "goal", closed=True
        )


def _kept(node: Node) -> Iterator[Piece]:
    """What stays in the prompt of a node that is folded."""
    said = chain.from_iterable(_said(each, closed=True) for each in walk(node) if not isinstance(each, Subgoal))
    return (piece for piece in said if piece.kind == "kept")


def _goal(subgoal: Subgoal, *, closed: bool) -> Piece:
    return Piece(subgoal.id, f"goal {subgoal.id}: {subgoal.words}", "goal", closed)


def _said(node: Entry | Remark | Fact | Recalled, *, closed: bool) -> Iterator[Piece]:
    if isinstance(node, Entry):
        yield Piece(node.id, step_line(node), "step", closed)
    elif isinstance(node, Fact):
        yield Piece(node.id, f"pinned {node.id}: {node.words}", "kept", closed)
    elif isinstance(node, Remark) and node.by == "person":
        yield Piece(node.id, f"person: {node.words}", "kept", closed)
    elif isinstance(node, Remark):
        yield Piece(node.id, f"note: {node.words}", "note", closed)
