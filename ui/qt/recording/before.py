"""The page before a recording: what it is called, what is started, what is left out, and how it is steered."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.qt.core import Core
from ui.qt.parts.key_names import keys_in_words
from ui.qt.recording.wish import HOTKEYS, hotkey, wish_of
from ui.qt.theme.dressing import look
from ui.qt.theme.icons import icon
from workbench.errors import BadInputError, WorkbenchError
from workbench.settings_sections import RecordSettings

WIDEST_PX = 640


class BeforePage(QScrollArea):
    """Emits `wanted` with a `Wish` when the person wants to record."""

    wanted = Signal(object)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = _field("A title", "made from the steps when left empty")
        self._task = _field("The task", "what you are about to do, in your words")
        self._command = _field("The application to start", "such as: mousepad notes.txt")
        self._exclude = _field("Applications to leave out", "such as: keepassxc, My Bank")
        self._wrong = QLabel()
        self._wrong.setWordWrap(True)
        self._wrong.setTextFormat(Qt.TextFormat.PlainText)
        look(self._wrong, "bad")
        self._wrong.hide()
        self._record = QPushButton("&Record")
        look(self._record, "record")
        self._record.setIconSize(QSize(20, 20))
        self._record.setToolTip("Begin (Ctrl+Return)")
        self._keys = QGridLayout()
        self._build()
        self.setFocusProxy(self._title)
        core.dress.changed.connect(self._draw)
        self._draw()

    def show_settings(self, chosen: RecordSettings) -> None:
        """Tell the hotkeys of the settings, and leave out what they leave out unless it was edited here."""
        if not self._exclude.isModified():
            self._exclude.setText(", ".join(chosen.exclude))
        while (item := self._keys.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, each in enumerate(HOTKEYS):
            keys = QLabel(keys_in_words(hotkey(chosen, each.word)) or "no hotkey")
            look(keys, "mono")
            self._keys.addWidget(keys, row, 0)
            self._keys.addWidget(QLabel(each.does), row, 1)
        self._keys.setColumnStretch(1, 1)

    def begin_anew(self) -> None:
        """Empty what belonged to the last recording."""
        for field in (self._title, self._task):
            field.clear()
        self.show_waiting("")

    def show_waiting(self, words: str) -> None:
        """Say that the recording is on its way, or with nothing that one can begin."""
        self._record.setEnabled(not words)
        self._record.setText(words or "&Record")

    def show_error(self, error: WorkbenchError) -> None:
        """Say beside the button why it did not begin."""
        self.show_waiting("")
        self._wrong.setText(str(error))
        self._wrong.show()

    def ask(self) -> None:
        """Ask for a recording with what is filled in."""
        if not self._record.isEnabled():
            return
        self._wrong.hide()
        try:
            wish = wish_of(self._title.text(), self._task.text(), self._command.text(), self._exclude.text())
        except BadInputError as error:
            self.show_error(error)
            return
        self.wanted.emit(wish)

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addLayout(_heading())
        column.addWidget(self._form())
        column.addWidget(self._wrong)
        column.addLayout(self._buttons())
        column.addWidget(self._steering())
        column.addStretch()
        middle = QWidget()
        middle.setMaximumWidth(WIDEST_PX)
        middle.setLayout(column)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(16, 32, 16, 16)
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        self.setWidget(page)
        self._record.clicked.connect(self.ask)
        for field in (self._title, self._task, self._command, self._exclude):
            field.returnPressed.connect(self.ask)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.ask, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _form(self) -> QFrame:
        card = QFrame()
        look(card, "card")
        form = QFormLayout(card)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        form.addRow("&Title", self._title)
        form.addRow("T&ask", self._task)
        form.addRow("&Start", self._command)
        form.addRow("&Leave out", self._exclude)
        hint = QLabel("These windows get into no picture and no step, nor does what you type into password fields.")
        hint.setWordWrap(True)
        look(hint, "faint")
        form.addRow("", hint)
        return card

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self._record)
        row.addStretch()
        return row

    def _steering(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        title = QLabel("While it records, these keys work everywhere")
        look(title, "heading")
        hint = QLabel("They never become steps. A small bar above all windows does the same.")
        hint.setWordWrap(True)
        look(hint, "faint")
        self._keys.setHorizontalSpacing(24)
        self._keys.setVerticalSpacing(4)
        change = QPushButton("&Change them in the settings")
        change.clicked.connect(lambda: self._core.room_wanted.emit("settings"))
        column.addWidget(title)
        column.addWidget(hint)
        column.addLayout(self._keys)
        column.addWidget(change, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _draw(self) -> None:
        self._record.setIcon(icon("record", self._core.dress.colours.on_recording))


def _heading() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    title = QLabel("Record what you do")
    look(title, "title")
    words = QLabel(
        "Work as usual: every click and key becomes a step, with a picture of what you saw. "
        "Afterwards you look it over before it is kept. Nothing leaves this machine."
    )
    words.setWordWrap(True)
    look(words, "faint")
    column.addWidget(title)
    column.addWidget(words)
    return column


def _field(name: str, example: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(example)
    return field
