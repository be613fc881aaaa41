"""Windows that nothing is recorded of: by application, by title, or because they are our own."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from workbench.geometry import Point
from workbench.trajectory import Window


@dataclass(frozen=True)
class Exclusion:
    """Which windows are left out."""

    patterns: tuple[str, ...] = ()
    own_pids: tuple[int, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to leave out."""
        return bool(self.patterns or self.own_pids)

    def own(self, window: Window | None) -> bool:
        """Whether it is a window of our own program."""
        return window is not None and window.pid is not None and window.pid in self.own_pids

    def covers(self, window: Window | None) -> bool:
        """Whether nothing may be recorded of the window."""
        if window is None:
            return False
        return self.own(window) or any(_matches(pattern.casefold(), window) for pattern in self.patterns)

    def handles(self, windows: Sequence[Window]) -> tuple[int, ...]:
        """The handles of those windows that must not be seen."""
        return tuple(window.handle for window in windows if window.handle is not None and self.covers(window))


def window_at(windows: Sequence[Window], point: Point) -> Window | None:
    """The topmost of the windows under a point, as far as their bounds tell."""
    return next((window for window in windows if window.bounds.contains(point)), None)


def _matches(pattern: str, window: Window) -> bool:
    app, title = window.app.casefold(), window.title.casefold()
    return fnmatchcase(app, pattern) or fnmatchcase(title, f"*{pattern}*")
