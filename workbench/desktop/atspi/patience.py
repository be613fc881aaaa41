"""How long applications are waited for: twice as long each time that one answers, but later than that."""

import time

from workbench.desktop.atspi.bus import Bus

LEAST_S = 0.2
MOST_S = 0.8
"""What an application is given that is busy, or on a busy machine. One that hangs answers nothing, not even late."""

_FORGOTTEN_S = 5.0


class Patience:
    """The patience with the applications on one bus; it belongs to the thread of its bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus, self._late, self._late_s = bus, 0, float("-inf")
        self._seconds = LEAST_S

    @property
    def seconds(self) -> float:
        """How long one call waits for an application, in seconds."""
        now_s = time.monotonic()
        if self._bus.late > self._late:
            self._late, self._late_s = self._bus.late, now_s
            self._seconds = min(MOST_S, 2 * self._seconds)
        elif now_s > self._late_s + _FORGOTTEN_S:
            self._seconds = LEAST_S
        return self._seconds

    def deadline(self) -> float:
        """When a call that begins now ends at the latest, on the monotonic clock."""
        return time.monotonic() + self.seconds
