"""Workflows that were found in what was done: a person says which of them a model may call."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.experience.tables import Row, Rows, Table
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.forms import faint
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from ui.orders.learning import Learned, ShownLesson, Source
    from workbench.library.store import Library

_TEACHING = (
    "Do something two or three times with other values and record it each time. What recurs is found here and proposed "
    "as a workflow: one step that a model can call, with the values of its task."
)
_SAYS = {"proposed": "proposed", "approved": "may be called", "retired": "retired"}


class WorkflowsPage(QWidget):
    """The workflows of this library, proposals first; below, the steps and the sources of the chosen one."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.rows = Rows(("Application", "Workflow", "Runs", "Standing"), self)
        self.table = Table("Workflows", self.rows, 1)
        self.step_rows = Rows(("Step", "What it does"), self)
        self.steps = Table("Steps of the workflow", self.step_rows, 1)
        self.source_rows = Rows(("Learned from", "Steps"), self)
        self.sources = Table("What it was learned from", self.source_rows, 0)
        self.needs = faint("")
        self.search, self.said = QPushButton("&Look for workflows"), faint("")
        self.approve, self.retire = QPushButton("&Approve"), QPushButton("&Retire")
        self.show_it, self.show_source = QPushButton("&Open the workflow"), QPushButton("Open the &source")
        self.forget = QPushButton("&Forget…")
        look(self.forget, "danger")
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState(core.dress, "note", "No workflows yet", _TEACHING))
        self.stack.addWidget(self._listed())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 2 * SPACE, 0, 2 * SPACE)
        whole.addWidget(self.stack, 1)
        whole.addLayout(self._buttons())
        self.stack.hide()
        self._connect()
        self._tip()

    def refresh(self) -> None:
        """Read them anew."""
        self._core.tasks.with_library(_kept, self._show)

    def _show(self, kept: "tuple[ShownLesson, ...]") -> None:
        chosen = self._chosen()
        self.rows.show([_row(one) for one in kept])
        self.stack.setCurrentIndex(1 if kept else 0)
        self.stack.show()
        places = [at for at, one in enumerate(kept) if chosen is not None and one.lesson.id == chosen.lesson.id]
        if kept:
            self.table.selectRow(places[0] if places else 0)
        self._detail()

    def _listed(self) -> QWidget:
        detail = QWidget()
        column = QVBoxLayout(detail)
        column.setContentsMargins(0, SPACE, 0, 0)
        column.addWidget(self.needs)
        below = QHBoxLayout()
        below.setSpacing(SPACE)
        below.addWidget(self.steps, 3)
        below.addWidget(self.sources, 2)
        column.addLayout(below, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(detail)
        split.setSizes([1, 2])
        return split

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for button in (self.approve, self.retire, self.show_it, self.show_source, self.forget):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.said)
        row.addWidget(self.search)
        return row

    def _tip(self) -> None:
        self.search.setToolTip("Look through everything that was recorded and done")
        self.approve.setToolTip("Make a trajectory of it, which a model may call where workflows are switched on")
        self.retire.setToolTip("Have it called no more, and do not propose it again")
        self.show_it.setToolTip("Open the trajectory of the approved workflow")
        self.show_source.setToolTip("Open the recording that it was found in (Enter)")
        self.forget.setToolTip("Forget the chosen workflow; its trajectory stays")

    def _connect(self) -> None:
        self.search.clicked.connect(self._look)
        self.approve.clicked.connect(lambda: self._decide("approve"))
        self.retire.clicked.connect(lambda: self._decide("retire"))
        self.show_it.clicked.connect(self._open_it)
        self.show_source.clicked.connect(lambda: self._open_source(self.sources.currentIndex()))
        self.sources.activated.connect(self._open_source)
        self.forget.clicked.connect(self._ask)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._detail())

    def _detail(self) -> None:
        """Show the steps and the sources of the chosen one, and what may be done with it."""
        one = self._chosen()
        self.step_rows.show([Row((str(step.number), step.words)) for step in one.steps] if one else [])
        self.source_rows.show([_source_row(source) for source in one.sources] if one else [])
        self.needs.setText(_needs(one) if one else "")
        if one and one.sources:
            self.sources.selectRow(0)
        self._permit(one)

    def _permit(self, one: "ShownLesson | None") -> None:
        status = one.lesson.status if one else ""
        self.approve.setEnabled(one is not None and status != "approved")
        self.retire.setEnabled(one is not None and status != "retired")
        self.show_it.setEnabled(one is not None and one.lesson.trajectory is not None)
        self.show_source.setEnabled(one is not None and bool(one.sources))
        self.forget.setEnabled(one is not None)

    def _chosen(self) -> "ShownLesson | None":
        from ui.orders.learning import ShownLesson

        row = self.rows.row(self.table.currentIndex())
        return row.about if row is not None and isinstance(row.about, ShownLesson) else None

    def _look(self) -> None:
        self.search.setEnabled(False)
        self.said.setText("Looking …")
        self._core.tasks.with_library(_proposed, self._found, self._failed)

    def _found(self, learned: "Learned") -> None:
        count = len(learned.workflows)
        self.search.setEnabled(True)
        self.said.setText({0: "Nothing new.", 1: "1 new workflow."}.get(count, f"{count} new workflows."))
        self.refresh()

    def _failed(self, error: WorkbenchError) -> None:
        self.search.setEnabled(True)
        self.said.clear()
        self._core.notices.error(error)
        self.refresh()

    def _decide(self, word: str) -> None:
        one = self._chosen()
        if one is not None:
            name = one.lesson.id
            self._core.tasks.with_library(
                lambda library: _decided(library, name, word), lambda _: self.refresh(), self._failed
            )

    def _open_it(self) -> None:
        one = self._chosen()
        if one is not None and one.lesson.trajectory is not None:
            self._core.trajectory_wanted.emit(one.lesson.trajectory, 1)

    def _open_source(self, index: QModelIndex) -> None:
        from ui.orders.learning import Source

        row = self.source_rows.row(index)
        if row is not None and isinstance(row.about, Source):
            self._core.trajectory_wanted.emit(row.about.trajectory, row.about.first)

    def _ask(self) -> None:
        one = self._chosen()
        if one is None:
            return
        box = QMessageBox(QMessageBox.Icon.Warning, "Forget a workflow", "Forget this for good?", parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        stays = " The trajectory that was made of it stays." if one.lesson.trajectory else ""
        box.setInformativeText(f"{one.title}.{stays}")
        forget = box.addButton("Forget", QMessageBox.ButtonRole.DestructiveRole)
        look(forget, "danger")
        box.setDefaultButton(box.addButton("Keep", QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        forget.clicked.connect(lambda: self._decide("forget"))
        box.open()


def _row(one: "ShownLesson") -> Row:
    told = f"{one.runs}, {one.reached} well" if one.runs else ""
    return Row((one.lesson.app, one.title, told, _SAYS[one.lesson.status]), one, tip=one.lesson.words)


def _source_row(source: "Source") -> Row:
    return Row((source.title or source.trajectory, f"{source.first}–{source.last}"), source)


def _needs(one: "ShownLesson") -> str:
    told = "; ".join(f"{variable.name}: {variable.description}" for variable in one.variables)
    return f"It has to be told {told}." if told else "It is the same every time."


def _kept(library: "Library") -> "tuple[ShownLesson, ...]":
    from ui.orders.learning import lessons, shown

    return tuple(shown(library, one) for one in lessons(library) if one.kind == "workflow")


def _proposed(library: "Library") -> "Learned":
    from ui.orders.learning import propose

    return propose(library, lambda _line: None)


def _decided(library: "Library", name: str, word: str) -> None:
    from ui.orders.learning import approve, retire

    lesson = library.learning.lesson(name)
    if word == "forget":
        library.learning.remove(name)
    elif word == "retire":
        retire(library, lesson)
    else:
        approve(library, lesson, lambda _line: None)
