"""Bundles of openadapt-flow: `workflow.json` with steps that were compiled from a recording, crops in `templates/`.

Version 1 and the steps of version 2, without its program graphs, effects and bindings to services.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from workbench.actions import Action, Check, Condition, Drag, TypeText, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect, Screen
from workbench.library.importing import openadapt_flow_parts as parts
from workbench.library.importing.collecting import (
    NO_ZONE,
    Collected,
    box,
    epoch_s,
    lacks_zone,
    moment,
    place,
    title_of,
    variable_names,
)
from workbench.library.importing.drafts import Draft
from workbench.trajectory import CropWitness, Step, Target, TextWitness, Variable

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures
    from workbench.library.importing.source import Source

WORKFLOW = "workflow.json"

LARGEST_BYTES = 64 * 1024 * 1024


class Landmark(Struct):
    """A text nearby, and how far it is from its middle to the place."""

    ocr_text: str
    distance_px: float = 0.0
    dx_px: float | None = None
    dy_px: float | None = None


class Anchor(Struct):
    """Where an action goes: a crop and its place, the point in it, texts."""

    template: str
    region: tuple[float, float, float, float]
    click_point: tuple[float, float]
    structural: parts.Structural | None = None
    ocr_text: str | None = None
    landmarks: list[Landmark] = field(default_factory=list)


class Expected(Struct):
    """Something that is to hold, after a step or before it."""

    kind: str
    text: str | None = None


class Guarded(Struct):
    """Something that is to hold before a step, and what else happens."""

    predicate: Expected
    on_unmet: str = "halt"


class Compiled(Struct):
    """One step."""

    action: str
    intent: str = ""
    anchor: Anchor | None = None
    text: str | None = None
    param: str | None = None
    secret: bool = False
    key: str | None = None
    modifiers: list[str] = field(default_factory=list)
    drag_end_anchor: Anchor | None = None
    scroll_dx: float | None = None
    scroll_dy: float | None = None
    selection_commit_key: str | None = None
    expect: list[Expected] = field(default_factory=list)
    wait_until: Expected | None = None
    guard: Guarded | None = None


class Workflow(Struct):
    """The whole bundle; of the program only whether there is one."""

    schema_version: int
    name: str
    viewport: tuple[float, float] | None = None
    created_at: str | None = None
    params: dict[str, str] = field(default_factory=dict)
    secret_params: list[str] = field(default_factory=list)
    steps: list[Compiled] = field(default_factory=list)
    program: object = None


def read(source: "Source", pictures: "Pictures") -> Draft:
    """The whole bundle."""
    whole = source.json(Workflow, WORKFLOW, limit=LARGEST_BYTES)
    if not whole.steps:
        raise BadInputError(f"{source.path / WORKFLOW} has no `steps`; a program graph alone cannot be read")
    secret = set(whole.secret_params) | {step.param for step in whole.steps if step.secret and step.param}
    named = [*whole.params, *(step.param for step in whole.steps if step.param)]
    literal = [step.text for step in whole.steps if step.text and not step.param]
    names = variable_names([name for name in named if name not in secret], literal)
    reading = _Reading(source, pictures, names, secret)
    if lacks_zone(whole.created_at):
        reading.found.remark_whole(NO_ZONE)
    if whole.program is not None:
        reading.found.remark_whole("its `program` of branches and loops was dropped, its `steps` were taken")
    for number, step in enumerate(whole.steps, 1):
        reading.take(number, step)
    defaults = {step.param: step.text for step in whole.steps if step.param} | whole.params
    return Draft(
        title=title_of(whole.name, source.name),
        steps=tuple(reading.found.steps),
        created=epoch_s(moment(whole.created_at)),
        variables=tuple(Variable(name, defaults.get(param)) for param, name in names.items()),
        screens=_screens(whole.viewport),
        remarks=tuple(reading.found.remarks),
    )


class _Reading:
    """The steps, one after the other; conditions become steps of their own around them."""

    def __init__(self, source: "Source", pictures: "Pictures", names: Mapping[str, str], secret: set[str]) -> None:
        self.found = Collected()
        self._source, self._pictures, self._names, self._secret = source, pictures, names, secret

    def take(self, number: int, step: Compiled) -> None:
        """One step of the bundle."""
        self._before(number, step)
        action = self._action(step)
        target = self._target(number, step.anchor)
        end = self._target(number, step.drag_end_anchor)
        if action is None or (parts.pointing(step.action) and target is None) or (isinstance(action, Drag) and not end):
            self.found.remark(f"step {number}: its `action` cannot be carried out as it is told; it was dropped")
        else:
            self.found.add(_step(action, step, target, end if isinstance(action, Drag) else None))
            if step.selection_commit_key and (keys := parts.pressed(step.selection_commit_key, [])):
                self.found.add(Step("", keys))
        for expected in step.expect:
            self._expect(number, expected)

    def _before(self, number: int, step: Compiled) -> None:
        if step.wait_until:
            until = _condition(step.wait_until)
            self._add_or_say(Wait(until=until) if until else None, f"step {number}: its `wait_until` was dropped")
        if step.guard:
            that = _condition(step.guard.predicate) if step.guard.on_unmet == "halt" else None
            self._add_or_say(Check(that) if that else None, f"step {number}: its `guard` was dropped")

    def _expect(self, number: int, expected: Expected) -> None:
        that = _condition(expected)
        self._add_or_say(Check(that) if that else None, f"step {number}: an `expect` that is no text was dropped")

    def _add_or_say(self, action: Action | None, otherwise: str) -> None:
        if action is None:
            self.found.remark(otherwise)
        else:
            self.found.add(Step("", action))

    def _action(self, step: Compiled) -> Action | None:
        if step.action in ("type", "select_option"):
            hidden = step.secret or step.param in self._secret
            return parts.typed(step.text, step.param, self._names, secret=hidden)
        if step.action in ("key", "hotkey"):
            return parts.pressed(step.key, step.modifiers)
        if step.action == "scroll":
            return parts.scrolled(step.scroll_dx or 0.0, step.scroll_dy or 0.0)
        return Wait() if step.action == "wait" else parts.pointing(step.action)

    def _target(self, number: int, anchor: Anchor | None) -> Target | None:
        at = place(*anchor.click_point) if anchor else None
        if anchor is None or at is None:
            return None
        if len(anchor.landmarks) > (0 if anchor.ocr_text else 1):
            self.found.remark(f"step {number}: `landmarks` beside the nearest text were dropped")
        crop = self._crop(number, anchor)
        return Target(at, element=parts.element_of(anchor.structural, at), crop=crop, text=_text(anchor, at))

    def _crop(self, number: int, anchor: Anchor) -> CropWitness | None:
        corner = place(*anchor.region[:2])
        if corner is None or not self._source.has(anchor.template):
            self.found.remark(f"step {number}: its `template` is not there, or was nowhere")
            return None
        shot = self._pictures.part(self._source, anchor.template, origin=corner)
        return CropWitness(shot.frame, Rect(corner.x, corner.y, shot.width, shot.height))


def _step(action: Action, step: Compiled, target: Target | None, end: Target | None) -> Step:
    masked = parts.masked(action) if isinstance(action, TypeText) else ""
    return Step("", action, target=target, destination=end, description="" if masked else step.intent, masked=masked)


def _condition(expected: Expected) -> Condition | None:
    if not expected.text or expected.kind not in ("text_present", "text_absent"):
        return None
    return Condition(text=expected.text, present=expected.kind == "text_present")


def _text(anchor: Anchor, at: Point) -> TextWitness | None:
    """What is printed at the place, else the landmark that is nearest; of that only the middle is known."""
    if anchor.ocr_text:
        x, y, width, height = anchor.region
        bounds = box(x, y, x + width, y + height)
        return TextWitness(anchor.ocr_text, bounds) if bounds else None
    placed = [mark for mark in anchor.landmarks if mark.ocr_text and _middle(mark, at)]
    nearest = min(placed, key=lambda mark: mark.distance_px, default=None)
    middle = _middle(nearest, at) if nearest else None
    return TextWitness(nearest.ocr_text, Rect(middle.x, middle.y, 0, 0)) if nearest and middle else None


def _middle(mark: Landmark, at: Point) -> Point | None:
    return None if mark.dx_px is None or mark.dy_px is None else place(at.x - mark.dx_px, at.y - mark.dy_px)


def _screens(viewport: tuple[float, float] | None) -> tuple[Screen, ...]:
    bounds = box(0, 0, *viewport) if viewport else None
    return (Screen("recorded", bounds, primary=True),) if bounds and bounds.area else ()
