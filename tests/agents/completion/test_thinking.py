"""Meanings and thoughts by rules: what they say, and what they must not know."""

import re

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.completion.meaning import meaning
from agents.completion.thinking import thought
from workbench.actions import (
    ACTION_TYPES,
    Activate,
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
from workbench.trajectory import Element, Observation, Outcome, PathNode, Step, Target, Window

PLACE = Rect(0, 0, 80, 20)
PAGES = [Window("shop", title, PLACE) for title in ("Basket", "*Basket", "Till", "")] + [Window("mail", "Inbox", PLACE)]
NAMES = st.sampled_from(["Save", "OK", "7", "Cancel", "Wrap lines", "", "Größe"])
ROLES = st.sampled_from(["push button", "text", "check box", "menu item", "page tab", "link", "filler", "combo box"])
ACTIONS = st.sampled_from(
    [
        Click(), Click(count=2), Click(button="right"), TypeText("Ada"), TypeText(secret="mail.password"),
        TypeText("{{name}}"), PressKeys(("ctrl", "s")), PressKeys(("Return",)), PressKeys(("F7",)), Scroll(dy=3),
        Scroll(dx=-1), Drag(), Hover(), Activate("mail"), Wait(2.0), Wait(until=Condition(text="Done")),
        Check(Condition(window="Till")), Read("total"), Call("pay"), Ask("How many?"), Note("Now the rest"), Finish(),
        Fail("there is no such button"),
    ]
)  # fmt: skip


@st.composite
def steps(draw):
    window, after = draw(st.sampled_from(PAGES)), draw(st.sampled_from(PAGES))
    path = (PathNode("tool bar"),) if draw(st.booleans()) else ()
    states = ("checked",) if draw(st.booleans()) else ()
    element = Element(window.app, window.title, draw(ROLES), draw(NAMES), PLACE, path=path, states=states)
    target = draw(st.sampled_from([None, Target(Point(3, 3), window, element), Target(Point(3, 3), window)]))
    outcome = Outcome("f" * 32, after, replace(element, states=()), draw(st.sampled_from([(), (PLACE,)])))
    return Step("s", draw(ACTIONS), Observation(frame="e" * 32, window=window), target, target, outcome)


def test_every_action_has_a_thought_but_a_note():
    silent = [kind for kind in ACTION_TYPES if not thought("", [], Step("s", _some(kind)))]
    assert silent == [Note]


@given(st.lists(steps(), min_size=1, max_size=6), st.sampled_from(["", "Save the letter as Ada"]))
def test_a_thought_is_one_to_three_plain_sentences(done, task):
    words = thought(task, done[:-1], done[-1])
    assert words or isinstance(done[-1].action, Note)
    assert len(words) < 400
    assert words == words.strip()
    assert not re.search(r"  |\n|\.\.|,\.|None|“”", words.replace("…", ""))
    assert words[:1] == words[:1].upper()
    assert words[-1:] in ("", ".", "”", "!", "?", "…")
    assert not re.search(r"\b(mark|screenshot|frame|red)\b", words)


@given(st.lists(steps(), min_size=1, max_size=6), steps(), st.sampled_from(PAGES))
def test_a_thought_knows_nothing_of_what_the_step_led_to(done, other, page):
    last = done[-1]
    else_where = replace(last, outcome=replace(other.outcome, window=page), description="x", thought="y")
    assert thought("Pay", done[:-1], last) == thought("Pay", done[:-1], else_where)


@given(steps())
def test_a_meaning_is_one_line_that_begins_as_the_description_does(step):
    words = meaning(step)
    assert words
    assert "\n" not in words
    assert not re.search(r"  |, ,|,$|None", words)


def test_a_meaning_names_the_part_of_the_window_and_what_came_of_it():
    save = Element("mousepad", "Letter", "push button", "Save", PLACE, path=(PathNode("frame"), PathNode("tool bar")))
    was, now = Window("mousepad", "*Letter", PLACE), Window("mousepad", "Save As", PLACE)
    target = Target(Point(3, 3), was, save)
    step = Step("s", Click(), Observation(window=was), target, outcome=Outcome(window=now))
    assert meaning(step) == "click the button “Save” in the toolbar of Mousepad, which leads to the window “Save As”"
    saved = replace(step, outcome=Outcome(window=replace(was, title="Letter")))
    assert meaning(saved) == "click the button “Save” in the toolbar of Mousepad"


def test_a_ticked_box_is_said_so_in_the_meaning_and_in_the_next_thought():
    box = Element("notes", "Preferences", "check box", "Wrap lines", PLACE)
    window = Window("notes", "Preferences", PLACE)
    tick = Step("s", Click(), Observation(window=window), Target(Point(3, 3), window, box))
    tick = replace(tick, outcome=Outcome(window=window, element=replace(box, states=("checked",))))
    assert meaning(tick).endswith(", which ticks it")
    assert thought("", [], tick) == "I begin in Notes. “Wrap lines” has to be ticked."
    close = replace(tick, target=replace(tick.target, element=replace(box, role="push button", name="Close")))
    assert thought("", [tick], close) == "“Wrap lines” is ticked now. I am through here, so I leave it with “Close”."


def test_a_thought_says_what_the_task_gives():
    field = Element("notes", "Form", "entry", "Name", PLACE)
    step = Step("s", TypeText("Ada"), target=Target(Point(3, 3), None, field))
    assert thought("Write to Ada.", [step], step) == "The task gives “Ada”, which I enter into “Name”."
    assert thought("Write to Adam.", [step], step) == "“Name” needs “Ada”."


def _some(kind):
    values = {PressKeys: (("ctrl", "s"),), Activate: ("mail",), Check: (Condition(text="x"),), Read: ("total",)}
    values |= {Call: ("pay",), Ask: ("How many?",), Note: ("x",), Fail: ("x",), TypeText: ("x",)}
    return kind(*values.get(kind, ()))
