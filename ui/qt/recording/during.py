"""The page in the window while a recording is on: how it goes, for those who come back to the window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from recorder.messages import Pause, Resume, Stop
from ui.qt.core import Core
from ui.qt.recording.dot import RecordingDot
from ui.qt.recording.standing import Standing
from ui.qt.theme.dressing import look


class DuringPage(QWidget):
    """Takes a `Standing` in and emits commands of the recorder as `asked`."""

    asked = Signal(object)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._paused = False
        self._dot = RecordingDot(core.dress)
        self._state, self._count, self._words = QLabel(), QLabel(), QLabel()
        self._pause = QPushButton()
        self._pause.clicked.connect(lambda: self.asked.emit(Resume() if self._paused else Pause()))
        self._stop = QPushButton("&Stop and review")
        look(self._stop, "primary")
        self._stop.clicked.connect(self._end)
        self._arrange()
        self.show_standing(Standing())

    def show_standing(self, standing: Standing) -> None:
        """Show how it goes now."""
        self._paused = standing.counters.paused
        self._dot.show_state("paused" if self._paused else "on")
        self._state.setText("The recording is paused" if self._paused else "A recording is on")
        self._count.setText(f"{standing.time} · {standing.steps}")
        self._words.setText(standing.words)
        look(self._words, "warning" if standing.alarming or self._paused or standing.counters.secret else "faint")
        self._pause.setText("&Resume" if self._paused else "&Pause")

    def begin_anew(self) -> None:
        """For another recording."""
        self._stop.setEnabled(True)
        self.show_standing(Standing())

    def _end(self) -> None:
        self._stop.setEnabled(False)
        self.asked.emit(Stop())

    def _arrange(self) -> None:
        look(self._state, "title")
        look(self._count, "faint")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        head = QHBoxLayout()
        head.addStretch()
        head.addWidget(self._dot)
        head.addWidget(self._state)
        head.addStretch()
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._pause)
        buttons.addWidget(self._stop)
        buttons.addStretch()
        hint = QLabel("This window is left out of the recording.")
        look(hint, "faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addStretch()
        column.addLayout(head)
        for label in (self._count, self._words, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addStretch()
