"""Catching one click on an X11 desktop with an active grab."""

import select
import time
from collections.abc import Callable
from typing import Any

from Xlib import XK, X
from Xlib.display import Display
from Xlib.protocol.event import ButtonPress, ButtonRelease, KeyPress

from workbench.errors import UnavailableError
from workbench.geometry import Point

CROSSHAIR = 34
"""The glyph of the crosshair in the X cursor font."""

GRAB_S = 1.0
"""How long pointer and keyboard may be held by others: menus, and window managers that look at a press, let go soon."""

RELEASE_S = 5.0
"""How long to wait for the button to come up."""


def pick_point_x11(display: str, timeout_s: float, check: Callable[[], None]) -> Point | None:
    """Where the next click goes, or None on Escape or after `timeout_s`; the application below does not get it."""
    connection = Display(display)
    try:
        _grab(connection)
        return _wait(connection, timeout_s, check)
    finally:
        connection.ungrab_keyboard(X.CurrentTime)
        connection.ungrab_pointer(X.CurrentTime)
        connection.close()


def _grab(connection: Display) -> None:
    font = connection.open_font("cursor")
    cursor = font.create_glyph_cursor(font, CROSSHAIR, CROSSHAIR + 1, (0, 0, 0), (0xFFFF, 0xFFFF, 0xFFFF))
    end_s = time.monotonic() + GRAB_S
    while held := _held_by_others(connection.screen().root, cursor):
        if time.monotonic() > end_s:
            raise UnavailableError(
                f"another program holds the {held}, so nobody can point; close its menu and try again"
            )
        time.sleep(0.02)


def _held_by_others(root: Any, cursor: Any) -> str:
    """Take pointer and keyboard; which of them others hold, nothing once both are had."""
    mask = X.ButtonPressMask | X.ButtonReleaseMask
    taken = root.grab_pointer(False, mask, X.GrabModeAsync, X.GrabModeAsync, X.NONE, cursor, X.CurrentTime)
    if taken != X.GrabSuccess:
        return "pointer"
    taken = root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    return "" if taken == X.GrabSuccess else "keyboard"


def _wait(connection: Display, timeout_s: float, check: Callable[[], None]) -> Point | None:
    escape = connection.keysym_to_keycode(XK.XK_Escape)
    end_s = time.monotonic() + timeout_s
    while time.monotonic() < end_s:
        check()
        if not connection.pending_events():
            select.select([connection.fileno()], [], [], 0.1)
            continue
        event = connection.next_event()
        if isinstance(event, ButtonPress):
            _swallow_release(connection)
            return Point(event.root_x, event.root_y)
        if isinstance(event, KeyPress) and event.detail == escape:
            return None
    return None


def _swallow_release(connection: Display) -> None:
    """Keep the grab until the button is up again: half a click would confuse the application below."""
    end_s = time.monotonic() + RELEASE_S
    while time.monotonic() < end_s:
        if not connection.pending_events():
            select.select([connection.fileno()], [], [], 0.1)
        elif isinstance(connection.next_event(), ButtonRelease):
            return
