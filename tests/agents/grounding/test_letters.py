"""Letters alone name a line only where exactly one fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.grounding.letters import EXACT, EXACT_WITH_ROLE, by_letters
from agents.screen.listing import Line, numbered
from workbench.geometry import Rect
from workbench.trajectory import Element

SCREEN = (
    Line("", "menu", "File"),
    Line("", "field", "Customer name", near="Person"),
    Line("", "field", "Last name"),
    Line("", "button", "Save", near="Person"),
    Line("", "button", "Save", near="Address"),
    Line("", "button", "Save as…"),
    Line("", "button", "Delete", states=("disabled",)),
    Line("", "text", "Open"),
    Line("", "button", "Open"),
    Line("", "text area"),
    Line("", "window", "Customers"),
    Line("", "item", "Customers"),
)


def _told(words, lines=SCREEN):
    lines = numbered(lines)
    elements = {line.ref: Element("shop", "", "", line.name, Rect(0, 30 * at, 90, 20)) for at, line in enumerate(lines)}
    return by_letters(words, lines, elements)


@pytest.mark.parametrize(
    ("words", "ref"),
    [
        ("Last name", "e3"),
        ("the last name field", "e3"),
        ("customer name", "e2"),
        ("the second Save button", "e5"),
        ("the last Save", "e5"),
        ("Save in Address", "e5"),
        ("Save in the Person box", "e4"),
        ("Save as", "e6"),
        ("File menu", "e1"),
        ("Open", "e9"),
        ("the Open text", "e8"),
        ("the text area", "e10"),
        ("Customers", "e12"),
        ("the Customers window", "e11"),
        ("Cutsomer name", "e2"),
    ],
)
def test_the_only_line_that_fits_is_meant(words, ref):
    told = _told(words)
    assert (told.vote.state, [line.ref for line in told.lines]) == ("found", [ref])


@pytest.mark.parametrize("words", ["Save", "the Save button", 'button "Save"', "the button", "field"])
def test_what_fits_several_lines_equally_is_ambiguous_and_has_no_place(words):
    vote = _told(words).vote
    assert (vote.state, vote.cause, vote.point) == ("blind", "ambiguous", None)


@pytest.mark.parametrize("words", ["Print", "the plus key", "the third Save", "Save in Invoices", "", "the"])
def test_what_no_name_says_is_not_found_and_speaks_against_nobody(words):
    vote = _told(words).vote
    assert (vote.state, vote.cause, vote.point) == ("absent", "", None)


def test_a_control_that_is_greyed_out_is_a_veto():
    vote = _told("Delete").vote
    assert (vote.state, vote.cause) == ("veto", "disabled")


def test_name_and_role_together_are_surer_than_the_name():
    assert _told("Last name field").vote.confidence == EXACT_WITH_ROLE > EXACT == _told("last name").vote.confidence


def test_a_resemblance_is_never_enough_alone():
    vote = _told("Cutsomer name").vote
    assert 0.6 < vote.confidence < 0.97


def test_another_role_than_was_said_is_less_sure():
    assert _told("the Customer name button").vote.confidence < 0.97


NAMES = st.text("abc ", min_size=1, max_size=6).filter(str.strip)


@given(st.lists(NAMES, min_size=1, max_size=8), NAMES)
def test_a_name_that_stands_twice_never_gives_a_place_and_one_that_stands_once_always_does(names, wanted):
    lines = tuple(Line("", "button", name) for name in names)
    fitting = [name for name in names if name.split() == wanted.split()]
    vote = _told(f'"{wanted}"', lines).vote
    if len(fitting) == 1:
        assert vote.state == "found"
        assert vote.confidence >= EXACT
    if len(fitting) > 1:
        assert vote.point is None
