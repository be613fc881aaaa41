"""Steps from deeds: where an action went, what was seen before it, and what followed."""

from dataclasses import dataclass

from msgspec.structs import replace

from recorder.gestures import Gesture
from recorder.seen import same_element
from workbench.actions import Action, PressKeys, TypeText
from workbench.geometry import Point
from workbench.inputs import Sighting
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Window


@dataclass(frozen=True)
class Deed:
    """An action with the gesture it was read from, if any, and what was seen around it."""

    action: Action
    gesture: Gesture | None = None
    before: Sighting | None = None
    after: Sighting | None = None
    masked: str = ""
    release: Sighting | None = None


def step_of(deed: Deed, number: int) -> Step:
    """The step; its id is `s` and its number, counted from 1."""
    gesture = deed.gesture
    target = _target(deed)
    return Step(
        id=f"s{number}",
        action=deed.action,
        observation=_observation(deed),
        target=target,
        destination=_destination(deed),
        outcome=_outcome(deed, target),
        masked=_masked(deed),
        first_event=gesture.first.seq if gesture else None,
        last_event=gesture.last.seq if gesture else None,
        by_program=gesture.first.by_program if gesture else False,
    )


def _observation(deed: Deed) -> Observation:
    seen, gesture = deed.before, deed.gesture
    if seen is None:
        return Observation(monotonic_ns=gesture.first.monotonic_ns if gesture else 0)
    return Observation(
        monotonic_ns=gesture.first.monotonic_ns if gesture else seen.monotonic_ns,
        epoch_s=seen.epoch_s,
        frame=seen.frame,
        window=_lasting(seen.active or seen.window),
        screens=seen.screens,
        focused=_stored(seen.focused),
    )


def _target(deed: Deed) -> Target | None:
    seen, gesture = deed.before, deed.gesture
    if gesture is None:
        return None
    if gesture.start is not None:
        return _place(gesture.start, seen)
    focused = seen.focused if seen and _goes_to_focus(deed.action) else None
    if seen is None or focused is None:
        return None
    window = _lasting(seen.active or seen.window)
    return Target(point=focused.bounds.centre, window=window, element=_labelled(focused, deed))


def _labelled(focused: Element, deed: Deed) -> Element | None:
    """The field as it is stored; a label that a busy application told only afterwards is its label all the same."""
    later = deed.after.focused if deed.after else None
    if later is not None and not focused.label and same_element(later, focused):
        focused = replace(focused, label=later.label)
    return _stored(focused)


def _destination(deed: Deed) -> Target | None:
    if deed.gesture is None or deed.gesture.end is None:
        return None
    return _place(deed.gesture.end, deed.release)


def _place(point: Point, seen: Sighting | None) -> Target:
    if seen is None:
        return Target(point=point)
    return Target(point=point, window=_lasting(seen.window), element=_stored(seen.element))


def _goes_to_focus(action: Action) -> bool:
    """Whether the field with the focus matters: what goes to the window or the system does not care for it."""
    if isinstance(action, PressKeys):
        return not {"alt", "super"} & set(action.keys)
    return isinstance(action, TypeText)


def _outcome(deed: Deed, target: Target | None) -> Outcome:
    seen = deed.after
    if seen is None:
        return Outcome()
    return Outcome(frame=seen.frame, window=_lasting(seen.active or seen.window), element=_afterwards(deed, target))


def _afterwards(deed: Deed, target: Target | None) -> Element | None:
    """The target as it was afterwards, if somebody looked at it."""
    if target is None or target.element is None or deed.after is None:
        return None
    for candidate in (deed.after.element, deed.after.focused):
        if candidate is not None and same_element(candidate, target.element):
            return _stored(candidate)
    return None


def _masked(deed: Deed) -> str:
    secret = deed.action.secret if isinstance(deed.action, TypeText) else None
    hidden = "what was typed into the password field was not recorded" if secret else ""
    return "; ".join(filter(None, [deed.masked, hidden]))


def _lasting(window: Window | None) -> Window | None:
    """The window without what is only valid while it lives."""
    return replace(window, handle=None, pid=None) if window else None


def _stored(element: Element | None) -> Element | None:
    return replace(element, ref=None) if element else None
