"""The pill: a small bar above all windows that says that a recording is on, and steers it."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout

from recorder.messages import AddNote, ForgetLast, Pause, Resume, SecretNow, Stop
from ui.qt.core import Core
from ui.qt.parts.floating import Floating
from ui.qt.parts.key_names import keys_in_words
from ui.qt.recording.dot import RecordingDot
from ui.qt.recording.standing import Standing
from ui.qt.recording.wish import hotkey
from ui.qt.theme.dressing import look
from ui.qt.theme.icons import icon
from workbench.settings_sections import RecordSettings

LONGEST_NOTE = 500
WORDS_PX = 360
"""How wide the words below the buttons are at most."""

_PLACE = "recording/pill"
_FROM_EDGE_PX = 24


class Pill(Floating):
    """Takes a `Standing` in and emits commands of the recorder as `asked`. It remembers where it was put in `state`.

    The owner keeps it unseen by recordings (`ui.qt.parts.unseen`) before it is first shown.
    """

    asked = Signal(object)

    def __init__(self, core: Core, state: QSettings) -> None:
        super().__init__()
        self._core, self._state = core, state
        self._standing = Standing()
        self.setWindowTitle("Recording")
        self.setAccessibleName("Recording")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        look(self, "card")
        self._dot = RecordingDot(core.dress)
        self._time, self._steps, self._words = QLabel("0:00"), QLabel("0 steps"), QLabel()
        self._note = QLineEdit()
        self._buttons = self._made_buttons()
        self._arrange()
        core.dress.changed.connect(self._draw)
        self._draw()

    def show_settings(self, chosen: RecordSettings) -> None:
        """Name the hotkeys that do the same as the buttons."""
        for word, button in self._buttons.items():
            keys = keys_in_words(hotkey(chosen, word))
            tip = button.accessibleName() + (f" ({keys}, everywhere)" if keys else "")
            button.setToolTip(tip)

    def show_standing(self, standing: Standing) -> None:
        """Show how it goes now."""
        self._standing = standing
        paused = standing.counters.paused
        self._dot.show_state("paused" if paused else "on")
        self._time.setText(standing.time)
        self._steps.setText(standing.steps)
        words = standing.words
        self._words.setText(words)
        self._words.setVisible(bool(words))
        look(self._words, "warning" if standing.alarming or paused or standing.counters.secret else "faint")
        self._buttons["secret"].setChecked(standing.counters.secret)
        self._buttons["pause"].setAccessibleName("Resume" if paused else "Pause")
        self._draw()
        self.adjustSize()

    def appear(self) -> None:
        """Show it where it was last, or in the middle of the upper edge of the screen."""
        self.adjustSize()
        self.put(self._last_place())
        self.show()
        self.raise_()

    def disappear(self) -> None:
        """Take it away, and remember where it was."""
        if self.isVisible():
            self._state.setValue(_PLACE, self.pos())
        self.hide()

    def _last_place(self) -> QPoint:
        kept = self._state.value(_PLACE)
        place = kept if isinstance(kept, QPoint) else None
        screen = (QGuiApplication.screenAt(place) if place else None) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        if place is None:
            place = QPoint(room.center().x() - self.width() // 2, room.top() + _FROM_EDGE_PX)
        x_px = max(room.left(), min(place.x(), room.right() - self.width()))
        y_px = max(room.top(), min(place.y(), room.bottom() - self.height()))
        return QPoint(x_px, y_px)

    def _made_buttons(self) -> dict[str, QToolButton]:
        made = {
            "pause": self._button("Pause", self._toggle_pause),
            "forget": self._button("Forget the last 30 s", lambda: self.asked.emit(ForgetLast())),
            "note": self._button("Add a note", self._toggle_note),
            "secret": self._button("Hide what is typed next", lambda: self.asked.emit(SecretNow())),
            "stop": self._button("Stop and save", lambda: self.asked.emit(Stop())),
        }
        made["secret"].setCheckable(True)
        return made

    def _button(self, words: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _toggle_pause(self) -> None:
        self.asked.emit(Resume() if self._standing.counters.paused else Pause())

    def _toggle_note(self) -> None:
        self._note.setVisible(not self._note.isVisibleTo(self))
        self.adjustSize()
        if self._note.isVisibleTo(self):
            self.activateWindow()
            self._note.setFocus()

    def _add_note(self) -> None:
        text = self._note.text().strip()
        if text:
            self.asked.emit(AddNote(text))
        self._close_note()

    def _close_note(self) -> None:
        self._note.clear()
        self._note.hide()
        self.adjustSize()
        # A window that goes gives the keyboard back to the application that had it before; one that stays keeps it.
        self.hide()
        self.put(self.pos())
        self.show()

    def _arrange(self) -> None:
        self._time.setAccessibleDescription("Time recorded")
        look(self._time, "heading")
        look(self._steps, "faint")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setFixedWidth(WORDS_PX)
        self._words.hide()
        self._note.setAccessibleName("A note among the steps")
        self._note.setPlaceholderText("A note; Enter adds it, Escape leaves")
        self._note.setMaxLength(LONGEST_NOTE)
        self._note.hide()
        self._note.returnPressed.connect(self._add_note)
        QShortcut(QKeySequence("Escape"), self._note, self._close_note, context=Qt.ShortcutContext.WidgetShortcut)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self._dot, self._time, self._steps):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addStretch()
        for button in self._buttons.values():
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addWidget(self._words)

    def _draw(self) -> None:
        dress = self._core.dress
        paused = self._standing.counters.paused
        icons = {"pause": "play" if paused else "pause", "forget": "undo", "note": "note", "secret": "lock"}
        for word, name in icons.items():
            self._buttons[word].setIcon(dress.icon(name))
        self._buttons["stop"].setIcon(icon("stop", dress.colours.recording))
