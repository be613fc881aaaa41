"""Trimming, splitting and appending keep what the steps mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench import arranging, editing
from workbench.actions import Click, Note, TypeText
from workbench.errors import BadInputError
from workbench.trajectory import Observation, Step, Trajectory, Variable


def _three() -> Trajectory:
    steps = (Step("s1", Click()), Step("s2", TypeText("{{who}}")), Step("s3", Click()))
    return Trajectory("T", "Greet", steps, variables=(Variable("who", "Ada"),))


@pytest.fixture(scope="module")
def several(trajectories):
    """Trajectories of two or more steps, without variables that nothing uses."""
    return trajectories().filter(lambda one: len(one.steps) > 1).map(editing.without_unused_variables)


@given(data=st.data())
def test_two_halves_that_are_appended_are_the_whole_again(several, data):
    whole = data.draw(several)
    number = data.draw(st.integers(2, len(whole.steps)))
    first, second = arranging.halves(whole, number, "U")
    assert (len(first.steps), second.id) == (number - 1, "U")
    assert all(step.recorded_in == "T" for step in second.steps)
    assert arranging.appended(first, second) == whole


@given(data=st.data())
def test_trimming_keeps_the_steps_between_in_their_order(several, data):
    whole = data.draw(several)
    first = data.draw(st.integers(1, len(whole.steps)))
    last = data.draw(st.integers(first, len(whole.steps)))
    assert arranging.trimmed(whole, first, last).steps == whole.steps[first - 1 : last]


@given(data=st.data())
def test_appending_keeps_both_and_gives_every_step_an_id_of_its_own(several, data):
    one, other = data.draw(several), replace(data.draw(several), id="U", title="Other")
    both = arranging.appended(one, other)
    assert (both.title, both.steps[: len(one.steps)]) == (one.title, one.steps)
    assert [step.action for step in both.steps[len(one.steps) :]] == [step.action for step in other.steps]
    assert len({step.id for step in both.steps}) == len(both.steps)
    assert {step.recorded_in for step in both.steps[len(one.steps) :]} == {"U"}


def test_the_time_of_an_attempt_is_split_where_its_steps_are():
    steps = tuple(Step(f"s{n}", Click(), Observation(monotonic_ns=n * 10**9)) for n in (1, 3, 8))
    first, second = arranging.halves(Trajectory("T", "T", steps, seconds=9.0), 3, "U")
    assert (first.seconds, second.seconds) == (7.0, 2.0)


def test_a_half_has_only_the_variables_that_it_uses():
    first, second = arranging.halves(_three(), 3, "U")
    assert ([one.name for one in first.variables], second.variables) == (["who"], ())


def test_a_variable_that_stands_for_another_text_gets_another_name():
    other = replace(_three(), id="U", variables=(Variable("who", "Bob"),))
    both = arranging.appended(_three(), other)
    assert both.steps[4].action == TypeText("{{who_2}}")
    assert both.variables == (Variable("who", "Ada"), Variable("who_2", "Bob"))


def test_what_is_appended_was_looked_at_only_if_both_were():
    assert not arranging.appended(_three(), replace(_three(), id="U", reviewed=False)).reviewed


@pytest.mark.parametrize("span", [(0, 1), (1, 4), (3, 2)])
def test_a_span_that_is_not_there_is_refused(span):
    with pytest.raises(BadInputError):
        arranging.trimmed(_three(), *span)


@pytest.mark.parametrize("number", [0, 1, 4])
def test_a_split_that_leaves_nothing_is_refused(number):
    with pytest.raises(BadInputError):
        arranging.halves(_three(), number, "U")


@pytest.mark.parametrize("other", [_three(), Trajectory("U", "Empty")])
def test_what_cannot_be_appended_is_refused(other):
    with pytest.raises(BadInputError, match="name another"):
        arranging.appended(_three(), other)


def test_a_chapter_is_put_in_front_of_a_step_and_called_otherwise_the_second_time():
    once = arranging.with_chapter(_three(), 2, " Typing ")
    assert [step.action for step in once.steps][1] == Note("Typing")
    assert len(once.steps) == 4
    for number in (2, 3):
        again = arranging.with_chapter(once, number, "Writing")
        assert [step.action for step in again.steps][1] == Note("Writing")
        assert (len(again.steps), again.steps[1].description) == (
            4,
            once.steps[1].description.replace("Typing", "Writing"),
        )


@pytest.mark.parametrize(("number", "title"), [(0, "x"), (4, "x"), (1, "  ")])
def test_a_chapter_that_makes_no_sense_is_refused(number, title):
    with pytest.raises(BadInputError):
        arranging.with_chapter(_three(), number, title)
