"""Rests of the pointer that mattered: something appeared because of them, and the next click went there."""

from collections.abc import Sequence

from recorder.atoms import gap_ms
from recorder.gestures import STEADY_PX, Gesture
from recorder.seen import Seen, same_window
from workbench.actions import Hover
from workbench.inputs import InputEvent, Sighting
from workbench.trajectory import Element

REST_MS = 300
"""Submenus open after 200 to 500 ms of rest; a pointer that only passes rests shorter."""

OPENING_ROLES = frozenset({"menu", "menu item", "combo box"})
OPENING_STATES = frozenset({"has-popup", "expandable", "has popup"})


def hover_before(gesture: Gesture, moves: Sequence[InputEvent], seen: Seen) -> Gesture | None:
    """The last meaningful rest among `moves`, the pointer's way to `gesture`; None when there was none.

    Conservative: the clicked element must lie inside what was rested on, or in another window of the same application
    that showed up meanwhile. Anything else a click finds without hovering first.
    """
    target = seen.before(gesture.first.seq)
    if not moves or gesture.start is None or target is None or target.element is None:
        return None
    ends = [*moves[1:], gesture.first]
    for move, following in reversed(list(zip(moves, ends, strict=True))):
        rest = seen.before(move.seq)
        if rest is None or move.point is None or gap_ms(move, following) < REST_MS:
            continue
        if move.point.distance(gesture.start) > STEADY_PX and _opened(rest, target):
            return Gesture(Hover(dwell_ms=round(gap_ms(move, following))), (move,), start=move.point)
    return None


def _opened(rest: Sighting, target: Sighting) -> bool:
    over, clicked = rest.element, target.element
    if over is None or clicked is None or over.app != clicked.app:
        return False
    return opens(over) and (_inside(over, clicked) or not same_window(rest.window, target.window))


def opens(element: Element) -> bool:
    """Whether something may appear when the pointer rests on it."""
    return element.role in OPENING_ROLES or bool(OPENING_STATES & set(element.states))


def _inside(outer: Element, inner: Element) -> bool:
    return any((node.role, node.name, node.index) == (outer.role, outer.name, outer.index) for node in inner.path)
