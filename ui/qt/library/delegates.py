"""Lines of the library as they are seen."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.qt.library import drawing, entries
from ui.qt.library.entries import Found
from ui.qt.library.models import ENTRY
from ui.qt.library.thumbnails import Thumbnails
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import Dress
from workbench.report.words import tidy

if TYPE_CHECKING:
    from workbench.library.records import Summary

_EDGE = 2 * SPACE
_SIDE_LETTERS = "100000 steps · 59 min 59 s"

Index = QModelIndex | QPersistentModelIndex


class EntryDelegate(QStyledItemDelegate):
    """A trajectory: its picture, title, task and badges; to the right how long and when."""

    def __init__(self, dress: Dress, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._dress, self._thumbnails = dress, thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """As high as the picture or three lines of text, whichever is more."""
        high = max(drawing.PICTURE.height(), 3 * _line_px(option.font) + 2 * SPACE)
        return QSize(400, high + 2 * SPACE + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the line."""
        entry: Summary = index.data(ENTRY)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        drawing.background(painter, option, self._dress.colours)
        inside = option.rect.adjusted(_EDGE + 2, SPACE + 2, -_EDGE, -SPACE - 2)
        self._picture(painter, inside, entry)
        texts = inside.adjusted(drawing.PICTURE.width() + _EDGE, 0, 0, 0)
        self._side(painter, texts, entry, option.font)
        side_px = QFontMetrics(option.font).horizontalAdvance(_SIDE_LETTERS)
        self._texts(painter, texts.adjusted(0, 0, -side_px, 0), entry, option.font)
        painter.restore()

    def _picture(self, painter: QPainter, inside: QRect, entry: "Summary") -> None:
        scale = painter.device().devicePixelRatioF()
        image = self._thumbnails.of(entry.cover, scale) if entry.cover else None
        top = inside.top() + (inside.height() - drawing.PICTURE.height()) // 2
        drawing.picture(painter, QRect(inside.left(), top, *drawing.PICTURE.toTuple()), image, self._dress.colours)

    def _texts(self, painter: QPainter, box: QRect, entry: "Summary", font: QFont) -> None:
        colours, high = self._dress.colours, _line_px(font)
        title, task = entries.title(entry), tidy(entry.task, 300) or "No task was written down"
        above = high // 2 if task == title else 0  # a run is called what its task says
        line = QRect(box.left(), box.top() + (box.height() - 3 * high - SPACE) // 2 + above, box.width(), high)
        drawing.words(painter, line, title, font=_heavy(font), colour=colours.text)
        if task != title:
            line.translate(0, high)
            drawing.words(painter, line, task, font=font, colour=colours.faint)
        line.translate(0, high + SPACE // 2)
        painter.setFont(_light(font))
        drawing.pills(painter, line.adjusted(0, 1, 0, 0), entries.badges(entry), entry.tags, colours)

    def _side(self, painter: QPainter, box: QRect, entry: "Summary", font: QFont) -> None:
        colours, high = self._dress.colours, _line_px(font)
        line = QRect(box.left(), box.top() + (box.height() - 3 * high - SPACE) // 2, box.width(), high)
        drawing.words_to_the_right(painter, line, entries.size(entry), font=font, colour=colours.text)
        line.translate(0, high)
        when = entries.when(entry.created, time.time())
        drawing.words_to_the_right(painter, line, when, font=font, colour=colours.faint)


class FoundDelegate(QStyledItemDelegate):
    """A line of a search: a trajectory's title, or a step of it with the text around the words."""

    def __init__(self, dress: Dress, parent: QObject) -> None:
        super().__init__(parent)
        self._dress = dress
        self.asked: tuple[str, ...] = ()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line; some more air above a trajectory."""
        found: Found = index.data(ENTRY)
        return QSize(400, _line_px(option.font) + (2 * SPACE if found.step is None else SPACE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the line."""
        found: Found = index.data(ENTRY)
        colours = self._dress.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawing.background(painter, option, colours)
        inside = option.rect.adjusted(_EDGE + 2, 0, -_EDGE, 0)
        if found.step is None:
            painter.setFont(_heavy(option.font))
            drawing.marked_words(painter, inside, found.title, self.asked, colours)
        else:
            number = QRect(inside)
            number.setWidth(QFontMetrics(option.font).horizontalAdvance("Step 100000") + _EDGE)
            drawing.words(painter, number, f"Step {found.step}", font=option.font, colour=colours.faint)
            painter.setFont(option.font)
            said = "  ·  ".join(filter(None, [found.description, found.snippet]))
            drawing.marked_words(painter, inside.adjusted(number.width(), 0, 0, 0), said, self.asked, colours)
        painter.restore()


def _line_px(font: QFont) -> int:
    return QFontMetrics(font).height() + 4


def _heavy(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _light(font: QFont) -> QFont:
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() - 1)
    return made
