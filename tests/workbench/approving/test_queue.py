"""The queue of requests: who is told, whose answer counts, and what happens when nobody is there."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from workbench.actions import Click
from workbench.approval import Decision
from workbench.approving.queue import ApprovalQueue, Request, check
from workbench.errors import BadInputError
from workbench.trajectory import Step

YES, NO = Decision("approve", "person"), Decision("reject", "person", words="no")
REQUEST = Request(3, Step("s", Click()), "irreversible", "it is called “delete”")
PATIENCE_S = 20.0


@dataclass
class Listener:
    """Notes what it is told, and answers at once where it was given an answer."""

    queue: ApprovalQueue
    reply: Decision | None = None
    heard: list[tuple[str, object]] = field(default_factory=list)
    told: threading.Event = field(default_factory=threading.Event)

    def asked(self, request: Request) -> None:
        self.heard.append(("asked", request.number))
        if self.reply is not None:
            self.queue.answer(request.number, self.reply, self)
        self.told.set()

    def decided(self, request: Request, decision: Decision) -> None:
        self.heard.append(("decided", decision.word))

    def withdrawn(self, request: Request, reason: str) -> None:
        self.heard.append(("withdrawn", reason))


@pytest.fixture
def queue() -> ApprovalQueue:
    return ApprovalQueue()


def elsewhere(act: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    return thread


def test_with_no_client_the_answer_is_to_stop(queue: ApprovalQueue) -> None:
    decision = queue.ask(REQUEST)
    assert (decision.word, decision.by) == ("stop", "policy")
    assert "nobody is there to ask" in decision.reason
    assert "irreversible" in decision.reason


def test_a_client_that_answers_while_it_is_told_decides(queue: ApprovalQueue) -> None:
    client = Listener(queue, YES)
    with queue.listening(client):
        assert queue.ask(REQUEST) == YES
    assert client.heard == [("asked", 1), ("decided", "approve")]


def test_a_client_on_another_thread_decides_later(queue: ApprovalQueue) -> None:
    client = Listener(queue)

    def answer() -> None:
        client.told.wait(PATIENCE_S)
        queue.answer(queue.waiting()[0].number, NO, client)

    with queue.listening(client):
        thread = elsewhere(answer)
        assert queue.ask(REQUEST) == NO
        thread.join(PATIENCE_S)


def test_the_first_answer_wins_and_the_others_hear_of_it(queue: ApprovalQueue) -> None:
    quick, slow = Listener(queue, YES), Listener(queue, NO)
    with queue.listening(quick), queue.listening(slow):
        assert queue.ask(REQUEST) == YES
    assert slow.heard[-1] == ("decided", "approve")


def test_of_many_answers_at_once_exactly_one_counts(queue: ApprovalQueue) -> None:
    client = Listener(queue)
    won: list[bool] = []
    start = threading.Barrier(8)

    def answer() -> None:
        start.wait(PATIENCE_S)
        won.append(queue.answer(1, YES, client))

    def all_at_once() -> None:
        client.told.wait(PATIENCE_S)
        for thread in [elsewhere(answer) for _ in range(8)]:
            thread.join(PATIENCE_S)

    with queue.listening(client):
        crowd = elsewhere(all_at_once)
        assert queue.ask(REQUEST) == YES
        crowd.join(PATIENCE_S)
    assert sorted(won) == [False] * 7 + [True]


def test_a_client_that_waits_for_a_person_is_told_last(queue: ApprovalQueue) -> None:
    terminal, window = Listener(queue, NO), Listener(queue, YES)
    with queue.listening(terminal, waits=True), queue.listening(window):
        assert queue.ask(REQUEST) == YES
    assert ("asked", 1) not in terminal.heard


def test_a_client_without_a_person_counts_only_when_all_are_like_it(queue: ApprovalQueue) -> None:
    nobody = Listener(queue, Decision("stop", "policy", "no terminal"))
    with queue.listening(nobody):
        assert queue.ask(REQUEST).reason == "no terminal"
        with queue.listening(Listener(queue, YES)):
            assert queue.ask(REQUEST) == YES


def test_a_client_that_comes_while_a_request_waits_is_told_and_may_decide(queue: ApprovalQueue) -> None:
    first = Listener(queue)

    def come_late() -> None:
        first.told.wait(PATIENCE_S)
        with queue.listening(Listener(queue, YES)):
            pass

    with queue.listening(first):
        thread = elsewhere(come_late)
        assert queue.ask(REQUEST) == YES
        thread.join(PATIENCE_S)


def test_when_the_last_client_leaves_the_answer_is_to_stop(queue: ApprovalQueue) -> None:
    client = Listener(queue)
    leaving = queue.listening(client)
    leaving.__enter__()

    def leave() -> None:
        client.told.wait(PATIENCE_S)
        leaving.__exit__(None, None, None)

    thread = elsewhere(leave)
    assert queue.ask(REQUEST).word == "stop"
    thread.join(PATIENCE_S)


def test_clients_are_told_that_a_request_was_withdrawn(queue: ApprovalQueue) -> None:
    client = Listener(queue)

    def stop() -> None:
        client.told.wait(PATIENCE_S)
        queue.withdraw("the run was stopped")

    with queue.listening(client):
        thread = elsewhere(stop)
        decision = queue.ask(REQUEST)
        thread.join(PATIENCE_S)
    assert (decision.word, decision.reason) == ("stop", "the run was stopped")
    assert client.heard[-1] == ("withdrawn", "the run was stopped")
    assert queue.answer(1, YES) is False


def test_a_run_that_has_ended_meanwhile_withdraws_its_request(queue: ApprovalQueue) -> None:
    client = Listener(queue)
    with queue.listening(client):
        decision = queue.ask(REQUEST, lambda: "the run has ended" if client.told.is_set() else None)
    assert decision == Decision("stop", "policy", "the run has ended")
    assert client.heard[-1] == ("withdrawn", "the run has ended")


def test_a_client_that_breaks_leaves_no_request_behind(queue: ApprovalQueue) -> None:
    class Broken(Listener):
        def asked(self, request: Request) -> None:
            raise KeyboardInterrupt

    watcher = Listener(queue)
    with queue.listening(watcher), queue.listening(Broken(queue)), pytest.raises(KeyboardInterrupt):
        queue.ask(REQUEST)
    assert queue.waiting() == ()
    assert watcher.heard[-1] == ("withdrawn", "whoever asked has gone")


@pytest.mark.parametrize(
    "decision",
    [
        Decision("modify", "person"),
        Decision("approve", "person", step=Step("x", Click())),
        Decision("approve", "person", next_same=-1),
        Decision("approve", "person", next_same=100),
        Decision("reject", "person", next_same=2),
        Decision("approve", "person", ahead=-1),
        Decision("approve", "person", ahead=100),
        Decision("reject", "person", ahead=2),
        Decision("approve", "person", ahead=2, next_same=2),
        Decision("approve", "policy"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_the_request_waits_on(
    queue: ApprovalQueue, decision: Decision
) -> None:
    class Wrong(Listener):
        def asked(self, request: Request) -> None:
            with pytest.raises(BadInputError):
                self.queue.answer(request.number, decision, self)
            self.queue.answer(request.number, NO, self)

    with queue.listening(Wrong(queue)):
        assert queue.ask(REQUEST) == NO
    with pytest.raises(BadInputError):
        check(decision)
