import time

import pytest
from Xlib import X

from workbench.desktop.x11.observer import X11Observer
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
        for code in keycodes:
            self.fake(X.KeyPress, code)
        for code in reversed(keycodes):
            self.fake(X.KeyRelease, code)

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


def test_isolated_events_arrive_without_another_one_after_them(heard):
    for number in range(10):
        heard.fake(X.MotionNotify, x=number, y=5)
        assert heard.until(number + 1)[number].point == Point(number, 5)


def test_a_move_by_a_distance_is_told_as_the_place(heard):
    heard.fake(X.MotionNotify, x=300, y=300)
    heard.until(1)
    heard.fake(X.MotionNotify, 1, x=5, y=-7)
    assert heard.until(2)[1].point == Point(305, 293)


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
        heard.fake(kind, code)
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
    window = canvas()
    heard.fake(X.KeyPress, 38)
    repeated = []
    while len(repeated) < 5:
        repeated += window.events(X.KeyPress)
        time.sleep(0.01)
    heard.fake(X.KeyRelease, 38)
    repeated += window.events(X.KeyPress)
    wait_until(lambda: heard.events and heard.events[-1].kind == "key_up", "the release")
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
