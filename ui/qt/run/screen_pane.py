"""The screen of the run: what was seen before a step, with its point, or a private desktop as it is now."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ui.qt.conducting import Place
from ui.qt.core import Core
from ui.qt.parts.live import ACTING_EVERY_S, EVERY_S, LiveView
from ui.qt.parts.picture_view import Mark
from ui.qt.parts.pictures import Picture
from ui.qt.run.acting import LEAVES, ActingInPicture
from ui.qt.run.point_view import PointView
from ui.qt.run.steps import point_of
from ui.qt.theme.dressing import look
from workbench.desktop.hand import Hand
from workbench.geometry import Point
from workbench.report.story import StepStory


class ScreenPane(QWidget):
    """Shows one step's screen; `moved` has the place to which its point was dragged, `picked` one that was clicked.

    On a private desktop it shows that desktop live until a step asks for a look. A person who has a `Hand` there acts
    in the live picture.
    """

    moved = Signal(object)
    picked = Signal(object)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._story: StepStory | None = None
        self._shown: tuple[str | None, Point | None] | None = None
        self._live = LiveView(core.tasks, self)
        self._live.seen.connect(self._see)
        self.view = PointView("Screen of the run")
        self.view.moved.connect(self.moved)
        self.view.picked.connect(self.picked)
        self._acting = ActingInPicture(self.view)
        self._hand: Hand | None = None
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        look(self._words, "faint")
        self._toggle = QToolButton()
        self._toggle.setText("Live")
        self._toggle.setCheckable(True)
        self._toggle.setToolTip("Watch the private desktop as it is now (L)")
        self._toggle.setAccessibleName("Watch the private desktop live")
        self._toggle.setShortcut("L")
        self._toggle.toggled.connect(self._switch)
        self._fit = QToolButton()
        self._fit.setIconSize(QSize(16, 16))
        self._fit.setToolTip("Show all of it (0)")
        self._fit.setAccessibleName("Show all of the screen")
        self._fit.clicked.connect(self.view.fit)
        self._acting.left.connect(self._fit.setFocus)
        self._arrange()
        core.dress.changed.connect(self._draw)
        self._draw()

    def begin(self, place: Place | None) -> None:
        """Another run: with its desktop once it is there."""
        private = place is not None and place.private and place.display is not None
        self._toggle.setVisible(private)
        if place is None:
            self._story, self._shown = None, None
            self.view.show_point(None, None, colour="")
            self._words.setText("")
        if private and place is not None and place.display is not None:
            self._live.begin(place.display)
            self._toggle.setChecked(True)

    def end(self) -> None:
        """The run is over: its desktop may be gone."""
        self._live.end()
        self._toggle.setChecked(False)
        self._toggle.hide()
        self._show_step()

    def show_story(self, story: StepStory | None, *, now: bool = False) -> None:
        """A step was chosen; `now` puts it before the live view."""
        self._story = story
        if now:
            self._toggle.setChecked(False)
        if not self._toggle.isChecked():
            self._show_step()

    def watch(self) -> None:
        """Back to the live view, where there is one."""
        self._toggle.setChecked(self._toggle.isVisibleTo(self))

    def lend(self, hand: Hand | None) -> None:
        """Have what the person does in the live picture done by this hand; None for no more."""
        if hand is self._hand:
            return
        self._hand = hand
        self._live.every_s = EVERY_S if hand is None else ACTING_EVERY_S
        self._switch(self._toggle.isChecked())

    def let_move(self, on: bool) -> None:
        """Whether the point may be dragged."""
        self.view.movable = on

    def pick(self) -> None:
        """Have a place clicked."""
        self._show_step()
        self.view.picking = True
        self.view.setFocus()
        self._words.setText("Click on the place where the step should go. Escape leaves that.")

    def leave(self) -> bool:
        """Have no place clicked after all; whether one was wanted."""
        was, self.view.picking = self.view.picking, False
        return was

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self._live.watched = self._toggle.isChecked()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        super().hideEvent(event)
        self._live.watched = False

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 0)
        row.addWidget(self._words, 1)
        row.addWidget(self._toggle)
        row.addWidget(self._fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        self._toggle.hide()

    def _draw(self) -> None:
        self._fit.setIcon(self._core.dress.icon("window"))

    def _switch(self, on: bool) -> None:
        self._live.watched = on and self.isVisible()
        self._shown = None
        acts = on and self._hand is not None
        self._acting.lend(self._hand if acts else None)
        if acts:
            self.view.fit()
            self._words.setText(f"Click and type here. {LEAVES} gives the keyboard back.")
        elif on:
            self._words.setText("The private desktop, live")
        else:
            self._show_step()

    def _see(self, picture: Picture) -> None:
        if self._toggle.isChecked():
            self.view.show_point(picture, None, colour="")

    def _show_step(self) -> None:
        story = self._story
        if story is None or story.before is None:
            return
        wanted = (story.before, point_of(story))
        self._words.setText(f"Step {story.index}: what was seen before it")
        if wanted != self._shown:
            self._shown = wanted
            self._core.pictures.ask(story.before, lambda picture: self._arrived(picture, story))

    def _arrived(self, picture: Picture, story: StepStory) -> None:
        if self._toggle.isChecked() or self._story is None or self._story.index != story.index:
            return
        colours = self._core.dress.colours
        votes = story.located.verdict.votes if story.located else ()
        marks = [Mark(colours.good, area=vote.region) for vote in votes if vote.region is not None]
        self.view.show_point(picture, point_of(story), marks[:1], colour=colours.recording)
