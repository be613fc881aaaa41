"""A person's hand on a private desktop, heard there by the observer of a recording."""

import threading
from contextlib import closing

import pytest
from Xlib import X
from Xlib.display import Display

from workbench.desktop.hand import Hand, KeyDown, KeyUp, Move, Press, Release, Scroll, Write
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.observer import X11Observer
from workbench.geometry import Point

PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def desktop():
    with PrivateDesktop.start((640, 480)) as started, closing(Display(started.display)) as link:
        # the server repeats no key, however long a busy machine holds it
        link.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff)
        link.sync()
        yield started


class Ears:
    """Everything that happens on the desktop, in order."""

    def __init__(self) -> None:
        self.events, self._came = [], threading.Condition()

    def __call__(self, event) -> None:
        with self._came:
            self.events.append(event)
            self._came.notify()

    def wait(self, holds) -> None:
        with self._came:
            assert self._came.wait_for(lambda: holds(self.events), PATIENCE_S), self.events

    def kinds(self, *kinds: str) -> list:
        return [event for event in self.events if event.kind in kinds]


@pytest.fixture
def ears(desktop, monkeypatch):
    monkeypatch.setenv("XAUTHORITY", str(desktop.authority))
    observer, heard = X11Observer(desktop.display), Ears()
    observer.start(heard)
    yield heard
    observer.stop()


@pytest.fixture
def hand(desktop):
    """A hand, what it refused, and its end."""
    refused, ended = [], threading.Event()
    made = Hand(desktop.environment(), refused.append)
    made.refusals = refused

    def close() -> None:
        if not ended.is_set():
            made.close(ended.set)
        assert ended.wait(PATIENCE_S)

    made.finish = close
    yield made
    close()


def test_what_a_person_does_happens_there_in_its_order(hand, ears):
    for act in (Move(100, 120), Press("left"), Move(180, 140), Release("left"), Scroll(0, 2), Write("ß")):
        hand.do(act)
    ears.wait(lambda events: any(event.text == "ß" for event in events))
    down, up = ears.kinds("button_down", "button_up")
    assert (down.button, down.point, up.point) == ("left", Point(100, 120), Point(180, 140))
    assert [event.dy for event in ears.kinds("scroll")] == [1, 1]
    order = [event.kind for event in ears.events if event.kind != "move" and event.kind != "keymap"]
    assert order[:5] == ["button_down", "button_up", "scroll", "scroll", "key_down"]


def test_of_moves_in_quick_succession_the_last_one_counts(hand, ears):
    for x in range(300):
        hand.do(Move(20 + x, 50))
    hand.do(Press("middle"))
    hand.do(Release("middle"))
    ears.wait(lambda events: events and events[-1].kind == "button_up")
    assert ears.kinds("button_down")[0].point == Point(319, 50)
    assert len(ears.kinds("move")) < 100


def test_what_is_held_at_the_end_is_let_go(hand, ears):
    for act in (KeyDown("ctrl"), KeyDown("c"), KeyUp("c"), Press("right")):
        hand.do(act)
    ears.wait(lambda events: any(event.kind == "button_down" for event in events))
    assert [event.keysym for event in ears.kinds("key_down")] == ["ctrl", "c"]
    assert not ears.kinds("button_up")
    hand.finish()
    ears.wait(lambda events: any(event.kind == "button_up" for event in events))
    assert [event.keysym for event in ears.kinds("key_up")] == ["c", "ctrl"]


def test_what_cannot_be_done_is_told_and_the_next_act_is_done(hand, ears):
    hand.do(KeyDown("NoSuchKey"))
    hand.do(KeyDown("F4"))
    hand.do(KeyUp("F4"))
    ears.wait(lambda events: any(event.keysym == "F4" for event in events))
    hand.finish()
    (refusal,) = hand.refusals
    assert refusal.startswith("no keyboard has a key called 'NoSuchKey'")


def test_a_hand_without_a_desktop_says_what_is_missing_once_and_still_ends(desktop):
    refused, ended = [], threading.Event()
    hand = Hand(desktop.environment() | {"DISPLAY": ":987"}, refused.append)
    for place in range(2000):
        hand.do(KeyDown("a"))
        hand.do(Move(place, place))
    hand.close(ended.set)
    assert ended.wait(PATIENCE_S)
    assert "no X server answers at display :987" in refused[-1] + refused[0]
    assert len(refused) <= 2


def test_what_is_typed_shows_in_no_traceback():
    assert "hunter2" not in repr(Write("hunter2"))
