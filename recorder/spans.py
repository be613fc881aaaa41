"""Stretches of time between two orders, by the moments at which the orders were given rather than handled."""

from collections import deque
from dataclasses import dataclass, field

from recorder.focus import NEVER_NS

STAMP_NS = 1_000_000
"""A stamp is cut to milliseconds: what it belongs to may have happened so much later than it says."""

REMEMBERED = 64
"""Stretches that are kept: of those before them nothing can still be on its way."""


@dataclass
class Spans:
    """Stretches in the order in which they began; all times in nanoseconds of the monotonic clock."""

    _spans: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def begin(self, at_ns: int) -> None:
        """From that moment on, until further notice."""
        self._spans.append((at_ns, NEVER_NS))

    def end(self, at_ns: int) -> None:
        """The stretch that began last ends; nothing is said where it has ended already."""
        if self._spans and self._spans[-1][1] == NEVER_NS:
            since_ns, _ = self._spans.pop()
            self._spans.append((since_ns, max(since_ns, at_ns)))

    def holds(self, when_ns: int) -> bool:
        """Whether something of that stamp may lie in one of them."""
        return any(since_ns - STAMP_NS < when_ns < until_ns for since_ns, until_ns in self._spans)
