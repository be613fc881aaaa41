"""Recordings of openadapt-flow: `meta.json`, a line per action in `events.jsonl`, pictures around it in `frames/`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from workbench.actions import Action, Note, Scroll, TypeText
from workbench.geometry import Point, Screen
from workbench.library.importing import openadapt_flow_parts as parts
from workbench.library.importing.collecting import (
    NO_ZONE,
    Collected,
    epoch_s,
    lacks_zone,
    moment,
    observed,
    picture,
    place,
    seconds,
    title_of,
    variable_names,
)
from workbench.library.importing.drafts import Draft
from workbench.library.importing.native_elements import NOWHERE
from workbench.trajectory import Element, Outcome, Step, Target, Variable, Window

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Shot
    from workbench.library.importing.source import Source

EVENTS, META = "events.jsonl", "meta.json"


class Meta(Struct):
    """What is said of the whole."""

    viewport: tuple[float, float]
    created_at: str | None = None
    app_url: str | None = None
    params: dict[str, str] = field(default_factory=dict)
    secret_params: list[str] = field(default_factory=list)


class Event(Struct):
    """One action, where it went, and what was known around it."""

    kind: str
    t: float
    i: int | None = None
    x: float | None = None
    y: float | None = None
    end_x: float | None = None
    end_y: float | None = None
    text: str | None = None
    param: str | None = None
    secret: bool = False
    key: str | None = None
    modifiers: list[str] = field(default_factory=list)
    dx: float = 0.0
    dy: float = 0.0
    structural: parts.Structural | None = None
    field_label: str | None = None
    title_before: str | None = None
    title_after: str | None = None


def read(source: "Source", pictures: "Pictures") -> Draft:
    """The whole recording."""
    meta = source.json(Meta, META)
    events = list(source.json_lines(Event, EVENTS))
    secret = set(meta.secret_params) | {event.param for _, event in events if event.secret and event.param}
    named = [*meta.params, *(event.param for _, event in events if event.param)]
    literal = [event.text for _, event in events if event.text and not event.param]
    names = variable_names([name for name in named if name not in secret], literal)
    reading = _Reading(source, pictures, names, secret)
    if lacks_zone(meta.created_at):
        reading.found.remark_whole(NO_ZONE)
    if meta.app_url:
        reading.found.add(Step("", Note(f"It began at {meta.app_url}")))
    for number, event in events:
        reading.take(number, event)
    defaults = {event.param: event.text for _, event in events if event.param} | meta.params
    return Draft(
        title=title_of(meta.app_url or "", source.name),
        steps=tuple(reading.found.steps),
        created=epoch_s(moment(meta.created_at)),
        seconds=seconds(max((event.t for _, event in events), default=0.0)),
        variables=tuple(Variable(name, defaults.get(param)) for param, name in names.items()),
        screens=reading.screens,
        remarks=tuple(reading.found.remarks),
    )


class _Reading:
    """The events, one after the other."""

    def __init__(self, source: "Source", pictures: "Pictures", names: Mapping[str, str], secret: set[str]) -> None:
        self.found = Collected()
        self.screens: tuple[Screen, ...] = ()
        self._source, self._pictures, self._names, self._secret = source, pictures, names, secret
        self._count = 0

    def take(self, number: int, event: Event) -> None:
        """One line of the file."""
        index = self._count if event.i is None else event.i
        self._count += 1
        before, after = (self._frame(f"frames/{index:04d}_{when}.png", number) for when in ("before", "after"))
        self.screens = self.screens or (before.screens if before else ())
        step = self._pointing(number, event, before) if parts.pointing(event.kind) else self._placeless(number, event)
        if step is not None:
            seen = replace(
                observed(before, after_s=event.t), window=_window(event.title_before, before), focused=_field(event)
            )
            followed = Outcome(after.frame if after else None, _window(event.title_after, after))
            self.found.add(replace(step, observation=seen, outcome=followed))

    def _frame(self, name: str, number: int) -> "Shot | None":
        shot = picture(self._source, name, self._pictures)
        if shot is None:
            self.found.remark(f"line {number}: {name} is not there")
        return shot

    def _pointing(self, number: int, event: Event, before: "Shot | None") -> Step | None:
        at = _point(event.x, event.y, before)
        end = _point(event.end_x, event.end_y, before)
        action = parts.pointing(event.kind)
        if at is None or action is None or (event.kind == "drag" and end is None):
            self.found.remark(f"line {number}: a place that is not on the picture was dropped with its action")
            return None
        element = parts.element_of(event.structural, at)
        return Step("", action, target=Target(at, element=element), destination=Target(end) if end else None)

    def _placeless(self, number: int, event: Event) -> Step | None:
        action = self._action(event)
        if action is None:
            self.found.remark(f"line {number}: an action that cannot be carried out was dropped")
            return None
        if isinstance(action, Scroll):
            self.found.remark(f"line {number}: its pixels were turned into notches of {parts.PIXELS_PER_NOTCH} pixels")
        return Step("", action, masked=parts.masked(action) if isinstance(action, TypeText) else "")

    def _action(self, event: Event) -> Action | None:
        if event.kind == "type":
            hidden = event.secret or event.param in self._secret
            return parts.typed(event.text, event.param, self._names, secret=hidden)
        if event.kind in ("key", "hotkey"):
            return parts.pressed(event.key, event.modifiers)
        return parts.scrolled(event.dx, event.dy) if event.kind == "scroll" else None


def _point(x: float | None, y: float | None, shot: "Shot | None") -> Point | None:
    return None if x is None or y is None else place(x, y, shot)


def _window(title: str | None, shot: "Shot | None") -> Window | None:
    """The page, whose title is told and whose place is the whole picture."""
    return Window(app="", title=title, bounds=shot.screens[0].bounds) if title and shot else None


def _field(event: Event) -> Element | None:
    """The field that was typed into, of which only the label is told."""
    label = event.field_label
    return Element(app="", window="", role="unknown", name="", bounds=NOWHERE, label=label) if label else None
