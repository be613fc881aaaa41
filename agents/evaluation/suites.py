"""What a suite of tasks on desktops is, whoever carries the tasks out: stages, actors, limits and scores.

A suite opens stages. A stage is one private desktop that plays episodes, one after the other: it prepares the task,
lets an actor work on the desktop, and scores what came of it. Several stages may be open at the same time, each
belongs to the thread or process that opened it. An actor sees and touches the desktop and nothing else.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from msgspec import Struct

Ended = Literal["task", "actor", "steps", "seconds", "broken"]
"""Who ended an episode.

`task`: the task itself was over, as a page that has been submitted. `actor`: the actor said that it was done, or could
not go on. `steps`, `seconds`: a limit. `broken`: the actor's process ended without saying why.
"""


class Limits(Struct, frozen=True):
    """How far an actor may go in one episode."""

    steps: int = 30
    seconds: float = 180.0


class StageOptions(Struct, frozen=True):
    """What the desktop of a stage is to be like; `size_px` is width and height, None the suite's own choice."""

    size_px: tuple[int, int] | None = None


@dataclass(frozen=True)
class Assignment:
    """What an actor is given: a task in words, and a desktop.

    `environment` holds all variables for a process that is to work on the desktop. `is_over` says whether the task
    ended by itself: it costs milliseconds, belongs to the thread that calls `Actor.act`, and says nothing of success.
    """

    task: str
    environment: Mapping[str, str]
    limits: Limits
    is_over: Callable[[], bool]


class Acted(Struct, frozen=True):
    """How an actor's work on one assignment ended, in its own view.

    `asked` counts questions to a person. `run` is the id of the run where one is kept, `tokens` is None where nobody
    counts them.
    """

    ended: Ended
    steps: int
    reason: str = ""
    run: str = ""
    asked: int = 0
    tokens: int | None = None


class Actor(Protocol):
    """Whoever carries out a task: an agent with a model, a scripted solver, somebody who clicks at random."""

    def act(self, assignment: Assignment) -> Acted:
        """Work until done, at a limit, or until the task is over.

        What fails in the work ends it and is told; raises a `WorkbenchError` only where no work can begin at all.
        """
        ...


class Score(Struct, frozen=True):
    """What one episode came to.

    `told` is the task in words as the actor was given it. `reward` is the task's own figure (1 is full, 0 and less
    nothing), `success` whether it counts as solved, which a part of the reward does not. `completion` is the share of
    the key nodes of the task that were reached (WebCanvas, arXiv 2406.12373), None where the suite has none. `seconds`
    are the actor's alone. `repeated` says why the episode was played a second time, empty where it was not; only the
    second playing is scored.
    """

    task: str
    seed: int
    told: str
    reward: float
    success: bool
    steps: int
    seconds: float
    ended: Ended
    reason: str = ""
    repeated: str = ""
    completion: float | None = None
    asked: int = 0
    tokens: int | None = None
    run: str = ""


class Stage(Protocol):
    """One private desktop that plays episodes of its suite; for one thread."""

    def play(self, task: str, seed: int, actor: Actor, limits: Limits) -> Score:
        """One episode, from a fresh start.

        Raises `BadInputError` for a task that the suite does not have, `UnavailableError` for one that cannot be
        played here, though it was tried again on a fresh desktop. After either, the stage plays on.
        """
        ...


class Suite(Protocol):
    """A set of tasks that can be scored."""

    @property
    def name(self) -> str:
        """How the command line calls it."""
        ...

    def tasks(self) -> tuple[str, ...]:
        """The names of its tasks, always in the same order; raises `UnavailableError` where the suite is not here."""
        ...

    def open(self, options: StageOptions = StageOptions()) -> AbstractContextManager[Stage]:  # noqa: B008 - frozen
        """A stage of its own; raises `UnavailableError` where what it needs is missing."""
        ...
