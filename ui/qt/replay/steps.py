"""The steps of a replay as a list with a gutter: breakpoints, which step is up, and how each one went."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.qt.parts.step_rows import ROW_LEAST_PX, row_size
from ui.qt.parts.tips import plain_tip
from ui.qt.replay.progress import NOTHING, Mood, Progress
from ui.qt.theme.colours import Colours
from ui.qt.theme.dressing import Dress
from workbench.report.words import caption, sentence, tidy
from workbench.trajectory import Step

Index = QModelIndex | QPersistentModelIndex

NUMBER = Qt.ItemDataRole.UserRole
SECOND = Qt.ItemDataRole.UserRole + 1
MOOD = Qt.ItemDataRole.UserRole + 2
BREAK = Qt.ItemDataRole.UserRole + 3
CURRENT = Qt.ItemDataRole.UserRole + 4

GUTTER_PX = 26
_PAD_PX = 6


class StepsModel(QAbstractListModel):
    """One row per step; the number of a step is that of its row, from 1."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._progress = Progress()
        self._breaks: frozenset[int] = frozenset()
        self._current = 0

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps, of which nothing is known yet."""
        self.beginResetModel()
        self._steps, self._progress, self._current = tuple(steps), Progress(), 0
        self.endResetModel()

    def show_progress(self, progress: Progress, *, changed: int) -> None:
        """Show how far the run has come; only the step of that number is another since, with 0 any may be."""
        numbers = {changed, self._current, progress.current}
        self._progress, self._current = progress, progress.current
        if changed:
            self._repaint(numbers)
        elif self._steps:
            self.dataChanged.emit(self.index(0), self.index(len(self._steps) - 1))

    def show_breaks(self, breaks: frozenset[int]) -> None:
        """Show these breakpoints."""
        changed = self._breaks ^ breaks
        self._breaks = breaks
        self._repaint(changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many steps there are."""
        return 0 if parent.isValid() else len(self._steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown and said of a step."""
        if not index.isValid() or index.row() >= len(self._steps):
            return None
        number = index.row() + 1
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return sentence(caption(self._steps[index.row()])).rstrip(".")
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(sentence(caption(self._steps[index.row()])))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._said(number)
            case _ if role == NUMBER:
                return number
            case _ if role == SECOND:
                return self._second(number)
            case _ if role == MOOD:
                return self._progress.of(number).mood
            case _ if role == BREAK:
                return number in self._breaks
            case _ if role == CURRENT:
                return number == self._progress.current
        return None

    def _second(self, number: int) -> str:
        progress = self._progress.of(number)
        if number == self._progress.current and progress is NOTHING:
            return "next"
        return progress.words or _app(self._steps[number - 1])

    def _said(self, number: int) -> str:
        step = self._steps[number - 1]
        parts = [f"Step {number}: {caption(step)}", self._second(number)]
        parts += ["breakpoint"] * (number in self._breaks) + ["current step"] * (number == self._progress.current)
        return ", ".join(part for part in parts if part)

    def _repaint(self, numbers: Iterable[int]) -> None:
        """Say one by one which rows are others: the view lays all rows out anew for a range."""
        for number in numbers:
            if 1 <= number <= len(self._steps):
                index = self.index(number - 1)
                self.dataChanged.emit(index, index)


class StepsView(QListView):
    """The list; a click into the gutter, or F9 on a step, emits `break_wanted` with the step's number.

    `chosen` has the number of the step that is looked at.
    """

    break_wanted = Signal(int)
    chosen = Signal(int)

    def __init__(self, dress: Dress, model: StepsModel) -> None:
        super().__init__()
        self.setAccessibleName("Steps of the replay")
        self.setModel(model)
        self.setItemDelegate(_Delegate(dress, self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMinimumWidth(220)
        self.selectionModel().currentChanged.connect(lambda now, _: self.chosen.emit(now.row() + 1))
        dress.changed.connect(self.viewport().update)

    @property
    def number(self) -> int:
        """The number of the step that is looked at; 0 is none."""
        return self.currentIndex().row() + 1

    def choose(self, number: int) -> None:
        """Look at the step with that number."""
        index = self.model().index(number - 1, 0)
        if index.isValid() and index != self.currentIndex():
            self.setCurrentIndex(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Toggle the breakpoint where the gutter was hit; choose the step otherwise."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        if index.isValid() and place.x() < GUTTER_PX and event.button() == Qt.MouseButton.LeftButton:
            self.break_wanted.emit(index.row() + 1)
            event.accept()
            return
        super().mousePressEvent(event)


class _Delegate(QStyledItemDelegate):
    """Paints gutter, number, what the step does, and below how it went."""

    def __init__(self, dress: Dress, parent: QWidget) -> None:
        super().__init__(parent)
        self._dress = dress

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - all rows are alike
        """Two lines of text, and room around them."""
        return row_size(option.font, _small(option.font), pad_px=_PAD_PX, least_px=GUTTER_PX + ROW_LEAST_PX)

    def helpEvent(self, event: Any, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The gutter says what a click there does."""
        if event.type() == QEvent.Type.ToolTip and event.pos().x() < GUTTER_PX:
            from PySide6.QtWidgets import QToolTip

            QToolTip.showText(event.globalPos(), "Breakpoint (F9)", view)
            return True
        return super().helpEvent(event, view, option, index)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row in the colours of now."""
        colours, row = self._dress.colours, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option, colours)
        gutter = QRect(row.left(), row.top(), GUTTER_PX, row.height())
        _draw_gutter(painter, gutter, index, colours)
        text = row.adjusted(GUTTER_PX, _PAD_PX, -8, -_PAD_PX)
        _draw_text(painter, text, option.font, index, colours)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, colours: Colours) -> None:
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(colours.hover))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()), _pen(colours))


def mood_colour(mood: Mood, colours: Colours) -> str:
    """The colour for how something went."""
    by_mood = {"now": colours.accent, "good": colours.good, "warning": colours.warning, "bad": colours.bad}
    return by_mood.get(mood, colours.faint)


def _draw_gutter(painter: QPainter, gutter: QRect, index: Index, colours: Colours) -> None:
    centre = QPointF(gutter.center()) + QPointF(1, 0)
    painter.setPen(Qt.PenStyle.NoPen)
    if index.data(BREAK):
        painter.setBrush(QColor(colours.recording))
        painter.drawEllipse(centre, 6, 6)
    if index.data(CURRENT):
        painter.setBrush(QColor("white" if index.data(BREAK) else colours.accent))
        size = 3.0 if index.data(BREAK) else 5.0
        arrow = [QPointF(-size * 0.7, -size), QPointF(size, 0), QPointF(-size * 0.7, size)]
        painter.drawPolygon(QPolygonF([centre + point for point in arrow]))


def _draw_text(painter: QPainter, area: QRect, font: QFont, index: Index, colours: Colours) -> None:
    number, metrics = f"{index.data(NUMBER)}", QFontMetrics(font)
    wide = max(metrics.horizontalAdvance("00"), metrics.horizontalAdvance(number))
    painter.setFont(font)
    painter.setPen(QColor(colours.faint))
    top = QRect(area.left(), area.top(), wide, metrics.height())
    painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
    rest = area.adjusted(wide + 8, 0, 0, 0)
    first = QRect(rest.left(), rest.top(), rest.width(), metrics.height())
    painter.setPen(QColor(colours.text))
    words = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, first.width())
    painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, words)
    small = _small(font)
    metrics = QFontMetrics(small)
    second = QRect(rest.left(), first.bottom() + 1, rest.width(), metrics.height())
    painter.setFont(small)
    painter.setPen(QColor(mood_colour(index.data(MOOD), colours)))
    words = metrics.elidedText(str(index.data(SECOND)), Qt.TextElideMode.ElideRight, second.width())
    painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, words)


def _small(font: QFont) -> QFont:
    made = QFont(font)
    made.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
    return made


def _pen(colours: Colours) -> QColor:
    return QColor(colours.accent)


def _app(step: Step) -> str:
    window = (step.target.window if step.target else None) or step.observation.window
    return tidy(window.app) if window else ""


__all__ = ["GUTTER_PX", "StepsModel", "StepsView", "mood_colour"]
