"""What every face mends when it opens a library: recordings and runs whose process died."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from workbench.library.store import Library


@dataclass(frozen=True)
class Recovered:
    """One trajectory that was completed from what had reached the disk."""

    trajectory: str
    kind: Literal["recording", "run"]

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        if self.kind == "recording":
            return f"recovered the recording {self.trajectory}, which had been cut short"
        return f"recovered the trajectory {self.trajectory} of a run which had been cut short"


def recover(library: "Library") -> list[Recovered]:
    """Complete every recording and run that was cut short; those that still go on are left alone."""
    found: list[Recovered] = []
    if library.unfinished():
        from recorder.complete import recover as recover_recordings

        found += [Recovered(one, "recording") for one in recover_recordings(library)]
    return found + [Recovered(one.id, "run") for one in library.recover_runs()]
