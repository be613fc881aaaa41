"""The parent's end of a run: starts the child, listens to its events and answers its questions."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

import msgspec
from msgspec import Struct

from workbench import events
from workbench.approval import Decision, Risk
from workbench.approving.queue import ApprovalQueue, Request
from workbench.errors import BadInputError, StoppedError, UnavailableError, WorkbenchError
from workbench.geometry import Point
from workbench.locate.verdict import Verdict
from workbench.session.messages import (
    Answer,
    ChangeMemory,
    Crashed,
    Decide,
    Go,
    Reply,
    Resume,
    Secret,
    SecretNeeded,
    Steer,
    Stop,
)
from workbench.session.starting import REPLAYING, start_process

Message = events.Event | SecretNeeded | Crashed

INTERRUPTED = "interrupted by Ctrl-C or a signal"
"""The reason of a run that its own terminal ended."""

STOP_S = 3.0
"""How long a child that was told to stop may take to release everything before it is killed; its guard then does."""


class Face(Protocol):
    """Whoever listens to a run and decides: a terminal, a window, or nobody."""

    def hear(self, event: events.Event) -> None:
        """Something happened."""
        ...

    def decide(self, index: int, risk: Risk, reason: str) -> Decision:
        """May the step that was located last happen."""
        ...

    def answer(self, index: int, question: str) -> str | None:
        """The answer to a question of a step; None when nobody is there."""
        ...

    def point(self, index: int, verdict: Verdict) -> Point | bool:
        """The place that the witnesses could not settle, or whether somebody is there to click on it."""
        ...

    def resume(self, index: int) -> Resume:
        """How to go on at a pause, or when a person who took over is done; the event before tells which."""
        ...


@dataclass(frozen=True)
class FaceClient:
    """A face as one of those who may decide; what it says without a person counts only when nobody else is there."""

    queue: ApprovalQueue
    face: Face

    def asked(self, request: Request) -> None:
        """Let the face decide, on the thread that asks."""
        decision = self.face.decide(request.index, request.risk, request.reason)
        self.queue.answer(request.number, decision, self)

    def decided(self, request: Request, decision: Decision) -> None:
        """The face hears of it as an event."""

    def withdrawn(self, request: Request, reason: str) -> None:
        """The face hears of the end of the run as an event."""


class ChildDiedError(WorkbenchError):
    """The process of the run ended without saying how."""


@dataclass
class RunChild:
    """The process of one run; use as a context manager, so that it never outlives its parent's interest.

    Whoever wants to decide besides the face that conducts the run listens to its `queue`.
    """

    process: "subprocess.Popen[bytes]"
    told: list[events.Event] = field(default_factory=list)
    queue: ApprovalQueue = field(default_factory=ApprovalQueue)
    _ordered: bool = False
    _end_reason: str | None = None

    @classmethod
    def start(cls, environment: Mapping[str, str] | None = None, *, module: str = REPLAYING) -> "RunChild":
        """Start the process; it loads while the parent prepares the order."""
        return cls(start_process(environment, module=module))

    def __enter__(self) -> "RunChild":
        """The child itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process if it still runs; one that has no order yet holds nothing and is not waited for."""
        if not self._ordered:
            self.process.kill()
        self.stop("the program that started the run has ended")

    def conduct(self, order: Struct, face: Face, secret: Callable[[str], str]) -> list[events.Event]:
        """Carry out the order and return its events, the last of which is always `RunEnded`.

        Ctrl-C stops the run like a person would. What the child cannot do is raised as a `WorkbenchError`; `told`
        holds what happened until then, with an end.
        """
        begun_s = time.monotonic()
        self._send(order)
        self._ordered = True
        if self._end_reason is not None:  # an order has to be the first line, whoever is in a hurry
            self._send(Stop(self._end_reason))
        try:
            self._converse_on(face, secret)
        except WorkbenchError as error:
            elapsed_ms = (time.monotonic() - begun_s) * 1000
            ended = events.RunEnded(
                outcome="failed", reason=str(error), exit_code=error.exit_code, elapsed_ms=elapsed_ms
            )
            self.told.append(ended)
            raise
        return self.told

    def _converse_on(self, face: Face, secret: Callable[[str], str]) -> None:
        """Converse until the end, which Ctrl-C only hastens."""
        try:
            self._converse(face, secret)
        except KeyboardInterrupt:
            self._send(Stop(INTERRUPTED))
            self._converse(face, secret)

    def _converse(self, face: Face, secret: Callable[[str], str]) -> None:
        for message in self._messages():
            if isinstance(message, Crashed):
                raise _as_error(message)
            if isinstance(message, SecretNeeded):
                self._send(Secret(secret(message.name)))
                continue
            self.told.append(message)
            face.hear(message)
            reply = self._reply(message, face)
            if reply is not None:
                self._send(reply)
            if isinstance(message, events.RunEnded):
                return
        raise ChildDiedError(self._death())

    def gone(self) -> str | None:
        """Why nobody needs to decide or answer anything any more: the process has ended; None while it lives.

        A face that waits for a person asks this now and then, and says no more than it knows once there is a reason:
        the conversation ends at once with `ChildDiedError`.
        """
        return None if self.process.poll() is None else "the process of the run has ended"

    def tell_to_end(self, reason: str) -> None:
        """Tell the child to end, from another thread than the one that conducts it, which hears how it ended."""
        self.queue.withdraw(reason)
        self._end_reason = reason
        if self._ordered:
            self._send(Stop(reason))

    def steer(self, steer: Steer) -> bool:
        """Say where a replay pauses, from any thread; whether it has its order already, before which nobody listens."""
        if self._ordered:
            self._send(steer)
        return self._ordered

    def change_memory(self, change: Mapping[str, Any]) -> bool:
        """Have the planner's memory changed before its next thought, from any thread; whether it has its order."""
        if self._ordered:
            self._send(ChangeMemory(dict(change)))
        return self._ordered

    def stop(self, reason: str) -> None:
        """Tell the child to end and wait until it has; kill it when it does not. Nothing has to be decided any more."""
        self.queue.withdraw(reason)
        if self.process.poll() is None:
            self._send(Stop(reason))
            _close(self.process.stdin)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        _close(self.process.stdin)
        _close(self.process.stdout)

    def _messages(self) -> Iterator[Message]:
        decoder = msgspec.json.Decoder(Message)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield decoder.decode(line)

    def _send(self, message: Struct) -> None:
        assert self.process.stdin is not None
        line = msgspec.json.encode(message) + b"\n"  # what is no Unicode is told here, not taken for a closed pipe
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return

    def _reply(self, event: events.Event, face: Face) -> Reply | None:
        match event:
            case events.ApprovalAsked():
                return Decide(self._decided(event, face))
            case events.PersonAsked():
                return Answer(face.answer(event.index, event.question))
            case events.DriftAsked():
                return _pointed(face.point(event.index, event.verdict))
            case events.Paused() | events.TakeOverBegan():
                return Go(face.resume(event.index))
            case _:
                return None

    def _decided(self, event: events.ApprovalAsked, face: Face) -> Decision:
        proposed = (one for one in reversed(self.told) if isinstance(one, events.StepProposed))
        step = next((one.step for one in proposed if one.index == event.index), None)
        request = Request(
            event.index, step, event.risk, event.reason, event.confidence, candidates=event.verdict, frame=event.frame
        )
        with self.queue.listening(FaceClient(self.queue, face), waits=True):
            return self.queue.ask(request, self.gone)

    def _death(self) -> str:
        code = self.process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        done = sum(isinstance(event, events.StepEnded) for event in self.told)
        steps = "1 step" if done == 1 else f"{done} steps"
        return f"the process of the run ended with {how} after {steps}; what it held was released; run it again"


def _pointed(where: Point | bool) -> Answer:
    return Answer(None) if where is False else Answer("", where if isinstance(where, Point) else None)


def _as_error(crashed: Crashed) -> WorkbenchError:
    kinds: tuple[type[WorkbenchError], ...] = (BadInputError, StoppedError, UnavailableError)
    kind = next((kind for kind in kinds if kind.exit_code == crashed.exit_code), WorkbenchError)
    return kind(crashed.text)


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None and not pipe.closed:
        try:
            pipe.close()
        except BrokenPipeError:
            return
