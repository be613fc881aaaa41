"""Recordings told as a run would take their steps: whoever clicks into a field and types takes one step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.planning.following import due, told_steps
from agents.planning.retelling import UNTOLD, retold, retold_at
from workbench.actions import Click, Finish, Note, PressKeys, TypeText
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, Step, Target, Trajectory

PLACES = {"field": "entry", "button": "push button", "password field": "password text", "dropdown": "combo box"}


def on(role: str, name: str = "") -> Target:
    states = ("editable",) if role == "field" else ()
    element = Element("shop", "Form", PLACES[role], name, Rect(0, 0, 9, 9), states=states, password="password" in role)
    return Target(Point(1, 1), element=element)


def made(*steps: Step) -> Trajectory:
    return Trajectory("t", "t", steps, task="fill in the form")


def click(role: str, name: str = "", **others) -> Step:
    return Step("c", Click(**others), target=on(role, name))


def typing(text: str, role: str | None = None, name: str = "") -> Step:
    return Step("t", TypeText(text), target=on(role, name) if role else None)


SELECT_ALL = Step("a", PressKeys(("ctrl", "a")))


@pytest.mark.parametrize(
    "steps",
    [
        (click("field", "Name"), typing("Bob", "field", "Name")),
        (click("field", "Name"), typing("Bob")),
        (click("field", "Name"), SELECT_ALL, typing("Bob")),
        (click("field", "Name", count=3), typing("Bob", "field", "Name")),
        (click("field", "Name"), Step("n", Note("now the name")), typing("Bob")),
        (SELECT_ALL, typing("Bob", "field", "Name")),
        (typing("Bob", "field", "Name"),),
    ],
    ids=["said", "unsaid", "replaced", "selected", "with a remark", "by keys", "alone"],
)
def test_putting_the_focus_into_a_field_and_typing_there_is_one_step(steps):
    assert told_steps(made(*steps)) == ('type "Bob" into field "Name"',)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((click("button", "New"), typing("Bob")), ('click button "New"', 'type "Bob"')),
        (
            (click("button", "New"), typing("Bob", "field", "Name")),
            ('click button "New"', 'type "Bob" into field "Name"'),
        ),
        (
            (click("field", "Phone"), typing("Bob", "field", "Name")),
            ('click field "Phone"', 'type "Bob" into field "Name"'),
        ),
        ((click("field", "Name"), click("button", "Save")), ('click field "Name"', 'click button "Save"')),
        ((click("field", "Name", button="right"), typing("Bob")), ('right-click field "Name"', 'type "Bob"')),
        ((SELECT_ALL, typing("Bob")), ("press ctrl+a", 'type "Bob"')),
        ((SELECT_ALL, click("button", "Cut")), ("press ctrl+a", 'click button "Cut"')),
    ],
)
def test_what_goes_to_two_places_or_to_nobody_knows_where_stays_two_steps(steps, words):
    assert told_steps(made(*steps)) == words


def test_what_was_typed_into_a_password_field_by_its_click_alone_is_told_to_nobody():
    assert told_steps(made(click("password field", "Password"), typing("hunter2"))) == (
        'type a hidden text into password field "Password"',
    )


def test_a_recording_and_a_run_that_did_the_same_are_at_the_same_place():
    recorded = told_steps(made(click("field"), typing("Vina"), click("button", "Submit"), Step("f", Finish())))
    assert [due(recorded, done) for done in ((), ('type "Eve" into field',))] == [0, 1]
    assert recorded[1] == 'click button "Submit"'


def test_a_step_knows_the_recorded_ones_that_it_is_made_of_their_place_and_their_thought():
    steps = (
        Step("n", Note("begin")),
        Step("c", Click(), target=on("field", "Name"), thought="The name comes first."),
        typing("Bob"),
        click("button", "Save"),
    )
    told = retold(made(*steps))
    assert [(one.first, one.last, one.thought) for one in told] == [(2, 3, "The name comes first."), (4, 4, "")]
    assert [one.target for one in told] == [steps[1].target, steps[3].target]
    assert [retold_at(told, number) for number in range(6)] == [None, None, 0, 0, 1, None]


anything = st.one_of(
    st.builds(click, st.sampled_from(tuple(PLACES)), st.sampled_from(("", "A", "B"))),
    st.builds(typing, st.just("x"), st.sampled_from((None, *PLACES)), st.sampled_from(("", "A"))),
    st.sampled_from((SELECT_ALL, Step("n", Note("so")), Step("p", PressKeys(("Tab",))))),
)


@given(st.lists(anything, max_size=9))
def test_every_recorded_step_is_a_part_of_one_step_but_for_remarks(steps):
    told = retold(made(*steps))
    parts = [number for one in told for number in range(one.first, one.last + 1)]
    assert parts == sorted(set(parts))
    untold = {number for number, step in enumerate(steps, 1) if isinstance(step.action, UNTOLD)}
    assert set(range(1, len(steps) + 1)) - set(parts) <= untold
    assert sum(isinstance(step.action, TypeText) for step in steps) == sum("type " in one.words for one in told)
