"""What stands where there is nothing yet: what this place is for, and the first thing to do."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.qt.theme.dressing import Dress, look

_WIDTH_PX = 440


class EmptyState(QWidget):
    """An icon, a heading, one or two sentences that teach, and at most one button: its words, and what it calls."""

    def __init__(
        self, dress: Dress, icon: str, heading: str, words: str, *, action: tuple[str, Callable[[], None]] | None = None
    ) -> None:
        super().__init__()
        self._dress, self._icon = dress, icon
        column = QVBoxLayout(self)
        column.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.setSpacing(10)
        self._mark = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel(heading, alignment=Qt.AlignmentFlag.AlignCenter)
        look(title, "heading")
        text = QLabel(words, alignment=Qt.AlignmentFlag.AlignCenter)
        text.setWordWrap(True)
        text.setFixedWidth(_WIDTH_PX)
        look(text, "faint")
        for widget in (self._mark, title, text):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        if action is not None:
            written, act = action
            button = QPushButton(written)
            look(button, "primary")
            button.clicked.connect(act)
            column.addSpacing(6)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        dress.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._mark.setPixmap(self._dress.icon(self._icon).pixmap(QSize(40, 40)))
