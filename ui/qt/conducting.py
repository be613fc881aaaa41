"""A run as the window sees it: events as signals, its questions answered when a person has decided.

The run itself is the same child process that the command line starts; here it is conducted on a thread of its own.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from ui.orders.desktops import Place, place
from ui.qt.tasks import Tasks
from workbench import events
from workbench.approval import Decision, Risk
from workbench.errors import WorkbenchError
from workbench.geometry import Point
from workbench.locate.verdict import Verdict
from workbench.session.messages import Resume, Steer
from workbench.session.parent import RunChild

STOPPED = "stopped in the window"

_LOOK_UP_S = 0.2
"""How often a run that waits for a person is asked whether it still lives."""


@dataclass(frozen=True)
class Commission:
    """What is to be carried out: the order, the process that does it, and where.

    `module` is the child's; `size` is that of a private desktop, empty for the usual one, None for this desktop, as
    `ui.orders.desktops.place` has it. `applications` are started there. `secrets` are fetched before the run begins.
    """

    order: Struct
    module: str
    size: str | None = None
    applications: Sequence[str] = ()
    secrets: Sequence[str] = ()


@dataclass(frozen=True)
class Asked:
    """A step waits for a decision."""

    index: int
    event: events.ApprovalAsked
    proposed: events.StepProposed | None


_Question = tuple[str, int]
"""What is asked for, and for which step: an answer that comes too late answers nothing."""


class _Questions:
    """What the run waits for, one thing at a time, between its thread and the window's."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: _Question | None = None
        self._answer: list[Any] = []
        self._stopped = False
        self._gone: Callable[[], str | None] = lambda: None

    @property
    def stopped(self) -> bool:
        return self._stopped

    def watch(self, gone: Callable[[], str | None]) -> None:
        """Wait for no answer once `gone` says why the run needs none."""
        self._gone = gone

    def gone(self) -> str | None:
        """Why the run needs no answer any more, if so."""
        return self._gone()

    def wait(self, question: _Question, ask: Callable[[], None]) -> Any:
        """Ask, and wait for the answer; None once the run is to stop, or its process has ended."""
        with self._changed:
            self._open, self._answer = question, []
        ask()
        with self._changed:
            while not (self._answer or self._stopped or self._gone()):
                self._changed.wait(_LOOK_UP_S)
            self._open = None
            return self._answer[0] if self._answer else None

    def give(self, question: _Question, answer: Any) -> bool:
        """Answer; whether somebody still waited for it."""
        with self._changed:
            wanted = self._open == question and not self._answer
            if wanted:
                self._answer = [answer]
                self._changed.notify_all()
            return wanted

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()


