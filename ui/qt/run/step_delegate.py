"""How a step looks in the list: its number, what it does, why, and how far it is."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.qt.parts.step_rows import row_size
from ui.qt.run.steps import STORY, status_of
from ui.qt.theme.dressing import Dress
from workbench.report.story import StepStory
from workbench.report.words import caption, tidy

_INSET = 10
_LONGEST = 200


class StepDelegate(QStyledItemDelegate):
    """Paints two lines per step; nothing is measured but the font, so that long lists stay fluid."""

    def __init__(self, dress: Dress) -> None:
        super().__init__()
        self._dress = dress

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines and some air."""
        return row_size(option.font, option.font, pad_px=_INSET)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The caption with the status, and the thought below."""
        story = index.data(STORY)
        if not isinstance(story, StepStory):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_back(painter, option)
        area = QRectF(option.rect).adjusted(_INSET, _INSET - 2, -_INSET, -_INSET + 2)
        self._paint_words(painter, area, story, font=option.font)
        painter.restore()

    def _paint_back(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        colours, area = self._dress.colours, QRectF(option.rect).adjusted(3, 2, -3, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QColor(colours.accent) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent_soft if chosen else colours.hover if hovered else colours.raised))
        painter.drawRoundedRect(area, 6, 6)

    def _paint_words(self, painter: QPainter, area: QRectF, story: StepStory, *, font: QFont) -> None:
        colours = self._dress.colours
        height = QFontMetrics(font).height()
        first = QRectF(area.left(), area.top(), area.width(), height)
        second = QRectF(area.left(), area.top() + height + 3, area.width(), height)
        status = status_of(story)
        taken = self._text(painter, first, status, colour=self._colour(story), to_right=True)
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        words = f"{story.index}  {caption(story.step)}"
        self._text(painter, first.adjusted(0, 0, -taken - 10, 0), words, colour=colours.text)
        painter.setFont(font)
        why = tidy(story.proposed.why or story.step.thought, _LONGEST)
        self._text(painter, second, why, colour=colours.faint)

    def _text(self, painter: QPainter, area: QRectF, words: str, *, colour: str, to_right: bool = False) -> float:
        """Draw the words as far as there is room; the width that they took."""
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.setPen(QColor(colour))
        side = Qt.AlignmentFlag.AlignRight if to_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return float(metrics.horizontalAdvance(shown))

    def _colour(self, story: StepStory) -> str:
        colours = self._dress.colours
        if story.ended is None:
            return colours.accent
        by_status = {"done": colours.good, "repaired": colours.good, "failed": colours.bad, "skipped": colours.warning}
        return by_status.get(story.ended.status, colours.faint)
