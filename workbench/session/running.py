"""A run in the child: the desktop, the players and the events, wired together."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec.structs import replace

from workbench import events
from workbench.actions import Call
from workbench.approval import Decision, Origin
from workbench.approving.foresight import without_words
from workbench.desktop.guard import Guard
from workbench.desktop.opening import open_desktop
from workbench.desktop.ports import Desktop
from workbench.errors import StoppedError
from workbench.geometry import Point
from workbench.library.frames import FrameStore
from workbench.library.run_log import RunLog
from workbench.locate.verdict import Verdict
from workbench.session.approving import PolicyApprover
from workbench.session.child import Pipe, Questions
from workbench.session.drift import AskingGrounder
from workbench.session.dry import dry_players
from workbench.session.emergency import watch_emergency
from workbench.session.eyes import Eyes
from workbench.session.fronting import begin_in_front, bring_to_front, leave_in_front
from workbench.session.grounding import WitnessGrounder
from workbench.session.handing_over import Moment, what_changed
from workbench.session.loop import Players, Watch, run
from workbench.session.messages import Order, Resume
from workbench.session.performing import DesktopPerformer
from workbench.session.recording import TakenRecorder, begun
from workbench.session.replay import RecordedPlanner
from workbench.session.roles import Ending, Grounder, Grounding, Proposal, Returned, Taken
from workbench.session.verifying import OutcomeVerifier
from workbench.trajectory import FrameId, Step, Window

T = TypeVar("T")

EXIT_CODES = {"finished": 0, "failed": 1, "stopped": 3}


@dataclass
class Told:
    """Numbers the events of a run, logs and sends them; the frames in them have been stored before.

    With `library`, its folder, what is said is in the run's log there before the parent hears it: a step whose hands
    moved is always known to have begun, whoever dies.
    """

    pipe: Pipe
    eyes: Eyes
    library: Path | None = None
    read: Mapping[str, int] = field(default_factory=dict)
    _number: int = 0
    _start_s: float = field(default_factory=time.monotonic)
    _step_s: float = 0.0
    _seen: str | None = None
    _verdict: Verdict | None = None
    _log: RunLog | None = None
    _recorder: TakenRecorder | None = None

    @property
    def seen(self) -> FrameId | None:
        """The frame in which the step that is up was located last."""
        return self._seen

    def say(self, event: events.Event) -> None:
        """Log and send one event with its number and time; raises `UnavailableError` when it cannot be logged."""
        self._number += 1
        numbered = replace(event, number=self._number, at_ms=self._ms(self._start_s))
        if self._log is not None:
            self._log.append(_logged(numbered))
        elif self.library is not None and isinstance(numbered, events.RunStarted):
            self._log = RunLog.begin(self.library, numbered, read=self.read)
        if self._log is not None and isinstance(numbered, events.RunEnded):
            self._log.finish()  # whoever hears of the end may use the trajectory
        self.pipe.say(numbered)

    def started(self, start: events.RunStarted, *, earlier: Iterable[events.Event] = ()) -> None:
        """The run begins, here and now.

        `earlier` is what it takes over from the run that it resumes (`workbench.session.resuming.carried`).
        """
        self._recorder = TakenRecorder(self.eyes) if start.becomes and self.library else None
        self.say(replace(start, epoch_s=time.time(), desktop=self.eyes.desktop.name))
        for event in earlier:
            if self._recorder is not None and isinstance(event, events.StepKept):
                self._recorder.know(event.step)
            self.say(event)

    def watch(self) -> Watch:
        """The hooks of the loop that tell all of this."""
        return Watch(self.proposed, self.grounded, self.ended, self.acting, self.decided)

    def proposed(self, proposal: Proposal) -> None:
        """A step begins."""
        self._step_s, self._seen, self._verdict = time.monotonic(), None, None
        self.say(
            events.StepProposed(index=proposal.index, step=proposal.step, why=proposal.why, tokens=proposal.tokens)
        )
        if proposal.loans:
            self.say(events.ExperienceLent(index=proposal.index, loans=proposal.loans, wanted=proposal.wanted))

    def grounded(self, proposal: Proposal, grounding: Grounding) -> None:
        """The witnesses have answered."""
        self._seen, self._verdict = self.eyes.keep(grounding.sight.frame), grounding.verdict
        self.say(
            events.StepLocated(
                index=proposal.index,
                verdict=grounding.verdict,
                end=grounding.end,
                frame=self._seen,
                elapsed_ms=grounding.waited_ms,
            )
        )

    def decided(self, proposal: Proposal, decision: Decision) -> None:
        """The policy or a person has decided, and nothing has been done yet."""
        self.say(
            events.ApprovalDecided(index=proposal.index, decision=decision, verdict=self._verdict, frame=self._seen)
        )

    def acting(self, proposal: Proposal) -> None:
        """The hands are about to move; once this returns that is known for good."""
        self.say(events.StepActing(index=proposal.index, step=proposal.step, frame=self._seen))

    def ended(self, taken: Taken) -> None:
        """A step is over."""
        proof = taken.verification
        kept = self._kept(taken)
        if kept is not None:
            self.say(events.StepKept(index=taken.proposal.index, step=kept, status=taken.status))
        self.say(
            events.StepEnded(
                index=taken.proposal.index,
                status=taken.status,
                verified=proof.ok,
                verified_by=proof.by,
                message=taken.message,
                differed=proof.differed,
                frame=proof.frame or self._seen,
                expected=taken.proposal.step.outcome.frame,
                elapsed_ms=self._ms(self._step_s),
                waited_ms=(taken.grounding.waited_ms if taken.grounding else 0.0) + proof.waited_ms,
            )
        )

    def over(self, ending: Ending) -> None:
        """The run is over."""
        code = EXIT_CODES[ending.outcome] if ending.exit_code is None else ending.exit_code
        elapsed_ms = self._ms(self._start_s)
        self.say(events.RunEnded(outcome=ending.outcome, reason=ending.reason, exit_code=code, elapsed_ms=elapsed_ms))

    def progress(self, text: str) -> None:
        """Say a sentence about what is going on."""
        self.say(events.Progress(text=text))

    def close(self) -> None:
        """Let go of the log, however the run ended; idempotent."""
        if self._log is not None:
            self._log.close()

    def _kept(self, taken: Taken) -> Step | None:
        if self._recorder is None or taken.grounding is None:
            return None
        return self._recorder.add(taken, taken.grounding.sight, taken.verification.sight)

    def _ms(self, since_s: float) -> float:
        return round((time.monotonic() - since_s) * 1000, 3)


def _logged(event: events.Event) -> events.Event:
    """The event as its log keeps it: a question, or the call of a workflow, without the words of other recordings."""
    if isinstance(event, events.StepProposed) and isinstance(event.step.action, Call):
        return replace(event, why="")
    return replace(event, batch=without_words(event.batch)) if isinstance(event, events.ApprovalAsked) else event


class Counting(Protocol):
    """A planner that knows which step it proposed last."""

    @property
    def index(self) -> int:
        """Its number from 1; 0 before the first."""
        ...


@dataclass
class Asking:
    """What a run asks of people; while they answer the pointer is theirs, afterwards the focus goes back.

    After they took over it stays with the window that they left in front.
    """

    told: Told
    questions: Questions
    planner: Counting | None = None
    performer: DesktopPerformer | None = None
    _answered_in: Window | None = None

    def hold(self, index: int) -> Resume:
        """How to go on at a pause."""
        return self._asked(events.Paused(index=index), self.questions.resume)

    def decision(self, question: events.ApprovalAsked) -> Decision:
        """May this step happen."""
        return self._asked(replace(question, frame=self.told.seen), self.questions.decision)

    def take_over(self, proposal: Proposal, decision: Decision, grounding: Grounding) -> Returned:
        """Leave the desktop to the person until they go on; raises `StoppedError` when they end the run."""
        eyes = self.told.eyes
        before = Moment.of(grounding.sight)
        began = events.TakeOverBegan(index=proposal.index, frame=self.told.seen)
        if self._heard(began, self.questions.resume) == "stop":
            raise StoppedError("the person took over and ended the run")
        leave_in_front(eyes, self._answered_in)
        sight = eyes.look()
        words = "; ".join(
            filter(None, [f"the person took over: {what_changed(before, Moment.of(sight))}", decision.words])
        )
        frame = eyes.keep(sight.frame)
        self.told.say(events.TakeOverEnded(index=proposal.index, words=words, frame=frame))
        return Returned(words, frame)

    def drifted(self, verdict: Verdict) -> Point | bool:
        """The place that a person points out in what is seen, or whether they are there to click on it."""
        eyes = self.told.eyes
        frame = eyes.keep(eyes.seen) if eyes.seen is not None else None
        event = events.DriftAsked(index=self._index, verdict=verdict, frame=frame)
        return self._asked(event, self.questions.pointed)

    def question(self, text: str) -> str | None:
        """The answer to a question of a step."""
        return self._asked(events.PersonAsked(index=self._index, question=text), self.questions.answer)

    def secret(self, name: str) -> str:
        """The value of a secret, for one step."""
        return self.questions.secret(name)

    @property
    def _index(self) -> int:
        return self.planner.index if self.planner else 0

    def _asked(self, event: events.Event, answer: Callable[[], T]) -> T:
        """The answer, with the focus where it was; the window that has it now is the one in which people answer."""
        eyes = self.told.eyes
        was_active = eyes.desktop.windows.active()
        given = self._heard(event, answer)
        if self.performer is not None:
            now_active = eyes.desktop.windows.active()
            if now_active is not None and was_active is not None and now_active.handle != was_active.handle:
                self._answered_in = now_active
            bring_to_front(eyes, was_active)
        return given

    def _heard(self, event: events.Event, answer: Callable[[], T]) -> T:
        if self.performer is not None:
            self.performer.set_pointer_free()
        self.told.say(event)
        return answer()


@dataclass(frozen=True)
class Ready:
    """The desktop of this process's environment, and the guard that knows what is held on it."""

    desktop: Desktop
    guard: Guard


