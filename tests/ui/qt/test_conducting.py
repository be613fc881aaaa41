"""A run as the window sees it, with the real process of a replay on a private desktop."""

import os
import signal
from dataclasses import replace

import pytest
from msgspec.structs import replace as with_fields

from ui.qt.conducting import STOPPED, Commission, Conductor
from workbench import events
from workbench.actions import Ask, Note, PressKeys
from workbench.approval import Decision
from workbench.session.messages import Order, Pace
from workbench.session.parent import ChildDiedError
from workbench.session.replaying import new_run_id
from workbench.session.starting import REPLAYING
from workbench.trajectory import Step, Trajectory


@pytest.fixture
def conductor(core):
    made = Conductor(core.tasks)
    made.told = []
    made.heard.connect(made.told.append)
    made.finished = []
    made.over.connect(made.finished.append)
    return made


def _commission(core, *actions, **pace):
    steps = tuple(Step(id=f"s{number}", action=action) for number, action in enumerate(actions, 1))
    trajectory = Trajectory(id="t1", title="a test", steps=steps)
    order = Order(
        run=new_run_id(), trajectory=trajectory, frames=str(core.library_folder / "frames"), pace=Pace(**pace)
    )
    return Commission(order, REPLAYING, size="640x480")


def test_every_event_is_heard_and_questions_are_answered(conductor, core, until):
    conductor.question.connect(lambda index, words: conductor.answer(index, "blue"))
    conductor.begin(_commission(core, Note("hello"), Ask("which colour?", variable="colour")))
    until(lambda: conductor.finished, within_s=60)
    assert conductor.told == conductor.finished[0]
    assert conductor.told[-1].outcome == "finished"
    assert any(isinstance(event, events.PersonAsked) for event in conductor.told)
    assert not conductor.running


def test_a_pause_waits_until_the_person_goes_on_and_an_old_answer_answers_nothing(conductor, core, until):
    waits = []
    conductor.paused.connect(lambda index, taken_over: waits.append((index, taken_over)))
    conductor.begin(_commission(core, Note("one"), Note("two"), single=True))
    until(lambda: waits, within_s=60)
    assert waits == [(1, False)]
    assert conductor.resume(1, "step")
    assert not conductor.resume(1, "step")
    assert not conductor.decide(1, Decision("approve", "person"))
    until(lambda: len(waits) == 2)
    conductor.resume(2, "continue")
    until(lambda: conductor.finished)
    assert conductor.finished[0][-1].outcome == "finished"


def test_stopping_ends_a_run_that_waits_for_an_answer(conductor, core, until):
    waits = []
    conductor.question.connect(lambda index, words: waits.append(words))
    conductor.begin(_commission(core, Ask("which colour?", variable="colour"), Note("two")))
    until(lambda: waits, within_s=60)
    conductor.stop()
    until(lambda: conductor.finished)
    last = conductor.finished[0][-1]
    assert last.outcome == "stopped"
    assert last.reason == STOPPED
    assert not conductor.running


def test_stopping_before_the_process_is_up_ends_the_run_too(conductor, core, until):
    conductor.begin(_commission(core, Ask("which colour?", variable="colour")))
    conductor.stop()
    until(lambda: conductor.finished, within_s=60)
    assert not any(isinstance(event, events.PersonAsked) for event in conductor.told)
    assert not conductor.running


@pytest.mark.parametrize(
    ("action", "single", "asks"),
    [
        (Note("one"), True, "paused"),
        (Ask("which colour?", variable="colour"), False, "question"),
        (PressKeys(("F5",)), False, "asked"),
    ],
)
def test_a_process_that_is_killed_while_a_person_is_asked_is_told_without_an_answer(
    conductor, core, until, action, single, asks
):
    waits, failures = [], []
    getattr(conductor, asks).connect(lambda *what: waits.append(what))
    conductor.failed.connect(failures.append)
    commission = _commission(core, action, single=single)
    order = with_fields(commission.order, approve="ask" if asks == "asked" else "auto")
    conductor.begin(replace(commission, order=order))
    until(lambda: waits, within_s=60)
    os.kill(conductor._child.process.pid, signal.SIGKILL)
    until(lambda: conductor.finished)
    assert [type(each) for each in failures] == [ChildDiedError]
    last = conductor.finished[0][-1]
    assert (last.outcome, last.reason) == ("failed", str(failures[0]))
    assert last.elapsed_ms > 0
    assert not conductor.running


def test_what_the_run_cannot_do_is_told_and_the_conductor_is_free_again(conductor, core, until):
    failures = []
    conductor.failed.connect(failures.append)
    commission = _commission(core, Note("one"))
    conductor.begin(Commission(commission.order, REPLAYING, size="1x1x1"))
    until(lambda: failures)
    assert "1x1x1" in str(failures[0])
    assert not conductor.running
