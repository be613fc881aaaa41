"""The suite on real applications: a solver that earns everything, mistakes that earn nothing, and trouble."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from agents.evaluation.desktop import applications, demonstrating
from agents.evaluation.desktop.catalogue import names, task_named
from agents.evaluation.desktop.demonstrating import demonstrate
from agents.evaluation.desktop.episodes import DesktopStage, DesktopSuite
from agents.evaluation.desktop.solving import way_actor
from agents.evaluation.suites import Acted, Assignment, Limits
from workbench.actions import Click, TypeText
from workbench.desktop import guard_ending
from workbench.errors import BadInputError, UnavailableError
from workbench.library.store import Library

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(shutil.which, ("chromium", "mousepad", "galculator"))), reason="an application is not installed"
    ),
]

LIMITS = Limits(steps=60, seconds=120.0)
PROVEN = (
    "editor-type",
    "calculator-digit",
    "page-link",
    "editor-save",
    "editor-switch",
    "calculator-mode",
    "calculator-add",
    "page-choice",
    "editor-save-as",
    "page-visitor",
    "after-2",
)


@dataclass
class Idle:
    """An actor that does what the test says and looks whether it is over."""

    does: Callable[[Assignment], Any] = lambda _: None
    given: list[Assignment] = field(default_factory=list)

    def act(self, assignment: Assignment) -> Acted:
        self.given.append(assignment)
        self.does(assignment)
        assert not assignment.is_over()
        return Acted("actor", 0)


@pytest.fixture(scope="module")
def stage() -> Iterator[DesktopStage]:
    with DesktopSuite().open() as made:
        yield made


def way_of(task: str, seed: int = 1):
    return task_named(task).problem(seed).way


@pytest.mark.parametrize("task", PROVEN)
def test_the_solver_earns_everything_and_the_same_done_wrongly_nothing(stage, tmp_path, task):
    right = stage.play(task, 1, way_actor(way_of(task), tmp_path), LIMITS)
    assert (right.reward, right.success, right.completion) == (1.0, True, 1.0), right
    assert (right.task, right.seed, right.ended, right.steps) == (task, 1, "actor", len(way_of(task)))
    wrong = stage.play(task, 1, way_actor(way_of(task), tmp_path, wrong=True), LIMITS)
    assert (wrong.reward, wrong.success) == (0.0, False), wrong
    assert wrong.completion < 1
    assert wrong.steps >= 1


@pytest.mark.parametrize("task", ["editor-switch", "calculator-to-both"])
def test_who_does_nothing_earns_nothing(stage, task):
    score = stage.play(task, 2, Idle(), LIMITS)
    assert (score.reward, score.success, score.completion, score.repeated) == (0.0, False, 0.0, "")
    assert score.told == task_named(task).problem(2).told


def test_half_of_a_task_is_told_by_its_completion(stage, tmp_path):
    score = stage.play("editor-save", 1, way_actor(way_of("editor-save")[:1], tmp_path), LIMITS)
    assert (score.reward, score.completion) == (0.0, 0.5)


def test_an_unknown_task_is_refused_and_the_stage_plays_on(stage):
    with pytest.raises(BadInputError, match="no desktop task"):
        stage.play("fly-to-the-moon", 1, Idle(), LIMITS)
    assert stage.play("calculator-digit", 1, Idle(), LIMITS).ended == "actor"


def test_every_episode_begins_fresh_in_a_home_of_its_own(stage, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    seen: list[tuple[set[int], set[str]]] = []

    def leave_traces(_: Assignment) -> None:
        home = stage._applications.folder
        seen.append((pids(stage), {path.name for path in home.iterdir() if path.suffix == ".txt"}))
        (home / "left.txt").write_text("left", "utf-8")

    for _ in range(2):
        stage.play("editor-save", 1, Idle(leave_traces), LIMITS)
    (first, files), (second, files_again) = seen
    assert files == files_again == {"notes.txt"}
    assert first
    assert not first & second
    assert [pid for pid in first if guard_ending.process(pid)] == []
    assert list(tmp_path.iterdir()) == []


def test_the_process_of_an_actor_outlives_the_episode(stage):
    with subprocess.Popen(["sleep", "600"], env={**os.environ, **stage._fresh().private.environment()}) as lasting:
        for _ in range(2):
            stage.play("calculator-digit", 1, Idle(), LIMITS)
        assert lasting.poll() is None
        lasting.kill()


def test_an_application_that_hangs_is_replaced_and_the_episode_is_played_once_more(stage, tmp_path):
    solver, stopped = way_actor(way_of("calculator-digit"), tmp_path), []

    @dataclass(frozen=True)
    class Unlucky:
        def act(self, assignment: Assignment) -> Acted:
            if stopped:
                return solver.act(assignment)
            stopped.extend(halt(stage))
            return Acted("actor", 0)

    score = stage.play("calculator-digit", 1, Unlucky(), LIMITS)
    assert (score.reward, score.ended) == (1.0, "actor"), score
    assert "galculator does not answer" in score.repeated
    assert [pid for pid in stopped if guard_ending.process(pid)] == []


def test_an_actor_that_always_hangs_it_earns_nothing_and_the_stage_plays_on(stage):
    score = stage.play("calculator-digit", 1, Idle(lambda _: halt(stage)), LIMITS)
    assert (score.reward, score.success, score.ended) == (0.0, False, "broken")
    assert "does not answer" in score.reason
    assert stage.play("calculator-digit", 1, Idle(), LIMITS).repeated == ""


def test_an_application_that_never_comes_up_is_no_score(stage, monkeypatch):
    monkeypatch.setitem(applications.PROGRAMS, "calculator", "false")
    never = Idle()
    with pytest.raises(UnavailableError, match="calculator-digit with seed 5 cannot be played"):
        stage.play("calculator-digit", 5, never, LIMITS)
    assert never.given == []


def test_a_missing_application_is_told_before_anything_starts(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(UnavailableError, match=r"need mousepad, galculator, chromium; install"):
        DesktopSuite().tasks()


def test_a_stage_leaves_nothing_behind():
    with DesktopSuite().open() as stage:
        stage.play("page-box", 1, Idle(), LIMITS)
        private = stage._place.private
        processes = {*private.process_ids(), stage._applications._browser.process.pid}
    assert not private.folder.exists()
    assert [pid for pid in processes if guard_ending.process(pid)] == []
    assert DesktopSuite().tasks() == names()


def test_a_demonstration_is_a_trajectory_with_witnesses(stage, tmp_path):
    with Library.open(tmp_path / "library") as library:
        made = demonstrate(stage, "editor-save", 7, library)
        assert library.get(made.id) == made
    problem = task_named("editor-save").problem(7)
    assert (made.task, made.source) == (problem.told, "agent")
    assert [step.action for step in made.steps] == [deed.action for deed in problem.way]
    for step in made.steps:
        assert step.observation.frame
        assert step.outcome.frame
        assert step.observation.window.app == "mousepad"
        assert isinstance(step.action, Click | TypeText)
        assert step.target.element.role
    assert made.steps[1].target.element.name == "File"


def test_what_was_not_solved_is_no_demonstration(stage, tmp_path, monkeypatch):
    def wrong(way, frames, *, library):
        return way_actor(way, frames, library=library, wrong=True)

    monkeypatch.setattr(demonstrating, "way_actor", wrong)
    with Library.open(tmp_path / "library") as library:
        with pytest.raises(UnavailableError, match="was not solved"):
            demonstrate(stage, "calculator-digit", 1, library)
        assert library.summaries() == []


def pids(stage: DesktopStage) -> set[int]:
    """The processes of the applications."""
    return guard_ending.family([f"HOME={stage._applications.folder}"], ())


def halt(stage: DesktopStage) -> set[int]:
    """Stop the applications where they are; they neither end nor answer."""
    found = pids(stage)
    assert found
    for pid in found:
        os.kill(pid, signal.SIGSTOP)
    return found
