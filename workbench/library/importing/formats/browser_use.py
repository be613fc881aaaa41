"""The history that browser-use saves: what its agent wanted at each step, on which elements, over which page.

A folder with a history and its `screenshots` gives pictures; a history alone only those that old versions wrote into
it. The bounds of elements are those in the page, so they are kept only where they lie on the picture.
"""

import re
from collections.abc import Iterator
from functools import partial

import msgspec
from msgspec import Struct, field

from workbench.actions import Action, Click, Fail, Finish, Note, Scroll, TypeText, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.importing.assembling import Assembly, called, chord, joined, without_secret
from workbench.library.importing.collecting import box, notches, place, seconds, secret_name, title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.foreign_roles import role_of, role_of_input
from workbench.library.importing.native_elements import NOWHERE
from workbench.library.importing.pictures import Pictures, Shot
from workbench.library.importing.source import Source
from workbench.trajectory import Element, Step, Target, Window

TITLE = "browser-use"

PAGE_NOTCHES = 8
"""Taken for a page, by which the tool scrolls."""

PIXELS_A_NOTCH = 100
"""Taken for a notch where an older version scrolled by pixels."""

WAIT_S = 3.0
"""How long the tool waits where a step does not say."""

_MOST_FILES = 20
_START = re.compile(rb'\s*\{\s*"history"\s*:\s*\[\s*\{')
_SECRET = re.compile(r"<secret>([^<>]{1,64})</secret>")

_ALIASES = {
    "click_element": "click", "click_element_by_index": "click", "input_text": "input", "go_to_url": "navigate",
    "open_tab": "navigate", "search_google": "search", "scroll_down": "scroll", "scroll_up": "scroll",
    "select_dropdown_option": "select_dropdown", "switch_tab": "switch", "close_tab": "close",
}  # fmt: skip


class _Bounds(Struct):
    x: float
    y: float
    width: float
    height: float


class _Element(Struct):
    node_name: str | None = None
    tag_name: str | None = None
    attributes: dict[str, str | None] | None = None
    bounds: _Bounds | None = None
    ax_name: str | None = None


class _Parameters(Struct):
    text: str | None = None
    url: str | None = None
    query: str | None = None
    keys: str | None = None
    seconds: float | None = None
    success: bool | None = None
    down: bool | None = None
    pages: float | None = None
    num_pages: float | None = None
    amount: float | None = None
    coordinate_x: float | None = None
    coordinate_y: float | None = None
    path: str | None = None


class _Brain(Struct):
    thinking: str | None = None
    next_goal: str | None = None


class _Output(Struct):
    action: list[dict[str, msgspec.Raw]] = field(default_factory=list)
    thinking: str | None = None
    next_goal: str | None = None
    current_state: _Brain | None = None


class _Told(Struct):
    click_x: float | None = None
    click_y: float | None = None


class _Result(Struct):
    error: str | None = None
    metadata: _Told | None = None


class _State(Struct):
    title: str | None = None
    url: str | None = None
    interacted_element: list[_Element | None] | None = None
    screenshot_path: str | None = None
    screenshot: str | None = None


class _Times(Struct):
    step_start_time: float | None = None
    step_end_time: float | None = None


class _Turn(Struct):
    model_output: _Output | None = None
    result: list[_Result] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    metadata: _Times | None = None


class _History(Struct):
    history: list[_Turn]


def recognises(source: Source) -> bool:
    """Whether it is a history, or a folder with one beside its screenshots."""
    if source.is_folder:
        return "screenshots" in source.folders() and any(_histories(source))
    return source.name.lower().endswith(".json") and _is_history(source, "")


def items(source: Source) -> Iterator[Item]:
    """The histories in the folder, or the one."""
    names = list(_histories(source)) if source.is_folder else [""]
    if not names:
        raise BadInputError(f"{source.path} has no history of browser-use; name the file")
    for name in names:
        yield Item(name or source.name, partial(_read, source, name))


def _histories(source: Source) -> Iterator[str]:
    return (name for name in source.files("*.json")[:_MOST_FILES] if _is_history(source, name))


def _is_history(source: Source, name: str) -> bool:
    start = source.start(name)
    return _START.match(start) is not None and (b'"model_output"' in start or b'"interacted_element"' in start)


