"""Where trajectories are kept, how much room they take, and whether all of it is whole."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.orders.model_facts import sized
from ui.qt.core import Core
from ui.qt.parts.forms import faint
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.library.records import Problem


class StoragePage(QWidget):
    """The library's folder and its size; checking reads every pixel and so takes a while."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._measuring = False
        self.folder = QLabel(str(core.library_folder), wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.count, self.room = QLabel("counting …"), QLabel("counting …")
        self.show_folder, self.verify = QPushButton("Open the &folder"), QPushButton("&Check everything")
        self.bar = QProgressBar(maximum=0, textVisible=False)
        self.bar.setAccessibleName("Checking the library")
        self.bar.setMaximumHeight(SPACE)
        self.bar.hide()
        self.outcome = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.problems = QPlainTextEdit(readOnly=True)
        self.problems.setAccessibleName("What is wrong with the library")
        self.problems.setTabChangesFocus(True)
        self.problems.hide()
        self.outcome.hide()
        self._arrange()
        self.show_folder.clicked.connect(self._open)
        self.verify.clicked.connect(self.check)

    def refresh(self) -> None:
        """Count anew; while the files are still being measured they are not measured once more."""
        folder = self._core.library_folder
        self._core.tasks.with_library(lambda library: len(library.summaries()), lambda n: self.count.setText(str(n)))
        if not self._measuring:
            self._measuring = True
            self._core.tasks.aside(lambda: _size_bytes(folder), self._measured, self._not_measured)

    def _measured(self, size_bytes: int) -> None:
        self._measuring = False
        self.room.setText(sized(size_bytes))

    def _not_measured(self, error: WorkbenchError) -> None:
        self._measuring = False
        self.room.setText(str(error))

    def check(self) -> None:
        """Look at everything that is kept."""
        self.verify.setEnabled(False)
        self.bar.show()
        self.outcome.hide()
        self.problems.hide()
        folder = self._core.library_folder
        self._core.tasks.aside(lambda: _verified(folder), self._checked, self._failed)

    def _checked(self, problems: "Sequence[Problem]") -> None:
        one = "One thing is" if len(problems) == 1 else f"{len(problems)} things are"
        words = f"{one} wrong; each line says what mends it." if problems else "Everything is there and whole."
        self._end(words, "warning" if problems else "good")
        self.problems.setPlainText("\n".join(f"{each.where}: {each.what}; {each.mend}" for each in problems))
        self.problems.setVisible(bool(problems))

    def _failed(self, error: WorkbenchError) -> None:
        self._end(str(error), "bad")

    def _end(self, words: str, weight: str) -> None:
        self.bar.hide()
        self.verify.setEnabled(True)
        look(self.outcome, weight)
        self.outcome.setText(words)
        self.outcome.show()

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._core.library_folder)))

    def _arrange(self) -> None:
        card = QFrame()
        look(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        inside.setSpacing(SPACE)
        heading = QLabel("Library")
        look(heading, "title")
        facts = QFormLayout()
        facts.setHorizontalSpacing(3 * SPACE)
        for name, value in (("Folder", self.folder), ("Trajectories", self.count), ("Size", self.room)):
            facts.addRow(faint(name), value)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.show_folder)
        row.addWidget(self.verify)
        row.addStretch()
        inside.addWidget(heading)
        inside.addWidget(faint("Deleting a trajectory gives its room back. Another folder is chosen under Library."))
        inside.addLayout(facts)
        inside.addLayout(row)
        for widget in (self.bar, self.outcome, self.problems):
            inside.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE, 2 * SPACE)
        column.addWidget(card)
        column.addStretch()


def _size_bytes(folder: Path) -> int:
    """What all files take, without following links; one that goes meanwhile counts nothing."""
    total = 0
    for above, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += Path(above, name).lstat().st_size
    return total


def _verified(folder: Path) -> "Sequence[Problem]":
    """With a library of its own, so that the window's is free meanwhile."""
    from workbench.library.store import Library

    with Library.open(folder) as library:
        return library.verify()
