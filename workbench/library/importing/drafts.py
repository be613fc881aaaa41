"""What a reader of a foreign format hands over: a trajectory as its file told it, and what was lost on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from workbench.geometry import Screen
from workbench.library.transfer import WholeRecording
from workbench.trajectory import Step, Variable

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures
    from workbench.library.importing.source import Source


@dataclass(frozen=True)
class Remark:
    """Something that was dropped or repaired: at which step (from 1; 0 is the whole), and what in words.

    The words name fields, lines and numbers, never what was typed or shown: they stay in the history when texts are
    purged.
    """

    step: int
    what: str


@dataclass(frozen=True)
class Draft:
    """One trajectory of a foreign format.

    A format of steps fills `steps`, with ids `s1`, `s2`, …; one of raw events fills `recording`, from which the steps
    are then made as from the workbench's own, and leaves `steps` empty. A step without a description is given its
    witnesses and its description when it is first used. What the format cannot say stays at its default.
    """

    title: str
    task: str = ""
    steps: tuple[Step, ...] = ()
    recording: WholeRecording | None = None
    created: float = 0.0
    seconds: float = 0.0
    platform: str = ""
    screens: tuple[Screen, ...] = ()
    variables: tuple[Variable, ...] = ()
    commands: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Item:
    """One recording in a source, not read yet. `read` raises `BadInputError` for anything wrong with it."""

    name: str
    read: "Callable[[Pictures], Draft]"


class Reader(Protocol):
    """What a module of `workbench.library.importing.formats` has."""

    TITLE: str
    """The format's name for people, such as "PC Tracker"."""

    def recognises(self, source: "Source") -> bool:
        """Whether the file or folder is one recording (or one file of several) of this format.

        Looks at names and the beginning of files only, takes milliseconds and raises nothing.
        """

    def items(self, source: "Source") -> Iterator[Item]:
        """The recordings in it, in their order; reads no more than it must to find them."""
