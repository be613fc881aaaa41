"""Which windows of the window list a person would call windows, and what the workbench says of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.desktop.macos.scaling import PointSpace
from workbench.geometry import Point, Rect
from workbench.trajectory import Window

NORMAL_LAYER = 0

_OVERLAY_OWNERS = frozenset({"Window Server", "WindowServer"})
_DOCK_LAYER, _CURSOR_LAYER = 20, 1000
"""The Dock keeps a transparent window over the whole screen; at the cursor's layer and above nothing takes clicks."""


@dataclass(frozen=True)
class FoundWindow:
    """A window of the window list; `bounds` are desktop pixels, higher layers are nearer to the person."""

    number: int
    owner: str
    pid: int
    title: str
    bounds: Rect
    layer: int = NORMAL_LAYER
    alpha: float = 1.0


def found_window(entry: Mapping[str, Any], space: PointSpace) -> FoundWindow:
    """One entry of `CGWindowListCopyWindowInfo`; titles are missing without the Screen Recording permission."""
    bounds = entry.get("kCGWindowBounds") or {}
    sides = [float(bounds.get(side, 0)) for side in ("X", "Y", "Width", "Height")]
    return FoundWindow(
        number=int(entry.get("kCGWindowNumber", 0)),
        owner=str(entry.get("kCGWindowOwnerName") or ""),
        pid=int(entry.get("kCGWindowOwnerPID", 0)),
        title=str(entry.get("kCGWindowName") or ""),
        bounds=space.to_rect(sides[0], sides[1], sides[2], sides[3]),
        layer=int(entry.get("kCGWindowLayer", NORMAL_LAYER)),
        alpha=float(entry.get("kCGWindowAlpha", 1.0)),
    )


def takes_clicks(found: FoundWindow, screens: Iterable[Rect]) -> bool:
    """Whether a person could click it: not transparent, no overlay, nothing that covers a screen for the Dock."""
    if found.alpha <= 0 or not found.bounds.area or found.owner in _OVERLAY_OWNERS:
        return False
    if not NORMAL_LAYER <= found.layer < _CURSOR_LAYER:
        return False
    return not (found.layer == _DOCK_LAYER and found.bounds in tuple(screens))


def window_at(windows: Iterable[FoundWindow], point: Point, screens: Iterable[Rect]) -> FoundWindow | None:
    """The first of these windows, topmost first, that takes a click at the point."""
    places = tuple(screens)
    return next((found for found in windows if found.bounds.contains(point) and takes_clicks(found, places)), None)


def front_window(windows: Iterable[FoundWindow], pid: int | None) -> FoundWindow | None:
    """The topmost normal window of the focused process; of any process when nobody knows which is focused."""
    normal = (found for found in windows if found.layer == NORMAL_LAYER and found.alpha > 0 and found.bounds.area)
    return next((found for found in normal if pid is None or found.pid == pid), None)


def window_of(found: FoundWindow, app: str) -> Window:
    """The window as trajectories know it; `app` is the file name of the application's program."""
    return Window(app or found.owner, found.title, found.bounds, found.pid or None, found.number)
