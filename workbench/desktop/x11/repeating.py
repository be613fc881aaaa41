"""Key repeats, which raw events leave out: worked out from the times that the server uses.

While a key is held the server sends its press again and again to the focused application, but never as a raw event.
Delay, interval and the keys that repeat are XKB controls; server times of the events around tell how often it happened
(measured against a window that counts: equal, at most one off at the end).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workbench.inputs import InputEvent


@dataclass(frozen=True)
class Pace:
    """How keys repeat: milliseconds until the first time and between two, and which keycodes do."""

    delay_ms: int
    interval_ms: int
    keycodes: frozenset[int]


class Repeater:
    """Follows the held key; `due` gives the presses that happened up to a server time."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._press: InputEvent | None = None
        self._next_ms = 0

    def pressed(self, press: InputEvent) -> None:
        """A key went down; one that repeats takes over from the one before."""
        if press.keycode in self.pace.keycodes and self.pace.interval_ms > 0:
            self._press, self._next_ms = press, press.server_ms + self.pace.delay_ms

    def released(self, keycode: int) -> None:
        """A key came up."""
        if self._press is not None and self._press.keycode == keycode:
            self._press = None

    def due(self, server_ms: int, now_ns: int) -> Iterator[InputEvent]:
        """The repeats until then, which is `now_ns` on the recorder's clock; each is given once."""
        while self._press is not None and self._next_ms < server_ms:
            at_ns = now_ns - (server_ms - self._next_ms) * 1_000_000
            yield replace(self._press, server_ms=self._next_ms, monotonic_ns=at_ns)
            self._next_ms += self.pace.interval_ms
