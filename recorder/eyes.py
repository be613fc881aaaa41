"""What a recording asks the desktop: windows and accessibility, with the time at which it was asked."""

import threading
import time
from dataclasses import dataclass, field

from recorder.focus import NOWHERE, Answer
from workbench.desktop.ports import Accessibility, Placed, Stacking, Windows
from workbench.geometry import Point
from workbench.trajectory import Element, Window

SILENT_S = 2.0
"""How long an application that is not on the accessibility bus is at most taken to stay away from it."""

STARTING_S = 0.5
"""An application that is silent for less time than this may only be starting."""

PASSWORD_ROLE = "password text"  # noqa: S105 - what accessibility calls such a field
MOST_PASSWORDS = 16


@dataclass
class Eyes:
    """Questions to the ports of one desktop. The windows may be asked by any thread, the rest by one."""

    windows: Windows
    accessibility: Accessibility | None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _silences: dict[str, "_Silence"] = field(default_factory=dict)

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

    def stacked(self) -> tuple[Placed, ...]:
        """Everything in front of everything, topmost first; nothing where the desktop cannot tell."""
        if not isinstance(self.windows, Stacking):
            return ()
        with self._lock:
            return self.windows.stacked()

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
        if self._speaks(app) is False:
            return True
        fields, complete = self.passwords(app)
        return complete and not fields and self._speaks(app) is True

    def passwords(self, app: str) -> tuple[list[Element], bool]:
        """The password fields that the application shows, and whether these are all."""
        if self.accessibility is None:
            return [], True
        before = self.accessibility.unanswered
        fields = self.accessibility.find(app=app, role=PASSWORD_ROLE, limit=MOST_PASSWORDS)
        return fields, self.accessibility.unanswered == before

    def _speaks(self, app: str) -> bool | None:
        """As `Accessibility.speaks_for`; None also for one that may only be starting.

        The longer an application has been silent, the more rarely it is asked again.
        """
        if self.accessibility is None:
            return False
        now_s = time.monotonic()
        silence = self._silences.get(app)
        if silence is None or now_s >= silence.until_s:
            speaks = self.accessibility.speaks_for(app)
            if speaks is not False:
                self._silences.pop(app, None)
                return speaks
            silence = self._silences[app] = _prolonged(silence, now_s)
        return False if now_s - silence.since_s >= STARTING_S else None


@dataclass(frozen=True)
class _Silence:
    """That an application was not on the bus when it was asked, and until when it is not asked again."""

    since_s: float
    until_s: float


def _prolonged(earlier: _Silence | None, now_s: float) -> _Silence:
    """The same silence going on, or a new one where nobody asked for long: by now another process may have the name."""
    since_s = earlier.since_s if earlier and now_s - earlier.until_s < SILENT_S else now_s
    return _Silence(since_s, now_s + min(now_s - since_s, SILENT_S))
