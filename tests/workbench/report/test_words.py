"""What steps are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.actions import (
    ACTION_TYPES,
    Action,
    Activate,
    Argument,
    Ask,
    Call,
    Check,
    Click,
    Condition,
    Drag,
    Fail,
    Finish,
    Hover,
    Note,
    PressKeys,
    Read,
    Scroll,
    TypeText,
    Wait,
)
from workbench.geometry import Point, Rect
from workbench.report.words import (
    caption,
    describe,
    describe_action,
    describe_keys,
    is_shown,
    quoted,
    sentence,
    tidy,
)
from workbench.trajectory import Element, Observation, Step, Target, TextWitness, Window

WINDOW = Window("mousepad", "Letter", Rect(0, 0, 400, 300))
FIELD = Element("mousepad", "Letter", "entry", "Name", Rect(0, 0, 9, 9))
BUTTON = Target(Point(5, 6), WINDOW, Element("mousepad", "Letter", "push button", "Save", Rect(0, 0, 9, 9)))
EVERY_ACTION: list[Action] = [
    Click(),
    Hover(),
    Drag(),
    Scroll(dy=1),
    TypeText("x"),
    PressKeys(("a",)),
    Activate("mousepad"),
    Wait(1),
    Check(Condition(text="x")),
    Read("total"),
    Call("login"),
    Ask("Which one?"),
    Note("so far"),
    Finish(),
    Fail("no such file"),
]


def step(action: Action, target: Target | None = None, focused: Element | None = None) -> Step:
    return Step("s", action, Observation(focused=focused), target)


@pytest.mark.parametrize(
    ("action", "target", "line"),
    [
        (Click(), BUTTON, "click the button “Save” in Mousepad"),
        (Click(count=2), BUTTON, "double-click the button “Save” in Mousepad"),
        (Click("right", modifiers=("ctrl",)), BUTTON, "Ctrl+right-click the button “Save” in Mousepad"),
        (Click(), Target(Point(5, 6)), "click the place at 5, 6"),
        (Click(), Target(Point(5, 6), text=TextWitness("Total", Rect(0, 0, 1, 1))), "click “Total”"),
        (Hover(), BUTTON, "rest the pointer on the button “Save” in Mousepad"),
        (Scroll(dy=-3, dx=1), BUTTON, "scroll up 3 notches and right 1 notch over the button “Save” in Mousepad"),
        (PressKeys(("ctrl", "s")), None, "press Ctrl+S"),
        (PressKeys(("Down",), 3), None, "press Down 3 times"),
        (Activate("mousepad", "Letter"), None, "bring the window “Letter” of Mousepad to the front"),
        (Wait(1), None, "wait 1 second"),
        (Wait(until=Condition(text="Ready")), None, "wait until the printed text “Ready” is there"),
        (Check(Condition(element="OK", role="push button", present=False)), None, "check that the button “OK” is gone"),
        (Read("total"), BUTTON, "read the button “Save” in Mousepad into “total”"),
        (Call("log in", (Argument("user", "ann"),)), None, "carry out the workflow “log in” with user = “ann”"),
        (Finish("42"), None, "finish with the answer “42”"),
        (Fail("no such file"), None, "give up: no such file"),
    ],
)
def test_a_step_is_described_as_a_person_would_say_it(action: Action, target: Target | None, line: str) -> None:
    assert describe(step(action, target)) == line


def test_typing_names_the_field_that_has_the_focus() -> None:
    assert describe(step(TypeText("hello"), focused=FIELD)) == "type “hello” into the field “Name” in Mousepad"


def test_an_element_without_a_name_is_called_by_its_label() -> None:
    unnamed = Element("mousepad", "Letter", "entry", "", Rect(0, 0, 9, 9), label="Search for")
    assert describe(step(TypeText("x"), focused=unnamed)) == "type “x” into the field “Search for” in Mousepad"


def test_a_secret_appears_by_its_name_only() -> None:
    assert describe(step(TypeText(secret="bank-login"))) == "type the secret “bank-login”"


def test_text_that_went_into_a_password_field_is_not_shown() -> None:
    hidden = Element("mousepad", "Letter", "password text", "Code", Rect(0, 0, 9, 9), password=True)
    line = describe(step(TypeText("hunter2"), focused=hidden))
    assert "hunter2" not in line
    assert line == "type a hidden text into the password field “Code” in Mousepad"


def test_a_drag_says_from_where_to_where() -> None:
    line = describe(Step("s", Drag(), target=BUTTON, destination=Target(Point(7, 8))))
    assert line == "drag the button “Save” to the place at 7, 8 in Mousepad"


def test_every_kind_of_action_has_words() -> None:
    assert {type(action) for action in EVERY_ACTION} == set(ACTION_TYPES)
    lines = [describe_action(action) for action in EVERY_ACTION]
    assert all(lines)
    assert len(set(lines)) == len(lines)


def test_a_caption_prefers_the_words_that_the_step_carries() -> None:
    assert caption(Step("s", Click(), description="Open\tthe letter")) == "Open the letter"
    assert caption(Step("s", Click(), target=BUTTON)) == "click the button “Save” in Mousepad"


def test_keys_are_called_as_keyboards_print_them() -> None:
    assert describe_keys(("ctrl", "shift", "Next")) == "Ctrl+Shift+Page Down"
    assert describe_keys(("Return",)) == "Enter"
    assert describe_keys(("a",)) == "a"


def test_a_sentence_begins_large_and_ends_once() -> None:
    assert sentence("wait 1 second") == "Wait 1 second."
    assert sentence("really?") == "Really?"
    assert sentence("") == ""


@given(st.text(max_size=300))
def test_whatever_a_name_contains_its_line_is_short_and_visible(name: str) -> None:
    for line in (tidy(name), quoted(name), describe(step(Click(), Target(Point(1, 2), WINDOW, FIELD)))):
        assert len(line) <= 120
        assert all(is_shown(character) for character in line)
    assert describe(step(TypeText(name))).count("\n") == 0
