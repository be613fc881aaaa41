"""Keeping up with a screen: today's picture made of the last one and of what changed since.

Taking a whole picture for every look costs more than everything else in it, and most looks find nothing new.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from workbench.desktop.ports import Frame, Screens
from workbench.geometry import Rect

CARET_PX = (3, 40)
"""What is at most this wide and tall is a caret, which blinks."""

WHOLE_S = 2.0
"""A picture is made of parts for so long at most, in case a change went unnoticed."""


@runtime_checkable
class NoticingScreens(Protocol):
    """Screens that say where pixels changed."""

    def changes(self) -> Rect | None:
        """Where pixels may have changed since this was last asked, of no area where none did; None: anywhere."""
        ...

    @property
    def notices_all(self) -> bool:
        """Whether no change can escape `changes`."""
        ...


@dataclass(frozen=True)
class Change:
    """The boxes around everything that differs, and around what does outside the places that were asked to be apart."""

    anywhere: Rect | None
    elsewhere: Rect | None


NOTHING = Change(None, None)


@dataclass
class Picture:
    """The desktop as it was when `renew` was called last."""

    screens: Screens
    _frame: Frame | None = field(default=None, repr=False)
    _lent: bool = field(default=False, repr=False)
    _whole_s: float = field(default=0.0, repr=False)

    @property
    def frame(self) -> Frame:
        """The desktop's picture, which nothing changes any more; raises ValueError before the first `renew`."""
        if self._frame is None:
            raise ValueError("the screen was not looked at yet")
        self._lent = True
        return self._frame

    def renew(self, bounds: Rect, apart: Sequence[Rect] = ()) -> Change:
        """Bring `frame` up to date for a desktop of these bounds, and say where its pixels differ now.

        `elsewhere` leaves out the places that are `apart`. Of the first frame everything differs. Only screens that
        notice every change are spared a whole picture.
        """
        was = self._frame
        now = self._part(was, bounds) if was is not None else None
        if was is None or now is None:
            self._frame, self._lent, self._whole_s = self.screens.grab(), False, time.monotonic()
            return _compared(was, self._frame, apart)
        if not now.pixels.size:
            self._frame = replace(was, monotonic_ns=now.monotonic_ns)
            return NOTHING
        change = _compared(was.part(now.bounds), now, apart)
        self._patch(was, now)
        return change

    def _patch(self, was: Frame, part: Frame) -> None:
        pixels = was.pixels.copy() if self._lent else was.pixels
        self._frame, self._lent = Frame(pixels, was.origin, part.monotonic_ns), False
        self._frame.crop(part.bounds)[:] = part.pixels

    def _part(self, was: Frame, bounds: Rect) -> Frame | None:
        """What may have changed, taken anew, without pixels where nothing has; None where all has to be taken."""
        screens = self.screens
        changed = screens.changes() if isinstance(screens, NoticingScreens) and screens.notices_all else None
        if changed is None or was.bounds != bounds or time.monotonic() > self._whole_s + WHOLE_S:
            return None
        part = bounds.intersection(changed)
        if part is None:
            return Frame(was.pixels[:0, :0], was.origin, time.monotonic_ns())
        return screens.grab_part(part) if 2 * part.area < bounds.area else None


def _compared(was: Frame | None, now: Frame, apart: Sequence[Rect]) -> Change:
    if was is None or was.bounds != now.bounds:
        return Change(now.bounds, now.bounds)
    box = differing(was, now)
    inside = [place for place in (now.bounds.intersection(one) for one in apart) if place]
    if box is None or not inside:
        return Change(box, box)
    elsewhere = replace(now, pixels=now.pixels.copy())
    for place in inside:
        elsewhere.crop(place)[:] = was.crop(place)
    return Change(box, differing(was, elsewhere))


def differing(one: Frame, other: Frame) -> Rect | None:
    """The box around all pixels that differ between two frames of the same bounds; None where none does."""
    if one.pixels is other.pixels:
        return None
    unlike = _whole_pixels(one) != _whole_pixels(other)
    rows = np.flatnonzero(unlike.any(axis=1))
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1])
    columns = np.flatnonzero(unlike[top : bottom + 1].any(axis=0))
    left, right = int(columns[0]), int(columns[-1])
    return Rect(one.origin.x + left, one.origin.y + top, right - left + 1, bottom - top + 1)


def is_caret(box: Rect) -> bool:
    """Whether a change is no larger than what blinks where text is typed."""
    widest, tallest = CARET_PX
    return box.width <= widest and box.height <= tallest


def _whole_pixels(frame: Frame) -> NDArray[np.uint32]:
    """Each pixel as one number; comparing these takes a quarter of the time."""
    return np.ascontiguousarray(frame.pixels).view(np.uint32)[..., 0]
