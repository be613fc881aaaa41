"""At which moments of a recording of raw events a look is worth it: before each deed, and after things settled.

A deed is what the reduction to steps begins a gesture with: a press of a button, the first key of a text, any other
key, the first notch of the wheel. Looking at other moments would only store pictures that no step shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.inputs import InputEvent

LEAD_NS = 50_000_000
"""A screen is recorded up to a few frames after it was drawn: the picture before a press must not show its effect."""

SETTLE_NS = 1_000_000_000
"""After so long most windows show what an input caused."""

APART_PX = 5
"""A press that gets further from where it began is a drag, whose end is looked at too."""

SCROLL_APART_PX = 20

COMMAND = frozenset({"ctrl", "alt", "super"})

_ACTS = frozenset({"button_down", "button_up", "scroll", "key_down", "secret"})

_MARKS = frozenset({"pause", "resume", "note", "excluded"})
"""What goes on after one of these is something else."""


@dataclass(frozen=True)
class Moment:
    """When to look: at `at_ns`, for the event of this number, which happened at `event_ns`."""

    seq: int
    at_ns: int
    event_ns: int
    before: bool = True


def moments(events: Sequence[InputEvent]) -> Iterator[Moment]:
    """The moments, in the order of their times; `events` are in the order of theirs."""
    hand = _Hand()
    last: InputEvent | None = None
    for event in events:
        begins = hand.begins(event)
        if event.kind not in _ACTS:
            continue
        if last is not None and _rests(last, event):
            yield _after(last, min(last.monotonic_ns + SETTLE_NS, event.monotonic_ns - LEAD_NS))
        if begins:
            yield Moment(event.seq, event.monotonic_ns - LEAD_NS, event.monotonic_ns)
        last = event
    if last is not None:
        yield _after(last, last.monotonic_ns + SETTLE_NS)


def gaps_ns(events: Sequence[InputEvent]) -> list[tuple[int, int]]:
    """When recording was paused and for how long, in nanoseconds; a pause that does not end has no length."""
    marks = [event for event in events if event.kind in ("pause", "resume")]
    return [
        (start.monotonic_ns, end.monotonic_ns - start.monotonic_ns)
        for start, end in pairwise(marks)
        if start.kind == "pause" and end.kind == "resume"
    ]


@dataclass
class _Hand:
    """What was done last, to tell whether an event goes on with it."""

    last: InputEvent | None = None
    pressed: InputEvent | None = None
    held: set[str] = field(default_factory=set)

    def begins(self, event: InputEvent) -> bool:
        """Whether the event begins something that has a step of its own."""
        if event.kind in _MARKS:
            self.last = self.pressed = None
            self.held.clear()
        if event.kind == "key_up":
            self.held.discard(event.keysym)
        if event.kind not in _ACTS:
            return False
        if event.kind == "button_up":
            return self.pressed is not None and _apart(self.pressed, event, APART_PX)
        last, self.last = self.last, event
        if event.kind == "button_down":
            self.pressed = event
            return True
        if event.kind == "scroll":
            return last is None or not _turns_on(last, event)
        if event.kind == "key_down" and event.keysym in (COMMAND | {"shift"}):
            self.held.add(event.keysym)
            self.last = last
            return event.keysym != "shift"
        return last is None or not self._types_on(last, event)

    def _types_on(self, last: InputEvent, event: InputEvent) -> bool:
        if last.kind != "key_down" or self.held & COMMAND:
            return False
        plain = bool(event.text) and bool(last.text)
        erases = event.keysym == "BackSpace"  # what it takes back of typed text makes a step of the rest
        repeats = not erases and last.keysym == event.keysym and event.monotonic_ns - last.monotonic_ns < SETTLE_NS
        return plain or repeats


def _turns_on(last: InputEvent, event: InputEvent) -> bool:
    return (
        last.kind == "scroll"
        and not _apart(last, event, SCROLL_APART_PX)
        and last.dx * event.dx >= 0
        and last.dy * event.dy >= 0
        and event.monotonic_ns - last.monotonic_ns < SETTLE_NS
    )


def _apart(one: InputEvent, other: InputEvent, limit_px: int) -> bool:
    return one.point is not None and other.point is not None and one.point.distance(other.point) > limit_px


def _rests(last: InputEvent, event: InputEvent) -> bool:
    return last.kind != "button_down" and event.monotonic_ns - last.monotonic_ns >= SETTLE_NS


def _after(event: InputEvent, at_ns: int) -> Moment:
    return Moment(event.seq, at_ns, event.monotonic_ns, before=False)
