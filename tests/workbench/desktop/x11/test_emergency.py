import threading
import time

import pytest
from Xlib import X

from workbench.desktop.x11.emergency import EmergencyStop
from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point


class Alarm:
    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.rung = threading.Event()
        self.at_s = 0.0

    def __call__(self, reason: str) -> None:
        self.at_s = time.monotonic()
        self.reasons.append(reason)
        self.rung.set()


@pytest.fixture
def alarm():
    return Alarm()


@pytest.fixture
def stop(display, alarm, link):
    _move(link, 600, 600)
    watcher = EmergencyStop(display, alarm)
    watcher.start()
    yield watcher
    watcher.stop()


def _move(link, x: int, y: int) -> None:
    link.xtest_fake_input(X.MotionNotify, x=x, y=y)
    link.sync()


def _chord(link, *keycodes: int) -> None:
    for kind, codes in ((X.KeyPress, keycodes), (X.KeyRelease, reversed(keycodes))):
        for code in codes:
            link.xtest_fake_input(kind, code)
    link.sync()


CONTROL, ALT, ESCAPE, NUM_LOCK = 37, 64, 9, 77


def test_the_hotkey_stops_and_no_application_gets_it(stop, alarm, link, canvas):
    window = canvas()
    _chord(link, CONTROL, ALT, ESCAPE)
    assert alarm.rung.wait(10)
    assert alarm.reasons == ["ctrl+alt+Escape was pressed"]
    assert ESCAPE not in [event.detail for event in window.events(X.KeyPress)]


def test_the_hotkey_works_while_num_lock_is_on(stop, alarm, link, canvas):
    window = canvas()
    _chord(link, NUM_LOCK)
    _chord(link, CONTROL, ALT, ESCAPE)
    assert alarm.rung.wait(10)
    assert ESCAPE not in [event.detail for event in window.events(X.KeyPress)]
    _chord(link, NUM_LOCK)


def test_the_hotkey_works_while_another_program_holds_the_keyboard(stop, alarm, link, canvas):
    canvas().window.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    _chord(link, CONTROL, ALT, ESCAPE)
    assert alarm.rung.wait(10)
    link.ungrab_keyboard(X.CurrentTime)


def test_other_keys_do_not_stop(stop, alarm, link, canvas):
    window = canvas()
    _chord(link, ESCAPE)
    _chord(link, CONTROL, ESCAPE)
    assert [event.detail for event in window.events(X.KeyPress)] == [ESCAPE, CONTROL, ESCAPE]
    _chord(link, CONTROL, ALT, ESCAPE)
    assert alarm.rung.wait(10)
    assert len(alarm.reasons) == 1


def test_the_hotkey_follows_the_keyboard(stop, alarm, link, set_layout):
    set_layout("us", "dvorak")
    link.change_keyboard_mapping(93, [(0xFF1B, 0xFF1B)])
    link.sync()
    wait_s = time.monotonic() + 10
    while not alarm.rung.is_set() and time.monotonic() < wait_s:
        _chord(link, CONTROL, ALT, 93)
        alarm.rung.wait(0.05)
    assert alarm.rung.is_set()
    link.change_keyboard_mapping(93, [(0, 0)])
    link.sync()


def test_the_corner_stops(stop, alarm, link):
    _move(link, 1, 0)
    _move(link, 0, 0)
    assert alarm.rung.wait(10)
    assert "corner" in alarm.reasons[0]


def test_the_corner_does_not_stop_where_it_was_expected(stop, alarm, link):
    stop.expect(Point(0, 0))
    _move(link, 0, 0)
    _chord(link, CONTROL, ALT, ESCAPE)
    assert alarm.rung.wait(10)
    assert alarm.reasons == ["ctrl+alt+Escape was pressed"]


def test_without_an_expectation_the_pointer_may_go_anywhere(stop, alarm, link):
    stop.expect(Point(5, 5))
    stop.expect(None)
    _move(link, 300, 300)
    _chord(link, CONTROL, ALT, ESCAPE)
    assert alarm.rung.wait(10)
    assert alarm.reasons == ["ctrl+alt+Escape was pressed"]


def test_the_pointer_at_another_place_than_expected_stops(stop, alarm, link):
    for x in range(100, 200, 5):
        stop.expect(Point(x, 100))
        _move(link, x, 100)
    _move(link, 500, 400)
    assert alarm.rung.wait(10)
    assert alarm.reasons[0] == "somebody moved the pointer to (500, 400) from (195, 100)"


def test_a_hotkey_that_another_program_has_taken_is_refused(stop, display):
    second = EmergencyStop(display, lambda reason: None)
    with pytest.raises(UnavailableError, match="taken the emergency hotkey"):
        second.start()
    second.stop()


@pytest.mark.parametrize("hotkey", ["", "Escape", "ctrl+", "ctrl+nonsense", "hyper+a", "ctrl+я"])
def test_a_hotkey_that_is_none_is_refused(display, hotkey):
    with pytest.raises(BadInputError, match="hotkey"):
        EmergencyStop(display, lambda reason: None, hotkey=hotkey).start()


def test_after_the_end_the_hotkey_is_free_again(display, alarm, link, canvas, wait_until):
    watcher = EmergencyStop(display, alarm)
    watcher.start()
    watcher.stop()
    watcher.stop()
    window = canvas()

    def arrives() -> bool:
        _chord(link, CONTROL, ALT, ESCAPE)
        return ESCAPE in [event.detail for event in window.events(X.KeyPress)]

    wait_until(arrives, "the server's word that the watcher is gone")
    assert alarm.reasons == []
