"""Tasks that were given before, the newest first."""

import time
from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.qt.run.offers import Recent
from workbench.report.words import tidy

RECENT = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_LONGEST = 160


class RecentModel(QAbstractListModel):
    """One line per task: its words, when, and how it ended; `RECENT` is the record."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recent: tuple[Recent, ...] = ()

    def show(self, recent: Sequence[Recent]) -> None:
        """These, instead of those before; nothing happens where they are the same."""
        if tuple(recent) != self._recent:
            self.beginResetModel()
            self._recent = tuple(recent)
            self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """One row per task."""
        return 0 if parent.isValid() else len(self._recent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a task."""
        if not 0 <= index.row() < len(self._recent):
            return None
        one = self._recent[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                when = time.strftime("%d %b, %H:%M", time.localtime(one.created_s))
                return " · ".join(filter(None, [tidy(one.task, _LONGEST), one.outcome, when]))
            case Qt.ItemDataRole.ToolTipRole:
                return f"{tidy(one.task, _LONGEST)} (Enter takes it up again)"
            case _ if role == RECENT:
                return one
        return None
