"""Agents that go from one assignment to the next in one process, on a real private desktop with a real model."""

import os
import shutil
import signal
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from agents.evaluation.acting import SeriesActor
from agents.evaluation.suites import Assignment, Limits
from agents.runtime.models import built_in
from agents.session.messages import AgentOrder, Minds
from workbench.desktop.private import PrivateDesktop
from workbench.errors import UnavailableError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("galculator") is None, reason="galculator is not installed"),
]

LIMITS = Limits(steps=4, seconds=60.0)


@pytest.fixture(scope="module")
def desktop() -> Iterator[PrivateDesktop]:
    with PrivateDesktop.start((640, 480)) as desktop:
        desktop.launch("galculator")
        yield desktop


@pytest.fixture(scope="module")
def order(tmp_path_factory) -> AgentOrder:
    folder = tmp_path_factory.mktemp("agent")
    minds = Minds(str(folder / "models"), built_in.NAME)
    return AgentOrder(
        run="", task="", library=None, frames=str(folder / "frames"), minds=minds, approve="auto", effect_s=10.0
    )


@pytest.fixture
def actor(order) -> Iterator[SeriesActor]:
    actor = SeriesActor(order)
    yield actor
    actor.close()


def assignment(desktop, *, task="click 7, then click 8", is_over=lambda: False, limits=LIMITS) -> Assignment:
    return Assignment(task, desktop.environment(), limits, is_over)


def test_one_process_goes_from_one_assignment_to_the_next_and_what_came_too_late_for_one_does_no_harm(desktop, actor):
    first = actor.act(assignment(desktop))
    process = actor._child.process
    looks = iter([False, False, True])
    over = actor.act(assignment(desktop, is_over=lambda: next(looks, True)))
    actor._child.tell_to_end("too late")
    last = actor.act(assignment(desktop))
    assert (first.ended, first.steps >= 2, first.asked) == ("actor", True, 0), first
    assert first.tokens > 0
    assert over.ended == "task"
    assert (last.ended, last.steps >= 2) == ("actor", True), last
    assert actor._child.process is process
    actor.close()
    assert process.poll() is not None


def test_a_process_that_dies_costs_its_assignment_alone(desktop, actor):
    def die() -> bool:
        os.kill(actor._child.process.pid, signal.SIGKILL)
        return False

    broken = actor.act(assignment(desktop, is_over=die))
    assert (broken.ended, "signal 9" in broken.reason) == ("broken", True), broken
    assert actor.act(assignment(desktop)).ended == "actor"


def test_a_process_that_hangs_is_ended_by_the_system_when_its_time_is_over(desktop, actor, monkeypatch):
    monkeypatch.setattr("agents.evaluation.acting.GRACE_S", -59.7)
    hung = actor.act(assignment(desktop))
    assert (hung.ended, "signal 14" in hung.reason) == ("broken", True), hung


def test_ctrl_c_ends_the_run_and_the_process(desktop, actor):
    def interrupt() -> bool:
        if not interrupted:
            interrupted.append(actor._child.process)
            os.kill(os.getpid(), signal.SIGINT)
        return False

    interrupted = []
    with pytest.raises(KeyboardInterrupt):
        actor.act(assignment(desktop, is_over=interrupt))
    assert interrupted[0].poll() is not None


def test_what_no_run_can_begin_with_is_said_and_the_next_one_begins(desktop, actor, order):
    actor.order = replace(order, minds=replace(order.minds, planner="nobody"))
    with pytest.raises(UnavailableError, match="no model “nobody”"):
        actor.act(assignment(desktop))
    actor.order = order
    assert actor.act(assignment(desktop)).ended == "actor"
