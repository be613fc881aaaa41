"""How often each way of finding what words mean was right in the runs of this library."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.experience.tables import Row, Rows, Table
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.forms import faint
from ui.qt.theme.colours import SPACE

if TYPE_CHECKING:
    from agents.grounding.merit import Merits, Source
    from workbench.library.store import Library

WAYS: "dict[Source, str]" = {
    "letters": "Comparing names letter by letter",
    "reference": "The line that the planner chose",
    "choice": "The line that a model chose for the words",
    "pointing": "A model that points at the picture",
    "text": "Text that is printed on the screen",
    "exemplar": "The witnesses of a recorded step",
}

_TEACHING = (
    "A model says in words where a step goes, and several ways find the place. After runs that you approved this page "
    "tells how often each was right; the best is asked first."
)


class MeritsPage(QWidget):
    """One row for each way that was tried, the most trusted first."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.rows = Rows(("Way of finding", "Right", "Tried", "Expected to be right", "Trust"), self)
        self.table = Table("Ways of finding", self.rows, 0)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 2 * SPACE, 0, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(
            faint("Counted after steps whose effect was seen. The way that was right most often comes first.")
        )
        column.addWidget(self.table, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState(core.dress, "target", "Nothing is known yet", _TEACHING))
        self.stack.addWidget(listed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self.stack.hide()

    def refresh(self) -> None:
        """Read what is kept."""
        self._core.tasks.with_library(_merits, self._show)

    def _show(self, merits: "Merits") -> None:
        ranked = sorted(merits.known.items(), key=lambda pair: -pair[1].rate)
        self.rows.show(
            [
                Row((WAYS[way], str(one.hits), str(one.tries), f"{one.rate:.0%}", f"{one.trust:.2f}"), way)
                for way, one in ranked
            ]
        )
        self.stack.setCurrentIndex(1 if ranked else 0)
        self.stack.show()


def _merits(library: "Library") -> "Merits":
    from agents.session.experience import Experience

    return Experience(str(library.path)).merits()
