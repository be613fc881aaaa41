"""What a task is: words with seeded values, a setting to begin with, a way to do it, and how its outcome is told.

Its nodes are states on the way (WebCanvas, arXiv 2406.12373). Those that are goals must hold in the end; the others
must have held at some time, in any order, and count for completion alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from agents.evaluation.desktop.deeds import Way
from agents.evaluation.desktop.evidence import Holds
from agents.evaluation.desktop.forms import Form

Length = Literal[1, 3, 6, 12, 20]
"""About how many steps a task takes: 1, 2 to 4, 5 to 8, 9 to 15, 20 and more."""

LENGTHS: Mapping[Length, range] = {
    1: range(1, 2),
    3: range(2, 5),
    6: range(5, 9),
    12: range(9, 16),
    20: range(20, 100),
}

App = Literal["browser", "editor", "calculator"]


@dataclass(frozen=True)
class Node:
    """A state of things, in a person's words; `part` counts the parts of a composite task from 0."""

    words: str
    holds: Holds
    is_goal: bool = True
    part: int = 0


@dataclass(frozen=True)
class Setting:
    """How an episode begins: the applications from back to front, and what they find.

    `files` are names and texts, in a folder of their own; `opened` is the one that the editor shows; `forms` are on
    the page of the browser.
    """

    apps: tuple[App, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    opened: str = ""
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One task with its values. With `is_ordered` the goals of each part must be reached before those of the next."""

    told: str
    setting: Setting
    way: Way
    nodes: tuple[Node, ...]
    is_ordered: bool = False


@dataclass(frozen=True)
class Task:
    """A kind of problem; `make` draws the values. Only `is_simple` ones are parts of composites."""

    name: str
    length: Length
    make: Callable[[Random], Problem]
    is_simple: bool = False

    def problem(self, seed: int) -> Problem:
        """The problem of that seed, always the same."""
        return self.make(Random(f"{self.name} {seed}"))  # noqa: S311 - seeds make problems, not secrets


def goal(words: str, holds: Holds) -> Node:
    """What has to be so in the end."""
    return Node(words, holds)


def on_the_way(words: str, holds: Holds) -> Node:
    """What has to have been so."""
    return Node(words, holds, is_goal=False)


def together(settings: Iterable[Setting]) -> Setting:
    """One setting for several; every application runs once, and none has more than one file to show."""
    several = tuple(settings)
    apps = tuple(app for app in _FROM_BACK if any(app in one.apps for one in several))
    opened = [one.opened for one in several if one.opened]
    assert len(opened) <= 1, opened
    files = {name: text for one in several for name, text in one.files.items()}
    return Setting(apps, files, "".join(opened), tuple(form for one in several for form in one.forms))


_FROM_BACK: tuple[App, ...] = ("browser", "editor", "calculator")
