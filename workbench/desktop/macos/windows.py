"""The top-level windows of macOS: the window list for what is seen, AX for what has the focus."""

from collections.abc import Callable
from functools import lru_cache

from workbench.desktop.macos import displays
from workbench.desktop.macos.shown import (
    NORMAL_LAYER,
    FoundWindow,
    found_window,
    front_window,
    takes_clicks,
    window_at,
    window_of,
)
from workbench.errors import UnavailableError
from workbench.geometry import Point
from workbench.trajectory import Window

_IGNORING_OTHERS = 1 << 1


class MacWindows:
    """The `Windows` port. `Window.app` is the file name of the program, which no translation changes.

    `focused_process` and `raise_window` come from the accessibility interface: the workspace's own answer is only
    fresh while an event loop runs.
    """

    def __init__(self, focused_process: Callable[[], int | None], raise_window: Callable[[Window], None]) -> None:
        self._focused_process = focused_process
        self._raise = raise_window

    def active(self) -> Window | None:
        """The window with the focus."""
        found = front_window(listed(), self._focused_process())
        return _window(found) if found is not None else None

    def all(self) -> tuple[Window, ...]:
        """All visible normal windows, topmost first."""
        places = [screen.bounds for screen in displays.screens()]
        return tuple(
            _window(found) for found in listed() if found.layer == NORMAL_LAYER and takes_clicks(found, places)
        )

    def at(self, point: Point) -> Window | None:
        """The window under the point, menus, menu bar and Dock included."""
        found = window_at(listed(), point, [screen.bounds for screen in displays.screens()])
        return _window(found) if found is not None else None

    def activate(self, window: Window) -> None:
        """Bring to the front and focus; raises `UnavailableError` when the application has ended."""
        import AppKit

        running = AppKit.NSRunningApplication.runningApplicationWithProcessIdentifier_(window.pid or 0)
        if running is None:
            raise UnavailableError(f"{window.app} is not running any more; start it and try again")
        self._raise(window)
        running.activateWithOptions_(_IGNORING_OTHERS)


def listed() -> list[FoundWindow]:
    """All windows on the screen, topmost first."""
    import Quartz

    space = displays.point_space()
    options = Quartz.kCGWindowListOptionOnScreenOnly | Quartz.kCGWindowListExcludeDesktopElements
    entries = Quartz.CGWindowListCopyWindowInfo(options, Quartz.kCGNullWindowID) or ()
    return [found_window(entry, space) for entry in entries]


@lru_cache(maxsize=256)
def app_of(pid: int) -> str:
    """The file name of the program of a process; empty when it has ended or is no application."""
    import AppKit

    running = AppKit.NSRunningApplication.runningApplicationWithProcessIdentifier_(pid)
    url = running.executableURL() if running is not None else None
    return str(url.lastPathComponent()) if url is not None else ""


def _window(found: FoundWindow) -> Window:
    return window_of(found, app_of(found.pid))
