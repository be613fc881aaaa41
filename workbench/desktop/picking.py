"""Letting a person point at a place of the desktop: one click that no application gets."""

from collections.abc import Callable

from workbench.desktop.ports import BackendName
from workbench.errors import UnavailableError
from workbench.geometry import Point


def pick_point(backend: BackendName, display: str, timeout_s: float, check: Callable[[], None]) -> Point | None:
    """Where a person clicks next, or None on Escape or when the time is up.

    `check` is called at least every 100 ms and may raise to end the wait.
    """
    if backend != "x11":
        raise UnavailableError(f"pointing at a place is not available on {backend}; use --on-drift halt")
    from workbench.desktop.x11.picker import pick_point_x11

    return pick_point_x11(display, timeout_s, check)
