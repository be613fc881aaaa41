"""The table of pairs: one row moves both sides, what differs has a colour and a sign."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.qt.comparing.pairs_model import CHANGE, NUMBER, PairsModel
from ui.qt.parts.quiet import quiet
from ui.qt.parts.step_rows import ROW_PAD_PX, row_size
from ui.qt.theme.colours import Colours
from ui.qt.theme.dressing import Dress
from workbench.comparing import Change

_PAD_PX = ROW_PAD_PX
_SIGNS: dict[Change, str] = {"same": "", "changed": "≠", "left": "−", "right": "+"}
_SOFT = 34
"""How strongly a row is tinted, of 255."""


def colour_of(change: Change, colours: Colours) -> str:
    """What differs is amber, what only the right has green, what only the left has red."""
    return {"same": colours.faint, "changed": colours.warning, "left": colours.bad, "right": colours.good}[change]


class PairsView(QTableView):
    """Emits `stepped` with the row that became current. N and P go to the next and the previous difference."""

    stepped = Signal(int)

    def __init__(self, pairs: PairsModel, dress: Dress) -> None:
        super().__init__()
        self._pairs = pairs
        self.setModel(pairs)
        self.setItemDelegate(PairDelegate(dress, self))
        quiet(self, "Steps side by side")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_size(self.font()).height())
        self.selectionModel().currentChanged.connect(lambda current, _before: self._stepped(current))
        dress.changed.connect(self.viewport().update)

    def go(self, row: int) -> None:
        """Make that row the current one."""
        if 0 <= row < self._pairs.rowCount():
            self.setCurrentIndex(self._pairs.index(row, 0))

    def to_difference(self, way: int) -> None:
        """Go to the nearest difference below, or with -1 above."""
        self.go(self._pairs.next_difference(self.currentIndex().row(), way))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K step, N and P go from difference to difference, Home and End to both ends."""
        row = self.currentIndex().row()
        match event.key():
            case Qt.Key.Key_J:
                self.go(row + 1)
            case Qt.Key.Key_K:
                self.go(row - 1)
            case Qt.Key.Key_N:
                self.to_difference(1)
            case Qt.Key.Key_P:
                self.to_difference(-1)
            case Qt.Key.Key_Home:
                self.go(0)
            case Qt.Key.Key_End:
                self.go(self._pairs.rowCount() - 1)
            case _:
                super().keyPressEvent(event)

    def _stepped(self, current: QModelIndex) -> None:
        if current.isValid():
            self.stepped.emit(current.row())


class PairDelegate(QStyledItemDelegate):
    """One side of a pair: sign, number and caption, tinted where the sides differ."""

    def __init__(self, dress: Dress, parent: QWidget) -> None:
        super().__init__(parent)
        self._dress = dress

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as the font asks for."""
        del index
        return row_size(option.font)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the side."""
        painter.save()
        colours = self._dress.colours
        change: Change = index.data(CHANGE)
        number = index.data(NUMBER)
        if change != "same":
            tint = QColor(colour_of(change, colours))
            tint.setAlpha(_SOFT if number else _SOFT // 3)
            painter.fillRect(option.rect, tint)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.accent_soft))
        if number:
            self._words(painter, option.rect.adjusted(_PAD_PX, 0, -_PAD_PX, 0), option, index)
        painter.restore()

    def _words(
        self,
        painter: QPainter,
        box: QRect,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colours, middle = self._dress.colours, Qt.AlignmentFlag.AlignVCenter
        wide = option.fontMetrics.horizontalAdvance("0000")
        change: Change = index.data(CHANGE)
        painter.setPen(QColor(colour_of(change, colours)))
        painter.drawText(QRect(box.x(), box.y(), wide // 2, box.height()), middle, _SIGNS[change])
        painter.setPen(QColor(colours.faint))
        place = QRect(box.x() + wide // 2, box.y(), wide, box.height())
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, str(index.data(NUMBER)))
        painter.setPen(QColor(colours.text))
        rest = box.adjusted(wide // 2 + wide + _PAD_PX, 0, 0, 0)
        words = option.fontMetrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, middle | Qt.TextFlag.TextSingleLine, words)
