"""One finding about the machine, as `doctor` shows it."""

from pathlib import Path

from msgspec import Struct


class Finding(Struct, frozen=True):
    """What was looked at, whether it will do, what was found, and how to mend it in a line where there is more to gain.

    A part that only some work needs is `ok` when it is missing; `mend` then says how to get it.
    """

    name: str
    ok: bool
    found: str
    mend: str | None = None


class Scope(Struct, frozen=True):
    """What the checks need to know: the folder of the library that will be used."""

    library: str

    @property
    def library_path(self) -> Path:
        """The folder as a path."""
        return Path(self.library)
