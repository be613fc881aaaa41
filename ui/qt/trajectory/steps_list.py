"""The list of steps: painted by hand, so that thousands cost no more than those in sight."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.qt.parts.step_rows import ROW_PAD_PX, icon_of, row_size
from ui.qt.theme.dressing import Dress
from ui.qt.theme.icons import icon
from ui.qt.trajectory.steps_model import CHAPTER, NUMBER, STEP, StepsModel, warnings_of
from workbench.trajectory import Step

_PAD_PX = ROW_PAD_PX
_ICON_PX = 16

_KEYS = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}


class StepsList(QListView):
    """The steps, one of them current. `stepped` has its number from 1."""

    stepped = Signal(int)

    def __init__(self, model: StepsModel, dress: Dress) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(StepDelegate(dress, self))
        self.setAccessibleName("Steps")
        self.setToolTip("")
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._current_changed)
        dress.changed.connect(self.viewport().update)

    @property
    def number(self) -> int:
        """The current step's number; 0 where there is none."""
        return self.currentIndex().row() + 1

    @property
    def chosen(self) -> set[int]:
        """The numbers of all steps that are selected."""
        return {index.row() + 1 for index in self.selectionModel().selectedIndexes()}

    def go(self, number: int) -> None:
        """Make that step the current and only selected one, as near as there is one."""
        count = self.model().rowCount()
        index = self.model().index(min(max(number, 1), count) - 1, 0)
        if count and index != self.currentIndex():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K step as Down and Up do."""
        way = _KEYS.get(Qt.Key(event.key())) if not event.modifiers() else None
        if way is not None:
            self.go(self.number + way)
        else:
            super().keyPressEvent(event)

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.stepped.emit(current.row() + 1)


class StepDelegate(QStyledItemDelegate):
    """Number, icon, caption and warnings of a step on one line; a note as the head of what follows."""

    def __init__(self, dress: Dress, parent: QListView) -> None:
        super().__init__(parent)
        self._dress = dress
        self._icons: dict[tuple[str, str, float], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as the font asks for, whatever the scale."""
        del index
        return row_size(option.font)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row."""
        painter.save()
        colours = self._dress.colours
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(colours.accent_soft if chosen else colours.hover))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), QColor(colours.accent))
        box = option.rect.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        step: Step = index.data(STEP)
        box = self._number(painter, box, option, index)
        box = self._signs(painter, box, step)
        self._words(painter, box, option, index)
        painter.restore()

    def _number(
        self,
        painter: QPainter,
        box: QRect,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QRect:
        width = option.fontMetrics.horizontalAdvance("0" * max(2, len(str(index.model().rowCount()))))
        painter.setPen(QColor(self._dress.colours.faint))
        place = QRect(box.x(), box.y(), width, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(index.data(NUMBER)))
        return box.adjusted(width + _PAD_PX, 0, 0, 0)

    def _signs(self, painter: QPainter, box: QRect, step: Step) -> QRect:
        """The icon to the left, warnings to the right; what is left between them."""
        colours = self._dress.colours
        top = box.center().y() - _ICON_PX // 2 + 1
        painter.drawPixmap(box.x(), top, self._icon(painter, icon_of(step), colours.faint))
        right = box.right() + 1
        for name, _ in warnings_of(step):
            right -= _ICON_PX
            painter.drawPixmap(right, top, self._icon(painter, name, colours.warning))
            right -= _PAD_PX // 2
        return QRect(box.x() + _ICON_PX + _PAD_PX, box.y(), right - box.x() - _ICON_PX - _PAD_PX, box.height())

    def _icon(self, painter: QPainter, name: str, colour: str) -> QPixmap:
        """Drawings are made once for each scale, not at every paint."""
        ratio = painter.device().devicePixelRatioF()
        if (name, colour, ratio) not in self._icons:
            self._icons[name, colour, ratio] = icon(name, colour).pixmap(QSize(_ICON_PX, _ICON_PX), ratio)
        return self._icons[name, colour, ratio]

    def _words(
        self,
        painter: QPainter,
        box: QRect,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        font = option.font
        font.setBold(bool(index.data(CHAPTER)))
        painter.setFont(font)
        painter.setPen(QColor(self._dress.colours.text))
        words = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
