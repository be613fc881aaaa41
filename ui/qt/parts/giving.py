"""Exporting a trajectory from any room, on a thread and a connection of its own: a search never waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ui.exchange import free, give
from ui.qt.core import Core
from ui.qt.notices import Notice
from workbench.errors import UnavailableError

if TYPE_CHECKING:
    from workbench.library.store import Library


def give_out(core: Core, trajectory_id: str, *, title: str, path: Path) -> None:
    """Write it to a file, and say so; what speaks against it is a notice. The window asks before it closes meanwhile.

    Only another bundle is overwritten.
    """
    name = f"export to {path}"

    def work() -> Path:
        try:
            with library_at(core.library_folder) as library:
                give(library, trajectory_id, free(path))
            return path
        finally:
            core.tasks.back(lambda: core.ends(name))

    def begin(_: None) -> None:
        core.begins(name, "an export")
        core.tasks.aside(work, lambda done: core.notices.say(Notice(f"Exported “{title}” to {done}", "good")))

    core.tasks.with_library(lambda _: None, begin)  # behind the changes that are still being saved


@contextmanager
def library_at(folder: Path) -> "Iterator[Library]":
    """A connection of its own, for what takes longer than a search may wait; never makes a new library."""
    from workbench.library.store import Library

    if not (folder / "library.db").is_file():
        raise UnavailableError(f"the library's folder {folder} is gone; bring it back and try again")
    with Library.open(folder) as library:
        yield library
