"""Conditions of waits and checks."""

import pytest
from msgspec.structs import replace

from workbench.actions import Condition
from workbench.locate.conditions import holds


@pytest.mark.parametrize(
    ("condition", "ok"),
    [
        (Condition(window="Form"), True),
        (Condition(window="Other"), False),
        (Condition(app="form"), True),
        (Condition(app="FORM", window="orm"), True),
        (Condition(app="paint"), False),
        (Condition(element="Save"), True),
        (Condition(element="Save", role="push button"), True),
        (Condition(element="Save", role="check box"), False),
        (Condition(role="push button"), True),
        (Condition(role="slider"), False),
        (Condition(element="City", value="Rome"), True),
        (Condition(element="City", value="Oslo"), False),
        (Condition(window="Form", element="Save", text="Cancel"), True),
        (Condition(text="Store"), False),
    ],
)
def test_every_given_field_must_hold_and_present_turns_it_around(form, condition, ok):
    desk = form()
    city = replace(desk.elements[3], role="text", name="", label="City", value="Rome")
    desk.elements.append(city)
    sight = desk.sight()
    assert holds(condition, sight).ok == ok
    assert holds(replace(condition, present=False), sight).ok == (not ok)
    assert holds(condition, sight).reason


def test_what_cannot_be_examined_does_not_hold_either_way(form):
    sight = form().sight(accessible=False)
    for present in (True, False):
        held = holds(Condition(element="Save", present=present), sight)
        assert not held.ok
        assert "accessibility" in held.reason


def test_an_empty_condition_and_a_value_of_nothing_do_not_hold(form):
    for condition in (Condition(), Condition(present=False), Condition(value="Rome")):
        assert not holds(condition, form().sight()).ok