def _read(source: Source, name: str, pictures: Pictures) -> Draft:
    turns = source.json(_History, name).history
    reading = _Reading(source, pictures, str(source.path / name if name else source.path))
    for number, turn in enumerate(turns, 1):
        reading.take(turn, number)
    path = source.path / name if name else source.path
    return reading.made.draft(title_of("", f"{path.parent.name} {path.stem}".strip()))


class _Reading:
    """The turns of the agent, each of several actions over one picture."""

    def __init__(self, source: Source, pictures: Pictures, what: str) -> None:
        self.made = Assembly()
        self._source, self._pictures, self._what = source, pictures, what
        self._shot: Shot | None = None
        self._window: Window | None = None
        self._at_s: float | None = None
        self._thought = ""

    def take(self, turn: _Turn, number: int) -> None:
        self._see(turn.state, f"{self._what} step {number}")
        self._at_s = turn.metadata.step_start_time if turn.metadata else None
        output = turn.model_output
        if output is None:
            self.made.remark("a step without model_output: the agent's answer could not be read then")
            return
        self._thought = _thought(output)
        elements = turn.state.interacted_element or []
        for place_, (action, element, result) in enumerate(_aligned(output.action, elements, turn.result)):
            self._act(action, element, result, f"{self._what} step {number} action {place_ + 1}")
        if turn.metadata:
            self.made.told(turn.metadata.step_end_time)

    def _see(self, state: _State, what: str) -> None:
        shot = self._picture(state, what)
        if shot:
            self.made.ended(shot.frame)
        self._shot = shot
        size = Rect(0, 0, shot.width, shot.height) if shot else NOWHERE
        self._window = Window("", state.title, size) if state.title else None

    def _picture(self, state: _State, what: str) -> Shot | None:
        if state.screenshot:
            return self._pictures.base64(state.screenshot, what=what)
        path = (state.screenshot_path or "").replace("\\", "/")
        name = f"screenshots/{path.rpartition('/')[2]}"
        if path and self._source.is_folder and self._source.has(name):
            return self._pictures.file(self._source, name)
        if path:
            self.made.remark_once("pictures are missing: they are read from the folder screenshots beside the history")
        return None

    def _act(self, action: dict[str, msgspec.Raw], element: _Element | None, result: _Result | None, what: str) -> None:
        name = next(iter(action), "")
        kind = _ALIASES.get(name, name)
        try:
            given = msgspec.json.decode(bytes(action[name]), type=_Parameters | None, strict=False) if name else None
        except (msgspec.MsgspecError, RecursionError) as error:
            raise BadInputError(f"{what} is not as its format says: {error}; get it again") from error
        parameters = given or _Parameters()
        if result and result.error:
            self.made.remark("the recording says that this action failed")
        target = self._target(element, parameters, result)
        if kind == "click":
            self._click(target)
        elif kind == "input":
            self._input(parameters, target, element)
        elif kind == "scroll":
            self._scroll(name, parameters, target)
        elif made := _other(kind, parameters):
            self._put(made, target)
        else:
            self.made.remark(f"{called(name)} was dropped: it does nothing that could be repeated")

    def _put(self, action: Action, target: Target | None = None) -> None:
        seen = self.made.observed(self._shot, self._at_s, self._window)
        self.made.add(Step("", action, seen, target, thought=self._thought))
        self._thought = ""

    def _click(self, target: Target | None) -> None:
        if target is None:
            self.made.remark("click was dropped: the history names neither its element nor its place")
            return
        self._put(Click(), target)

    def _input(self, parameters: _Parameters, target: Target | None, element: _Element | None) -> None:
        """A click for the focus, and the text; secrets are where the agent had placeholders for them."""
        if target is not None:
            self.made.remark("input sets a field's text; imported as a click on the field and typing")
            self._put(Click(), target)
        for number, part in enumerate(_SECRET.split(parameters.text or "")):
            if part:
                self._put(TypeText(secret=secret_name(part)) if number % 2 else TypeText(part), target)
                if number % 2 == 0 and target and target.element and target.element.password:
                    self.made.steps[-1] = without_secret(self.made.steps[-1], _attribute(element, "name") or "password")

    def _scroll(self, name: str, parameters: _Parameters, target: Target | None) -> None:
        pages = parameters.pages if parameters.pages is not None else parameters.num_pages
        turned = parameters.amount / PIXELS_A_NOTCH if parameters.amount is not None else (pages or 1) * PAGE_NOTCHES
        count = notches(turned)
        if not count:
            self.made.remark("scroll was dropped: its amount is none")
            return
        self.made.remark(f"scroll: {PAGE_NOTCHES} notches were taken for a page, one for {PIXELS_A_NOTCH} pixels")
        up = name == "scroll_up" or parameters.down is False
        self._put(Scroll(dy=-count if up else count), target)

    def _target(self, element: _Element | None, parameters: _Parameters, result: _Result | None) -> Target | None:
        """The element with its place on the picture, as far as both are known."""
        told = result.metadata if result and result.metadata else _Told()
        x, y = (told.click_x, told.click_y) if told.click_x is not None else _given(parameters)
        point = place(x, y, self._shot) if x is not None and y is not None else None
        if element is None:
            return Target(point, self._window) if point else None
        bounds = self._on_picture(element.bounds)
        if bounds is None and point is None:
            self.made.remark("where the element was on the picture is unknown: it is known by role and name")
        bounds = bounds or NOWHERE
        return Target(point or (bounds.centre if bounds.area else Point(0, 0)), self._window, _seen(element, bounds))

    def _on_picture(self, bounds: _Bounds | None) -> Rect | None:
        rect = box(bounds.x, bounds.y, bounds.x + bounds.width, bounds.y + bounds.height) if bounds else None
        if rect is None or self._shot is None or not rect.area:
            return None
        return rect if Rect(0, 0, self._shot.width, self._shot.height).contains(rect.centre) else None


