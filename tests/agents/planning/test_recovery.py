"""A run that gets nowhere is noticed: what has no effect is banned where it had none, loops and stalls are named."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.planning.recovery import (
    LONGEST_CYCLE,
    ROUNDS,
    Limits,
    Spent,
    State,
    Trodden,
    abandoning,
    advice,
    banned_in,
    cycle_of,
    exhausted,
    failures,
    given_up,
    repetitions,
    state_of,
    trouble,
    unfruitful,
)
from agents.screen.listing import ElementList, Line

HERE, THERE = State("here", "here1"), State("there", "there1")
FREE = Limits(steps=0, failures=0, subgoal_failures=0, stall=0, repeats=0)

STATES = st.builds(lambda place, value: State(place, f"{place}{value}"), st.sampled_from("abc"), st.integers(0, 3))
STEPS = st.builds(
    Trodden,
    STATES,
    st.sampled_from(["click x", "Click  X", "click y", "type z"]),
    st.sampled_from([True, False, None]),
    fresh=st.booleans(),
)
HISTORIES = st.lists(STEPS, max_size=25).map(tuple)


def _list(*lines: Line) -> ElementList:
    return ElementList("shop", "Customers", lines)


@pytest.mark.parametrize(
    ("changed", "same_place", "same_content"),
    [
        (Line("e1", "field", "Name", "Eve"), True, False),
        (Line("e1", "field", "Name", "Bob", mark="changed"), True, True),
        (Line("e7", "field", "Name", "Bob", ("focused",)), True, True),
        (Line("e1", "field", "Name", "Bob", ("disabled",)), False, False),
        (Line("e1", "field", "Street", "Bob"), False, False),
        (Line("e1", "button", "Name", "Bob"), False, False),
    ],
)
def test_a_screen_is_known_by_its_controls_and_apart_by_what_they_hold(changed, same_place, same_content):
    one, other = state_of(_list(Line("e1", "field", "Name", "Bob"))), state_of(_list(changed))
    assert (one.place == other.place, one.content == other.content) == (same_place, same_content)


def test_another_window_is_another_place():
    shown = _list()
    assert state_of(shown).place != state_of(msgspec.structs.replace(shown, window="Orders")).place


def test_a_step_without_effect_is_banned_where_it_had_none_and_nowhere_else():
    history = (Trodden(HERE, "click x", False),)
    assert banned_in(history, HERE) == ("click x",)
    assert banned_in(history, replace(HERE, content="other")) == ("click x",)
    assert banned_in(history, THERE) == ()


def test_a_step_that_works_lifts_the_bans_of_its_state():
    history = (Trodden(HERE, "click Save", False), Trodden(HERE, "type Bob", True))
    assert banned_in(history, HERE) == ()
    assert banned_in((*history, Trodden(HERE, "click Save", False)), HERE) == ("click Save",)


@given(HISTORIES, STATES)
def test_bans_are_failed_steps_of_this_state_each_once(history, now):
    banned = banned_in(history, now)
    failed = {each.step for each in history if each.state.place == now.place and each.verified is False}
    assert set(banned) <= failed
    assert len({" ".join(words.split()).casefold() for words in banned}) == len(banned)


@given(HISTORIES, STEPS)
def test_a_step_that_just_failed_is_banned_where_it_failed(history, step):
    failed = replace(step, verified=False)
    last = " ".join(failed.step.split()).casefold()
    assert last in [" ".join(words.split()).casefold() for words in banned_in((*history, failed), failed.state)]


def test_the_planner_is_told_what_was_expected_and_what_was_seen():
    nothing = trouble((Trodden(HERE, 'click "Save"', False, "the dialog closes"),))
    instead = trouble((Trodden(HERE, 'click "Save"', False, "it closes", 'an error\n"no disk"'),))
    assert 'click "Save"' in nothing
    assert '"the dialog closes", but nothing changed' in nothing
    assert "\"an error 'no disk'\"" in instead
    assert "\n" not in instead


def test_a_step_that_worked_or_has_nothing_to_see_is_no_trouble():
    assert trouble(()) == ""
    assert trouble((Trodden(HERE, "click x", True),)) == ""
    assert trouble((Trodden(HERE, "click x", False), Trodden(HERE, "wait 2 s", None))) == ""


def test_the_same_step_on_the_very_same_screen_is_a_loop_but_not_while_the_screen_moves_on():
    again = Trodden(HERE, "click 7", True)
    assert "done 2 times" in trouble((again, again))
    moving = tuple(Trodden(State("keys", str(number)), "click 7", True) for number in range(6))
    assert trouble(moving) == ""


def test_steps_that_undo_each_other_are_a_cycle():
    on, off = ("a", "tick x"), ("b", "untick x")
    assert cycle_of([on, off] * ROUNDS) == 2
    assert cycle_of([on, off] * (ROUNDS - 1)) == 0
    assert cycle_of([on] * 20) == 0
    history = [Trodden(State(place, str(n)), step, True) for n, (place, step) in enumerate([on, off] * ROUNDS)]
    assert "undo each other" in trouble(history)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=8),
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=2, max_size=4, unique=True),
)
def test_whatever_came_before_a_cycle_is_found_at_the_end(before, cycle):
    found = cycle_of([*before, *cycle * ROUNDS])
    assert 2 <= found <= LONGEST_CYCLE
    assert len(cycle) % found == 0


@given(HISTORIES)
def test_nothing_new_is_counted_from_the_end(history):
    idle = unfruitful(history)
    contents = [each.state.content for each in history]
    assert all(content in contents[: len(contents) - idle] for content in contents[len(contents) - idle :])
    assert idle < len(history) or not history


@given(HISTORIES)
def test_failures_in_a_row_end_with_a_step_that_works_and_not_with_one_that_has_nothing_to_see(history):
    failed = failures(history)
    seen = [each.verified for each in history if each.verified is not None]
    assert seen[len(seen) - failed :] == [False] * failed
    assert failed == len(seen) or seen[-failed - 1] is True


def test_a_subgoal_is_abandoned_after_its_own_failures_only():
    failed = Trodden(HERE, "click x", False)
    begun = replace(failed, fresh=True)
    assert "3 steps" in abandoning((failed, failed, begun, failed, failed))
    assert abandoning((failed, failed, failed, begun, failed)) == ""
    assert abandoning((begun, failed, failed), FREE) == ""


def test_a_rejected_step_was_not_taken_so_it_is_neither_a_failure_nor_a_repetition():
    rejected = Trodden(HERE, "click x", None, observed="not that", rejected=True)
    assert failures((rejected,) * 9) == 0
    assert given_up((rejected,) * 40, Limits()) is None
    assert "not that" in trouble((rejected,))


def test_a_rejected_step_is_banned_once_whatever_was_banned_before():
    failed = Trodden(HERE, "click y", False)
    rejected = Trodden(HERE, "click x", None, rejected=True)
    assert banned_in((failed, rejected), HERE) == ("click y", "click x")
    assert banned_in((failed, rejected, replace(rejected, step="Click  X")), HERE) == ("click y",)
    assert banned_in((rejected, failed), HERE) == ("click y",)


@pytest.mark.parametrize(("number", "words"), [(1, "1 step it was given is"), (2, "2 steps it was given are")])
def test_a_budget_is_told_in_grammar(number, words):
    ending = exhausted(Spent(steps=2), Limits(steps=number))
    assert words in str(ending and ending.reason)


@pytest.mark.parametrize(
    ("spent", "word"), [(Spent(steps=50), "steps"), (Spent(seconds=61), "seconds"), (Spent(tokens=999), "tokens")]
)
def test_a_budget_that_is_used_up_ends_the_run_with_a_sentence(spent, word):
    limits = Limits(steps=50, seconds=60, tokens=999)
    ending = exhausted(spent, limits)
    assert ending is not None
    assert ending.outcome == "failed"
    assert word in str(ending.reason)
    assert exhausted(spent, FREE) is None
    assert exhausted(Spent(49, 59, 998), limits) is None


def test_a_run_that_keeps_failing_stalling_or_circling_is_given_up():
    failing = [Trodden(State(str(n), str(n)), f"click {n}", False) for n in range(6)]
    stalling = [Trodden(HERE, f"click {n}", True) for n in range(17)]
    circling = [Trodden(HERE, "click x", None)] * 4
    for history, word in ((failing, "6 steps in a row"), (stalling, "nothing new"), (circling, "circles")):
        ending = given_up(history, Limits())
        assert ending is not None
        assert word in str(ending.reason)
        assert given_up(history[:-1], Limits()) is None
        assert given_up(history, FREE) is None


@given(HISTORIES, STATES)
def test_without_limits_no_run_and_no_subgoal_is_given_up(history, now):
    said = advice(history, now, Spent(10**6, 1e9, 10**9), FREE)
    assert (said.ending, said.abandon) == (None, "")


@given(HISTORIES.filter(bool))
def test_the_last_step_is_counted_at_least_once_and_at_most_as_often_as_there_are_steps(history):
    assert 1 <= repetitions(history) <= len(history)


@given(HISTORIES, STATES)
def test_advice_is_one_line_and_the_same_every_time(history, now):
    said = advice(history, now, Spent(len(history)))
    assert said == advice(history, now, Spent(len(history)))
    assert "\n" not in said.trouble
    assert bool(said.trouble) >= bool(history and history[-1].verified is False)
