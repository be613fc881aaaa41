"""How a working memory changes: pure functions from one tree to the next; replaying the changes gives the tree.

The planner is held to more than a person is: HiAgent's rule that a subgoal needs a step before the next one begins or
before it counts as met, and that it changes neither the task nor what a person said, pinned or summarised.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce, singledispatch

from msgspec.structs import replace

from agents.memory.changes import (
    Abandon,
    CloseSubgoal,
    Collapse,
    Edit,
    MemoryChange,
    Note,
    OpenSubgoal,
    Pin,
    Remember,
    Retrieve,
    Summarise,
    Unpin,
)
from agents.memory.summarising import rule_summary
from agents.memory.tree import (
    TASK,
    Author,
    By,
    Entry,
    Fact,
    Node,
    NodeId,
    Recalled,
    Remark,
    State,
    Subgoal,
    WorkingMemory,
    current,
    entries,
    found,
    is_open,
    one_line,
    open_path,
    remembering,
    replaced,
    subgoal_of,
)
from agents.screen.listing import cut
from workbench.errors import BadInputError

LONGEST_WORDS = 400
"""Of a step, an observation, a note or a fact, in characters; what is longer is cut in the middle."""

LONGEST_SUMMARY = 600
"""Of a summary that the planner or a person wrote, in characters; what is longer is cut in the middle."""

MOST_NESTED = 8
"""How many subgoals stand below each other at most."""


def apply(memory: WorkingMemory, change: MemoryChange) -> WorkingMemory:
    """The memory after the change; raises `BadInputError` with a line for the planner where it makes no sense."""
    return _applied(change, memory)


def replayed(task: str, changes: Iterable[MemoryChange]) -> WorkingMemory:
    """The memory that the changes lead to from the start of the task; raises `BadInputError` where one does not fit."""
    return reduce(apply, changes, remembering(task))


@singledispatch
def _applied(change: MemoryChange, memory: WorkingMemory) -> WorkingMemory:
    raise BadInputError(
        f"{type(change).__name__} is no change that a memory of {memory.root.words!r} knows; use agents.memory.changes"
    )


@_applied.register
def _(change: OpenSubgoal, memory: WorkingMemory) -> WorkingMemory:
    path = open_path(memory)
    if len(path) > MOST_NESTED:
        raise BadInputError(f"subgoals are nested {MOST_NESTED} deep; close {_called(path[-1])} before the next one")
    if change.by == "planner" and len(path) > 1 and not entries(path[-1]):
        raise BadInputError(f"nothing was done yet for {_called(path[-1])}; do a step for it before the next subgoal")
    words = _kept(change.words, "a subgoal")
    folded = reduce(lambda kept, marker: replaced(kept, marker.id, lambda _: None), _markers(memory), memory)
    return _added(folded, Subgoal(folded.made + 1, words))


@_applied.register
def _(change: CloseSubgoal, memory: WorkingMemory) -> WorkingMemory:
    subgoal = _working_on(memory)
    if change.by == "planner" and not entries(subgoal):
        raise BadInputError(f"nothing was done for {_called(subgoal)}; do a step for it, or abandon it with a reason")
    return _closed(memory, subgoal, _Closing("met", change.by, change.summary))


@_applied.register
def _(change: Abandon, memory: WorkingMemory) -> WorkingMemory:
    innermost = _working_on(memory)
    outer = innermost if change.subgoal is None else subgoal_of(memory, change.subgoal)
    reason = _kept(change.reason, "the reason for abandoning a subgoal")
    depths = [each.id for each in open_path(memory)]
    if outer.id not in depths:
        raise BadInputError(f"{_called(outer)} is closed already; abandon an open subgoal, or edit its summary")
    inner_first = reversed(depths[depths.index(outer.id) :])
    return reduce(lambda kept, each: _abandoned(kept, each, change, reason), inner_first, memory)


@_applied.register
def _(change: Remember, memory: WorkingMemory) -> WorkingMemory:
    if change.step is not None and change.step < 0:
        raise BadInputError(f"a trajectory has no step {change.step}; count from 0")
    words, observed = _kept(change.words, "a step"), cut(" ".join(change.observed.split()), LONGEST_WORDS)
    return _added(memory, Entry(memory.made + 1, words, observed, change.verified, change.step))


@_applied.register
def _(change: Note, memory: WorkingMemory) -> WorkingMemory:
    return _added(memory, Remark(memory.made + 1, _kept(change.words, "a note"), change.by))


@_applied.register
def _(change: Pin, memory: WorkingMemory) -> WorkingMemory:
    return _added(memory, Fact(memory.made + 1, _kept(change.words, "a fact"), change.by))


@_applied.register
def _(change: Unpin, memory: WorkingMemory) -> WorkingMemory:
    fact = found(memory, change.fact)
    if not isinstance(fact, Fact):
        raise BadInputError(f"node {change.fact} of the working memory is no pinned fact; name a fact by its number")
    _refuse_planner(change.by, fact.by, f"pinned {fact.words!r}")
    return replaced(memory, fact.id, lambda _: None)


@_applied.register
def _(change: Edit, memory: WorkingMemory) -> WorkingMemory:
    node = found(memory, change.node)
    if change.words is None and change.summary is None:
        raise BadInputError(f"the edit of node {node.id} changes nothing; give it words or a summary")
    if isinstance(node, Recalled):
        raise BadInputError(f"node {node.id} only unfolds subgoals {node.subgoals}; edit one of these")
    edited: Node = node
    if change.words is not None:
        edited = _reworded(edited, change.words, change.by)
    if change.summary is not None:
        edited = _resummed(edited, change.summary, change.by)
    return replaced(memory, node.id, lambda _: edited)


@_applied.register
def _(change: Summarise, memory: WorkingMemory) -> WorkingMemory:
    subgoal = subgoal_of(memory, change.subgoal)
    if subgoal.state == "open":
        raise BadInputError(f"{_called(subgoal)} is still open; summarise it when it is closed")
    if subgoal.summary_by != "rules":
        raise BadInputError(f"{_called(subgoal)} has its summary; summaries are made once, a person may edit it")
    summary = cut(one_line(change.summary, "a summary"), LONGEST_SUMMARY)
    return replaced(memory, subgoal.id, lambda _: replace(subgoal, summary=summary, summary_by=change.by))


@_applied.register
def _(change: Collapse, memory: WorkingMemory) -> WorkingMemory:
    node = found(memory, change.node)
    if is_open(node):
        assert isinstance(node, Subgoal)
        return replaced(memory, node.id, lambda _: _folded_so_far(node))
    subgoal = subgoal_of(memory, change.node)
    for marker in _markers(memory):
        if subgoal.id in marker.subgoals:
            return _without(memory, marker, subgoal.id)
    raise BadInputError(f"{_called(subgoal)} is folded already; only what is unfolded can be collapsed")


@_applied.register
def _(change: Retrieve, memory: WorkingMemory) -> WorkingMemory:
    wanted = tuple(dict.fromkeys(change.subgoals))
    if not wanted:
        raise BadInputError("nothing is named to be retrieved; name closed subgoals by their numbers")
    shown = {each for marker in _markers(memory) for each in marker.subgoals}
    for subgoal in (subgoal_of(memory, each) for each in wanted):
        if subgoal.state == "open" or subgoal.id in shown:
            raise BadInputError(f"{_called(subgoal)} is unfolded already; retrieve closed subgoals")
    return _added(memory, Recalled(memory.made + 1, wanted))


@dataclass(frozen=True)
class _Closing:
    """How a subgoal ends: as what, by whom, with which summary (empty: by rules), and for which reason."""

    state: State
    by: By
    summary: str
    reason: str = ""


def _closed(memory: WorkingMemory, subgoal: Subgoal, closing: _Closing) -> WorkingMemory:
    own = " ".join(closing.summary.split())
    made = cut(own, LONGEST_SUMMARY) or rule_summary(subgoal)
    by: Author = closing.by if own else "rules"
    shut = replace(subgoal, state=closing.state, reason=closing.reason, summary=made, summary_by=by, folded=0)
    return replaced(memory, subgoal.id, lambda _: shut)


def _abandoned(memory: WorkingMemory, node: NodeId, change: Abandon, reason: str) -> WorkingMemory:
    summary = change.summary if node == change.subgoal or change.subgoal is None else ""
    return _closed(memory, subgoal_of(memory, node), _Closing("abandoned", change.by, summary, reason))


def _folded_so_far(subgoal: Subgoal) -> Subgoal:
    """An open subgoal with all but its open child folded; raises `BadInputError` where that changes nothing."""
    done = [child for child in subgoal.children if not is_open(child)]
    if all(_stays(child) for child in done[subgoal.folded :]):
        raise BadInputError(f"{_called(subgoal)} has nothing to fold; collapse it after its next step")
    summary = rule_summary(replace(subgoal, children=tuple(done)))
    return replace(subgoal, folded=len(done), summary=summary, summary_by="rules")


def _stays(node: Node) -> bool:
    """Whether folding leaves it in the prompt."""
    return isinstance(node, Fact) or (isinstance(node, Remark) and node.by == "person")


def _reworded(node: Node, words: str, by: By) -> Node:
    assert not isinstance(node, Recalled)
    if node.id == TASK:
        _refuse_planner(by, "person", "gave the task")
    if isinstance(node, Remark | Fact):
        _refuse_planner(by, node.by, f"said {node.words!r}")
    return replace(node, words=_kept(words, "what is edited"))


def _resummed(node: Node, summary: str, by: By) -> Subgoal:
    if not isinstance(node, Subgoal) or not node.summary:
        raise BadInputError(f"node {node.id} of the working memory has no summary; only what is folded has one")
    if node.summary_by == "person":
        _refuse_planner(by, "person", f"wrote the summary of {node.words!r}")
    return replace(node, summary=cut(one_line(summary, "a summary"), LONGEST_SUMMARY), summary_by=by)


def _refuse_planner(by: By, owner: By, did: str) -> None:
    if by == "planner" and owner == "person":
        raise BadInputError(f"a person {did}; only a person changes that, ask for it")


def _without(memory: WorkingMemory, marker: Recalled, subgoal: NodeId) -> WorkingMemory:
    left = tuple(each for each in marker.subgoals if each != subgoal)
    return replaced(memory, marker.id, lambda _: replace(marker, subgoals=left) if left else None)


def _markers(memory: WorkingMemory) -> tuple[Recalled, ...]:
    """Where closed subgoals are shown unfolded now."""
    shown = (child for each in open_path(memory) for child in each.children[each.folded :])
    return tuple(child for child in shown if isinstance(child, Recalled))


def _working_on(memory: WorkingMemory) -> Subgoal:
    subgoal = current(memory)
    if subgoal.id == TASK:
        raise BadInputError("no subgoal is open; open one before it is closed, abandoned or summarised")
    return subgoal


def _added(memory: WorkingMemory, node: Node) -> WorkingMemory:
    where = current(memory)
    grown = replace(where, children=(*where.children, node))
    return replace(replaced(memory, where.id, lambda _: grown), made=node.id)


def _kept(text: str, what: str) -> str:
    return cut(one_line(text, what), LONGEST_WORDS)


def _called(subgoal: Subgoal) -> str:
    return f"subgoal {subgoal.id} ({cut(subgoal.words, 60)})" if subgoal.id != TASK else "the task"
