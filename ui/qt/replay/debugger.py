"""A replay that a person steers: what is replayed, how far it has come, where it pauses and what it waits for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from ui.orders.mending import agreed_in_advance, keep
from ui.orders.replay import Steps, end_log, module_of, summary, with_kept
from ui.qt.conducting import Asked, Commission, Conductor
from ui.qt.core import Core
from ui.qt.replay.progress import Progress
from ui.qt.replay.wish import Loaded, Setup, load, orders_of, with_breaks
from workbench import events
from workbench.approval import Decision
from workbench.errors import WorkbenchError
from workbench.geometry import Point
from workbench.mending import Mend, mends_of
from workbench.report.document import document_of
from workbench.session.messages import Order, Resume, Steer
from workbench.session.replaying import secret_names
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

State = Literal["empty", "ready", "starting", "running", "paused", "asking", "offering"]
"""Nothing is open; a run can begin, comes up, goes, waits for `proceed`, for an answer; its repairs are offered."""

_NAME = "replay"

_NEEDS: dict[State, str] = {
    "asking": "A replay asks you something.",
    "paused": "A replay waits for you.",
    "offering": "A replay offers what it repaired.",
}


@dataclass(frozen=True)
class Ended:
    """A run that is over: its events, how it went in a line, what it repaired; `row` counts from 1 of `rows`."""

    order: Order
    told: Sequence[events.Event]
    summary: str
    outcome: str
    mends: tuple[Mend, ...]
    row: int
    rows: int


class Debugger(QObject):
    """One trajectory and its runs. For the window's thread; all work happens elsewhere.

    `opened` says that there are other steps, `stepped` which step's progress changed, `steered` that breakpoints or
    `state` did. `asked` (an `Asked`), `question` (index, words) and `drifted` (index) wait for an answer, `taken_over`
    (index) for `proceed`. `ended` has an `Ended`, `kept` the id of a trajectory that was repaired.
    """

    opened = Signal()
    stepped = Signal(int)
    steered = Signal()
    asked = Signal(object)
    question = Signal(int, str)
    drifted = Signal(int)
    taken_over = Signal(int)
    ended = Signal(object)
    kept = Signal(str)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self.conductor = Conductor(core.tasks, self)
        self.loaded: Loaded | None = None
        self.progress = Progress()
        self.breaks: frozenset[int] = frozenset()
        self.state: State = "empty"
        self.setup = Setup()
        self.row = 0
        self._orders: list[Order] = []
        self._until = 0
        self._again = self._cancelled = False
        self._last: Ended | None = None
        self._connect()

    @property
    def busy(self) -> bool:
        """Whether a run goes on, or comes up."""
        return self.state not in ("empty", "ready")

    @property
    def rows(self) -> int:
        """How many runs there are in all."""
        return len(self._orders)

    def open(self, name: str) -> None:
        """Show another trajectory; not while a run goes on."""
        self._core.tasks.with_library(lambda library: load(library, name), self._opened)

    def refresh(self) -> None:
        """Show the newest revision of what is open, unless a run goes on."""
        if self.loaded is not None and not self.busy:
            self.open(self.loaded.trajectory.id)

    def toggle_break(self, index: int) -> None:
        """Set a breakpoint before the step, or take it away; a run that goes on hears of it."""
        self.breaks = self.breaks ^ {index}
        self._steer()
        self.steered.emit()

    def begin(self, setup: Setup, *, single: bool = False, until: int = 0) -> None:
        """Begin a run; with `single` it pauses before its first step, and `until` before that step."""
        loaded = self.loaded
        if loaded is None or self.busy:
            return
        self.setup, self._until, self.row, self._orders = setup, until, 0, []
        self._cancelled = False
        self._to("starting")
        self._core.begins(_NAME, "a replay")
        at, name = Steps(breaks=self._stops(), single=single), loaded.trajectory.id
        self._core.tasks.with_library(
            lambda library: orders_of(library, name, setup, at), self._ordered, self._not_ordered
        )

    def proceed(self, word: Resume = "continue", *, until: int = 0) -> None:
        """Go on after a pause: on and on, for one step, or to that step."""
        if self.state == "paused":
            self._until = until
            self._steer()
            self._to("running")
            self.conductor.resume(self.progress.current, word)

    def run_to(self, index: int, setup: Setup) -> None:
        """Pause before that step, whether the run has yet to begin, waits or goes on."""
        if self.state == "ready":
            self.begin(setup, until=index)
        elif self.state == "paused":
            self.proceed(until=index)
        elif self.busy:
            self._until = index
            self._steer()

    def pause(self) -> None:
        """Pause before the next step."""
        if self.state == "running":
            self.conductor.steer(Steer(self._stops(), pause=True))

    def stop(self) -> None:
        """End the run, and the rows that have not begun; what is done stays done."""
        if self.state == "offering":
            self.leave()
            return
        self._orders, self._cancelled = self._orders[: self.row], True
        self.conductor.stop()

    def restart(self, setup: Setup) -> None:
        """Begin anew, ending the run that goes on first."""
        self.setup = setup
        if self.conductor.running:
            self._again = True
            self.stop()
        else:
            self.begin(setup)

    def decide(self, index: int, decision: Decision) -> None:
        """Answer `asked`."""
        self._answered(wanted=self.conductor.decide(index, decision))

    def answer(self, index: int, words: str | None) -> None:
        """Answer `question`."""
        self._answered(wanted=self.conductor.answer(index, words))

    def point(self, index: int, where: Point | None, *, will: bool = True) -> None:
        """Answer `drifted`: the place, or whether the person clicks on it on the desktop itself."""
        self._answered(wanted=self.conductor.point(index, where, will=will))

    def keep(self) -> None:
        """Keep what the last run repaired, and go on with the next row."""
        last = self._last
        if self.state != "offering" or last is None:
            return
        rest = self._orders[self.row :]
        self._core.tasks.with_library(lambda library: _kept(library, last, rest), self._was_kept, self._not_kept)

    def leave(self) -> None:
        """Leave the trajectory as it is, and go on with the next row."""
        if self.state == "offering":
            self._to("ready")
            self._next()

    def _connect(self) -> None:
        run = self.conductor
        run.heard.connect(self._heard)
        run.asked.connect(self._asks)
        run.question.connect(lambda index, words: self._asks_for(lambda: self.question.emit(index, words)))
        run.drifted.connect(lambda index, _: self._asks_for(lambda: self.drifted.emit(index)))
        run.paused.connect(self._paused)
        run.failed.connect(self._core.notices.error)
        run.over.connect(self._over)
        self._core.stop_wanted.connect(self.stop)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(run.stop)

    def _opened(self, loaded: Loaded) -> None:
        if self.busy:
            return
        shown = self.loaded.trajectory if self.loaded else None
        known = shown is not None and shown.id == loaded.trajectory.id
        if known and shown == loaded.trajectory:
            return
        self.breaks = self.breaks if known else frozenset()
        self.loaded, self.progress, self._last = loaded, Progress(), None
        self._to("ready")
        self.opened.emit()

    def _ordered(self, orders: list[Order]) -> None:
        self._orders = [] if self._cancelled else orders
        self._next()

    def _not_ordered(self, error: WorkbenchError) -> None:
        self._core.notices.error(error)
        self._rest()

    def _next(self) -> None:
        if self.row >= len(self._orders):
            self._rest()
            return
        order = self._orders[self.row] if self.row == 0 else with_breaks(self._orders[self.row], self._stops())
        self._orders[self.row] = order
        self.row += 1
        self.progress = Progress()
        self._to("starting")
        self.stepped.emit(0)
        secrets = () if order.pace.dry else secret_names(order.trajectory)
        setup = self.setup
        self.conductor.begin(
            Commission(order, module_of(order), size=setup.size, applications=setup.applications, secrets=secrets)
        )

    def _heard(self, event: events.Event) -> None:
        if isinstance(event, events.RunStarted):
            self._steer()
        if self.state == "starting" or isinstance(event, events.ApprovalDecided | events.TakeOverEnded):
            self._to("running")
        changed = self.progress.hear(event)
        if changed:
            self.stepped.emit(changed)

    def _paused(self, index: int, taken_over: bool) -> None:
        if index == self._until:
            self._until = 0
        self._to("paused")
        self.stepped.emit(index)
        if taken_over:
            self.taken_over.emit(index)

    def _asks(self, asked: Asked) -> None:
        self._to("asking")
        self.asked.emit(asked)

    def _asks_for(self, tell: Callable[[], None]) -> None:
        self._to("asking")
        tell()

    def _answered(self, *, wanted: bool) -> None:
        if wanted:
            self._to("running")

    def _over(self, told: list[events.Event]) -> None:
        order, row = self._orders[self.row - 1], self.row
        rows = len(self._orders)

        def ending(library: "Library") -> Ended | None:
            if not told or not isinstance(told[0], events.RunStarted):
                return None
            end_log(order, told, library)
            document = document_of(told)
            return Ended(order, told, summary(document, order), document.outcome, mends_of(told), row, rows)

        self._core.tasks.with_library(ending, self._has_ended, self._not_ordered)

    def _has_ended(self, ended: Ended | None) -> None:
        self._last = ended
        was, self.progress.current = self.progress.current, 0
        self.stepped.emit(was)
        if ended is None:
            self._rest()
            return
        self.ended.emit(ended)
        self._core.library_changed.emit(ended.order.trajectory.id)
        if ended.outcome == "stopped":
            self._orders = self._orders[: self.row]
        self._to("offering" if ended.mends else "ready")
        if not ended.mends:
            self._next()
        elif agreed_in_advance(ended.order, ended.told):
            self.keep()

    def _was_kept(self, kept: tuple[list[str], list[Order]]) -> None:
        names, rest = kept
        self._orders[self.row :] = rest
        for name in names:
            self.kept.emit(name)
            self._core.library_changed.emit(name)
        self._to("ready")
        self._next()

    def _not_kept(self, error: WorkbenchError) -> None:
        self._core.notices.error(error)
        self.leave()

    def _rest(self) -> None:
        """Nothing goes on any more."""
        self._core.ends(_NAME)
        self._orders, self.row, self._until = [], 0, 0
        self._to("ready")
        if self._again:
            self._again = False
            self.begin(self.setup)
        else:
            self.refresh()

    def _steer(self) -> None:
        self.conductor.steer(Steer(self._stops()))

    def _stops(self) -> tuple[int, ...]:
        count = len(self.loaded.steps) if self.loaded else 0
        return tuple(sorted(index for index in {*self.breaks, self._until} if 1 <= index <= count))

    def _to(self, state: State) -> None:
        self.state = state
        self.steered.emit()
        if state in _NEEDS:
            self._core.need(_NEEDS[state], _NAME)


def _kept(library: "Library", ended: Ended, rest: Sequence[Order]) -> tuple[list[str], list[Order]]:
    name = ended.order.trajectory.id
    changed: Sequence[Trajectory] = keep(
        library, library.get(name), ended.mends, ended.order.run, read=ended.order.read
    )
    return [each.id for each in changed], with_kept(rest, library.get(name), library)
