"""How a run ended, in words, and what can be done with it now."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ui.orders.joining import Verdict, judge, verdict_on
from ui.orders.lending import allow, name_of
from ui.qt.core import Core
from ui.qt.notices import Notice
from ui.qt.run.helm import Helm
from ui.qt.run.verdict_row import VerdictRow
from ui.qt.theme.dressing import look
from workbench import events
from workbench.events import RunEnded, RunStarted
from workbench.report.words import duration, sentence, tidy

if TYPE_CHECKING:
    from workbench.library.store import Library

_LOOKS = {"finished": "good", "failed": "bad", "stopped": "warning"}
_LONGEST = 300


class OutcomeBar(QFrame):
    """Shown once a run is over; `left` asks for another task, `resumed` has the run that is to be gone on with."""

    left = Signal()
    resumed = Signal(str)

    def __init__(self, core: Core, helm: Helm) -> None:
        super().__init__()
        self._core, self._helm = core, helm
        self._told: list[events.Event] = []
        look(self, "bar")
        self.setAccessibleName("How the run ended")
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        self._open = self._button("Open trajectory", "Look at what was done, step by step", self._show)
        self._replay = self._button("Replay", "Do it again without a model", self._again)
        self._resume = self._button("Resume", "Go on from the last verified step", self._go_on)
        self._report = self._button("Report…", "Write a report that opens in a browser", self._write)
        self._new = self._button("New task", "Begin another run (Ctrl+N)", self.left.emit)
        self._new.setShortcut("Ctrl+N")
        for button in (self._open, self._replay, self._resume, self._report, self._new):
            row.addWidget(button)
        self.verdict = VerdictRow()
        self.verdict.judged.connect(self._judge)
        self.verdict.joined.connect(self._join)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.verdict)
        self.hide()

    def show_end(self, told: list[events.Event]) -> None:
        """Tell how these events ended; the run's log is closed where its process could not do that."""
        self._told = told
        self.verdict.show_verdict(None)
        started, ended = _ends_of(told)
        kept = started is not None and started.trajectory is not None
        outcome = ended.outcome if ended else "stopped"
        look(self._words, _LOOKS[outcome])
        self._words.setText(_said(told, ended))
        self._open.setVisible(kept)
        self._replay.setVisible(kept)
        self._resume.setVisible(kept and outcome != "finished")
        self._report.setVisible(started is not None)
        look(self._open, "primary" if kept else "")
        self.show()
        if kept and started is not None and ended is not None:
            self._core.tasks.with_library(lambda library: _closed(library, started.run, ended), self._kept)

    def _button(self, words: str, tip: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(tip)
        button.clicked.connect(lambda _checked=False: act())
        return button

    @property
    def _trajectory(self) -> str:
        started, _ = _ends_of(self._told)
        return (started.trajectory or "") if started else ""

    def _kept(self, verdict: Verdict | None) -> None:
        self._core.library_changed.emit(self._trajectory)
        self.verdict.show_verdict(verdict)

    def _judge(self, reached: bool) -> None:
        started, _ = _ends_of(self._told)
        if started is not None:
            run = started.run
            self._core.tasks.with_library(
                lambda library: judge(library, run, reached=reached), self.verdict.show_verdict
            )

    def _join(self) -> None:
        one = self._trajectory
        self.verdict.lend.hide()
        self._core.tasks.with_library(
            lambda library: allow(library, one), lambda _done: self._core.library_changed.emit(one)
        )

    def _show(self) -> None:
        self._core.trajectory_wanted.emit(self._trajectory, 1)

    def _again(self) -> None:
        self._core.replay_wanted.emit(self._trajectory)

    def _go_on(self) -> None:
        started, _ = _ends_of(self._told)
        if started is not None:
            self.resumed.emit(started.run)

    def _write(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "A folder for the report")
        if chosen:
            told, folder = self._told, Path(chosen)
            self._core.tasks.with_library(lambda library: _report(library, told, folder), self._written)

    def _written(self, page: Path) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

        self._core.notices.say(Notice(f"The report is in {page}.", "good", action="Open", act=show))


def _ends_of(told: list[events.Event]) -> tuple[RunStarted | None, RunEnded | None]:
    started = next((each for each in told if isinstance(each, RunStarted)), None)
    ended = next((each for each in reversed(told) if isinstance(each, RunEnded)), None)
    return started, ended


def _said(told: list[events.Event], ended: RunEnded | None) -> str:
    if ended is None:
        return "Stopped before it began."
    done = sum(isinstance(each, events.StepEnded) and each.status in ("done", "repaired") for each in told)
    steps = "1 step" if done == 1 else f"{done} steps"
    reason = f" {sentence(tidy(ended.reason, _LONGEST))}" if ended.reason else ""
    return f"{ended.outcome.capitalize()}: {steps}, {duration(ended.elapsed_ms)}.{reason}"


def _closed(library: "Library", run: str, ended: RunEnded) -> Verdict | None:
    library.end_run(run, ended)
    return verdict_on(library, run)


def _report(library: "Library", told: list[events.Event], folder: Path) -> Path:
    from workbench.report.html import make_folder, write_html

    make_folder(folder)
    return write_html(told, library.frames.load, folder, called=lambda lent: name_of(library, lent))
