"""What a search of exemplar memory is asked and answers, by whichever way it searches."""

from dataclasses import dataclass
from typing import Protocol

from workbench.library.memories import Level

Control = tuple[str, str]
"""Role and name of a control, in the words of the element list and in lower case; the name may be empty."""


@dataclass(frozen=True)
class Situation:
    """Where something happens: `controls` are those on the screen, or those that were touched.

    Empty fields are unknown and count neither for nor against.
    """

    app: str = ""
    window: str = ""
    controls: frozenset[Control] = frozenset()


@dataclass(frozen=True)
class Query:
    """What is wanted: whole trajectories or chapters for a task, or steps for a thought.

    `words` are the task, or the thought that is due. Trajectories in `without` are not found. `most` bounds the answer.
    """

    words: str
    situation: Situation = Situation()
    level: Level = "whole"
    most: int = 3
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """Steps `first` to `last` of a trajectory, counted from 1, both included.

    `score` is 0 to 1, made of the likeness of the `words` and of the situation; `why` says it to a person, and `by`
    which way of searching found it.
    """

    trajectory: str
    level: Level
    first: int
    last: int
    words: str
    score: float
    likeness: float
    fit: float
    why: str
    by: str = ""


class Retriever(Protocol):
    """A way to search exemplar memory."""

    def find(self, query: Query) -> tuple[Found, ...]:
        """The best, in falling order of score, at most one of each trajectory; nothing where nothing is alike.

        Blocks for milliseconds; raises as the library does.
        """
        ...
