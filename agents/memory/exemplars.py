"""Which recorded trajectories resemble a task enough to be shown to the model, and by how much."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.screen.alike import likeness, split
from workbench.library.records import Summary

LEAST_ALIKE = 0.6
"""Tasks that share less say little about each other, and a demonstration that does not fit hurts."""

MOST = 1


@dataclass(frozen=True)
class Similar:
    """A trajectory and how alike its task is to the one that is due, 0 to 1."""

    summary: Summary
    likeness: float


def most_alike(task: str, summaries: Iterable[Summary], *, most: int = MOST) -> tuple[Similar, ...]:
    """The trajectories whose tasks are most alike, the best first; runs of models are not among them."""
    wanted = split(task)
    scored = [
        Similar(one, _both_ways(split(one.task or one.title), wanted))
        for one in summaries
        if one.source != "agent" and one.task and one.steps
    ]
    alike = [one for one in scored if one.likeness >= LEAST_ALIKE]
    return tuple(sorted(alike, key=lambda one: (-one.likeness, -one.summary.created))[:most])


def _both_ways(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Alike only where each stands in the other: a short task stands in every long one that mentions it."""
    return min(likeness(one, other), likeness(other, one))
