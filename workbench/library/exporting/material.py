"""What leaves the library: all that a writer is given, after the leak scan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.events import Event
from workbench.library.importing.drafts import Remark
from workbench.library.records import RunSummary
from workbench.trajectory import FrameId, Trajectory

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame


@dataclass(frozen=True)
class Run:
    """One run of a trajectory with its events, in their order."""

    summary: RunSummary
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Hint:
    """An approved hint, and the ids of those steps of a trajectory that show it, in their order."""

    id: str
    words: str
    app: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Material:
    """Trajectories with their pictures and runs; a writer takes from nowhere else.

    `picture` raises `BadInputError` for a frame that is missing or damaged. `told` hears of every step that was
    written. `hints` are those that were learned from a trajectory (`workbench.library.exporting.training.hints`).
    `test_share` is the share of trajectories that training sets put aside for testing, from 0 to below 1.
    """

    trajectories: tuple[Trajectory, ...]
    picture: "Callable[[FrameId], Frame]"
    runs: Callable[[str], Sequence[Run]]
    told: Callable[[], None]
    hints: Callable[[str], Sequence[Hint]] = lambda _: ()
    test_share: float = 0.0


class Writer(Protocol):
    """What a module of `workbench.library.exporting.formats` has."""

    TITLE: str
    """The format's name for people, such as "Playwright trace"."""

    SUFFIX: str
    """How its files end, such as `.html`; empty for a folder."""

    SEVERAL: bool
    """Whether one file or folder holds several trajectories."""

    USES_RUNS: bool
    """Whether it writes what runs did, so that their words are scanned too."""

    def write(self, material: Material, path: Path) -> tuple[Remark, ...]:
        """Write to a path that is free and in a folder that exists, and say at which steps what the format cannot hold.

        For a format of one trajectory `material.trajectories` has one. Writing whole or not at all is the caller's: a
        writer may leave half a file behind when it raises. Raises `BadInputError` for what cannot be written at all.
        """
