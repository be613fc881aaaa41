"""Fields for the values of variables, in the replay that leads up to a recording."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from workbench.trajectory import Variable


class ValueFields(QWidget):
    """A field for each variable; what is left empty is the default, where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._fields: dict[str, QLineEdit] = {}

    def show_variables(self, variables: Sequence[Variable]) -> None:
        """Ask for these; what was written for one of them before stays."""
        written = self.values
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self._fields = {variable.name: _field(variable, written.get(variable.name, "")) for variable in variables}
        for name, field in self._fields.items():
            self._rows.addRow(name, field)

    @property
    def values(self) -> dict[str, str]:
        """What was written, by the names of the variables."""
        return {name: field.text() for name, field in self._fields.items() if field.text()}


def _field(variable: Variable, written: str) -> QLineEdit:
    field = QLineEdit(written)
    field.setAccessibleName(f"Value of {variable.name}")
    field.setPlaceholderText("needed" if variable.default is None else variable.default)
    field.setToolTip(variable.description)
    return field
