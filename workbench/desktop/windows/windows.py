"""The top-level windows of Windows."""

from workbench.desktop.windows import native
from workbench.desktop.windows.shown import is_shown, window_of
from workbench.errors import UnavailableError
from workbench.geometry import Point
from workbench.trajectory import Window


class WindowsWindows:
    """The `Windows` port over user32. `Window.app` is the program's file name without `.exe`, in lower case."""

    def active(self) -> Window | None:
        """The window with the focus."""
        return _described(native.foreground())

    def all(self) -> tuple[Window, ...]:
        """All visible top-level windows, topmost first; the desktop itself is none."""
        described = (native.describe(handle) for handle in native.top_level_handles())
        return tuple(window_of(found) for found in described if found is not None and is_shown(found))

    def at(self, point: Point) -> Window | None:
        """The window under the point, menus and the task bar included."""
        return _described(native.root_at(point))

    def activate(self, window: Window) -> None:
        """Bring to the front and focus; raises `UnavailableError` when the window is gone."""
        if window.handle is None or not native.bring_to_front(window.handle):
            raise UnavailableError(f"the window “{window.title}” of {window.app} is closed; open it and try again")


def _described(handle: int | None) -> Window | None:
    found = native.describe(handle) if handle is not None else None
    return window_of(found) if found is not None else None
