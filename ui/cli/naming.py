"""Finding the trajectory that a person means: an id, a prefix of it, a title, or the path of a bundle."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.opening import find_complete, open_library
from workbench.errors import BadInputError
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

SUFFIX = ".trajectory"


@dataclass(frozen=True)
class Opened:
    """A trajectory with the library that holds its frames: the person's own, or a passing one for a bundle."""

    library: "Library"
    trajectory: Trajectory
    from_bundle: bool = False


@contextmanager
def opened(name: str, console: Console) -> Iterator[Opened]:
    """The trajectory of that name, its library open for as long as the context lasts.

    A bundle is read into a passing library, so that looking at it leaves the person's own untouched. Raises
    `BadInputError` for a name that fits none or several, and for a bundle that is damaged.
    """
    if is_bundle_path(name):
        with _passing_library(Path(name)) as found:
            yield found
        return
    with open_library(console) as library:
        yield Opened(library, find_complete(name, library, console))


def is_bundle_path(name: str) -> bool:
    """Whether the name is meant as the path of a bundle: it ends like one, or is a file given with its folder."""
    if "\0" in name:
        raise BadInputError("a name cannot contain a null character; see `workbench-cli list`")
    path = Path(name)
    return path.suffix == SUFFIX or (len(path.parts) > 1 and path.is_file())


@contextmanager
def _passing_library(path: Path) -> Iterator[Opened]:
    from workbench.library.bundle import import_bundle
    from workbench.library.store import Library

    if not path.is_file():
        raise BadInputError(f"there is no file {path}; check the path, or name a trajectory of `workbench-cli list`")
    with tempfile.TemporaryDirectory(prefix="workbench-bundle-") as folder, Library.open(Path(folder)) as library:
        yield Opened(library, import_bundle(library, path), from_bundle=True)
