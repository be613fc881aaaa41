"""What people said about a model's steps: it is told again on similar steps, until it is forgotten here."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.experience.tables import Row, Rows, Table
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.forms import faint
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look

if TYPE_CHECKING:
    from agents.memory.corrections import Correction
    from workbench.library.store import Library

_TEACHING = (
    "When you reject a step of a model, change it or do it yourself, what you said is kept here. On similar steps the "
    "model is told, so that it does not propose the same again."
)


class CorrectionsPage(QWidget):
    """The corrections of this library, the newest first."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.rows = Rows(("When", "Application", "What was said"), self)
        self.table = Table("Corrections", self.rows, 2)
        self.forget = QPushButton("&Forget…")
        self.forget.setToolTip("Forget the chosen correction for good (Delete)")
        look(self.forget, "danger")
        self.forget.setShortcut("Del")
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 2 * SPACE, 0, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(faint("A model is told of these on similar steps in the same application."))
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addWidget(self.forget)
        row.addStretch()
        column.addLayout(row)
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState(core.dress, "note", "Nothing was corrected yet", _TEACHING))
        self.stack.addWidget(listed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self.stack.hide()
        self.forget.clicked.connect(self._ask)

    def refresh(self) -> None:
        """Read them anew."""
        self._core.tasks.with_library(_kept, self._show)

    def _show(self, kept: "Sequence[Correction]") -> None:
        from agents.memory.corrections import line_of

        self.rows.show([Row((_when(one.at_s), one.app, line_of(one)), one.id) for one in reversed(kept)])
        self.stack.setCurrentIndex(1 if kept else 0)
        self.stack.show()
        self.forget.setEnabled(bool(kept))
        if kept:
            self.table.selectRow(0)

    def _ask(self) -> None:
        row = self.rows.row(self.table.currentIndex())
        if row is None:
            return
        box = QMessageBox(QMessageBox.Icon.Warning, "Forget a correction", "Forget this for good?", parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(row.cells[2])
        forget = box.addButton("Forget", QMessageBox.ButtonRole.DestructiveRole)
        look(forget, "danger")
        box.setDefaultButton(box.addButton("Keep", QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        forget.clicked.connect(lambda: self._forget(str(row.about)))
        box.open()

    def _forget(self, one: str) -> None:
        self._core.tasks.with_library(lambda library: _forgotten(library, one), lambda _count: self.refresh())


def _kept(library: "Library") -> "Sequence[Correction]":
    from agents.memory.corrections import CorrectionShelf

    return CorrectionShelf(library.path).all()


def _forgotten(library: "Library", one: str) -> int:
    from agents.memory.corrections import CorrectionShelf

    return CorrectionShelf(library.path).delete({one})


def _when(at_s: float) -> str:
    return time.strftime("%d %b %Y, %H:%M", time.localtime(at_s)) if at_s else ""
