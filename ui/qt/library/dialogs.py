"""The small questions of the library: a title, tags, files, and whether something goes for good."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from ui.qt.library.entries import steps, title
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import BadInputError
from workbench.library.tags import spelled
from workbench.report.words import named_workflows, sentence

if TYPE_CHECKING:
    from workbench.library.records import Summary

_NAMED = 3
"""How many titles a question spells out."""

_FILTERS = (
    "All recordings (*.trajectory *.jsonl *.json *.gz *.html *.htm *.db *.sqlite *.mht *.zip *.py *.txt)",
    "Trajectory bundle (*.trajectory)",
    "AgentNet, browser-use, MiniWoB++, Playwright codegen (*.jsonl *.json *.gz)",
    "OpenAdapt (*.db *.sqlite)",
    "UI-TARS desktop (*.html *.htm)",
    "Windows Steps Recorder (*.mht *.zip)",
    "pyautogui, ShowUI-Aloha (*.py *.txt)",
    "All files (*)",
)
"""What a file is shows in its content: these only narrow what the dialog lists."""


class LineDialog(QDialog):
    """Asks for one line of text. `check` says in words what is wrong with it, or nothing; `then` gets it."""

    def __init__(self, parent: QWidget, heading: str, *, hint: str, text: str, check: Callable[[str], str]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(heading)
        self.setMinimumWidth(420)
        self._check = check
        self.field = QLineEdit(text)
        self.field.setAccessibleName(heading)
        self.field.selectAll()
        about = QLabel(hint, wordWrap=True)
        look(about, "faint")
        self._wrong = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        look(self._wrong, "bad")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        look(self._buttons.button(QDialogButtonBox.StandardButton.Save), "primary")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._arrange(about)
        self.field.textChanged.connect(self._look)
        self._look()

    def ask(self, then: Callable[[str], None]) -> None:
        """Open; `then` is called with the text once it is accepted."""
        self.accepted.connect(lambda: then(self.field.text().strip()))
        self.open()

    def _arrange(self, about: QLabel) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        for widget in (self.field, about, self._wrong, self._buttons):
            column.addWidget(widget)

    def _look(self) -> None:
        wrong = self._check(self.field.text())
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not wrong)


def ask_title(parent: QWidget, entry: "Summary", then: Callable[[str], None]) -> None:
    """Ask for another title."""
    hint = "What it does, in a few words. Every version is kept: undo in its history."
    LineDialog(parent, "Rename", hint=hint, text=entry.title, check=_title_wrong).ask(then)


def ask_tags(parent: QWidget, entries: Sequence["Summary"], then: Callable[[list[str]], None]) -> None:
    """Ask for the tags of one trajectory, or for those that several have in common."""
    shared = "The tags that all of them have" if len(entries) > 1 else "Words that keep trajectories together"
    dialog = LineDialog(
        parent,
        "Tags",
        hint=f"{shared}, with commas between them. Empty takes them off.",
        text=", ".join(common_tags(entries)),
        check=_tags_wrong,
    )
    dialog.ask(lambda text: then(split_tags(text)))


def common_tags(entries: Sequence["Summary"]) -> list[str]:
    """The tags that all of them have."""
    shared = set.intersection(*({tag.lower() for tag in one.tags} for one in entries)) if entries else set()
    return [tag for tag in entries[0].tags if tag.lower() in shared] if entries else []


def split_tags(text: str) -> list[str]:
    """The tags of a line with commas; raises `BadInputError` for one that cannot be."""
    return [spelled(part) for part in text.split(",") if part.strip()]


def ask_deletion(
    parent: QWidget, entries: Sequence["Summary"], losing: Sequence[str], then: Callable[[], None]
) -> None:
    """Say what is lost, and do it after a yes; `losing` are the titles of workflows that lose pictures of it."""
    names = [f"“{title(one)}” with its {steps(one)}" for one in entries]
    what = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if len(names) > _NAMED:
        what = f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    box = QMessageBox(QMessageBox.Icon.Warning, "Delete for good", f"Delete {what} for good?", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    whose = "Their" if len(names) > 1 else "Its"
    told = f"{whose} pictures, edits, raw events and runs go too. Nothing brings them back."
    if losing:
        loses = "loses" if len(losing) == 1 else "lose"
        told += " " + sentence(f"{named_workflows(losing)} {loses} the pictures that come from there")
    box.setInformativeText(told)
    delete = box.addButton("Delete for good", QMessageBox.ButtonRole.DestructiveRole)
    look(delete, "danger")
    box.setDefaultButton(box.addButton("Keep", QMessageBox.ButtonRole.RejectRole))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    delete.clicked.connect(then)
    box.open()


def ask_files(parent: QWidget, then: Callable[[list[Path]], None]) -> None:
    """Ask for files to import."""
    dialog = QFileDialog(parent, "Import", "", ";;".join(_FILTERS))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
    dialog.open()


def ask_folder(parent: QWidget, then: Callable[[list[Path]], None]) -> None:
    """Ask for a folder to import what is in it: recordings of many tools are folders."""
    dialog = QFileDialog(parent, "Import folder", "")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then([Path(name)]))
    dialog.open()


def _title_wrong(text: str) -> str:
    return "" if text.strip() else "A title cannot be empty; say what it does."


def _tags_wrong(text: str) -> str:
    try:
        split_tags(text)
    except BadInputError as error:
        return str(error)
    return ""
