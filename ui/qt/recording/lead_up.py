"""The replay that leads up to what is recorded again: the steps before it are done, then it is the person's turn."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from ui.orders.again import Again, halted, order_before
from ui.orders.replay import ReplayWish, end_log, module_of
from ui.qt.conducting import Commission, Conductor
from ui.qt.core import Core
from workbench import events
from workbench.errors import WorkbenchError
from workbench.report.document import document_of
from workbench.report.words import caption
from workbench.session.messages import Order
from workbench.session.replaying import secret_names

if TYPE_CHECKING:
    from workbench.library.store import Library

STOPPED = "the replay was stopped; nothing was recorded or changed"


class LeadUp(QObject):
    """Does what comes before, on this desktop; then exactly one of `arrived` and `failed` (an error) comes.

    `arrived` says whether a replay was needed, which then has started the applications. `progressed` has a line about
    how it goes. `asked` (`ui.qt.conducting.Asked`) and `question` are answered through `conductor`.
    """

    progressed = Signal(str)
    asked = Signal(object)
    question = Signal(int, str)
    arrived = Signal(bool)
    failed = Signal(object)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self.conductor = Conductor(core.tasks, self)
        self._again: Again | None = None
        self._order: Order | None = None
        self._error: WorkbenchError | None = None
        self._applications: tuple[str, ...] = ()
        self._connect()

    @property
    def busy(self) -> bool:
        """Whether it goes on, or comes up."""
        return self._again is not None

    def begin(self, again: Again, applications: tuple[str, ...]) -> None:
        """Begin; returns at once."""
        if self.busy:
            return
        self._again, self._order, self._error, self._applications = again, None, None, applications
        self.progressed.emit("The replay is coming up …")
        self._core.tasks.with_library(
            lambda library: order_before(again, ReplayWish(), library),
            partial(self._ordered, again),
            partial(self._end, again),
        )

    def stop(self) -> None:
        """End it; what was done stays done."""
        if self.conductor.running:
            self.conductor.stop()
        elif self._again is not None:
            self._end(self._again, WorkbenchError(STOPPED))

    def _connect(self) -> None:
        run = self.conductor
        run.heard.connect(self._heard)
        run.asked.connect(self.asked.emit)
        run.question.connect(self.question.emit)
        run.drifted.connect(lambda index, _: run.point(index, None, will=False))
        run.paused.connect(lambda index, _: run.resume(index, "continue"))
        run.failed.connect(self._broke)
        run.over.connect(self._over)
        self._core.stop_wanted.connect(self.stop)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(run.stop)

    def _ordered(self, again: Again, order: Order | None) -> None:
        if self._again is not again:
            return
        if order is None:
            self._again = None
            self.arrived.emit(False)
            return
        self._order = order
        secrets = secret_names(order.trajectory)
        self.conductor.begin(
            Commission(order, module_of(order), size=None, applications=self._applications, secrets=secrets)
        )

    def _heard(self, event: events.Event) -> None:
        if isinstance(event, events.StepProposed) and self._order is not None:
            count = len(self._order.trajectory.steps)
            self.progressed.emit(f"Replaying step {event.index} of {count}: {caption(event.step)}")

    def _broke(self, error: WorkbenchError) -> None:
        self._error = error

    def _over(self, told: list[events.Event]) -> None:
        again, order = self._again, self._order
        if again is None or order is None:
            return
        wanted, ordered = again, order

        def ending(library: "Library") -> str:
            end_log(ordered, told, library)
            return halted(wanted, document_of(told)) if told else STOPPED

        self._core.tasks.with_library(ending, partial(self._ended, again), partial(self._end, again))

    def _ended(self, again: Again, trouble: str) -> None:
        error = self._error or (WorkbenchError(trouble) if trouble else None)
        if error is not None:
            self._end(again, error)
        elif self._again is again:
            self._again = None
            self.arrived.emit(True)

    def _end(self, again: Again, error: WorkbenchError) -> None:
        """Tell it of the one that goes on; one that was stopped meanwhile has nothing more to say."""
        if self._again is again:
            self._again = None
            self.failed.emit(error)
