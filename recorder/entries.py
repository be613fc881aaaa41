"""What travels from the ears and eyes of a recording to the one who writes it down."""

import threading
from dataclasses import dataclass, field

from recorder.ring import Picture
from workbench.geometry import Screen
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Window


@dataclass(eq=False)
class Ticket:
    """An event's place in the recording: its time, its number once written, and after how many forgettings that was."""

    monotonic_ns: int = 0
    seq: int = 0
    generation: int = 0


@dataclass(frozen=True)
class Entry:
    """An event to be written; `event.seq` is not set yet."""

    ticket: Ticket
    event: InputEvent


@dataclass(frozen=True)
class Glimpse:
    """A sighting whose picture is not stored yet; whoever writes it lets go of `picture`."""

    ticket: Ticket
    monotonic_ns: int
    before: bool
    picture: Picture | None = None
    window: Window | None = None
    active: Window | None = None
    element: Element | None = None
    focused: Element | None = None
    screens: tuple[Screen, ...] = ()
    epoch_s: float = 0.0


@dataclass(frozen=True)
class Forget:
    """Take back everything since that time; `done` is set when it is gone from the disk."""

    since_ns: int
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class End:
    """Nothing follows."""


Message = Entry | Glimpse | Forget | End


@dataclass(frozen=True)
class Noted:
    """An event as the hook read it, with the picture from before it where one is wanted.

    `happened_ns` is when it happened by the system's own stamp; 0 where nobody knows better than `event`.
    """

    event: InputEvent
    picture: Picture | None = None
    happened_ns: int = 0

    @property
    def happened(self) -> int:
        """When it happened, as far as anybody knows, in nanoseconds of the monotonic clock."""
        return self.happened_ns or self.event.monotonic_ns


def own_mistake(error: BaseException) -> str:
    """What is said when a thread of the recording fails in a way that nobody foresaw: never what was recorded."""
    return f"recording ended because of a mistake of this program ({type(error).__name__}); what was written is kept"
