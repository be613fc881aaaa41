"""One request to a worker and its answer, with all that can go wrong between: a hang, a death, a halt, a late answer.

While an answer is awaited the worker is pinged; pings are counted and not seconds, so that a program that was itself
stopped for a while does not take its worker for dead.
"""

import math
import time
from dataclasses import dataclass
from typing import NoReturn

from agents.runtime.messages import Cancel, Piece, Ping, Pong, Reply, Request
from agents.runtime.ports import Heard, stopped
from agents.runtime.process import WorkerGoneError, WorkerProcess
from workbench.errors import StoppedError


@dataclass(frozen=True)
class Patience:
    """How long a model is waited for, in seconds.

    A worker that answers no ping for `silence_s` hangs; one that has just been started has `start_s`. What is to end
    early has `cancel_s` to do so before its process is killed. `load_s` is for loading, `request_s` for all that has
    no time of its own.
    """

    ping_s: float = 2.0
    silence_s: float = 10.0
    start_s: float = 60.0
    cancel_s: float = 1.0
    load_s: float = 900.0
    request_s: float = 300.0

    def pings(self, *, answered: bool) -> int:
        """How many pings in a row may stay without an answer."""
        return math.ceil((self.silence_s if answered else self.start_s) / self.ping_s)


class GaveUpError(Exception):
    """The worker was given up; the text continues a sentence about its process."""


class LateError(GaveUpError):
    """The answer was not there in time; the worker may live on."""


class Call:
    """What one caller asks for, from its turn to its answer; `halt` is for any thread, the rest for the caller's."""

    def __init__(self, heard: Heard | None = None) -> None:
        self.heard = heard
        self.halted = False
        self._worker: WorkerProcess | None = None

    def halt(self) -> None:
        """End it early: it raises `StoppedError`."""
        self.halted = True
        worker = self._worker
        if worker is not None:
            worker.wake()

    def begin(self, worker: WorkerProcess) -> None:
        """This worker is about to be talked to; raises `StoppedError` when it was halted before."""
        self._worker = worker
        if self.halted:
            raise stopped()


class Wait:
    """One request and the wait for its answer."""

    def __init__(self, worker: WorkerProcess, call: Call, *, patience: Patience, timeout_s: float) -> None:
        self._worker = worker
        self._call = call
        self._patience = patience
        self._timeout_s = timeout_s
        self._late_at_s = time.monotonic() + timeout_s
        self._ping_at_s = time.monotonic() + patience.ping_s
        self._kill_at_s: float | None = None
        self._unanswered = 0

    def run(self, request: Request, number: int) -> Reply:
        """Send it and return the reply that ends it.

        Raises `StoppedError` when the call was halted, `LateError` when it took too long, `GaveUpError` when the
        worker hung, and `WorkerGoneError` when it ended. Whatever is raised, also by whoever hears the pieces, the
        worker is either ready for the next request or killed.
        """
        self._call.begin(self._worker)
        self._worker.send(request)
        try:
            reply = self._last(number)
        except (WorkerGoneError, GaveUpError):
            raise
        except BaseException:
            self._leave(number)
            raise
        self._judge()
        return reply

    def _last(self, number: int) -> Reply:
        while True:
            reply = self._worker.receive(self._wait_s())
            if reply is not None:
                self._unanswered = 0
                if self._is_last(reply, number):
                    return reply
            self._tend(number)

    def _is_last(self, reply: Reply, number: int) -> bool:
        if isinstance(reply, Pong) or reply.number < number:
            return False
        if reply.number > number:
            self._give_up("answered what it was not asked")
        if not isinstance(reply, Piece):
            return True
        if self._call.heard is not None and self._kill_at_s is None:
            self._call.heard(reply.text)
        return False

    def _wait_s(self) -> float:
        until_s = self._late_at_s if self._kill_at_s is None else self._kill_at_s
        return max(min(until_s, self._ping_at_s) - time.monotonic(), 0.0)

    def _tend(self, number: int) -> None:
        now_s = time.monotonic()
        if self._kill_at_s is None and (self._call.halted or now_s >= self._late_at_s):
            self._worker.send(Cancel(number))
            self._kill_at_s = now_s + self._patience.cancel_s
        elif self._kill_at_s is not None and now_s >= self._kill_at_s:
            self._worker.kill()
            self._judge()
        if now_s >= self._ping_at_s:
            self._ping(now_s)

    def _ping(self, now_s: float) -> None:
        if self._unanswered >= self._patience.pings(answered=self._worker.answered):
            seconds = self._unanswered * self._patience.ping_s
            self._give_up(f"hung: it gave no sign of life for {seconds:.3g} s")
        self._worker.send(Ping())
        self._unanswered += 1
        self._ping_at_s = now_s + self._patience.ping_s

    def _judge(self) -> None:
        """Raise what an end that was brought about means."""
        if self._call.halted:
            raise stopped()
        if self._kill_at_s is not None:
            raise LateError(f"took longer than {self._timeout_s:.3g} s and was stopped")

    def _give_up(self, how: str) -> NoReturn:
        self._worker.kill()
        raise GaveUpError(how)

    def _leave(self, number: int) -> None:
        """Have the request end early, or kill the worker, while another error is on its way to the caller."""
        self._call.heard = None
        try:
            self._call.halt()
            self._last(number)
        except (WorkerGoneError, GaveUpError, StoppedError):
            return
        except BaseException:
            self._worker.kill()
            raise
