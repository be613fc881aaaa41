"""Words on one line that may have more than there is room for."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.qt.parts.tips import plain_tip
from ui.qt.theme.dressing import look


class Elided(QLabel):
    """A label on one line that ends in an ellipsis where it is too long, and is told whole in its tooltip."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        look(self, kind)

    def say(self, words: str) -> None:
        """Show this."""
        self._whole = words
        self.setToolTip(plain_tip(words))
        self.setAccessibleName(words)
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width cuts elsewhere."""
        super().resizeEvent(event)
        self._cut()

    def minimumSizeHint(self) -> QSize:
        """It may be cut down to little."""
        return QSize(40, super().minimumSizeHint().height())

    def _cut(self) -> None:
        room_px = self.contentsRect().width()
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room_px))
