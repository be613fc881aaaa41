"""Small dialogs that ask for a few words; what is wrong with them is said in the dialog, not after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ui.qt.theme.dressing import look
from workbench.actions import Action, Check, Condition, Note, Wait
from workbench.errors import BadInputError, WorkbenchError

_WIDTH_PX = 420
_LONGEST_WAIT_S = 3600.0

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One thing to ask for: its name in the answers, its label, what stands there first."""

    name: str
    label: str
    text: str = ""
    hint: str = ""
    lines: int = 1


class Form(QDialog):
    """Asks for the fields; `done` gets the answers. While it raises `WorkbenchError` the dialog stays and says why."""

    def __init__(
        self, parent: QWidget, title: str, fields: Sequence[Field], done: Callable[[Answers], None], *, words: str = ""
    ) -> None:
        super().__init__(parent)
        self._done = done
        self._edits: dict[str, QLineEdit | QPlainTextEdit] = {}
        self._wrong = self._told("", "bad")
        self._wrong.setAccessibleName("What is wrong")
        self._wrong.hide()
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        if words:
            column.addWidget(self._told(words, "faint"))
        column.addLayout(self._form(fields))
        column.addWidget(self._wrong)
        column.addWidget(self._buttons())

    def answers(self) -> dict[str, str]:
        """What stands in the fields now."""
        return {
            name: edit.text() if isinstance(edit, QLineEdit) else edit.toPlainText()
            for name, edit in self._edits.items()
        }

    def field(self, name: str) -> QLineEdit | QPlainTextEdit:
        """The widget of a field."""
        return self._edits[name]

    def accept(self) -> None:
        """Hand the answers over, and go if they are taken."""
        try:
            self._done(self.answers())
        except WorkbenchError as error:
            self._wrong.setText(str(error))
            self._wrong.show()
            return
        super().accept()

    def _form(self, fields: Sequence[Field]) -> QFormLayout:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(6)
        for field in fields:
            edit = QLineEdit(field.text) if field.lines == 1 else QPlainTextEdit(field.text)
            edit.setAccessibleName(field.label.replace("&", ""))
            edit.setPlaceholderText(field.hint)
            if isinstance(edit, QPlainTextEdit):
                edit.setTabChangesFocus(True)
                edit.setFixedHeight(edit.fontMetrics().lineSpacing() * field.lines + 24)
            self._edits[field.name] = edit
            form.addRow(field.label, edit)
        return form

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        look(buttons.button(QDialogButtonBox.StandardButton.Ok), "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _told(self, words: str, kind: str) -> QLabel:
        label = QLabel(words)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        look(label, kind)
        return label


CONDITION = (
    Field("text", "This &text is printed", hint="anywhere on the screen"),
    Field("window", "A &window is called", hint="a part of its title is enough"),
    Field("element", "An &element is named", hint="a button, field or other control"),
)


def condition_of(answers: Answers) -> Condition:
    """What has to be seen; raises `BadInputError` where nothing was said."""
    given = {field.name: answers[field.name].strip() for field in CONDITION}
    if not any(given.values()):
        raise BadInputError("say at least one thing that has to be seen")
    return Condition(text=given["text"] or None, window=given["window"] or None, element=given["element"] or None)


def wait_of(answers: Answers) -> Action:
    """A wait for some seconds, or until something is seen where that was said."""
    if any(answers[field.name].strip() for field in CONDITION):
        return Wait(until=condition_of(answers))
    try:
        seconds = float(answers["seconds"].replace(",", "."))
    except ValueError as error:
        raise BadInputError("say for how many seconds, such as 1.5, or what to wait for") from error
    if not 0 < seconds <= _LONGEST_WAIT_S:
        raise BadInputError(f"wait more than 0 and at most {_LONGEST_WAIT_S:g} seconds")
    return Wait(seconds=seconds)


def check_of(answers: Answers) -> Action:
    """A step that fails unless the condition holds."""
    return Check(that=condition_of(answers))


def note_of(answers: Answers) -> Action:
    """A remark; raises `BadInputError` for an empty one."""
    text = answers["note"].strip()
    if not text:
        raise BadInputError("write something, such as what the next steps are for")
    return Note(text=text)
