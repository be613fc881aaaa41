"""Composite tasks: simple ones chained into one, with the number of parts as the level of difficulty.

After CompWoB (arXiv 2311.18751), whose order-swapped instructions tell the parts otherwise than they are to be carried
out, and AgentSynth (arXiv 2506.14205), whose level is the number of subtasks. `chain-3` is told in order, `after-3`
with the last part first; in both the order is a part of the task.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from agents.evaluation.desktop import calculator, crossing, editor, pages
from agents.evaluation.desktop.deeds import Deed
from agents.evaluation.desktop.problems import LENGTHS, App, Length, Node, Problem, Task, together

LEVELS = range(2, 9)
"""How many parts a composite can have."""

SIMPLE = tuple(task for task in (*editor.TASKS, *calculator.TASKS, *pages.TASKS) if task.is_simple)
LISTED = ("chain-2", "chain-3", "chain-4", "after-2", "after-3", "after-4")
"""The composites among the tasks of the suite; those of other levels can be played as well."""

_TO = {"editor": crossing.TO_EDITOR, "calculator": crossing.TO_CALCULATOR, "browser": crossing.TO_PAGE}


def composite(name: str) -> Task | None:
    """The composite of that name, such as `chain-3` or `after-5`; None where it is no such name."""
    found = re.fullmatch(r"(chain|after)-(\d)", name)
    if found is None or int(found[2]) not in LEVELS:
        return None
    level = int(found[2])
    make = partial(_composed, level=level, is_swapped=found[1] == "after")
    return Task(name, _length(level), make)


def chained(parts: Sequence[Problem], *, is_swapped: bool) -> Problem:
    """One problem of several, in this order; `is_swapped` tells the last part first."""
    setting = together(part.setting for part in parts)
    nodes = tuple(_of_part(parts))
    told = _last_first(parts) if is_swapped else " Then: ".join(part.told for part in parts)
    return Problem(told, setting, tuple(_way(parts, setting.apps[-1])), nodes, is_ordered=True)


def _composed(random: Random, *, level: int, is_swapped: bool) -> Problem:
    return chained([task.make(random) for task in _parts(random, level)], is_swapped=is_swapped)


def _parts(random: Random, level: int) -> list[Task]:
    """Different tasks, of each application but the browser one at most."""
    found: dict[str, Task] = {}
    for task in random.sample(SIMPLE, len(SIMPLE)):
        app = task.name.partition("-")[0]
        found.setdefault(task.name if app == "page" else app, task)
    return random.sample(list(found.values()), level)


def _length(level: int) -> Length:
    """The length that such a composite is nearest to: simple tasks have three steps in the mean."""
    return min(LENGTHS, key=lambda length: abs(length - 3 * level))


def _last_first(parts: Sequence[Problem]) -> str:
    *earlier, last = (part.told for part in parts)
    before = [f"{'Before that' if at else 'But first'}: {told}" for at, told in enumerate(reversed(earlier))]
    return " ".join([last, *before])


def _of_part(parts: Sequence[Problem]) -> Iterator[Node]:
    for at, part in enumerate(parts):
        yield from (replace(node, part=at) for node in part.nodes)


def _way(parts: Sequence[Problem], front: App) -> Iterator[Deed]:
    for part in parts:
        app = part.setting.apps[-1]
        if app != front:
            yield _TO[app]
        front = app
        yield from part.way
