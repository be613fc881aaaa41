"""Recorded steps with the values of today, and doing again what is clear without asking a model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.planning.adapting import adapted
from agents.planning.following import FINISHED, example_for
from agents.planning.repeating import repeated
from agents.prompts.choosing import ClickIt, DoubleClickIt, Example, Finished, Press, RightClickIt, ShownStep, TypeInto
from agents.screen.listing import ElementList, Line
from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, Step, Target, Trajectory

BOXES = ('click checkbox "Ann"', 'click checkbox "Bob"', 'click button "Submit"')
RECORDED = "Select Ann, Bob and click Submit."


def words(steps, recorded, today):
    return [one.words for one in adapted(steps, recorded, today)]


@pytest.mark.parametrize(
    ("today", "names"),
    [
        ("Select Eve, Mei and click Submit.", ["Eve", "Mei"]),
        ("Select Eve, Mei, Jo and click Submit.", ["Eve", "Mei", "Jo"]),
        ("Select Eve and click Submit.", ["Eve"]),
        ("Select Eve, Mei, and Jo and click Submit.", ["Eve", "Mei", "Jo"]),
    ],
)
def test_of_what_the_task_lists_as_many_are_meant_as_it_lists_today(today, names):
    meant = adapted(BOXES, RECORDED, today)
    assert [one.words for one in meant] == [*(f'click checkbox "{name}"' for name in names), BOXES[2]]
    assert [one.place for one in meant] == sorted(one.place for one in meant)
    assert meant[-1].place == 2


@pytest.mark.parametrize(
    ("steps", "recorded", "today", "meant"),
    [
        (
            ('type "Vina" into field', 'click button "Submit"'),
            'Enter "Vina" and press Submit.',
            'Enter "Eve Berg" and press Submit.',
            ['type "Eve Berg" into field', 'click button "Submit"'],
        ),
        (('click tab "Tab #3"',), "Click on Tab #3.", "Click on Tab #1.", ['click tab "Tab #1"']),
        (
            ('click button "New"', 'type "Bob" into field "Name"', "press ctrl+s"),
            "add customer Bob",
            "add customer Eve",
            ['click button "New"', 'type "Eve" into field "Name"', "press ctrl+s"],
        ),
        (
            ('click menu item "Save and close"',),
            "choose Save and close in the menu",
            "choose Save and close in the menu",
            None,
        ),
        (('type "12" into field',), "say how many there are", "say how many there are", None),
    ],
    ids=["typed", "clicked", "amid", "one name of two verbs", "a constant"],
)
def test_a_value_of_the_recorded_task_is_that_of_today_in_its_place_and_the_rest_stays(steps, recorded, today, meant):
    assert words(steps, recorded, today) == (list(steps) if meant is None else meant)


@pytest.mark.parametrize(
    "today",
    [
        "Unselect Eve, Mei and click Submit.",
        "Select Eve, Mei and click Submit twice.",
        "Click Submit.",
        "",
    ],
)
def test_of_another_task_nothing_is_said(today):
    assert set(words(BOXES, RECORDED, today)) == {""}


@given(st.lists(st.sampled_from([*BOXES, "press ctrl+s", 'type "Ann" into field']), max_size=6), st.text(max_size=30))
def test_whatever_the_tasks_say_no_recorded_step_is_lost_or_moved(steps, today):
    places = [one.place for one in adapted(steps, RECORDED, today)]
    assert sorted(set(places)) == list(range(len(steps)))
    assert places == sorted(places)


def on(role, name):
    return Target(Point(1, 1), element=Element("shop", "Form", role, name, Rect(0, 0, 9, 9)))


EXEMPLAR = Trajectory(
    "t",
    "t",
    (
        Step("1", Click(), target=on("check box", "Ann")),
        Step("2", Click(), target=on("check box", "Bob")),
        Step("3", Click(), target=on("push button", "Submit")),
    ),
    task=RECORDED,
)
TODAY = "Select Eve, Mei, Jo and click Submit."


def test_a_run_that_has_more_to_do_than_was_recorded_is_not_shown_the_end_too_early():
    done: list[str] = []
    for name in ("Eve", "Mei", "Jo"):
        example = example_for(EXEMPLAR, done, TODAY)
        assert example.today == f'click checkbox "{name}"'
        assert next(step.words for step in example.steps if step.mark == 0).startswith("click checkbox")
        done.append(example.today)
    assert example_for(EXEMPLAR, done, TODAY).today == BOXES[2]
    assert example_for(EXEMPLAR, [*done, BOXES[2]], TODAY).today == FINISHED


def test_the_end_is_only_clear_where_all_was_done_as_it_was_meant():
    done = ['click checkbox "Eve"', 'click button "Reset"', BOXES[2]]
    assert FINISHED not in [example_for(EXEMPLAR, done[:count], TODAY).today for count in range(4)]
    typing = Trajectory("t", "t", (Step("1", TypeText("Bob"), target=on("entry", "Name")),), task="add Bob")
    assert example_for(typing, ['type "Bob" into field "Name"'], "remove Bob").today == ""


SCREEN = ElementList(
    "w",
    "shop",
    (
        Line("e1", "field", ""),
        Line("e2", "button", "Save"),
        Line("e3", "button", "Delete"),
        Line("e4", "button", "Delete"),
        Line("e5", "text", "Mei"),
        Line("e6", "checkbox", "Mei"),
    ),
)


def shown(today, *, leads=True):
    return [Example("x", (ShownStep(0, "y"),), leads=leads, today=today)]


@pytest.mark.parametrize(
    ("today", "choice"),
    [
        ('click button "save"', ClickIt("e2")),
        ('double-click button "Save"', DoubleClickIt("e2")),
        ('right-click button "Save"', RightClickIt("e2")),
        ('type "Eve" into field', TypeInto("e1", "Eve")),
        ('click option "Mei"', ClickIt("e6")),
        ('click text "Mei"', ClickIt("e5")),
        ('click option "Delete"', None),
        ("press ctrl+s", Press("ctrl+s")),
        (FINISHED, Finished()),
        ('click button "Delete"', None),
        ('click button "Open"', None),
        ('triple-click button "Save"', None),
        ("type a hidden text into field", None),
        ("press Tab 2 times", None),
        ("", None),
    ],
)
def test_what_is_due_is_done_again_where_one_control_is_called_so_and_nothing_is_open(today, choice):
    assert repeated(shown(today), SCREEN) == choice


def test_where_the_first_exemplar_leaves_it_open_the_next_one_is_followed():
    assert repeated([*shown(""), *shown('click button "Open"'), *shown('click button "Save"')], SCREEN) == ClickIt("e2")


def test_what_is_banned_or_was_a_single_step_elsewhere_is_not_done_again():
    assert repeated(shown('click button "Save"'), SCREEN, ('click button "save"',)) is None
    assert repeated(shown('click button "Save"', leads=False), SCREEN) is None
    assert repeated([], SCREEN) is None
