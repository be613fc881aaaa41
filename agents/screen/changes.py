"""What is new since the last look, and how a list keeps its order so that what a model has read stays valid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agents.screen.listing import Mark
from agents.screen.placing import Control
from workbench.locate.identity import role_of

SAME_SCREEN = 0.5
"""The share of its controls that must still be there for a screen to be the same one."""


@dataclass(frozen=True)
class Seen:
    """A control and how it differs from the last time."""

    control: Control
    near: str
    mark: Mark = ""


def compared(now: Sequence[Seen], before: Sequence[Seen]) -> list[Seen]:
    """Today's controls with their marks, those that were there before first and in their old order.

    On another screen (fewer than `SAME_SCREEN` of the controls are left) nothing is marked or moved.
    """
    known = _Before(before)
    places = [known.place_of(seen.control) for seen in now]
    if sum(place is not None for place in places) < max(1.0, SAME_SCREEN * len(before)):
        return list(now)
    marked = [
        replace(seen, mark="new" if place is None else _mark(seen.control, before[place].control))
        for seen, place in zip(now, places, strict=True)
    ]
    order = sorted(range(len(now)), key=lambda at: (len(before) if (place := places[at]) is None else place, at))
    return [marked[at] for at in order]


class _Before:
    """Finds the place that a control had: by its address in the application, else by name, role and way down."""

    def __init__(self, before: Sequence[Seen]) -> None:
        self._places: dict[object, int] = {}
        for place, seen in enumerate(before):
            for key in _keys(seen.control):
                self._places.setdefault(key, place)
        self._taken: set[int] = set()

    def place_of(self, control: Control) -> int | None:
        """Where it was; None where it was not there. Each place is found once."""
        for key in _keys(control):
            place = self._places.get(key)
            if place is not None and place not in self._taken:
                self._taken.add(place)
                return place
        return None


def _keys(control: Control) -> Iterator[object]:
    element = control.element
    if element.ref:
        yield element.ref, control.role
    way = tuple((role_of(node), node.index) for node in element.path[1:])
    yield element.app, role_of(element), control.name, way, element.index


def _mark(control: Control, before: Control) -> Mark:
    # the focus is told by its own word and moves with every step
    same_states = set(control.states) ^ set(before.states) <= {"focused"}
    return "" if same_states and (control.name, control.value) == (before.name, before.value) else "changed"
