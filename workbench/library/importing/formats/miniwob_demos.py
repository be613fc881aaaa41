"""Demonstrations of MiniWoB++: what people did on small web pages, with the page before and after every event.

One file, packed or not, is one demonstration: the task in words, states of the page, and the reward. Every event stands
there twice, before the page heard of it and after; clicks and double clicks are what the page made of presses and
releases. Coordinates are CSS pixels of the page; there are no pictures, and nothing says which button was pressed: the
pages only know the left one. A demonstration that failed ends with a note that says so.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from workbench.desktop.keysyms import MODIFIERS
from workbench.inputs import Sighting
from workbench.library.importing.collecting import seconds, secret_name
from workbench.library.importing.drafts import Draft, Item, Remark
from workbench.library.importing.miniwob_pages import HIDDEN, Act, Demonstration, Page, demonstration
from workbench.library.importing.moments import Moment, moments
from workbench.library.importing.pynput_words import key
from workbench.library.importing.source import Source
from workbench.library.importing.tape import Key, Spot, Tape, Taped
from workbench.library.records import RecordingOpening
from workbench.library.transfer import WholeRecording

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures

TITLE = "MiniWoB++ demonstrations"

BEFORE = 1

NEAR = 8
"""So many states after a key went down stands the character that it typed, if any."""

LEAVING = frozenset({"Tab", "Return", "Escape"})

CODES: dict[int, str] = {
    8: "BackSpace", 9: "Tab", 13: "Return", 16: "shift", 17: "ctrl", 18: "alt", 19: "Pause", 20: "Caps_Lock",
    27: "Escape", 32: "space", 33: "Page_Up", 34: "Page_Down", 35: "End", 36: "Home", 37: "Left", 38: "Up",
    39: "Right", 40: "Down", 45: "Insert", 46: "Delete", 59: "semicolon", 61: "equal", 91: "super", 92: "super",
    93: "Menu", 106: "KP_Multiply", 107: "KP_Add", 109: "KP_Subtract", 110: "KP_Decimal", 111: "KP_Divide",
    144: "Num_Lock", 145: "Scroll_Lock", 173: "minus", 186: "semicolon", 187: "equal", 188: "comma", 189: "minus",
    190: "period", 191: "slash", 192: "grave", 219: "bracketleft", 220: "backslash", 221: "bracketright",
    222: "apostrophe", 224: "super", 225: "ISO_Level3_Shift",
    **{code: chr(code).lower() for code in (*range(48, 58), *range(65, 91))},
    **{96 + digit: f"KP_{digit}" for digit in range(10)},
    **{111 + number: f"F{number}" for number in range(1, 13)},
}  # fmt: skip
"""Keys by the codes that browsers give them."""


def recognises(source: Source) -> bool:
    """Whether the file begins like a demonstration."""
    if source.is_folder:
        return False
    start = source.start()
    return start.lstrip()[:1] == b"{" and all(
        mark in start for mark in (b'"utterance"', b'"states"', b'"action"', b'"dom"', b'"tag"')
    )


def items(source: Source) -> Iterator[Item]:
    """The one demonstration."""
    yield Item(source.name, partial(_read, source))


def _read(source: Source, _: "Pictures") -> Draft:
    told = demonstration(source)
    hand = _Hand(told, Tape(zero_s=0.0), str(source.path))
    for number in range(len(told.states)):
        hand.take(number)
    ended_s = seconds(told.states[-1].time / 1e3) if told.states else 0.0
    failed = _failure(told)
    if failed:
        hand.tape.mark("note", Spot(ended_s, "the reward"), failed)
    taped = hand.tape.taped()
    opening = RecordingOpening(told.task or source.name.partition("_")[0], told.utterance)
    whole = WholeRecording(opening, taped.events, tuple(hand.sightings(taped)))
    remarks = [*hand.tape.losses.remarks(), *([Remark(0, failed)] if failed else [])]
    return Draft(opening.title, told.utterance, recording=whole, seconds=ended_s, remarks=tuple(remarks))


def _failure(told: Demonstration) -> str:
    return "" if told.reward > 0 else f"the demonstration failed: its reward is {told.reward:g}"


@dataclass
class _Hand:
    """Reads the states in their order; `at` tells which state each event was dumped with."""

    told: Demonstration
    tape: Tape
    name: str
    at: dict[int, int] = field(default_factory=dict)
    _hiding: bool = False

    def take(self, number: int) -> None:
        """Read the event of one state."""
        state = self.told.states[number]
        act = state.action
        if act is None or act.timing != BEFORE:
            return
        spot = Spot(state.time / 1e3, f"state {number}", act.x, act.y)
        match act.type:
            case "mousedown" | "mouseup":
                self._hiding = False
                self._keep(self.tape.button(spot, "left", down=act.type == "mousedown"), number)
            case "keydown" | "keyup":
                self._key(number, act, spot)
            case "scroll":
                self.tape.losses.add("that something scrolled was left out, nothing says how far", spot.where)
            case "click" | "dblclick" | "keypress":
                return
            case _:
                self.tape.losses.add("an event of an unknown kind was left out", spot.where)

    def page(self, number: int) -> Page:
        """The page of one state."""
        return self.told.states[number].page(what=f"{self.name} state {number}")

    def sightings(self, taped: Taped) -> Iterator[Sighting]:
        """What was seen at every moment that a step may show."""
        at = {taped.seq(added): number for added, number in self.at.items()}
        times = [state.time for state in self.told.states]
        for moment in moments(taped.events):
            number = at.get(moment.seq) if moment.before else bisect_right(times, moment.at_ns / 1e6) - 1
            if number is not None and number >= 0:
                yield self._sighting(moment, self.page(number), self.told.states[number].action)

    def _sighting(self, moment: Moment, page: Page, act: Act | None) -> Sighting:
        focused, node = page.focused, None
        if moment.before and act is not None and act.x is not None and act.y is not None:
            node = page.target or page.smallest(act.x, act.y)
        return Sighting(
            moment.seq,
            moment.at_ns,
            before=moment.before,
            element=page.element(node) if node else None,
            focused=page.element(focused) if focused else None,
        )

    def _key(self, number: int, act: Act, spot: Spot) -> None:
        down = act.type == "keydown"
        found = self._typed(number) if down else None
        found = found or _named(act.code)
        writes = found is None or (found.keysym not in LEAVING and found.keysym not in MODIFIERS)
        if writes and self._is_hidden(number):
            if down and not self._hiding:
                self._hiding = True
                self._keep(self.tape.mark("secret", spot, secret_name("password")), number)
            return
        self._hiding = self._hiding and not writes and bool(found and found.keysym in MODIFIERS)
        self._keep(self.tape.key(spot, found, down=down), number)

    def _typed(self, number: int) -> Key | None:
        """The character of a key, which the browser says with the event that follows it."""
        following = _next(self.told, number)
        if following is None or following.type != "keypress" or not 32 <= following.character < 0x110000:
            return None
        return key(chr(following.character))

    def _is_hidden(self, number: int) -> bool:
        state = self.told.states[number]
        if HIDDEN.encode() not in bytes(state.dom):
            return False
        focused = self.page(number).focused
        return focused is not None and focused.tag == HIDDEN

    def _keep(self, seq: int, number: int) -> None:
        if seq:
            self.at[seq] = number


def _next(told: Demonstration, number: int) -> Act | None:
    """The event after that of a state."""
    for state in told.states[number + 1 : number + 1 + NEAR]:
        act = state.action
        if act is not None and act.timing == BEFORE:
            return act
    return None


def _named(code: int) -> Key | None:
    known = CODES.get(code)
    return Key(known, " " if known == "space" else "") if known else None
