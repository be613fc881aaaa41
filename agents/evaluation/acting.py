"""Actors that work in a process of their own, as every run does: the agent, and scripted ones."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_fields

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agents.evaluation.suites import Acted, Assignment, Ended
from agents.session.messages import MODULE, AgentOrder
from agents.session.series import MODULE as SERIES
from workbench import events
from workbench.approval import Decision, Risk
from workbench.errors import UnavailableError, WorkbenchError
from workbench.geometry import Point
from workbench.locate.verdict import Verdict
from workbench.own_processes import own_process
from workbench.session.messages import Another, Resume
from workbench.session.parent import INTERRUPTED, ChildDiedError, RunChild

GRACE_S = 30.0
"""So long after its limit a process that has not ended by itself is told to, and is killed soon after."""

_KILLED_AFTER_S = 10
_OVER = "the task is over"
_BETWEEN_STEPS = (events.StepProposed, events.StepEnded)


@dataclass(frozen=True)
class SessionActor:
    """Has a process of ours work on the desktop, and stops it when the task is over.

    The process is `module`, which is told what `order_for` makes of the assignment. It inherits nothing of this
    process but the environment of the desktop. Nobody is asked: a question to a person goes unanswered.
    """

    module: str
    order_for: Callable[[Assignment], Struct]

    def act(self, assignment: Assignment) -> Acted:
        """Let it work until it ends; KeyboardInterrupt is raised once it has."""
        with RunChild(_process(self.module, assignment)) as child:
            return _conducted(child, self.order_for(assignment), assignment)


@dataclass
class SeriesActor:
    """The agent in a process that goes on from one assignment to the next, with its models loaded; close it after use.

    `order` says everything but the task and how far to go; it may be another one for each assignment. A new process is
    started for another desktop, and after any trouble.
    """

    order: AgentOrder
    _child: RunChild | None = None
    _environment: Mapping[str, str] = field(default_factory=dict)

    def act(self, assignment: Assignment) -> Acted:
        """Let it work until it ends; KeyboardInterrupt is raised once it has."""
        if self._child is None or self._child.gone() is not None or self._environment != assignment.environment:
            self.close()
            self._child, self._environment = (
                RunChild.start(assignment.environment, module=SERIES),
                assignment.environment,
            )
        # the conversation of one run, with the process of all of them
        child = RunChild(self._child.process)
        order = msgspec.json.encode(ordered(self.order, assignment))
        try:
            acted = _conducted(child, Another(msgspec.Raw(order), assignment.limits.seconds + GRACE_S), assignment)
        except BaseException:
            self.close()
            raise
        if acted.ended == "broken":
            self.close()
        return acted

    def close(self) -> None:
        """End the process; idempotent."""
        child, self._child = self._child, None
        if child is not None:
            child.stop("nothing is left to do")


def agent_actor(order: AgentOrder) -> SessionActor:
    """The agent as `workbench-cli run` has it; `order` says everything but the task and how far to go.

    Its run is kept in the library of the order, where that names one.
    """
    return SessionActor(MODULE, lambda assignment: ordered(order, assignment))


def ordered(order: AgentOrder, assignment: Assignment) -> AgentOrder:
    """The order for an assignment; everything that it does not say is as in `order`."""
    from workbench.session.replaying import new_run_id

    limits = with_fields(order.limits, steps=assignment.limits.steps, seconds=assignment.limits.seconds)
    return replace(order, run=new_run_id(), task=assignment.task, limits=limits, secrets=(), resumes="", seen=False)


def _conducted(child: RunChild, order: Struct, assignment: Assignment) -> Acted:
    """One run of a process, from its order to its end."""
    listener = _Listener(assignment, child.tell_to_end, thinks=isinstance(order, AgentOrder | Another))
    try:
        child.conduct(order, listener, _no_secret)
    except WorkbenchError as error:
        if listener.began is None and not isinstance(error, ChildDiedError):
            raise
        return listener.acted("broken", str(error))
    if listener.ended is not None and listener.ended.reason == INTERRUPTED:
        raise KeyboardInterrupt
    return listener.acted()


@dataclass
class _Listener:
    """Hears a run that nobody watches, and ends it when its task is over; one that `thinks` may do so for no tokens.

    It is never ended in the middle of a step: the step that ended the task would be taken for one that was not done,
    now and then, and one begun after it would count now and then.
    """

    assignment: Assignment
    stop: Callable[[str], None]
    thinks: bool = False
    began: events.RunStarted | None = None
    ended: events.RunEnded | None = None
    steps: int = 0
    asked: int = 0
    tokens: int = 0
    is_over: bool = False

    def hear(self, event: events.Event) -> None:
        match event:
            case events.RunStarted():
                self.began = event
            case events.RunEnded():
                self.ended = event
        if self.is_over or self.ended is not None:
            return
        if isinstance(event, events.StepEnded):
            self.steps += 1
        if self.assignment.is_over() and isinstance(event, _BETWEEN_STEPS):
            self.is_over = True
            self.stop(_OVER)
        elif isinstance(event, events.StepProposed):
            self.tokens += event.tokens

    def acted(self, ended: Ended | None = None, reason: str = "") -> Acted:
        """What became of it."""
        how = "task" if self.is_over else ended or self._ended()
        said = reason or (self.ended.reason if self.ended else "") or ""
        kept = self.began.run if self.began and self.began.becomes else ""
        tokens = self.tokens if self.tokens or self.thinks else None
        return Acted(how, self.steps, said, kept, self.asked, tokens)

    def _ended(self) -> Ended:
        limits, end = self.assignment.limits, self.ended
        if end is None or end.outcome == "finished":
            return "actor"
        if self.steps >= limits.steps:
            return "steps"
        return "seconds" if end.elapsed_ms >= limits.seconds * 1000 else "actor"

    def decide(self, index: int, risk: Risk, reason: str) -> Decision:  # noqa: ARG002 - a face is asked so
        self.asked += 1
        return Decision("stop", "policy", "nobody is there to ask")

    def answer(self, index: int, question: str) -> str | None:  # noqa: ARG002 - a face is asked so
        self.asked += 1
        return None

    def point(self, index: int, verdict: Verdict) -> Point | bool:  # noqa: ARG002 - a face is asked so
        return False

    def resume(self, index: int) -> Resume:  # noqa: ARG002 - a face is asked so
        return "stop"


def _process(module: str, assignment: Assignment) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*_limited(assignment.limits.seconds + GRACE_S), *own_process(module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(assignment.environment),
        start_new_session=True,
    )


def _limited(seconds: float) -> Sequence[str]:
    # nobody is there to end a process that hangs, and it cannot be relied on to do so itself
    return ["timeout", f"--kill-after={_KILLED_AFTER_S}", f"{seconds:.1f}"]


def _no_secret(name: str) -> str:
    raise UnavailableError(f"a task of a suite has no secret {name!r}")
