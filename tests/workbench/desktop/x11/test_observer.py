import threading
import time
from itertools import pairwise

import pytest
from Xlib import X

from workbench.desktop.x11.observer import X11Observer
from workbench.desktop.x11.xkb import Xkb
from workbench.geometry import Point
from workbench.inputs import InputEvent


class Heard:
    def __init__(self, link, wait_until) -> None:
        self.link = link
        self.wait_until = wait_until
        self.events: list[InputEvent] = []

    def fake(self, kind: int, detail: int = 0, **more: int) -> None:
        self.link.xtest_fake_input(kind, detail, **more)
        self.link.sync()

    def key(self, *keycodes: int) -> None:
        """In one go: the server repeats a key that a busy machine holds for longer."""
        for kind, codes in ((X.KeyPress, keycodes), (X.KeyRelease, reversed(keycodes))):
            for code in codes:
                self.link.xtest_fake_input(kind, code)
        self.link.sync()

    def until(self, count: int) -> list[InputEvent]:
        self.wait_until(lambda: len(self.events) >= count, f"event {count}")
        return self.events


@pytest.fixture
def heard(display, link, wait_until):
    heard = Heard(link, wait_until)
    observer = X11Observer(display)
    observer.start(heard.events.append)
    yield heard
    observer.stop()


@pytest.mark.parametrize("burst", [1, 10, 200])
def test_no_event_is_lost_and_every_position_is_true(heard, burst):
    sent = []
    for number in range(600):
        place = Point(10 + number * 7 % 1200, 10 + number * 3 % 700)
        heard.link.xtest_fake_input(X.MotionNotify, x=place.x, y=place.y)
        heard.link.xtest_fake_input(X.ButtonPress, 9)
        heard.link.xtest_fake_input(X.ButtonRelease, 9)
        heard.link.xtest_fake_input(X.KeyPress, 38)
        heard.link.xtest_fake_input(X.KeyRelease, 38)
        sent += [("move", place), ("button_down", place), ("button_up", place), ("key_down", None), ("key_up", None)]
        if number % burst == burst - 1:
            heard.link.sync()
    assert [(event.kind, event.point) for event in heard.until(len(sent))] == sent
    assert all(event.by_program and event.server_ms for event in heard.events)


def test_what_was_done_before_the_end_is_told_before_it(display, link):
    told, goes_on = [], threading.Event()

    def slowly(event):
        assert goes_on.wait(60)
        told.append(event.kind)

    observer = X11Observer(display)
    observer.start(slowly)
    for _ in range(50):
        for kind in (X.ButtonPress, X.ButtonRelease):
            link.xtest_fake_input(kind, 9)
            link.sync()
    ending = threading.Thread(target=observer.stop)
    ending.start()
    time.sleep(0.1)  # it waits for the observer by now
    goes_on.set()
    ending.join()
    assert told == ["button_down", "button_up"] * 50


def test_isolated_events_arrive_without_another_one_after_them(heard):
    for number in range(10):
        heard.fake(X.MotionNotify, x=number, y=5)
        assert heard.until(number + 1)[number].point == Point(number, 5)


def test_a_move_by_a_distance_is_told_as_the_place(heard):
    heard.fake(X.MotionNotify, x=300, y=300)
    heard.until(1)
    heard.fake(X.MotionNotify, 1, x=5, y=-7)
    assert heard.until(2)[1].point == Point(305, 293)


@pytest.mark.parametrize("together", [False, True])
def test_a_press_is_where_a_program_put_the_pointer_without_an_event(heard, together):
    root = heard.link.screen().root
    for number in range(20):
        heard.link.xtest_fake_input(X.MotionNotify, x=20, y=20 + number)
        heard.link.sync()
        heard.until(3 * number + 1)
        root.warp_pointer(500, 300 + number)
        heard.link.xtest_fake_input(X.ButtonPress, 9)
        if not together:
            heard.link.sync()
            heard.until(3 * number + 2)
        heard.link.xtest_fake_input(X.ButtonRelease, 9)
        heard.link.sync()
        _, down, up = heard.until(3 * number + 3)[-3:]
        assert [down.point, up.point] == [Point(500, 300 + number)] * 2


def test_wheel_clicks_are_notches(heard):
    for button in (4, 5, 6, 7):
        heard.fake(X.ButtonPress, button)
        heard.fake(X.ButtonRelease, button)
    assert [(event.kind, event.dx, event.dy) for event in heard.until(4)] == [
        ("scroll", 0, -1),
        ("scroll", 0, 1),
        ("scroll", -1, 0),
        ("scroll", 1, 0),
    ]


