"""Finding a trajectory by what a person calls it, ready to be used."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

Say = Callable[[str], None]
"""Tells a person a line about what is going on."""


def find_complete(name: str, library: "Library", say: Say) -> Trajectory:
    """The trajectory of that name; what a recording left for later (its witnesses) is done now.

    A revision that was asked for by number is given as it is. Raises `BadInputError` for a name that fits none.
    """
    trajectory = library.find(name)
    made_here = trajectory.source == "agent"
    waiting = sum(not step.description and (made_here or step.first_event is not None) for step in trajectory.steps)
    if not waiting or library.get(trajectory.id).revision != trajectory.revision:
        return trajectory
    from recorder.complete import complete

    say(f"completing {waiting} {'kept' if made_here else 'recorded'} steps of {trajectory.id} …")
    return complete(library, trajectory.id)
