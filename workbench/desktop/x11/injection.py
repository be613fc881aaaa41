"""Pressing and releasing keys and buttons through XTEST, and knowing what is held.

XTEST input stays down when the program that pressed it dies; the guard is told before anything goes down.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from Xlib import X

from workbench.desktop.guard import Guard, Screenful
from workbench.desktop.x11.connection import close, connect, kept, on_display, require
from workbench.desktop.x11.xkb import Xkb
from workbench.errors import StoppedError

_BUTTON_MASKS = ((1, X.Button1Mask), (2, X.Button2Mask), (3, X.Button3Mask), (4, X.Button4Mask), (5, X.Button5Mask))
_EXTRA_BUTTONS = (8, 9)
"""Back and forward, for which QueryPointer has no bit."""


class Injector:
    """One connection that presses keys and buttons; every method may be called from any thread.

    `halt` makes every later press raise `StoppedError` while releases still go through, so that a stop can happen in
    the middle of a long text. `guard` is told of everything that goes down and comes up. Raises `UnavailableError`
    where the server has no XTEST or XKB.
    """

    def __init__(self, where: Screenful, guard: Guard | None = None) -> None:
        self.connection: Any = connect(where.display)
        with kept(self.connection):
            require(self.connection, "XTEST")
            self.xkb = Xkb(self.connection)
        self.lock = threading.RLock()
        self._where = where
        self._guard = guard
        self._keys: dict[int, None] = {}
        self._buttons: dict[int, None] = {}
        self._let_go: list[int] = []
        self._halted = threading.Event()

    def halt(self) -> None:
        """Refuse every press from now on."""
        self._halted.set()

    def resume(self) -> None:
        """Allow presses again."""
        self._halted.clear()

    def check(self) -> None:
        """Raise `StoppedError` after `halt`."""
        if self._halted.is_set():
            raise StoppedError("input was stopped: nothing more is typed or clicked until the run is started again")

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
            self.check()
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
        self.check()
        if self._guard is not None:
            self._guard.hold_button(self._where, number)
        self._buttons[number] = None

    def button_up(self, number: int) -> None:
        """Let go of a button, however it was pressed, and wait until the server has it."""
        with self.lock:
            self.connection.xtest_fake_input(X.ButtonRelease, number)
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


@on_display
def release_everything(display_name: str) -> None:
    """Let go of every key and button that any program holds through XTEST on this display.

    What a person holds on a real device stays down: the server keeps a key down as long as one device holds it.
    """
    with _opened(display_name) as connection:
        require(connection, "XTEST")
        pressed = connection.query_keymap()
        for keycode in range(8, 256):
            if pressed[keycode // 8] >> keycode % 8 & 1:
                connection.xtest_fake_input(X.KeyRelease, keycode)
        mask = connection.screen().root.query_pointer().mask
        for number in [n for n, bit in _BUTTON_MASKS if mask & bit] + list(_EXTRA_BUTTONS):
            connection.xtest_fake_input(X.ButtonRelease, number)
        connection.sync()


@contextlib.contextmanager
def _opened(display_name: str) -> Iterator[Any]:
    connection = connect(display_name)
    try:
        yield connection
    finally:
        close(connection)
