"""Finding a trajectory by what a person calls it, ready to be used."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

_HOW = {"human": "recorded", "agent": "kept", "import": "imported"}

Say = Callable[[str], None]
"""Tells a person a line about what is going on."""


def find_complete(name: str, library: "Library", say: Say) -> Trajectory:
    """The trajectory of that name; what a recording left for later (its witnesses) is done now.

    A revision that was asked for by number is given as it is. Raises `BadInputError` for a name that fits none.
    """
    trajectory = library.find(name)
    waiting = _waiting(trajectory)
    if not waiting or library.get(trajectory.id).revision != trajectory.revision:
        return trajectory
    from recorder.complete import complete

    say(f"completing {waiting} {_HOW[trajectory.source]} steps of {trajectory.id} …")
    return complete(library, trajectory.id)


def _waiting(trajectory: Trajectory) -> int:
    """How many steps wait for their witnesses; what a person put into a recording by hand does not."""
    if trajectory.source != "import" and all(step.description for step in trajectory.steps):
        return 0
    from recorder.complete import waits

    by_hand = trajectory.source == "human"
    return sum(waits(step, trajectory) and not (by_hand and step.first_event is None) for step in trajectory.steps)
