"""A workflow as a run knows it: what it does, what it needs to be told, and which steps it consists of."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.trajectory import Trajectory, Variable


@dataclass(frozen=True)
class Workflow:
    """An approved workflow that a planner may call.

    `id` is that of its lesson. `app` is the program it works in, empty for any. `words` say in a line what it does, a
    variable in it as `{{name}}`; `patterns` are the tasks, or parts of tasks, that it fulfils, written in the same way.
    `learned_from` are the titles of the trajectories that it was found in. `trajectory` has its steps and variables;
    its title is the name by which it is called.
    """

    id: str
    app: str
    words: str
    patterns: tuple[str, ...]
    learned_from: tuple[str, ...]
    trajectory: Trajectory

    @property
    def title(self) -> str:
        """The name by which it is called."""
        return self.trajectory.title

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What it has to be told."""
        return self.trajectory.variables


@dataclass(frozen=True)
class Matched:
    """A workflow whose pattern a sentence follows, and the words of the sentence for each of its variables."""

    workflow: Workflow
    values: Mapping[str, str]
