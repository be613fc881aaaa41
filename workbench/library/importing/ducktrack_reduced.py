"""The actions that AgentNetTool itself made of a recording whose raw events are not there any more.

`reduced_events_complete.jsonl` has every field; `reduced_events_vis.jsonl` only what was shown to the annotator, with
their words: the words go to the complete action of the same id, and alone they can only be notes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from workbench.actions import Action, Click, Drag, Modifier, Note, PathPoint, PressKeys, Scroll, TypeText
from workbench.desktop.keysyms import MODIFIERS
from workbench.library.importing.collecting import Collected, notches, observed
from workbench.library.importing.native_elements import NOWHERE, automation_role
from workbench.library.importing.pynput_words import BUTTONS, key, turned
from workbench.library.importing.source import decoded
from workbench.library.importing.truncated import json_lines
from workbench.trajectory import Element, Outcome, Step, Target

if TYPE_CHECKING:
    from workbench.geometry import Point
    from workbench.library.importing.pictures import Shot
    from workbench.library.importing.source import Source
    from workbench.library.importing.tape import Losses, Scale

COMPLETE, PLAIN = "reduced_events_complete.jsonl", "reduced_events_vis.jsonl"

LEAD_S = 0.05
SETTLE_S = 1.0
DEEPEST = 20
"""Nobody holds more keys, nor one key over and over, while doing something else."""


class Place(Struct):
    """Where the pointer was, and by how much the wheel was turned there."""

    x: float
    y: float
    dx: float = 0
    dy: float = 0


class Aim(Struct):
    """What AgentNetTool took for the element that was acted on."""

    control_type: str | None = None
    title: str | None = None


class Reduced(Struct):
    """One action with those that happened while it lasted."""

    action: str
    id: int | None = None
    start_time: float = 0
    end_time: float | None = None
    description: str | None = None
    vis: bool = True
    click_type: int = 1
    button: str = ""
    pressed: bool = True
    coordinate: Place | None = None
    key_names: list[str] = field(default_factory=list)
    key_name: str = ""
    trace: msgspec.Raw = msgspec.Raw(b"[]")
    drag_trace: msgspec.Raw = msgspec.Raw(b"[]")
    target: Aim | None = None
    children: "list[Reduced]" = field(default_factory=list)


@dataclass(frozen=True)
class _Deed:
    """An action with the places that it went between."""

    action: Action
    start: "Point | None" = None
    end: "Point | None" = None


@dataclass(frozen=True)
class _Hand:
    """Reads what one action of the file amounts to."""

    scale: "Scale"
    platform: str
    lost: Callable[[str], None]

    def deeds(self, one: Reduced, held: tuple[str, ...] = (), *, depth: int = 0) -> Iterator[_Deed]:
        """The actions, in their order; `held` are keys that stayed down meanwhile, `depth` how many actions lasted."""
        match one.action:
            case "type":
                yield from self._typed(one.key_names, held)
            case "press" | "long_press" if one.pressed:
                yield from self._pressed(one, held, depth)
            case "click" | "mouse_press" if one.pressed:
                yield from self._clicked(one, held)
            case "drag":
                yield from self._dragged(one, held)
            case "scroll":
                yield from self._scrolled(one, held)
            case "click" | "mouse_press" | "press" | "long_press" | "move":
                return
            case _:
                self.lost("an action of an unknown kind was left out")

    def _typed(self, names: list[str], held: tuple[str, ...]) -> Iterator[_Deed]:
        chord = tuple(name for name in held if name != "shift")
        for is_text, run in groupby(names, key=lambda name: not chord and (name == "space" or len(name) == 1)):
            if is_text:
                yield _Deed(TypeText("".join(" " if name == "space" else name for name in run)))
                continue
            for name in run:
                found = key(name)
                if found is None:
                    self.lost("a key that is not known was left out")
                else:
                    yield _Deed(_chord(held, found.keysym))

    def _pressed(self, one: Reduced, held: tuple[str, ...], depth: int) -> Iterator[_Deed]:
        found = key(one.key_name)
        if found is None:
            self.lost("a key that is not known was left out")
        elif depth >= DEEPEST:
            self.lost("keys that were held over each other too often were left out")
        elif found.keysym not in MODIFIERS or not one.children:
            yield _Deed(_chord(held, found.keysym))
        else:
            inside = (*held, *((found.keysym,) if found.keysym not in held else ()))
            for child in one.children:
                yield from self.deeds(child, inside, depth=depth + 1)

    def _clicked(self, one: Reduced, held: tuple[str, ...]) -> Iterator[_Deed]:
        at = self._point(one.coordinate)
        button = BUTTONS.get(one.button)
        if at is None or button is None:
            self.lost("a click without a place or with an unknown button was left out")
            return
        if one.action == "mouse_press":
            self.lost("how long a button was held is not kept")
        yield _Deed(Click(button, max(1, min(3, one.click_type)), _modifiers(held)), at)

    def _dragged(self, one: Reduced, held: tuple[str, ...]) -> Iterator[_Deed]:
        raw = one.drag_trace if len(one.drag_trace) > 2 else next((c.trace for c in one.children), one.drag_trace)
        pairs = decoded(bytes(raw), list[tuple[float, float]], what="the trace of a drag")
        places = [self.scale.point(x, y) for x, y in pairs]
        way = [place for place in (self._point(one.coordinate), *places) if place is not None]
        button = BUTTONS.get(one.button)
        if len(way) < 2 or button is None:
            self.lost("a drag without a way or with an unknown button was left out")
            return
        path = tuple(PathPoint(p.x - way[0].x, p.y - way[0].y, 0) for p in (way[-1],))
        yield _Deed(Drag(path, button, _modifiers(held)), way[0], way[-1])

    def _scrolled(self, one: Reduced, held: tuple[str, ...]) -> Iterator[_Deed]:
        turns = decoded(bytes(one.trace), list[Place], what="the trace of scrolling")
        total = turned(sum(t.dx for t in turns), sum(t.dy for t in turns), platform=self.platform)
        right, down = map(notches, total)
        at = self._point(turns[0]) if turns else None
        if at is None or right is None or down is None or not (right or down):
            self.lost("scrolling without a place, or by nothing that a hand turns, was left out")
        else:
            yield _Deed(Scroll(right, down, _modifiers(held)), at)

    def _point(self, place: Place | None) -> "Point | None":
        return self.scale.point(place.x, place.y) if place else None


def steps_of(
    source: "Source", scale: "Scale", shot: "Callable[[float], Shot | None]", losses: "Losses", *, platform: str
) -> tuple[Step, ...]:
    """The steps; `shot` gives the picture at a time, which does not fall from call to call."""
    words = dict(_words(source, losses))
    if not source.has(COMPLETE):
        losses.add("only the words of the actions are there: they became notes")
        return tuple(Step(f"s{n}", Note(text), description=text) for n, text in enumerate(words.values(), start=1))
    collected = Collected()
    end_s: float | None = None
    for number, one in json_lines(source, Reduced, COMPLETE, losses):
        hand = _Hand(scale, platform, partial(losses.add, where=f"line {number}"))
        for deed in hand.deeds(one) if one.vis else ():
            seen = shot(one.start_time - LEAD_S)
            _follow(collected, seen)
            collected.add(_step(deed, one, seen, words.get(one.id, "") if one.id is not None else ""))
            end_s = one.end_time or one.start_time
    if end_s is not None:
        _follow(collected, shot(end_s + SETTLE_S))
    return tuple(collected.steps)


def _words(source: "Source", losses: "Losses") -> Iterator[tuple[int, str]]:
    if source.has(PLAIN):
        for number, one in json_lines(source, Reduced, PLAIN, losses):
            if one.description:
                yield one.id if one.id is not None else -number, one.description


def _step(deed: _Deed, one: Reduced, seen: "Shot | None", words: str) -> Step:
    target = Target(deed.start, element=_element(one.target)) if deed.start else None
    destination = Target(deed.end) if deed.end else None
    return Step("s0", deed.action, observed(seen), target, destination, description=words)


def _element(aim: Aim | None) -> Element | None:
    if aim is None or not aim.title:
        return None
    return Element("", "", automation_role(aim.control_type or ""), aim.title, NOWHERE)


def _follow(collected: Collected, shot: "Shot | None") -> None:
    """What is seen now is what followed the step before."""
    if collected.steps and shot is not None:
        collected.steps[-1] = replace(collected.steps[-1], outcome=Outcome(shot.frame))


def _chord(held: tuple[str, ...], keysym: str) -> PressKeys:
    """The key with those that are held; a letter beside them means its key, whichever way it is written."""
    plain = keysym.lower() if held and len(keysym) == 1 else keysym
    return PressKeys((*(name for name in held if name != plain), plain))


def _modifiers(held: tuple[str, ...]) -> tuple[Modifier, ...]:
    return tuple(modifier for modifier in MODIFIERS if modifier in held)
