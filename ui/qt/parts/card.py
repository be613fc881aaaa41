"""A card that asks a person something, or tells how a run ended: a heading, a few lines, and what can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from ui.qt.theme.dressing import look


@dataclass(frozen=True)
class Choice:
    """A button: its words, the keys that press it, what it does, and its look."""

    words: str
    act: Callable[[], None]
    keys: str = ""
    style: str = ""


@dataclass(frozen=True)
class Line:
    """A line of text and its look."""

    words: str
    style: str = ""


class Card(QFrame):
    """Shows one thing at a time, or nothing and then takes no room."""

    def __init__(self) -> None:
        super().__init__()
        look(self, "card")
        self.setAccessibleName("What the replay waits for")
        self.field: QLineEdit | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        self._inside: QFrame | None = None
        self.hide()

    def ask(self, heading: str, lines: Sequence[Line], choices: Sequence[Choice], *, field: str = "") -> None:
        """Show it, the first choice with the focus; with `field` an input of that name comes before the choices."""
        self.clear()
        self._inside = inside = QFrame()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(_label(heading, "heading"))
        for line in lines:
            column.addWidget(_label(line.words, line.style))
        if field:
            self.field = QLineEdit()
            self.field.setAccessibleName(field)
            column.addWidget(self.field)
        column.addLayout(self._buttons(inside, choices))
        self._column.addWidget(inside)
        self.setAccessibleDescription(". ".join([heading, *(line.words for line in lines)]))
        self.show()
        first = inside.findChild(QPushButton) if self.field is None else self.field
        if first is not None:
            first.setFocus()

    def clear(self) -> None:
        """Show nothing."""
        self.field = None
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
            self._inside = None
        self.hide()

    def _buttons(self, inside: QFrame, choices: Sequence[Choice]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for choice in choices:
            row.addWidget(_button(choice, inside))
        row.addStretch()
        return row


def _button(choice: Choice, inside: QFrame) -> QPushButton:
    button = QPushButton(choice.words)
    if choice.style:
        look(button, choice.style)
    button.clicked.connect(lambda _checked=False: choice.act())
    if choice.keys:
        button.setToolTip(f"{choice.words.replace('&', '')} ({choice.keys})")
        keys = [choice.keys, "Enter"] if choice.keys == "Return" else [choice.keys]
        for each in keys:
            context = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(each), inside, button.click, context=context)
    return button


def _label(words: str, style: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if style:
        look(label, style)
    return label
