"""Recording a part of a trajectory again in the window: from the page that asks to the moment the recording begins."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.orders.again import Again, planned
from ui.qt.conducting import Asked
from ui.qt.core import Core
from ui.qt.parts.card import Choice, Line
from ui.qt.recording.again_page import AgainPage
from ui.qt.recording.lead_up import LeadUp
from ui.qt.recording.wish import Wish
from workbench.approval import Decision
from workbench.errors import WorkbenchError
from workbench.report.words import caption, sentence
from workbench.rerecording import Stretch

if TYPE_CHECKING:
    from workbench.library.store import Library

NAME, ROOM = "lead-up", "recording"
YES, NO = Decision("approve", "person"), Decision("stop", "person", "refused in the window")


class Retake(QObject):
    """Leads from the question to the recording. `asks` wants the page shown; `ready` has a `Wish` and the `Again`."""

    asks = Signal()
    ready = Signal(object, object)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self.page = AgainPage(core)
        self._lead_up = LeadUp(core, self)
        self._again: Again | None = None
        self._commands: tuple[str, ...] = ()
        self._connect()

    @property
    def busy(self) -> bool:
        """Whether the replay that leads up to the recording goes on."""
        return self._lead_up.busy

    def open(self, identifier: str, stretch: Stretch) -> None:
        """Ask about recording those steps of the trajectory again."""
        if self.busy:
            return

        def plan(library: "Library") -> Again:
            return planned(library, identifier, stretch, lambda _: None)

        self._core.tasks.with_library(plan, self._planned)

    def show_error(self, error: WorkbenchError) -> None:
        """Say on the page why no recording began."""
        self.page.show_error(error)

    def _connect(self) -> None:
        page, lead_up = self.page, self._lead_up
        page.wanted.connect(self._begin)
        page.stopped.connect(lead_up.stop)
        page.left.connect(self._leave)
        lead_up.progressed.connect(page.show_progress)
        lead_up.asked.connect(self._ask)
        lead_up.question.connect(self._question)
        lead_up.arrived.connect(self._arrived)
        lead_up.failed.connect(self._failed)

    def _planned(self, again: Again) -> None:
        self._again = again
        self.page.show_trajectory(again.trajectory, again.stretch)
        self.asks.emit()
        self.page.setFocus()

    def _begin(self, again: Again, commands: tuple[str, ...]) -> None:
        if self.busy:
            return
        self._again, self._commands = again, commands
        self._core.begins(NAME, "a replay that leads up to a recording")
        self._lead_up.begin(again, commands)

    def _ask(self, asked: Asked) -> None:
        step = asked.proposed.step if asked.proposed else None
        lines = [Line(sentence(caption(step)))] if step is not None else []
        lines += [Line(sentence(asked.event.reason), "warning")] if asked.event.reason else []
        decide = partial(self._decide, asked.index)
        yes = Choice("&Approve", lambda: decide(YES), "Return", "primary")
        no = Choice("Re&fuse and stop", lambda: decide(NO))
        self.page.card.ask(f"May step {asked.index} happen?", lines, [yes, no])
        self._core.need("A step before the recording waits for you", ROOM)

    def _decide(self, index: int, decision: Decision) -> None:
        self.page.card.clear()
        self._lead_up.conductor.decide(index, decision)

    def _question(self, index: int, words: str) -> None:
        def answer() -> None:
            field = self.page.card.field
            text = field.text() if field is not None else None
            self.page.card.clear()
            self._lead_up.conductor.answer(index, text)

        yes = Choice("&Answer", answer, "Return", "primary")
        self.page.card.ask(f"Step {index} asks", [Line(words)], [yes], field="Your answer")
        self._core.need("A step before the recording asks you something", ROOM)

    def _arrived(self, replayed: bool) -> None:
        again = self._again
        assert again is not None, "a replay leads up to something"
        self._core.ends(NAME)
        self.page.show_progress("Starting the recording …")
        started: tuple[str, ...] = () if replayed else self._commands
        self.ready.emit(Wish(title=again.title, task=again.trajectory.task, commands=started), again)

    def _failed(self, error: WorkbenchError) -> None:
        self._core.ends(NAME)
        self._core.library_changed.emit(self._again.trajectory.id if self._again else "")
        self.page.show_error(error)

    def _leave(self) -> None:
        if self._again is not None:
            self._core.trajectory_wanted.emit(self._again.trajectory.id, self._again.stretch.first)
