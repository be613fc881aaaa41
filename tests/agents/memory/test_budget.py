"""A memory in less room: what goes, what stays, and what is said about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.budget import LEFT_OUT_TOGETHER, fitted
from agents.memory.changes import CloseSubgoal, Note, OpenSubgoal, Pin, Remember
from agents.memory.editing import apply, replayed
from agents.memory.serialising import Piece, costs, render, text_of
from workbench.errors import BadInputError

KINDS = ["goal", "summary", "step", "note", "kept"]
PIECE = st.builds(
    Piece, st.integers(1, 50), st.text("ab ", min_size=1, max_size=30), st.sampled_from(KINDS), st.booleans()
)


def _words(text):
    return len(text.split())


def _long_run(subgoals=4, steps=10):
    changes = [Pin(words="limit 90"), Note(words="not that one", by="person")]
    for number in range(subgoals):
        changes.append(OpenSubgoal(words=f"part {number}"))
        changes += [Remember(words=f"step {number} {index}", observed="seen") for index in range(steps)]
        changes.append(CloseSubgoal())
    return replayed("the task", [*changes, OpenSubgoal(words="last part"), Remember(words="newest")])


def test_what_fits_is_left_as_it_is():
    pieces = render(_long_run(), "flat")
    assert fitted(pieces, 10_000, _words).pieces == pieces


@pytest.mark.parametrize("mode", ["flat", "hierarchical"])
def test_task_pinned_facts_a_persons_words_and_open_goals_stay_in_the_least_room_there_is(mode):
    pieces = render(_long_run(), mode)
    least = next(found for budget in range(1, 500) if (found := _or_none(pieces, budget)))
    lines = [line for line in text_of(least.pieces).split("\n") if not line.startswith("left out")]
    assert lines[:4] == ["task: the task", "pinned 1: limit 90", "person: not that one", "goal 47: last part"]
    assert lines[4:] in ([], ["did: newest"])


def _or_none(pieces, budget):
    try:
        return fitted(pieces, budget, _words)
    except BadInputError:
        return None


def test_steps_of_closed_subgoals_go_first_the_oldest_of_them_before_the_others():
    pieces = render(_long_run(), "flat")
    all_tokens = sum(_words(piece.text) for piece in pieces)
    less = fitted(pieces, all_tokens - 20, _words)
    assert less.pieces[1].text == f"left out: {LEFT_OUT_TOGETHER} steps and notes"
    assert less.left_out == tuple(range(4, 4 + LEFT_OUT_TOGETHER))


def test_the_newest_step_is_the_last_to_go():
    pieces = render(_long_run(), "flat")
    shown = [
        budget
        for budget in range(20, 400)
        if (f := _or_none(pieces, budget)) and f.left_out and "newest" in text_of(f.pieces)
    ]
    closed = [
        budget
        for budget in range(20, 400)
        if (f := _or_none(pieces, budget)) and any(p.closed and p.kind == "step" for p in f.pieces)
    ]
    assert min(shown) < min(closed)


def test_the_beginning_stays_the_same_for_several_steps_while_lines_are_left_out():
    memory, budget, changed = _long_run(), 150, 0
    before = fitted(render(memory, "flat"), budget, _words).pieces
    for number in range(16):
        memory = apply(memory, Remember(words=f"more {number}", observed="seen"))
        now = fitted(render(memory, "flat"), budget, _words).pieces
        changed += now[: len(before)] != before
        before = now
    assert 0 < changed <= 16 * 4 // LEFT_OUT_TOGETHER


def test_no_room_for_what_has_to_stay_is_an_error_that_says_what_to_do():
    with pytest.raises(BadInputError, match="unpin something"):
        fitted(render(_long_run()), 3, _words)


@given(st.lists(PIECE, max_size=40), st.integers(0, 120))
def test_what_is_left_is_in_order_fits_and_holds_everything_that_must_stay(more, budget):
    pieces = (Piece(0, "task: x", "task"), *more)
    must = [p for p in pieces if p.kind in ("task", "kept") or (p.kind == "goal" and not p.closed)]
    try:
        less = fitted(pieces, budget, _words)
    except BadInputError:
        assert sum(_words(piece.text) for piece in must) + 11 > budget  # 11 words say what was left out
        return
    assert less.tokens == sum(_words(piece.text) for piece in less.pieces) <= budget
    kept = [piece for piece in less.pieces if piece.kind != "left-out"]
    remaining = iter(pieces)
    assert all(piece in remaining for piece in kept)
    assert len(kept) + len(less.left_out) == len(pieces)
    assert [p for p in kept if p.kind in ("task", "kept") or (p.kind == "goal" and not p.closed)] == must
    if any(p.closed and p.kind in ("step", "note") for p in kept):
        assert all(p in kept for p in pieces if not p.closed)


def test_costs_are_told_by_node_and_add_up():
    pieces = render(_long_run(subgoals=1, steps=2))
    by_node = costs(pieces, len)
    assert sum(cost.tokens for cost in by_node) == len(text_of(pieces)) + 1
    assert [cost.node for cost in by_node] == [0, 1, 2, 3, 6, 7]
