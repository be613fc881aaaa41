"""Which events fall into a pause: by when they happened and the order was given, however late either was handled."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from recorder.entries import Noted
from recorder.spans import Spans
from workbench.actions import Modifier
from workbench.inputs import InputEvent

LATE_NS = 2_000_000_000
"""How long an event of a pause is kept in memory, should the pause have ended before it: the order may come later."""

Heard = tuple[Noted, frozenset[Modifier]]
"""An event with the modifiers that were held then."""


@dataclass
class Pauses:
    """Leaves out what happened in pauses and in stretches that were forgotten, given events in their order.

    Of a key or button that was pressed in one, its repeats and its release are left out too: they would tell what was
    pressed.
    """

    paused: bool = False
    _spans: Spans = field(default_factory=Spans)
    _forgotten: Spans = field(default_factory=Spans)
    _down: set[str] = field(default_factory=set)
    _doubted: deque[Heard] = field(default_factory=deque)

    def begin(self, given_ns: int, taken: Iterable[Heard]) -> None:
        """A pause began; `taken` is what had been taken already although it happened after that."""
        self.paused = True
        self._spans.begin(given_ns)
        self._doubted.extend(taken)

    def end(self, given_ns: int) -> list[Heard]:
        """The pause ended; what had already been left out although it happened after that, without pictures."""
        self.paused = False
        self._spans.end(given_ns)
        doubted, self._doubted = self._doubted, deque()
        return [heard for heard in doubted if not self.leaves_out(*heard)]

    def forget(self, since_ns: int, until_ns: int) -> None:
        """What happened then is to be left out, should some of it still be on its way."""
        self._forgotten.begin(since_ns)
        self._forgotten.end(until_ns)

    def leaves_out(self, noted: Noted, held: frozenset[Modifier]) -> bool:
        """Whether nothing of the event may be recorded."""
        if self.paused and self._spans.holds(noted.happened):
            self._doubted.append((replace(noted, picture=None), held))
            return True
        if self._spans.holds(noted.happened) or self._forgotten.holds(noted.happened):
            self.left_out([noted.event])
            return True
        name = _name(noted.event)
        if name not in self._down:
            return False
        if noted.event.kind in ("key_up", "button_up"):
            self._down.discard(name)
        return noted.event.kind in ("key_up", "button_up", "key_down", "button_down")

    def let_go(self, now_ns: int) -> None:
        """No order can be so late any more that it makes a difference for what was read long ago."""
        while self._doubted and self._doubted[0][0].event.monotonic_ns < now_ns - LATE_NS:
            old, _ = self._doubted.popleft()
            self.left_out([old.event])

    def left_out(self, events: Iterable[InputEvent]) -> None:
        """These were taken back or left out for good."""
        for event in events:
            if event.kind in ("key_down", "button_down"):
                self._down.add(_name(event))
            elif event.kind in ("key_up", "button_up"):
                self._down.discard(_name(event))


def _name(event: InputEvent) -> str:
    return f"button {event.button}" if event.button else f"key {event.keycode or event.keysym}"
