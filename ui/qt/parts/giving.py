"""A connection to the library for work that lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import UnavailableError

if TYPE_CHECKING:
    from workbench.library.store import Library


@contextmanager
def library_at(folder: Path) -> "Iterator[Library]":
    """A connection of its own, for what takes longer than a search may wait; never makes a new library."""
    from workbench.library.store import Library

    if not (folder / "library.db").is_file():
        raise UnavailableError(f"the library's folder {folder} is gone; bring it back and try again")
    with Library.open(folder) as library:
        yield library
