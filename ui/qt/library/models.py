"""The lists that the room shows: trajectories, and what a search found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.qt.library.entries import Found, spoken, title

if TYPE_CHECKING:
    from workbench.library.records import Summary

ENTRY = Qt.ItemDataRole.UserRole + 1
"""The `Summary` or `Found` of a row."""

Index = QModelIndex | QPersistentModelIndex


class EntriesModel(QAbstractListModel):
    """One row for each trajectory, in the order it is given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Summary] = []
        self._rows: dict[str, int] = {}

    @property
    def entries(self) -> Sequence["Summary"]:
        """The rows."""
        return self._entries

    def show(self, entries: Sequence["Summary"]) -> None:
        """Show these; rows that stay where they are keep their selection."""
        if [one.id for one in entries] == [one.id for one in self._entries]:
            self._change(list(entries))
            return
        self.beginResetModel()
        self._entries = list(entries)
        self._rows = {one.id: row for row, one in enumerate(entries)}
        self.endResetModel()

    def row_of(self, trajectory: str) -> QModelIndex:
        """Where a trajectory is; invalid where it is not shown."""
        row = self._rows.get(trajectory)
        return QModelIndex() if row is None else self.index(row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title, the whole line in words for those who hear it, or the entry."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title(entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(entry)
            case _:
                return entry if role == ENTRY else None

    def _change(self, entries: list["Summary"]) -> None:
        before, self._entries = self._entries, entries
        for row, (old, new) in enumerate(zip(before, entries, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row), self.index(row))


class FoundModel(QAbstractListModel):
    """What a search found: rows of trajectories, each followed by rows of its steps."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Found] = []

    @property
    def lines(self) -> Sequence[Found]:
        """The rows."""
        return self._lines

    def show(self, lines: Sequence[Found]) -> None:
        """Show these."""
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line in words, or the `Found`."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.title if line.step is None else f"step {line.step}: {line.description} {line.snippet}".strip()
        return line if role == ENTRY else None
