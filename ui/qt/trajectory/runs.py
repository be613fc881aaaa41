"""The runs of the open trajectory: two of them, or one and the recording, are chosen to be compared."""

from collections.abc import Sequence
from time import localtime, strftime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.theme.dressing import look
from workbench.report.words import duration
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.records import RunSummary

_WIDTH_PX = 420
_SIDES = ("&Left", "&Right")


class RunsDialog(QDialog):
    """Asks for two attempts at one trajectory; accepted, `core.comparison_wanted` has their ids.

    `runs` are its runs, the newest first, at least one.
    """

    def __init__(self, core: Core, parent: QWidget, trajectory: Trajectory, runs: Sequence["RunSummary"]) -> None:
        super().__init__(parent)
        self._core = core
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Compare runs")
        self.setMinimumWidth(_WIDTH_PX)
        attempts = [*((said(run), run.id) for run in runs), ("The trajectory itself", trajectory.id)]
        self.sides = tuple(_choice(side, attempts) for side in _SIDES)
        self.sides[0].setCurrentIndex(1)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.compare = self._buttons.addButton("&Compare", QDialogButtonBox.ButtonRole.AcceptRole)
        look(self.compare, "primary")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.accepted.connect(self._want)
        for side in self.sides:
            side.currentIndexChanged.connect(self._check)
        self._arrange()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        words = QLabel("Their steps are laid beside each other, and what differs stands out.", wordWrap=True)
        look(words, "faint")
        column.addWidget(words)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, (name, side) in enumerate(zip(_SIDES, self.sides, strict=True)):
            label = QLabel(name)
            label.setBuddy(side)
            grid.addWidget(label, row, 0)
            grid.addWidget(side, row, 1)
        column.addLayout(grid)
        column.addWidget(self._buttons)

    def _chosen(self) -> tuple[str, str]:
        left, right = (str(side.currentData()) for side in self.sides)
        return left, right

    def _check(self) -> None:
        self.compare.setEnabled(len(set(self._chosen())) > 1)

    def _want(self) -> None:
        self._core.comparison_wanted.emit(*self._chosen())


def ask_runs(core: Core, parent: QWidget, trajectory: Trajectory) -> None:
    """Look which runs there are, and ask; where there is none, say so."""

    def arrived(runs: "list[RunSummary]") -> None:
        if runs:
            RunsDialog(core, parent, trajectory, runs).open()
        else:
            core.notices.info("It has not been run yet, so there is nothing to compare: replay it first.")

    core.tasks.with_library(lambda library: library.runs(trajectory.id), arrived)


def said(run: "RunSummary") -> str:
    """A run on one line: when, how it ended, how long it took."""
    when = strftime("%d %b %Y, %H:%M:%S", localtime(run.started))
    took = duration(run.elapsed_ms) if run.outcome else ""
    return "  ·  ".join(filter(None, [when, run.outcome or "did not end", took]))


def _choice(side: str, attempts: Sequence[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(f"{side.replace('&', '')} side")
    for words, identifier in attempts:
        box.addItem(words, identifier)
    return box