class Conductor(QObject):
    """Carries out one commission after the other; all signals come on the window's thread.

    `heard` has every event. `asked` (an `Asked`) waits for `decide`, `question` (index, words) for `answer`, `drifted`
    (index, verdict) for `point`, `paused` (index, whether a person took over) for `resume`. `placed` tells the desktop
    (a `Place`) once it is there. `over` has the list of all events, `failed` the error that ended the run instead or
    besides.
    """

    heard = Signal(object)
    asked = Signal(object)
    question = Signal(int, str)
    drifted = Signal(int, object)
    paused = Signal(int, bool)
    placed = Signal(object)
    over = Signal(list)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._child: RunChild | None = None
        self._questions = _Questions()
        self._running = False

    @property
    def running(self) -> bool:
        """Whether a run goes on."""
        return self._running

    def begin(self, commission: Commission) -> None:
        """Start it; raises RuntimeError while another one runs."""
        if self._running:
            raise RuntimeError("a run goes on already")
        self._running = True
        self._questions = _Questions()
        face = _Face(self, self._tasks, self._questions)
        self._tasks.aside(lambda: self._conducted(commission, face), self._ended, self._broke)

    def decide(self, index: int, decision: Decision) -> bool:
        """Answer `asked` of that step; whether it was still wanted."""
        return self._questions.give(("decision", index), decision)

    def answer(self, index: int, words: str | None) -> bool:
        """Answer `question`; None where nobody knows."""
        return self._questions.give(("answer", index), words)

    def point(self, index: int, where: Point | None, *, will: bool = True) -> bool:
        """Answer `drifted`: the place, or whether the person will click on it on the desktop itself now."""
        return self._questions.give(("point", index), where or will)

    def resume(self, index: int, word: Resume) -> bool:
        """Answer `paused`."""
        return self._questions.give(("resume", index), word)

    def steer(self, steer: Steer) -> bool:
        """Say where a replay pauses from now on; whether it has begun and so could hear it."""
        child = self._child
        return self._running and child is not None and child.steer(steer)

    def change_memory(self, change: Mapping[str, Any]) -> bool:
        """Have the memory of a model's run changed before its next thought; whether the run could hear it."""
        child = self._child
        return self._running and child is not None and child.change_memory(change)

    def stop(self, reason: str = STOPPED) -> None:
        """End the run; what was done is kept, what is held is released. Nothing happens where none runs."""
        if not self._running:
            return
        child = self._child
        if child is not None:
            child.tell_to_end(reason)
        self._questions.stop()
        late = self._child
        if child is None and late is not None:  # its process came up just now, and may not have seen the line above
            late.tell_to_end(reason)

    def _conducted(self, commission: Commission, face: "_Face") -> list[events.Event]:
        values = _fetched(commission.secrets)
        with ExitStack() as open_until_over:
            where = open_until_over.enter_context(place(commission.size, commission.applications))
            self._tasks.back(lambda: self.placed.emit(where))
            child = open_until_over.enter_context(RunChild.start(where.environment, module=commission.module))
            self._child = child
            self._questions.watch(child.gone)
            if self._questions.stopped:
                return []
            return child.conduct(commission.order, face, values.__getitem__)

    def _ended(self, told: list[events.Event]) -> None:
        self._running, self._child = False, None
        self.over.emit(told)

    def _broke(self, error: WorkbenchError) -> None:
        told = self._child.told if self._child is not None else []
        self._running, self._child = False, None
        self.failed.emit(error)
        self.over.emit(list(told))


class _Face:
    """The window as the face of a run, on the run's thread."""

    def __init__(self, conductor: Conductor, tasks: Tasks, questions: _Questions) -> None:
        self._conductor, self._tasks, self._questions = conductor, tasks, questions
        self._proposed: events.StepProposed | None = None
        self._event: events.ApprovalAsked | None = None
        self._taken_over = False

    def hear(self, event: events.Event) -> None:
        match event:
            case events.StepProposed():
                self._proposed = event
            case events.ApprovalAsked():
                self._event = event
            case events.TakeOverBegan():
                self._taken_over = True
            case events.TakeOverEnded():
                self._taken_over = False
        self._tell(lambda: self._conductor.heard.emit(event))

    def decide(self, index: int, risk: Risk, reason: str) -> Decision:
        event = self._event or events.ApprovalAsked(index=index, risk=risk, reason=reason)
        asked = Asked(index, event, self._proposed)
        decision = self._waited("decision", index, lambda: self._conductor.asked.emit(asked))
        if isinstance(decision, Decision):
            return decision
        gone = self._questions.gone()
        return Decision("stop", "policy", gone) if gone else Decision("stop", "person", STOPPED)

    def answer(self, index: int, question: str) -> str | None:
        words = self._waited("answer", index, lambda: self._conductor.question.emit(index, question))
        return words if isinstance(words, str) else None

    def point(self, index: int, verdict: Verdict) -> Point | bool:
        where = self._waited("point", index, lambda: self._conductor.drifted.emit(index, verdict))
        return where if isinstance(where, Point) else where is True

    def resume(self, index: int) -> Resume:
        taken_over = self._taken_over
        word = self._waited("resume", index, lambda: self._conductor.paused.emit(index, taken_over))
        return word if word in ("continue", "step", "stop") else "stop"

    def _waited(self, kind: str, index: int, ask: Callable[[], None]) -> Any:
        return self._questions.wait((kind, index), lambda: self._tell(ask))

    def _tell(self, call: Callable[[], None]) -> None:
        self._tasks.back(call)


def _fetched(names: Sequence[str]) -> Mapping[str, str]:
    if not names:
        return {}
    from workbench import secrets

    return secrets.fetch(names)


__all__ = ["STOPPED", "Asked", "Commission", "Conductor", "Place"]
