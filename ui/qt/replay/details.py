"""All that is known of a step: what it does, what each witness said, what was missed, how long it took."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.replay.evidence import verdict_in_words, votes_in_words, witness_colour
from ui.qt.replay.progress import StepProgress
from ui.qt.theme.dressing import look
from workbench.report.words import caption, duration, sentence
from workbench.trajectory import Step


class Details(QScrollArea):
    """The right side while a run is looked at."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Details of the step")
        look(self, "read")
        self._shown: object = None
        self.show_step(0, None, StepProgress())

    def show_step(self, number: int, step: Step | None, progress: StepProgress) -> None:
        """Show this step; without one, say how to choose one."""
        shown = (number, step, progress, self._core.dress.colours)
        if shown == self._shown:
            return
        self._shown = shown
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        if step is None:
            column.addWidget(_text("Choose a step to see what is known of it.", "faint"))
        else:
            self._fill(column, number, step, progress=progress)
        column.addStretch()
        self.setWidget(page)

    def _fill(self, column: QVBoxLayout, number: int, step: Step, *, progress: StepProgress) -> None:
        column.addWidget(_text(f"Step {number}", "faint"))
        column.addWidget(_text(sentence(caption(step)), "heading"))
        ended = progress.ended
        if progress.words:
            looks = {"good": "good", "warning": "warning", "bad": "bad"}
            column.addWidget(_text(sentence(progress.words), looks.get(progress.mood, "faint")))
        else:
            column.addWidget(_text("It was not up yet.", "faint"))
        if ended is not None and ended.message and not progress.halted:
            column.addWidget(_text(sentence(ended.message)))
        if progress.verdict is not None:
            self._witnesses(column, progress)
        if ended is not None and ended.differed:
            column.addSpacing(8)
            column.addWidget(_text("Expected and not seen", "heading"))
            for words in ended.differed:
                column.addWidget(_text(sentence(words), "bad"))
        if ended is not None:
            column.addSpacing(8)
            column.addWidget(_text("Time", "heading"))
            column.addWidget(_text(_time(progress), "faint"))

    def _witnesses(self, column: QVBoxLayout, progress: StepProgress) -> None:
        column.addSpacing(8)
        column.addWidget(_text("Place", "heading"))
        for words, verdict in (("", progress.verdict), ("Destination: ", progress.end)):
            if verdict is None:
                continue
            column.addWidget(_text(words + verdict_in_words(verdict)))
            if verdict.votes:
                column.addLayout(self._votes(progress if not words else StepProgress(verdict=verdict)))

    def _votes(self, progress: StepProgress) -> QGridLayout:
        """A line per witness, its colour before it."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        assert progress.verdict is not None
        votes = progress.verdict.votes
        rows = zip(votes, votes_in_words(votes), strict=True)
        for row, (vote, (name, said, why)) in enumerate(rows):
            spot = QLabel()
            pixmap = QPixmap(9, 9)
            pixmap.fill(QColor(witness_colour(vote.witness, self._core.dress.colours)))
            spot.setPixmap(pixmap)
            grid.addWidget(spot, 2 * row, 0)
            grid.addWidget(_text(name), 2 * row, 1)
            grid.addWidget(_text(said, "" if vote.state == "found" else "warning"), 2 * row, 2)
            if why:
                grid.addWidget(_text(why, "faint"), 2 * row + 1, 1, 1, 2)
        return grid


def _text(words: str, style: str = "") -> QLabel:
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if style:
        look(made, style)
    return made


def _time(progress: StepProgress) -> str:
    ended = progress.ended
    assert ended is not None
    waited = f", of which {duration(ended.waited_ms)} waiting" if ended.waited_ms >= 1 else ""
    return f"{duration(ended.elapsed_ms)} in all{waited}."
