"""Attempts before an evaluation: each task once by the agent itself, and hints learned from what went wrong there."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import toy_suite
from msgspec.structs import replace

from agents.evaluation.harness import attempting
from agents.evaluation.harness.attempting import Attempts, learn_hints
from agents.evaluation.harness.demonstrating import FIRST_SEED
from agents.evaluation.suites import Acted, Assignment, Limits
from agents.session.messages import AgentOrder, Minds
from workbench import events
from workbench.actions import Click
from workbench.approval import Decision
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 9, 9)
WINDOW = Window("toy", "Toy", PLACE)
acted: list[tuple[str, int]] = []


def click(name: str) -> Step:
    target = Target(Point(1, 1), WINDOW, Element("toy", "Toy", "push button", name, PLACE))
    return Step(f"s-{name}", Click(), target=target)


@dataclass
class Fumbler:
    """Clicks what has no effect, then what has, and keeps its run in the library of its order."""

    order: AgentOrder

    def act(self, assignment: Assignment) -> Acted:
        task, seed = json.loads(assignment.task)
        acted.append((task, seed))
        run = f"run-{task}"
        becomes = Trajectory(f"t-{task}", task, task=task, source="agent", created=1.0)
        with Library.open(Path(self.order.library or "")) as library:
            log = library.begin_run(
                events.RunStarted(run=run, trajectory=becomes.id, title=task, task=task, becomes=becomes)
            )
            for index, (name, worked) in enumerate((("Old", False), ("New", True)), 1):
                for event in went(index, click(name), worked=worked):
                    log.append(event)
            log.append(events.RunEnded(outcome="finished"))
            log.finish()
        return Acted("actor", 2, run=run)

    def close(self) -> None:
        pass


def went(index: int, step: Step, *, worked: bool) -> list[events.Event]:
    status: events.StepStatus = "done" if worked else "failed"
    return [
        events.StepProposed(index=index, step=step),
        events.ApprovalDecided(index=index, decision=Decision("approve", "policy")),
        events.StepKept(index=index, step=replace(step, id=f"{step.id}-{index}"), status=status),
        events.StepEnded(index=index, status=status, verified=worked),
    ]


@pytest.fixture
def attempts(toys, tmp_path, monkeypatch) -> Attempts:
    acted.clear()
    monkeypatch.setattr(attempting, "SeriesActor", Fumbler)
    return Attempts(tmp_path / "attempts", Minds(str(tmp_path), "built-in"), Limits())


def test_every_task_is_attempted_once_with_a_seed_that_nothing_is_evaluated_with(attempts):
    told: list[tuple[int, int, str]] = []
    attempts.make(toy_suite.Toy(), ["easy", "hard"])
    attempts.make(toy_suite.Toy(), ["easy", "odd", "hard"], lambda *what: told.append(what))
    assert acted == [(task, FIRST_SEED) for task in ("easy", "hard", "odd")]
    assert told == [(1, 1, "odd")]


def test_a_task_that_cannot_be_played_teaches_nothing_and_the_others_do(attempts, toys):
    (toys / "hard").write_text("unavailable")
    attempts.make(toy_suite.Toy(), ["hard", "easy"])
    attempts.make(toy_suite.Toy(), ["hard", "easy"])
    assert acted == [("easy", FIRST_SEED)]


def test_what_went_wrong_becomes_hints_that_are_lent_and_no_exemplars(attempts, tmp_path):
    attempts.make(toy_suite.Toy(), ["easy"])
    assert learn_hints(attempts.folder, tmp_path / "lends") == 1
    assert learn_hints(attempts.folder, tmp_path / "lends") == 1
    with Library.open(tmp_path / "lends") as library:
        (hint,) = library.learning.lessons("hint", status="approved")
        assert hint.words == 'click button "Old" had no effect; click button "New" had'
        assert library.summaries() == []
