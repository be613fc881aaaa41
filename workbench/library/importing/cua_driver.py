"""Recordings of cua-driver: a folder for each call of a tool, with the state of the window before and after.

Pictures show the window that a call was for, so places are pixels of that window. Newer recordings have a picture
from before the call (`before.png`, or `click_source.png` where the window was scrolled first); of older ones, which
only have `screenshot.png` from after it, the picture after the last call on the same window is what the next one sees.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import Struct, field

from workbench.actions import Action, Button, Click, Drag, Hover, Modifier, Note, Scroll, TypeText
from workbench.geometry import Point, Rect
from workbench.library.importing.assembling import Assembly, called, chord, held, without_secret
from workbench.library.importing.collecting import NO_ZONE, epoch_s, lacks_zone, moment, notches, place
from workbench.library.importing.drafts import Draft
from workbench.library.importing.foreign_roles import MASKED_FIELD, role_of
from workbench.library.importing.pictures import Pictures, Shot
from workbench.library.importing.source import Source
from workbench.trajectory import Element, Step, Target, Window

PAGE_NOTCHES = 10
"""Taken for a page, which the driver scrolls by where it is told so."""

MOST_STATE_BYTES = 16 * 1024 * 1024

_TURN = re.compile(r"turn-\d{5,}")
_APPLICATION = re.compile(r'^[ \t-]*(?:\[\d+\] )?AXApplication "((?:[^"\\]|\\.){0,200})"', re.M)
_WINDOW = re.compile(r'^[ \t-]*(?:\[\d+\] )?(?:AXWindow|Window|frame) "((?:[^"\\]|\\.){0,400})"', re.M | re.I)

_CLICKS: dict[str, Action] = {
    "click": Click(),
    "double_click": Click(count=2),
    "right_click": Click("right"),
    "move_cursor": Hover(),
}
_BUTTONS: dict[str, Button] = {"left": "left", "right": "right", "middle": "middle"}
_MOST_CLICKS = 3
_WAYS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


class _Window(Struct):
    pid: int | None = None
    window_id: int | None = None


class _Arguments(Struct):
    pid: int | None = None
    window_id: int | None = None
    target: _Window | None = None
    x: float | None = None
    y: float | None = None
    from_x: float | None = None
    from_y: float | None = None
    to_x: float | None = None
    to_y: float | None = None
    element_index: int | None = None
    button: str | None = None
    count: int | None = None
    modifier: list[str] | None = None
    modifiers: list[str] | None = None
    direction: str | None = None
    by: str | None = None
    amount: float | None = None
    text: str | None = None
    value: str | None = None
    key: str | None = None
    keys: list[str] | None = None
    name: str | None = None
    bundle_id: str | None = None
    path: list[str] | None = None


class _Place(Struct):
    x: float
    y: float


class _Call(Struct):
    tool: str
    arguments: _Arguments = field(default_factory=_Arguments)
    timestamp: str | float | None = None
    click_point: _Place | None = None
    click_point_image: str | None = None
    result_error: bool | str | None = None


class _State(Struct):
    tree_markdown: str | None = None


@dataclass(frozen=True)
class _Turn:
    """One call with what was seen before it."""

    call: _Call
    shot: Shot | None
    window: Window | None
    element: tuple[str, str] | None


def is_recording(source: Source) -> bool:
    """Whether it has turns with a tool and its arguments."""
    first = next(_turns(source), None)
    start = source.start(f"{first}/action.json") if first else b""
    return b'"tool"' in start and b'"arguments"' in start


def read_recording(source: Source, pictures: Pictures) -> Draft:
    """One recording."""
    reading = _Reading(source, pictures)
    for turn in _turns(source):
        reading.take(turn)
    return reading.made.draft(source.name)


def _turns(source: Source) -> Iterator[str]:
    return (name for name in source.folders("turn-*") if _TURN.fullmatch(name))


class _Reading:
    """The turns, one after the other."""

    def __init__(self, source: Source, pictures: Pictures) -> None:
        self.made = Assembly()
        self._source, self._pictures = source, pictures
        self._after: tuple[tuple[int | None, int | None], Shot] | None = None

    def take(self, name: str) -> None:
        call = self._source.json(_Call, f"{name}/action.json")
        turn = self._turn(name, call)
        if isinstance(call.timestamp, str) and lacks_zone(call.timestamp):
            self.made.remark_once(NO_ZONE)
        before = len(self.made.steps)
        if call.result_error not in (None, False, ""):
            self.made.remark(f"{called(call.tool)} was dropped: the recording says that it failed")
        else:
            self._act(turn)
        after = self._shot(name, "after.png") or self._shot(name, "screenshot.png")
        if after and len(self.made.steps) > before:
            self.made.ended(after.frame)
        self._after = (_owner(call), after) if after else self._after

    def _turn(self, name: str, call: _Call) -> _Turn:
        source = call.click_point_image if call.click_point_image == "click_source.png" else None
        shot = (self._shot(name, source) if source else None) or self._shot(name, "before.png")
        if shot is None and self._after and self._after[0] == _owner(call):
            shot = self._after[1]
        tree = self._tree(name)
        return _Turn(call, shot, _window(shot, tree), _listed(tree, call.arguments.element_index))

    def _shot(self, turn: str, name: str) -> Shot | None:
        return self._pictures.file(self._source, f"{turn}/{name}") if self._source.has(f"{turn}/{name}") else None

    def _tree(self, turn: str) -> str:
        """The window's tree before the call; empty where the recording has none."""
        name = f"{turn}/before_state.json"
        if not self._source.has(name):
            return ""
        return self._source.json(_State, name, limit=MOST_STATE_BYTES).tree_markdown or ""

    def _act(self, turn: _Turn) -> None:
        call = turn.call
        at = Target(turn_point, turn.window, _element(turn, turn_point)) if (turn_point := _point(turn)) else None
        end = None
        if call.tool in _CLICKS and at is None:
            self._drop(call, "its place is outside of the picture, or missing")
            return
        if call.tool == "drag":
            at, end = (_place(turn, x, y) for x, y in _ends(call.arguments))
            if at is None or end is None:
                self._drop(call, "where it begins or ends is outside of the picture, or missing")
                return
        action = _action(call)
        if action is None:
            self._drop(call, "it has no counterpart, or lacks what it needs")
            return
        if call.tool == "set_value":
            self.made.remark("set_value sets all that a field holds; imported as typed into it")
        if call.tool == "scroll" and call.arguments.by == "page":
            self.made.remark(f"scroll by page: {PAGE_NOTCHES} notches were taken for a page")
        step = Step("", action, self.made.observed(turn.shot, _told(call), turn.window), at, end)
        self.made.add(without_secret(step) if turn.element and turn.element[0] == MASKED_FIELD else step)

    def _drop(self, call: _Call, why: str) -> None:
        self.made.remark(f"{called(call.tool)} was dropped: {why}")


