"""A person stops a replay: by the hotkey, by the pointer, from the terminal; nothing stays held, nothing goes on."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
from Xlib.display import Display

from workbench.actions import PressKeys, TypeText, Wait
from workbench.desktop.private import PrivateDesktop
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory

PATIENCE_S = 60.0
LONG = "the quick brown fox " * 400
TALL_ORDER = (Step("s1", TypeText(LONG)), Step("s2", PressKeys(("ctrl", "a"))), Step("s3", Wait(60)))


@pytest.fixture
def typing(workbench: Any, desk: Callable[..., PrivateDesktop]) -> tuple[PrivateDesktop, "subprocess.Popen[str]"]:
    """A replay that is in the middle of typing a long text into a real editor."""
    desktop = desk("mousepad")
    with Library.open(workbench.library) as library:
        library.save(Trajectory(library.new_id(), "long", TALL_ORDER))
    replay = workbench.start("replay", "long", "--json", environment=desktop.environment())
    _wait_for_title(desktop, "*")
    return desktop, replay


@pytest.mark.parametrize("gesture", [["key", "ctrl+alt+Escape"], ["mousemove_relative", "--", "-3000", "-3000"]])
def test_the_hotkey_and_the_corner_stop_the_replay(
    typing: tuple[PrivateDesktop, "subprocess.Popen[str]"], gesture: list[str]
) -> None:
    desktop, replay = typing
    subprocess.run(["xdotool", *gesture], env=desktop.environment(), check=True)
    out, talk = replay.communicate(timeout=PATIENCE_S)
    assert replay.returncode == 3, talk
    document = json.loads(out)
    assert document["outcome"] == "stopped"
    assert "emergency stop" in document["reason"]
    assert document["steps"][0]["status"] != "done"
    assert _keys_down(desktop) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_replay_with_its_report(
    typing: tuple[PrivateDesktop, "subprocess.Popen[str]"], number: signal.Signals
) -> None:
    desktop, replay = typing
    replay.send_signal(number)
    out, talk = replay.communicate(timeout=PATIENCE_S)
    assert replay.returncode == 3, talk
    assert json.loads(out)["outcome"] == "stopped"
    assert _keys_down(desktop) == 0


def test_a_killed_child_releases_its_keys_and_the_replay_says_so(
    typing: tuple[PrivateDesktop, "subprocess.Popen[str]"],
) -> None:
    desktop, replay = typing
    children = subprocess.run(["pgrep", "-P", str(replay.pid), "-f", "session.child"], capture_output=True, text=True)
    subprocess.run(["kill", "-9", children.stdout.split()[0]], check=True)
    _, talk = replay.communicate(timeout=PATIENCE_S)
    assert replay.returncode == 1
    assert "signal 9" in talk
    _until(lambda: _keys_down(desktop) == 0)


def _keys_down(desktop: PrivateDesktop) -> int:
    display = Display(desktop.display)
    try:
        return sum(bin(byte).count("1") for byte in display.query_keymap())
    finally:
        display.close()


def _wait_for_title(desktop: PrivateDesktop, start: str) -> None:
    def seen() -> bool:
        words = ["xdotool", "getactivewindow", "getwindowname"]
        done = subprocess.run(words, env=desktop.environment(), capture_output=True, text=True)
        return done.stdout.startswith(start)

    _until(seen)


def _until(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s, "it did not come true"
        time.sleep(0.05)
