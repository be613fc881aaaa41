"""The steps of a recording as a list: a crop around the target, the caption, what was masked."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.qt.parts.pictures import Picture
from ui.qt.parts.step_rows import row_size
from ui.qt.parts.tips import plain_tip
from ui.qt.recording.crops import point_of
from ui.qt.theme.dressing import Dress
from workbench.actions import Note
from workbench.report.words import caption, sentence
from workbench.trajectory import Step

SHOWN_PX = QSize(128, 64)
_GAP_PX = 8
_RING_PX = 5

StepRole = Qt.ItemDataRole.UserRole
CropRole = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class StepModel(QAbstractListModel):
    """The steps; their crops are asked for when they are first painted and arrive later."""

    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[Step, ...] = ()
        self._crops: dict[str, Picture | None] = {}

    def show_steps(self, steps: tuple[Step, ...], *, afresh: bool) -> None:
        """Show these instead; `afresh` forgets the crops, because pictures were changed."""
        if steps == self.steps and not afresh:
            return
        self.beginResetModel()
        kept = set() if afresh else {_crop_key(step) for step in steps}
        self._crops = {key: crop for key, crop in self._crops.items() if key in kept}
        self.steps = steps
        self.endResetModel()

    def arrived(self, step: Step, crop: Picture | None) -> None:
        """The crop of a step is there, or it has none."""
        self._crops[_crop_key(step)] = crop
        for row, each in enumerate(self.steps):
            if each.id == step.id:
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = _TOP) -> int:
        """How many steps."""
        return 0 if parent.isValid() else len(self.steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a row, its step, its crop."""
        if not index.isValid() or index.row() >= len(self.steps):
            return None
        step = self.steps[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{index.row() + 1}. {_words(step)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(step.masked) or None
        if role == StepRole:
            return step
        return self._crop(step) if role == CropRole else None

    def _crop(self, step: Step) -> Picture | None:
        key = _crop_key(step)
        if key not in self._crops:
            self._crops[key] = None
            self.wanted.emit(step)
        return self._crops[key]


class StepDelegate(QStyledItemDelegate):
    """Paints a step: number, crop with the place marked, caption, and in another colour what was masked."""

    def __init__(self, dress: Dress, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dress = dress

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """As high as the crop or four lines, whichever is more."""
        lines = row_size(*[option.font] * 4, pad_px=_GAP_PX, least_px=320)
        return lines.expandedTo(SHOWN_PX + QSize(0, 2 * _GAP_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        colours = self._dress.colours
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(colours.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(colours.hover))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 4, 4)
        self._paint_parts(painter, area, index)
        painter.restore()

    def _paint_parts(self, painter: QPainter, area: QRect, index: Index) -> None:
        inner = area.adjusted(_GAP_PX, _GAP_PX, -_GAP_PX, -_GAP_PX)
        step: Step = index.data(StepRole)
        width_px = painter.fontMetrics().horizontalAdvance("000")
        number = QRect(inner.left(), inner.top(), width_px, inner.height())
        painter.setPen(QColor(self._dress.colours.faint))
        painter.drawText(number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(index.row() + 1))
        left_px = number.right() + 1 + _GAP_PX
        top_px = inner.top() + (inner.height() - SHOWN_PX.height()) // 2
        self._paint_crop(painter, QRect(QPoint(left_px, top_px), SHOWN_PX), step, index.data(CropRole))
        self._paint_words(painter, inner.adjusted(left_px - inner.left() + SHOWN_PX.width() + 12, 0, 0, 0), step)

    def _paint_crop(self, painter: QPainter, place: QRect, step: Step, crop: Picture | None) -> None:
        painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(place, 4, 4)
        painter.setClipPath(clip)
        painter.fillRect(place, QColor(self._dress.colours.sunken))
        if crop is not None:
            size = crop.image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            fitted = QRect(QPoint(), size)
            fitted.moveCenter(place.center())
            painter.drawImage(fitted, crop.image)
            self._paint_point(painter, place, step, crop)
        elif step.observation.frame is None:
            icon = self._dress.icon("note" if isinstance(step.action, Note) else "keyboard")
            square = QRect(0, 0, 24, 24)
            square.moveCenter(place.center())
            icon.paint(painter, square)
        painter.restore()
        painter.setPen(QPen(QColor(self._dress.colours.line), 1))
        painter.drawRoundedRect(place, 4, 4)

    def _paint_point(self, painter: QPainter, place: QRect, step: Step, crop: Picture) -> None:
        point = point_of(step)
        if point is None:
            return
        scale = place.width() / max(1, crop.image.width())
        x_px = place.left() + round((point.x - crop.origin.x) * scale)
        y_px = place.top() + round((point.y - crop.origin.y) * scale)
        painter.setPen(QPen(QColor(self._dress.colours.recording), 2))
        painter.drawEllipse(QPoint(x_px, y_px), _RING_PX, _RING_PX)

    def _paint_words(self, painter: QPainter, place: QRect, step: Step) -> None:
        colours = self._dress.colours
        wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        words = _words(step)
        if not step.masked:
            painter.setPen(QColor(colours.text))
            painter.drawText(place, wrap, _fitted(painter.fontMetrics(), place, words))
            return
        line_px = painter.fontMetrics().lineSpacing()
        upper, lower = place.adjusted(0, 0, 0, -line_px), QRect(place)
        lower.setTop(place.bottom() - line_px)
        painter.setPen(QColor(colours.text))
        painter.drawText(upper, wrap, _fitted(painter.fontMetrics(), upper, words))
        painter.setPen(QColor(colours.warning))
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        masked = painter.fontMetrics().elidedText(step.masked, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, masked)


def _words(step: Step) -> str:
    return sentence(caption(step)).rstrip(".")


def _fitted(metrics: QFontMetrics, place: QRect, words: str) -> str:
    """As many of the words as have room when they are wrapped."""
    wrap, shown = Qt.TextFlag.TextWordWrap.value, words
    while (
        " " in shown and metrics.boundingRect(QRect(0, 0, place.width(), 10_000), wrap, shown).height() > place.height()
    ):
        shown = shown.rstrip("…").rpartition(" ")[0] + "…"
    return shown


def _crop_key(step: Step) -> str:
    return f"{step.id} {step.observation.frame}"
