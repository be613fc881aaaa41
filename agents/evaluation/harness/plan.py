"""What is to be played: every condition with every task and every seed, in an order that may end anywhere."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from agents.evaluation.harness.conditions import Condition
from agents.evaluation.suites import Suite
from workbench.errors import BadInputError


class Episode(Struct, frozen=True):
    """One task with one seed under one condition."""

    task: str
    seed: int
    condition: Condition = Condition()

    @property
    def key(self) -> str:
        """By what its result is found again; no two episodes have the same."""
        return f"{self.task}#{self.seed} {self.condition.name}"


class Plan(Struct, frozen=True):
    """Tasks, seeds and conditions of an evaluation; none of them is empty."""

    tasks: tuple[str, ...]
    seeds: tuple[int, ...]
    conditions: tuple[Condition, ...] = (Condition(),)

    def episodes(self) -> Iterator[Episode]:
        """All of them, seed by seed and task by task: whatever was played at an end can be compared."""
        for seed in self.seeds:
            for task in self.tasks:
                for condition in self.conditions:
                    yield Episode(task, seed, condition)

    def __len__(self) -> int:
        """How many episodes."""
        return len(self.tasks) * len(self.seeds) * len(self.conditions)


def chosen_tasks(suite: Suite, names: Sequence[str] | None) -> tuple[str, ...]:
    """The tasks of those names, all of the suite for None; raises `BadInputError` for a name that it does not have."""
    known = suite.tasks()
    if names is None:
        return known
    for name in names:
        if name not in known:
            raise BadInputError(f"there is no task “{name}” in {suite.name}; there are {', '.join(known)}")
    if not names:
        raise BadInputError(f"no task is named; {suite.name} has {', '.join(known)}")
    return tuple(dict.fromkeys(names))


def seeds_from(first: int, number: int) -> tuple[int, ...]:
    """So many seeds, from that one on."""
    return tuple(range(first, first + number))
