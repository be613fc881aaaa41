"""Actors in processes of their own: how their work ends, however it ends."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agents.evaluation import acting
from agents.evaluation.acting import SessionActor, agent_actor
from agents.evaluation.miniwob import solving
from agents.evaluation.suites import Assignment, Limits
from agents.planning.recovery import Limits as RunLimits
from agents.session.messages import AgentOrder, Minds
from workbench.errors import UnavailableError
from workbench.session.messages import Stop

USUAL = Limits()
ORDER = AgentOrder(run="r", task="rest", library=None, frames="/frames", minds=Minds("/models", "m"))
TALKATIVE = """
import json, sys
say = lambda **event: print(json.dumps(event), flush=True)
sys.stdin.readline()
say(kind="run-started", run="r1", trajectory=None, title="")
for index in range(1, 4):
    say(kind="step-ended", index=index, status="done")
last = {last}
if last is None:
    last = dict(outcome="stopped", reason=json.loads(sys.stdin.readline())["reason"])
say(kind="run-ended", **last)
"""


@pytest.fixture
def actor(tmp_path: Path) -> Callable[[str], SessionActor]:
    """An actor whose process is this script."""

    def make(script: str) -> SessionActor:
        (tmp_path / "acting_script.py").write_text(script, "utf-8")
        return SessionActor("acting_script", lambda _: Stop("the order of this script"))

    return make


@pytest.fixture
def assignment(tmp_path: Path) -> Callable[..., Assignment]:
    def make(limits: Limits = USUAL, is_over: Callable[[], bool] = lambda: False) -> Assignment:
        return Assignment("rest", {**os.environ, "PYTHONPATH": str(tmp_path)}, limits, is_over)

    return make


@pytest.mark.parametrize(
    ("last", "steps", "ended"),
    [
        ({"outcome": "finished"}, 3, "actor"),
        ({"outcome": "failed", "reason": "nothing fits", "elapsed_ms": 10.0}, 30, "actor"),
        ({"outcome": "failed", "reason": "no steps left", "elapsed_ms": 10.0}, 3, "steps"),
        ({"outcome": "failed", "reason": "no time left", "elapsed_ms": 60_000.0}, 30, "seconds"),
    ],
)
def test_who_ended_the_work_is_told(actor, assignment, last, steps, ended):
    acted = actor(TALKATIVE.format(last=last)).act(assignment(Limits(steps, 60.0)))
    assert (acted.ended, acted.steps, acted.reason) == (ended, 3, last.get("reason", ""))


def test_work_on_a_task_that_is_over_is_stopped(actor, assignment):
    calls = iter([False, False, True])
    acted = actor(TALKATIVE.format(last=None)).act(assignment(is_over=lambda: next(calls)))
    assert (acted.ended, acted.reason) == ("task", "the task is over")


BUSY = """
import json, sys
say = lambda **event: print(json.dumps(event), flush=True)
step = dict(id="s1", action=dict(kind="click"))
sys.stdin.readline()
say(kind="run-started", run="r1", trajectory=None, title="")
say(kind="step-proposed", index=1, step=step, tokens=10)
say(kind="step-acting", index=1, step=step)
say(kind="step-ended", index=1, status="done")
say(kind="step-proposed", index=2, step=step, tokens=100)
reason = json.loads(sys.stdin.readline())["reason"]
say(kind="step-ended", index=2, status="skipped")
say(kind="run-ended", outcome="stopped", reason=reason)
"""


@pytest.mark.parametrize("looks", [2, 3, 4])
def test_the_step_that_ended_the_task_counts_and_none_after_it_whenever_that_is_noticed(actor, assignment, looks):
    seen = iter([False] * looks)
    acted = actor(BUSY).act(assignment(is_over=lambda: next(seen, True)))
    assert (acted.ended, acted.steps, acted.tokens) == ("task", 1, 10)


def test_a_model_that_was_never_asked_took_no_tokens_and_of_who_has_none_nobody_counts_any(actor, assignment):
    free = replace(actor(TALKATIVE.format(last={"outcome": "finished"})), order_for=lambda _: ORDER)
    assert free.act(assignment()).tokens == 0
    assert actor(TALKATIVE.format(last={"outcome": "finished"})).act(assignment()).tokens is None


def test_ctrl_c_ends_the_work_first_and_is_not_lost(actor, assignment):
    def interrupt() -> bool:
        signal.raise_signal(signal.SIGINT)
        return False

    with pytest.raises(KeyboardInterrupt):
        actor(TALKATIVE.format(last=None)).act(assignment(is_over=interrupt))


def test_a_process_that_hangs_is_ended_soon_after_its_limit(actor, assignment, monkeypatch):
    monkeypatch.setattr(acting, "GRACE_S", 0.1)
    acted = actor("import time\ntime.sleep(600)\n").act(assignment(Limits(seconds=0.2)))
    assert (acted.ended, acted.steps) == ("broken", 0)
    assert "the process of the run ended" in acted.reason


def test_a_process_that_dies_has_broken_and_one_that_finds_no_desktop_is_an_error(actor, assignment, tmp_path):
    assert actor("raise SystemExit(3)").act(assignment()).ended == "broken"
    nowhere = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    with pytest.raises(UnavailableError, match="no display"):
        solving.solver_actor(tmp_path).act(Assignment("Click the button.", nowhere, Limits(), lambda: False))


def test_the_agent_is_told_the_task_and_the_limits_and_keeps_the_rest_of_its_order(assignment):
    order = AgentOrder(
        run="old",
        task="old",
        library=None,
        frames="/frames",
        minds=Minds("/models", "m"),
        limits=RunLimits(stall=3),
        secrets=("mail",),
        seen=True,
    )
    made = agent_actor(order).order_for(assignment(Limits(7, 11.0)))
    assert isinstance(made, AgentOrder)
    assert (made.task, made.secrets, made.seen, made.frames) == ("rest", (), False, "/frames")
    assert (made.limits.steps, made.limits.seconds, made.limits.stall) == (7, 11.0, 3)
    assert made.run not in ("old", agent_actor(order).order_for(assignment()).run)
