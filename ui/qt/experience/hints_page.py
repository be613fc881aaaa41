"""Hints that runs and recordings gave: a person says which of them models are told."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.experience.tables import Row, Rows, Table
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.forms import faint
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from pathlib import Path

    from ui.orders.learning import ShownLesson
    from workbench.library.store import Library

_TEACHING = (
    "When a step of a model fails and another one works, when a window comes in the way, or when you refuse a step, "
    "there is something to learn from it. Look for hints, and approve those that models are to be told."
)
_SAYS = {"proposed": "proposed", "approved": "told to models", "retired": "retired"}


class HintsPage(QWidget):
    """The hints of this library, proposals first, with what may be done with the chosen one."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.rows = Rows(("Application", "Hint", "Seen in", "Runs told", "Standing"), self)
        self.table = Table("Hints", self.rows, 1)
        self.search = QPushButton("&Look for hints")
        self.search.setToolTip("Look through all runs and recordings")
        self.approve, self.retire = QPushButton("&Approve"), QPushButton("&Retire")
        self.approve.setToolTip("Let models be told the chosen hint")
        self.retire.setToolTip("Tell it no more, and do not propose it again")
        self.show_it = QPushButton("&Open its steps")
        self.show_it.setToolTip("Open the steps that show it (Enter)")
        self.forget = QPushButton("&Forget…")
        self.forget.setToolTip("Forget the chosen hint for good")
        look(self.forget, "danger")
        self.said = faint("")
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState(core.dress, "note", "No hints yet", _TEACHING))
        self.stack.addWidget(self._listed())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 2 * SPACE, 0, 2 * SPACE)
        whole.addWidget(self.stack, 1)
        whole.addLayout(self._buttons())
        self.stack.hide()
        self._connect()

    def refresh(self) -> None:
        """Read them anew."""
        self._core.tasks.with_library(_kept, self._show)

    def _show(self, kept: "tuple[ShownLesson, ...]") -> None:
        chosen = self.rows.row(self.table.currentIndex())
        self.rows.show([_row(one) for one in kept])
        self.stack.setCurrentIndex(1 if kept else 0)
        self.stack.show()
        places = [at for at, one in enumerate(kept) if chosen is not None and one.lesson.id == _lesson(chosen)]
        if kept:
            self.table.selectRow(places[0] if places else 0)
        self._permit()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for button in (self.approve, self.retire, self.show_it, self.forget):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.said)
        row.addWidget(self.search)
        return row

    def _listed(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(
            faint("Where hints are switched on, a model that plans is told of these in their application.")
        )
        column.addWidget(self.table, 1)
        return page

    def _connect(self) -> None:
        self.search.clicked.connect(self._look)
        self.approve.clicked.connect(lambda: self._decide("approve"))
        self.retire.clicked.connect(lambda: self._decide("retire"))
        self.show_it.clicked.connect(lambda: self._open(self.table.currentIndex()))
        self.forget.clicked.connect(self._ask)
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._permit())

    def _permit(self) -> None:
        row = self.rows.row(self.table.currentIndex())
        status = _status(row)
        self.approve.setEnabled(row is not None and status != "approved")
        self.retire.setEnabled(row is not None and status != "retired")
        self.forget.setEnabled(row is not None)
        self.show_it.setEnabled(row is not None and bool(_shown(row).sources))

    def _look(self) -> None:
        self.search.setEnabled(False)
        self.said.setText("Looking …")
        folder = self._core.library_folder  # a quarter of a minute in a large library: others want theirs meanwhile
        self._core.tasks.soon(lambda: _proposed(folder), self._found, self._failed)

    def _found(self, count: int) -> None:
        self.search.setEnabled(True)
        self.said.setText({0: "Nothing new.", 1: "1 new hint."}.get(count, f"{count} new hints."))
        self.refresh()

    def _failed(self, error: WorkbenchError) -> None:
        self.search.setEnabled(True)
        self.said.clear()
        self._core.notices.error(error)

    def _decide(self, word: str) -> None:
        row = self.rows.row(self.table.currentIndex())
        if row is not None:
            name = _lesson(row)
            self._core.tasks.with_library(lambda library: _decided(library, name, word), lambda _: self.refresh())

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.row(index)
        if row is not None and _shown(row).sources:
            source = _shown(row).sources[0]
            self._core.trajectory_wanted.emit(source.trajectory, source.first)

    def _ask(self) -> None:
        row = self.rows.row(self.table.currentIndex())
        if row is None:
            return
        box = QMessageBox(QMessageBox.Icon.Warning, "Forget a hint", "Forget this for good?", parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(row.cells[1])
        forget = box.addButton("Forget", QMessageBox.ButtonRole.DestructiveRole)
        look(forget, "danger")
        box.setDefaultButton(box.addButton("Keep", QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        forget.clicked.connect(lambda: self._decide("forget"))
        box.open()


def _row(one: "ShownLesson") -> Row:
    lesson = one.lesson
    places = "1 place" if len(one.sources) == 1 else f"{len(one.sources)} places"
    told = f"{one.runs}, {one.reached} well" if one.runs else ""
    return Row((lesson.app, lesson.words, places, told, _SAYS[lesson.status]), one)


def _shown(row: Row) -> "ShownLesson":
    from ui.orders.learning import ShownLesson

    assert isinstance(row.about, ShownLesson)
    return row.about


def _lesson(row: Row) -> str:
    return _shown(row).lesson.id


def _status(row: Row | None) -> str:
    return _shown(row).lesson.status if row is not None else ""


def _kept(library: "Library") -> "tuple[ShownLesson, ...]":
    from ui.orders.learning import lessons, shown

    return tuple(shown(library, one) for one in lessons(library) if one.kind == "hint")


def _proposed(folder: "Path") -> int:
    from agents.memory.hints.proposing import propose_hints
    from workbench.library.store import Library

    with Library.open(folder) as library:
        return len(propose_hints(library))


def _decided(library: "Library", name: str, word: str) -> None:
    from ui.orders.learning import approve, retire

    lesson = library.learning.lesson(name)
    if word == "forget":
        library.learning.remove(name)
    elif word == "retire":
        retire(library, lesson)
    else:
        approve(library, lesson, lambda _line: None)
