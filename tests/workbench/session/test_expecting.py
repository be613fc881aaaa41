"""What the recording promises of a step, and when today's screen keeps it."""

import dataclasses
from typing import Any

from msgspec.structs import replace

from workbench.actions import Click, PressKeys, TypeText
from workbench.geometry import Point, Rect
from workbench.locate.verdict import Verdict
from workbench.session.expecting import expectations
from workbench.session.roles import Grounding
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Window

MAIN = Window("editor", "notes.txt - Editor", Rect(0, 0, 200, 100), handle=1)
DIALOG = Window("editor", "Save As", Rect(20, 20, 80, 60), handle=2)
FIELD = Element("editor", "notes.txt - Editor", "text", "", Rect(10, 10, 50, 20), value="old", ref=("a", "/1"))
BOX = Element(
    "editor", "notes.txt - Editor", "check box", "Wrap", Rect(10, 40, 50, 20), states=("enabled",), ref=("a", "/2")
)
SPOT = Rect(10, 10, 4, 4)


def click(**outcome: Any) -> Step:
    return Step("s", Click(), Observation(window=MAIN), Target(Point(1, 1), MAIN), outcome=Outcome(**outcome))


def met(step: Step, before: Grounding, now: Any) -> list[bool]:
    return [expectation.met(before, now) for expectation in expectations(step, before)]


def at(sight: Any, element: Element | None = None) -> Grounding:
    return Grounding(True, Verdict(point=Point(1, 1)), sight, element=element)


def replace_windows(sight: Any, *windows: Window) -> Any:
    return dataclasses.replace(sight, windows=windows)


def test_nothing_is_asked_where_the_recording_shows_no_change(look: Any) -> None:
    assert expectations(click(), at(look(MAIN))) == ()


def test_a_window_that_came_up_in_the_recording_has_to_come_up(look: Any) -> None:
    step, before = click(window=DIALOG, changed=(SPOT,)), at(look(MAIN))
    assert met(step, before, look(MAIN)) == [False]
    assert met(step, before, look(replace(DIALOG, handle=77))) == [True]


def test_a_window_that_the_recording_does_not_have_is_noticed(look: Any) -> None:
    error = Window("editor", "Error!", Rect(0, 0, 50, 50), handle=9)
    assert met(click(window=MAIN), at(look(MAIN)), look(error)) == [False]


def test_the_recorded_window_may_come_to_the_front_from_behind_another(look: Any) -> None:
    terminal = Window("terminal", "~", Rect(0, 0, 90, 90), handle=12)
    step, behind = click(window=MAIN, changed=(SPOT,)), at(replace_windows(look(terminal), terminal, MAIN))
    assert met(step, behind, look(MAIN, mark=Rect(12, 12, 1, 1))) == [True, True]
    assert met(step, behind, look(MAIN, mark=Rect(190, 90, 1, 1))) == [True, False]


def test_what_changed_in_another_window_is_no_effect_of_the_step(look: Any) -> None:
    elsewhere, menu = Rect(205, 110, 10, 4), Rect(-30, 10, 10, 10)
    assert len(expectations(click(window=MAIN, changed=(elsewhere,)), at(look(MAIN)))) == 1
    assert len(expectations(click(window=MAIN, changed=(menu,)), at(look(MAIN)))) == 2


def test_a_title_that_follows_the_document_is_the_same_window(look: Any) -> None:
    today = replace(MAIN, title="*other.txt - Editor", handle=5)
    assert met(click(window=MAIN), at(look(replace(MAIN, handle=5))), look(today)) == [True]


def test_pixels_have_to_change_where_they_did_in_window_coordinates(look: Any) -> None:
    moved = replace(MAIN, bounds=Rect(5, 5, 200, 100))
    step, before = click(window=MAIN, changed=(SPOT,)), at(look(moved))
    assert met(step, before, look(moved)) == [True, False]
    assert met(step, before, look(moved, mark=Rect(150, 80, 3, 3))) == [True, False]
    assert met(step, before, look(moved, mark=Rect(16, 16, 1, 1))) == [True, True]


def test_in_a_resized_window_any_change_of_it_counts(look: Any) -> None:
    small = replace(MAIN, bounds=Rect(0, 0, 120, 90))
    step, before = click(changed=(SPOT,)), at(look(small))
    assert met(step, before, look(small, mark=Rect(100, 80, 3, 3))) == [True]
    assert met(step, before, look(small, mark=Rect(150, 80, 3, 3))) == [False]


def test_typed_text_has_to_stand_in_the_field_beside_whatever_else_does(look: Any, elements: Any) -> None:
    step = Step(
        "s", TypeText("new words"), Observation(window=MAIN), outcome=Outcome(element=replace(FIELD, value="new words"))
    )
    before = at(look(MAIN), FIELD)
    for value, arrived in [("old", False), ("new word", False), ("old new words!", True), ("new\nwords", True)]:
        now = look(MAIN, elements([replace(FIELD, value=value)]))
        assert met(step, before, now) == [arrived], value


def test_a_line_that_held_nothing_but_the_typed_text_has_to_hold_nothing_else(look: Any, elements: Any) -> None:
    line = replace(FIELD, states=("single-line",))
    step = Step("s", TypeText("Ada"), outcome=Outcome(element=replace(line, value="Ada")))
    for value, arrived in [("Ada", True), ("GraceAda", False), ("Adaptor", False)]:
        before, now = at(look(MAIN), line), look(MAIN, elements([replace(line, value=value)]))
        assert met(step, before, now) == [arrived], value


def test_a_field_that_rewrites_what_is_typed_has_to_change(look: Any, elements: Any) -> None:
    step = Step("s", TypeText("1000"), outcome=Outcome(element=replace(FIELD, value="1,000.00")))
    before = at(look(MAIN), FIELD)
    assert met(step, before, look(MAIN, elements([FIELD]))) == [False]
    assert met(step, before, look(MAIN, elements([replace(FIELD, value="1.000,00")]))) == [True]


def test_a_secret_is_never_compared_with_what_a_field_holds(look: Any) -> None:
    step = Step("s", TypeText(secret="pin"), outcome=Outcome(changed=(SPOT,), element=FIELD))
    assert [e.by for e in expectations(step, at(look(MAIN), FIELD))] == ["region"]


def test_a_box_that_was_checked_has_to_be_checked(look: Any, elements: Any) -> None:
    after = replace(BOX, states=("checked", "enabled", "focused"))
    step = Step("s", Click(), Observation(window=MAIN), Target(Point(1, 1), MAIN, BOX), outcome=Outcome(element=after))
    before = at(look(MAIN), BOX)
    assert met(step, before, look(MAIN, elements([BOX]))) == [False]
    assert met(step, before, look(MAIN, elements([after]))) == [True]


def test_keys_that_changed_nothing_are_only_held_to_the_window(look: Any) -> None:
    step = Step("s", PressKeys(("ctrl", "c")), Observation(window=MAIN), outcome=Outcome(window=MAIN))
    assert met(step, at(look(MAIN)), look(MAIN)) == [True]


def test_a_button_that_only_lights_up_proves_nothing_where_the_effect_was_elsewhere(look: Any) -> None:
    target = Target(Point(20, 50), MAIN, BOX)
    step = Step("s", Click(), Observation(window=MAIN), target, outcome=Outcome(changed=(Rect(150, 10, 20, 20),)))
    before = at(look(MAIN), BOX)
    assert met(step, before, look(MAIN, mark=BOX.bounds)) == [False]
    assert met(step, before, look(MAIN, mark=Rect(150, 12, 3, 3))) == [True]
