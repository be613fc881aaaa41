"""Who may decide about a run's steps besides its face: the queue of its process's parent."""

import subprocess
import sys
import threading
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from workbench import events
from workbench.actions import Click
from workbench.approval import Decision, Risk
from workbench.approving.queue import Request
from workbench.locate.verdict import Verdict
from workbench.session.messages import Order, Resume
from workbench.session.parent import ChildDiedError, RunChild
from workbench.trajectory import Step, Trajectory

PATIENCE_S = 20.0
ORDER = Order("r1", Trajectory("t1", "one", (Step("s1", Click()),)), "frames")
ASKS = """
import json, sys
sys.stdin.readline()
def say(**event):
    print(json.dumps(event), flush=True)
say(kind="step-proposed", index=1, step={"id": "s1", "action": {"kind": "click"}})
say(kind="KIND", index=1, **QUESTION)
AFTER
"""
REPLIES = """
reply = json.loads(sys.stdin.readline())
say(kind="progress", text=json.dumps(reply))
say(kind="run-ended", outcome="stopped")
"""


NOBODY = Decision("stop", "policy", "nobody is there")


@dataclass
class Face:
    """A face that gives one answer, and notes what it hears."""

    decision: Decision = NOBODY
    heard: list[events.Event] = field(default_factory=list)
    asked: int = 0

    def hear(self, event: events.Event) -> None:
        self.heard.append(event)

    def decide(self, index: int, risk: Risk, reason: str) -> Decision:
        self.asked += 1
        return self.decision

    def answer(self, index: int, question: str) -> str | None:
        return None

    def point(self, index: int, verdict: Verdict) -> bool:
        return False

    def resume(self, index: int) -> Resume:
        return "continue"

    @property
    def replied(self) -> str:
        return next(event.text for event in self.heard if isinstance(event, events.Progress))


@dataclass
class Window:
    """A client that decides, or leaves it open."""

    child: RunChild
    decision: Decision | None = None
    requests: list[Request] = field(default_factory=list)
    withdrawals: list[str] = field(default_factory=list)
    told: threading.Event = field(default_factory=threading.Event)

    def asked(self, request: Request) -> None:
        self.requests.append(request)
        if self.decision is not None:
            self.child.queue.answer(request.number, self.decision, self)
        self.told.set()

    def decided(self, request: Request, decision: Decision) -> None:
        pass

    def withdrawn(self, request: Request, reason: str) -> None:
        self.withdrawals.append(reason)


def child(kind: str = "approval-asked", question: str = '{"risk": "reversible"}', after: str = REPLIES) -> RunChild:
    script = ASKS.replace("KIND", kind).replace("QUESTION", question).replace("AFTER", after)
    pipes = subprocess.PIPE
    return RunChild(subprocess.Popen([sys.executable, "-c", script], stdin=pipes, stdout=pipes))


def no_secret(name: str) -> str:
    raise AssertionError(name)


def test_a_face_alone_decides_as_it_always_did() -> None:
    face = Face(Decision("approve", "person"))
    with child() as run:
        run.conduct(ORDER, face, no_secret)
    assert '"approve"' in face.replied


def test_an_order_that_is_no_unicode_is_refused_and_not_waited_for() -> None:
    order = replace(ORDER, run="bytes \udcff of no encoding")
    with child() as run, pytest.raises(UnicodeEncodeError):
        run.conduct(order, Face(), no_secret)
    assert run.process.poll() is not None


def test_another_client_decides_before_a_face_that_waits_is_asked() -> None:
    face = Face(Decision("approve", "person"))
    with child() as run:
        window = Window(run, Decision("reject", "person", words="no"))
        with run.queue.listening(window):
            run.conduct(ORDER, face, no_secret)
    assert '"reject"' in face.replied
    assert face.asked == 0
    request = window.requests[0]
    assert (request.index, request.risk, request.step) == (1, "reversible", Step("s1", Click()))


def test_a_window_decides_where_no_terminal_is() -> None:
    face = Face()
    with child() as run:
        window = Window(run)

        def decide_later() -> None:
            window.told.wait(PATIENCE_S)
            run.queue.answer(1, Decision("approve", "person"), window)

        thread = threading.Thread(target=decide_later, daemon=True)
        with run.queue.listening(window):
            thread.start()
            run.conduct(ORDER, face, no_secret)
        thread.join(PATIENCE_S)
    assert '"approve"' in face.replied


def test_nobody_at_all_stops_the_run_with_the_face_s_own_words() -> None:
    face = Face()
    with child() as run:
        run.conduct(ORDER, face, no_secret)
    assert "nobody is there" in face.replied
    assert '"stop"' in face.replied


def test_a_process_that_dies_while_a_decision_waits_withdraws_the_request() -> None:
    with child(after="sys.exit(1)") as run:
        window = Window(run)
        with run.queue.listening(window), pytest.raises(ChildDiedError):
            run.conduct(ORDER, Face(), no_secret)
    assert window.withdrawals == ["the process of the run has ended"]


def test_a_run_that_is_stopped_from_elsewhere_withdraws_the_request() -> None:
    with child(after="sys.stdin.read()") as run:
        window = Window(run)

        def stop() -> None:
            window.told.wait(PATIENCE_S)
            run.stop("the person closed the window")

        thread = threading.Thread(target=stop, daemon=True)
        with run.queue.listening(window):
            thread.start()
            request = Request(1, None, "reversible")
            decision = run.queue.ask(request)
        thread.join(PATIENCE_S)
    assert (decision.word, decision.reason) == ("stop", "the person closed the window")
    assert window.withdrawals == ["the person closed the window"]


def test_a_person_who_took_over_is_waited_for_like_at_a_pause() -> None:
    face = Face()
    with child("take-over-began", "{}") as run:
        run.conduct(ORDER, face, no_secret)
    assert '"continue"' in face.replied
