"""The picture of a step, before, where and after, with what is known of it drawn on it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.parts.feed import Feed
from ui.qt.parts.legend import Legend
from ui.qt.parts.marks import SIDES, Side, close_area, frame_at, legend, signs
from ui.qt.parts.picture_view import PictureView
from ui.qt.parts.pictures import Picture
from ui.qt.theme.dressing import look
from workbench.trajectory import Step

_ZOOM = 1.25
_AHEAD = 3
"""How many steps further on are read before anybody asks."""

_NOTHING: dict[Side, str] = {
    "before": "Nothing was seen before this step.",
    "where": "This step has no place in a picture.",
    "after": "Nothing was seen after this step.",
}

_NO_PICTURE = "There is no picture of this step."


class Stage(QWidget):
    """Shows one step at a time. `picked` has the desktop point that was chosen, after `begin_picking`."""

    picked = Signal(object)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._steps: Sequence[Step] = ()
        self._number = 0
        self._shown: tuple[str, Side, str] | None = None
        self._feed = Feed(core.pictures, self)
        self.tabs = QTabBar()
        self.view = PictureView("Picture of the step")
        self._words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._layers = QStackedWidget()
        self._legend = Legend()
        self._arrange()
        self.tabs.currentChanged.connect(self._side_changed)
        self.view.picked.connect(self._picked)
        self.view.cancelled.connect(self._end_picking)
        core.dress.changed.connect(self._redraw)

    @property
    def side(self) -> Side:
        """Which picture is in front."""
        return tuple(SIDES)[self.tabs.currentIndex()]

    def show_step(self, steps: Sequence[Step], number: int) -> None:
        """Show that step of these, numbered from 1; 0 for none. The pictures arrive when they have been read."""
        way = -1 if number < self._number else 1
        self._steps, self._number = steps, number
        if self.view.picking:
            self._end_picking()
        self._draw()
        self._read_ahead(way)

    def begin_picking(self, words: str = "Click on the new place. Escape leaves it as it is.") -> None:
        """Let the next click in the picture choose a place; `words` say what for."""
        self.tabs.setCurrentIndex(tuple(SIDES).index("where"))
        self.view.fit()
        self.view.picking = True
        self.view.setFocus()
        self._legend.say(words)

    def turn(self, way: int) -> None:
        """Go to the next picture of the step, or with -1 to the one before."""
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + way) % self.tabs.count())

    def _draw(self) -> None:
        step = self._step
        if step is None:
            self._say("The other side has no step like this one." if self._steps else "")
            return
        frame = frame_at(step, self.side)
        if frame is None:
            self._say(_NOTHING[self.side] if any(frame_at(step, side) for side in SIDES) else _NO_PICTURE)
        else:
            self._feed.want(frame, lambda picture: self._arrived(step, picture), self._say)

    def _arrived(self, step: Step, picture: Picture) -> None:
        drawn = signs(step, self.side, self._core.dress.colours)
        self.view.show_picture(picture, [sign.mark for sign in drawn])
        now = (step.id, self.side, frame_at(step, self.side) or "")
        if now != self._shown:
            self._look(step)
        self._shown = now
        self._layers.setCurrentWidget(self.view)
        self._legend.show_entries(legend(drawn))

    def _look(self, step: Step) -> None:
        """Close to the place, or at all of it."""
        area = close_area(step, self.side)
        if area is None:
            self.view.fit()
        else:
            self.view.look_at(area)

    def _say(self, words: str) -> None:
        self._feed.want_nothing()
        self._shown = None
        self.view.show_picture(None)
        self._words.setText(words)
        self._layers.setCurrentWidget(self._words)
        self._legend.show_entries(())

    def _read_ahead(self, way: int) -> None:
        numbers = [self._number + way * far for far in range(1, _AHEAD + 1)] + [self._number - way]
        near = [self._steps[number - 1] for number in numbers if 1 <= number <= len(self._steps)]
        others = [each for each in SIDES if each != self.side]
        here = [frame_at(self._step, side) for side in others] if self._step else []
        frames = [frame_at(step, self.side) for step in near] + here
        self._feed.ahead([frame for frame in dict.fromkeys(frames) if frame])

    @property
    def _step(self) -> Step | None:
        return self._steps[self._number - 1] if 0 < self._number <= len(self._steps) else None

    def _side_changed(self) -> None:
        if self.view.picking and self.side != "where":
            self._end_picking()
        self._draw()

    def _redraw(self) -> None:
        for button in self.findChildren(QToolButton):
            button.setIcon(self._core.dress.icon(button.property("picture")))
        self._draw()

    def _picked(self, point: object) -> None:
        self._draw()
        self.picked.emit(point)

    def _end_picking(self) -> None:
        self.view.picking = False
        self._shown = None
        self._draw()

    def _arrange(self) -> None:
        self.tabs.setAccessibleName("Which picture")
        self.tabs.setDrawBase(False)
        for title in SIDES.values():
            self.tabs.addTab(title)
        self.tabs.setCurrentIndex(1)
        look(self._words, "faint")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._layers.addWidget(self.view)
        self._layers.addWidget(self._words)
        self._layers.setCurrentWidget(self._words)
        self._legend.setContentsMargins(16, 6, 16, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self._layers, 1)
        column.addWidget(self._legend)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(self.tabs)
        row.addStretch()
        for name, words, act in (
            ("minus", "Farther away (-)", lambda: self.view.zoom(1 / _ZOOM)),
            ("plus", "Closer (+)", lambda: self.view.zoom(_ZOOM)),
            ("window", "All of it (0)", self.view.fit),
        ):
            button = QToolButton()
            button.setProperty("picture", name)
            button.setIcon(self._core.dress.icon(name))
            button.setIconSize(QSize(16, 16))
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.clicked.connect(act)
            row.addWidget(button)
        return row
