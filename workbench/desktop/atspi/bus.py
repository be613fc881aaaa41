"""A D-Bus connection for many small questions: sent together, answered in any order, within one deadline."""

import select
import time
from collections.abc import Callable, Sequence

from jeepney.io.blocking import DBusConnection, open_dbus_connection

from workbench.desktop.atspi.wire import RETURN, SIGNAL, Answer, Letter, Letterbox, Question, written
from workbench.errors import UnavailableError

_TOGETHER = 48
"""How many questions may be under way: a bus that is flooded drops the connection."""

_FAIR_S = 0.1
"""Who had less time than this to answer is not counted as hanging."""

_SILENCE_S = 0.5

_CHUNK = 65536


class Bus:
    """One connection, for one thread. Once the bus is gone every question is unanswered; nothing is raised.

    An application that let a question wait until the deadline is not asked again for half a second, so that one that
    hangs does not slow down the questions to the others. `unanswered` counts the questions that got no answer in time
    from a bus that was there, and those that were not put because of that. `on_signal` is called, on the asking thread,
    with every signal that arrives while answers are awaited or `listen` runs.
    """

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection
        self._socket = connection.sock
        self._letterbox = Letterbox()
        self._poller = select.poll()
        self._poller.register(self._socket, select.POLLIN)
        self._silent: dict[str, float] = {}
        self.on_signal: Callable[[Letter], None] = lambda _signal: None
        self.alive = True
        self.unanswered = 0

    @classmethod
    def connect(cls, address: str, *, timeout_s: float = 1.0) -> "Bus":
        """Connect to the bus at this D-Bus address; raises `UnavailableError` when nothing answers there."""
        try:
            return cls(open_dbus_connection(address, auth_timeout=timeout_s))
        except (OSError, ValueError, RuntimeError) as problem:
            raise UnavailableError(
                f"cannot connect to the D-Bus bus at {address}: {problem}; check DBUS_SESSION_BUS_ADDRESS"
            ) from None

    def ask(self, questions: Sequence[Question], *, deadline: float) -> list[Answer | None]:
        """The answers in the order of the questions; None for an error and for what did not come in time.

        `deadline` is on the monotonic clock. Replies that come later are dropped.
        """
        answers: list[Answer | None] = [None] * len(questions)
        for first in range(0, len(questions), _TOGETHER):
            self._ask_together(questions[first : first + _TOGETHER], first, answers, deadline)
        return answers

    def ask_one(self, question: Question, *, deadline: float) -> Answer | None:
        """The answer to one question; None for an error and for what did not come in time."""
        return self.ask((question,), deadline=deadline)[0]

    def listen(self) -> None:
        """Take in the signals that have already arrived, without waiting."""
        while self._arrivals(time.monotonic()):
            pass

    def _ask_together(
        self, questions: Sequence[Question], first: int, answers: list[Answer | None], deadline: float
    ) -> None:
        started = time.monotonic()
        waiting: dict[int, int] = {}
        for place, question in enumerate(questions):
            if self._silent.get(question.to, 0.0) <= started:
                waiting[next(self._connection.outgoing_serial)] = place
        asked = len(waiting)
        self._send(b"".join(written(questions[place], serial) for serial, place in waiting.items()))
        while waiting and (letters := self._arrivals(deadline)):
            for letter in letters:
                answered = waiting.pop(letter.reply_to, None)
                if answered is not None and letter.kind == RETURN:
                    answers[first + answered] = letter.body
        if self.alive:
            self.unanswered += len(questions) - asked + len(waiting)
        if time.monotonic() - started >= _FAIR_S:
            self._silent.update({questions[place].to: time.monotonic() + _SILENCE_S for place in waiting.values()})

    def _arrivals(self, deadline: float) -> list[Letter]:
        """The letters that come next, at least one; none when the deadline passes or the bus is gone."""
        letters: list[Letter] = []
        while self.alive and not letters:
            if not self._poller.poll(max(0.0, deadline - time.monotonic()) * 1000):
                break
            try:
                data = self._socket.recv(_CHUNK)
            except OSError:
                data = b""
            self.alive = bool(data)
            letters = list(self._letterbox.put(data))
        for letter in letters:
            if letter.kind == SIGNAL:
                self.on_signal(letter)
        return letters

    def _send(self, messages: bytes) -> None:
        try:
            if self.alive and messages:
                self._socket.sendall(messages)
        except OSError:
            self.alive = False

    def close(self) -> None:
        """Disconnect. Idempotent."""
        self.alive = False
        self._connection.close()
