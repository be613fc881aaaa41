"""Which X display the window is on, for keys that are heard whichever program has the keyboard."""

import os

from PySide6.QtGui import QGuiApplication

from workbench.desktop.hotkeys import can_take_hotkeys


def display_of_window() -> str | None:
    """The X display that the window is on; None where it is on none, or where keys cannot be taken."""
    on_x11 = QGuiApplication.platformName() == "xcb" and can_take_hotkeys()
    return os.environ.get("DISPLAY") if on_x11 else None
