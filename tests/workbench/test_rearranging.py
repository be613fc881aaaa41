"""Moving, inserting and rewording steps as pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import editing
from workbench.actions import Note, TypeText, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, Outcome, Step, Target, Trajectory


@given(st.data())
def test_a_moved_step_is_where_it_was_wanted_and_moving_it_back_undoes_it(trajectories, data):
    trajectory = data.draw(trajectories())
    numbers = st.integers(1, len(trajectory.steps))
    number, to = data.draw(numbers), data.draw(numbers)
    moved = editing.with_moved_step(trajectory, number, to)
    assert moved.steps[to - 1] == trajectory.steps[number - 1]
    assert editing.with_moved_step(moved, to, number) == trajectory


@given(st.data())
def test_deleting_what_was_inserted_undoes_it_and_its_id_was_free(trajectories, data):
    trajectory = data.draw(trajectories())
    number = data.draw(st.integers(1, len(trajectory.steps) + 1))
    changed = editing.with_inserted(trajectory, number, Wait(seconds=1))
    assert changed.steps[number - 1].action == Wait(seconds=1)
    assert len({step.id for step in changed.steps}) == len(changed.steps)
    assert editing.without_steps(changed, {number}) == trajectory


def test_an_inserted_step_is_seen_where_the_one_behind_it_was():
    one = Step("s1", Note("a"), outcome=Outcome(frame="after"))
    changed = editing.with_inserted(Trajectory("T", "T", (one,)), 2, Wait(seconds=1))
    assert changed.steps[1].observation.frame == "after"


@pytest.mark.parametrize("number", [0, 3])
def test_a_step_cannot_be_inserted_beyond_the_ends(number):
    with pytest.raises(BadInputError, match="places 1 to 2"):
        editing.with_inserted(Trajectory("T", "T", (Step("s1", Note("a")),)), number, Wait())


def field(value: str | None) -> Element:
    return Element("a", "w", "text", "Name", Rect(0, 0, 9, 9), value=value)


@pytest.mark.parametrize(("held", "holds"), [("Hello Ada", "Hello Bob"), ("other", None), (None, None)])
def test_what_a_field_is_expected_to_hold_follows_the_edited_text(held, holds):
    step = Step("s1", TypeText("Ada"), outcome=Outcome(element=field(held)))
    changed = editing.with_text(Trajectory("T", "T", (step,)), 1, "Bob").steps[0]
    assert changed.action == TypeText("Bob")
    assert changed.outcome.element.value == holds
    assert "Bob" in changed.description


@pytest.mark.parametrize("action", [TypeText(secret="mail"), Note("a")])
def test_only_a_text_that_is_known_can_be_edited(action):
    with pytest.raises(BadInputError, match="types no text"):
        editing.with_text(Trajectory("T", "T", (Step("s1", action),)), 1, "x")


def test_a_step_without_a_place_cannot_be_given_one():
    with pytest.raises(BadInputError, match="acts on no place"):
        editing.with_target(Trajectory("T", "T", (Step("s1", Note("a")),)), 1, Target(Point(1, 1)))


def test_words_left_empty_are_worked_out_from_the_step():
    changed = editing.with_words(
        Trajectory("T", "T", (Step("s1", Wait(seconds=2)),)), 1, description=" ", thought=" x "
    )
    assert (changed.steps[0].description, changed.steps[0].thought) == ("wait 2 seconds", "x")


def test_a_title_cannot_be_empty():
    with pytest.raises(BadInputError, match="title cannot be empty"):
        editing.with_heading(Trajectory("T", "T"), title="  ", task="")
