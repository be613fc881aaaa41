"""What the guard process needs libraries for: letting go of keys, accessibility, the emergency stop."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.desktop.x11.emergency import EmergencyStop

Where = dict[str, Any]


def release(held: list[Where]) -> None:
    """Let go of these keys and buttons, on whichever display each is down; a display that is gone holds nothing."""
    for display, authority in {(what["display"], what.get("authority")) for what in held}:
        _release_on(display, authority, [what for what in held if what["display"] == display])


def _release_on(display: str, authority: str | None, held: list[Where]) -> None:
    from Xlib import X
    from Xlib.error import ConnectionClosedError, DisplayError
    from Xlib.ext import xtest

    _use_authority(authority)
    try:
        connection = _connect(display)
        for what in reversed(held):
            kind, code = (X.KeyRelease, what["key"]) if "key" in what else (X.ButtonRelease, what["button"])
            xtest.fake_input(connection, kind, code)
        connection.sync()
        connection.close()
    except (DisplayError, ConnectionClosedError, OSError):
        return


def _connect(display: str) -> Any:
    from Xlib.display import Display

    return Display(display)


def _use_authority(authority: str | None) -> None:
    if authority:
        os.environ["XAUTHORITY"] = authority


def load_emergency_stop() -> "type[EmergencyStop]":
    """The watcher's class, with everything that it needs; raises ImportError where a library is missing."""
    from workbench.desktop.x11.emergency import EmergencyStop

    return EmergencyStop


def start_emergency_stop(where: Where, on_stop: Callable[[str], None]) -> Any:
    """Watch for the emergency stop on a display; `on_stop` is called with the reason, on the watcher's thread."""
    _use_authority(where.get("authority"))
    watcher = load_emergency_stop()(where["display"], on_stop, hotkey=where["hotkey"])
    watcher.start()
    return watcher


def switch_accessibility_off(bus_address: str) -> None:
    """Put accessibility back to off on that session bus; a bus that is gone needs nothing."""
    from workbench.desktop.atspi.switch import switch_off

    switch_off(bus_address)
