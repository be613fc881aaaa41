"""Opening the library for a command, after mending what a recording that was cut short has left behind."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.recovering import recover
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
        for recovered in recover(library):
            console.say(recovered.sentence)
        yield library


def find_complete(name: str, library: "Library", console: Console) -> Trajectory:
    """The trajectory of that name; what a recording left for later (its witnesses) is done now.

    A revision that was asked for by number is given as it is. Raises `BadInputError` for a name that fits none.
    """
    from ui.orders import finding

    return finding.find_complete(name, library, console.say)


def chosen_path(console: Console) -> Path | None:
    """The folder that was chosen, or None for the usual one; an option wins over the environment over a setting."""
    if console.library_path or os.environ.get("WORKBENCH_LIBRARY"):
        return console.library_path
    from workbench import settings

    folder = settings.load().library.folder
    return Path(folder).expanduser() if folder else None
