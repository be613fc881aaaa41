"""Which recorded trajectories a model would be shown for a task, why, and how runs went with them and without."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.orders.lending import Compared, Lent, allow, compared, lent_for, retire
from ui.qt.core import Core
from ui.qt.experience.tables import Row, Rows, Table
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.forms import faint
from ui.qt.theme.colours import SPACE

if TYPE_CHECKING:
    from agents.memory.utility import Tally

_TEACHING = (
    "Record a task and say in words what it does. When a model is given a task that is much alike, it is shown the "
    "steps of your recording. Only what somebody has reviewed is shown."
)
_QUIET_MS = 200
"""How long nothing is typed before it is looked for."""


class ExemplarsPage(QWidget):
    """A field for a task, and below it the trajectories that are alike; without a task, all that could be shown."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.task = QLineEdit(placeholderText="Say a task, and see what a model would be shown for it")
        self.task.setAccessibleName("Task")
        self.task.setClearButtonEnabled(True)
        self.rows = Rows(("Task", "Likeness", "Tokens", "Runs", "Utility", "In a run"), self)
        self.table = Table("Exemplars", self.rows, 0)
        self.show_it = QPushButton("&Open the trajectory")
        self.show_it.setToolTip("Open the trajectory (Enter)")
        self.stand = QPushButton("&Retire")
        self.stand.setToolTip("Show it to no run unless it is named, or allow that again")
        self.said, self.compared = faint(""), faint("")
        self.compared.setAccessibleName("With and without the chosen one")
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState(core.dress, "library", "Nothing to be shown yet", _TEACHING))
        self.stack.addWidget(self._listed())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * SPACE, 0, 2 * SPACE)
        column.addWidget(self.stack)
        self.stack.hide()
        self._later = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._later.timeout.connect(self.refresh)
        self.task.textChanged.connect(lambda _text: self._later.start())
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentChanged.connect(lambda now, _before: self._compare(now))
        self.stand.clicked.connect(self._change)
        self.show_it.clicked.connect(lambda: self._open(self.table.currentIndex()))

    def refresh(self) -> None:
        """Look anew."""
        task = self.task.text()
        self._core.tasks.with_library(lambda library: lent_for(library, task), lambda found: self._show(task, found))

    def _show(self, task: str, found: tuple[Lent, ...]) -> None:
        if task != self.task.text():
            return
        self.rows.show([_row(one) for one in found])
        self.stack.setCurrentIndex(1 if found or task.strip() else 0)
        self.stack.show()
        for button in (self.show_it, self.stand):
            button.setEnabled(bool(found))
        self.said.setText(_said(task, found))
        self.compared.clear()
        if found:
            self.table.selectRow(0)

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.row(index)
        if row is not None:
            self._core.trajectory_wanted.emit(_about(row).id, 1)

    def _compare(self, index: QModelIndex) -> None:
        """Tell how runs went with the chosen one and without any."""
        row = self.rows.row(index)
        if row is None:
            return
        one = _about(row)
        self.stand.setText("&Retire" if one.active else "&Allow again")
        self._core.tasks.with_library(
            lambda library: compared(library, one.id), lambda found: self._tell(one.id, found)
        )

    def _tell(self, identifier: str, found: Compared | None) -> None:
        row = self.rows.row(self.table.currentIndex())
        if row is not None and _about(row).id == identifier:
            self.compared.setText(_words(found) if found else "It was not shown to any run yet.")

    def _change(self) -> None:
        row = self.rows.row(self.table.currentIndex())
        if row is not None:
            one = _about(row)
            say = retire if one.active else allow
            self._core.tasks.with_library(lambda library: say(library, one.id), lambda _done: self.refresh())

    def _listed(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.task)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        column.addWidget(self.compared)
        row = QHBoxLayout()
        row.addWidget(self.show_it)
        row.addWidget(self.stand)
        row.addStretch()
        column.addLayout(row)
        return page


def _row(one: Lent) -> Row:
    likeness = "" if one.likeness is None else f"{one.likeness:.2f}"
    runs = "" if one.merit is None else str(one.merit.having.runs + one.merit.unknown)
    utility = "" if one.merit is None else f"{one.merit.utility:+.2f}"
    return Row((one.task or one.title, likeness, str(one.tokens), runs, utility, one.why), one)


def _about(row: Row) -> Lent:
    assert isinstance(row.about, Lent)
    return row.about


def _words(found: Compared) -> str:
    merit = found.merit
    unknown = f" Of {merit.unknown} more nobody knows." if merit.unknown else ""
    with_it = f"With it {_tallied(merit.having, found.tokens)}."
    return f"{with_it}{unknown} Without any {_tallied(merit.without, found.tokens_without)}."


def _tallied(tally: "Tally", tokens: float) -> str:
    if not tally.runs:
        return "nothing is known"
    return (
        f"{tally.reached} of {tally.runs} runs reached their task, in {tally.steps:.1f} steps and {tokens:.0f} tokens"
    )


def _said(task: str, found: tuple[Lent, ...]) -> str:
    if not task.strip():
        return "These have a task and steps. Tokens are about what each adds to every prompt."
    chosen = sum(one.chosen for one in found)
    if not found:
        return "No recorded task is alike enough; the model works without an example."
    return f"A run of this task shows {'one of these' if chosen else 'none of these'} to the model."