def test_keys_are_named_under_the_modifiers_of_their_moment(heard):
    heard.key(50, 38)
    heard.key(37, 38)
    heard.key(36)
    named = [(event.kind, event.keysym, event.text) for event in heard.until(10)]
    assert named == [
        ("key_down", "shift", ""),
        ("key_down", "A", "A"),
        ("key_up", "A", ""),
        ("key_up", "shift", ""),
        ("key_down", "ctrl", ""),
        ("key_down", "a", ""),
        ("key_up", "a", ""),
        ("key_up", "ctrl", ""),
        ("key_down", "Return", ""),
        ("key_up", "Return", ""),
    ]


def test_a_release_has_the_name_of_its_press_though_shift_came_up_first(heard):
    for kind, code in ((X.KeyPress, 50), (X.KeyPress, 38), (X.KeyRelease, 50), (X.KeyRelease, 38)):
        heard.link.xtest_fake_input(kind, code)
    heard.link.sync()
    assert [event.keysym for event in heard.until(4)] == ["shift", "A", "shift", "A"]


@pytest.mark.parametrize(
    ("layout", "variant", "keycodes", "keysym", "text"),
    [
        ("de", "", (29,), "z", "z"),
        ("de", "", (108, 24), "at", "@"),
        ("de", "", (108, 26), "EuroSign", "€"),
        ("de", "", (49,), "dead_circumflex", ""),
        ("us", "intl", (48,), "dead_acute", ""),
        ("ru", "", (38,), "Cyrillic_ef", "ф"),
        ("gr", "", (39,), "Greek_sigma", "σ"),
    ],
)
def test_keys_are_named_under_a_layout_that_was_set_meanwhile(
    heard, set_layout, wait_until, layout, variant, keycodes, keysym, text
):
    set_layout(layout, variant)
    wait_until(lambda: any(event.kind == "keymap" for event in heard.events), "the layout's event")
    heard.events.clear()
    heard.key(*keycodes)
    last = heard.until(2 * len(keycodes))[len(keycodes) - 1]
    assert (last.keysym, last.text) == (keysym, text)


def test_another_layout_is_an_event_of_its_own(heard, set_layout, wait_until):
    set_layout("us,de", "intl,")
    wait_until(lambda: heard.events, "the layout's event")
    assert [(event.kind, event.text) for event in heard.events] == [("keymap", "us(intl)")]


def test_caps_lock_counts(heard):
    heard.key(66)
    heard.key(38)
    heard.key(66)
    down = [event for event in heard.until(6) if event.kind == "key_down"]
    assert [(event.keysym, event.text) for event in down] == [("Caps_Lock", ""), ("A", "A"), ("Caps_Lock", "")]


def test_a_held_key_is_told_as_often_as_the_server_repeats_it(heard, canvas, wait_until):
    window, pace = canvas(), Xkb(heard.link).pace()
    repeated = []

    def held_at_its_pace() -> bool:
        heard.events.clear()
        repeated.clear()
        heard.fake(X.KeyPress, 38)
        wait_until(lambda: repeated.extend(window.events(X.KeyPress)) or len(repeated) >= 5, "the server's repeats")
        heard.fake(X.KeyRelease, 38)
        repeated.extend(window.events(X.KeyPress))
        wait_until(lambda: heard.events and heard.events[-1].kind == "key_up", "the release")
        times_ms = [heard.events[0].server_ms, *(event.time for event in repeated[1:]), heard.events[-1].server_ms]
        waits_ms = [later - earlier for earlier, later in pairwise(times_ms)]
        return waits_ms[0] < pace.delay_ms + pace.interval_ms and max(waits_ms[1:]) < 2 * pace.interval_ms

    wait_until(held_at_its_pace, "a server that is not kept from repeating")
    downs = [event for event in heard.events if event.kind == "key_down"]
    assert abs(len(downs) - len(repeated)) <= 1
    assert sorted(heard.events, key=lambda event: event.monotonic_ns) == heard.events


def test_a_change_of_the_screens_is_an_event(servers, resize, wait_until):
    display = servers("1280x800x24")
    events: list[InputEvent] = []
    observer = X11Observer(display)
    observer.start(events.append)
    resize(display, 1024, 768)
    wait_until(lambda: any(event.kind == "screens" for event in events), "the screens' event")
    observer.stop()


def test_nothing_is_told_after_the_end_and_ending_twice_is_fine(display, link):
    events: list[InputEvent] = []
    observer = X11Observer(display)
    observer.start(events.append)
    observer.stop()
    observer.stop()
    link.xtest_fake_input(X.MotionNotify, x=1, y=1)
    link.sync()
    assert events == []
