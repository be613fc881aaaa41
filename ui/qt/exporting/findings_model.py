"""Findings of the leak scan as rows of a table, each with what is done about it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from ui.orders.exporting import Decisions
from ui.qt.parts.tips import plain_tip
from workbench.report.words import tidy

if TYPE_CHECKING:
    from workbench.library.leaks.leak import Leak

Index = QModelIndex | QPersistentModelIndex
Decision = Literal["", "mask", "accept"]

WHAT, SHOWN, WHERE, DECISION = 0, 1, 2, 3
HEADINGS = ("What", "As it is seen", "Where", "What to do")
_DECIDED: dict[Decision, str] = {"": "not decided", "mask": "mask it", "accept": "let it leave"}


class FindingsModel(QAbstractTableModel):
    """One row for each finding; what is decided of it is in the last column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._leaks: tuple[Leak, ...] = ()
        self._decided: list[Decision] = []
        self._crops: dict[int, QImage] = {}

    def show_leaks(self, leaks: "Sequence[Leak]") -> None:
        """Show these, none of them decided."""
        self.beginResetModel()
        self._leaks, self._crops = tuple(leaks), {}
        self._decided = [""] * len(self._leaks)
        self.endResetModel()

    def show_crop(self, row: int, crop: QImage) -> None:
        """Show the part of a picture in which the finding of that row is."""
        self._crops[row] = crop
        self._changed([row])

    def decide(self, rows: Sequence[int], decision: Decision) -> None:
        """Do that about these."""
        for row in rows:
            self._decided[row] = decision
        self._changed(rows)

    @property
    def leaks(self) -> "tuple[Leak, ...]":
        """The findings, by their rows."""
        return self._leaks

    @property
    def undecided(self) -> int:
        """How many are not decided yet."""
        return self._decided.count("")

    @property
    def decisions(self) -> Decisions:
        """What was decided."""
        pairs = list(zip(self._leaks, self._decided, strict=True))
        masked = frozenset(leak.id for leak, decided in pairs if decided == "mask")
        return Decisions("refuse", masked, frozenset(leak.id for leak, decided in pairs if decided == "accept"))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many findings."""
        return 0 if parent.isValid() else len(self._leaks)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """What it is, how it is seen, where, and what is done."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """The headings of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown of a finding."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        crop = self._crops.get(row) if column == SHOWN else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return "" if crop is not None else self._words(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._words(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._words(row, column))
            case Qt.ItemDataRole.DecorationRole if crop is not None:
                return crop
        return None

    def _words(self, row: int, column: int) -> str:
        leak = self._leaks[row]
        return {WHAT: leak.name, SHOWN: tidy(leak.excerpt, 60), WHERE: _begun(leak.within)}.get(
            column, _DECIDED[self._decided[row]]
        )

    def _changed(self, rows: Sequence[int]) -> None:
        for row in rows:
            self.dataChanged.emit(self.index(row, 0), self.index(row, DECISION))


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
