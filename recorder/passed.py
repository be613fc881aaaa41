"""What was passed on to be written lately, so that an order which was handled late can still take it back."""

from collections import deque
from dataclasses import dataclass, field

from recorder.spans import STAMP_NS

REMEMBERED = 1000


@dataclass
class Passed:
    """Events and sightings by the time under which they are written, each with the latest moment that it tells of."""

    _parts: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def add(self, at_ns: int, told_ns: int) -> None:
        """Something was passed on; both times by the monotonic clock."""
        self._parts.append((at_ns, told_ns))

    def since(self, when_ns: int) -> int | None:
        """From which written time on to forget, so that nothing is left that tells of then or later; None: nothing."""
        found = [at_ns for at_ns, told_ns in self._parts if told_ns > when_ns - STAMP_NS]
        if len(found) == REMEMBERED:
            return min(when_ns, *found)  # there may have been more
        return min(found, default=None)
