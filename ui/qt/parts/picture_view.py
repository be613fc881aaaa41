"""A picture of a desktop to look into: zoom, pan, marks over it, a point that can be chosen or dragged."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsScene, QGraphicsView

from ui.qt.parts.pictures import Picture
from workbench.geometry import Point, Rect

CLOSEST = 8.0
"""Screen pixels per recorded pixel at the strongest zoom."""

_STEP = 1.25
_RING_PX = 11
_MARGIN_PX = 16


@dataclass(frozen=True)
class Mark:
    """Something drawn over the picture, in desktop pixels: a rectangle, a point or both, with a few words beside it."""

    colour: str
    area: Rect | None = None
    point: Point | None = None
    words: str = ""
    dashed: bool = False


class PictureView(QGraphicsView):
    """Shows one picture, fitted to the view until somebody zooms.

    Wheel with Ctrl, or plus, minus and 0, zoom; dragging pans. With `picking` a click emits `picked` with the desktop
    point; `Escape` leaves picking and emits `cancelled`. `nothing` is written where there is no picture.
    """

    picked = Signal(object)
    cancelled = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.viewport().setAccessibleName(name)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setMinimumSize(160, 100)
        self._item: QGraphicsPixmapItem | None = None
        self._origin = Point(0, 0)
        self._fitted = True
        self._picking = False
        self._nothing = "no picture"

    @property
    def nothing(self) -> str:
        """What is written where there is no picture: why there is none."""
        return self._nothing

    @nothing.setter
    def nothing(self, words: str) -> None:
        self._nothing = words
        self.viewport().update()

    def show_picture(self, picture: Picture | None, marks: Sequence[Mark] = ()) -> None:
        """Show it with the marks; None clears the view."""
        self._scene.clear()
        self._item = None
        if picture is None:
            return
        self._origin = picture.origin
        self._item = self._scene.addPixmap(QPixmap.fromImage(picture.image))
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.setSceneRect(QRectF(self._item.boundingRect()))
        for mark in marks:
            self._draw(mark)
        if self._fitted:
            self.fit()

    def fit(self) -> None:
        """Show all of it."""
        self._fitted = True
        if self._item is not None:
            self.fitInView(self._scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)

    def zoom(self, factor: float) -> None:
        """Come closer by a factor, or go away."""
        wanted = self.transform().m11() * factor
        if wanted <= CLOSEST:
            self._fitted = False
            self.scale(factor, factor)

    def look_at(self, area: Rect, *, margin_px: int = 60) -> None:
        """Bring a part of the desktop into the view, with something around it."""
        self._fitted = False
        place = area.grown(margin_px).offset(-self._origin.x, -self._origin.y)
        self.fitInView(QRectF(place.x, place.y, place.width, place.height), Qt.AspectRatioMode.KeepAspectRatio)

    @property
    def picking(self) -> bool:
        """Whether the next click chooses a point."""
        return self._picking

    @picking.setter
    def picking(self, on: bool) -> None:
        self._picking = on
        drag = QGraphicsView.DragMode.NoDrag if on else QGraphicsView.DragMode.ScrollHandDrag
        self.setDragMode(drag)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.OpenHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say why there is no picture, in the middle of its place."""
        super().paintEvent(event)
        if self._item is not None:
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        place = self.viewport().rect().adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._nothing)
        painter.end()

    def set_acting(self, *, on: bool) -> None:
        """Whether the picture is acted in: the pointer is that of the desktop, and moves without a button are heard."""
        self.viewport().setMouseTracking(on)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on)
        self.setDragMode(QGraphicsView.DragMode.NoDrag if on else QGraphicsView.DragMode.ScrollHandDrag)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if on else Qt.CursorShape.OpenHandCursor)

    def covers(self, position: QPoint) -> bool:
        """Whether the picture is shown at this place of the view."""
        return self._item is not None and self._scene.sceneRect().contains(self.mapToScene(position))

    def point_near(self, position: QPoint) -> Point | None:
        """The desktop point of the picture that is nearest to this place of the view; None without a picture."""
        if self._item is None:
            return None
        place, area = self.mapToScene(position), self._scene.sceneRect()
        x = min(max(int(place.x()), 0), int(area.width()) - 1)
        y = min(max(int(place.y()), 0), int(area.height()) - 1)
        return self._origin.offset(x, y)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom by keys, and leave picking."""
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _STEP)
            case Qt.Key.Key_0:
                self.fit()
            case Qt.Key.Key_Escape if self._picking:
                self.picking = False
                self.cancelled.emit()
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a point while picking."""
        if not self._picking or event.button() != Qt.MouseButton.LeftButton or self._item is None:
            super().mousePressEvent(event)
            return
        place = self.mapToScene(event.position().toPoint())
        if self._scene.sceneRect().contains(place):
            self.picking = False
            self.picked.emit(Point(int(place.x()) + self._origin.x, int(place.y()) + self._origin.y))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep showing all of it while nobody has zoomed."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def _draw(self, mark: Mark) -> None:
        pen = QPen(QColor(mark.colour), 2, Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine)
        pen.setCosmetic(True)
        place: QPointF | None = None
        if mark.area is not None:
            box = mark.area.offset(-self._origin.x, -self._origin.y)
            fill = QColor(mark.colour)
            fill.setAlpha(26)
            self._scene.addRect(QRectF(box.x, box.y, box.width, box.height), pen, QBrush(fill))
            place = QPointF(box.x, box.y)
        if mark.point is not None:
            centre = QPointF(mark.point.x - self._origin.x, mark.point.y - self._origin.y)
            ring = self._scene.addEllipse(QRectF(-_RING_PX, -_RING_PX, 2 * _RING_PX, 2 * _RING_PX), pen)
            ring.setFlag(ring.GraphicsItemFlag.ItemIgnoresTransformations)
            ring.setPos(centre)
            dot = self._scene.addEllipse(QRectF(-2, -2, 4, 4), pen, QBrush(QColor(mark.colour)))
            dot.setFlag(dot.GraphicsItemFlag.ItemIgnoresTransformations)
            dot.setPos(centre)
            place = place or centre
        if mark.words and place is not None:
            self._label(mark, place)

    def _label(self, mark: Mark, place: QPointF) -> None:
        """Write the words inside the area, or beside the ring of a point."""
        text = self._scene.addSimpleText(f" {mark.words} ", QFont(self.font().family(), 9))
        text.setFlag(text.GraphicsItemFlag.ItemIgnoresTransformations)
        text.setBrush(QBrush(QColor("white")))
        text.setZValue(2)
        box = text.boundingRect()
        back = self._scene.addRect(box, QPen(Qt.PenStyle.NoPen), QBrush(QColor(mark.colour)))
        back.setFlag(back.GraphicsItemFlag.ItemIgnoresTransformations)
        back.setZValue(1)
        beside = QTransform() if mark.area else QTransform.fromTranslate(_RING_PX + 2, -box.height() / 2)
        for item in (text, back):
            item.setPos(place)
            item.setTransform(beside)
