"""A D-Bus connection for many small questions: sent together, answered in any order, within one deadline."""

import select
import time
from collections.abc import Callable, Sequence

from jeepney.io.blocking import DBusConnection, open_dbus_connection

from workbench.desktop.atspi.wire import RETURN, SIGNAL, Answer, Letter, Letterbox, Question, written
from workbench.errors import UnavailableError

_TOGETHER = 48
"""How many questions may be under way: a bus that is flooded drops the connection."""

_REFILL = 16
"""So many follow as soon as so many are answered: whoever asks, the bus and who answers work at the same time."""

_FAIR_S = 0.1
"""Who had less time than this to answer is not counted as hanging."""

_SILENCE_S = 0.5

_MOST_OWED = 2000
"""Of so many questions it is remembered that their answers are still to come; one that hangs for hours owes more."""

_CHUNK = 65536


class _Asked:
    """Questions on their way: which serial number belongs to which of them, and the answers so far."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = questions
        self.answers: list[Answer | None] = [None] * len(questions)
        self.waiting: dict[int, int] = {}

    def take(self, letter: Letter) -> bool:
        """Keep what this letter answers; whether it answers one of these questions."""
        place = self.waiting.pop(letter.reply_to, None)
        if place is not None and letter.kind == RETURN:
            self.answers[place] = letter.body
        return place is not None


class Bus:
    """One connection, for one thread. Once the bus is gone every question is unanswered; nothing is raised.

    An application that let a question wait until the deadline is not asked again for half a second, or until it has
    answered all that it owed, so that one that hangs does not slow down the questions to the others. `unanswered`
    counts the questions that got no answer in time from a bus that was there, and those that were not put because of
    that; `late` counts the answers that came after all, too late. Those who `hear` are called, on the asking
    thread, with every signal that arrives while answers are awaited or `listen` runs.
    """

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection
        self._socket = connection.sock
        self._letterbox = Letterbox()
        self._poller = select.poll()
        self._poller.register(self._socket, select.POLLIN)
        self._silent: dict[str, float] = {}
        self._owed: dict[int, str] = {}
        self._hearing: list[Callable[[Letter], None]] = []
        self.alive = True
        self.unanswered = 0
        self.late = 0

    @classmethod
    def connect(cls, address: str, *, timeout_s: float = 5.0) -> "Bus":
        """Connect to the bus at this D-Bus address; raises `UnavailableError` when nothing answers there."""
        try:
            return cls(open_dbus_connection(address, auth_timeout=timeout_s))
        except (OSError, ValueError, RuntimeError) as problem:
            raise UnavailableError(
                f"cannot connect to the D-Bus bus at {address}: {problem}; check DBUS_SESSION_BUS_ADDRESS"
            ) from None

    def ask(self, questions: Sequence[Question], *, deadline: float) -> list[Answer | None]:
        """The answers in the order of the questions; None for an error and for what did not come in time.

        `deadline` is on the monotonic clock. Replies that come later are dropped, and counted.
        """
        started = time.monotonic()
        asked = _Asked(questions)
        put = [place for place, question in enumerate(questions) if self._silent.get(question.to, 0.0) <= started]
        self._put(asked, put[:_TOGETHER])
        following = put[_TOGETHER:]
        while asked.waiting and (letters := self._arrivals(deadline)):
            for letter in letters:
                if not asked.take(letter):
                    self._note_late(letter)
            if following and len(asked.waiting) <= _TOGETHER - _REFILL:
                self._put(asked, following[:_REFILL])
                del following[:_REFILL]
        if self.alive:
            self.unanswered += len(questions) - len(put) + len(asked.waiting) + len(following)
            if len(self._owed) > _MOST_OWED:
                self._owed.clear()
            self._owed.update((serial, questions[place].to) for serial, place in asked.waiting.items())
        if time.monotonic() - started >= _FAIR_S:
            silent = {questions[place].to for place in asked.waiting.values()}
            self._silent.update(dict.fromkeys(silent, time.monotonic() + _SILENCE_S))
        return asked.answers

    def ask_one(self, question: Question, *, deadline: float) -> Answer | None:
        """The answer to one question; None for an error and for what did not come in time."""
        return self.ask((question,), deadline=deadline)[0]

    def hear(self, hears: Callable[[Letter], None]) -> None:
        """Call this with every later signal."""
        self._hearing.append(hears)

    def listen(self) -> None:
        """Take in what has already arrived, without waiting."""
        while letters := self._arrivals(time.monotonic()):
            for letter in letters:
                self._note_late(letter)

    def _note_late(self, letter: Letter) -> None:
        """Whoever answers late is slow and does not hang: it is asked again once it owes nothing more."""
        owing = self._owed.pop(letter.reply_to, None)
        if owing is None:
            return
        self.late += letter.kind == RETURN  # an error may come from the bus, of one that died
        if owing not in self._owed.values():
            self._silent.pop(owing, None)

    def _put(self, asked: "_Asked", places: Sequence[int]) -> None:
        serials = [next(self._connection.outgoing_serial) for _ in places]
        asked.waiting.update(zip(serials, places, strict=True))
        self._send(
            b"".join(written(asked.questions[place], serial) for serial, place in zip(serials, places, strict=True))
        )

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
                for hears in self._hearing:
                    hears(letter)
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
