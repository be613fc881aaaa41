"""The red dot that says that a recording is on."""

import math
import time
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from ui.qt.theme.dressing import Dress

_FRAME_MS = 100
_PERIOD_S = 2.4
_FAINTEST = 0.4


class RecordingDot(QWidget):
    """Pulses slowly while recording, is a still ring while paused; draws nothing while it is hidden."""

    def __init__(self, dress: Dress) -> None:
        super().__init__()
        self._dress = dress
        self._state: Literal["on", "paused"] = "on"
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self.update)
        dress.changed.connect(self.update)
        self._name()

    def show_state(self, state: Literal["on", "paused"]) -> None:
        """Recording or not."""
        if state != self._state:
            self._state = state
            self._name()
            self.update()

    def sizeHint(self) -> QSize:
        """A dot with room around it."""
        return QSize(16, 16)

    def minimumSizeHint(self) -> QSize:
        """Never smaller."""
        return self.sizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to pulse."""
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        self._timer.stop()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dot of this moment."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(0, 0, 10, 10)
        place.moveCenter(QRectF(self.rect()).center())
        if self._state == "paused":
            painter.setPen(QPen(QColor(self._dress.colours.faint), 2))
            painter.drawEllipse(place.adjusted(1, 1, -1, -1))
            return
        wave = (1 + math.cos(2 * math.pi * time.monotonic() / _PERIOD_S)) / 2
        painter.setOpacity(_FAINTEST + (1 - _FAINTEST) * wave)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._dress.colours.recording))
        painter.drawEllipse(place)

    def _name(self) -> None:
        self.setAccessibleName("Recording is on" if self._state == "on" else "Recording is paused")
