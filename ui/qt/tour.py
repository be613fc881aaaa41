"""The first three screens a new person sees; they may be left at any time, and end with a recording."""

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.parts.key_names import keys_in_words
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look

SCREENS = (
    (
        "record",
        "Show it once",
        "Record what you do on the desktop. Each click and each typed text becomes a step with a picture and with "
        "what was recognised there. Passwords are masked, and applications you name are left out. "
        "Nothing leaves this machine.",
    ),
    (
        "play",
        "It finds the place again",
        "A replay looks for the same button by its name, its picture and the text beside it, wherever it is today. "
        "Where it is not sure it stops and shows you why: a wrong click is worse than none.",
    ),
    (
        "hand",
        "You decide",
        "A local model learns from what you recorded and proposes one step at a time. Approve it, change it, reject "
        "it with words, or take over. {stop} stops everything, anywhere.",
    ),
)
_SEEN = "tour_seen"
WIDTH_PX = 560


def tour_is_due(state: QSettings) -> bool:
    """Whether this person has never had the tour."""
    return not state.value(_SEEN, False, type=bool)


class Tour(QDialog):
    """Three screens; however it is left, it does not come back by itself. The last button begins a recording."""

    def __init__(self, core: Core, state: QSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self._core, self._state = core, state
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Welcome")
        self.setMinimumWidth(WIDTH_PX)
        self._screens = QStackedWidget()
        stop = keys_in_words(core.settings.replay.emergency_hotkey)
        for name, heading, words in SCREENS:
            self._screens.addWidget(self._screen(name, heading, words.format(stop=stop)))
        self._place = QLabel()
        look(self._place, "faint")
        self._leave = QPushButton("Not now")
        self._back = QPushButton("&Back")
        self._on = QPushButton()
        look(self._on, "primary")
        self._on.setDefault(True)
        self._leave.clicked.connect(self.reject)
        self._back.clicked.connect(lambda: self._turn(-1))
        self._on.clicked.connect(self._go_on)
        self._arrange()
        self._turn(0)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember that it was seen."""
        self._state.setValue(_SEEN, True)
        super().hideEvent(event)

    def _go_on(self) -> None:
        if self._screens.currentIndex() < len(SCREENS) - 1:
            self._turn(1)
            return
        self.accept()
        self._core.record_wanted.emit()

    def _turn(self, by: int) -> None:
        at = self._screens.currentIndex() + by
        self._screens.setCurrentIndex(at)
        self._place.setText(f"{at + 1} of {len(SCREENS)}")
        self._back.setVisible(at > 0)
        last = at == len(SCREENS) - 1
        self._on.setText("&Record something now" if last else "&Next")
        self._on.setFocus()

    def _screen(self, name: str, heading: str, words: str) -> QWidget:
        screen = QWidget()
        screen.setObjectName(heading)
        column = QVBoxLayout(screen)
        column.setContentsMargins(4 * SPACE, 4 * SPACE, 4 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE + SPACE // 2)
        mark = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        mark.setPixmap(self._core.dress.icon(name).pixmap(QSize(56, 56)))
        title = QLabel(heading, alignment=Qt.AlignmentFlag.AlignHCenter)
        look(title, "title")
        text = QLabel(words, alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
        look(text, "faint")
        for widget in (mark, title, text):
            column.addWidget(widget)
        column.addStretch()
        return screen

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._leave)
        row.addStretch()
        row.addWidget(self._place)
        row.addStretch()
        row.addWidget(self._back)
        row.addWidget(self._on)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.addWidget(self._screens, 1)
        column.addLayout(row)
        self._screens.ensurePolished()
        inner = WIDTH_PX - 4 * SPACE  # wrapped words are as tall as the width lets them be, which stacks do not ask
        screens = [self.findChild(QWidget, heading) for _, heading, _ in SCREENS]
        self._screens.setMinimumHeight(max(screen.heightForWidth(inner) for screen in screens if screen))
