"""Keys go where a click before them led, though the window manager, a real one that was stopped, held it back."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib import X

from workbench.desktop.ports import Desktop
from workbench.desktop.x11 import arriving
from workbench.desktop.x11.opening import open_x11
from workbench.errors import StoppedError

KINDS = (X.ButtonPress, X.KeyPress)


@pytest.fixture
def manager(display: str) -> Iterator[Callable[[int], None]]:
    """Sends a signal to the window manager of the display; in the end it runs on."""
    wanted = f"DISPLAY={display}".encode()
    (process,) = [one for one in _processes("openbox") if wanted in (one / "environ").read_bytes().split(b"\0")]
    yield lambda number: os.kill(int(process.name), number)
    os.kill(int(process.name), signal.SIGCONT)


@pytest.fixture
def window(desktop: Desktop, canvas: Callable[..., Any], wait_until: Callable[..., None]) -> Any:
    """A window that has the keyboard and is managed; the pointer is over it."""
    made = canvas(managed=True, name="sheet")
    wait_until(lambda: (active := desktop.windows.active()) is not None and active.title == "sheet", "its keyboard")
    (bounds,) = [one.bounds for one in desktop.windows.all() if one.title == "sheet"]
    desktop.pointer.move(bounds.centre)
    made.events()
    return made


def _processes(name: str) -> Iterator[Path]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "comm").read_text().strip() == name:
                yield process


def _click(desktop: Desktop) -> None:
    desktop.pointer.press("left")
    desktop.pointer.release("left")


def _arrived(window: Any, wait_until: Callable[..., None], count: int) -> list[int]:
    seen: list[int] = []
    wait_until(lambda: len(seen.__iadd__([event.type for event in window.events(*KINDS)])) >= count, "the events")
    return seen


@pytest.mark.parametrize("how", ["type", "press"])
def test_a_key_does_not_overtake_a_click(
    desktop: Desktop, window: Any, manager: Callable[[int], None], wait_until: Callable[..., None], how: str
) -> None:
    manager(signal.SIGSTOP)
    going_on = threading.Timer(0.2, manager, [signal.SIGCONT])
    going_on.start()
    _click(desktop)
    if how == "type":
        desktop.keyboard.type_text("a")
    else:
        desktop.keyboard.press("a")
        desktop.keyboard.release("a")
    going_on.join()
    assert _arrived(window, wait_until, 2) == [X.ButtonPress, X.KeyPress]


def test_a_window_manager_that_does_not_answer_is_not_waited_for_for_ever(
    desktop: Desktop,
    window: Any,
    manager: Callable[[int], None],
    wait_until: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arriving, "_PATIENCE_S", 0.1)
    manager(signal.SIGSTOP)
    _click(desktop)
    desktop.keyboard.type_text("a")
    assert _arrived(window, wait_until, 1) == [X.KeyPress]


def test_a_stop_ends_the_waiting_and_the_key_is_not_pressed(
    desktop: Desktop, window: Any, manager: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "_PATIENCE_S", 1000.0)
    manager(signal.SIGSTOP)
    _click(desktop)
    stopping = threading.Timer(0.1, desktop.keyboard.release_all)
    stopping.start()
    with pytest.raises(StoppedError, match="input was stopped"):
        desktop.keyboard.press("a")
    stopping.join()
    assert window.events(X.KeyPress) == []


def test_without_a_window_manager_nothing_is_waited_for(
    servers: Callable[..., str], forget_pyautogui: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = servers()
    monkeypatch.setenv("DISPLAY", name)
    monkeypatch.setattr(arriving, "_PATIENCE_S", 1000.0)
    forget_pyautogui()
    alone = open_x11(name)
    try:
        _click(alone)
        alone.keyboard.type_text("a")
        alone.pointer.scroll(0, 1)
        alone.keyboard.press("a")
        alone.keyboard.release("a")
    finally:
        alone.close()
        forget_pyautogui()
