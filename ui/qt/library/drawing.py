"""How the lines of the library are drawn: their measures come from the font, their colours from the look."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from ui.qt.library.entries import Badge, Tone
from ui.qt.theme.colours import RADIUS, SPACE, Colours

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURE = QSize(128, 80)
"""Where the small picture is drawn, in device-independent pixels."""

_PILL_PX = 8
"""What a pill has to the left and to the right of its word."""


def background(painter: QPainter, option: QStyleOptionViewItem, colours: Colours) -> None:
    """What lies behind a line: chosen, under the pointer, or nothing; a frame where the keyboard is."""
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    box = QRectF(option.rect).adjusted(SPACE, 1, -SPACE, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if chosen or hovered:
        painter.setBrush(QColor(colours.accent_soft if chosen else colours.hover))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.accent), 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def picture(painter: QPainter, box: QRect, image: QImage | None, colours: Colours) -> None:
    """The small picture, as much of it as fits the box without bending it, or the empty box."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(box), RADIUS, RADIUS)
    painter.fillPath(path, QColor(colours.sunken))
    if image is not None:
        painter.save()
        painter.setClipPath(path)
        painter.drawImage(box, image, _middle(image, box))
        painter.restore()
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def words(painter: QPainter, box: QRect, text: str, *, font: QFont, colour: str) -> None:
    """One line of text, cut with an ellipsis where it is too long, from the left."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(
        box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown
    )


def words_to_the_right(painter: QPainter, box: QRect, text: str, *, font: QFont, colour: str) -> None:
    """One short line of text that ends at the right edge."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def pills(painter: QPainter, box: QRect, badges: Sequence[Badge], tags: Sequence[str], colours: Colours) -> None:
    """Badges filled, tags outlined, as many as fit."""
    font = painter.font()
    left = box.left()
    shown = [(badge.text, badge.tone, True) for badge in badges] + [(tag, "plain", False) for tag in tags]
    for text, tone, filled in shown:
        width = QFontMetrics(font).horizontalAdvance(text) + 2 * _PILL_PX
        if left + width > box.right():
            break
        place = QRectF(left, box.top(), width, box.height()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen if filled else QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.hover) if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setPen(QColor(tone_colour(tone, colours)))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        left += width + SPACE - 2


def tone_colour(tone: Tone, colours: Colours) -> str:
    """The colour of a badge's word."""
    return {
        "plain": colours.faint,
        "good": colours.good,
        "warning": colours.warning,
        "bad": colours.bad,
        "recording": colours.recording,
    }[tone]


def marked_words(painter: QPainter, box: QRect, text: str, asked: Sequence[str], colours: Colours) -> None:
    """One line of text in which the words that were searched for stand out."""
    font = painter.font()
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    layout = QTextLayout(shown, font)
    bold = QTextCharFormat()
    bold.setFontWeight(QFont.Weight.DemiBold)
    bold.setForeground(QColor(colours.accent))
    layout.setFormats(list(_ranges(shown, asked, bold)))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    painter.setPen(QColor(colours.text))
    layout.draw(painter, QPointF(box.left(), box.top() + (box.height() - metrics.height()) / 2))


def _ranges(text: str, asked: Sequence[str], style: QTextCharFormat) -> "Iterator[QTextLayout.FormatRange]":
    """Where the words begin a word of the text; Qt counts in UTF-16 units."""
    lower = text.lower()
    if len(lower) != len(text):
        return
    for word in asked:
        at = lower.find(word)
        while at >= 0:
            if at == 0 or not lower[at - 1].isalnum():
                found = QTextLayout.FormatRange()
                found.start, found.length = _units(text[:at]), _units(word)
                found.format = style
                yield found
            at = lower.find(word, at + len(word))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _middle(image: QImage, box: QRect) -> QRect:
    """The part of the image that has the box's shape: its full width from the top, or its middle."""
    height = round(image.width() * box.height() / box.width())
    if height <= image.height():
        return QRect(0, 0, image.width(), height)
    width = round(image.height() * box.width() / box.height())
    return QRect((image.width() - width) // 2, 0, width, image.height())
