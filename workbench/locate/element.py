"""The element witness: the accessible element that was recorded, found again in today's application."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.desktop.ports import Accessibility
from workbench.geometry import Point, Rect
from workbench.locate.identity import (
    called,
    describe,
    is_field,
    operable,
    own_name,
    path_likeness,
    role_of,
    same_identity,
    same_place_in_structure,
    same_root,
    surroundings,
    surrounds,
    usable,
)
from workbench.locate.sight import Sight
from workbench.locate.standing import Standing, title_likeness
from workbench.locate.verdict import Cause, Vote
from workbench.trajectory import Element, Target, Window

LARGE_PX = 160
"""Sides longer than this are fields and lists rather than buttons: there the distance from the nearest edge stays."""

MOST_CANDIDATES = 200
"""Elements of one role that are compared; more than a screen shows."""

NAMED, NAMELESS_FIELD, BY_STRUCTURE, MOVED = 0.97, 0.90, 0.80, 0.75
"""Confidence of an only one by its name; of an only field of its kind (before its path adds up to 0.1); of one among
several that only its place in the structure tells apart; of an only one that stands in other named surroundings."""


@dataclass(frozen=True)
class Question:
    """What the witness is asked: the recorded target, today's desktop, and the windows it may be in.

    `places` are where it may be expected. `alike_then` counts how many looked like it when it was recorded;
    `stood_then` tells whether what stands in these bounds today already stood somewhere in its window.
    """

    target: Target
    sight: Sight
    standing: Standing
    places: Sequence[Point]
    alike_then: Callable[[], int]
    stood_then: Callable[[Rect], bool]


def glance(question: Question, places: Sequence[Point]) -> Vote | None:
    """A quick answer: the recorded element stands at one of these places, in the same spot of the structure.

    It has not looked for a second one of that name elsewhere; None when it takes a full `ask` to say more.
    """
    recorded, accessibility = _recorded(question), question.sight.accessibility
    if recorded is None or accessibility is None or surrounds(recorded):
        return None
    for place in places:
        now = _at(question, place)
        if now is not None and same_identity(recorded, now) and same_place_in_structure(recorded, now):
            if _greyed(recorded, now) or not _belongs(recorded, now, question):
                return None
            return _found(question, now, NAMED if called(recorded) else BY_STRUCTURE, 0.0)
    return None


def ask(question: Question) -> Vote:
    """The full answer: every element of the application that could be it has been looked at."""
    recorded, accessibility = _recorded(question), question.sight.accessibility
    if recorded is None:
        return Vote("element", "blind", reason="no accessible element was recorded")
    speaks = accessibility.speaks_for(recorded.app) if accessibility is not None else False
    if accessibility is None or speaks is False:
        return Vote("element", "blind", reason=f"{recorded.app} tells accessibility nothing")
    if speaks is None:
        return _silent(recorded)
    if surrounds(recorded):
        return Vote("element", "blind", reason=f"accessibility saw only the {role_of(recorded)} around the target")
    unanswered = accessibility.unanswered
    candidates = [now for now in _alike(recorded, accessibility) if _in_view(now, question)]
    if not candidates and not accessibility.speaks_for(recorded.app):
        return _silent(recorded)
    vote = _chosen(question, recorded, candidates) if candidates else _nowhere(question, recorded)
    # whatever is unsaid may have been the target, or a second one like it
    return vote if accessibility.unanswered == unanswered else _silent(recorded)


def map_point(point: Point, old: Rect, new: Rect) -> Point:
    """The same place inside bounds that moved or grew.

    On short sides the relative position stays, on long ones the distance from the nearer edge. In an element whose
    size was never known, as foreign recordings have them, it is the middle unless the point is away from its corner.
    """
    return Point(
        _mapped(point.x - old.x, old.width, new.width) + new.x,
        _mapped(point.y - old.y, old.height, new.height) + new.y,
    )


def _mapped(offset: int, old: int, new: int) -> int:
    """The same along one side."""
    if old == 0 and offset == 0:
        kept = new // 2
    elif old in (new, 0):
        kept = offset
    elif max(old, new) <= LARGE_PX:
        kept = round(offset * new / old)
    else:
        kept = offset if offset <= old - offset else new - (old - offset)
    return min(max(kept, 0), max(new - 1, 0))


def _alike(recorded: Element, accessibility: Accessibility) -> list[Element]:
    """Showing elements with the recorded role, name and label."""
    name = recorded.name if own_name(recorded) and not is_field(recorded) else None
    listed = accessibility.find(app=recorded.app, role=recorded.role, name=name, limit=MOST_CANDIDATES)
    return [now for now in listed if same_identity(recorded, now)]


def _in_view(now: Element, question: Question) -> bool:
    """Whether it stands in a window that may hold the target, on the screen."""
    recorded = _recorded(question)
    if recorded is None or not now.bounds.area or not _belongs(recorded, now, question):
        return False
    if question.standing.popup or not question.standing.windows:
        return question.sight.frame.bounds.intersection(now.bounds) is not None
    return any(window.bounds.intersection(now.bounds) is not None for window in question.standing.windows)


def _belongs(recorded: Element, now: Element, question: Question) -> bool:
    """Whether its window is one of those that may hold the target; accessibility may call it otherwise than it does."""
    if not same_root(recorded, now):
        return False
    titles = [window.title for window in question.standing.windows]
    if not now.window or any(title_likeness(title, now.window) > 0 for title in titles):
        return True
    window = question.target.window
    called_otherwise = window is not None and title_likeness(window.title, recorded.window) == 0
    return (question.standing.popup or called_otherwise) and title_likeness(recorded.window, now.window) > 0


def _chosen(question: Question, recorded: Element, candidates: list[Element]) -> Vote:
    """The one candidate that is the recorded element, if it can be told."""
    near = [now for now in candidates if surroundings(now) == surroundings(recorded)]
    if len(near or candidates) == 1:
        now = (near or candidates)[0]
        return _usable(question, recorded, now, (_certainty(recorded, now), 0.5 if len(candidates) > 1 else 0.0))
    same = [now for now in near if same_place_in_structure(recorded, now)]
    if len(same) == 1 and question.alike_then() >= len(near):
        return _usable(question, recorded, same[0], (BY_STRUCTURE, BY_STRUCTURE))
    count = len(near or candidates)
    reason = f"{count} elements are a {describe(recorded)} and nothing tells which one was recorded"
    return Vote("element", "blind", cause="ambiguous", reason=reason)


def _certainty(recorded: Element, now: Element) -> float:
    """How sure an only candidate is."""
    if surroundings(now) != surroundings(recorded):
        return MOVED
    if called(recorded):
        return NAMED + 0.03 * path_likeness(recorded, now)
    if is_field(recorded):
        return NAMELESS_FIELD + 0.1 * path_likeness(recorded, now)
    return BY_STRUCTURE


def _usable(question: Question, recorded: Element, now: Element, scores: tuple[float, float]) -> Vote:
    """The answer for the element that was told, unless it cannot be operated."""
    if _greyed(recorded, now):
        reason = f"the {describe(recorded)} is there but greyed out"
        return Vote("element", "veto", region=now.bounds, cause="disabled", reason=reason)
    return _found(question, now, *scores)


def _greyed(recorded: Element, now: Element) -> bool:
    """Whether it could be operated when it was recorded and cannot today."""
    return usable(recorded) and not usable(now)


def _found(question: Question, now: Element, confidence: float, runner_up: float) -> Vote:
    """A place."""
    old = question.target.element
    point = map_point(question.target.point, old.bounds if old else now.bounds, now.bounds)
    return Vote("element", "found", point, now.bounds, round(confidence, 4), runner_up, describe(now))


def _nowhere(question: Question, recorded: Element) -> Vote:
    """Why it is not found: something else stands at its place, or nothing does."""
    for index, place in enumerate(question.places):
        now = _at(question, place)
        if now is None or surrounds(now) or same_identity(recorded, now):
            continue
        if question.stood_then(now.bounds):
            break
        if index == 0 or same_place_in_structure(recorded, now):
            return _replaced(recorded, now)
    reason = f"no {describe(recorded)} is in {recorded.app} now"
    return Vote("element", "absent", cause="missing", reason=reason)


def _silent(recorded: Element) -> Vote:
    """The application is busy or hung: its silence says nothing about the target, so nobody acts on pixels alone."""
    reason = f"{recorded.app} is on the accessibility bus but does not answer now"
    return Vote("element", "blind", cause="weak", reason=reason)


def _replaced(recorded: Element, now: Element) -> Vote:
    """Another name or role at the recorded place."""
    cause: Cause = "renamed"
    if role_of(recorded) == role_of(now) and same_place_in_structure(recorded, now):
        reason = f"the {role_of(recorded)} recorded as '{called(recorded)}' is now called '{called(now)}'"
    else:
        reason = f"the {describe(recorded)} is nowhere; at its place stands the {describe(now)}"
    return Vote("element", "veto", region=now.bounds, cause=cause, reason=reason)


def _recorded(question: Question) -> Element | None:
    """What was operated in the recording."""
    element = question.target.element
    return None if element is None else operable(element)


def _at(question: Question, place: Point) -> Element | None:
    """What would be operated at this place."""
    found = question.sight.element_at(place, _window_at(question, place))
    return None if found is None else operable(found)


def _window_at(question: Question, place: Point) -> Window | None:
    """The window that may hold the target at this place."""
    windows = question.standing.windows
    return next((window for window in windows if window.bounds.contains(place)), windows[0] if windows else None)
