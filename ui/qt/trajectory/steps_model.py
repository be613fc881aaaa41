"""The steps of a trajectory as Qt lists them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.qt.parts.step_rows import words_of
from ui.qt.parts.tips import plain_tip
from workbench.actions import Note, TypeText
from workbench.report.words import caption, describe_target, sentence, tidy
from workbench.trajectory import Step

Index = QModelIndex | QPersistentModelIndex

STEP = Qt.ItemDataRole.UserRole
NUMBER = Qt.ItemDataRole.UserRole + 1
CHAPTER = Qt.ItemDataRole.UserRole + 2
"""Whether the step is a note, which heads the steps that follow."""

ROWS = "application/x-workbench-step"


def warnings_of(step: Step) -> tuple[tuple[str, str], ...]:
    """What to know of the step at a glance: an icon and a few words for each."""
    found = []
    if isinstance(step.action, TypeText) and step.action.secret:
        found.append(("lock", f"types the secret “{tidy(step.action.secret)}”"))
    elif step.masked:
        found.append(("shield", f"left out: {tidy(step.masked)}"))
    if step.by_program:
        found.append(("run", "done by a program, not by hand"))
    if step.recorded_in:
        found.append(("record", "recorded again"))
    return tuple(found)


class StepsModel(QAbstractListModel):
    """One row per step. Dropping a row elsewhere emits `moved` with both numbers; the model waits to be told."""

    moved = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps; where as many stay, the rows stay and are only painted anew."""
        new = tuple(steps)
        if len(new) != len(self._steps):
            self.beginResetModel()
            self._steps = new
            self.endResetModel()
        elif new != self._steps:
            self._steps = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many steps there are."""
        return 0 if parent.isValid() else len(self._steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown and said of a step."""
        if not index.isValid() or index.row() >= len(self._steps):
            return None
        step = self._steps[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words_of(step)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(_tip(step))
            case Qt.ItemDataRole.AccessibleTextRole:
                said = [f"Step {index.row() + 1}: {words_of(step)}", *(words for _, words in warnings_of(step))]
                return ", ".join(said)
            case _ if role == STEP:
                return step
            case _ if role == NUMBER:
                return index.row() + 1
            case _ if role == CHAPTER:
                return isinstance(step.action, Note)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Steps can be chosen and dragged, and dropped between others."""
        base = super().flags(index)
        return base | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled)

    def supportedDropActions(self) -> Qt.DropAction:
        """Steps only move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Only this list's own rows are taken."""
        return [ROWS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The number of the first step that is dragged."""
        data = QMimeData()
        data.setData(ROWS, str(min(index.row() for index in indexes) + 1).encode())
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Say where the step is wanted; False, so that the view removes nothing by itself."""
        if not data.hasFormat(ROWS) or action != Qt.DropAction.MoveAction or column > 0:
            return False
        number = int(bytes(data.data(ROWS).data()))
        place = parent.row() if parent.isValid() else row if row >= 0 else len(self._steps)
        wanted = place if place >= number else place + 1
        if wanted != number:
            self.moved.emit(number, wanted)
        return False


def _tip(step: Step) -> str:
    lines = [sentence(caption(step))]
    if step.target is not None:
        lines.append(sentence(f"target: {describe_target(step.target)}"))
    lines += [sentence(words) for _, words in warnings_of(step)]
    return "\n".join(lines)