def _action(call: _Call) -> Action | None:
    arguments = call.arguments
    match call.tool:
        case "click" | "double_click" | "right_click" | "move_cursor":
            return _click(call)
        case "drag":
            return Drag((), _BUTTONS.get(arguments.button or "left", "left"), held(arguments.modifier or ()))
        case "scroll":
            return _scroll(arguments)
        case "type_text" | "type_text_chars":
            return TypeText(arguments.text) if arguments.text else None
        case "set_value":
            return TypeText(arguments.value) if arguments.value else None
        case "press_key":
            return chord([*(arguments.modifiers or ()), arguments.key]) if arguments.key else None
        case "hotkey":
            return chord(arguments.keys or ())
        case "launch_app":
            named = arguments.name or arguments.bundle_id
            return Note(f"Start {named}") if named else None
        case "invoke_menu":
            return Note(f"Choose {' → '.join(arguments.path)} in the menu") if arguments.path else None
    return None


def _click(call: _Call) -> Action | None:
    action = _CLICKS[call.tool]
    if not isinstance(action, Click) or call.tool != "click":
        return action
    button, count = _BUTTONS.get(call.arguments.button or "left"), call.arguments.count or 1
    if button is None or not 1 <= count <= _MOST_CLICKS:
        return None
    modifiers: tuple[Modifier, ...] = held([*(call.arguments.modifier or ()), *(call.arguments.modifiers or ())])
    return Click(button, count, modifiers)


def _scroll(arguments: _Arguments) -> Scroll | None:
    count = notches((arguments.amount or 1) * (PAGE_NOTCHES if arguments.by == "page" else 1))
    way = _WAYS.get(arguments.direction or "")
    return Scroll(way[0] * count, way[1] * count) if way and count else None


def _point(turn: _Turn) -> Point | None:
    """Where the driver says that it clicked, else where it was told to."""
    call = turn.call
    at = call.click_point
    if at is None and call.arguments.x is not None and call.arguments.y is not None:
        at = _Place(call.arguments.x, call.arguments.y)
    return place(at.x, at.y, turn.shot) if at else None


def _place(turn: _Turn, x: float | None, y: float | None) -> Target | None:
    point = place(x, y, turn.shot) if x is not None and y is not None else None
    return Target(point, turn.window) if point else None


def _ends(arguments: _Arguments) -> tuple[tuple[float | None, float | None], tuple[float | None, float | None]]:
    return (arguments.from_x, arguments.from_y), (arguments.to_x, arguments.to_y)


def _element(turn: _Turn, point: Point) -> Element | None:
    """The element by its line in the tree, which has no bounds: those are its middle alone."""
    if turn.element is None:
        return None
    role, name = turn.element
    app, title = (turn.window.app, turn.window.title) if turn.window else ("", "")
    return Element(app, title, role, name, Rect(point.x, point.y, 0, 0), password=role == MASKED_FIELD)


def _listed(tree: str, index: int | None) -> tuple[str, str] | None:
    """Role and name of the element with that number."""
    if index is None or not 0 <= index < 10**6:
        return None
    found = re.search(
        rf'^[ \t-]*\[(?:element_index )?{index}\] (\w{{1,60}})(?: "((?:[^"\\]|\\.){{0,400}})")?', tree, re.M
    )
    return (role_of(found[1]), _plain(found[2] or "")) if found and role_of(found[1]) else None


def _window(shot: Shot | None, tree: str) -> Window | None:
    """The window that the picture shows, named where the tree names it."""
    app, title = _APPLICATION.search(tree), _WINDOW.search(tree)
    if shot is None or not (app or title):
        return None
    names = [_plain(found[1]) if found else "" for found in (app, title)]
    return Window(names[0], names[1], Rect(0, 0, shot.width, shot.height))


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def _owner(call: _Call) -> tuple[int | None, int | None]:
    """Which window a call is for."""
    found = call.arguments.target or call.arguments
    return found.pid, found.window_id


def _told(call: _Call) -> float | None:
    """When the call was made: seconds since 1970 as a number or in digits, or a date."""
    if isinstance(call.timestamp, str):
        try:
            return float(call.timestamp)
        except ValueError:
            return epoch_s(moment(call.timestamp)) or None
    return call.timestamp
