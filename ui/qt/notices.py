"""What the window has to say: lines above the room, never a storm of dialogs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ui.qt.theme.dressing import Dress, look

Weight = Literal["info", "good", "warning", "error"]

MOST_SHOWN = 3
LASTS_MS = 8000
"""How long what is only told stays; warnings and errors stay until they are put away."""

_ICONS: dict[Weight, str] = {"info": "info", "good": "check", "warning": "warning", "error": "warning"}
_LOOKS: dict[Weight, str] = {"info": "faint", "good": "good", "warning": "warning", "error": "bad"}


@dataclass
class Notice:
    """One line: what happened, and what can be done about it with a click.

    A notice of the same `about` takes the place of the earlier one; said again it only counts up.
    """

    text: str
    weight: Weight = "info"
    about: str = ""
    action: str = ""
    act: Callable[[], None] | None = None
    times: int = field(default=1, compare=False)


class Notices(QObject):
    """The notices that are shown now, the newest last."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: list[Notice] = []

    def say(self, notice: Notice) -> None:
        """Show it; of more than `MOST_SHOWN` the oldest goes."""
        same = next((each for each in self.shown if _same(each, notice)), None)
        if same is not None:
            notice.times = same.times + (same.text == notice.text)
            self.shown.remove(same)
        self.shown = [*self.shown, notice][-MOST_SHOWN:]
        if notice.weight in ("info", "good"):
            QTimer.singleShot(LASTS_MS, self, lambda: self.dismiss(notice))
        self.changed.emit()

    def info(self, text: str) -> None:
        """Something happened that is good to know."""
        self.say(Notice(text))

    def error(self, error: Exception) -> None:
        """Something could not be done; the error's own words say what and what to do."""
        self.say(Notice(str(error), "error"))

    def dismiss(self, notice: Notice) -> None:
        """Put it away."""
        if any(each is notice for each in self.shown):
            self.shown = [each for each in self.shown if each is not notice]
            self.changed.emit()


def _same(one: Notice, other: Notice) -> bool:
    return one.text == other.text or (bool(one.about) and one.about == other.about)


class NoticeBar(QWidget):
    """Where the notices are seen and put away."""

    def __init__(self, notices: Notices, dress: Dress) -> None:
        super().__init__()
        self._notices, self._dress = notices, dress
        self.setAccessibleName("Notices")
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        notices.changed.connect(self._show)
        dress.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for notice in self._notices.shown:
            self._lines.addWidget(self._line(notice))
        self.setVisible(bool(self._notices.shown))

    def _line(self, notice: Notice) -> QFrame:
        frame = QFrame()
        look(frame, "bar")
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 6, 8, 6)
        mark = QLabel()
        mark.setPixmap(self._dress.icon(_ICONS[notice.weight]).pixmap(16, 16))
        text = QLabel(notice.text + (f"  (×{notice.times})" if notice.times > 1 else ""))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setAccessibleName(f"Notice: {notice.text}")
        look(text, _LOOKS[notice.weight])
        row.addWidget(mark)
        row.addWidget(text, 1)
        if notice.action and notice.act is not None:
            button = QPushButton(notice.action)
            button.clicked.connect(notice.act)
            button.clicked.connect(lambda: self._notices.dismiss(notice))
            row.addWidget(button)
        away = QToolButton()
        away.setIcon(self._dress.icon("cross"))
        away.setAccessibleName("Put the notice away")
        away.setToolTip("Put away")
        away.clicked.connect(lambda: self._notices.dismiss(notice))
        row.addWidget(away)
        return frame
