"""Forms that dialogs and pages are made of."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look


class PathField(QWidget):
    """A path that is typed or chosen; `kinds` are the kinds of files as a file dialog writes them, empty for folders.

    `field` takes the focus; `chosen` is called with every path that comes out of the dialog.
    """

    def __init__(self, name: str, kinds: str, chosen: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self._name, self._kinds, self._chosen = name, kinds, chosen
        self.field = QLineEdit()
        self.field.setAccessibleName(name)
        self.browse = QPushButton("Browse…")
        self.browse.setAccessibleName(f"Browse for: {name}")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self.field, 1)
        row.addWidget(self.browse)
        self.setFocusProxy(self.field)

    @property
    def path(self) -> Path | None:
        """What is written there; None where nothing is."""
        text = self.field.text().strip()
        return Path(text).expanduser() if text else None

    def _ask(self) -> None:
        dialog = QFileDialog(self, self._name, self.field.text())
        if self._kinds:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilters([self._kinds, "All files (*)"])
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, path: str) -> None:
        self.field.setText(path)
        if self._chosen is not None:
            self._chosen(path)


class FormDialog(QDialog):
    """A dialog whose button does something that may be refused: what was wrong then stands above the buttons.

    Leaving it while that is being done stops nothing: what comes of it is heard all the same, and `refused_unseen` has
    what was wrong.
    """

    refused_unseen = Signal(object)

    def __init__(self, parent: QWidget, heading: str, action: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(heading)
        self.setMinimumWidth(560)
        self._wrong = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._wrong.setAccessibleName("What is wrong")
        look(self._wrong, "bad")
        self._wrong.hide()
        self._waiting = self._left = False
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.action = self.buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        self.action.setDefault(True)
        look(self.action, "primary")
        self.buttons.rejected.connect(self.reject)
        self.buttons.accepted.connect(self.apply)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        self._column.setSpacing(SPACE)

    @property
    def wrong(self) -> str:
        """What is wrong, as it stands there."""
        return self._wrong.text()

    def fill(self, content: QWidget) -> None:
        """Put the content above the buttons."""
        for widget in (content, self._wrong, self.buttons):
            self._column.addWidget(widget)

    def apply(self) -> None:
        """Do what the button says."""

    def reject(self) -> None:
        """Leave; only what is not being done yet is not done."""
        if self._waiting:
            self._left = True
            self.hide()
        else:
            super().reject()

    def refuse(self, why: object) -> None:
        """Say what is wrong, and let it be tried again."""
        self._go_on()
        if self._left:
            self.refused_unseen.emit(why)
            self.deleteLater()
            return
        self._wrong.setText(str(why))
        self._wrong.show()
        self.action.setEnabled(True)

    def wait(self) -> None:
        """It is being done; `refuse` or `finish` says what came of it."""
        self._wrong.hide()
        self.action.setEnabled(False)
        self._waiting = True
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)

    def finish(self) -> None:
        """It is done."""
        self._go_on()
        if self._left:
            self.deleteLater()
        else:
            self.accept()

    def _go_on(self) -> None:
        self._waiting = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)


def form() -> tuple[QWidget, QFormLayout]:
    """An empty form on a page of its own."""
    page = QWidget()
    rows = QFormLayout(page)
    rows.setContentsMargins(0, SPACE, 0, SPACE)
    rows.setSpacing(SPACE)
    rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return page, rows


def line(name: str, hint: str = "") -> QLineEdit:
    """A field for one line, with a hint in it while it is empty."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


def align(first: QFormLayout, *others: QFormLayout) -> None:
    """Let the fields of forms that stand below one another begin in one line."""
    places = [(form, row) for form in (first, *others) for row in range(form.rowCount())]
    items = [form.itemAt(row, QFormLayout.ItemRole.LabelRole) for form, row in places]
    labels = [label for item in items if item is not None and (label := item.widget()) is not None]
    widest = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(widest)
    for form in others:
        form.setHorizontalSpacing(first.horizontalSpacing())


def faint(words: str) -> QLabel:
    """A remark that may take several lines."""
    label = QLabel(words, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    look(label, "faint")
    return label
