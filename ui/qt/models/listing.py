"""The list of models, and how its lines look."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.orders.model_facts import Facts
from ui.qt.theme.colours import RADIUS, SPACE
from ui.qt.theme.dressing import Dress

Index = QModelIndex | QPersistentModelIndex

FACTS = int(Qt.ItemDataRole.UserRole)

_NOWHERE = QModelIndex()


class ModelsList(QAbstractListModel):
    """The models in the order in which they were found."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[Facts, ...] = ()

    def show(self, rows: Sequence[Facts]) -> None:
        """Show these in place of what was shown."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def place_of(self, name: str) -> int:
        """The row of the model of that name; -1 where there is none."""
        return next((row for row, each in enumerate(self._rows) if each.name == name), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many models there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The facts for the delegate; name and kind for everybody else."""
        if not index.isValid():
            return None
        facts = self._rows[index.row()]
        if role == FACTS:
            return facts
        if role == Qt.ItemDataRole.DisplayRole:
            return facts.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{facts.name}, {second_line(facts)}"
        return None


class ModelDelegate(QStyledItemDelegate):
    """A model's name, and below it what it is."""

    def __init__(self, dress: Dress, parent: QObject) -> None:
        super().__init__(parent)
        self._dress = dress

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Two lines of text with air around them."""
        return QSize(180, 2 * QFontMetrics(option.font).height() + 3 * SPACE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the line."""
        facts: Facts = index.data(FACTS)
        colours = self._dress.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option)
        box = option.rect.adjusted(SPACE + SPACE // 2, SPACE, -SPACE, -SPACE)
        high = QFontMetrics(option.font).height() + SPACE // 2
        heavy = QFont(option.font)
        heavy.setWeight(QFont.Weight.DemiBold)
        _words(painter, QRect(box.left(), box.top(), box.width(), high), facts.name, (heavy, colours.text))
        colour = colours.bad if facts.trouble else colours.faint
        below = QRect(box.left(), box.top() + high, box.width(), high)
        _words(painter, below, second_line(facts), (option.font, colour))
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        colours = self._dress.colours
        state = QStyle.StateFlag
        chosen = option.state & state.State_Selected
        if not chosen and not option.state & state.State_MouseOver:
            return
        painter.setBrush(QColor(colours.accent_soft if chosen else colours.hover))
        focused = chosen and option.state & state.State_HasFocus
        painter.setPen(QColor(colours.accent) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), RADIUS, RADIUS)


def second_line(facts: Facts) -> str:
    """What a model is, in a few words."""
    if facts.trouble:
        return "Its files cannot be used"
    if facts.comes_along:
        return "Comes with the program"
    told = dict(facts.lines)
    roles = "" if told.get("Roles") == "none" else told.get("Roles")
    sight = "takes pictures" if facts.sees else "reads text only"
    return " · ".join(filter(None, [told.get("Size", "behind a server"), sight, roles]))


def _words(painter: QPainter, box: QRect, text: str, dress: tuple[QFont, str]) -> None:
    font, colour = dress
    painter.setFont(font)
    painter.setPen(QColor(colour))
    cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), cut)
