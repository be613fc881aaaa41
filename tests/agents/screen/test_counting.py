"""Controls that words name by where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.screen.counting import MOST, placed
from agents.screen.kinds import KINDS, kind_at
from agents.screen.listing import Line, numbered
from agents.screen.words import split

SCREEN = numbered(
    [
        Line("e1", "tab", "General"),
        Line("e1", "tab", "Editor"),
        Line("e1", "tab", "Files"),
        Line("e1", "text", "Name"),
        Line("e1", "field", "", near="Name"),
        Line("e1", "button", "Save", near="Address"),
        Line("e1", "field", "Street"),
        Line("e1", "button", "Save", near="Billing"),
        Line("e1", "link", "Help"),
        Line("e1", "button", "Help"),
        Line("e1", "checkbox", "Remember me"),
    ]
)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("the third tab", ("e3",)),
        ("click on the last tab, please", ("e3",)),
        ("2nd tab", ("e2",)),
        ("tab number 2", ("e2",)),
        ("open tab #1", ("e1",)),
        ("number 2 of the tabs", ("e2",)),
        ("the tab in second place", ("e2",)),
        ("the next to last tab", ("e2",)),
        ("the second Save", ("e8",)),
        ("the first Save button", ("e6",)),
        ("pick the 2nd button called save", ("e8",)),
        ("the field below Name", ("e5",)),
        ('the button right after "Street"', ("e8",)),
        ("the tab before Files", ("e2",)),
        ("the checkbox to the right of Help", ("e11",)),
        ("the Help link", ("e9",)),
        ("the button called Help", ("e10",)),
        ("save", ()),
        ("the ninth tab", ()),
        ("first click Save", ()),
        ("the field below Zip", ()),
        ("", ()),
    ],
)
def test_ordinals_and_neighbours_are_understood(words, meant):
    assert placed(words, SCREEN) == meant


def test_of_two_controls_called_the_same_none_is_told_unless_they_are_told_apart():
    assert placed("click Save", SCREEN) == ()


def _several(phrase):
    return phrase[:-1] + "ies" if phrase.endswith("ry") else phrase + ("es" if phrase.endswith(("x", "ch")) else "s")


def test_every_kind_is_known_in_the_singular_and_the_plural():
    for phrase, roles in KINDS.items():
        assert kind_at(split(phrase), 0)[0] == roles
        assert kind_at(split(_several(phrase)), 0)[0] == roles


@given(st.text(max_size=60))
def test_any_words_give_controls_of_the_list_or_none(words):
    found = placed(words, SCREEN)
    assert len(found) <= MOST
    assert {line.ref for line in SCREEN}.issuperset(found)
