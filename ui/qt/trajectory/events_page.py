"""The raw input events of a step, as the system reported them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QStackedWidget, QTableView, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.parts.quiet import quiet
from ui.qt.parts.tips import plain_tip
from ui.qt.theme.dressing import look
from ui.qt.trajectory.event_rows import EventRow, rows_of
from workbench.inputs import InputEvent
from workbench.report.words import duration
from workbench.trajectory import Step

Index = QModelIndex | QPersistentModelIndex

_HEADS = ("Event", "After", "What", "Where or which")
_NONE = "No raw events belong to this step: it was not recorded here, it was added by hand, or they were deleted."


class EventsModel(QAbstractTableModel):
    """One row per line of `rows_of`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[EventRow] = ()

    def show_rows(self, rows: Sequence[EventRow]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many lines."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number, time, what and detail."""
        return 0 if parent.isValid() else len(_HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rows[index.row()]
        words = (str(row.seq), duration(row.at_ms), row.what, row.detail)[index.column()]
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the columns are called."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return None


class EventsPage(QStackedWidget):
    """Reads a recording's events once, when somebody looks for the first time."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._of = ""
        self._events: Sequence[InputEvent] | None = None
        self._step: Step | None = None
        self.model = EventsModel(self)
        self._none = QLabel(_NONE, alignment=Qt.AlignmentFlag.AlignTop)
        self._table = QTableView()
        self._arrange()

    def show_step(self, trajectory_id: str, step: Step | None) -> None:
        """Show that step's events, which another recording may have."""
        self._step = step
        recording = (step.recorded_in if step else "") or trajectory_id
        if recording != self._of:
            self._of, self._events = recording, None
            self._read()
        self._fill()

    def forget(self) -> None:
        """Read the events again at the next look: some may have been purged."""
        self._of, self._events = "", None
        self.model.show_rows(())

    def _read(self) -> None:
        wanted = self._of

        def arrived(events: list[InputEvent]) -> None:
            if self._of == wanted:
                self._events = events
                self._fill()

        self._core.tasks.with_library(lambda library: library.events(wanted) if wanted in library else [], arrived)

    def _fill(self) -> None:
        rows = rows_of(self._events, self._step) if self._events is not None and self._step is not None else ()
        self.model.show_rows(rows)
        waits = self._events is None
        self.setCurrentIndex(1 if rows or waits else 0)

    def _arrange(self) -> None:
        look(self._none, "faint")
        self._none.setWordWrap(True)
        self._none.setMargin(16)
        quiet(self._table, "Raw events")
        self._table.setModel(self.model)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heads = self._table.horizontalHeader()
        for column in range(len(_HEADS) - 1):
            heads.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            heads.resizeSection(column, self.fontMetrics().horizontalAdvance("0") * (6, 8, 12)[column])
        heads.setStretchLastSection(True)
        none = QWidget()
        column_of_none = QVBoxLayout(none)
        column_of_none.setContentsMargins(0, 0, 0, 0)
        column_of_none.addWidget(self._none)
        self.addWidget(none)
        self.addWidget(self._table)
