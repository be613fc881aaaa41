"""The sightings of a recording, by the event they were made beside."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.inputs import Sighting
from workbench.trajectory import Element, Window

TEXT_ROLES = frozenset({"text", "entry", "password text", "paragraph", "document text", "terminal", "spin button"})
"""Roles whose name may be their content, so that it does not say which element it is."""


@dataclass(frozen=True)
class Change:
    """What a field held before and after something was typed."""

    before: str
    after: str


@dataclass(frozen=True)
class Seen:
    """Answers what was seen before and after an event."""

    _before: dict[int, Sighting] = field(default_factory=dict)
    _after: dict[int, list[Sighting]] = field(default_factory=lambda: defaultdict(list))
    _order: list[int] = field(default_factory=list)

    def before(self, seq: int) -> Sighting | None:
        """What was seen before the event took effect."""
        return self._before.get(seq)

    def after(self, first: int, last: int) -> Sighting | None:
        """The latest thing seen after one of these events; None when nobody looked."""
        found = [self._after[seq][-1] for seq in self._between(first, last)]
        return found[-1] if found else None

    def focused(self, seq: int) -> Element | None:
        """The element with the focus before the event."""
        sighting = self._before.get(seq)
        return sighting.focused if sighting else None

    def _between(self, first: int, last: int) -> list[int]:
        return self._order[bisect_left(self._order, first) : bisect_right(self._order, last)]


def index(sightings: Iterable[Sighting]) -> Seen:
    """Sightings by event; of several before the same event the first counts, of those after it the last."""
    seen = Seen()
    for sighting in sorted(sightings, key=lambda s: (s.seq, s.monotonic_ns)):
        if sighting.before:
            seen._before.setdefault(sighting.seq, sighting)
        else:
            seen._after[sighting.seq].append(sighting)
    seen._order.extend(sorted(seen._after))
    return seen


def same_element(one: Element, other: Element) -> bool:
    """Whether both are the same element of the same application, whatever it holds.

    What a busy application did not tell in time, its label or the upper part of its path, makes no difference.
    """
    if (one.app, one.role, one.index) != (other.app, other.role, other.index):
        return False
    if one.label and other.label and one.label != other.label:
        return False
    if one.role not in TEXT_ROLES and one.name != other.name:
        return False
    return _stand_alike(one, other)


def _stand_alike(one: Element, other: Element) -> bool:
    short, long = sorted((one, other), key=lambda element: len(element.path))
    told, whole = ([(node.role, node.index) for node in element.path] for element in (short, long))
    return told == whole or (bool(told) and not short.has_whole_path and whole[-len(told) :] == told)


def same_window(one: Window | None, other: Window | None) -> bool:
    """Whether both are the same window; unknown ones are taken to be the same."""
    if one is None or other is None:
        return True
    if one.handle is not None and other.handle is not None:
        return one.handle == other.handle
    return (one.app, one.title) == (other.app, other.title)


def change(before: Sighting | None, after: Sighting | None) -> Change | None:
    """How the value of the focused field changed, where it kept the focus and both values are known."""
    start, stop = (before.focused if before else None), (after.focused if after else None)
    if start is None or stop is None or start.value is None or stop.value is None:
        return None
    return Change(start.value, stop.value) if same_element(start, stop) else None


def arrived_text(typed: str, change: Change | None, *, certain: bool) -> str:
    """The text that reached the field: what the keys say, unless the field's value tells better.

    It does where the keys cannot tell (Compose, unknown dead keys), and where an input method turned plain letters
    into another script. A value that merely completes or reformats what was typed does not count.
    """
    inserted = _inserted(change) if change else ""
    if not inserted or inserted == typed:
        return typed
    if not certain:
        whole = not change or not change.before or 2 * len(inserted) >= len(typed)
        return inserted if whole else typed
    converted = typed.isascii() and not inserted.isascii() and not inserted.startswith(typed)
    return inserted if converted else typed


def _inserted(change: Change) -> str:
    """The one piece of `after` that is not in `before`; empty when more than an insertion happened."""
    before, after = change.before, change.after
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return after[start : len(after) - end] if start + end == len(before) else ""
