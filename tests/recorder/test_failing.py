"""A recording that meets trouble ends with a sentence, saves what it has, and never hangs."""

import os
import queue
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from Xlib import X
from Xlib.ext import xtest

from recorder.entries import End
from recorder.exclusion import Exclusion
from recorder.eyes import Eyes
from recorder.hotkeys import HotkeyWatch
from recorder.leaving_out import LeavingOut
from recorder.looking import Looker
from recorder.messages import Event, Warned
from recorder.options import Hotkeys, RecordingOptions
from recorder.session import record_in_child
from recorder.watching import Watcher
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import connect
from workbench.library.store import Library

WAIT_S = 60.0


class BrokenWindows:
    """Windows that fail as nobody foresaw."""

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError("the secret that was just typed")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_our_own_is_said_without_what_was_recorded_and_ends_the_writing() -> None:
    said: list[str] = []
    out: queue.SimpleQueue[Any] = queue.SimpleQueue()
    eyes = Eyes(BrokenWindows(), None)
    watcher = Watcher(
        looker=Looker(eyes, None, Exclusion()),
        capture=None,
        leaving_out=LeavingOut(Exclusion(), eyes),
        hotkeys=HotkeyWatch.of(Hotkeys()),
        sink=out.put,
        heard=lambda word: None,
        failed=said.append,
    )
    watcher.start()
    watcher.join()
    assert isinstance(out.get(timeout=WAIT_S), End)
    (sentence,) = said
    assert "ZeroDivisionError" in sentence
    assert "secret" not in sentence


def click(display: str) -> None:
    connection: Any = connect(display)
    for kind, detail in ((X.MotionNotify, 0), (X.ButtonPress, 1), (X.ButtonRelease, 1)):
        xtest.fake_input(connection, kind, detail, x=100, y=100)
    connection.sync()
    connection.close()


def test_a_private_desktop_keeps_what_is_recorded_on_it_in_the_persons_own_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKBENCH_LIBRARY", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with PrivateDesktop.start((640, 480)) as desktop:
        quiet: list[Event] = []
        child = record_in_child(
            RecordingOptions(), library=None, environment=desktop.environment(), on_event=quiet.append
        )
        with child:
            assert child.ready.wait(WAIT_S)
            child.process.terminate()
            result = child.wait(WAIT_S)
        child.join()
    assert result is not None
    with Library.open(tmp_path / "gui-agent-workbench") as library:
        assert library.get(result.trajectory).id == result.trajectory


def wait_for_release(folder: Path, trajectory: str) -> None:
    """Wait until the click is written down."""
    end_s, kinds = time.monotonic() + WAIT_S, list[str]()
    while "button_up" not in kinds:
        assert time.monotonic() < end_s, kinds
        with Library.open(folder) as library:
            kinds = [event.kind for event in library.events(trajectory)]


def test_a_display_that_goes_away_ends_the_recording_with_what_it_has(tmp_path: Path) -> None:
    heard: list[Event] = []
    with PrivateDesktop.start((640, 480)) as desktop:
        environment = desktop.environment()
        child = record_in_child(RecordingOptions(), library=tmp_path, environment=environment, on_event=heard.append)
        with child:
            assert child.ready.wait(WAIT_S)
            click(desktop.display)
            wait_for_release(tmp_path, child.trajectory)
            server = next(pid for pid in desktop.process_ids() if "Xvfb" in Path(f"/proc/{pid}/comm").read_text())
            os.kill(server, signal.SIGKILL)
            result = child.wait(WAIT_S)
        child.process.terminate()
        child.join()
    assert result is not None
    assert result.steps == 1
    assert any("display" in event.text for event in heard if isinstance(event, Warned))
    with Library.open(tmp_path) as library:
        assert library.verify() == []
