"""What the recording says should follow a step, as conditions that today's screen can meet."""

from abc import ABC, abstractmethod
from bisect import bisect_left
from dataclasses import dataclass, replace

import numpy as np

from workbench.actions import Activate, Call, Check, Read, TypeText
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.session.focus import same_window
from workbench.session.roles import Grounding
from workbench.trajectory import Element, Step, Window

TELLING_STATES = frozenset({"checked", "pressed", "expanded", "selected", "indeterminate"})
"""States that an action is meant to change; others (focused, armed, active) come and go by themselves."""

NEARBY_PX = (120, 40)
"""How far to the sides, and above or below, today's change may be: a longer number, another line of a list."""


GLOW_PX = 8
"""How far around an element its own highlight, border and focus ring may reach."""

NEXT_TO_PX = 40
"""A menu opens this close to the pointer, in or outside its window."""


@dataclass(frozen=True)
class Expectation(ABC):
    """One thing that should come true. `by` names what proves it in reports, `missing` says that it did not."""

    by: str
    missing: str

    @abstractmethod
    def met(self, before: Grounding, now: Sight) -> bool:
        """Whether it has come true, compared with the moment before the action."""


@dataclass(frozen=True)
class WindowInFront(Expectation):
    """The window that the recording shows after the step, or the one from before where it stayed the same."""

    window: Window | None
    stays: bool

    def met(self, before: Grounding, now: Sight) -> bool:
        """Whether such a window is active."""
        if self.window is not None and same_window(self.window, now.active):
            return True
        if not self.stays:
            return False
        was, active = before.sight.active, now.active
        if was is None or active is None:
            return was is active
        return was.handle == active.handle or same_window(was, active)


@dataclass(frozen=True)
class StatesFollow(Expectation):
    """The element's telling states change as they did in the recording."""

    on: frozenset[str]
    off: frozenset[str]

    def met(self, before: Grounding, now: Sight) -> bool:
        """Whether the element, or the one that has taken its place, has them now."""
        element = _today(before, now) or _in_its_place(before, now)
        return element is not None and self.on <= set(element.states) and not self.off & set(element.states)


@dataclass(frozen=True)
class TextArrives(Expectation):
    """The field holds what was typed; with `alone` nothing else, as a field of one line did in the recording."""

    text: str
    alone: bool

    def met(self, before: Grounding, now: Sight) -> bool:
        """Whether the text stands in the field since the action, whatever else does."""
        element = _today(before, now)
        if element is None or element.value is None:
            return False
        was = (before.element.value if before.element else None) or ""
        new = element.value != was or _folded(was) == _folded(self.text)
        text, value = _folded(self.text), _folded(element.value)
        return new and (text == value if self.alone else text in value)

    def arrived(self, before: Grounding, now: Sight) -> int:
        """How many characters of the text, from its beginning, stand in the field; an application may take its time."""
        element = _today(before, now)
        text, value = _folded(self.text), _folded((element.value if element else None) or "")
        return bisect_left(range(len(text) + 1), True, key=lambda length: text[:length] not in value) - 1


@dataclass(frozen=True)
class ValueChanges(Expectation):
    """The field's content changes, because the application rewrites what is typed into it."""

    def met(self, before: Grounding, now: Sight) -> bool:
        """Whether it holds something else than before."""
        element = _today(before, now)
        was = before.element.value if before.element else None
        return element is not None and element.value != was


@dataclass(frozen=True)
class PixelsChange(Expectation):
    """Pixels change where they did in the recording, in the window's own coordinates.

    With `elsewhere` the recorded effect lay outside the target, whose own looks prove nothing then: a button lights up
    under the pointer even if it does nothing.
    """

    regions: tuple[Rect, ...]
    window: Window | None
    elsewhere: bool

    def met(self, before: Grounding, now: Sight) -> bool:
        """Whether anything in or near one of the regions looks different now."""
        today = _regions_today(self.regions, self.window, _counterpart(self.window, before.sight))
        was, frame = before.sight.frame, now.frame
        own = was.bounds.intersection(_own_place(before)) if self.elsewhere else None
        if own is not None and frame.bounds == was.bounds:
            frame = replace(frame, pixels=frame.pixels.copy())
            frame.crop(own)[:] = was.crop(own)
        return any(differs(was, frame, region) for region in today)


def expectations(step: Step, grounding: Grounding) -> tuple[Expectation, ...]:
    """What has to be seen after this step; empty when the recording shows that nothing changed."""
    recorded = step.outcome
    found: list[Expectation] = []
    was, after = step.observation.window, recorded.window
    moved = after is not None and was is not None and not _same_place(was, after)
    if after is not None:
        missing = f"the window {after.title!r} did not come to the front" if moved else "another window came up"
        found.append(WindowInFront("window", missing, after, stays=not moved))
    strong = _strong(step, grounding)
    found.extend(strong)
    effects = _effects(step)
    if effects and not strong and not moved:
        missing = "nothing changed where the recording shows a change"
        found.append(PixelsChange("region", missing, effects, was, _is_elsewhere(effects, step)))
    return tuple(found)


