"""What pointer atoms amount to: clicks, drags and scrolling."""

from collections.abc import Sequence
from dataclasses import dataclass

from recorder.atoms import Press, Turn, extent_px, gap_ms
from workbench.actions import Action, Button, Click, Drag, PathPoint, Scroll
from workbench.geometry import Point
from workbench.inputs import InputEvent

DOUBLE_CLICK_MS = 400
"""The default of GTK and of most desktops; Qt and Windows use 400 to 500."""

STEADY_PX = 5
"""GTK allows 5 px between the clicks of a double click, and 8 px before a press becomes a drag: 5 suits both."""

MOST_CLICKS = 3
"""Applications tell single, double and triple clicks apart, nothing beyond."""

SCROLL_PLACE_PX = 40
SCROLL_GAP_MS = 1500
"""Turning the wheel on is one act while the hand stays on it: it re-grips within a second."""

PATH_ERROR_PX = 2.0
"""A thinned path stays this close to the real one: below what a hand can repeat."""

BUTTONS: dict[str, Button] = {
    "left": "left",
    "middle": "middle",
    "right": "right",
    "back": "back",
    "forward": "forward",
}


@dataclass(frozen=True)
class Gesture:
    """One action and the events it owns; `start` and `end` are where the pointer acted, if it did.

    `certain` is false where the keys alone cannot tell which text arrived.
    """

    action: Action
    events: tuple[InputEvent, ...]
    start: Point | None = None
    end: Point | None = None
    certain: bool = True

    @property
    def first(self) -> InputEvent:
        """The event that began it."""
        return self.events[0]

    @property
    def last(self) -> InputEvent:
        """The event that ended it."""
        return self.events[-1]


def press_gestures(presses: Sequence[Press]) -> list[Gesture]:
    """Clicks and drags from presses that follow each other without anything in between."""
    found: list[Gesture] = []
    pending: list[Press] = []
    for press in presses:
        if pending and not _continues(pending, press):
            found.append(_click(pending))
            pending = []
        if extent_px(press) > STEADY_PX:
            found.append(_drag(press))
        else:
            pending.append(press)
    return found + ([_click(pending)] if pending else [])


def turn_gestures(turns: Sequence[Turn]) -> list[Gesture]:
    """Scrolling at one place in one direction, summed."""
    groups: list[list[Turn]] = []
    for turn in turns:
        if groups and _turns_on(groups[-1], turn):
            groups[-1].append(turn)
        else:
            groups.append([turn])
    return [_scroll(group) for group in groups]


def is_repeat(earlier: InputEvent, later: InputEvent) -> bool:
    """Whether two presses of a button are near enough in time and place to be one double click."""
    if earlier.point is None or later.point is None or earlier.button != later.button:
        return False
    return gap_ms(earlier, later) <= DOUBLE_CLICK_MS and earlier.point.distance(later.point) <= STEADY_PX


def thinned(path: Sequence[PathPoint], error_px: float = PATH_ERROR_PX) -> tuple[PathPoint, ...]:
    """The path without points that a straight line at even speed would pass anyway (Ramer, Douglas and Peucker)."""
    if len(path) < 3:
        return tuple(path)
    kept, spans = {0, len(path) - 1}, [(0, len(path) - 1)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        worst = max(range(start + 1, end), key=lambda i: _deviation(path[start], path[i], path[end]))
        if _deviation(path[start], path[worst], path[end]) > error_px:
            kept.add(worst)
            spans += [(start, worst), (worst, end)]
    return tuple(path[i] for i in sorted(kept))


def _continues(pending: Sequence[Press], press: Press) -> bool:
    last = pending[-1]
    return (
        len(pending) < MOST_CLICKS
        and press.modifiers == last.modifiers
        and press.down.by_program == last.down.by_program
        and extent_px(press) <= STEADY_PX
        and is_repeat(last.down, press.down)
        and pending[0].start.distance(press.start) <= STEADY_PX
    )


def _click(presses: Sequence[Press]) -> Gesture:
    first = presses[0]
    action = Click(button=_button(first), count=len(presses), modifiers=first.modifiers)
    events = tuple(event for press in presses for event in press.events)
    return Gesture(action, events, start=first.start)


def _drag(press: Press) -> Gesture:
    whole = [_path_point(press, event) for event in (press.down, *press.moves, press.up)]
    path = thinned(whole)[1:]
    action = Drag(path=path, button=_button(press), modifiers=press.modifiers)
    return Gesture(action, press.events, start=press.start, end=press.end)


def _button(press: Press) -> Button:
    return BUTTONS.get(press.down.button, "left")


def _path_point(press: Press, event: InputEvent) -> PathPoint:
    place = event.point or press.start
    return PathPoint(place.x - press.start.x, place.y - press.start.y, round(gap_ms(press.down, event)))


def _deviation(start: PathPoint, point: PathPoint, end: PathPoint) -> float:
    """Distance in pixels from where an even movement from `start` to `end` would be closest."""
    along_x, along_y = end.dx - start.dx, end.dy - start.dy
    off_x, off_y = point.dx - start.dx, point.dy - start.dy
    length_squared = along_x**2 + along_y**2
    share = (off_x * along_x + off_y * along_y) / length_squared if length_squared else 0.0
    share = min(1.0, max(0.0, share))
    return float(((off_x - share * along_x) ** 2 + (off_y - share * along_y) ** 2) ** 0.5)


def _turns_on(group: Sequence[Turn], turn: Turn) -> bool:
    first, last = group[0].first, group[-1].first
    here, there = turn.first.point, first.point
    near = here is None or there is None or here.distance(there) <= SCROLL_PLACE_PX
    return (
        near
        and turn.modifiers == group[0].modifiers
        and turn.first.by_program == first.by_program
        and gap_ms(last, turn.first) <= SCROLL_GAP_MS
        and _same_way(group, turn)
    )


def _same_way(group: Sequence[Turn], turn: Turn) -> bool:
    """Whether the wheel turns on: back and forth cannot be summed, the end of a list swallows some of it."""
    return all(earlier.first.dx * turn.first.dx >= 0 and earlier.first.dy * turn.first.dy >= 0 for earlier in group)


def _scroll(group: Sequence[Turn]) -> Gesture:
    events = tuple(turn.first for turn in group)
    dx, dy = sum(event.dx for event in events), sum(event.dy for event in events)
    return Gesture(Scroll(dx=dx, dy=dy, modifiers=group[0].modifiers), events, start=events[0].point)
