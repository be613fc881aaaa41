"""The screens of Windows: mss over GDI, one picture of the whole virtual desktop."""

import time
from collections.abc import Callable, Sequence

import mss
import numpy as np
from mss.exception import ScreenShotError

from workbench.desktop.polled_screens import PolledScreens
from workbench.desktop.ports import Frame
from workbench.desktop.windows import native
from workbench.errors import UnavailableError
from workbench.geometry import Point
from workbench.trajectory import Window


class Capture:
    """Takes pictures, from any thread but one at a time (mss has a lock of its own)."""

    def __init__(self) -> None:
        self._mss = mss.MSS()

    def __call__(self) -> Frame:
        """The whole virtual desktop now; its origin is negative where a screen is left of or above the primary."""
        now_ns = time.monotonic_ns()
        try:
            shot = self._mss.grab(self._mss.monitors[0])
        except ScreenShotError as error:
            raise UnavailableError(f"Windows gives no picture of the screen ({error}); unlock it") from error
        pixels = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
        return Frame(pixels, Point(shot.left, shot.top), now_ns)

    def close(self) -> None:
        """Give the handles back."""
        self._mss.close()


class WindowsScreens(PolledScreens):
    """The `Screens` port. Windows of this process are left out by the system, others are painted over."""

    def __init__(self, capture: Callable[[], Frame], windows: Callable[[], tuple[Window, ...]]) -> None:
        super().__init__(capture, native.monitors, windows)

    def hide(self, windows: Sequence[int]) -> None:
        """Keep our own windows out of captures for good; paint over the others in every later frame."""
        super().hide([handle for handle in windows if not native.exclude_from_capture(handle)])
