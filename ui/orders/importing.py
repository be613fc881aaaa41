"""Imports as every face orders them: recognised first, then taken one by one, each whole or not at all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadInputError, WorkbenchError

if TYPE_CHECKING:
    from workbench.library.importing.known import Found
    from workbench.library.importing.taking import Refused, Taken
    from workbench.library.store import Library
    from workbench.library.transfer import WholeRecording
    from workbench.trajectory import Step

BUNDLE = "bundle"

Told = Callable[[int, int], None]
"""Hears how many bytes of how many were read."""


@dataclass(frozen=True)
class Recognised:
    """What a path holds: bundles of our own and recordings of other tools."""

    path: Path
    bundles: tuple[Path, ...]
    found: "tuple[Found, ...]"


def formats() -> tuple[str, ...]:
    """The names of all formats that can be imported."""
    from workbench.library.importing.known import READERS

    return (BUNDLE, *READERS)


def recognise(path: Path, *, chosen: str | None = None) -> Recognised:
    """What the file or folder holds, by its content, or as the `chosen` format whatever it looks like.

    Raises `BadInputError` for what is not there, and for what is in no format that is known.
    """
    from workbench.library.bundle import is_bundle
    from workbench.library.importing.known import find

    if "\0" in str(path) or not (path.is_file() or path.is_dir()):
        raise BadInputError(f"there is no file or folder {path}; check the path")
    if chosen == BUNDLE or (chosen is None and is_bundle(path)):
        return Recognised(path, (path,), ())
    bundles = tuple(each for each in sorted(path.glob("*.trajectory")) if is_bundle(each)) if path.is_dir() else ()
    try:
        return Recognised(path, bundles, tuple(find(path, chosen=chosen)))
    except BadInputError:
        if not bundles:
            raise
        return Recognised(path, bundles, ())


def take(
    library: "Library", recognised: Sequence[Recognised], *, told: Told = lambda _done, _of: None
) -> "Iterator[Taken | Refused]":
    """Take all of it into the library, in order; what cannot be read is refused, and the rest follows."""
    from workbench.library.importing import taking

    found = [one for each in recognised for one in each.found]
    of = taking.total_bytes(found)
    read = 0

    def hear(count: int) -> None:
        nonlocal read
        read += count
        told(min(read, of), of)

    for each in recognised:
        yield from (_bundle(library, path) for path in each.bundles)
        yield from taking.take(library, each.found, reduce=_steps, told=hear)


def take_one(library: "Library", path: Path) -> str:
    """Take a path that holds one trajectory, and return its id; raises `BadInputError` where it holds several.

    Nothing is taken then.
    """
    recognised = recognise(path)
    if _count(recognised) > 1:
        raise BadInputError(f"{path} holds several recordings; import them in the library and open one there")
    identifiers = [_identifier(one) for one in take(library, [recognised])]
    if not identifiers:
        raise BadInputError(f"there is no recording in {path}; check the path")
    return identifiers[0]


def _count(recognised: Recognised) -> int:
    """How many recordings there are, none of them read; two for any more."""
    items = (item for each in recognised.found for item in each.reader.items(each.source))
    return len(recognised.bundles) + len(list(islice(items, 2)))


def _identifier(one: "Taken | Refused") -> str:
    from workbench.library.importing.taking import Refused

    if isinstance(one, Refused):
        raise one.why
    return one.trajectory.id


def _bundle(library: "Library", path: Path) -> "Taken | Refused":
    from workbench.library.bundle import import_bundle
    from workbench.library.importing.taking import Refused, Taken

    try:
        return Taken(path, path.name, BUNDLE, import_bundle(library, path), ())
    except BadInputError as error:
        return Refused(path, path.name, BUNDLE, error)


def _steps(whole: "WholeRecording") -> "tuple[Step, ...]":
    from recorder.reduce import reduce

    return reduce(whole.events, whole.sightings)


def why(refused: "Refused") -> WorkbenchError:
    """The error with the recording's name, where it has one of its own within the path."""
    error = refused.why
    named = refused.name and refused.name not in str(error)
    return type(error)(f"{refused.name}: {error}") if named else error
