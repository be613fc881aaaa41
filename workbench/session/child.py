"""The process that carries out a run on one desktop: `python -m workbench.session.child`.

It reads its order and then replies as JSON lines on standard input, and writes events and questions as JSON lines on
standard output (`workbench.session.messages`). It ends, with everything released, when its input closes, when it is
told to stop, on SIGTERM and on SIGINT. One process serves one desktop, because pyautogui binds its display at import.
"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import msgspec

from workbench.approval import Decision
from workbench.desktop.lines import LineReader
from workbench.errors import BadInputError, StoppedError, UnavailableError, WorkbenchError
from workbench.geometry import Point
from workbench.session.messages import (
    Another,
    Answer,
    ChangeMemory,
    Crashed,
    Decide,
    Go,
    Order,
    Reply,
    Resume,
    Secret,
    SecretNeeded,
    Steer,
    Stop,
)

if TYPE_CHECKING:
    from workbench.session.running import Ready

T = TypeVar("T")

WAIT_S = 0.2
"""How long a wait for the parent lasts before signals are looked at again."""

GONE = "the program that started the run has gone"


@dataclass
class Pipe:
    """The child's end of the conversation; belongs to the main thread, and waits only in `ask` and `read_order`."""

    source: LineReader
    sink: BinaryIO
    stop_reason: str | None = None
    _waiting: list[Reply] = field(default_factory=list)
    _changes: list[dict[str, Any]] = field(default_factory=list)
    _steer: Steer | None = None
    _told: str | None = None

    def say(self, message: object) -> None:
        """Write one line; a parent that is gone stops the run."""
        try:
            self.sink.write(msgspec.json.encode(message) + b"\n")
            self.sink.flush()
        except BrokenPipeError:
            self.stop_reason = GONE

    def read_order(self, kind: type[T]) -> T:
        """The first line, as an order of that kind; waits until it is there."""
        line = b""
        while not line and not self.source.closed:
            line = self.source.next(WAIT_S) or b""
        try:
            return msgspec.json.decode(line, type=kind)
        except msgspec.MsgspecError as error:
            raise BadInputError(f"the run's order is not readable: {error}; use `workbench-cli`") from error

    def read_another(self) -> Another | None:
        """The order of the next run; what came too late for the one before is passed over.

        None when the process is to end: the parent has gone, a signal or the emergency stop has come. Blocks.
        """
        self._waiting.clear()
        self._changes.clear()
        self._steer = None
        if self.stop_reason == self._told:  # of the run before; a signal and the emergency stop end the process
            self.stop_reason = None
        self._told = None
        while self.stop_reason is None and not self.source.closed:
            line = self.source.next(WAIT_S)
            found = msgspec.json.decode(line, type=Reply | Another) if line else None
            if isinstance(found, Another):
                return found
        return None

    def ask(self) -> Reply:
        """The next reply, however long it takes; raises `StoppedError` when the run is to end."""
        while not self._waiting:
            self.check(wait_s=WAIT_S)
        return self._waiting.pop(0)

    def check(self, wait_s: float = 0.0) -> None:
        """Take in what has arrived; raises `StoppedError` when the run is to end."""
        line = self.source.next(wait_s)
        while line:
            self._take(msgspec.json.decode(line, type=Reply))
            line = self.source.next(0.0)
        if self.source.closed and self.stop_reason is None:
            self.stop_reason = GONE
        if self.stop_reason is not None:
            raise StoppedError(self.stop_reason)

    def steered(self) -> Steer | None:
        """What was said since the last call about where to pause; raises `StoppedError` when the run is to end."""
        self.check()
        steer, self._steer = self._steer, None
        return steer

    def changes(self) -> tuple[dict[str, Any], ...]:
        """What a person changed in the planner's memory since this was asked last, in order."""
        found, self._changes = tuple(self._changes), []
        return found

    def _take(self, reply: Reply) -> None:
        if isinstance(reply, Stop):
            if self.stop_reason in (None, self._told):
                self.stop_reason = reply.reason
            self._told = reply.reason
        elif isinstance(reply, ChangeMemory):
            self._changes.append(reply.change)
        elif isinstance(reply, Steer):
            pause = reply.pause or (self._steer is not None and self._steer.pause)
            self._steer = Steer(reply.breaks, pause)
        else:
            self._waiting.append(reply)


@dataclass(frozen=True)
class Questions:
    """What the run asks of the parent."""

    pipe: Pipe

    def secret(self, name: str) -> str:
        """The value of a secret, for one step."""
        self.pipe.say(SecretNeeded(name))
        reply = self.pipe.ask()
        if not isinstance(reply, Secret):
            raise StoppedError(f"the secret {name!r} was not handed over")
        return reply.value

    def decision(self) -> Decision:
        """What a person decides about the step that was just asked about."""
        reply = self.pipe.ask()
        return reply.decision if isinstance(reply, Decide) else Decision("stop", "policy", "nobody decided")

    def answer(self) -> str | None:
        """What a person answers; None when nobody does."""
        reply = self.pipe.ask()
        return reply.text if isinstance(reply, Answer) else None

    def pointed(self) -> Point | bool:
        """Where a person says that a step goes, or whether they are there to click on the place itself."""
        reply = self.pipe.ask()
        return isinstance(reply, Answer) and (reply.point or reply.text is not None)

    def resume(self) -> Resume:
        """How to go on after a pause."""
        reply = self.pipe.ask()
        return reply.word if isinstance(reply, Go) else "stop"


def main() -> int:
    """Carry out the one replay that standard input orders."""
    return serve(Order, _replay)


def serve(kind: type[T], carry_out: "Callable[[T, Pipe, Ready], None]") -> int:
    """Carry out the one run that standard input orders; the desktop is opened while the order is still prepared.

    `carry_out` is given the order, of that `kind`, and the desktop of this process's environment.
    """
    pipe = Pipe(LineReader(sys.stdin.fileno()), os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    _stop_on_signals(pipe)
    try:
        from workbench.desktop.guard import Guard

        with Guard.start() as guard:
            guard.foresee_emergency()
            # the guard loads at the same time
            from workbench.session.running import ready_desktop

            with ready_desktop(guard) as ready:
                carry_out(pipe.read_order(kind), pipe, ready)
    except WorkbenchError as error:
        pipe.say(Crashed(str(error), error.exit_code))
    except MemoryError:
        pipe.say(Crashed("this machine has not enough memory for the run; close something", UnavailableError.exit_code))
    return 0


def _replay(order: Order, pipe: Pipe, ready: "Ready") -> None:
    from workbench.session.running import carry_out

    carry_out(order, pipe, ready)


def _stop_on_signals(pipe: Pipe) -> None:
    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        pipe.stop_reason = f"{signal.Signals(number).name} arrived"

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


if __name__ == "__main__":
    sys.exit(main())
