"""Which recorded trajectories are shown to a model that gets a task."""

import pytest
from msgspec.structs import replace

from agents.memory.exemplars import MOST, Similar, most_alike
from workbench.library.records import Summary

BOB = Summary("b", "Bob", "add the customer Bob", 1.0, 4, "human", 9.0, "complete")
ODD = Summary("o", "Odd", "print the quarterly report", 2.0, 4, "human", 9.0, "complete")


def ids(task: str, *summaries: Summary, most: int = MOST) -> list[str]:
    return [each.summary.id for each in most_alike(task, summaries, most=most)]


def test_the_trajectory_of_the_most_alike_task_is_chosen_and_says_how_alike_it_is() -> None:
    (found,) = most_alike("add the customer Eve", [ODD, BOB])
    assert isinstance(found, Similar)
    assert found.summary is BOB
    assert 0.6 <= found.likeness < 1
    assert most_alike("add the customer Bob", [BOB])[0].likeness == 1


@pytest.mark.parametrize("task", ["fly to Rome", "", "Bob", "add the customer Bob to all whom nobody may call again"])
def test_a_task_that_shares_too_little_gets_none(task: str) -> None:
    assert ids(task, BOB, ODD) == []


@pytest.mark.parametrize("changed", [{"source": "agent"}, {"steps": 0}, {"task": ""}])
def test_runs_of_models_and_what_has_no_task_or_no_steps_are_never_shown(changed: dict[str, object]) -> None:
    assert ids("add the customer Eve", replace(BOB, **changed)) == []


def test_of_tasks_that_are_equally_alike_the_latest_is_shown_and_no_more_than_wanted() -> None:
    later = replace(BOB, id="later", created=5.0)
    assert ids("add the customer Eve", BOB, later) == ["later"]
    assert ids("add the customer Eve", BOB, later, most=2) == ["later", "b"]
    assert ids("add the customer Eve", BOB, later, ODD, most=9) == ["later", "b"]
