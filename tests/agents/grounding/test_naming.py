"""Words are understood in several ways, the most literal first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.grounding.naming import Naming, named, readings


@pytest.mark.parametrize(
    ("words", "naming"),
    [
        ("Save", Naming(("save",))),
        ("the Save button", Naming(("save",), frozenset({"button", "switch"}))),
        ("button Save", Naming(("save",), frozenset({"button", "switch"}))),
        ("the second Save button", Naming(("save",), frozenset({"button", "switch"}), 2)),
        ("2nd Save", Naming(("save",), ordinal=2)),
        ("the last tab", Naming((), frozenset({"tab"}), -1)),
        ("Save in Address", Naming(("save",), near=("address",))),
        (
            "Save button next to the City field",
            Naming(("save",), frozenset({"button", "switch"}), 0, ("city", "field")),
        ),
        ("the text area", Naming((), frozenset({"text area"}))),
        ('button "Save as" in "Address"', Naming(("save", "as"), frozenset({"button", "switch"}), 0, ("address",))),
        ("“+” key", Naming(("+",), frozenset({"button"}))),
        ("the drop-down Country", Naming(("country",), frozenset({"dropdown"}))),
    ],
)
def test_words_can_be_understood_as(words, naming):
    assert naming in readings(words)


def test_a_name_that_holds_role_and_number_is_taken_literally_first():
    assert readings("Last name field")[0] == Naming(("last", "name", "field"))


def test_marks_that_trail_a_caption_do_not_belong_to_the_name():
    assert named("Open…") == named("Open ...") == named("open:") == ("open",)
    assert named(".") == (".",)


@given(st.text(max_size=60))
def test_any_words_are_understood_without_an_error_and_each_way_names_something(words):
    for naming in readings(words):
        assert naming.name or naming.roles or naming.ordinal
