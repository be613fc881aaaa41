"""Steps of two attempts side by side, as Qt lists them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.qt.parts.step_rows import words_of
from ui.qt.parts.tips import plain_tip
from workbench.comparing import Change, Pair
from workbench.trajectory import Step

Index = QModelIndex | QPersistentModelIndex

CHANGE = Qt.ItemDataRole.UserRole
NUMBER = Qt.ItemDataRole.UserRole + 1

_SAID: dict[Change, str] = {
    "same": "the same on both sides",
    "changed": "differs",
    "left": "only on the left",
    "right": "only on the right",
}


class PairsModel(QAbstractTableModel):
    """One row per pair, the left step in the first column and the right one in the second."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pairs: Sequence[Pair] = ()
        self._sides: tuple[Sequence[Step], Sequence[Step]] = ((), ())

    def show_pairs(self, pairs: Sequence[Pair], left: Sequence[Step], right: Sequence[Step]) -> None:
        """Show these."""
        self.beginResetModel()
        self._pairs, self._sides = pairs, (left, right)
        self.endResetModel()

    def pair(self, row: int) -> Pair | None:
        """The pair of that row."""
        return self._pairs[row] if 0 <= row < len(self._pairs) else None

    def next_difference(self, row: int, way: int) -> int:
        """The nearest row in that direction whose sides differ; `row` itself where there is none."""
        rows = range(row + way, len(self._pairs) if way > 0 else -1, way)
        return next((each for each in rows if self._pairs[each].change != "same"), row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many pairs."""
        return 0 if parent.isValid() else len(self._pairs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Left and right."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown and said of one side of a pair."""
        if not index.isValid():
            return None
        pair = self._pairs[index.row()]
        number = (pair.left, pair.right)[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words_of(self._sides[index.column()][number - 1]) if number else ""
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._sentence(pair, index, number))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._sentence(pair, index, number)
            case _ if role == CHANGE:
                return pair.change
            case _ if role == NUMBER:
                return number
        return None

    def _sentence(self, pair: Pair, index: Index, number: int | None) -> str:
        what = f"{number}: {self.data(index)}" if number else "no step here"
        differs = f": {', '.join(pair.differs)}" if pair.differs else ""
        return f"{what} ({_SAID[pair.change]}{differs})"
