"""The conditions of every vote: is the recorded application here, in which of its windows, and is that uncovered?

Applications are compared by name. Titles change with documents, so titles only choose among the windows of the
application: the same title first, then the same kind of title ("notes.txt - Mousepad" and "Untitled 1 - Mousepad").
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.locate.verdict import Cause
from workbench.trajectory import DIALOG_ROLES, Element, Target, Window

SEPARATORS = re.compile(r"\s[-–—|:]\s")
"""What applications put between the document's name and their own."""

ALIKE_TITLES = 0.75
"""Titles this similar are one kind: "Folder 1" and "Folder 2" measure 0.88, "Open File" and "Save As" 0.38."""

MENU_ROLES = ("menu item", "check menu item", "radio menu item", "tearoff menu item", "menu", "popup menu", "tool tip")
"""Roles of what stands in pop-ups that no window list names."""


@dataclass(frozen=True)
class Standing:
    """The windows in which the target may be, likeliest first, or why nobody may vote.

    `sure` is whether the likeliest one is of the recorded kind. `popup`: the target stood outside its window, as
    menus do, and may be anywhere on the desktop.
    """

    windows: tuple[Window, ...] = ()
    sure: bool = True
    popup: bool = False
    cause: Cause = ""
    reason: str = ""


def stand(target: Target, sight: Sight) -> Standing:
    """Where the target may be looked for today."""
    app = recorded_app(target)
    if not app:
        return Standing(sight.windows, sure=False, popup=not sight.windows)
    own = tuple(window for window in sight.windows if same_name(window.app, app))
    if not own:
        return Standing(cause="wrong-application", reason=f"no window of {app} is on the screen; {_instead(sight)}")
    if target.window is None:
        return Standing(own, sure=len(own) == 1)
    return _among(target, target.window, own)


def _among(target: Target, recorded: Window, own: tuple[Window, ...]) -> Standing:
    """The windows of the application that are of the recorded kind."""
    likeness = {window: title_likeness(recorded.title, window.title) for window in own}
    best = max(likeness.values())
    popup = not recorded.bounds.contains(target.point)
    if best > 0:
        return Standing(tuple(window for window in own if likeness[window] == best), popup=popup)
    if is_dialog(target.element):
        shown = own[0].title or "untitled"
        reason = f"the dialog '{recorded.title}' of {recorded.app} is not open; '{shown}' is"
        return Standing(cause="wrong-window", reason=reason)
    return Standing(own, sure=False, popup=popup)


def recorded_app(target: Target) -> str:
    """The application that the recording names; empty when it names none."""
    return target.window.app if target.window else target.element.app if target.element else ""


def same_name(first: str, second: str) -> bool:
    """Whether two application names are one: systems differ in capitals."""
    return first.strip().casefold() == second.strip().casefold()


def is_dialog(element: Element | None) -> bool:
    """Whether the element stands in a window that asks something."""
    return element is not None and bool(element.path) and element.path[0].role in DIALOG_ROLES


def in_popup(element: Element | None) -> bool:
    """Whether the element stands in an open menu or a tool tip; the entries of a menu bar do not."""
    if element is None or element.role not in MENU_ROLES:
        return False
    return not element.path or element.path[-1].role != "menu bar"


def title_likeness(recorded: str, now: str) -> float:
    """How surely two titles are of one kind of window: 1 the same, 0 not alike."""
    first, second = (title.strip().lstrip("*•● ") for title in (recorded, now))
    if first == second:
        return 1.0
    ends = [SEPARATORS.split(title)[-1].strip().casefold() for title in (first, second)]
    if ends[0] and ends[0] == ends[1]:
        return 0.8
    ratio = SequenceMatcher(None, first.casefold(), second.casefold()).ratio()
    return 0.6 if ratio >= ALIKE_TITLES else 0.0


def expected_places(target: Target, standing: Standing) -> tuple[Point, ...]:
    """Where the target would be if its window had only been moved or resized, likeliest first.

    From the top left, from the bottom right and from the other two corners, in every window that may hold it.
    """
    if target.window is None:
        return (target.point,)
    old, point, places = target.window.bounds, target.point, []
    for window in standing.windows:
        new = window.bounds
        from_left, from_right = new.x + point.x - old.x, new.right + point.x - old.right
        from_top, from_bottom = new.y + point.y - old.y, new.bottom + point.y - old.bottom
        places += [
            Point(x, y)
            for x, y in (
                (from_left, from_top),
                (from_right, from_bottom),
                (from_right, from_top),
                (from_left, from_bottom),
            )
        ]
    inside = [place for place in places if standing.popup or any(w.bounds.contains(place) for w in standing.windows)]
    return tuple(dict.fromkeys(inside))


def search_areas(standing: Standing, whole: Rect) -> tuple[Rect, ...]:
    """The parts of the desktop in which pixels may be looked for, inside `whole`."""
    if standing.popup or not standing.windows:
        return (whole,)
    parts = (window.bounds.intersection(whole) for window in standing.windows)
    return tuple(dict.fromkeys(part for part in parts if part is not None))


def covering(point: Point, standing: Standing, sight: Sight) -> Window | None:
    """The window that lies over the place, when it is none of those that may hold the target.

    Pop-ups are in no window list: beneath them any window of the desktop may be.
    """
    if standing.popup:
        return None
    top = next((window for window in sight.windows if window.bounds.contains(point)), None)
    return top if top is not None and top not in standing.windows else None


def _instead(sight: Sight) -> str:
    """What is on the screen, for the sentence."""
    names = list(dict.fromkeys(window.app for window in sight.windows))
    return f"there is {', '.join(names[:4])}" if names else "there is no window at all"
