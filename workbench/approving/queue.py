"""The queue between a run and whoever decides: requests come in, any client may answer, the first valid answer wins.

It knows no face and starts no thread. With nobody there it fails closed: the answer is to stop.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from workbench.approval import MOST_SAME, Decision, Risk
from workbench.errors import BadInputError
from workbench.locate.verdict import Verdict
from workbench.trajectory import FrameId, Step

LOOK_UP_S = 0.1
"""How often a waiting request asks whether its run is still there."""


@dataclass(frozen=True)
class Request:
    """One step that somebody has to decide: `number` is given by the queue, `index` is the step's in the run.

    `candidates` are the witnesses' answers, `frame` what was seen.
    """

    index: int
    step: Step | None
    risk: Risk
    reason: str = ""
    confidence: float | None = None
    candidates: Verdict | None = None
    frame: FrameId | None = None
    number: int = 0


class Client(Protocol):
    """Whoever may decide. All three are called on the threads of others, without any lock held."""

    def asked(self, request: Request) -> None:
        """A decision is wanted; answer now or later through `ApprovalQueue.answer`."""
        ...

    def decided(self, request: Request, decision: Decision) -> None:
        """Somebody decided, perhaps this client."""
        ...

    def withdrawn(self, request: Request, reason: str) -> None:
        """Nobody needs to decide any more, and why."""
        ...


@dataclass
class _Pending:
    request: Request
    decision: Decision | None = None
    withdrawn: str = ""
    abstained: dict[int, Decision] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.decision is not None or bool(self.withdrawn)


class ApprovalQueue:
    """Requests that wait for a decision, and the clients that are told of them; any thread may call anything.

    A client that keeps its caller waiting in `asked`, as a terminal does, listens with `waits` and is told last.
    """

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._clients: list[tuple[bool, Client]] = []
        self._pending: dict[int, _Pending] = {}
        self._number = 0

    @contextmanager
    def listening(self, client: Client, *, waits: bool = False) -> Iterator[None]:
        """Be told of requests, those that are waiting first; leaving may stop what nobody else can decide."""
        with self._lock:
            self._clients.append((waits, client))
            waiting = [one.request for one in self._pending.values() if not one.over]
        try:
            for request in waiting:
                client.asked(request)
            yield
        finally:
            with self._lock:
                self._clients = [(late, one) for late, one in self._clients if one is not client]
                self._lock.notify_all()

    def waiting(self) -> tuple[Request, ...]:
        """The requests that nobody has answered yet, in their order."""
        with self._lock:
            return tuple(one.request for one in self._pending.values() if not one.over)

    def ask(self, request: Request, gone: Callable[[], str | None] = lambda: None) -> Decision:
        """Wait for a decision on the calling thread; `gone` says why nobody needs it any more, or None.

        The answer is to stop when no client is there, when the last one leaves, or when it is withdrawn.
        """
        pending = self._entered(request)
        try:
            for client in self._told_in_order():
                if not self._over(pending):
                    client.asked(pending.request)
            return self._awaited(pending, gone)
        finally:
            self._closed(pending)

    def answer(self, number: int, decision: Decision, client: Client | None = None) -> bool:
        """Decide a request; whether this answer was the one that counts. `client` is who gives it.

        A decision by the policy means that this client has nobody to ask: it counts only once all clients have said
        so. Raises `BadInputError` for a decision that makes no sense, whoever gives it.
        """
        check(decision)
        with self._lock:
            pending = self._pending.get(number)
            if pending is None or pending.over:
                return False
            if decision.by == "policy":
                pending.abstained[id(client)] = decision
            else:
                pending.decision = decision
            self._lock.notify_all()
            return decision.by != "policy"

    def withdraw(self, reason: str) -> None:
        """Nobody needs to decide anything that waits now: the run has been stopped."""
        with self._lock:
            for pending in self._pending.values():
                if not pending.over:
                    pending.withdrawn = reason
            self._lock.notify_all()

    def _entered(self, request: Request) -> _Pending:
        with self._lock:
            self._number += 1
            pending = _Pending(replace(request, number=self._number))
            self._pending[self._number] = pending
            return pending

    def _told_in_order(self) -> list[Client]:
        with self._lock:
            return [client for _, client in sorted(self._clients, key=lambda one: one[0])]

    def _over(self, pending: _Pending) -> bool:
        with self._lock:
            return pending.over

    def _awaited(self, pending: _Pending, gone: Callable[[], str | None]) -> Decision:
        while True:
            reason = gone()
            with self._lock:
                if reason and not pending.over:
                    pending.withdrawn = reason
                decision = self._outcome(pending)
                if decision is not None:
                    return decision
                self._lock.wait(LOOK_UP_S)

    def _outcome(self, pending: _Pending) -> Decision | None:
        """What it came to, with the lock held; None while somebody may still answer."""
        if pending.decision is not None:
            return pending.decision
        if pending.withdrawn:
            return Decision("stop", "policy", pending.withdrawn)
        if any(id(client) not in pending.abstained for _, client in self._clients):
            return None
        said = next(iter(pending.abstained.values()), None)
        pending.decision = said or Decision("stop", "policy", _nobody(pending.request))
        return pending.decision

    def _closed(self, pending: _Pending) -> None:
        """Forget the request and tell every client how it ended."""
        with self._lock:
            del self._pending[pending.request.number]
            if not pending.over:
                pending.withdrawn = "whoever asked has gone"
            clients = [client for _, client in self._clients]
        for client in clients:
            if pending.decision is not None:
                client.decided(pending.request, pending.decision)
            else:
                client.withdrawn(pending.request, pending.withdrawn)


def check(decision: Decision) -> None:
    """Raise `BadInputError` for a decision that makes no sense; the text says what is missing."""
    if decision.word == "modify" and decision.step is None:
        raise BadInputError("a modified step has to be given with the decision to modify; approve or reject it instead")
    if decision.word != "modify" and decision.step is not None:
        raise BadInputError(f"the decision to {decision.word} carries a step; only modify replaces one")
    if not 0 <= decision.next_same <= MOST_SAME:
        raise BadInputError(f"{decision.next_same} further steps cannot be approved at once; give 0 to {MOST_SAME}")
    if not 0 <= decision.ahead <= MOST_SAME:
        raise BadInputError(f"{decision.ahead} expected steps cannot be approved at once; give 0 to {MOST_SAME}")
    if (decision.next_same or decision.ahead) and decision.word != "approve":
        raise BadInputError("only an approval can go on for the next steps")
    if decision.next_same and decision.ahead:
        raise BadInputError("approve either the next steps of the same kind or those that are expected, not both")
    if decision.by == "policy" and decision.word in ("approve", "modify"):
        raise BadInputError("a client without a person can only stop or reject; let a person approve")


def _nobody(request: Request) -> str:
    why = f"; {request.reason}" if request.reason else ""
    return f"it needs approval ({request.risk}{why}) and nobody is there to ask"
