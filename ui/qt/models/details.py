"""One model: what is known of it, what can be done with it, and what came of that."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.orders.model_facts import Facts
from ui.orders.model_trials import Calibrated, Question, report_text
from ui.qt.core import Core
from ui.qt.models.trying import Outcome, Trying
from ui.qt.models.work import Trials
from ui.qt.parts.forms import faint
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import StoppedError, WorkbenchError

if TYPE_CHECKING:
    from agents.runtime.checking import CheckReport
    from agents.runtime.ports import Answer
    from ui.orders.embedding import LibraryRead

_DOING = {
    "check": "Checking {} …",
    "calibrate": "Calibrating {} …",
    "try": "Asking {} …",
    "read": "{} reads the library …",
}
_COUNTED = {"read": "entries read"}


class Details(QScrollArea):
    """Shows one model; `changed` says that calibrating found out something, `removed` that one has gone."""

    changed = Signal(str)
    removed = Signal(str)

    def __init__(self, core: Core, trials: Trials) -> None:
        super().__init__()
        self._core, self._trials = core, trials
        self._facts: Facts | None = None
        self.setAccessibleName("The chosen model")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name = QLabel(textFormat=Qt.TextFormat.PlainText)
        look(self.name, "title")
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        look(self.title, "pill")
        self.about = faint("")
        self.trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        look(self.trouble, "bad")
        self.lines = QFormLayout()
        self.check, self.calibrate, self.remove = (
            QPushButton("&Check"),
            QPushButton("Ca&librate"),
            QPushButton("Remove…"),
        )
        self.read = QPushButton("&Read the library")
        self.outcome, self.trying = Outcome(), Trying()
        self._arrange()
        self._connect()

    @property
    def facts(self) -> Facts | None:
        """What is shown."""
        return self._facts

    def show_facts(self, facts: Facts) -> None:
        """Show this model; what was found out about another one goes."""
        other = self._facts is None or self._facts.name != facts.name
        self._facts = facts
        self.name.setText(facts.name)
        self.title.setText(facts.title)
        self.about.setText(facts.about)
        self.about.setVisible(bool(facts.about))
        self.trouble.setText(facts.trouble)
        self.trouble.setVisible(bool(facts.trouble))
        self._show_lines(facts)
        if other and not self._trials.running:
            self.trying.clear()
            self._show_kept(facts)
        self._allow()

    def _show_kept(self, facts: Facts) -> None:
        """The picture of an earlier calibration."""
        self.outcome.clear()
        if facts.picture:
            self.outcome.end("Where it hit and missed when it was calibrated", "")
            self._draw(facts.picture)

    def _show_lines(self, facts: Facts) -> None:
        while self.lines.rowCount():
            self.lines.removeRow(0)
        for name, words in facts.lines:
            key = faint(name)
            key.setWordWrap(False)
            value = QLabel(words, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.lines.addRow(key, value)

    def _arrange(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self.name)
        head.addWidget(self.title, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch()
        column.addLayout(head)
        column.addWidget(self.about)
        column.addWidget(self.trouble)
        self.lines.setHorizontalSpacing(3 * SPACE)
        self.lines.setVerticalSpacing(SPACE // 2)
        self.lines.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(self.lines)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for button in (self.check, self.calibrate, self.read):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.remove)
        column.addSpacing(SPACE)
        column.addLayout(row)
        column.addWidget(self.outcome)
        column.addWidget(self.trying)
        column.addStretch()
        self.setWidget(inside)

    def _connect(self) -> None:
        look(self.remove, "danger")
        self.check.setToolTip("Load it, show it a picture and measure how fast it is (Alt+C)")
        self.calibrate.setToolTip("Find out how it counts places and how well it hits (Alt+L)")
        self.read.setToolTip("Have it read what is new, so that past work is found by what it means (Alt+R)")
        self.read.clicked.connect(self._read)
        self.check.clicked.connect(self._check)
        self.calibrate.clicked.connect(self._calibrate)
        self.remove.clicked.connect(self._ask_removal)
        self.trying.wanted.connect(self._ask)
        self.trying.stopped.connect(self._trials.stop)
        self.outcome.stopped.connect(self._trials.stop)
        self._trials.began.connect(self._began)
        self._trials.progressed.connect(self.outcome.progress)
        self._trials.heard.connect(self.trying.hear)
        self._trials.sent.connect(self._core.notices.info)
        self._trials.ended.connect(self._allow)

    def _began(self, name: str, doing: str) -> None:
        if doing == "try":
            self.trying.begin()
        else:
            self.outcome.begin(_DOING[doing].format(name), _COUNTED.get(doing, "questions answered"))
        self._allow()

    def _allow(self) -> None:
        facts, idle = self._facts, not self._trials.running
        usable = facts is not None and not facts.trouble
        self.check.setEnabled(idle and usable)
        self.calibrate.setEnabled(idle and usable and facts is not None and facts.sees and facts.answers)
        self.calibrate.setVisible(facts is None or facts.answers)
        self.read.setVisible(facts is not None and not facts.answers)
        self.read.setEnabled(idle and usable)
        self.remove.setEnabled(idle and facts is not None and not facts.comes_along)
        if facts is not None:
            self.trying.allow(sees=facts.sees, answers=facts.answers and usable, idle=idle)

    def _read(self) -> None:
        if self._facts is not None:
            self._trials.read_library(self._facts.name, self._has_read, self._failed)

    def _has_read(self, read: "LibraryRead") -> None:
        new = f"{read.entries} entries were new to it; runs search by its vectors now"
        self.outcome.end(f"{read.embedder} has read the library", new, weight="faint")

    def _check(self) -> None:
        if self._facts is not None:
            self._trials.check(self._facts.name, self._checked, self._failed)

    def _checked(self, report: "CheckReport") -> None:
        words = f"{report.name} {'works' if report.ok else 'does not work as it should'}"
        self.outcome.end(words, report_text(report).rpartition("\n")[0])

    def _calibrate(self) -> None:
        if self._facts is not None:
            self._trials.calibrate(self._facts.name, self._calibrated, self._failed)

    def _calibrated(self, found: Calibrated) -> None:
        from agents.runtime.pointing.calibrating import table

        self.outcome.end(f"{found.profile.model} was calibrated", table(found.profile))
        self._draw(str(found.picture))
        self.changed.emit(found.profile.model)

    def _draw(self, file: str) -> None:
        """Read the picture in the background, and show it while its model is."""
        name = self._facts.name if self._facts else ""

        def arrived(data: bytes) -> None:
            picture = QPixmap()
            if self._facts is not None and self._facts.name == name and picture.loadFromData(data):
                self.outcome.draw(picture)

        self._core.tasks.soon(partial(_bytes_of, file), arrived)

    def _failed(self, error: WorkbenchError) -> None:
        stopped = isinstance(error, StoppedError)
        self.outcome.end(
            "Stopped" if stopped else "That did not work", str(error), weight="faint" if stopped else "bad"
        )

    def _ask(self, question: Question) -> None:
        if self._facts is not None:
            self._trials.ask(self._facts.name, question, self._answered, failed=self._unanswered)

    def _answered(self, answer: "Answer") -> None:
        from ui.orders.model_trials import shown

        timings = answer.timings
        cut = " It was cut off: allow a longer answer, or ask for less." if answer.finish == "length" else ""
        took_s = (timings.image_ms + timings.prompt_ms + timings.answer_ms) / 1000
        self.trying.end(shown(answer.text), f"{timings.answer_tokens} tokens in {took_s:.1f} s.{cut}")

    def _unanswered(self, error: WorkbenchError) -> None:
        self.trying.end(None, str(error), bad=not isinstance(error, StoppedError))

    def _ask_removal(self) -> None:
        if self._facts is None:
            return
        name = self._facts.name
        box = QMessageBox(QMessageBox.Icon.Warning, "Remove a model", f"Remove the model “{name}”?", parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText("What was fetched for it is deleted. Files of your own stay where they are.")
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        look(remove, "danger")
        box.setDefaultButton(box.addButton("Keep", QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove.clicked.connect(lambda: self._remove(name))
        box.open()

    def _remove(self, name: str) -> None:
        self._core.tasks.soon(partial(_removed, name), lambda _files: self.removed.emit(name))


def _bytes_of(file: str) -> bytes:
    from pathlib import Path

    from workbench.errors import UnavailableError

    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise UnavailableError(f"{file} cannot be read: {error.strerror}; calibrate the model again") from error


def _removed(name: str) -> int:
    from agents.runtime.models.registry import Registry

    return len(Registry.usual().remove(name))
