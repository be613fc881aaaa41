"""A picture of the desktop with the point of a step in it, which can be dragged to another place."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsItem

from ui.qt.parts.picture_view import Mark, PictureView
from ui.qt.parts.pictures import Picture
from workbench.geometry import Point, Rect

_RADIUS_PX = 11
_GRIP_PX = 18
_FAR_PX = 10

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PointView(PictureView):
    """Shows where a step goes. While `movable`, dragging the ring, or Ctrl and arrow keys, emit `moved` with a point.

    Ctrl and Shift with an arrow key go ten pixels at once. Points are desktop pixels.
    """

    moved = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.movable = False
        self._picture: Picture | None = None
        self._point: Point | None = None
        self._ring: QGraphicsEllipseItem | None = None
        self._dragging = False

    def show_point(
        self, picture: Picture | None, point: Point | None, marks: Sequence[Mark] = (), *, colour: str
    ) -> None:
        """Show the picture with the marks, and a ring around the point."""
        self._ring, self._dragging = None, False
        self.show_picture(picture, marks)
        self._picture, self._point = picture, point
        if picture is not None and point is not None:
            self._ring = self._drawn(colour)
            self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the ring."""
        if self._grips(event):
            self._dragging = True
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the ring along."""
        if self._dragging:
            self._move(self._under(event))
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        if self._dragging:
            self._dragging = False
            self._move(self._under(event))
            self.moved.emit(self._point)
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the point by keys."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if self.movable and step and self._point and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            far = _FAR_PX if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._move(self._point.offset(step[0] * far, step[1] * far))
            self.moved.emit(self._point)
            return
        super().keyPressEvent(event)

    def _grips(self, event: QMouseEvent) -> bool:
        if not self.movable or self.picking or self._ring is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        away = QPointF(self.mapFromScene(self._ring.pos())) - event.position()
        return away.manhattanLength() <= _GRIP_PX

    def _under(self, event: QMouseEvent) -> Point:
        assert self._picture is not None
        place, origin = self.mapToScene(event.position().toPoint()), self._picture.origin
        return Point(int(place.x()) + origin.x, int(place.y()) + origin.y)

    def _move(self, to: Point) -> None:
        """Put the point there, inside the picture."""
        if self._picture is None:
            return
        image, origin = self._picture.image, self._picture.origin
        area = Rect(origin.x, origin.y, image.width(), image.height())
        self._point = Point(min(max(to.x, area.x), area.right - 1), min(max(to.y, area.y), area.bottom - 1))
        self._place()

    def _place(self) -> None:
        if self._ring is not None and self._point is not None and self._picture is not None:
            origin = self._picture.origin
            self._ring.setPos(self._point.x - origin.x + 0.5, self._point.y - origin.y + 0.5)

    def _drawn(self, colour: str) -> QGraphicsEllipseItem:
        pen = QPen(QColor(colour), 3)
        pen.setCosmetic(True)
        fill = QColor(colour)
        fill.setAlpha(50)
        ring = self.scene().addEllipse(-_RADIUS_PX, -_RADIUS_PX, 2 * _RADIUS_PX, 2 * _RADIUS_PX, pen, QBrush(fill))
        ring.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        ring.setZValue(3)
        return ring
