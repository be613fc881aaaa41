"""The calls with which models use a computer, as cua writes them, and the steps that they amount to."""

import math

from msgspec import Struct

from workbench.actions import Action, Button, Click, Drag, Fail, Finish, Hover, Note, PathPoint, Scroll, TypeText, Wait
from workbench.library.importing.assembling import Assembly, called, chord
from workbench.library.importing.collecting import notches, place, seconds
from workbench.library.importing.pictures import Shot
from workbench.trajectory import Step, Target

PIXELS_A_NOTCH = 100
"""Scrolling is told in pixels; browsers and the kit's own servers move about so many for a notch."""

WAIT_S = 1.0
"""How long the kit waits where a call does not say."""

MOST_PATH_POINTS = 10_000

_ALIASES = {
    "left_click": "click", "doubleclick": "double_click", "left_click_drag": "drag", "mouse_move": "move",
    "key": "keypress", "hotkey": "keypress", "hold_key": "keypress", "press_key": "keypress", "type_text": "type",
    "history_back": "back", "sleep": "wait",
}  # fmt: skip

_CLICKS: dict[str, Action] = {
    "click": Click(),
    "right_click": Click("right"),
    "middle_click": Click("middle"),
    "double_click": Click(count=2),
    "triple_click": Click(count=3),
    "move": Hover(),
}

_BUTTONS: dict[str, Button] = {
    "left": "left", "right": "right", "middle": "middle", "wheel": "middle", "back": "back", "forward": "forward",
}  # fmt: skip

_QUIET = ("screenshot", "get_dimensions", "get_environment", "cursor_position", "get_current_url")
"""Calls that only look."""


class Place(Struct):
    """One place of a drag."""

    x: float
    y: float


class Call(Struct):
    """What one call says; `type` names it, in older files `action` does."""

    type: str = ""
    action: str = ""
    x: float | None = None
    y: float | None = None
    coordinate: list[float] | None = None
    start_coordinate: list[float] | None = None
    start_x: float | None = None
    start_y: float | None = None
    end_x: float | None = None
    end_y: float | None = None
    path: list[Place] | str | None = None
    button: str | None = None
    keys: list[str] | str | None = None
    key: str | None = None
    text: str | None = None
    ms: float | None = None
    scroll_x: float | None = None
    scroll_y: float | None = None
    scroll_direction: str | None = None
    scroll_amount: float | None = None
    command: str | None = None
    url: str | None = None
    status: str | None = None

    @property
    def kind(self) -> str:
        """What is called, by one name each."""
        name = (self.type or self.action).strip().lower()
        return _ALIASES.get(name, name)

    @property
    def end(self) -> tuple[float | None, float | None]:
        """Where it happens, or where a drag ends."""
        if self.end_x is not None or self.end_y is not None:
            return self.end_x, self.end_y
        if isinstance(self.path, list) and self.path:
            return self.path[-1].x, self.path[-1].y
        return _pair(self.coordinate) if self.coordinate else (self.x, self.y)

    @property
    def start(self) -> tuple[float | None, float | None]:
        """Where a drag begins."""
        if self.start_x is not None or self.start_y is not None:
            return self.start_x, self.start_y
        if isinstance(self.path, list) and self.path:
            return self.path[0].x, self.path[0].y
        return _pair(self.start_coordinate) if self.start_coordinate else (None, None)


