"""What a press went to is what was seen there before it, whatever it led to."""

import time

import pytest

from recorder.entries import Noted
from recorder.exclusion import Exclusion
from recorder.eyes import Eyes
from recorder.keeping import Look
from recorder.looking import Looker
from recorder.resting import Rest, Rests
from workbench.desktop.dry import DryAccessibility, DryWindows
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Window

PLACE = Point(60, 60)
ITEM = Element("mail", "", "menu item", "Send", Rect(50, 50, 100, 20))
BEHIND = Element("mail", "Inbox", "push button", "Delete", Rect(40, 40, 100, 40))
MENU = Window("mail", "", Rect(50, 20, 100, 100), handle=2)
MAIN = Window("mail", "Inbox", Rect(0, 0, 400, 300), handle=1)


def rest(element: Element | None, asked_ns: int, answered_ns: int, at: Point = PLACE) -> Rest:
    return Rest(at, asked_ns, answered_ns, Look(window=MENU, element=element))


def rests(*those: Rest) -> Rests:
    made = Rests()
    for each in those:
        made.add(each)
    return made


def test_the_latest_answer_before_the_press_counts() -> None:
    earlier, later = rest(BEHIND, 10, 20), rest(ITEM, 30, 40)
    assert rests(earlier, later).before(PLACE, 100) == later


def test_an_answer_that_came_after_the_press_counts_only_where_there_is_no_other() -> None:
    answered, overtaken = rest(ITEM, 10, 20), rest(BEHIND, 95, 105)
    assert rests(answered, overtaken).before(PLACE, 100) == answered
    assert rests(overtaken).before(PLACE, 100) == overtaken


def test_silence_takes_nothing_back() -> None:
    answered, silent = rest(ITEM, 10, 20), rest(None, 30, 40)
    assert rests(answered, silent).before(PLACE, 100) == answered
    assert rests(silent).before(PLACE, 100) == silent


def test_what_was_asked_after_the_press_tells_nothing_of_it() -> None:
    assert rests(rest(ITEM, 101, 110)).before(PLACE, 100) is None


def test_what_was_seen_elsewhere_or_before_the_pointer_went_away_does_not_count() -> None:
    made = rests(rest(ITEM, 10, 20))
    assert made.before(Point(70, 60), 100) is None
    made.moved(Point(62, 60))
    assert made.before(PLACE, 100) is not None
    made.moved(Point(90, 60))
    assert made.before(PLACE, 100) is None


class Desk:
    """A desktop with a menu over a window; `close_menu` leaves what is behind it."""

    def __init__(self) -> None:
        self.accessibility = DryAccessibility([ITEM])
        eyes = Eyes(DryWindows([MENU, MAIN], lambda deed: None), self.accessibility)
        self.looker = Looker(eyes, None, Exclusion())
        self.looker.see_active()

    def close_menu(self) -> None:
        self.looker.eyes.windows = DryWindows([MAIN], lambda deed: None)
        self.accessibility.elements[:] = [BEHIND]

    def press(self, when_ns: int) -> Look:
        event = InputEvent(0, when_ns, "button_down", PLACE, button="left")
        look = self.looker.look(Noted(event, happened_ns=when_ns), frozenset(), secret=False)
        assert look is not None
        return look


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    # however long a busy machine takes from one line to the next, no press is read too late
    monkeypatch.setattr("recorder.looking.LATE_NS", 60_000_000_000)
    return Desk()


def test_a_menu_item_is_known_though_its_menu_has_closed_when_the_press_is_read(desk: Desk) -> None:
    desk.looker.see_rest(PLACE)
    pressed_ns = time.monotonic_ns()
    desk.close_menu()
    look = desk.press(pressed_ns)
    assert (look.element, look.window) == (ITEM, MENU)


def test_it_is_known_even_when_the_press_is_read_so_late_that_nobody_is_asked_any_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.looking.LATE_NS", 0)
    desk.looker.see_rest(PLACE)
    pressed_ns = time.monotonic_ns()
    desk.close_menu()
    look = desk.press(pressed_ns)
    assert (look.element, look.window) == (ITEM, MENU)


def test_what_stands_behind_a_menu_that_closed_is_not_taken_for_what_was_pressed(desk: Desk) -> None:
    desk.accessibility.elements.clear()
    desk.looker.see_rest(PLACE)
    pressed_ns = time.monotonic_ns()
    desk.close_menu()
    look = desk.press(pressed_ns)
    assert (look.element, look.window) == (None, MENU)


def test_an_application_that_was_silent_is_asked_again_while_its_window_stands(desk: Desk) -> None:
    desk.accessibility.elements.clear()
    desk.looker.see_rest(PLACE)
    desk.accessibility.elements.append(ITEM)
    look = desk.press(time.monotonic_ns())
    assert (look.element, look.window) == (ITEM, MENU)
