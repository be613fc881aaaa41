"""Trajectories as files: which formats there are, and what every face checks before it reads or writes one."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadInputError

if TYPE_CHECKING:
    from workbench.library.store import Library
    from workbench.trajectory import Trajectory

IMPORTS = ("bundle",)
EXPORTS = ("bundle",)
SUFFIXES = {"bundle": ".trajectory"}
"""How the files of each format usually end."""


def recognise(path: Path, *, chosen: str | None = None) -> None:
    """Refuse what is no file and, unless the person chose a format, what looks like none that is known."""
    from workbench.library.bundle import is_bundle

    if "\0" in str(path) or not path.is_file():
        raise BadInputError(f"there is no file {path}; check the path")
    if chosen is None and not is_bundle(path):
        raise BadInputError(f"{path} is no .trajectory bundle; make one with `workbench-cli export T --to bundle`")


def take(library: "Library", path: Path) -> "Trajectory":
    """Take a recognised file into the library, whole or not at all."""
    from workbench.library.bundle import import_bundle

    return import_bundle(library, path)


def free(path: Path) -> Path:
    """The path, if writing there destroys nothing but another bundle."""
    from workbench.library.bundle import is_bundle

    if "\0" in str(path) or not path.parent.is_dir():
        raise BadInputError(f"there is no folder {path.parent} to write {path.name} into; make it first")
    if path.is_dir() or (path.exists() and not is_bundle(path)):
        raise BadInputError(f"{path} is something else already; choose another path")
    return path


def give(library: "Library", trajectory_id: str, path: Path) -> None:
    """Write the trajectory to a `free` path, whole or not at all."""
    from workbench.library.bundle import export_bundle

    export_bundle(library, trajectory_id, path)
