"""A recording that is begun by a key which works everywhere, on a real X display."""

from threading import Event

import pytest

from ui.qt.start_key import SETTING, StartKey
from workbench import settings
from workbench.desktop.hand import Hand, KeyDown, KeyUp
from workbench.desktop.private import PrivateDesktop
from workbench.errors import BadInputError


@pytest.fixture(scope="module")
def desktop():
    with PrivateDesktop.start((320, 240)) as started:
        yield started


@pytest.fixture
def press(desktop):
    """Presses Ctrl, Alt and R on that desktop."""
    hand = Hand(desktop.environment(), lambda _text: None)

    def do() -> None:
        for key in ("ctrl", "alt", "r"):
            hand.do(KeyDown(key))
        for key in ("r", "alt", "ctrl"):
            hand.do(KeyUp(key))

    yield do
    ended = Event()
    hand.close(ended.set)  # its keys are up before the next test presses any
    assert ended.wait(60)


@pytest.fixture
def key(core, desktop):
    made = StartKey(core, desktop.display)
    yield made
    made.stop()


@pytest.fixture
def wanted(core):
    begun = []
    core.record_now_wanted.connect(lambda: begun.append(1))
    return begun


def test_no_key_is_taken_until_one_is_set_and_then_it_begins_a_recording(core, key, press, wanted, until):
    assert (key.key, key._busy) == ("", False)
    core.change(SETTING, "ctrl+alt+r")
    until(lambda: key.key == "ctrl+alt+r" and not key._busy)
    press()
    until(lambda: wanted == [1])


def test_programs_have_the_key_while_something_is_recorded(core, key, press, wanted, until):
    core.change(SETTING, "ctrl+alt+r")
    until(lambda: key.key and not key._busy)
    core.begins("recording", "a recording")
    until(lambda: not key.key and not key._busy)
    assert key._hotkeys is None
    core.ends("recording")
    until(lambda: key.key and not key._busy)
    press()
    until(lambda: wanted == [1])


def test_a_key_that_another_hotkey_has_is_refused_and_none_takes_it_back():
    with pytest.raises(BadInputError, match=r"record.start_hotkey|record.stop_hotkey"):
        settings.store(SETTING, "ctrl+alt+s")
    settings.store(SETTING, "ctrl+alt+r")
    settings.store(SETTING, "")
    assert settings.load().record.start_hotkey == ""
    with pytest.raises(BadInputError):
        settings.store("record.stop_hotkey", "")
