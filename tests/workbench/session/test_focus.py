"""Whether the keyboard would reach what it reached in the recording."""

from typing import Any

import pytest
from msgspec.structs import replace

from workbench.actions import TypeText
from workbench.geometry import Point, Rect
from workbench.session.focus import alike, focus_verdict
from workbench.trajectory import Element, PathNode, Step, Target, Window

MAIN = Window("editor", "notes.txt - Editor", Rect(0, 0, 200, 100), handle=1)
PATH = (PathNode("frame"), PathNode("panel"))
FIELD = Element("editor", "notes.txt - Editor", "text", "", Rect(10, 10, 50, 20), PATH, label="Name", ref=("a", "/1"))
OTHER = replace(FIELD, label="Address", ref=("a", "/2"))
PASSWORD = replace(FIELD, role="password text", label="Password", password=True, ref=("a", "/3"))


def typing(field: Element | None, **action: str) -> Step:
    return Step("s", TypeText(**action), target=Target(Point(12, 12), MAIN, field))


def test_the_recorded_field_with_the_focus_is_taken(look: Any, elements: Any) -> None:
    found = focus_verdict(
        typing(FIELD, text="x"), look(MAIN, elements([FIELD], focus=replace(FIELD, value="other data")))
    )
    assert found.ok
    assert found.verdict.located_by == ("element",)


def test_another_field_with_the_focus_is_refused_by_name(look: Any, elements: Any) -> None:
    found = focus_verdict(typing(FIELD, text="x"), look(MAIN, elements([FIELD, OTHER], focus=OTHER)))
    assert not found.ok
    assert "'Address'" in found.verdict.reason
    assert "'Name'" in found.verdict.reason


def test_another_field_without_a_name_is_told_apart_from_the_recorded_one(look: Any, elements: Any) -> None:
    was, now = replace(FIELD, label=""), replace(OTHER, label="", index=1, bounds=Rect(10, 40, 50, 20))
    found = focus_verdict(typing(was, text="x"), look(MAIN, elements([was, now], focus=now)))
    assert not found.ok
    assert found.verdict.reason == "the focus is on another field of the same kind than it was: on a text at 35, 50"


WAY = (PathNode("frame"), PathNode("page tab"), PathNode("scroll pane"))


@pytest.mark.parametrize(
    ("recorded", "today", "same"),
    [(WAY[1:], WAY, True), (WAY, WAY[1:], True), (WAY[:2], WAY, False), (WAY[:1], WAY[1:], False), ((), WAY, False)],
)
def test_a_field_is_known_again_though_a_busy_application_told_only_what_is_right_above_it(
    look: Any, elements: Any, recorded: tuple[PathNode, ...], today: tuple[PathNode, ...], same: bool
) -> None:
    was, now = replace(FIELD, label="", path=recorded), replace(FIELD, label="", path=today)
    assert focus_verdict(typing(was, text="x"), look(MAIN, elements([now], focus=now))).ok == same


def test_no_focus_at_all_is_refused_where_the_application_can_be_heard(look: Any, elements: Any) -> None:
    assert not focus_verdict(typing(FIELD, text="x"), look(MAIN, elements([FIELD]))).ok


@pytest.mark.parametrize("hears", [True, False])
def test_where_the_application_cannot_be_heard_its_window_has_to_do(look: Any, elements: Any, hears: bool) -> None:
    assert focus_verdict(typing(FIELD, text="x"), look(MAIN, elements() if hears else None)).ok


@pytest.mark.parametrize("active", [None, replace(MAIN, app="browser"), replace(MAIN, title="Really quit?")])
def test_keys_never_go_to_another_application_or_dialog(look: Any, elements: Any, active: Window | None) -> None:
    found = focus_verdict(typing(FIELD, text="x"), look(active, elements([FIELD], focus=FIELD)))
    assert not found.ok
    assert found.verdict.cause in ("wrong-window", "wrong-application")


@pytest.mark.parametrize("focus", [None, FIELD])
def test_a_secret_goes_into_a_password_field_only(look: Any, elements: Any, focus: Element | None) -> None:
    assert not focus_verdict(typing(PASSWORD, secret="pin"), look(MAIN, elements([FIELD], focus=focus))).ok


def test_a_secret_goes_into_its_password_field(look: Any, elements: Any) -> None:
    assert focus_verdict(typing(PASSWORD, secret="pin"), look(MAIN, elements([PASSWORD], focus=PASSWORD))).ok


@pytest.mark.parametrize(
    ("recorded", "today", "same"),
    [
        ("Untitled 1 - Mousepad", "*Untitled 1 - Mousepad", True),
        ("Untitled 1 - Mousepad", "notes.txt - Mousepad", True),
        ("Untitled 1 - Mousepad", "Save As", False),
        ("Calculator", "Calculator", True),
        ("", "", True),
        ("", "Question", False),
    ],
)
def test_titles_of_one_kind_of_window_are_alike(recorded: str, today: str, same: bool) -> None:
    assert alike(recorded, today) is same
