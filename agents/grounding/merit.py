"""How often each way of finding what words mean was right: it decides whom to ask first and how far to trust."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from workbench.codec import from_json, to_json
from workbench.errors import UnavailableError
from workbench.library import locks

Source = Literal["letters", "reference", "choice", "pointing", "text", "exemplar"]
"""Ways of finding: names compared letter by letter, the line that the planner chose, the line that a model chooses for
the words alone, a model that points at pixels, printed text, and the witnesses of a recorded step."""


class Merit(Struct, frozen=True):
    """How often a way was right, of the times that anybody knows of."""

    hits: int = 0
    tries: int = 0

    @property
    def rate(self) -> float:
        """The expected share of hits, by Laplace's rule: one half where nothing is known."""
        return (self.hits + 1) / (self.tries + 2)

    @property
    def trust(self) -> float:
        """What its confidence is multiplied by: 1 while it never was wrong."""
        return (self.hits + 1) / (self.tries + 1)


class Merits(Struct, frozen=True):
    """The merit of every way that was tried; the caller keeps it."""

    known: dict[Source, Merit] = {}

    def of(self, source: Source) -> Merit:
        """That of one way."""
        return self.known.get(source, Merit())

    def counted(self, source: Source, *, hit: bool) -> "Merits":
        """With one more try."""
        old = self.of(source)
        return replace(self, known=self.known | {source: Merit(old.hits + hit, old.tries + 1)})


def load_merits(path: Path) -> Merits:
    """What was kept in a file; nothing where there is none yet. Raises `BadInputError` where it is damaged."""
    try:
        return from_json(path.read_bytes(), Merits, what=str(path))
    except FileNotFoundError:
        return Merits()


def learn_merits(path: Path, learned: Callable[[Merits], Merits]) -> Merits:
    """Replace what the file keeps by what is learned from it, which is returned.

    Any number of processes may do so at once: each builds on what the one before has written. Raises as
    `load_merits` does, and `UnavailableError` where the file cannot be written.
    """
    with locks.alone(path.with_name(f"{path.name}.lock")):
        merits = learned(load_merits(path))
        _save(path, merits)
    return merits


def _save(path: Path, merits: Merits) -> None:
    """Replace the file as a whole."""
    try:
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(to_json(merits))
            Path(part).replace(path)
        except OSError:
            with contextlib.suppress(FileNotFoundError):
                Path(part).unlink()
            raise
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written: {error.strerror}; make room or mend its folder") from error
