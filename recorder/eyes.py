"""What a recording asks the desktop: windows and accessibility, with the time at which it was asked."""

import threading
import time
from dataclasses import dataclass, field

from recorder.focus import NOWHERE, Answer
from workbench.desktop.ports import Accessibility, Windows
from workbench.geometry import Point
from workbench.trajectory import Element, Window

SILENT_S = 2.0
"""How long an application that is not on the accessibility bus is taken to stay away from it."""

PASSWORD_ROLE = "password text"  # noqa: S105 - what accessibility calls such a field
MOST_PASSWORDS = 16


@dataclass
class Eyes:
    """Questions to the ports of one desktop. The windows may be asked by any thread, the rest by one."""

    windows: Windows
    accessibility: Accessibility | None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _silent: dict[str, float] = field(default_factory=dict)

    def active(self) -> Window | None:
        """The window with the focus."""
        with self._lock:
            return self.windows.active()

    def at(self, point: Point) -> Window | None:
        """The topmost window under the point."""
        with self._lock:
            return self.windows.at(point)

    def all(self) -> tuple[Window, ...]:
        """All visible windows, topmost first."""
        with self._lock:
            return self.windows.all()

    def element(self, point: Point, window: Window | None) -> Element | None:
        """The accessible element under the point."""
        return self.accessibility.element_at(point, window) if self.accessibility else None

    def refresh(self, element: Element) -> Element | None:
        """The element as it is now."""
        return self.accessibility.refresh(element) if self.accessibility else None

    def focus(self, active: Window | None) -> Answer:
        """What has the keyboard focus; unknown where nobody names it although there may be a password field."""
        start_ns = time.monotonic_ns()
        if self.accessibility is None:
            return Answer(start_ns, start_ns, None)
        focused = self.accessibility.focused()
        known = focused is not None or active is None or self.fieldless(active.app)
        place = (focused.app if focused else active.app, active.handle) if active else NOWHERE
        return Answer(start_ns, time.monotonic_ns(), focused, known, place)

    def fieldless(self, app: str) -> bool:
        """Whether it is certain that the application shows no password field that accessibility could name."""
        speaks = self._speaks(app)
        if not speaks:
            return speaks is False
        # An application that hangs is not asked for a while: only one that speaks before and after has been searched.
        return not self.passwords(app) and self._speaks(app) is True

    def passwords(self, app: str) -> list[Element]:
        """The password fields that the application shows."""
        return self.accessibility.find(app=app, role=PASSWORD_ROLE, limit=MOST_PASSWORDS) if self.accessibility else []

    def _speaks(self, app: str) -> bool | None:
        """As `Accessibility.speaks_for`; an application that is not on the bus is asked again later."""
        if self.accessibility is None:
            return False
        now_s = time.monotonic()
        if now_s < self._silent.get(app, 0.0):
            return False
        speaks = self.accessibility.speaks_for(app)
        if speaks is False:
            self._silent[app] = now_s + SILENT_S
        return speaks
