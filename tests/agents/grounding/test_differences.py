"""What differs between two moments is told in few, clean words; a password's content never is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.grounding.differences import Change, changes_between
from agents.screen.listing import ElementList, Line, numbered
from agents.screen.reading import Read
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.trajectory import Element, Window

FORM = Window("shop", "Customers", Rect(0, 0, 200, 100), handle=1)


def _sight(*windows, mark=None):
    frame = Frame(np.zeros((100, 200, 4), np.uint8), Point(0, 0), 0)
    if mark is not None:
        frame.crop(mark)[:] = 255
    return Sight(frame, (), windows[0] if windows else None, windows, None, lambda digest: frame)


def _read(*lines):
    listed = numbered(lines)
    elements = {
        one.ref: Element("shop", "", one.role, one.name, Rect(0, 0, 9, 9), ref=("a", one.name)) for one in listed
    }
    return Read(ElementList("shop", "Customers", listed), elements)


def _told(before=None, after=None, lists=(None, None), ignored=()):
    change = Change(before or _sight(FORM), after or _sight(FORM), *lists)
    return [(one.by, one.words) for one in changes_between(change, None, ignored=ignored)]


def test_nothing_that_differs_is_nothing():
    assert _told(lists=(_read(Line("", "button", "Save")), _read(Line("", "button", "Save")))) == []


def test_windows_that_open_close_come_forward_or_are_renamed_are_told():
    other = Window("shop", "Really?", Rect(20, 20, 50, 50), handle=2)
    renamed = Window("shop", "Bob", FORM.bounds, handle=1)
    assert _told(after=_sight(other, FORM)) == [("window", "the window “Really?” opened")]
    assert _told(before=_sight(other, FORM)) == [("window", "the window “Really?” closed")]
    assert _told(_sight(FORM, other), _sight(other, FORM)) == [("window", "the window “Really?” came to the front")]
    assert _told(after=_sight(renamed)) == [("window", "the window is now called “Bob”")]


POPUP = Window("notifier", "You have mail", Rect(150, 0, 40, 20), handle=7)


def _proofs(before, after, acted_on=None):
    change = Change(before, after, None, None, acted_on)
    return [one.words for one in changes_between(change, None) if not one.foreign]


@pytest.mark.parametrize("windows", [((FORM,), (FORM, POPUP)), ((FORM, POPUP), (FORM,))], ids=["opened", "closed"])
def test_the_window_of_a_stranger_is_told_and_proves_nothing(windows):
    before, after = (_sight(*each, mark=POPUP.bounds if POPUP in each else None) for each in windows)
    how = "opened" if POPUP in windows[1] else "closed"
    assert [one.words for one in changes_between(Change(before, after, None, None), None)] == [
        f"the window “You have mail” of “notifier” {how}"
    ]
    assert _proofs(before, after) == []


def test_a_window_proves_a_step_where_it_is_of_the_application_that_was_acted_on_or_came_to_the_front():
    assert _proofs(_sight(FORM), _sight(FORM, POPUP), acted_on=POPUP) == ["the window “You have mail” opened"]
    assert _proofs(_sight(FORM), _sight(POPUP, FORM)) == ["the window “You have mail” opened"]
    child = Window("helper", "Really?", Rect(20, 20, 50, 50), pid=9, handle=8)
    parent = Window("shop", "Customers", FORM.bounds, pid=9, handle=1)
    assert _proofs(_sight(parent), _sight(parent, child)) == ["the window “Really?” opened"]


def test_what_changes_beside_a_strangers_window_still_proves_the_step():
    assert _proofs(_sight(FORM), _sight(FORM, POPUP, mark=Rect(20, 20, 30, 10)))


def test_lines_of_other_windows_are_not_compared_as_controls():
    save, mail = Line("", "button", "Save"), Line("", "window", "You have mail", mark="new")
    assert _told(lists=(_read(save), _read(save, mail))) == []


def test_lines_that_are_new_changed_or_gone_are_told():
    before = _read(Line("", "field", "Name"), Line("", "button", "Save"))
    after = _read(Line("", "field", "Name", "Bob", mark="changed"), Line("", "text", "Saved", mark="new"))
    assert _told(lists=(before, after)) == [
        ("list", "new: text “Saved”"),
        ("list", "field “Name” holds “Bob”"),
        ("list", "gone: button “Save”"),
    ]


def test_a_password_that_changed_is_told_without_its_content():
    before, after = (
        _read(Line("", "password field", "PIN")),
        _read(Line("", "password field", "PIN", "1234", mark="changed")),
    )
    assert "1234" not in repr(_told(lists=(before, after)))


def test_pixels_count_in_the_window_alone_and_not_where_things_glow():
    mark = Rect(20, 20, 30, 10)
    far = Window("shop", "Customers", Rect(100, 0, 100, 100), handle=1)
    assert [by for by, _ in _told(after=_sight(FORM, mark=mark))] == ["region"]
    assert _told(after=_sight(FORM, mark=mark), ignored=(mark.grown(4),)) == []
    assert _told(_sight(far), _sight(far, mark=mark)) == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_text_of_the_screen_is_told_on_one_line_short_and_within_its_marks(name, title):
    before, after = (
        _read(),
        _read(Line("", "button", "x" + name, mark="new"), Line("", "text", "y" + title, mark="new")),
    )
    other = Window("shop", title, Rect(20, 20, 50, 50), handle=2)
    for _, words in _told(after=_sight(other, FORM), lists=(before, after)):
        assert words.isprintable()
        assert len(words) < 160
        assert words.count("“") == words.count("”") <= 2
        assert '"' not in words
