"""Demonstrations for an evaluation: the suite's own solver does tasks with other seeds, and a library keeps how.

They stand in for those of a person. Where the solver cannot do a task there are none of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
from msgspec.structs import replace

from agents.evaluation.harness.casting import named
from agents.evaluation.suites import Stage, Suite
from agents.memory.retrieval.indexing import bring_up_to_date
from workbench.errors import BadInputError, UnavailableError
from workbench.library.store import Library
from workbench.trajectory import Trajectory

SOLVERS: Mapping[str, str] = {
    "miniwob": "agents.evaluation.miniwob.demonstrating:demonstrate",
    "desktop": "agents.evaluation.desktop.demonstrating:demonstrate",
}
"""Who demonstrates tasks of a suite: a `Demonstrate`."""

FIRST_SEED = 1_000_000
"""Demonstrations are made with the seeds from here on, with which nothing is evaluated."""

MOST_FAILED = 2
"""So many seeds of a task with which the solver fails end its demonstrations."""

_FILE = "demonstrations.json"

Demonstrate = Callable[[Stage, str, int, Library], Trajectory]
"""Does a task with a seed on a stage and keeps it in a library; raises `UnavailableError` where it was not solved."""

Told = Callable[[int, int, str], None]
"""Told how many of how many tasks are demonstrated, and which one was the last."""

_Tried = dict[str, dict[int, str]]
"""By task and seed the trajectory that was made, empty where none was."""


@dataclass(frozen=True)
class Demonstrations:
    """The library in `folder`, and how many demonstrations of each task it is to have, from 1."""

    folder: Path
    number: int

    def make(self, suite: Suite, tasks: Sequence[str], told: Told = lambda _done, _of, _task: None) -> dict[str, int]:
        """Make those that are missing, and bring the index up to date; how many there are of each task.

        What was tried before is not tried again. Raises `BadInputError` for a suite without a solver.
        """
        if suite.name not in SOLVERS:
            raise BadInputError(f"{suite.name} has no solver that could demonstrate anything; use --library instead")
        demonstrate = cast(Demonstrate, named(SOLVERS[suite.name]))
        tried = self._tried()
        with Library.open(self.folder) as library, suite.open() as stage:
            for done, task in enumerate(tasks, 1):
                mine = tried.setdefault(task, {})
                while (seed := self._due(mine)) is not None:
                    mine[seed] = _made(demonstrate, stage, task, seed, library=library)
                    self._note(tried)
                told(done, len(tasks), task)
            bring_up_to_date(library)
        return {task: sum(map(bool, tried[task].values())) for task in tasks}

    def _due(self, mine: Mapping[int, str]) -> int | None:
        """The seed that is tried next; None when there are enough of them, or too many went wrong."""
        made = sum(map(bool, mine.values()))
        return None if made >= self.number or len(mine) - made >= MOST_FAILED else FIRST_SEED + len(mine)

    def _tried(self) -> _Tried:
        path = self.folder / _FILE
        return msgspec.json.decode(path.read_bytes(), type=_Tried) if path.is_file() else {}

    def _note(self, tried: _Tried) -> None:
        path = self.folder / _FILE
        new = path.with_suffix(".new")
        new.write_bytes(msgspec.json.encode(tried))
        new.replace(path)


def learn_workflows(folder: Path) -> int:
    """Propose workflows from what is in the library, and approve all of them; how many it has now."""
    from agents.memory.workflows.curating import approve, propose

    with Library.open(folder) as library:
        propose(library)
        for lesson in library.learning.lessons("workflow", status="proposed"):
            approve(library, lesson)
        bring_up_to_date(library)
        return len(library.learning.lessons("workflow", status="approved"))


def _made(demonstrate: Demonstrate, stage: Stage, task: str, seed: int, *, library: Library) -> str:
    """The id of a demonstration, which is taken for one of a person who looked at it; empty where it went wrong."""
    try:
        made = demonstrate(stage, task, seed, library)
    except UnavailableError:
        return ""
    own = replace(made, title=f"{task} #{seed}", source="human", reviewed=True)
    library.revise(own, note="demonstrated by the solver of the suite")
    return made.id
