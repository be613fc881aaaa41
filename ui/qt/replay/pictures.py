"""The recorded picture and today's, one above the other, with what the witnesses said drawn on both."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QToolButton, QVBoxLayout, QWidget

from ui.qt.conducting import Place
from ui.qt.core import Core
from ui.qt.parts.legend import Legend
from ui.qt.parts.live import LiveView
from ui.qt.parts.picture_view import Mark, PictureView
from ui.qt.parts.pictures import Picture
from ui.qt.replay.evidence import (
    OVERLAY_CHIPS,
    Chip,
    chips,
    overlay,
    recorded_chips,
    recorded_frame,
    recorded_marks,
    todays_marks,
)
from ui.qt.replay.progress import Progress
from ui.qt.theme.dressing import look
from workbench.geometry import Rect, union
from workbench.trajectory import FrameId, Step

_AROUND_PX = 120


class Side(QWidget):
    """One picture with its heading and legend."""

    def __init__(self, core: Core, heading: str, nothing: str) -> None:
        super().__init__()
        self._core = core
        self.view = PictureView(heading)
        self.view.nothing = nothing
        for turn_off in (self.view.setHorizontalScrollBarPolicy, self.view.setVerticalScrollBarPolicy):
            turn_off(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # it is dragged, and a bar would hide the place
        self._title = QLabel(heading)
        look(self._title, "heading")
        self._legend = Legend()
        self._frame: FrameId | None = None
        self._close = False
        self._marks: tuple[Mark, ...] = ()
        self._top = top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title)
        top.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addWidget(self._legend)
        self.show_frame(None, (), ())

    def show_frame(self, frame: FrameId | None, marks: Sequence[Mark], legend: Sequence[Chip]) -> None:
        """Show that picture with the marks, as soon as it is read; None says that there is none."""
        self._frame, self._marks = frame, tuple(marks)
        self._legend.show_entries([(entry.colour, entry.words) for entry in legend])
        self._legend.setVisible(bool(legend))
        self.view.setAccessibleDescription(", ".join(entry.words for entry in legend))
        if frame is None:
            self.view.show_picture(None)
            return
        wanted = frame

        def arrived(picture: Picture) -> None:
            if self._frame == wanted:
                self.view.show_picture(picture, self._marks)
                self._look()

        self._core.pictures.ask(frame, arrived)

    def show_live(self, picture: Picture) -> None:
        """Show the desktop as it is now."""
        self._frame, self._marks = None, ()
        self._legend.hide()
        self.view.show_picture(picture)

    def come_close(self, *, on: bool) -> None:
        """Show the place with what is around it, or all of the picture."""
        self._close = on
        self._look()

    def add_button(self, button: QToolButton) -> None:
        """Put a button beside the heading."""
        self._top.addWidget(button)

    def _look(self) -> None:
        areas = [area for mark in self._marks if (area := _area(mark)) is not None]
        if self._close and areas:
            self.view.look_at(union(areas), margin_px=_AROUND_PX)
        else:
            self.view.fit()


class Sides(QSplitter):
    """Both sides; `picked` has the desktop point that a person chose in today's picture."""

    picked = Signal(object)
    cancelled = Signal()

    def __init__(self, core: Core) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._core = core
        self.recorded = Side(core, "Recorded", "There is no picture of this step.")
        self.today = Side(core, "Today", "Today's screen is shown here once the replay has begun.")
        self.addWidget(self.recorded)
        self.addWidget(self.today)
        self.setChildrenCollapsible(False)
        self.setSizes([500, 500])
        self.close_up = QToolButton()
        self.close_up.setCheckable(True)
        self.close_up.setAccessibleName("Close up")
        self.close_up.setToolTip("Close up of the place (Z)")
        self.close_up.setShortcut("Z")
        self.close_up.toggled.connect(self._come_close)
        self.recorded.add_button(self.close_up)
        self._shown: tuple[Step | None, Progress, int, bool] = (None, Progress(), 0, False)
        self._wished = True
        self._live = LiveView(core.tasks, self)
        self._live.seen.connect(self._see)
        self.watch = QToolButton()
        self.watch.setText("Live")
        self.watch.setCheckable(True)
        self.watch.setAccessibleName("Watch the private desktop live")
        self.watch.setToolTip("Watch the private desktop as it is now (L)")
        self.watch.setShortcut("L")
        self.watch.clicked.connect(self._wish)
        self.watch.toggled.connect(self._turn)
        self.watch.hide()
        self.today.add_button(self.watch)
        QWidget.setTabOrder(self.today.view, self.watch)
        QWidget.setTabOrder(self.recorded.view, self.close_up)
        core.dress.changed.connect(self._draw)
        self._draw()
        self.today.view.picked.connect(self.picked)
        self.today.view.cancelled.connect(self.cancelled)

    def show_step(self, step: Step | None, progress: Progress, number: int, *, rehearsal: bool) -> None:
        """Show what was recorded of the step and what is seen of it today; of a rehearsal all places at once.

        While the private desktop is watched, today's side stays live.
        """
        self._shown = (step, progress, number, rehearsal)
        colours, one = self._core.dress.colours, progress.of(number)
        if step is None:
            self.recorded.show_frame(None, (), ())
        else:
            marks = recorded_marks(step, colours)
            self.recorded.show_frame(recorded_frame(step), marks, recorded_chips(step, colours))
        if self.watch.isChecked():
            return
        found = progress.located()
        if rehearsal and found:
            self.today.show_frame(found[0][1].frame, overlay(progress, number), OVERLAY_CHIPS)
        else:
            frame = one.frame or (one.ended.frame if one.ended else None)
            self.today.show_frame(frame, todays_marks(one, colours), chips(one.verdict, colours))

    def begin(self, place: Place) -> None:
        """A run has its desktop: it is watched live where it is a private one."""
        private = place.private and place.display is not None
        self.watch.setVisible(private)
        if private and place.display is not None:
            self._live.begin(place.display)

    def follow(self, *, on: bool) -> None:
        """Watch the desktop while the run goes on, unless the person switched that off, and else what was found."""
        self.watch.setChecked(on and self._wished and not self.watch.isHidden())

    def end(self) -> None:
        """The run is over: its desktop may be gone."""
        self._live.end()
        self.watch.setChecked(False)
        self.watch.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self._live.watched = self.watch.isChecked()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        super().hideEvent(event)
        self._live.watched = False

    def _wish(self, on: bool) -> None:
        self._wished = on

    def _turn(self, on: bool) -> None:
        self._live.watched = on and self.isVisible()
        if not on:
            step, progress, number, rehearsal = self._shown
            self.show_step(step, progress, number, rehearsal=rehearsal)

    def _see(self, picture: Picture) -> None:
        if self.watch.isChecked():
            self.today.show_live(picture)

    def _come_close(self, on: bool) -> None:
        for side in (self.recorded, self.today):
            side.come_close(on=on)

    def _draw(self) -> None:
        self.close_up.setIcon(self._core.dress.icon("search"))

    def pick(self, *, on: bool = True) -> None:
        """Let the next click into today's picture choose a place."""
        if on:
            self.watch.setChecked(False)
        self.today.view.picking = on
        if on:
            self.today.view.setFocus()


def _area(mark: Mark) -> Rect | None:
    if mark.area is not None or mark.point is None:
        return mark.area
    return Rect(mark.point.x, mark.point.y, 1, 1)
