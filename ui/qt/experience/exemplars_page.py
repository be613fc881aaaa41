"""Which recorded trajectories a model would be shown for a task, and why."""

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.orders.lending import Lent, lent_for
from ui.qt.core import Core
from ui.qt.experience.tables import Row, Rows, Table
from ui.qt.models.forms import faint
from ui.qt.parts.empty import EmptyState
from ui.qt.theme.colours import SPACE

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
        self.rows = Rows(("Task", "Likeness", "Tokens", "In a run"), self)
        self.table = Table("Exemplars", self.rows, 0)
        self.show_it = QPushButton("&Open the trajectory")
        self.show_it.setToolTip("Open the trajectory (Enter)")
        self.said = faint("")
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
        self.show_it.setEnabled(bool(found))
        self.said.setText(_said(task, found))
        if found:
            self.table.selectRow(0)

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.row(index)
        if row is not None:
            self._core.trajectory_wanted.emit(str(row.about), 1)

    def _listed(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.task)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addWidget(self.show_it)
        row.addStretch()
        column.addLayout(row)
        return page


def _row(one: Lent) -> Row:
    likeness = "" if one.likeness is None else f"{one.likeness:.2f}"
    return Row((one.task or one.title, likeness, str(one.tokens), one.why), one.id)


def _said(task: str, found: tuple[Lent, ...]) -> str:
    if not task.strip():
        return "These have a task and steps. Tokens are about what each adds to every prompt."
    chosen = sum(one.chosen for one in found)
    if not found:
        return "No recorded task is alike enough; the model works without an example."
    return f"A run of this task shows {'one of these' if chosen else 'none of these'} to the model."
