"""Where the hands are: what is pressed, when something was last done, and whether the pointer rests."""

from dataclasses import dataclass

from recorder.atoms import gap_ms
from recorder.gestures import SCROLL_GAP_MS, STEADY_PX, is_repeat
from workbench.inputs import InputEvent

REST_NS = 60_000_000
"""A pointer that does not move for so long has arrived."""

TYPING_GAP_MS = 1000
"""After such a pause typing may have begun anew."""

ACTING = frozenset({"button_down", "button_up", "scroll", "key_down", "key_up"})


@dataclass
class Hands:
    """Follows the events of a recording in their order."""

    pressed: int = 0
    down: InputEvent | None = None
    last: InputEvent | None = None
    acted_ns: int = 0
    looked_at_rest: bool = True

    def follow(self, event: InputEvent) -> None:
        """Take in one event."""
        if event.kind == "button_down":
            self.pressed += 1
            self.down = event
        elif event.kind == "button_up":
            self.pressed = max(0, self.pressed - 1)
        if event.kind in ACTING:
            self.acted_ns = event.monotonic_ns
        if event.point is not None:
            self.looked_at_rest = self.pressed > 0
        self.last = event

    def let_go(self) -> None:
        """Nobody knows what the hands do any more."""
        self.pressed, self.down, self.last, self.acted_ns, self.looked_at_rest = 0, None, None, 0, True

    def clicks_on(self, event: InputEvent) -> bool:
        """Whether a press goes on with the double click that the last one began."""
        return self.down is not None and is_repeat(self.down, event)

    def drags(self, event: InputEvent) -> bool:
        """Whether a release ends a drag."""
        start = self.down.point if self.down else None
        return start is not None and event.point is not None and start.distance(event.point) > STEADY_PX

    def scrolls_on(self, event: InputEvent) -> bool:
        """Whether a notch goes on with the scrolling that the last event was part of."""
        last = self.last
        if last is None or last.kind != "scroll" or last.point is None or event.point is None:
            return False
        recent = event.monotonic_ns - last.monotonic_ns < SCROLL_GAP_MS * 1_000_000
        return recent and last.point.distance(event.point) <= STEADY_PX

    @property
    def rests_ns(self) -> int | None:
        """When the pointer will have arrived somewhere; None where there is nothing to look at any more."""
        if self.looked_at_rest or self.pressed or self.last is None:
            return None
        return self.last.monotonic_ns + REST_NS

    def rests(self, now_ns: int) -> bool:
        """Whether it has arrived and nobody has looked yet what is there."""
        return self.rests_ns is not None and now_ns > self.rests_ns


@dataclass
class Beginnings:
    """Says on the hook's thread which events begin something, so that the picture before them is kept."""

    _last: InputEvent | None = None

    def begins(self, event: InputEvent) -> bool:
        """Whether a step may begin here; what goes on with the step before needs no picture of its own."""
        if event.kind not in ("button_down", "scroll", "key_down"):
            return False
        last, self._last = self._last, event
        if last is None or last.kind != event.kind:
            return True
        if event.kind == "button_down":
            return not is_repeat(last, event)
        if event.kind == "scroll":
            return gap_ms(last, event) > SCROLL_GAP_MS or last.point != event.point
        return gap_ms(last, event) > TYPING_GAP_MS or not event.text or not last.text
