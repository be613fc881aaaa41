"""The input of OpenAdapt's rows as events, with the elements that they went to and the windows in front."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from workbench.desktop.keysyms import MODIFIERS
from workbench.errors import BadInputError
from workbench.geometry import Rect
from workbench.library.importing.collecting import secret_name
from workbench.library.importing.native_elements import NOWHERE, Edges, edges_of
from workbench.library.importing.openadapt_clues import on_page, state_of, structural_of
from workbench.library.importing.openadapt_rows import Row
from workbench.library.importing.pynput_words import BUTTONS, key, turned
from workbench.library.importing.source import decoded
from workbench.library.importing.tape import Key, Spot, Tape
from workbench.trajectory import Element, Window

LONGEST_STATE = 1024 * 1024
"""Dumps of whole windows are longer: they are passed over."""

DERIVED = frozenset({"singleclick", "doubleclick", "drag", "type", "mouse.drag", "key.shortcut"})
"""Actions that OpenAdapt made of those that stand beside them."""

LEAVING = frozenset({"Tab", "Return", "KP_Enter", "Escape"})
"""Keys that leave a password field."""


class MacMeta(Struct, rename={"owner": "kCGWindowOwnerName", "title": "kCGWindowName"}):
    """What macOS says of a window."""

    owner: str | None = None
    title: str | None = None


class State(Struct):
    """What is known of a window beside its title and place."""

    meta: MacMeta | None = None
    owner: str | None = None


@dataclass
class Windows:
    """The windows in front by the time when they came there."""

    times: list[float]
    windows: list[Window]

    def at(self, at_s: float) -> Window | None:
        """The one in front then, None before the first."""
        place = bisect_right(self.times, at_s)
        return self.windows[place - 1] if place else None


@dataclass
class Input:
    """Takes rows in the order of the file; `elements` and `focused` are by the number that an event got."""

    tape: Tape
    platform: str
    pages: Mapping[int, Element]
    elements: dict[int, Element] = field(default_factory=dict)
    focused: dict[int, Element] = field(default_factory=dict)
    _secret: str | None = None
    _told: bool = False
    _held: set[str] = field(default_factory=set)

    def take(self, row: Row) -> None:
        """Read one action."""
        at_s, where, name = row.number("timestamp"), f"action {row.label}", row.text("name")
        if row.flag("disabled") or name in DERIVED:
            return
        if at_s is None:
            self.tape.losses.add("input without a time was left out", where)
            return
        spot = Spot(at_s, where, row.number("mouse_x"), row.number("mouse_y"))
        match name:
            case "move":
                self.tape.move(spot)
            case "click":
                self._button(row, spot)
            case "scroll":
                dx, dy = row.number("mouse_dx") or 0.0, row.number("mouse_dy") or 0.0
                self.tape.wheel(spot, *turned(dx, dy, platform=self.platform))
            case "press" | "release":
                self._key(row, spot, down=name == "press")
            case _:
                self.tape.losses.add("an action of an unknown kind was left out", where)

    def _button(self, row: Row, spot: Spot) -> None:
        down = row.flag("mouse_pressed")
        if down is None:
            self.tape.losses.add("a button that went neither down nor up was left out", spot.where)
            return
        seq = self.tape.button(spot, BUTTONS.get(row.text("mouse_button_name")), down=down)
        if not down:
            return
        element = self._element(row, spot)
        self._enter(element)
        if seq and element is not None:
            self.elements[seq] = element

    def _key(self, row: Row, spot: Spot, *, down: bool) -> None:
        seen = self._structural(row, spot) if down else None
        field = seen[0] if seen is not None and seen[1] else None
        if field is not None and field.password != (self._secret is not None):
            self._enter(field)
        found = _key(row)
        name = found.keysym if found else ""
        if name in MODIFIERS:
            self._held = self._held | {name} if down else self._held - {name}
        elif self._secret is not None and not self._held - {"shift"} and name not in LEAVING:
            self._hide(spot, down=down)
            return
        elif self._secret is not None and name in LEAVING and down:
            self._secret = None
        seq = self.tape.key(spot, found, down=down)
        if seq and field is not None:
            self.focused[seq] = field

    def _enter(self, element: Element | None) -> None:
        """This one has the focus from now on, as far as that is known."""
        hidden = element is not None and element.password
        self._secret, self._told = (secret_name(element.name or "password") if element and hidden else None), False

    def _hide(self, spot: Spot, *, down: bool) -> None:
        """One event for all that is typed into a password field."""
        if down and not self._told and self._secret:
            self.tape.mark("secret", Spot(spot.at_s, spot.where), self._secret)
            self._told = True

    def _element(self, row: Row, spot: Spot) -> Element | None:
        seen = self._structural(row, spot)
        page = self.pages.get(int(row.number("browser_event_id") or 0))
        if seen is not None and not seen[1]:
            return on_page(seen[0], page)
        try:
            return on_page(state_of(row, self.tape.scale), page)
        except BadInputError:
            self.tape.losses.add("what was said of an element cannot be read", spot.where)
            return page

    def _structural(self, row: Row, spot: Spot) -> tuple[Element, bool] | None:
        try:
            return structural_of(row, self.tape.scale)
        except BadInputError:
            self.tape.losses.add("what was said of an element cannot be read", spot.where)
            return None


def windows_of(rows: Iterable[Row], tape: Tape, *, frame: tuple[int, int] | None) -> Windows:
    """The windows in front; where the pictures show one window alone, `frame` is its size and all there is."""
    found = []
    for row in rows:
        at_s = row.number("timestamp")
        if at_s is not None:
            found.append((at_s, _window(row, tape, frame)))
    found.sort(key=lambda one: one[0])
    return Windows([at_s for at_s, _ in found], [window for _, window in found])


def _window(row: Row, tape: Tape, frame: tuple[int, int] | None) -> Window:
    state = _state(row, tape)
    meta = state.meta or MacMeta()
    app = meta.owner or state.owner or ""
    title = (meta.title or "") if meta.owner else row.text("title")
    left, top = row.number("left") or 0.0, row.number("top") or 0.0
    edges = Edges(left, top, left + (row.number("width") or 0.0), top + (row.number("height") or 0.0))
    bounds = Rect(0, 0, *frame) if frame else edges_of(edges, tape.scale)
    return Window(app, title, bounds or NOWHERE)


def _state(row: Row, tape: Tape) -> State:
    text = row.text("state")
    if not text.startswith("{") or len(text) > LONGEST_STATE:
        return State()
    try:
        return decoded(text, State, what="the state of a window")
    except BadInputError:
        tape.losses.add("the state of a window cannot be read", f"window {row.label}")
        return State()


def _key(row: Row) -> Key | None:
    """The key by its name, or its character; a control character gives way to the letter that made it."""
    name, character = row.text("key_name"), row.text("key_char")
    plain = row.text("canonical_key_name"), row.text("canonical_key_char")
    if character and not character.isprintable() and plain[1]:
        return key(plain[1])
    return key(name) or key(character) or key(plain[0]) or key(plain[1])
