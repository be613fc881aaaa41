"""A private desktop with real applications and what it takes to look at them."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from workbench.desktop import guard_ending
from workbench.desktop.atspi import open_accessibility
from workbench.desktop.atspi.accessibility import AtspiAccessibility
from workbench.desktop.ports import Windows
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import close, connect
from workbench.desktop.x11.windows import X11Windows
from workbench.geometry import Point
from workbench.trajectory import Element, Window

T = TypeVar("T")
HERE = Path(__file__).parent
PATIENCE_S = 60.0


class Hand:
    """A hand on the mouse and the keys of a display."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def click(self, point: Point, button: int = 1) -> None:
        self.move(point)
        xtest.fake_input(self._connection, X.ButtonPress, button)
        xtest.fake_input(self._connection, X.ButtonRelease, button)
        self._connection.sync()

    def move(self, point: Point) -> None:
        xtest.fake_input(self._connection, X.MotionNotify, x=point.x, y=point.y)
        self._connection.sync()

    def press(self, name: str) -> None:
        keycode = self._connection.keysym_to_keycode(XK.string_to_keysym(name))
        xtest.fake_input(self._connection, X.KeyPress, keycode)
        xtest.fake_input(self._connection, X.KeyRelease, keycode)
        self._connection.sync()


class Stage:
    """A private desktop, what it shows, what its applications say, and a hand in it."""

    def __init__(
        self, desktop: PrivateDesktop, windows: Windows, hand: Hand, accessibility: AtspiAccessibility
    ) -> None:
        self.desktop, self.windows, self.hand, self.accessibility = desktop, windows, hand, accessibility

    def window(self, app: str) -> Window:
        """The application's window, in front and active."""
        window = next(window for window in self.windows.all() if window.app == app)
        self.windows.activate(window)
        assert self.until(lambda: (active := self.windows.active()) and active.handle == window.handle)
        assert self.until(lambda: self.windows.all()[0].handle == window.handle)
        return self.windows.all()[0]

    def named(self, app: str, role: str, name: str) -> Element:
        found = self.until(lambda: self.answered(lambda: self.accessibility.find(app=app, role=role, name=name)))
        assert found, f"no {role} {name!r} in {app}"
        return found[0]

    def at(self, point: Point, window: Window | None) -> Element:
        """The element there, once its application describes it."""
        found = self.until(lambda: self.answered(lambda: self.accessibility.element_at(point, window)))
        assert found, f"nothing at {point}"
        return found

    def answered(self, ask: Callable[[], T]) -> T:
        """What accessibility answers when no application is too busy to say its part in time."""
        found: list[T] = []

        def all_answered() -> bool:
            before = self.accessibility.unanswered
            found[:] = [ask()]
            return self.accessibility.unanswered == before

        assert self.until(all_answered)
        return found[0]

    def until(self, answer: Callable[[], T]) -> T:
        """Ask until the answer is true; the last one."""
        deadline = time.monotonic() + PATIENCE_S
        while not (last := answer()) and time.monotonic() < deadline:
            time.sleep(0.01)
        return last

    def form(self, toolkit: str) -> tuple[int, str]:
        """Start the form of a toolkit; its process id and the name of the application."""
        script = HERE / f"{toolkit}_form.py"
        launched = self.desktop.launch(shlex.join([sys.executable, str(script), "A form"]))
        shown = self.until(lambda: [seen for seen in self.windows.all() if seen.handle == launched.window])
        return launched.pid, shown[0].app

    @contextmanager
    def halted(self, pid: int) -> Iterator[None]:
        """An application that hangs meanwhile."""
        os.kill(pid, signal.SIGSTOP)
        os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def end(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        assert self.until(lambda: not guard_ending.process(pid))
        assert self.until(lambda: pid not in [window.pid for window in self.windows.all()])


@pytest.fixture(scope="package")
def stage() -> Iterator[Stage]:
    with PrivateDesktop.start((1280, 800)) as desktop, ExitStack() as leaving:
        connection = connect(desktop.display)
        leaving.callback(close, connection)
        windows = X11Windows(connection)
        opened = open_accessibility(desktop.bus_address, windows=windows)
        assert opened
        leaving.callback(opened.close)
        for app in ("galculator", "mousepad", "xcalc"):
            desktop.launch(app)
        # a plain one: the keys that the hand presses are looked up in the layout that it knows
        hand = Display(desktop.display)
        leaving.callback(hand.close)
        yield Stage(desktop, windows, Hand(hand), opened)
