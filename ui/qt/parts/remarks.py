"""What is to be known of an import or an export, one line each, in a window that can be read at leisure."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListView, QVBoxLayout, QWidget

from ui.qt.theme.colours import SPACE

_WIDTH_PX, _HEIGHT_PX = 640, 360


def show_remarks(parent: QWidget | None, heading: str, lines: Sequence[str]) -> None:
    """Open a window that lists them."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(heading)
    dialog.resize(_WIDTH_PX, _HEIGHT_PX)
    shown = QListView()
    shown.setAccessibleName(heading)
    shown.setModel(QStringListModel(list(lines), dialog))
    shown.setWordWrap(True)
    shown.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
    column.addWidget(shown)
    column.addWidget(buttons)
    dialog.open()
