"""How tables look here: no grid, no heads of rows, the heads of columns to the left and as plain as their texts."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView


def quiet(table: QTableView, name: str) -> None:
    """Make the table look so, call it that for those who do not see it, and let Tab lead on to what comes behind it."""
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    across = table.horizontalHeader()
    across.setHighlightSections(False)
    across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
