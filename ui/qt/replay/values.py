"""The variables of a trajectory with their values, and the secrets that it types by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QPalette

from ui.qt.parts.tips import plain_tip
from workbench.trajectory import Variable

Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("Name", "Recorded", "Value")
VALUE = 2


class ValuesModel(QAbstractTableModel):
    """One row per variable; only the value can be edited, and an empty one stands for what was recorded."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._variables: tuple[Variable, ...] = ()
        self._given: dict[str, str] = {}

    def show_variables(self, variables: Sequence[Variable]) -> None:
        """Show other variables, none of which is given a value."""
        self.beginResetModel()
        self._variables, self._given = tuple(variables), {}
        self.endResetModel()

    @property
    def values(self) -> Mapping[str, str]:
        """Those that were given a value here."""
        return dict(self._given)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many variables there are."""
        return 0 if parent.isValid() else len(self._variables)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Name, recorded value, value of this run."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns."""
        across = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return COLUMNS[section] if across and section < len(COLUMNS) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell, and what it is for."""
        if not index.isValid():
            return None
        variable = self._variables[index.row()]
        match role:
            case Qt.ItemDataRole.EditRole if index.column() == VALUE:
                return self._given.get(variable.name, "")
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return (variable.name, variable.default or "–", self._shown(variable))[index.column()]
            case Qt.ItemDataRole.ForegroundRole if index.column() == VALUE and variable.name not in self._given:
                return QGuiApplication.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(variable.description) or None
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == VALUE:
                return f"Value of {variable.name}: {self._shown(variable)}"
        return None

    def _shown(self, variable: Variable) -> str:
        """The value, or what happens without one."""
        usual = "needed" if variable.default is None else "same"
        return self._given.get(variable.name, usual)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The last column can be edited."""
        base = super().flags(index)
        return base | Qt.ItemFlag.ItemIsEditable if index.column() == VALUE else base

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Give a value, or with an empty text none."""
        if role != Qt.ItemDataRole.EditRole or index.column() != VALUE:
            return False
        name = self._variables[index.row()].name
        if value:
            self._given[name] = str(value)
        else:
            self._given.pop(name, None)
        self.dataChanged.emit(index, index)
        return True