@contextmanager
def ready_desktop(guard: Guard) -> Iterator[Ready]:
    """Open the desktop and look at it once, which loads what the first step needs; release everything at the end."""
    desktop = open_desktop(guard=guard)
    try:
        desktop.screens.grab()
        yield Ready(desktop, guard)
    finally:
        desktop.close()


def carry_out(order: Order, pipe: Pipe, ready: Ready) -> None:
    """Run the steps and say everything."""
    watch_emergency(ready.guard, ready.desktop, order.emergency_hotkey, pipe)
    library = Path(order.library) if order.library is not None else None
    told = Told(pipe, Eyes(ready.desktop, FrameStore(Path(order.frames)), pipe.check), library, order.read)
    try:
        players = _players(order, told, ready.guard)
        told.started(begun(order, steps=len(order.trajectory.steps)))
        told.over(ran(order, players, told))
    finally:
        told.close()


def ran(order: Order, players: Players, told: Told) -> Ending:
    """Take the ordered steps, beginning with the window of the first in front."""
    try:
        if not order.pace.dry and order.trajectory.steps:
            begin_in_front(told.eyes, order.trajectory.steps[order.pace.first - 1])
        return run(players, told.watch())
    except StoppedError as stop:
        return Ending("stopped", str(stop))


def _players(order: Order, told: Told, guard: Guard) -> Players:
    pipe, eyes, pace = told.pipe, told.eyes, order.pace
    values = dict(order.values)
    asking = Asking(told, Questions(pipe))
    planner = RecordedPlanner(order.trajectory, values, pace, eyes.pause, asking.hold, steered=pipe.steered)
    if pace.dry:
        return dry_players(planner, eyes)
    performer = DesktopPerformer(eyes, pace.timeout_s, asking.secret, asking.question, values, expecting(guard, eyes))
    asking.planner, asking.performer = planner, performer
    grounder: Grounder = WitnessGrounder(eyes, pace.timeout_s)
    if order.drift == "ask":
        grounder = AskingGrounder(grounder, eyes, asking.drifted)
    origin: Origin = "reviewed" if order.trajectory.reviewed else "unreviewed"
    approver = PolicyApprover(order.approve, origin, asking.decision, order.policy)
    return Players(planner, grounder, approver, performer, OutcomeVerifier(eyes, pace.timeout_s), person=asking)


def expecting(guard: Guard, eyes: Eyes) -> Callable[[Point | None], None]:
    """How the emergency stop is told where the pointer is meant to be, where there is one (X11)."""
    return guard.expect if eyes.desktop.backend == "x11" else lambda _: None
