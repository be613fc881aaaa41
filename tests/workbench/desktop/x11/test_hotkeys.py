import queue

import pytest
from Xlib import X

from workbench.desktop.hotkeys import take_hotkeys

CONTROL, ALT, SHIFT, RETURN, T, NUM_LOCK = 37, 64, 50, 36, 28, 77
KEYS = {"approve": "ctrl+alt+Return", "take-over": "ctrl+alt+t"}
PATIENCE_S = 20.0


@pytest.fixture
def heard():
    return queue.SimpleQueue()


@pytest.fixture
def taken(display, heard):
    hotkeys = take_hotkeys(display, KEYS, heard.put)
    yield hotkeys
    hotkeys.stop()


def _press(link, *keycodes: int) -> None:
    for code in keycodes:
        link.xtest_fake_input(X.KeyPress, code)
    link.sync()


def _release(link, *keycodes: int) -> None:
    for code in reversed(keycodes):
        link.xtest_fake_input(X.KeyRelease, code)
    link.sync()


def _chord(link, *keycodes: int) -> None:
    _press(link, *keycodes)
    _release(link, *keycodes)


def test_each_hotkey_is_told_by_its_word_and_no_application_gets_it(taken, heard, link, canvas):
    window = canvas()
    _chord(link, CONTROL, ALT, T)
    _chord(link, NUM_LOCK)
    _chord(link, CONTROL, ALT, RETURN)
    _chord(link, NUM_LOCK)
    assert [heard.get(timeout=PATIENCE_S), heard.get(timeout=PATIENCE_S)] == ["take-over", "approve"]
    assert {RETURN, T}.isdisjoint(event.detail for event in window.events(X.KeyPress))


def test_one_more_modifier_makes_it_another_hotkey_which_belongs_to_the_application(taken, heard, link, canvas):
    window = canvas()
    _chord(link, CONTROL, ALT, SHIFT, RETURN)
    assert RETURN in [event.detail for event in window.events(X.KeyPress)]
    _chord(link, CONTROL, ALT, T)
    assert heard.get(timeout=PATIENCE_S) == "take-over"


def test_keys_that_are_held_count_once_and_not_at_all_where_they_were_down_before(display, heard, link, canvas):
    canvas()
    _press(link, CONTROL, ALT, RETURN)
    hotkeys = take_hotkeys(display, KEYS, heard.put)
    try:
        for _ in range(2):
            # the server repeats a key that is held for longer than 660 ms
            link.xtest_fake_input(X.KeyRelease, RETURN, time=900)
            _chord(link, T)
            _press(link, RETURN)
        told = [heard.get(timeout=PATIENCE_S) for _ in range(4)]
        assert told == ["take-over", "approve", "take-over", "approve"]
    finally:
        hotkeys.stop()
        _release(link, CONTROL, ALT, RETURN)


def test_after_it_is_given_back_the_application_has_the_key_again(display, heard, link, canvas, wait_until):
    window = canvas()
    take_hotkeys(display, KEYS, heard.put).stop()

    def arrives() -> bool:
        _chord(link, CONTROL, ALT, RETURN)
        return RETURN in [event.detail for event in window.events(X.KeyPress)]

    wait_until(arrives, "the server's word that nobody has the key any more")
    assert heard.empty()


def test_a_hotkey_that_another_program_has_is_refused_with_its_reason_and_the_others_work(display, heard, taken, link):
    second = take_hotkeys(display, KEYS | {"reject": "ctrl+alt+BackSpace", "stop": "ctrl+Nonsense"}, heard.put)
    try:
        assert second.refused == {
            "approve": "another program has taken ctrl+alt+Return",
            "take-over": "another program has taken ctrl+alt+t",
            "stop": "'ctrl+Nonsense' is no hotkey: write it like ctrl+alt+Escape",
        }
        _chord(link, CONTROL, ALT, 22)
        assert heard.get(timeout=PATIENCE_S) == "reject"
    finally:
        second.stop()
