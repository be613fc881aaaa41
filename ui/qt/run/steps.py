"""The steps of a run as rows of a list: each with its account so far and the part of the screen that it is about."""

from collections import OrderedDict

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QImage

from ui.qt.parts.pictures import Picture, Pictures
from workbench import events
from workbench.geometry import Point
from workbench.report.story import OfStep, StepStory, retold
from workbench.report.words import caption

STORY = Qt.ItemDataRole.UserRole + 1
CROP = Qt.ItemDataRole.UserRole + 2

CROP_SIZE = QSize(360, 120)
"""How much of the screen around the point is kept, in desktop pixels."""

CROPS_KEPT = 64
"""Only rows that are seen need theirs; of more the oldest are cut anew when they are seen again."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

_STATUS = {
    "done": "done",
    "repaired": "done by a person",
    "would-do": "would be done",
    "failed": "failed",
    "skipped": "not done",
}


class StepsModel(QAbstractListModel):
    """Follows the events of one run; `clear` before the next. `Qt.DisplayRole` is the caption, `STORY` the account."""

    def __init__(self, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._stories: list[StepStory] = []
        self._rows: dict[int, int] = {}
        self._crops: OrderedDict[tuple[str, Point], QImage] = OrderedDict()
        self._asked: set[tuple[str, Point]] = set()

    def clear(self) -> None:
        """Forget the run."""
        self.beginResetModel()
        self._stories, self._rows = [], {}
        self.endResetModel()

    def hear(self, event: events.Event) -> None:
        """One more event; those that are about no step change nothing."""
        if not isinstance(event, OfStep):
            return
        row = self._rows.get(event.index)
        if row is not None:
            self._stories[row] = retold(self._stories[row], event)
            self._tell(row)
        elif isinstance(event, events.StepProposed):
            self.beginInsertRows(_ROOT, len(self._stories), len(self._stories))
            self._rows[event.index] = len(self._stories)
            self._stories.append(StepStory(event))
            self.endInsertRows()

    def story(self, row: int) -> StepStory | None:
        """The account of that row."""
        return self._stories[row] if 0 <= row < len(self._stories) else None

    def row_of(self, index: int) -> int:
        """The row of the step of that number; -1 where it has none."""
        return self._rows.get(index, -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """One row per step."""
        return 0 if parent.isValid() else len(self._stories)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The caption, the account, the crop, or a sentence for those who listen."""
        story = self.story(index.row())
        if story is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return caption(story.step)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"Step {story.index}: {caption(story.step)}, {status_of(story)}"
            case _ if role == STORY:
                return story
            case _ if role == CROP:
                return self._crop(story)
        return None

    def _crop(self, story: StepStory) -> QImage | None:
        point, frame = point_of(story), story.before
        if point is None or frame is None:
            return None
        key = (frame, point)
        if key in self._crops:
            self._crops.move_to_end(key)
            return self._crops[key]
        if key not in self._asked:
            self._asked.add(key)
            self._pictures.ask(frame, lambda picture: self._keep(key, picture, story.index))
        return self._crops.get(key)

    def _keep(self, key: tuple[str, Point], picture: Picture, index: int) -> None:
        self._asked.discard(key)
        self._crops[key] = cut(picture, key[1])
        while len(self._crops) > CROPS_KEPT:
            self._crops.popitem(last=False)
        if index in self._rows:
            self._tell(self._rows[index])

    def _tell(self, row: int) -> None:
        self.dataChanged.emit(self.index(row), self.index(row))


def cut(picture: Picture, point: Point) -> QImage:
    """What is around the point, which is its middle; what is outside the picture is transparent."""
    width, height = CROP_SIZE.width(), CROP_SIZE.height()
    left, top = point.x - picture.origin.x - width // 2, point.y - picture.origin.y - height // 2
    inside = QRect(left, top, width, height).intersected(picture.image.rect())
    part = picture.image.copy(inside).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return part.copy(QRect(left - inside.left(), top - inside.top(), width, height))


def point_of(story: StepStory) -> Point | None:
    """Where the step goes, in desktop pixels; None where it goes nowhere or nobody knows."""
    verdict = story.located.verdict if story.located else None
    return verdict.point if verdict else None


def status_of(story: StepStory) -> str:
    """How far it is, in a word or two."""
    if story.ended is not None:
        return _STATUS[story.ended.status]
    if story.decided is not None:
        return "acting"
    return "asks you" if story.asked is not None else "looking"