def _effects(step: Step) -> tuple[Rect, ...]:
    """The recorded changes in the windows concerned, or next to where the pointer acted, as a menu that opens there.

    What changed in other windows is theirs: a highlight that fades where the pointer came from, a clock, a message.
    """
    target, window = step.target, step.observation.window
    windows = [w.bounds for w in (window, target.window if target else None) if w is not None]
    if not windows:
        return step.outcome.changed
    places = windows + ([Rect(target.point.x, target.point.y, 1, 1).grown(NEXT_TO_PX)] if target else [])
    return tuple(region for region in step.outcome.changed if any(region.intersection(place) for place in places))


def _strong(step: Step, grounding: Grounding) -> list[Expectation]:
    if isinstance(step.action, Activate | Check | Read | Call):
        return []
    if isinstance(step.action, TypeText):
        return _typed(step.action, step.outcome.element, grounding.element)
    before = step.target.element if step.target else None
    after = step.outcome.element
    if before is None or after is None or grounding.element is None or not _same_thing(before, after):
        return []
    was, now = set(before.states) & TELLING_STATES, set(after.states) & TELLING_STATES
    if was == now:
        return []
    return [StatesFollow("state", "the element's state did not change", frozenset(now - was), frozenset(was - now))]


def _typed(action: TypeText, after: Element | None, field: Element | None) -> list[Expectation]:
    if action.secret is not None or field is None or field.value is None:
        return []
    if after is not None and after.value is not None and _rewritten(action.text, after.value):
        return [ValueChanges("text", "the field did not change")]
    alone = after is not None and "single-line" in field.states and _is_all(action.text, after.value)
    return [TextArrives("text", "the text that was typed is not what the field holds", action.text, alone)]


def _rewritten(text: str, recorded: str) -> bool:
    """Whether the recorded field did not hold the text that was typed: the application has its own way with it."""
    return bool(text.strip()) and "{{" not in text and _folded(text) not in _folded(recorded)


def _is_all(text: str, recorded: str | None) -> bool:
    """Whether the recorded field held the text that was typed and nothing else, however it had been emptied before."""
    return bool(text.strip()) and recorded is not None and _folded(text) == _folded(recorded)


def _folded(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def _today(before: Grounding, now: Sight) -> Element | None:
    if before.element is None or now.accessibility is None:
        return None
    return now.accessibility.refresh(before.element)


def _in_its_place(before: Grounding, now: Sight) -> Element | None:
    was, point = before.element, before.point
    if was is None or point is None or now.accessibility is None:
        return None
    element = now.accessibility.element_at(point, now.active)
    return element if element and (element.role, element.name) == (was.role, was.name) else None


def _same_place(was: Window, after: Window) -> bool:
    return was.handle == after.handle if was.handle and after.handle else same_window(was, after)


def _same_thing(before: Element, after: Element) -> bool:
    return (before.role, before.path) == (after.role, after.path)


def _counterpart(recorded: Window | None, sight: Sight) -> Window | None:
    """Today's window for the recorded one: it may stand behind another one until the step brings it to the front."""
    candidates = (sight.active, *sight.windows)
    return next((w for w in candidates if recorded is not None and same_window(recorded, w)), sight.active)


def _is_elsewhere(effects: tuple[Rect, ...], step: Step) -> bool:
    element = step.target.element if step.target else None
    return element is not None and not any(element.bounds.grown(GLOW_PX).intersection(effect) for effect in effects)


def _own_place(before: Grounding) -> Rect:
    if before.element is not None:
        return before.element.bounds.grown(GLOW_PX)
    point = before.point or Point(0, 0)
    return Rect(point.x, point.y, 1, 1).grown(GLOW_PX)


def _regions_today(regions: tuple[Rect, ...], recorded: Window | None, today: Window | None) -> list[Rect]:
    if recorded is None or today is None:
        return list(regions)
    was, now = recorded.bounds, today.bounds
    if (was.width, was.height) != (now.width, now.height):
        return [now]
    return [_with_surroundings(region.offset(now.x - was.x, now.y - was.y)) for region in regions]


def _with_surroundings(region: Rect) -> Rect:
    across, down = NEARBY_PX
    return Rect(region.x - across, region.y - down, region.width + 2 * across, region.height + 2 * down)


def differs(before: Frame, now: Frame, region: Rect) -> bool:
    """Whether any pixel in the region differs between two frames; a region outside both does not."""
    inside = before.bounds.intersection(region)
    if inside is None or now.bounds.intersection(inside) != inside:
        return before.bounds != now.bounds
    return not np.array_equal(before.crop(inside)[..., :3], now.crop(inside)[..., :3])
