"""Conditions: which window may hold the target, and whether anything lies over it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.geometry import Point, Rect
from workbench.locate.standing import covering, expected_places, in_popup, stand, title_likeness
from workbench.trajectory import Element, PathNode, Target, Window

RECORDED = Window("form", "notes.txt - Editor", Rect(100, 100, 400, 300))
PLACE = Point(150, 140)


def at(point=PLACE, window=RECORDED, element=None) -> Target:
    return Target(point=point, window=window, element=element)


@pytest.mark.parametrize(
    ("recorded", "now", "alike"),
    [
        ("Calculator", "Calculator", True),
        ("notes.txt - Mousepad", "*Untitled 1 - Mousepad", True),
        ("Inbox — Mail", "Drafts — Mail", True),
        ("Folder 1", "Folder 2", True),
        ("Save As", "notes.txt - Mousepad", False),
        ("Save As", "Open File", False),
        ("Preferences", "About", False),
    ],
)
def test_titles_that_follow_the_document_are_one_kind(recorded, now, alike):
    assert (title_likeness(recorded, now) > 0) == alike


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_of_titles_is_bounded_and_certain_for_equal_ones(first, second):
    assert 0 <= title_likeness(first, second) <= 1
    assert title_likeness(first, first) == 1


def test_the_same_title_is_preferred_to_the_same_kind(scene):
    desk = scene().window(title="notes.txt - Editor", app="form").window(title="other.txt - Editor", app="form")
    assert [window.title for window in stand(at(), desk.sight()).windows] == ["notes.txt - Editor"]


def test_application_names_are_compared_without_capitals(scene):
    assert stand(at(), scene().window(title=RECORDED.title, app="Form").sight()).cause == ""


def test_without_the_application_the_reason_names_what_is_there(scene):
    standing = stand(at(), scene().window(app="notes").sight())
    assert standing.cause == "wrong-application"
    assert "notes" in standing.reason


def test_a_window_of_another_kind_is_not_sure(scene):
    assert not stand(at(), scene().window(title="Preferences", app="form").sight()).sure


def test_a_dialog_with_another_title_is_refused(scene):
    element = Element("form", "Quit?", "push button", "Yes", Rect(0, 0, 9, 9), path=(PathNode("alert", "Quit?"),))
    window = Window("form", "Quit?", Rect(100, 100, 400, 300))
    desk = scene().window(title="Delete everything?", app="form")
    assert stand(at(window=window, element=element), desk.sight()).cause == "wrong-window"


def test_a_moved_and_resized_window_is_expected_at_all_four_corners(scene):
    desk = scene().window(Rect(10, 20, 500, 350), title=RECORDED.title, app="form")
    places = expected_places(at(), stand(at(), desk.sight()))
    assert places == (Point(60, 60), Point(160, 110), Point(160, 60), Point(60, 110))


def test_the_topmost_foreign_window_covers(scene):
    desk = scene().window(RECORDED.bounds, RECORDED.title, "form").window(Rect(120, 120, 50, 50), "Notes", "notes")
    sight = desk.sight()
    standing = stand(at(), sight)
    assert covering(Point(150, 140), standing, sight).app == "notes"
    assert covering(Point(300, 300), standing, sight) is None


def test_a_target_outside_its_window_is_a_popup_that_nothing_listed_covers(scene):
    desk = scene().window(RECORDED.bounds, RECORDED.title, "form").window(Rect(480, 100, 200, 200), "Notes", "notes")
    sight = desk.sight()
    standing = stand(at(Point(550, 150)), sight)
    assert standing.popup
    assert covering(Point(550, 150), standing, sight) is None


def test_entries_of_open_menus_are_in_popups_and_those_of_the_menu_bar_are_not():
    entry = Element("form", "F", "menu item", "Open", Rect(0, 0, 9, 9), path=(PathNode("frame"), PathNode("menu")))
    bar = Element("form", "F", "menu", "File", Rect(0, 0, 9, 9), path=(PathNode("frame"), PathNode("menu bar")))
    assert in_popup(entry)
    assert not in_popup(bar)
