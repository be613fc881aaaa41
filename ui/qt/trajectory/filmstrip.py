"""The whole trajectory as a strip of pictures over time; dragging along it steps through."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.qt.core import Core
from ui.qt.parts.pictures import Picture
from ui.qt.parts.step_rows import words_of
from workbench.actions import Note
from workbench.errors import WorkbenchError
from workbench.trajectory import FrameId, Step

_MARGIN_PX = 16
_STRIP_PX = 56
_AXIS_PX = 18
_SHAPE = 16 / 10
_SETTLE_MS = 80
"""How long the width has to stay before pictures are read for it."""


def places(steps: Sequence[Step]) -> tuple[float, ...]:
    """Where each step stands between 0 and 1: at its time, or evenly where times are unknown or cannot be compared."""
    times = [step.observation.monotonic_ns for step in steps]
    span = times[-1] - times[0] if len({step.recorded_in for step in steps}) == 1 else 0
    if span > 0 and all(times) and all(one <= two for one, two in pairwise(times)):
        return tuple((time - times[0]) / span for time in times)
    return tuple(number / max(1, len(steps) - 1) for number in range(len(steps)))


def nearest(stands: Sequence[float], place: float) -> int:
    """The number of the step that stands nearest to the place; 0 where there is none."""
    return min(range(1, len(stands) + 1), key=lambda number: abs(stands[number - 1] - place), default=0)


class Filmstrip(QWidget):
    """Emits `scrubbed` with a step's number while it is clicked or dragged along."""

    scrubbed = Signal(int)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._steps: Sequence[Step] = ()
        self._stands: tuple[float, ...] = ()
        self._number = 0
        self._thumbs: dict[FrameId, Picture] = {}
        self._wanted: list[FrameId] = []
        self._asking = False
        self._drawn: QPixmap | None = None
        self.setAccessibleName("Timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Click or drag to step through; Left and Right, Home and End")
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self._read)
        core.dress.changed.connect(self._draw_anew)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show the strip of these steps."""
        self._steps, self._stands = steps, places(steps)
        self.updateGeometry()
        self._settled.start()
        self._draw_anew()

    def mark(self, number: int) -> None:
        """Show which step is current."""
        self._number = number
        if 0 < number <= len(self._steps):
            self.setAccessibleDescription(f"Step {number} of {len(self._steps)}: {words_of(self._steps[number - 1])}")
        self.update()

    def forget(self) -> None:
        """Let go of the pictures: frames were purged."""
        self._thumbs.clear()
        self._wanted.clear()
        self._draw_anew()

    def sizeHint(self) -> QSize:
        """One row of pictures, where there are any, and the line below."""
        return QSize(400, self._strip_px + _AXIS_PX + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw pictures, line, steps and the current one."""
        del event
        if self._drawn is None or self._drawn.devicePixelRatio() != self.devicePixelRatioF():
            self._drawn = self._draw()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._drawn)
        if 0 < self._number <= len(self._steps):
            self._paint_current(painter, self._x(self._number))
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._core.dress.colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 1, -4, -1), 4, 4)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to what is under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._scrub(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while it is held down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._scrub(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow keys."""
        to = {
            Qt.Key.Key_Left: self._number - 1,
            Qt.Key.Key_Right: self._number + 1,
            Qt.Key.Key_Home: 1,
            Qt.Key.Key_End: len(self._steps),
        }.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
        elif 1 <= to <= len(self._steps):
            self.scrubbed.emit(to)

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures are read while somebody can see them."""
        super().showEvent(event)
        self._settled.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width shows other pictures."""
        super().resizeEvent(event)
        self._draw_anew()
        self._settled.start()

    @property
    def _strip_px(self) -> int:
        """How high the pictures are: recordings of other tools may have none."""
        return _STRIP_PX if not self._steps or any(step.observation.frame for step in self._steps) else 0

    @property
    def _line(self) -> QRectF:
        """Where the steps stand."""
        return QRectF(_MARGIN_PX, self._strip_px + 8, max(1, self.width() - 2 * _MARGIN_PX), _AXIS_PX)

    def _scrub(self, at: QPointF) -> None:
        number = nearest(self._stands, (at.x() - self._line.x()) / self._line.width())
        if number and number != self._number:
            self.scrubbed.emit(number)

    def _slots(self) -> list[tuple[QRect, int]]:
        """Where pictures stand, and which step each of them shows."""
        if not self._steps or not self._strip_px:
            return []
        line = self._line
        count = max(1, int(line.width() // (_STRIP_PX * _SHAPE + 4)))
        width = line.width() / count
        return [
            (
                QRect(int(line.x() + slot * width), 6, int(width) - 3, _STRIP_PX),
                nearest(self._stands, (slot + 0.5) / count),
            )
            for slot in range(count)
        ]

    def _read(self) -> None:
        """Ask for the pictures in sight, one after the other, so that the large one never waits for all of them."""
        if not self.isVisible():
            return
        frames = [self._steps[number - 1].observation.frame for _, number in self._slots()]
        self._wanted = [frame for frame in dict.fromkeys(frames) if frame and frame not in self._thumbs]
        self._thumbs = {frame: kept for frame, kept in self._thumbs.items() if frame in frames}
        if not self._asking:
            self._ask_next()

    def _ask_next(self) -> None:
        self._asking = bool(self._wanted)
        if not self._wanted:
            return
        frame = self._wanted.pop(0)

        def arrived(picture: Picture) -> None:
            self._thumbs[frame] = picture
            self._draw_anew()
            self._ask_next()

        def lost(_error: WorkbenchError) -> None:
            self._ask_next()

        width = int(_STRIP_PX * _SHAPE * 2)
        self._core.pictures.ask(frame, arrived, width_px=width, failed=lost)

    def _paint_thumb(self, painter: QPainter, slot: QRect, step: Step) -> None:
        painter.fillRect(slot, QColor(self._core.dress.colours.sunken))
        picture = self._thumbs.get(step.observation.frame or "")
        if picture is None:
            return
        image = picture.image
        scale = max(slot.width() / image.width(), slot.height() / image.height())
        width, height = slot.width() / scale, slot.height() / scale
        part = QRectF((image.width() - width) / 2, 0, width, height)
        painter.drawImage(QRectF(slot), image, part)

    def _draw_anew(self) -> None:
        self._drawn = None
        self.update()

    def _draw(self) -> QPixmap:
        """All but the current step: hundreds of dots take longer than stepping may."""
        ratio = self.devicePixelRatioF()
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for slot, number in self._slots():
            self._paint_thumb(painter, slot, self._steps[number - 1])
        self._paint_axis(painter)
        painter.end()
        return made

    def _x(self, number: int) -> float:
        return self._line.left() + self._stands[number - 1] * self._line.width()

    def _paint_axis(self, painter: QPainter) -> None:
        colours, line = self._core.dress.colours, self._line
        middle = line.center().y()
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(QPointF(line.left(), middle), QPointF(line.right(), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        for number, step in enumerate(self._steps, 1):
            head = isinstance(step.action, Note)
            painter.setBrush(QColor(colours.text if head else colours.faint))
            reach = 4.0 if head else 2.5
            painter.drawEllipse(QPointF(self._x(number), middle), reach, reach)

    def _paint_current(self, painter: QPainter, x: float) -> None:
        accent, middle = QColor(self._core.dress.colours.accent), self._line.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(QPointF(x, middle), 5, 5)
        painter.setPen(QPen(accent, 1.5))
        if self._strip_px:
            painter.drawLine(QPointF(x, 6), QPointF(x, middle - 5))
