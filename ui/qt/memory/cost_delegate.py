"""What a node of the memory costs, as a bar with a number."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.qt.memory.tree_model import SHARE, TOKENS
from ui.qt.theme.dressing import Dress

_BAR_PX = 4
_WIDTH_PX = 74


class CostDelegate(QStyledItemDelegate):
    """Paints the tokens of a row: the number, and below it the share of the budget."""

    def __init__(self, dress: Dress) -> None:
        super().__init__()
        self._dress = dress

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for five digits and the bar."""
        height = super().sizeHint(option, index).height()
        return QSize(_WIDTH_PX, max(height, option.fontMetrics.height() + 2 * _BAR_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The number to the right, the bar below."""
        tokens = index.data(TOKENS)
        if not tokens:
            return
        colours = self._dress.colours
        area = QRectF(option.rect).adjusted(6, 2, -6, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.faint))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, str(tokens))
        bar = QRectF(area.left(), area.bottom() - _BAR_PX, area.width(), _BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(QColor(colours.accent))
        bar.setWidth(max(2.0, bar.width() * float(index.data(SHARE) or 0.0)))
        painter.drawRoundedRect(bar, 2, 2)
        painter.restore()
