"""Bringing the index of exemplars up to date with the library: what is new or was edited since."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agents.memory.retrieval.entries import entries_of

if TYPE_CHECKING:
    from workbench.library.store import Library

Told = Callable[[int, int], None]
"""Told how many of how many trajectories are done."""


def bring_up_to_date(library: "Library", told: Told = lambda _done, _all: None) -> int:
    """Index every trajectory whose head is not in the index; how many those were.

    What a model did has no entries unless somebody allowed that it is lent: it would crowd out what people showed.
    About 2 ms for a trajectory of twenty steps; whoever ends it between two trajectories loses nothing.
    """
    stale = library.memories.stale()[::-1]  # of equal entries the one with the higher number is held to be newer
    standings = library.learning.standings() if stale else {}
    for done, identifier in enumerate(stale, 1):
        trajectory = library.get(identifier)
        allowed = identifier in standings and standings[identifier].active
        entries = entries_of(trajectory) if trajectory.source != "agent" or allowed else ()
        library.memories.put(trajectory, entries)
        told(done, len(stale))
    return len(stale)
