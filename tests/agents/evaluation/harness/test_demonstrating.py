"""Demonstrations before an evaluation: as many as wanted, with other seeds, none where the solver fails, made once."""

import pytest
import toy_suite

from agents.evaluation.harness import demonstrating
from agents.evaluation.harness.demonstrating import FIRST_SEED, Demonstrations
from workbench.actions import Click
from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Step, Target, Trajectory, Window

asked: list[tuple[str, int]] = []


def demonstrate(stage, task, seed, library):
    """Solves all but hard tasks, and odd ones with odd seeds only."""
    asked.append((task, seed))
    if task == "hard" or (task == "odd" and seed % 2 == 0):
        raise UnavailableError("not solved")
    step = Step("s1", Click(), target=Target(Point(1, 1), Window("toy", "Toy", Rect(0, 0, 9, 9))))
    made = Trajectory(library.new_id(), task, (step,), task=f"do {task} {seed}", source="agent", reviewed=False)
    return library.save(made)


@pytest.fixture
def demonstrations(toys, tmp_path, monkeypatch):
    asked.clear()
    monkeypatch.setattr(demonstrating, "SOLVERS", {"toy": f"{__name__}:demonstrate"})
    monkeypatch.setattr(demonstrating, "named", lambda _: demonstrate)
    return Demonstrations(tmp_path / "demonstrations", 2)


def test_they_are_taken_for_those_of_a_person_and_can_be_found(demonstrations):
    assert demonstrations.make(toy_suite.Toy(), ["easy", "hard", "odd"]) == {"easy": 2, "hard": 0, "odd": 1}
    with Library.open(demonstrations.folder) as library:
        made = [library.get(one.id) for one in library.summaries()]
        assert library.memories.stale() == []
        assert library.memories.size("whole") == 3
    assert {(one.title, one.source, one.reviewed) for one in made} == {
        (f"easy #{FIRST_SEED}", "human", True),
        (f"easy #{FIRST_SEED + 1}", "human", True),
        (f"odd #{FIRST_SEED + 1}", "human", True),
    }


def test_a_task_that_went_wrong_twice_is_given_up(demonstrations):
    demonstrations.make(toy_suite.Toy(), ["hard", "odd"])
    assert asked == [(task, FIRST_SEED + seed) for task, seeds in (("hard", 2), ("odd", 3)) for seed in range(seeds)]


def test_what_was_tried_is_not_tried_again_and_other_tasks_and_more_of_them_are_added(demonstrations, tmp_path):
    demonstrations.make(toy_suite.Toy(), ["easy", "hard"])
    asked.clear()
    told = []
    more = demonstrations.make(toy_suite.Toy(), ["easy", "hard", "odd"], lambda *what: told.append(what))
    assert {task for task, _ in asked} == {"odd"}
    assert told == [(1, 3, "easy"), (2, 3, "hard"), (3, 3, "odd")]
    assert more["easy"] == 2
    asked.clear()
    assert Demonstrations(demonstrations.folder, 3).make(toy_suite.Toy(), ["easy"]) == {"easy": 3}
    assert asked == [("easy", FIRST_SEED + 2)]


def test_a_suite_without_a_solver_is_refused(toys, tmp_path):
    with pytest.raises(BadInputError, match="toy has no solver that could demonstrate anything; use --library"):
        Demonstrations(tmp_path, 1).make(toy_suite.Toy(), ["easy"])
