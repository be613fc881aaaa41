"""Opening the library for a command, after mending what a recording that was cut short has left behind."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.console import Console
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library


@contextmanager
def open_library(console: Console) -> Iterator["Library"]:
    """The library that `--library`, the environment or the settings choose, with every recording in it usable.

    Recordings and runs whose process died are completed from what had reached the disk; each is named on standard
    error.
    Raises `BadInputError` for a file that is no library, `UnavailableError` where it cannot be read or written.
    """
    from workbench.library.store import Library

    with Library.open(chosen_path(console)) as library:
        if library.unfinished():
            _recover(library, console)
        for trajectory in library.recover_runs():
            console.say(f"recovered the trajectory {trajectory.id} of a run which had been cut short")
        yield library


def find_complete(name: str, library: "Library", console: Console) -> Trajectory:
    """The trajectory of that name; what a recording left for later (its witnesses) is done now.

    A revision that was asked for by number is given as it is. Raises `BadInputError` for a name that fits none.
    """
    trajectory = library.find(name)
    made_here = trajectory.source == "agent"
    waiting = sum(not step.description and (made_here or step.first_event is not None) for step in trajectory.steps)
    if not waiting or library.get(trajectory.id).revision != trajectory.revision:
        return trajectory
    from recorder.complete import complete

    console.say(f"completing {waiting} {'kept' if made_here else 'recorded'} steps of {trajectory.id} …")
    return complete(library, trajectory.id)


def chosen_path(console: Console) -> Path | None:
    """The folder that was chosen, or None for the usual one; an option wins over the environment over a setting."""
    if console.library_path or os.environ.get("WORKBENCH_LIBRARY"):
        return console.library_path
    from workbench import settings

    folder = settings.load().library.folder
    return Path(folder).expanduser() if folder else None


def _recover(library: "Library", console: Console) -> None:
    from recorder.complete import recover

    for trajectory_id in recover(library):
        console.say(f"recovered the recording {trajectory_id}, which had been cut short")
