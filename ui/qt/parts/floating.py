"""A small window above all others: dragged by its surface, never taking the keyboard by itself."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QMoveEvent
from PySide6.QtWidgets import QFrame

_TRIES = 3
"""A window manager that insists on another place gets its way after so many times."""


class Floating(QFrame):
    """Frameless and always on top; it stays where it was `put`, until somebody drags it elsewhere."""

    def __init__(self) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._place = QPoint()
        self._grip: QPoint | None = None
        self._tries = 0

    def put(self, place: QPoint) -> None:
        """Let its upper left corner be there; to be called each time before it is shown."""
        self._place, self._tries = place, _TRIES
        self.move(place)

    def dropped(self) -> None:
        """Called when somebody has dragged it elsewhere."""

    def moveEvent(self, event: QMoveEvent) -> None:
        """Go back where it belongs.

        Window managers take a window into a frame of theirs that stands in the corner of the screen at first. When Qt
        asks for the place just then, it believes the corner, and moves the window there with the next change of size.
        """
        super().moveEvent(event)
        if self._tries and event.pos() != self._place:
            self._tries -= 1
            QTimer.singleShot(0, self, self._go_back)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._grip is not None:
            self._tries = 0
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let it go."""
        held, self._grip = self._grip, None
        if held is not None:
            self.dropped()

    def _go_back(self) -> None:
        if self._grip is None:
            self.move(self._place)
