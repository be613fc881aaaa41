"""Raw input of another recorder, put together into events of the workbench: numbered, timed, in pixels of its pictures.

What cannot be an event is left out and counted, so that the history can say so.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from msgspec.structs import replace

from workbench.actions import Button
from workbench.geometry import Point
from workbench.inputs import EventKind, InputEvent
from workbench.library.importing.collecting import LONGEST_S, MOST_NOTCHES, place
from workbench.library.importing.drafts import Remark


@dataclass(frozen=True)
class Scale:
    """How many pixels of the pictures one unit of the file's coordinates is."""

    x: float = 1.0
    y: float = 1.0

    def point(self, x: float | None, y: float | None) -> Point | None:
        """The pixel of a place of the file; None where it has none or no desktop reaches there."""
        return place(x * self.x, y * self.y) if x is not None and y is not None else None


@dataclass(frozen=True)
class Key:
    """A key by its X11 name, and the character that it would type."""

    keysym: str
    text: str = ""


@dataclass(frozen=True)
class Spot:
    """When and where something happened, as the file says it: seconds of its clock, its coordinates, the line or row.

    Coordinates are None for what has no place.
    """

    at_s: float
    where: str
    x: float | None = None
    y: float | None = None


@dataclass
class Losses:
    """What was left out or repaired, counted by its words, with the first place of each."""

    found: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, what: str, where: str = "") -> None:
        """Count one more; `where` is a line or a row of the file."""
        first, count = self.found.get(what, (where, 0))
        self.found[what] = (first, count + 1)

    def remarks(self) -> Iterator[Remark]:
        """One remark for each kind of loss."""
        for what, (first, count) in self.found.items():
            more = f" and {count - 1} more" if count > 1 else ""
            yield Remark(0, f"{what} ({first}{more})" if first else what)


@dataclass(frozen=True)
class Taped:
    """The events in the order they happened; `moved` tells the number that each got where that changed."""

    events: tuple[InputEvent, ...]
    moved: dict[int, int]

    def seq(self, added: int) -> int:
        """The number of the event that had this one when it was added."""
        return self.moved.get(added, added)


@dataclass
class Tape:
    """Takes input in the order of the file; each method returns the event's number, 0 for what was left out.

    `zero_s` is where the recording's time begins, the first event where it is None.
    """

    scale: Scale = field(default_factory=Scale)
    zero_s: float | None = None
    losses: Losses = field(default_factory=Losses)
    events: list[InputEvent] = field(default_factory=list)
    _rest: dict[str, float] = field(default_factory=lambda: {"dx": 0.0, "dy": 0.0})

    def move(self, spot: Spot) -> int:
        """The pointer got there."""
        return self._placed("move", spot)

    def button(self, spot: Spot, name: Button | None, *, down: bool) -> int:
        """A button went down or came up there; None is one that the workbench does not know."""
        if name is None:
            return self._lost("a mouse button that is not known was left out", spot)
        return self._placed("button_down" if down else "button_up", spot, button=name)

    def wheel(self, spot: Spot, right: float, down: float) -> int:
        """The wheel was turned by so many notches; parts of one are kept until they are one."""
        if not (abs(right) <= MOST_NOTCHES and abs(down) <= MOST_NOTCHES):
            return self._lost("a turn of the wheel that no hand makes was left out", spot)
        dx, dy = self._whole("dx", right), self._whole("dy", down)
        return self._placed("scroll", spot, dx=dx, dy=dy) if dx or dy else 0

    def key(self, spot: Spot, key: Key | None, *, down: bool) -> int:
        """A key went down or came up; None is one that nobody knows."""
        if key is None:
            return self._lost("a key that is not known was left out", spot)
        return self._add("key_down" if down else "key_up", spot, keysym=key.keysym, text=key.text if down else "")

    def mark(self, kind: EventKind, spot: Spot, text: str = "") -> int:
        """A pause, its end, a note, or a secret of that name."""
        return self._add(kind, spot, text=text)

    def taped(self) -> Taped:
        """All events by their time, which begins at 0; those of one moment stay in the order of the file."""
        times = (0, *(event.monotonic_ns for event in self.events))
        if all(earlier <= later for earlier, later in pairwise(times)):
            return Taped(tuple(self.events), {})
        ordered = sorted(self.events, key=lambda event: event.monotonic_ns)
        early_ns = min(0, ordered[0].monotonic_ns)
        self.zero_s = (self.zero_s or 0.0) + early_ns / 1e9
        moved = {event.seq: number for number, event in enumerate(ordered, start=1)}
        return Taped(tuple(_at(event, moved[event.seq], event.monotonic_ns - early_ns) for event in ordered), moved)

    def seconds(self, at_ns: int) -> float:
        """The time of the file's clock at a moment of the recording."""
        return (self.zero_s or 0.0) + at_ns / 1e9

    def _placed(self, kind: EventKind, spot: Spot, *, button: str = "", dx: int = 0, dy: int = 0) -> int:
        point = self.scale.point(spot.x, spot.y)
        if point is None:
            return self._lost("input at a place that no screen has was left out", spot)
        return self._add(kind, spot, point=point, button=button, dx=dx, dy=dy)

    def _add(self, kind: EventKind, spot: Spot, **fields: object) -> int:
        if self.zero_s is None and math.isfinite(spot.at_s):
            self.zero_s = spot.at_s
        passed_s = spot.at_s - (self.zero_s or 0.0)
        if not abs(passed_s) <= LONGEST_S:
            return self._lost("input at an impossible time was left out", spot)
        seq = len(self.events) + 1
        self.events.append(InputEvent(seq, round(passed_s * 1e9), kind, **fields))  # type: ignore[arg-type]  # its own fields
        return seq

    def _lost(self, what: str, spot: Spot) -> int:
        self.losses.add(what, spot.where)
        return 0

    def _whole(self, side: str, turned: float) -> int:
        self._rest[side] += turned
        whole = math.trunc(self._rest[side] + math.copysign(1e-9, self._rest[side]))
        self._rest[side] -= whole
        return whole


def _at(event: InputEvent, seq: int, at_ns: int) -> InputEvent:
    return replace(event, seq=seq, monotonic_ns=at_ns)
