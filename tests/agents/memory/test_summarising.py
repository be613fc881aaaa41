"""The summary that needs no model."""

from hypothesis import given
from hypothesis import strategies as st

from agents.memory.summarising import LONGEST_RULE_SUMMARY, rule_summary
from agents.memory.tree import Entry, Remark, Subgoal

ENTRY = st.builds(
    Entry, st.just(1), st.text(min_size=1, max_size=500), st.text(max_size=500), st.sampled_from([True, False, None])
)


def test_few_steps_are_named_and_what_was_seen_last_is_told():
    done = (Entry(2, "click Save", "saving", True), Entry(3, "wait"))
    assert rule_summary(Subgoal(1, "save", children=done)) == "click Save, then wait; last seen: saving"


def test_many_steps_are_counted_and_so_are_those_that_failed():
    done = tuple(Entry(number, f"click {number}", verified=number != 3) for number in range(2, 8))
    assert rule_summary(Subgoal(1, "save", children=done)) == "6 steps from click 2 to click 7; 1 failed"


def test_steps_of_inner_subgoals_count_and_notes_are_told():
    inner = Subgoal(2, "inner", state="met", children=(Entry(3, "a"), Entry(4, "b"), Remark(5, "hidden", "planner")))
    outer = Subgoal(
        1, "outer", children=(inner, Entry(6, "c"), Remark(7, "nr 12", "planner"), Remark(8, "hi", "person"))
    )
    assert rule_summary(outer) == "3 steps from a to c; noted: nr 12"


def test_nothing_done_is_said():
    assert rule_summary(Subgoal(1, "save")) == "nothing was done"


@given(st.lists(ENTRY, max_size=6))
def test_it_is_short_whatever_was_done(done):
    assert 0 < len(rule_summary(Subgoal(1, "x" * 500, children=tuple(done)))) <= LONGEST_RULE_SUMMARY
