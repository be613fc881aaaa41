"""Choosing a part of the desktop that recorded pictures shall no longer show."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.qt.core import Core
from ui.qt.parts.numbers import inset
from ui.qt.parts.picture_view import Mark, PictureView
from ui.qt.parts.pictures import Picture
from ui.qt.theme.dressing import look
from workbench.geometry import Point, Rect
from workbench.trajectory import FrameId


class AreaView(PictureView):
    """A picture on which a rectangle is drawn with the mouse; `chosen` has it in desktop pixels."""

    chosen = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setDragMode(QGraphicsView.DragMode.RubberBandDrag)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._corner = Point(0, 0)
        self._bounds = Rect(0, 0, 0, 0)
        self._drawn: Rect | None = None
        self.rubberBandChanged.connect(lambda shown, _begin, _end: self._follow(shown))

    def show_area(self, picture: Picture, area: Rect, colour: str) -> None:
        """Show the picture with the rectangle that is chosen now."""
        self._corner = picture.origin
        self._bounds = Rect(picture.origin.x, picture.origin.y, picture.image.width(), picture.image.height())
        self.show_picture(picture, [Mark(colour, area=area)])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The rectangle is complete."""
        super().mouseReleaseEvent(event)
        if self._drawn is not None:
            drawn, self._drawn = self._drawn, None
            self.chosen.emit(drawn)

    def _follow(self, shown: QRect) -> None:
        if shown.isNull():
            return
        box = self.mapToScene(shown).boundingRect().toAlignedRect()
        wanted = Rect(box.x() + self._corner.x, box.y() + self._corner.y, box.width(), box.height())
        self._drawn = wanted.intersection(self._bounds)


@dataclass(frozen=True)
class Covering:
    """What to cover, in desktop pixels, and whether in all pictures of the recording or in those of one step."""

    area: Rect
    everywhere: bool


class CoverDialog(QDialog):
    """Asks for the rectangle, by mouse or by numbers; `choice` has it once the dialog was accepted."""

    def __init__(self, core: Core, frame: FrameId, area: Rect, parent: QWidget) -> None:
        super().__init__(parent)
        self._core, self._area = core, area
        self._picture: Picture | None = None
        self.setWindowTitle("Cover an area")
        self.resize(860, 640)
        self._view = AreaView("The picture before the step; draw a rectangle over what nobody shall see")
        self._view.chosen.connect(self._choose)
        self._numbers = {each: QSpinBox() for each in ("left", "top", "width", "height")}
        self._where = QComboBox()
        self._where.addItems(["in all pictures of the recording", "only in the pictures of this step"])
        self._where.setAccessibleName("In which pictures")
        self._arrange()
        core.pictures.ask(frame, self._arrived)

    @property
    def choice(self) -> Covering:
        """What is chosen now."""
        return Covering(self._area, self._where.currentIndex() == 0)

    def _arrived(self, picture: Picture) -> None:
        self._picture = picture
        size, corner = picture.image.size(), picture.origin
        self._limit("left", corner.x, corner.x + size.width() - 1)
        self._limit("top", corner.y, corner.y + size.height() - 1)
        self._limit("width", 1, size.width())
        self._limit("height", 1, size.height())
        self._cover.setEnabled(True)
        self._choose(self._area)

    def _choose(self, area: Rect) -> None:
        self._area = area
        values = {"left": area.x, "top": area.y, "width": area.width, "height": area.height}
        for name, value in values.items():
            with QSignalBlocker(self._numbers[name]):
                self._numbers[name].setValue(value)
        if self._picture is not None:
            self._view.show_area(self._picture, area, self._core.dress.colours.recording)

    def _limit(self, name: str, lowest: int, highest: int) -> None:
        with QSignalBlocker(self._numbers[name]):
            self._numbers[name].setRange(lowest, highest)

    def _typed(self) -> None:
        values = {name: box.value() for name, box in self._numbers.items()}
        self._choose(Rect(values["left"], values["top"], values["width"], values["height"]))

    def _arrange(self) -> None:
        words = QLabel("Draw over what nobody shall see. It is painted grey for good; this cannot be undone.")
        words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(words)
        column.addWidget(self._view, 1)
        column.addLayout(self._number_row())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._cover = buttons.addButton("&Cover it", QDialogButtonBox.ButtonRole.AcceptRole)
        look(self._cover, "primary")
        self._cover.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _number_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, box in self._numbers.items():
            inset(box)
            label = QLabel(f"{name.capitalize()}")
            label.setBuddy(box)
            box.setAccessibleName(f"{name.capitalize()} in pixels")
            box.setSuffix(" px")
            box.valueChanged.connect(self._typed)
            row.addWidget(label)
            row.addWidget(box)
        row.addStretch()
        row.addWidget(self._where)
        return row
