"""The room that shows two trajectories, or two runs, side by side."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ui.qt.comparing.pairs_model import PairsModel
from ui.qt.comparing.pairs_view import PairsView
from ui.qt.core import Core
from ui.qt.parts.elided import Elided
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.stage import Stage
from ui.qt.rooms import Room
from ui.qt.theme.dressing import look
from workbench.comparing import Pair, aligned, of_run
from workbench.report.words import tidy
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library


@dataclass(frozen=True)
class Both:
    """Two attempts and how their steps answer to each other."""

    left: Trajectory
    right: Trajectory
    pairs: tuple[Pair, ...]


class ComparisonRoom(Room):
    """Both pictures above, the steps of both beside each other below; one row moves both sides."""

    name = "comparison"
    title = "Compare"
    icon = "compare"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._both: Both | None = None
        self._wanted = ("", "")
        self.model = PairsModel(self)
        self.pairs = PairsView(self.model, core.dress)
        self.left_stage, self.right_stage = Stage(core), Stage(core)
        self._left_title, self._right_title = Elided("heading"), Elided("heading")
        self._sum = Elided("faint")
        self._layers = QStackedWidget()
        self._arrange()
        self.pairs.stepped.connect(self._stepped)
        self.left_stage.tabs.currentChanged.connect(self.right_stage.tabs.setCurrentIndex)
        self.right_stage.tabs.currentChanged.connect(self.left_stage.tabs.setCurrentIndex)

    def open(self, *what: str | int) -> None:
        """Show two trajectories or runs by their ids."""
        left, right = str(what[0]), str(what[1])
        self._wanted = (left, right)
        self.core.tasks.with_library(lambda library: _both(library, left, right), self._show)

    def _show(self, both: Both) -> None:
        if self._wanted != (both.left.id, both.right.id):
            return
        self._both = both
        self._left_title.say(tidy(both.left.title, 200))
        self._right_title.say(tidy(both.right.title, 200))
        self._sum.say(summary(both.pairs))
        self.model.show_pairs(both.pairs, both.left.steps, both.right.steps)
        self._layers.setCurrentIndex(1)
        self.pairs.go(max(0, self.model.next_difference(-1, 1)))
        self.pairs.setFocus()

    def _stepped(self, row: int) -> None:
        pair, both = self.model.pair(row), self._both
        if pair is not None and both is not None:
            self.left_stage.show_step(both.left.steps, pair.left or 0)
            self.right_stage.show_step(both.right.steps, pair.right or 0)

    def _arrange(self) -> None:
        words = "Choose two in the library. Their steps are laid beside each other, and what differs stands out."
        to_library = ("Go to the library", lambda: self.core.room_wanted.emit("library"))
        empty = EmptyState(self.core.dress, "compare", "Nothing to compare yet", words, action=to_library)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self._body(), 1)
        self._layers.addWidget(empty)
        self._layers.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._layers)

    def _head(self) -> QFrame:
        frame = QFrame()
        look(frame, "bar")
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        title = QLabel(self.title)
        look(title, "title")
        row.addWidget(title)
        row.addWidget(self._sum, 1)
        for words, way, keys in (("&Previous difference", -1, "P"), ("&Next difference", 1, "N")):
            button = QPushButton(words)
            button.setToolTip(f"{words.replace('&', '')} ({keys})")
            button.clicked.connect(lambda _checked=False, way=way: self.pairs.to_difference(way))
            row.addWidget(button)
        return frame

    def _body(self) -> QSplitter:
        body = QSplitter(Qt.Orientation.Vertical)
        pictures = QWidget()
        row = QHBoxLayout(pictures)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for title, stage in ((self._left_title, self.left_stage), (self._right_title, self.right_stage)):
            side = QVBoxLayout()
            side.setSpacing(0)
            title.setContentsMargins(16, 12, 16, 4)
            side.addWidget(title)
            side.addWidget(stage, 1)
            row.addLayout(side, 1)
            if stage is self.left_stage:
                row.addWidget(_rule())
        body.addWidget(pictures)
        body.addWidget(self.pairs)
        body.setSizes([420, 280])
        body.setStretchFactor(0, 1)
        body.setChildrenCollapsible(False)
        return body


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFixedWidth(1)
    look(rule, "rule")
    return rule


def summary(pairs: tuple[Pair, ...]) -> str:
    """How much is the same, in a line."""
    counts = Counter(pair.change for pair in pairs)
    parts = [
        f"{counts['same']} the same",
        f"{counts['changed']} changed" if counts["changed"] else "",
        f"{counts['left']} only on the left" if counts["left"] else "",
        f"{counts['right']} only on the right" if counts["right"] else "",
    ]
    return "  ·  ".join(filter(None, parts))


def _both(library: "Library", left: str, right: str) -> Both:
    one, other = _told(library, left), _told(library, right)
    return Both(one, other, aligned(one.steps, other.steps))


def _told(library: "Library", identifier: str) -> Trajectory:
    """The trajectory of that id, else the run."""
    if identifier in library:
        return library.get(identifier)
    from workbench.report.story import story_of

    return of_run(story_of(library.run_events(identifier)))
