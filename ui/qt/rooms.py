"""What the window needs to know of each of its rooms."""

from PySide6.QtWidgets import QWidget

from ui.qt.core import Core


class Room(QWidget):
    """One of the large views of the window, one at a time in front.

    `name` is its word in signals, `title` what people read, `icon` one of `assets/icons`. Rooms of the rail are made
    once, at the first visit.
    """

    name = ""
    title = ""
    icon = ""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self.core = core
        self.setAccessibleName(self.title)

    def entered(self) -> None:
        """It has come to the front: the place to bring what is shown up to date, in the background."""

    def open(self, *what: str | int) -> None:
        """Show this; what it may be, each room says itself."""

    def left(self) -> None:
        """Another room has come to the front, or the window closes: the last moment to keep what is being written."""