def _other(kind: str, parameters: _Parameters) -> Action | None:
    match kind:
        case "done":
            said = parameters.text or ""
            return Fail(said or "the agent gave up") if parameters.success is False else Finish(said)
        case "wait":
            return Wait(seconds(parameters.seconds) if parameters.seconds is not None else WAIT_S)
        case "send_keys":
            return chord(joined(parameters.keys or ""))
    return _noted(kind, parameters)


def _noted(kind: str, parameters: _Parameters) -> Note | None:
    """What was done to the browser rather than on the page."""
    given = {
        "navigate": parameters.url and f"Go to {parameters.url}",
        "search": parameters.query and f"Search the web for {parameters.query}",
        "go_back": "Go back in the browser",
        "switch": "Switch to another tab",
        "close": "Close the tab",
        "select_dropdown": parameters.text and f"Choose “{parameters.text}” in the list",
        "upload_file": parameters.path and f"Upload the file {parameters.path}",
    }.get(kind)
    return Note(given) if given else None


def _given(parameters: _Parameters) -> tuple[float | None, float | None]:
    return parameters.coordinate_x, parameters.coordinate_y


def _thought(output: _Output) -> str:
    brain = output.current_state or _Brain()
    said = (output.thinking or brain.thinking, output.next_goal or brain.next_goal)
    return "\n".join(words.strip() for words in said if words and words.strip())


def _aligned(
    actions: list[dict[str, msgspec.Raw]], elements: list[_Element | None], results: list[_Result]
) -> Iterator[tuple[dict[str, msgspec.Raw], _Element | None, _Result | None]]:
    for place_, action in enumerate(actions):
        element = elements[place_] if place_ < len(elements) else None
        yield action, element, results[place_] if place_ < len(results) else None


def _seen(element: _Element, bounds: Rect) -> Element:
    tag = (element.node_name or element.tag_name or "").lower()
    said = _attribute(element, "role")
    role = role_of(said) if said else role_of_input(_attribute(element, "type")) if tag == "input" else role_of(tag)
    name = element.ax_name or _attribute(element, "aria-label")
    password = tag == "input" and _attribute(element, "type").lower() == "password"
    return Element("", "", role, name, bounds, password=password)


def _attribute(element: _Element | None, name: str) -> str:
    return ((element.attributes or {}).get(name) or "").strip() if element else ""
