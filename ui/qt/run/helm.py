"""A model's run as a person steers it: what it waits for now, and the answers that may be given."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from agents.session.messages import MODULE, AgentOrder
from ui.qt.conducting import Asked, Commission, Conductor, Place
from ui.qt.core import Core
from workbench import events
from workbench.actions import kind as kind_of
from workbench.approval import Decision
from workbench.desktop.hand import Hand
from workbench.errors import UnavailableError
from workbench.geometry import Point
from workbench.locate.verdict import Verdict
from workbench.trajectory import Step

Kind = Literal["decision", "answer", "place", "pause", "hands"]

_NEEDS: dict[Kind, str] = {
    "decision": "Step {step} of a run waits for approval",
    "answer": "A run asks you something.",
    "place": "A run did not find a place and asks you for it.",
    "pause": "A run waits for you.",
    "hands": "The desktop is yours: do the step, then let the run go on.",
}

_THINKING_FROM = (events.RunStarted, events.StepEnded, events.TakeOverEnded)


@dataclass(frozen=True)
class Waiting:
    """What the run waits for.

    A `decision` about the step in `asked`, an `answer` to the question in `words`, a `place` that was not found, going
    on after a `pause`, or the end of what a person does with their own `hands`.
    """

    kind: Kind
    index: int
    words: str = ""
    asked: Asked | None = None

    @property
    def sentence(self) -> str:
        """What is needed, for people who look elsewhere: of a step its kind and its risk, never its texts."""
        if self.asked is None or self.asked.proposed is None:
            return _NEEDS[self.kind].format(step=self.index)
        does = kind_of(self.asked.proposed.step.action).replace("_", " ")
        return f"{_NEEDS[self.kind].format(step=self.index)}: {does}, {self.asked.event.risk}."


class Helm(QObject):
    """One run at a time; everything on the window's thread.

    `changed` says that what it waits for, or whether it runs, is another now. `heard` has every event, `placed` the
    desktop once it is there, `over` all events at the end. An answer that is not waited for does nothing.

    While the person acts on a private desktop `hand` is theirs there.
    """

    changed = Signal()
    heard = Signal(object)
    placed = Signal(object)
    over = Signal(list)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._conductor = Conductor(core.tasks, self)
        self.waiting: Waiting | None = None
        self.order: AgentOrder | None = None
        self.place: Place | None = None
        self.hand: Hand | None = None
        self.thinking_since_s: float | None = None
        self.stopping = False
        self._connect()

    @property
    def running(self) -> bool:
        """Whether a run goes on."""
        return self._conductor.running

    def begin(self, order: AgentOrder, *, size: str | None, applications: tuple[str, ...]) -> None:
        """Start the run on this desktop or, with a size, on a private one."""
        self.order, self.place, self.stopping = order, None, False
        self._conductor.begin(Commission(order, MODULE, size, applications, order.secrets))
        self._core.begins("run", "a run of a model")
        self.changed.emit()

    def approve(self, ahead: int = 0) -> None:
        """Let the step happen, and so many more of its kind."""
        self._decide(Decision("approve", "person", next_same=ahead))

    def approve_batch(self, size: int) -> None:
        """Let the step happen, and so many of those that history expects behind it."""
        self._decide(Decision("approve", "person", ahead=size))

    def modify(self, step: Step) -> None:
        """Have another step in its place."""
        self._decide(Decision("modify", "person", "changed by the person", step))

    def reject(self, words: str) -> None:
        """Refuse the step, with words for the model or without."""
        said = " ".join(words.split())
        reason = f"refused by the person: {said}" if said else "refused by the person"
        self._decide(Decision("reject", "person", reason, words=said))

    def take_over(self) -> None:
        """The person does it with their own hands, until they go on."""
        self._decide(Decision("take-over", "person", "the person took over"))

    def answer(self, words: str) -> None:
        """Answer the question; empty words say that nobody knows."""
        waiting = self._expecting("answer")
        if waiting:
            self._conductor.answer(waiting.index, words.strip() or None)

    def point_at(self, place: Point | None) -> None:
        """Name the place, or say that one clicks on it on the desktop itself now."""
        waiting = self._expecting("place")
        if waiting:
            self._conductor.point(waiting.index, place)

    def go_on(self) -> None:
        """Go on after a pause, or behind the step that the person did themself, once their hand has let go."""
        waiting = self._expecting("pause", "hands")
        if waiting:
            self._withdraw_hand(partial(self._resume, waiting.index))

    def change_memory(self, change: Mapping[str, Any]) -> bool:
        """Have the memory changed before the next thought; whether the run could hear it."""
        return self._conductor.change_memory(change)

    def stop(self) -> None:
        """End the run; what was done is kept."""
        if self.running and not self.stopping:
            self.stopping = True
            self._set(None)
            self._conductor.stop()
            self._withdraw_hand()

    def _connect(self) -> None:
        conductor = self._conductor
        conductor.heard.connect(self._hear)
        conductor.asked.connect(lambda asked: self._wait(Waiting("decision", asked.index, asked=asked)))
        conductor.question.connect(lambda index, words: self._wait(Waiting("answer", index, words)))
        conductor.drifted.connect(self._drifted)
        conductor.paused.connect(lambda index, taken: self._wait(Waiting("hands" if taken else "pause", index)))
        conductor.placed.connect(self._placed)
        conductor.failed.connect(self._core.notices.error)
        conductor.over.connect(self._over)
        self._core.stop_wanted.connect(self.stop)

    def _drifted(self, index: int, verdict: Verdict) -> None:
        self._wait(Waiting("place", index, verdict.reason))

    def _decide(self, decision: Decision) -> None:
        waiting = self._expecting("decision")
        if waiting:
            self._conductor.decide(waiting.index, decision)

    def _expecting(self, *kinds: Kind) -> Waiting | None:
        """What is waited for, where it is one of these; it is answered from now on."""
        waiting = self.waiting
        if waiting is None or waiting.kind not in kinds:
            return None
        self._set(None)
        return waiting

    def _wait(self, waiting: Waiting) -> None:
        if not self.stopping:
            self._lend_hand(waiting)
            self._set(waiting)
            self._core.need(waiting.sentence, "run")

    def _set(self, waiting: Waiting | None) -> None:
        self.waiting = waiting
        self.changed.emit()

    def _resume(self, index: int) -> None:
        self._conductor.resume(index, "continue")

    def _lend_hand(self, waiting: Waiting) -> None:
        """On this desktop people have hands of their own."""
        if waiting.kind == "hands" and self.place is not None and self.place.private:
            self.hand = Hand(self.place.environment, self._hand_refused)

    def _withdraw_hand(self, then: Callable[[], None] = lambda: None) -> None:
        """Have it do what it was asked for and let go; then do that, on the window's thread."""
        hand, self.hand = self.hand, None
        if hand is None:
            then()
        else:
            hand.close(partial(self._core.tasks.back, then))

    def _hand_refused(self, text: str) -> None:
        """On the hand's thread."""
        error = UnavailableError(text)
        self._core.tasks.back(lambda: self._core.notices.error(error))

    def _hear(self, event: events.Event) -> None:
        if isinstance(event, _THINKING_FROM):
            self.thinking_since_s = time.monotonic()
        elif isinstance(event, events.StepProposed | events.RunEnded):
            self.thinking_since_s = None
        self.heard.emit(event)

    def _placed(self, place: Place) -> None:
        self.place = place
        self.placed.emit(place)

    def _over(self, told: list[events.Event]) -> None:
        self.waiting, self.thinking_since_s = None, None
        self._withdraw_hand()
        self._core.ends("run")
        self.over.emit(told)
        self.changed.emit()
