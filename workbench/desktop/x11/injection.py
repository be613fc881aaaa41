"""Pressing and releasing keys and buttons through XTEST, and knowing what is held.

XTEST input stays down when the program that pressed it dies; the guard is told before anything goes down.
"""

import threading
from typing import Any

from Xlib import X

from workbench.desktop.guard import Guard, Screenful
from workbench.desktop.x11.connection import close, connect, kept, on_display, require
from workbench.desktop.x11.xkb import Xkb


class Injector:
    """One connection that presses keys and buttons; every method may be called from any thread.

    `guard` is told of everything that goes down and comes up. Raises `UnavailableError` where the server has no XTEST
    or XKB.
    """

    def __init__(self, where: Screenful, guard: Guard | None = None) -> None:
        self.connection: Any = connect(where.display)
        with kept(self.connection):
            require(self.connection, "XTEST")
            self.xkb = Xkb(self.connection)
        self.lock = threading.RLock()
        self.pointed = False
        """Whether a button or the wheel was used since a key last went down or up."""
        self._where = where
        self._guard = guard
        self._keys: dict[int, None] = {}
        self._buttons: dict[int, None] = {}
        self._let_go: list[int] = []

    @property
    def held_keys(self) -> tuple[int, ...]:
        """The keycodes that are down through this injector, in the order they went down."""
        return tuple(self._keys)

    @property
    def held_buttons(self) -> tuple[int, ...]:
        """The X11 numbers of the buttons that are down through this injector or noted by `button_noted`."""
        return tuple(self._buttons)

    def key_down(self, keycode: int) -> None:
        """Press a key; sent with the next `sync`."""
        with self.lock:
            if self._guard is not None:
                self._guard.hold_key(self._where, keycode)
            self._keys[keycode] = None
            self.connection.xtest_fake_input(X.KeyPress, keycode)

    def key_up(self, keycode: int) -> None:
        """Let go of a key; sent with the next `sync`."""
        with self.lock:
            self._keys.pop(keycode, None)
            self._let_go.append(keycode)
            self.connection.xtest_fake_input(X.KeyRelease, keycode)

    def button_down(self, number: int) -> None:
        """Press a button and wait until the server has it."""
        with self.lock:
            self.button_noted(number)
            self.connection.xtest_fake_input(X.ButtonPress, number)
            self.sync()

    def button_noted(self, number: int) -> None:
        """Know of a button that is about to be pressed by other means, so that `release_all` lets go of it."""
        if self._guard is not None:
            self._guard.hold_button(self._where, number)
        self._buttons[number] = None
        self.pointed = True

    def button_up(self, number: int) -> None:
        """Let go of a button, however it was pressed, and wait until the server has it."""
        with self.lock:
            self.connection.xtest_fake_input(X.ButtonRelease, number)
            self.pointed = True
            self.sync()
            self._buttons.pop(number, None)
            if self._guard is not None:
                self._guard.release_button(self._where, number)

    @on_display
    def sync(self) -> None:
        """Send what is waiting and return once the server has processed it."""
        with self.lock:
            self.connection.sync()
            done, self._let_go = self._let_go, []
            if self._guard is not None:
                for keycode in done:
                    self._guard.release_key(self._where, keycode)

    def release_all(self) -> None:
        """Let go of every key and button that is held through this injector."""
        with self.lock:
            for keycode in reversed(self.held_keys):
                self.key_up(keycode)
            for number in reversed(self.held_buttons):
                self.button_up(number)
            self.sync()

    def close(self) -> None:
        """Disconnect; whoever pressed something has released it before."""
        with self.lock:
            close(self.connection)
