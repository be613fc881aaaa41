"""Screens for systems that do not say when pixels change: frames are compared instead."""

import time
import zlib
from collections.abc import Callable, Sequence

import numpy as np

from workbench.desktop.covering import paint_over, visible_parts
from workbench.desktop.ports import Frame
from workbench.geometry import Rect, Screen
from workbench.trajectory import Window

POLL_S = 0.05
"""How often a waiting caller looks: one capture and one checksum each time."""


class PolledScreens:
    """The `Screens` port from three functions of a backend: capture, layout, and windows from the topmost down."""

    def __init__(
        self,
        capture: Callable[[], Frame],
        layout: Callable[[], tuple[Screen, ...]],
        windows: Callable[[], tuple[Window, ...]],
    ) -> None:
        self._capture = capture
        self._layout = layout
        self._windows = windows
        self._hidden: frozenset[int] = frozenset()
        self._seen: int | None = None

    def layout(self) -> tuple[Screen, ...]:
        """The monitors as they are now."""
        return self._layout()

    def grab(self) -> Frame:
        """The whole desktop now, hidden windows painted over."""
        frame = self._take()
        self._seen = _checksum(frame)
        return frame

    def grab_part(self, region: Rect) -> Frame:
        """The part of the desktop inside `region` now, cut out of a whole capture."""
        return self._take().part(region)

    def hide(self, windows: Sequence[int]) -> None:
        """Paint over these windows in every later frame, wherever they are visible."""
        self._hidden = frozenset(windows)

    def wait_for_change(self, timeout_s: float) -> bool:
        """Block until the pixels differ from the last grab; True at once when there was none."""
        end_s = time.monotonic() + timeout_s
        while self._seen is not None:
            if _checksum(self._take()) != self._seen:
                return True
            left_s = end_s - time.monotonic()
            if left_s <= 0:
                return False
            time.sleep(min(POLL_S, left_s))
        return True

    def _take(self) -> Frame:
        if not self._hidden:
            return self._capture()
        # A window may move while the picture is taken: what it covered before and after is painted.
        before = self._covered()
        frame = self._capture()
        paint_over(frame, before + self._covered())
        return frame

    def _covered(self) -> list[Rect]:
        above: list[Rect] = []
        found: list[Rect] = []
        for window in self._windows():
            if window.handle in self._hidden:
                found += visible_parts(window.bounds, above)
            else:
                above.append(window.bounds)
        return found


def _checksum(frame: Frame) -> int:
    return zlib.crc32(np.ascontiguousarray(frame.pixels).data)
