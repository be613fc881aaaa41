"""What waits for the watcher: events, orders, and the news that the picture changed."""

import queue
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Inbox(Generic[T]):
    """Keeps things in the order in which they came; any thread puts, one takes.

    Waking a thread costs more than handling a movement of the pointer, so what is put `quietly` waits for the next
    thing that wakes, or for the end of the taker's patience.
    """

    _things: deque[T] = field(default_factory=deque)
    _calls: "queue.SimpleQueue[None]" = field(default_factory=queue.SimpleQueue)

    def __len__(self) -> int:
        """How much waits."""
        return len(self._things)

    def put(self, thing: T, *, quietly: bool = False) -> None:
        """Add it, and wake the taker unless it should be quiet."""
        self._things.append(thing)
        if not quietly:
            self.wake()

    def wake(self) -> None:
        """Have the taker look up now."""
        self._calls.put(None)

    def take(self, patience_s: float) -> list[T]:
        """Everything there is, once somebody calls or after so long."""
        with suppress(queue.Empty):
            self._calls.get(timeout=patience_s)
            while True:
                self._calls.get_nowait()
        return [self._things.popleft() for _ in range(len(self._things))]
