"""Displays, pointer and pictures as macOS hands them out, each as one plain function."""

import time
from typing import Any

import mss
import numpy as np
from mss.exception import ScreenShotError

from workbench.desktop.macos.scaling import Display, PointSpace, composed
from workbench.desktop.ports import Frame, Pixels
from workbench.errors import UnavailableError
from workbench.geometry import Screen

_MOST_DISPLAYS = 32
_NOMINAL_RESOLUTION = 1 << 4


def point_space() -> PointSpace:
    """The displays as they are arranged now; raises `UnavailableError` when none is on."""
    import Quartz

    failed, ids, _count = Quartz.CGGetActiveDisplayList(_MOST_DISPLAYS, None, None)
    if failed or not ids:
        raise UnavailableError("macOS reports no display; wake or connect one and try again")
    return PointSpace(tuple(_display(Quartz, number) for number in ids))


def screens() -> tuple[Screen, ...]:
    """The displays as the workbench knows monitors."""
    return point_space().screens()


def pointer_points() -> tuple[float, float]:
    """Where the pointer is, in points."""
    import Quartz

    place = Quartz.CGEventGetLocation(Quartz.CGEventCreate(None))
    return place.x, place.y


class Capture:
    """Takes pictures, from any thread but one at a time (mss has a lock of its own)."""

    def __init__(self) -> None:
        from mss import darwin

        # By default mss asks for one pixel per point, which throws half of a Retina display away.
        darwin.IMAGE_OPTIONS &= ~_NOMINAL_RESOLUTION
        self._mss = mss.MSS()

    def __call__(self) -> Frame:
        """All displays as one picture, in desktop pixels."""
        now_ns, space = time.monotonic_ns(), point_space()
        return composed(space, [self._picture(display) for display in space.displays], now_ns)

    def close(self) -> None:
        """Give the library's resources back."""
        self._mss.close()

    def _picture(self, display: Display) -> Pixels:
        region = {
            "left": int(display.x), "top": int(display.y), "width": int(display.width), "height": int(display.height),
        }  # fmt: skip
        try:
            shot = self._mss.grab(region)
        except ScreenShotError as error:
            raise UnavailableError(
                f"macOS gives no picture of {display.name} ({error}); allow Screen Recording for this program in "
                "System Settings > Privacy & Security"
            ) from error
        return np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)


def _display(quartz: Any, number: int) -> Display:
    bounds = quartz.CGDisplayBounds(number)
    mode = quartz.CGDisplayCopyDisplayMode(number)
    points = quartz.CGDisplayModeGetWidth(mode) if mode else 0
    scale = quartz.CGDisplayModeGetPixelWidth(mode) / points if points else 1.0
    return Display(
        f"display {number}",
        bounds.origin.x,
        bounds.origin.y,
        bounds.size.width,
        bounds.size.height,
        scale,
        primary=number == quartz.CGMainDisplayID(),
    )
