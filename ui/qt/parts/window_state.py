"""What the window remembers of itself from one start to the next, beside the settings."""

from PySide6.QtCore import QSettings

from workbench import settings


def window_state() -> QSettings:
    """Where the window keeps its place and its room, and rooms what they were like when they were left."""
    return QSettings(str(settings.path().with_name("window.ini")), QSettings.Format.IniFormat)
