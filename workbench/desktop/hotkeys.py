"""Keys that are heard whichever program has the keyboard, whatever the system."""

import sys
from collections.abc import Callable, Mapping
from typing import Protocol

from workbench.errors import UnavailableError


class Hotkeys(Protocol):
    """Hotkeys that are taken; `refused` says, by the word of a hotkey, why that one is not."""

    refused: dict[str, str]

    def stop(self) -> None:
        """Give the keys back; nothing is told any more. Idempotent."""
        ...


def can_take_hotkeys() -> bool:
    """Whether this system lets a program take keys from the others; X11 does."""
    return sys.platform not in ("win32", "darwin")


def take_hotkeys(display: str, keys: Mapping[str, str], on_key: Callable[[str], None]) -> Hotkeys:
    """Take hotkeys, such as `{"approve": "ctrl+alt+Return"}`, on an X display until they are given back.

    `on_key` is called with the word of the one that was pressed, on a thread of its own; programs do not get that key.
    Raises `UnavailableError` where the system or the display does not let it.
    """
    if not can_take_hotkeys():
        raise UnavailableError("keys of other programs cannot be taken on this system: turn to the window instead")
    from workbench.desktop.x11.hotkeys import X11Hotkeys

    taken = X11Hotkeys(display, keys, on_key)
    taken.start()
    return taken
