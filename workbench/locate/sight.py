"""What the locator may look at: one moment of today's desktop and the recorded frames."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.desktop.ports import Accessibility, Frame
from workbench.geometry import Screen
from workbench.trajectory import FrameId, Window


@dataclass(frozen=True)
class Sight:
    """Today's frame, windows (topmost first) and accessibility, and how to load what was recorded."""

    frame: Frame
    screens: tuple[Screen, ...]
    active: Window | None
    windows: tuple[Window, ...]
    accessibility: Accessibility | None
    load_frame: Callable[[FrameId], Frame]
