"""Secrets by their names: which are kept, one more, one less. A value is written here and never shown."""

from functools import partial

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.qt.core import Core
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.forms import FormDialog, faint, form, line
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench import secrets
from workbench.errors import WorkbenchError

_LONGEST = 10_000


class SecretDialog(FormDialog):
    """Asks for a name and a value; `kept` has the name. The value goes to the keyring and is forgotten here."""

    kept = Signal(str)

    def __init__(self, core: Core, parent: QWidget, name: str = "") -> None:
        super().__init__(parent, "Keep a secret", "Keep")
        self._core = core
        self.refused_unseen.connect(core.notices.error)
        page, rows = form()
        self.name = line("Name", "a-z 0-9 . _ -")
        self.name.setText(name)
        self.value = line("Value")
        self.value.setEchoMode(QLineEdit.EchoMode.Password)
        self.value.setMaxLength(_LONGEST)
        rows.addRow("&Name", self.name)
        rows.addRow("&Value", self.value)
        rows.addRow(faint("It goes into this system's keyring. Steps and tasks only name it: {{secret:NAME}}."))
        self.fill(page)
        (self.value if name else self.name).setFocus()

    def apply(self) -> None:
        """Hand the value to the keyring, which may ask to be unlocked."""
        name, value = self.name.text().strip(), self.value.text()
        try:
            secrets.check_name(name)
        except WorkbenchError as error:
            self.refuse(error)
            return
        self.wait()
        self._core.tasks.aside(partial(secrets.put, name, value), lambda _: self._done(name), self.refuse)

    def reject(self) -> None:
        """Leave; what was typed stays in no field."""
        self.value.clear()
        super().reject()

    def _done(self, name: str) -> None:
        self.value.clear()
        self.kept.emit(name)
        self.finish()


class SecretsPage(QWidget):
    """The names that are kept, or why there is no place to keep any."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.names = QStringListModel(self)
        self.list = QListView()
        self.list.setAccessibleName("Names of the secrets that are kept")
        self.list.setModel(self.names)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.add, self.change = QPushButton("&Keep a secret…"), QPushButton("Chan&ge…")
        self.remove = QPushButton("Remove…")
        look(self.add, "primary")
        look(self.remove, "danger")
        self.why = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        teaching = (
            "Passwords that trajectories name are kept in this system's keyring, and typed only where they belong."
        )
        self.empty = EmptyState(core.dress, "lock", "No secrets are kept", teaching)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.list)
        self._arrange()
        self.add.clicked.connect(lambda: self.ask())
        self.change.clicked.connect(lambda: self.ask(self._chosen()))
        self.remove.clicked.connect(self._ask_removal)
        self.list.selectionModel().currentChanged.connect(self._allow)

    def refresh(self) -> None:
        """Ask the keyring, which may take as long as a person needs to unlock it."""
        self._say("Asking the keyring …", "faint")
        self._core.tasks.aside(_names, self._show, self._unusable)

    def ask(self, name: str = "") -> SecretDialog:
        """Ask for a value, and for its name unless that is known."""
        dialog = SecretDialog(self._core, self, name)
        dialog.kept.connect(self._kept)
        dialog.open()
        return dialog

    def _show(self, found: list[str]) -> None:
        self.why.hide()
        self.add.setEnabled(True)
        self.names.setStringList(found)
        self.stack.setCurrentWidget(self.list if found else self.empty)
        self.stack.show()
        if found:
            self.list.setCurrentIndex(self.names.index(0))
        self._allow()

    def _unusable(self, error: WorkbenchError) -> None:
        self._say(str(error), "warning")
        self.add.setEnabled(False)
        self.names.setStringList([])
        self.stack.setCurrentWidget(self.empty)
        self.stack.show()
        self._allow()

    def _say(self, words: str, weight: str) -> None:
        look(self.why, weight)
        self.why.setText(words)
        self.why.show()

    def _kept(self, name: str) -> None:
        self._core.notices.info(f"Kept the secret {name}")
        self.refresh()

    def _chosen(self) -> str:
        return str(self.list.currentIndex().data() or "")

    def _allow(self) -> None:
        for button in (self.change, self.remove):
            button.setVisible(bool(self.names.rowCount()))
            button.setEnabled(bool(self._chosen()))

    def _ask_removal(self) -> None:
        name = self._chosen()
        box = QMessageBox(QMessageBox.Icon.Warning, "Remove a secret", f"Remove the secret “{name}”?", parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText("Its value is gone then. Steps that name it cannot be replayed until it is kept again.")
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        look(remove, "danger")
        box.setDefaultButton(box.addButton("Keep", QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove.clicked.connect(
            lambda: self._core.tasks.aside(partial(secrets.remove, name), lambda _: self.refresh(), self._failed)
        )
        box.open()

    def _failed(self, error: WorkbenchError) -> None:
        self._core.notices.error(error)
        self.refresh()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for button in (self.add, self.change, self.remove):
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2 * SPACE)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(self.why)
        column.addWidget(self.stack, 1)
        column.addLayout(row)
        column.addStretch()
        self.why.hide()
        self.stack.hide()
        self.add.setEnabled(False)
        self._allow()


def _names() -> list[str]:
    return secrets.names()
