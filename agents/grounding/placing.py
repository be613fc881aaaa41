"""The place that was found becomes a target with witnesses of its own, where nothing keeps it from being acted on."""

import time
from dataclasses import dataclass

from msgspec.structs import replace

from agents.grounding.finding import Looked
from workbench.geometry import Point
from workbench.locate.identity import called, describe, operable, role_of, same_identity, surrounds, usable
from workbench.locate.modal import dialog_in_the_way
from workbench.locate.sight import Sight
from workbench.locate.standing import covering, in_popup, same_name, stand
from workbench.locate.verdict import Cause
from workbench.locate.witness import build_target
from workbench.session.grounding import element_under
from workbench.trajectory import Element, FrameId, Observation, Target, TextWitness, Window


@dataclass(frozen=True)
class Way:
    """Whether the place can be acted on: an empty cause where it can, else why not in a sentence."""

    cause: Cause = ""
    reason: str = ""
    element: Element | None = None


@dataclass(frozen=True)
class Place:
    """Where something was found, and the line of the list that stands there, empty where none does."""

    point: Point
    ref: str
    looked: Looked

    @property
    def listed(self) -> Element | None:
        """What accessibility says of that line; None for printed text."""
        element = self.looked.read.elements.get(self.ref)
        return None if element is None or self.looked.printed or element.ref is None else element


def way_to(place: Place) -> Way:
    """Whether what was found is uncovered, enabled and not behind a dialog, and the element that stands there."""
    sight, listed = place.looked.sight, place.listed
    under = element_under(place.point, sight)
    popped_up = in_popup(listed)  # no list of windows names menus, so that a look at the place sees what lies below
    if listed is not None and under is not None and not popped_up and not _is_part(under, listed):
        return Way("covered", f"the {describe(under)} lies over the {describe(listed)}")
    element = under if listed is None or (under is not None and under.ref == listed.ref) else listed
    if element is not None and element.states and not usable(element) and not surrounds(element):
        return Way("disabled", f"the {describe(element)} is greyed out")
    return _unhindered(place, element)


def target_at(place: Place, element: Element | None, frame: FrameId) -> Target:
    """The target with element, crop and, where it was read anyway, printed text, from this very moment."""
    sight = place.looked.sight
    window = _lasting(_window_at(place.point, element, sight))
    target = build_target(point=place.point, frame=sight.frame, frame_id=frame, window=window, element=element)
    printed = place.looked.read.elements.get(place.ref) if place.looked.printed else None
    return replace(target, text=TextWitness(printed.name, printed.bounds)) if printed else target


def observed(sight: Sight, frame: FrameId) -> Observation:
    """The moment before the step, as a recording keeps it."""
    focused = sight.accessibility.focused() if sight.accessibility else None
    return Observation(
        monotonic_ns=sight.frame.monotonic_ns,
        epoch_s=time.time(),
        frame=frame,
        window=_lasting(sight.active),
        screens=sight.screens,
        focused=stored(focused),
    )


def stored(element: Element | None) -> Element | None:
    """The element without what is only valid while its application lives."""
    return replace(element, ref=None) if element else None


def focus_target(sight: Sight) -> Target | None:
    """The field with the focus, as a recording names what keys went to; None where accessibility knows none."""
    focused = sight.accessibility.focused() if sight.accessibility else None
    if focused is None:
        return None
    return Target(point=focused.bounds.centre, window=_lasting(sight.active), element=stored(focused))


def _unhindered(place: Place, element: Element | None) -> Way:
    sight = place.looked.sight
    window = _window_at(place.point, element, sight)
    standing = stand(Target(point=place.point, window=window, element=element), sight)
    if standing.cause:
        return Way(standing.cause, standing.reason)
    dialog = dialog_in_the_way(standing, sight)
    if dialog:
        return Way("covered", dialog)
    top = None if in_popup(element) else covering(place.point, standing, sight)
    if top is not None:
        return Way("covered", f"the window '{top.title}' of {top.app} lies over the target")
    return Way(element=element)


def _window_at(point: Point, element: Element | None, sight: Sight) -> Window | None:
    """The window of the target: that of its application where its menu lies over another one."""
    app = element.app if element else ""
    own = [window for window in sight.windows if not app or same_name(window.app, app)]
    under = next((window for window in own if window.bounds.contains(point)), None)
    return under or next(iter(own), sight.active)


def _is_part(under: Element, listed: Element) -> bool:
    """Whether what accessibility sees at the place is the listed control, a part of it, or what merely holds it."""
    if under.ref == listed.ref or same_identity(operable(under), operable(listed)):
        return True
    if surrounds(under) or under.bounds.intersection(listed.bounds) == listed.bounds:
        return True
    inside = under.bounds.intersection(listed.bounds) == under.bounds
    return inside and len(under.path) > len(listed.path) and _descends(under, listed)


def _descends(under: Element, listed: Element) -> bool:
    return any((role_of(node), node.name) == (role_of(listed), listed.name) for node in under.path) or not called(under)


def _lasting(window: Window | None) -> Window | None:
    return replace(window, handle=None, pid=None) if window else None
