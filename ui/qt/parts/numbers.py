"""Fields for numbers."""

from PySide6.QtWidgets import QAbstractSpinBox

from ui.qt.theme.colours import SPACE


def inset(box: QAbstractSpinBox) -> None:
    """Let a number stand as far from the edge as texts do; the style sheet cannot say that of spin boxes."""
    box.lineEdit().setTextMargins(SPACE, 0, 0, 0)