class Calls:
    """Calls in their order, with the pictures between them."""

    def __init__(self, made: Assembly) -> None:
        self.made = made
        self._shot: Shot | None = None
        self._at_s: float | None = None
        self._thought = ""
        self._down: Target | None = None

    def at(self, epoch_s: float | None) -> None:
        """When the next call was made."""
        self._at_s = epoch_s

    def see(self, shot: Shot) -> None:
        """A picture of the desktop after the last call."""
        self.made.ended(shot.frame)
        self._shot = shot
        self.made.first = self.made.first or shot

    def think(self, words: str) -> None:
        """What the agent thought before the next call."""
        self._thought = "\n".join(filter(None, (self._thought, words)))

    def put(self, action: Action, target: Target | None = None, destination: Target | None = None) -> None:
        """A step over the picture of the moment."""
        seen = self.made.observed(self._shot, self._at_s)
        self.made.add(Step("", action, seen, target, destination, thought=self._thought))
        self._thought = ""

    def end(self) -> None:
        """Nothing more comes; a button that was never let go is no drag."""
        if self._down is not None:
            self.made.remark("left_mouse_down was dropped: the button was never let go")

    def take(self, call: Call) -> None:
        """The steps of one call."""
        kind = call.kind
        if kind in _CLICKS:
            self._point(kind, call)
        elif kind in ("drag", "left_mouse_down", "left_mouse_up"):
            self._drag(kind, call)
        elif kind == "scroll":
            self._scroll(call)
        elif kind not in _QUIET:
            self._other(kind, call)

    def _target(self, at: tuple[float | None, float | None]) -> Target | None:
        x, y = at
        point = place(x, y, self._shot) if x is not None and y is not None else None
        return Target(point) if point else None

    def _point(self, kind: str, call: Call) -> None:
        target = self._target(call.end)
        if target is None:
            self._drop(kind, "its place is outside of the picture, or missing")
            return
        action = _CLICKS[kind]
        if kind == "click" and call.button is not None:
            button = _BUTTONS.get(call.button.lower())
            if button is None:
                self._drop(kind, "its button is none")
                return
            action = Click(button)
        self.put(action, target)

    def _drag(self, kind: str, call: Call) -> None:
        if kind == "left_mouse_down":
            self._down = self._target(call.end)
            if self._down is None:
                self._drop(kind, "its place is outside of the picture, or missing")
            return
        start, end = (self._down if kind == "left_mouse_up" else self._target(call.start)), self._target(call.end)
        self._down = None
        if start is None or end is None:
            self._drop(kind, "where it begins or ends is outside of the picture, or missing")
        elif start == end and kind == "left_mouse_up":
            self.put(Click(), start)
        else:
            self.put(Drag(_path(call.path)), start, end)

    def _scroll(self, call: Call) -> None:
        action = _directed(call) if call.scroll_direction else _scrolled(call)
        if action is None:
            self._drop("scroll", "its direction or amount is none")
            return
        if not call.scroll_direction:
            self.made.remark(f"scroll is told in pixels; {PIXELS_A_NOTCH} were taken for a notch")
        self.put(action, self._target(call.end))

    def _other(self, kind: str, call: Call) -> None:
        action = _spoken(kind, call)
        if action is None:
            self._drop(kind, "it has no counterpart, or lacks what it needs")
        else:
            self.put(action)

    def _drop(self, kind: str, why: str) -> None:
        self.made.remark(f"{called(kind)} was dropped: {why}")


def _spoken(kind: str, call: Call) -> Action | None:
    match kind:
        case "type":
            return TypeText(call.text) if call.text else None
        case "keypress":
            return chord(_keys(call))
        case "wait":
            return Wait(seconds(call.ms / 1000) if call.ms is not None else WAIT_S)
        case "terminate":
            failed = (call.status or "").lower() in ("failure", "fail", "failed")
            return Fail("the agent gave up") if failed else Finish(call.text or "")
        case "back":
            return Note("Go back in the browser")
    return _noted(kind, call)


def _noted(kind: str, call: Call) -> Note | None:
    """What was done beside the pointer and the keyboard, which no action here repeats."""
    said = {
        "shell": call.command and f"Run the command {call.command}",
        "open": isinstance(call.path, str) and call.path and f"Open {call.path}",
        "visit_url": call.url and f"Go to {call.url}",
        "goto": call.url and f"Go to {call.url}",
    }.get(kind)
    return Note(said) if isinstance(said, str) and said else None


def _keys(call: Call) -> list[str]:
    """The names of keys, which some write as a list, some joined."""
    keys = call.keys if call.keys is not None else call.key or call.text or ""
    listed = [keys] if isinstance(keys, str) else keys
    return listed if len(listed) != 1 or len(listed[0]) == 1 else [part for part in listed[0].split("+") if part]


def _directed(call: Call) -> Scroll | None:
    count = notches(call.scroll_amount if call.scroll_amount is not None else 1)
    ways = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
    way = ways.get((call.scroll_direction or "").lower())
    return Scroll(way[0] * count, way[1] * count) if way and count else None


def _scrolled(call: Call) -> Scroll | None:
    dx, dy = (notches((pixels or 0) / PIXELS_A_NOTCH) for pixels in (call.scroll_x, call.scroll_y))
    return Scroll(dx, dy) if dx is not None and dy is not None and (dx or dy) else None


def _path(places: list[Place] | str | None) -> tuple[PathPoint, ...]:
    """What lies between the ends of a drag; the format has no times."""
    if not isinstance(places, list) or not 2 < len(places) <= MOST_PATH_POINTS:
        return ()
    if not all(place(each.x, each.y) for each in places):
        return ()
    left, top = math.floor(places[0].x), math.floor(places[0].y)
    return tuple(PathPoint(math.floor(each.x) - left, math.floor(each.y) - top, 0) for each in places)


def _pair(numbers: list[float]) -> tuple[float | None, float | None]:
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (None, None)
