"""A few preallocated pictures of the desktop, so that the one before an event is already there when it happens."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import numpy as np

from workbench.desktop.ports import Pixels, Placed
from workbench.geometry import Point, Rect, around
from workbench.trajectory import FrameId, Window

BUDGET_BYTES = 52 << 20
"""What all pictures together may take: six of 1920x1080."""

FEWEST, MOST = 3, 6
"""One that is newest, one that is being filled, and at least one that is being written."""

GREY = 128


QUICK_NS = 4_000_000
"""A picture that took no longer shows what was there when it was asked for, even if an event came meanwhile: the server
copies it before an application has answered. One that took longer may show the answer."""


@dataclass(eq=False)
class Shot:
    """One place of the ring: `began_ns` is when the system was asked for the picture, `done` is set when it is there.

    Whoever pins it may read its pixels until it lets go. `stored_after` says after how many forgettings `frame` was
    stored. `stale` is the part of its pixels that is not what the screen showed when changes were last asked for.
    `stacks` is what stood in front of what just before and just after it was taken, topmost first.
    """

    pixels: Pixels
    origin: Point = field(default_factory=lambda: Point(0, 0))
    began_ns: int = 0
    done_ns: int = 0
    pins: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    good: bool = False
    frame: FrameId | None = None
    stored_after: int = 0
    painted: frozenset[Rect] = frozenset()
    stacks: tuple[tuple[Placed, ...], ...] = ()
    stale: Rect = field(init=False)

    def __post_init__(self) -> None:
        """Nothing of it is true yet."""
        self.stale = self.bounds

    @property
    def bounds(self) -> Rect:
        """The desktop rectangle that it shows."""
        height, width = self.pixels.shape[:2]
        return Rect(self.origin.x, self.origin.y, width, height)

    def covered(self, window: Window | None) -> tuple[Rect, ...]:
        """Where other windows stood in front of this one; nothing where nobody knows."""
        if window is None or window.handle is None:
            return ()
        inside = (each.bounds.intersection(window.bounds) for each in self._in_front_of(window.handle))
        return tuple(dict.fromkeys(area for area in inside if area is not None))

    def _in_front_of(self, handle: int) -> Iterator[Placed]:
        for stack in self.stacks:
            if any(each.handle == handle for each in stack):
                yield from takewhile(lambda each: each.handle != handle, stack)

    def paint(self, regions: Sequence[Rect]) -> None:
        """Cover these desktop rectangles with grey, for good; what was stored before no longer counts."""
        fresh = frozenset(regions) - self.painted
        for region in fresh:
            inside = self.bounds.intersection(region)
            if inside is not None:
                left, top = inside.x - self.origin.x, inside.y - self.origin.y
                self.pixels[top : top + inside.height, left : left + inside.width] = GREY
        if fresh:
            self.painted |= fresh
            self.frame = None


@dataclass(frozen=True)
class Picture:
    """What was on the screen before an event: the newest picture, and the one before it should that be too late."""

    newest: Shot
    earlier: Shot | None
    when_ns: int

    def chosen(self, timeout_s: float) -> Shot | None:
        """The true one of both, waiting for a picture that is still being taken; None where there is none."""
        newest = self.newest
        taken = newest.done.wait(timeout_s) and newest.good
        quick = newest.done_ns - newest.began_ns <= QUICK_NS
        return newest if taken and (quick or newest.done_ns <= self.when_ns) else self.earlier


class FrameRing:
    """Pictures in the order they were taken; the newest is always kept, pinned ones are never overwritten.

    Any thread may ask; one thread fills.
    """

    def __init__(self, width: int, height: int) -> None:
        count = max(FEWEST, min(MOST, BUDGET_BYTES // max(1, width * height * 4)))
        self._shots = [Shot(np.empty((height, width, 4), np.uint8)) for _ in range(count)]
        self._changed = threading.Condition()
        self._starved_ns: int | None = None
        self._blind, self._wanted, self._doubted, self._since_ns = False, True, False, 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its pictures in pixels."""
        height, width = self._shots[0].pixels.shape[:2]
        return width, height

    def begin(self, now_ns: int, timeout_s: float) -> Shot | None:
        """A picture to fill, or None when all are in use for `timeout_s`; pictures wanted meanwhile are missed."""
        with self._changed:
            free = self._free()
            if free is None:
                self._starved_ns = self._starved_ns or now_ns
                self._changed.wait(timeout_s)
                free = self._free()
            if free is not None:
                free.stale = around(free.stale, *free.painted)
                free.began_ns, free.good, free.frame, free.painted = now_ns, False, None, frozenset()
                free.stacks = ()
                free.done.clear()
                free.pins += 1
            return free

    def finish(self, shot: Shot, now_ns: int, *, good: bool) -> None:
        """The picture is filled, or could not be."""
        with self._changed:
            shot.good, shot.done_ns = good, now_ns
            shot.pins -= 1
            self._starved_ns = None
            shot.done.set()
            self._changed.notify_all()

    def changed(self, area: Rect | None) -> None:
        """The screen changed there, or anywhere; only the filling thread says so."""
        for shot in self._shots:
            shot.stale = shot.bounds if area is None else around(shot.stale, area)

    def before(self, when_ns: int) -> Picture | None:
        """The picture of the screen before that time, pinned; None where there is no true one."""
        with self._changed:
            starved = self._starved_ns is not None and self._starved_ns < when_ns
            if self._blind or starved:
                return None
            taken = sorted(self._taken(when_ns), key=lambda shot: shot.began_ns)
            if not taken:
                return None
            certain = taken[-1].good and taken[-1].done_ns <= when_ns
            earlier = next((shot for shot in reversed(taken[:-1]) if shot.good), None) if not certain else None
            for shot in filter(None, (taken[-1], earlier)):
                shot.pins += 1
            return Picture(taken[-1], earlier, when_ns)

    @property
    def newest_ns(self) -> int:
        """When the newest picture was asked for, 0 before the first."""
        return max(shot.began_ns for shot in self._shots)

    def release(self, picture: Picture) -> None:
        """Let go of a picture."""
        with self._changed:
            for shot in filter(None, (picture.newest, picture.earlier)):
                shot.pins -= 1
            self._changed.notify_all()

    def close_eyes(self) -> None:
        """Hand out nothing from now on, because something secret may be on the screen."""
        with self._changed:
            self._blind = True

    def open_eyes(self, now_ns: int) -> None:
        """Hand out pictures again, those that are taken from now on."""
        with self._changed:
            self._blind, self._since_ns, self._wanted = False, now_ns, True

    def want(self) -> None:
        """Ask for a picture even though nothing changes on the screen."""
        with self._changed:
            self._wanted = True

    def doubt(self) -> None:
        """Somebody acted: should a notice of a change ever have been missed, it is time to look."""
        self._doubted = True

    def take_doubted(self) -> bool:
        """Whether somebody acted since this was last asked."""
        doubted, self._doubted = self._doubted, False
        return doubted

    def take_wanted(self) -> bool:
        """Whether a picture is wanted although nothing changed on the screen; asking clears it."""
        with self._changed:
            wanted, self._wanted = self._wanted, False
            return wanted

    def _taken(self, when_ns: int) -> list[Shot]:
        return [
            shot
            for shot in self._shots
            if self._since_ns < shot.began_ns < when_ns and (shot.good or not shot.done.is_set())
        ]

    def _free(self) -> Shot | None:
        newest = max(self._shots, key=lambda shot: shot.began_ns if shot.good else 0)
        idle = [shot for shot in self._shots if shot.pins == 0 and shot is not newest]
        return min(idle, key=lambda shot: shot.began_ns, default=None)
