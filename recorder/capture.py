"""The thread that keeps the ring of pictures up to date: one picture for each change, at most 60 a second."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from recorder.entries import own_mistake
from recorder.exclusion import Exclusion
from recorder.ring import FrameRing, Shot
from workbench.desktop.ports import Frame, Pixels, Placed, Screens, desktop_bounds
from workbench.errors import UnavailableError
from workbench.geometry import Rect, Screen, around
from workbench.trajectory import Window

_log = logging.getLogger(__name__)

PERIOD_S = 1 / 60
"""A screen shows no more; measured, 60 Hz with damage finds the true picture before every press, 30 Hz 97 of 100."""

WAIT_S = 0.1
"""How long the thread sleeps on an unchanged screen before it looks whether it is to end."""


WHOLE_S = 10.0
"""How often everything is taken anew while somebody acts, should a notice of a change ever be missed.

Where screens do not notice everything, that is done at every action.
"""


@runtime_checkable
class FillingScreens(Protocol):
    """Screens that can bring a picture up to date in memory that is already there."""

    def changes(self) -> Rect | None:
        """Where pixels may have changed since this was last asked, of no area where none did; None: anywhere."""
        ...

    def grab_into(self, buffer: Pixels, part: Rect | None = None) -> Frame:
        """Fill that part of `buffer`, which has the size of the desktop, and describe the whole."""
        ...

    @property
    def notices_all(self) -> bool:
        """Whether no change can escape `changes`."""
        ...

    @property
    def covered(self) -> tuple[Rect, ...]:
        """What was painted over in the last frame."""
        ...


@dataclass
class Capture:
    """Fills a ring from `screens`, which this thread alone may ask from `start` on.

    `windows` lists what is open, `stacked` what stands in front of what; both may be called from this thread.
    `taken` is told of every picture. A failure is told to `failed` once.
    """

    screens: Screens
    exclusion: Exclusion
    windows: Callable[[], tuple[Window, ...]]
    failed: Callable[[str], None]
    taken: Callable[[], None]
    stacked: Callable[[], tuple[Placed, ...]] = lambda: ()
    layout: tuple[Screen, ...] = ()
    ring: FrameRing | None = None
    missed: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)
    _ready: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _whole_s: float = 0.0

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    def wait_ready(self, timeout_s: float) -> bool:
        """Wait until the first picture is there."""
        return self._ready.wait(timeout_s)

    def look_again(self) -> None:
        """The monitors changed."""
        self.layout = ()

    def stop(self) -> None:
        """End; idempotent."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._turn()
        except UnavailableError as error:
            self.failed(str(error))
        except BaseException as error:
            self.failed(own_mistake(error))
            raise
        finally:
            self._ready.set()

    def _turn(self) -> None:
        ring = self._fitting_ring()
        if not ring.take_wanted() and not self.screens.wait_for_change(WAIT_S) and not self._doubts(ring):
            return
        start_s = time.monotonic()
        shot = ring.begin(time.monotonic_ns(), WAIT_S)
        if shot is None:
            self.missed += 1
            return
        self._fill(ring, shot)
        self._ready.set()
        self.taken()
        time.sleep(max(0.0, start_s + PERIOD_S - time.monotonic()))

    def _doubts(self, ring: FrameRing) -> bool:
        """Whether it is time to take everything anew."""
        return self._is_time_for_the_whole() and ring.take_doubted()

    def _is_time_for_the_whole(self) -> bool:
        notices_all = isinstance(self.screens, FillingScreens) and self.screens.notices_all
        return not notices_all or time.monotonic() > self._whole_s + WHOLE_S

    def _fitting_ring(self) -> FrameRing:
        if not self.layout or self.ring is None:
            self.layout = self.screens.layout()
            bounds = desktop_bounds(self.layout)
            if self.ring is None or self.ring.size != (bounds.width, bounds.height):
                self.ring = FrameRing(bounds.width, bounds.height)
        return self.ring

    def _fill(self, ring: FrameRing, shot: Shot) -> None:
        good = False
        try:
            hidden, before = self._hide(), self.stacked()
            self._grab(shot, ring)
            shot.stacks = (before, self.stacked())  # what came or went meanwhile may be in the picture
            # A window that must not be seen may have opened while the picture was taken.
            good = self._hide() == hidden
            if not good:
                shot.stale = shot.bounds
        except ValueError:
            _log.debug("the desktop changed its size while a picture was taken")
            self.look_again()
        finally:
            ring.finish(shot, time.monotonic_ns(), good=good)
        if not good:
            ring.want()

    def _grab(self, shot: Shot, ring: FrameRing) -> None:
        if isinstance(self.screens, FillingScreens):
            frame = self._brought_up_to_date(shot, ring, self.screens)
        else:
            frame = self.screens.grab()
            if frame.pixels.shape != shot.pixels.shape:
                raise ValueError("another size")
            shot.pixels[:] = frame.pixels
        shot.origin, shot.began_ns = frame.origin, frame.monotonic_ns

    def _brought_up_to_date(self, shot: Shot, ring: FrameRing, screens: FillingScreens) -> Frame:
        """Take what changed since the shot was filled last; what is painted over in it is not true next time."""
        changed = screens.changes()
        if self._is_time_for_the_whole():
            changed, self._whole_s = None, time.monotonic()
        ring.changed(changed)
        part, shot.stale = shot.stale, shot.bounds
        frame = screens.grab_into(shot.pixels, part)
        shot.stale = around(*screens.covered)
        return frame

    def _hide(self) -> tuple[int, ...]:
        if not self.exclusion.any:
            return ()
        handles = self.exclusion.handles(self.windows())
        self.screens.hide(handles)
        return handles
