"""Whatever is changed, in whatever order: what holds of every working memory."""

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agents.memory import changes as c
from agents.memory.editing import apply, replayed
from agents.memory.serialising import render, step_line, text_of
from agents.memory.tree import (
    Entry,
    Fact,
    Remark,
    Subgoal,
    current,
    entries,
    found,
    open_path,
    walk,
)
from workbench.errors import BadInputError

TASK = "pay the invoices"
WORDS = st.one_of(
    st.sampled_from(["click Save", "open it", "goal 3: no", "person: pay\nme", "met 1: x | y -> z"]),
    st.text(max_size=30),
)
BY = st.sampled_from(["planner", "person"])
NODES = st.integers(0, 40)
APPENDS = (c.Remember, c.Note, c.Pin, c.Retrieve, c.OpenSubgoal)


def _texts(memory, mode="hierarchical"):
    return [piece.text for piece in render(memory, mode)]


def _until(pieces, stops):
    """The texts before the first piece that is such a one."""
    texts = []
    for piece in pieces:
        if stops(piece):
            break
        texts.append(piece.text)
    return texts


def _changed_node(before, change):
    """Which node the change is about; None where something is only added."""
    if isinstance(change, APPENDS):
        return None
    if isinstance(change, c.CloseSubgoal):
        return current(before).id
    if isinstance(change, c.Abandon):
        return current(before).id if change.subgoal is None else change.subgoal
    return next(getattr(change, name) for name in ("node", "fact", "subgoal") if hasattr(change, name))


def _untouched(before, change):
    """The lines that have to stand at the beginning after the change too."""
    pieces, node = render(before), _changed_node(before, change)
    if isinstance(change, c.OpenSubgoal):
        return _until(pieces, lambda piece: piece.text.startswith("recalled "))
    if isinstance(change, c.Collapse) and found(before, node).state != "open":
        return _until(pieces, lambda piece: piece.text.startswith(f"recalled {node}: "))
    return _until(pieces, lambda piece: node is not None and piece.node == node)


class AnyChanges(RuleBasedStateMachine):
    """A planner and a person at work on one memory, sensibly or not."""

    def __init__(self):
        super().__init__()
        self.changes = []
        self.refused = ""
        self.memory = replayed(TASK, [])

    def change(self, change):
        before = self.memory
        copied = msgspec.json.encode(before)
        try:
            self.memory = apply(before, change)
        except BadInputError as error:
            self.refused = str(error)
            assert msgspec.json.encode(self.memory) == copied
            return
        assert msgspec.json.encode(before) == copied
        self.changes.append(change)
        self.keeps_the_beginning(before, change)

    def keeps_the_beginning(self, before, change):
        same = _untouched(before, change)
        assert _texts(self.memory)[: len(same)] == same
        if not isinstance(change, c.Edit | c.Unpin):
            flat = _texts(before, "flat")
            assert _texts(self.memory, "flat")[: len(flat)] == flat

    @rule(words=WORDS, by=BY)
    def opens(self, words, by):
        self.change(c.OpenSubgoal(words=words, by=by))

    @rule(words=WORDS, observed=WORDS, verified=st.sampled_from([True, False, None]))
    def remembers(self, words, observed, verified):
        self.change(c.Remember(words=words, observed=observed, verified=verified, step=len(self.changes)))

    @rule(summary=WORDS, by=BY)
    def closes(self, summary, by):
        self.change(c.CloseSubgoal(summary=summary, by=by))

    @rule(reason=WORDS, which=st.one_of(st.none(), NODES), by=BY)
    def abandons(self, reason, which, by):
        self.change(c.Abandon(reason=reason, subgoal=which, by=by))

    @rule(words=WORDS, by=BY)
    def notes(self, words, by):
        self.change(c.Note(words=words, by=by))

    @rule(words=WORDS, by=BY)
    def pins(self, words, by):
        self.change(c.Pin(words=words, by=by))

    @precondition(lambda self: self.memory.made)
    @rule(data=st.data(), by=BY, words=st.one_of(st.none(), WORDS))
    def changes_what_is_there(self, data, by, words):
        node = data.draw(st.integers(0, self.memory.made + 1))
        kinds = [
            c.Unpin(fact=node, by=by),
            c.Edit(node=node, words=words, by=by),
            c.Edit(node=node, summary=words, by=by),
            c.Summarise(subgoal=node, summary=words or "", by=by),
            c.Collapse(node=node, by=by),
        ]
        self.change(data.draw(st.sampled_from(kinds)))

    @precondition(lambda self: self.memory.made)
    @rule(data=st.data())
    def retrieves(self, data):
        closed = [n.id for n in walk(self.memory.root) if isinstance(n, Subgoal) and n.state != "open"]
        some = data.draw(st.lists(st.sampled_from([*closed, 0, 99]), max_size=3))
        self.change(c.Retrieve(subgoals=tuple(some)))

    @invariant()
    def every_node_has_its_own_number(self):
        ids = [node.id for node in walk(self.memory.root)]
        assert len(ids) == len(set(ids))
        assert max(ids) <= self.memory.made

    @invariant()
    def what_is_refused_is_refused_in_one_line(self):
        assert len(self.refused.splitlines()) <= 1

    @invariant()
    def one_path_is_open(self):
        path = {subgoal.id for subgoal in open_path(self.memory)}
        assert {n.id for n in walk(self.memory.root) if isinstance(n, Subgoal) and n.state == "open"} == path

    @invariant()
    def the_changes_lead_to_it_again_even_from_json(self):
        data = msgspec.json.encode(self.changes)
        assert replayed(TASK, msgspec.json.decode(data, type=list[c.MemoryChange])) == self.memory

    @invariant()
    def flat_holds_every_step_in_order(self):
        steps = [piece.text for piece in render(self.memory, "flat") if piece.kind == "step"]
        assert steps == [step_line(entry) for entry in entries(self.memory.root)]

    @invariant()
    def what_is_pinned_or_said_by_a_person_is_there_once(self):
        kept = [
            n.id for n in walk(self.memory.root) if isinstance(n, Fact) or (isinstance(n, Remark) and n.by == "person")
        ]
        for mode in ("hierarchical", "flat"):
            assert [piece.node for piece in render(self.memory, mode) if piece.kind == "kept"] == kept

    @invariant()
    def every_piece_is_one_line_and_the_task_is_the_first(self):
        for mode in ("hierarchical", "flat"):
            pieces = render(self.memory, mode)
            assert pieces[0].text == f"task: {self.memory.root.words}"
            assert all(len(piece.text.splitlines()) == 1 for piece in pieces)

    @invariant()
    def it_is_no_longer_than_flat_with_its_summaries_and_what_was_recalled(self):
        added = [
            piece for piece in render(self.memory) if piece.kind == "summary" or piece.text.startswith("recalled ")
        ]
        room = sum(len(piece.text) + 1 for piece in added)
        assert len(text_of(render(self.memory))) <= len(text_of(render(self.memory, "flat"))) + room

    @invariant()
    def no_step_of_a_closed_subgoal_is_shown_unless_it_was_recalled(self):
        shown = {p.node for p in render(self.memory) if p.kind == "step" and not p.text.startswith("recalled ")}
        closed = [n for n in walk(self.memory.root) if isinstance(n, Subgoal) and n.state != "open"]
        assert not shown & {e.id for subgoal in closed for e in walk(subgoal) if isinstance(e, Entry)}


AnyChanges.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyChanges = AnyChanges.TestCase
