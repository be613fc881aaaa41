"""Pages of the inspector that only show: the element's tree, what the witnesses know, the history."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QLabel,
    QListView,
    QScrollArea,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ui.qt.core import Core
from ui.qt.parts.pictures import Picture
from ui.qt.parts.tips import plain_tip
from ui.qt.theme.dressing import Dress, look
from ui.qt.trajectory.edited import Line
from ui.qt.trajectory.event_rows import is_hidden
from ui.qt.trajectory.facts import Branch, Fact, Knows, tree_of, witnesses_of
from workbench.errors import WorkbenchError
from workbench.report.words import tidy
from workbench.trajectory import CropWitness, Step

Index = QModelIndex | QPersistentModelIndex

_CROP_PX = QSize(280, 120)
_NAMES_PX = 76


def words_label(text: str, kind: str = "") -> QLabel:
    """A label for words that came from a screen or a recording: plain, wrapped and selectable."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if kind:
        look(label, kind)
    return label


def facts_grid(facts: Sequence[Fact]) -> QGridLayout:
    """Names to the left, words to the right."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, _NAMES_PX)
    grid.setColumnStretch(1, 1)
    for row, fact in enumerate(facts):
        name = QLabel(fact.name, alignment=Qt.AlignmentFlag.AlignTop)
        look(name, "faint")
        grid.addWidget(name, row, 0)
        grid.addWidget(words_label(fact.words), row, 1)
    return grid


class Leaf(QScrollArea):
    """A page that is made anew for each step: `column` takes what belongs on it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        look(self, "read")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column = QVBoxLayout()
        self.clear()

    def clear(self) -> None:
        """Begin with an empty page."""
        page = QWidget()
        around = QVBoxLayout(page)
        around.setContentsMargins(16, 12, 16, 16)
        self.column = QVBoxLayout()
        self.column.setSpacing(8)
        around.addLayout(self.column)
        around.addStretch(1)  # an alignment to the top would cut wrapped words off
        self.setWidget(page)


class WitnessesPage(Leaf):
    """Each witness and what it knows."""

    def __init__(self, core: Core) -> None:
        super().__init__("Witnesses")
        self._core = core
        self._step: Step | None = None
        self._made = 0

    def show_step(self, step: Step | None) -> None:
        """Show those of this step."""
        if step == self._step and self._made:
            return
        self._step = step
        self._made += 1
        self.clear()
        known = witnesses_of(step) if step else ()
        for witness in known:
            self._add(witness)
        if not known:
            self.column.addWidget(words_label("This step acts on no place, so it needs no witness of one.", "faint"))

    def _add(self, witness: Knows) -> None:
        heading = QLabel(witness.name)
        look(heading, "heading")
        self.column.addWidget(heading)
        if witness.crop is not None:
            self.column.addWidget(self._crop(witness.crop))
        self.column.addLayout(facts_grid(witness.facts))
        self.column.addSpacing(8)

    def _crop(self, crop: CropWitness) -> QLabel:
        label = QLabel("reading …")
        label.setAccessibleName("What the place looked like")
        look(label, "faint")
        of = self._made

        def arrived(picture: Picture) -> None:
            if self._made == of:
                label.setPixmap(_cut(picture, crop, self.devicePixelRatioF()))

        def lost(error: WorkbenchError) -> None:
            if self._made == of:
                label.setText(str(error))
                label.setWordWrap(True)

        self._core.pictures.ask(crop.frame, arrived, failed=lost)
        return label


class ElementPage(QStackedWidget):
    """The accessible element as a tree: from the application down to it, and what it is."""

    def __init__(self) -> None:
        super().__init__()
        self._model = QStandardItemModel(self)
        self.tree = QTreeView()
        self.tree.setModel(self._model)
        self.tree.setAccessibleName("Element")
        self.tree.setHeaderHidden(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        none = Leaf("Element")
        none.column.addWidget(
            words_label("No accessible element is known of this step; its place is known by picture and text.", "faint")
        )
        self.addWidget(none)
        self.addWidget(self.tree)

    def show_step(self, step: Step | None) -> None:
        """Show the element of this step: its target, else the field that had the focus."""
        element = (step.target.element if step.target else None) if step else None
        element = element or (step.observation.focused if step else None)
        self._model.clear()
        if element is None or step is None:
            self.setCurrentIndex(0)
            return
        self._model.appendRow(_item(tree_of(element, hidden=is_hidden(step))))
        self.tree.expandAll()
        self.setCurrentIndex(1)


class HistoryModel(QAbstractListModel):
    """The revisions, newest first; the one shown is bold, undone ones are faint.

    What an import left out or mended stands below the revision that it made, a row for each.
    """

    def __init__(self, dress: Dress, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dress = dress
        self._rows: tuple[tuple[Line, str], ...] = ()
        self._shown = 0

    def show_lines(self, lines: Sequence[Line], shown: int) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = tuple((each, words) for each in reversed(lines) for words in ("", *each.note.splitlines()[1:]))
        self._shown = shown
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many revisions and remarks."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown of a revision."""
        if not index.isValid():
            return None
        line, remark = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"      {tidy(remark, 200)}" if remark else _said(line, self._shown)
            case Qt.ItemDataRole.ToolTipRole if remark:
                return plain_tip(remark)
            case Qt.ItemDataRole.FontRole if line.number == self._shown and not remark:
                font = QFont()
                font.setBold(True)
                return font
            case Qt.ItemDataRole.ForegroundRole if line.lost:
                return QColor(self._dress.colours.faint)
        return None


class HistoryPage(QListView):
    """Every revision, undone ones included."""

    def __init__(self, dress: Dress) -> None:
        super().__init__()
        self.setAccessibleName("History")
        self.lines = HistoryModel(dress, self)
        self.setModel(self.lines)
        self.setUniformItemSizes(True)
        self.setViewportMargins(8, 8, 8, 8)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)


def _said(line: Line, shown: int) -> str:
    from time import localtime, strftime

    when = strftime("%d %b %H:%M", localtime(line.saved))
    what = tidy(line.note.partition("\n")[0], 120) or ("recorded" if not line.parent else "changed")
    state = "  · shown" if line.number == shown else "  · undone" if line.lost else ""
    return f"{line.number}  {what}  · {when}{state}"


def _item(branch: Branch) -> QStandardItem:
    item = QStandardItem(branch.words)
    for below in branch.below:
        item.appendRow(_item(below))
    return item


def _cut(picture: Picture, crop: CropWitness, ratio: float) -> QPixmap:
    place = crop.region.offset(-picture.origin.x, -picture.origin.y)
    made = QPixmap.fromImage(picture.image.copy(place.x, place.y, place.width, place.height))
    if made.width() > _CROP_PX.width() * ratio or made.height() > _CROP_PX.height() * ratio:
        mode = Qt.TransformationMode.SmoothTransformation
        made = made.scaled(_CROP_PX * ratio, Qt.AspectRatioMode.KeepAspectRatio, mode)
    return made
