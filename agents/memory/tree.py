"""The working memory of a run: a tree of subgoals with what was done for each, after HiAgent (arXiv 2408.09559).

A subgoal is a chunk of memory. One path of subgoals is open, from the task down; what happens is added at its end. The
plan tree of AgentOccam (arXiv 2410.13825) is the same tree: a branch is a subgoal below another, and what was pruned
is a subgoal that was abandoned. Everything here is frozen and serialises to JSON and back without loss; it changes
only through `agents.memory.editing`. All text is one line, and may hold words from the screen: data, not instructions.
"""

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import BadInputError

NodeId = int
"""Counts up from 1 in the order in which nodes were made, and never changes; the task is 0."""

TASK: NodeId = 0

By = Literal["planner", "person"]
Author = Literal["rules", "planner", "person"]
State = Literal["open", "met", "abandoned"]


class _Node(Struct, frozen=True, tag_field="node", forbid_unknown_fields=True, omit_defaults=True):
    """What all nodes share: `id` is never given to another."""

    id: NodeId


class Entry(_Node, frozen=True, tag="entry"):
    """One step and what was observed after it, in words.

    `verified` tells whether it did what was expected, None where nobody knows. `step` is its index in the trajectory.
    """

    words: str
    observed: str = ""
    verified: bool | None = None
    step: int | None = None


class Remark(_Node, frozen=True, tag="remark"):
    """A remark by a person, which is never folded away, or a note of the planner, which folds with its subgoal."""

    words: str
    by: By


class Fact(_Node, frozen=True, tag="fact"):
    """A fact that is pinned: it stays in the prompt until somebody unpins it, whatever is folded or left out."""

    words: str
    by: By


class Recalled(_Node, frozen=True, tag="recalled"):
    """Here closed subgoals were unfolded once more; it goes when the next subgoal begins."""

    subgoals: tuple[NodeId, ...]


class Subgoal(_Node, frozen=True, tag="subgoal"):
    """A part of the task, with what was done for it as children, oldest first.

    `reason` says why it was abandoned. `summary` stands for it once it is closed; `summary_by` tells who wrote it.
    While it is open, `summary` stands for its first `folded` children.
    """

    words: str
    state: State = "open"
    reason: str = ""
    summary: str = ""
    summary_by: Author = "rules"
    folded: int = 0
    children: "tuple[Node, ...]" = ()


Node = Entry | Remark | Fact | Recalled | Subgoal


class WorkingMemory(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a run has in mind: `root` is the task, `made` how many nodes were ever made below it."""

    root: Subgoal
    made: int = 0


def remembering(task: str) -> WorkingMemory:
    """An empty memory for the task; raises `BadInputError` where it has no words."""
    return WorkingMemory(Subgoal(TASK, one_line(task, "a task")))


def one_line(text: str, what: str) -> str:
    """The text on one line with single spaces; raises `BadInputError` naming `what` where nothing is left."""
    words = " ".join(text.split())
    if not words:
        raise BadInputError(f"{what} needs words; say it in one line")
    return words


def open_path(memory: WorkingMemory) -> tuple[Subgoal, ...]:
    """The open subgoals from the task down to the one that is worked on."""
    path = [memory.root]
    while path[-1].children and is_open(last := path[-1].children[-1]):
        assert isinstance(last, Subgoal)
        path.append(last)
    return tuple(path)


def current(memory: WorkingMemory) -> Subgoal:
    """What is worked on: the innermost open subgoal, or the task."""
    return open_path(memory)[-1]


def is_open(node: Node) -> bool:
    """Whether it is a subgoal that is still worked on."""
    return isinstance(node, Subgoal) and node.state == "open"


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order in which it happened."""
    yield node
    if isinstance(node, Subgoal):
        for child in node.children:
            yield from walk(child)


def entries(subgoal: Subgoal) -> tuple[Entry, ...]:
    """Every step done for a subgoal, those of its own subgoals too."""
    return tuple(node for node in walk(subgoal) if isinstance(node, Entry))


def found(memory: WorkingMemory, node: NodeId) -> Node:
    """The node of that number; raises `BadInputError` where there is none."""
    for each in walk(memory.root):
        if each.id == node:
            return each
    raise BadInputError(f"the working memory has no node {node}; its numbers go from 0 to {memory.made}")


def subgoal_of(memory: WorkingMemory, node: NodeId) -> Subgoal:
    """The subgoal of that number; raises `BadInputError` where it is something else."""
    what = found(memory, node)
    if not isinstance(what, Subgoal) or node == TASK:
        raise BadInputError(f"node {node} of the working memory is no subgoal; name a subgoal by its number")
    return what


def replaced(memory: WorkingMemory, node: NodeId, change: "Callable[[Node], Node | None]") -> WorkingMemory:
    """The memory with one node changed, or taken out where `change` gives None; the others stay as they are."""
    root = _replaced(memory.root, node, change)
    assert isinstance(root, Subgoal), "the task is never taken out"
    return replace(memory, root=root)


def _replaced(where: Node, node: NodeId, change: "Callable[[Node], Node | None]") -> Node | None:
    if where.id == node:
        return change(where)
    if not isinstance(where, Subgoal):
        return where
    kept = [(place, _replaced(child, node, change)) for place, child in enumerate(where.children)]
    folded = sum(1 for place, child in kept if child is not None and place < where.folded)
    return replace(where, children=tuple(child for _, child in kept if child is not None), folded=folded)
