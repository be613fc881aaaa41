"""A recorded value gives way to what stands in its place today, and to nothing where that is not clear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.planning.carrying import carried, todays_text
from agents.prompts.choosing import Example, ShownStep, Situation
from agents.screen.listing import ElementList, Line

THEN = "add customer Bob with phone 12"


@pytest.mark.parametrize(
    ("text", "today", "value"),
    [
        ("Bob", "add customer Eve Berg with phone 7", "Eve Berg"),
        ("12", "add customer Eve Berg with phone +49 30/77", "+49 30/77"),
        ("12", "Add customer “Eve” with phone “7”", "7"),
        ("bob", 'add customer "Eve" with phone 7', "Eve"),
        ("Bob", "add customer Bob with phone 7", "Bob"),
        ("Carl", "add customer Eve with phone 7", None),
        ("Bob", "order twelve pizzas", None),
        ("Bob", "add customer with phone 7", None),
    ],
)
def test_what_stands_in_the_place_of_the_recorded_value_is_taken(text, today, value):
    assert carried(text, THEN, today) == value


def test_two_values_that_nothing_holds_apart_are_not_guessed():
    assert carried("Bob", "register Bob 12", "register Eve Berg 7") is None


def test_a_comma_holds_two_values_apart():
    assert carried("12", "register Bob, 12", "register Eve Berg, 7") == "7"


def test_a_value_that_stands_twice_is_not_guessed():
    assert carried("Bob", "tell Bob that Bob is late", "tell Eve that Bob is late") is None


names = st.text("abcdefghij", min_size=3, max_size=9).filter(lambda word: word not in {"bad", "add", "file"})


@given(names, names, names, names)
def test_values_between_words_that_stay_are_always_found(one, two, other, another):
    then, now = f"put {one} on file for {two} today", f"put {other} on file for {another} today"
    if one == two:
        return
    assert carried(one, then, now) == other
    assert carried(two, then, now) == another


@given(st.text(max_size=30), st.text(max_size=60), st.text(max_size=60))
def test_what_is_found_stands_in_todays_task(text, then, now):
    found = carried(text, then, now)
    assert found is None or (found and found in now)


def test_only_the_step_that_is_due_is_asked_about_and_only_for_its_field():
    steps = (ShownStep(-1, 'type "12" into field "Phone"'), ShownStep(0, 'type "Bob" into field "Name"'))
    situation = Situation(ElementList("", ""), "add customer Eve with phone 7", examples=(Example(THEN, steps),))
    assert todays_text(situation, Line("e1", "field", "Name")) == "Eve"
    assert todays_text(situation, Line("e2", "field", "Phone")) is None
    clicks = (ShownStep(0, 'click button "Save"'),)
    bare = Situation(ElementList("", ""), "x", examples=(Example(THEN, clicks),))
    assert todays_text(bare, Line("e1", "button", "Save")) is None
