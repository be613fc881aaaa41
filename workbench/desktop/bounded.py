"""Questions to other programs with a deadline: a hung application must not hang the one who asks."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import TypeVar

T = TypeVar("T")

LIMIT_S = 0.3
"""What a caller waits for one answer."""

MAX_STUCK = 4
"""After this many workers are stuck in calls that never return, no more are started until one comes back."""

_Job = Callable[[], None]


class Bounded:
    """Runs questions one after the other on a thread of its own; answers that come too late are dropped.

    `prepare` runs first on every such thread (for systems that want each thread initialised). Any thread may ask.
    `late` counts the questions without an answer in time.
    """

    def __init__(self, prepare: Callable[[], None] | None = None, *, limit_s: float = LIMIT_S) -> None:
        self._prepare = prepare
        self._limit_s = limit_s
        self.late = 0
        self._lock = threading.Lock()
        self._jobs: queue.SimpleQueue[_Job | None] | None = None
        self._stuck: list[threading.Thread] = []
        self._worker: threading.Thread | None = None

    def ask(self, question: Callable[[float], T], otherwise: T) -> T:
        """The answer, or `otherwise` when it does not come in time.

        `question` is handed the moment (`time.monotonic`) at which it may give up. What it raises is raised here.
        """
        until_s = time.monotonic() + self._limit_s
        answer: Future[T] = Future()
        with self._lock:
            jobs = self._running()
            if jobs is None:
                self.late += 1
                return otherwise
            jobs.put(lambda: _answer(answer, question, until_s))
        try:
            return answer.result(self._limit_s)
        except TooLate:
            # Only our own wait counts: the question itself may raise the same kind of error.
            if answer.done() and not answer.cancelled():
                return answer.result()
            self._abandon(jobs)
            return otherwise

    def close(self) -> None:
        """End the thread once its current question is answered."""
        with self._lock:
            if self._jobs is not None:
                self._jobs.put(None)
            self._jobs = self._worker = None

    def _running(self) -> "queue.SimpleQueue[_Job | None] | None":
        if self._jobs is None:
            self._stuck = [thread for thread in self._stuck if thread.is_alive()]
            if len(self._stuck) >= MAX_STUCK:
                return None
            self._jobs = queue.SimpleQueue()
            self._worker = threading.Thread(target=_serve, args=(self._jobs, self._prepare), daemon=True)
            self._worker.start()
        return self._jobs

    def _abandon(self, jobs: "queue.SimpleQueue[_Job | None]") -> None:
        with self._lock:
            self.late += 1
            if jobs is not self._jobs or self._worker is None:
                return
            jobs.put(None)
            self._stuck.append(self._worker)
            self._jobs = self._worker = None


def _serve(jobs: "queue.SimpleQueue[_Job | None]", prepare: Callable[[], None] | None) -> None:
    if prepare is not None:
        prepare()
    while (job := jobs.get()) is not None:
        job()


def _answer(answer: "Future[T]", question: Callable[[float], T], until_s: float) -> None:
    if time.monotonic() > until_s or not answer.set_running_or_notify_cancel():
        return
    try:
        answer.set_result(question(until_s))
    except BaseException as error:  # noqa: BLE001 - handed to the one who asked, who decides
        answer.set_exception(error)
