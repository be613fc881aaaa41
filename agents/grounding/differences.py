"""What differs between two moments of the desktop, in words: windows, focus, states and values, lines, pixels.

Text of the screen is quoted cleaned and cut: it is data for whoever reads it later. No value of a password is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agents.screen.controls import clean
from agents.screen.listing import Line, called, cut
from agents.screen.reading import Read
from workbench.desktop.ports import Frame
from workbench.geometry import Rect
from workbench.locate import identity
from workbench.locate.sight import Sight
from workbench.session.expecting import GLOW_PX, TELLING_STATES
from workbench.session.observing import Moments, lasting_changes
from workbench.trajectory import Element, Window

QUOTED = 36
"""Characters of a name or value that are quoted."""

NAMED = 2
"""So many lines are named where several are new or gone."""


@dataclass(frozen=True)
class Change:
    """Two moments, and their element lists where there are whole ones; the later is marked against the earlier.

    `acted_on` is the window that a step went to in between, None where that is the one that was in front.
    """

    before: Sight
    after: Sight
    list_before: Read | None
    list_after: Read | None
    acted_on: Window | None = None

    def is_own(self, window: Window) -> bool:
        """Whether the step can have opened or closed it: it is of the same application, or it is or was in front."""
        there = self.acted_on or self.before.active
        if there is not None and (window.app == there.app or (window.pid is not None and window.pid == there.pid)):
            return True
        fronts = (self.before.active, self.after.active)
        return any(front is not None and front.handle == window.handle for front in fronts)


@dataclass(frozen=True)
class Difference:
    """One thing that differs: by which sign, and in words.

    With `mere` it shows no more than that the click arrived: the button that was clicked has the focus now. What is
    `foreign`, such as the window of a notification, is worth telling and proves nothing.
    """

    by: Literal["window", "text", "state", "focus", "list", "region"]
    words: str
    mere: bool = False
    foreign: bool = False


def changes_between(change: Change, element: Element | None, *, ignored: Sequence[Rect] = ()) -> tuple[Difference, ...]:
    """What differs, the most telling first; `element` is what was acted on.

    Pixels count only where nothing else of weight differs, and not in `ignored` places, which may glow by themselves.
    """
    listed: list[Difference] = []
    if change.list_before is not None and change.list_after is not None:
        focus = _focus(change.list_before, change.list_after, element)
        listed = [*_lines(change.list_before, change.list_after), *focus]
    found = [*_windows(change), *_states(change, element), *listed]
    if all(one.mere or one.foreign for one in found):
        found = [*_pixels(change, (*ignored, *_focus_moved(change), *_foreign(change))), *found]
    return tuple(found)


def _windows(change: Change) -> list[Difference]:
    before, after = change.before.windows, change.after.windows
    found = [_came_or_went(change, window, "opened") for window in _without_those(after, before)]
    found += [_came_or_went(change, window, "closed") for window in _without_those(before, after)]
    front = [] if any(not one.foreign for one in found) else _front(change.before.active, change.after.active)
    return [*front, *found]


def _came_or_went(change: Change, window: Window, how: str) -> Difference:
    own = change.is_own(window)
    whose = "" if own else f" of {_quote(window.app)}"
    return Difference("window", f"the window {_quote(window.title)}{whose} {how}", foreign=not own)


def _without_those(windows: Sequence[Window], others: Sequence[Window]) -> list[Window]:
    known = {window.handle for window in others}
    return [window for window in windows if window.handle not in known]


def _foreign(change: Change) -> list[Rect]:
    """Where windows came or went that the step has nothing to do with."""
    before, after = change.before.windows, change.after.windows
    moved = (*_without_those(after, before), *_without_those(before, after))
    return [window.bounds for window in moved if not change.is_own(window)]


def _front(was: Window | None, now: Window | None) -> list[Difference]:
    if was is None or now is None:
        return [] if was is now else [Difference("window", "no window is in front" if now is None else _in_front(now))]
    if was.handle != now.handle:
        return [Difference("window", _in_front(now))]
    if was.title != now.title:
        return [Difference("window", f"the window is now called {_quote(now.title)}")]
    return []


def _in_front(window: Window) -> str:
    return f"the window {_quote(window.title)} came to the front"


def _states(change: Change, element: Element | None) -> list[Difference]:
    """What changed of the element that was acted on."""
    accessibility = change.after.accessibility
    now = accessibility.refresh(element) if accessibility is not None and element is not None else None
    if element is None or now is None:
        return []
    on = sorted((set(now.states) - set(element.states)) & TELLING_STATES)
    off = sorted((set(element.states) - set(now.states)) & TELLING_STATES)
    words = [f"is now {state}" for state in on] + [f"is no longer {state}" for state in off]
    if now.value != element.value and now.value is not None and not now.password:
        words.append(f"holds {_quote(now.value)}")
    return [Difference("state", f"the {_told(now)} {' and '.join(words)}")] if words else []


def _told(element: Element) -> str:
    """Role and name, the name in the quotation marks that no name can end."""
    name = identity.called(element)
    return f"{identity.role_of(element)} {_quote(name)}" if name else f"nameless {identity.role_of(element)}"


def _lines(then: Read, now: Read) -> list[Difference]:
    before, after = _controls(then), _controls(now)
    if not _is_marked(before, after):
        known = {(line.role, line.name, line.value) for line in before}
        same = [line for line in after if (line.role, line.name, line.value) in known]
        if len(same) == len(after) == len(before):
            return []
        return [Difference("list", f"the screen shows {len(after)} other controls")]
    new, changed = ([line for line in after if line.mark == mark] for mark in ("new", "changed"))
    gone = _gone(then, now)
    told = [*_counted("new", new), *_changed(changed), *_counted("gone", gone)]
    return [Difference("list", words) for words in told]


def _controls(read: Read) -> list[Line]:
    """The lines without those of other windows, which are compared by themselves."""
    return [line for line in read.shown.lines if line.role != "window"]


def _is_marked(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether the later list was compared with the earlier one: it is not where the screen is another one."""
    if any(line.mark for line in after):
        return True
    names = {(line.role, line.name) for line in before}
    return any((line.role, line.name) in names for line in after) or not (before or after)


def _gone(before: Read, after: Read) -> list[Line]:
    left = {_key(line, after) for line in _controls(after)}
    return [line for line in _controls(before) if _key(line, before) not in left]


def _key(line: Line, read: Read) -> object:
    return read.elements[line.ref].ref or (line.role, line.name)


def _counted(word: str, lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    names = ", ".join(called(line, _quote) for line in lines[:NAMED])
    if len(lines) <= NAMED:
        return [f"{word}: {names}"]
    return [f"{len(lines)} {word} controls: {names} …" if word == "new" else f"{len(lines)} controls {word}"]


def _changed(lines: Sequence[Line]) -> list[str]:
    told = [_now(line) for line in lines[:NAMED]]
    return [*told, f"{len(lines) - NAMED} more changed"] if len(lines) > NAMED else told


def _now(line: Line) -> str:
    if line.value and line.role != "password field":
        return f"{called(line, _quote)} holds {_quote(line.value)}"
    states = " and ".join(line.states)
    return f"{called(line, _quote)} is now {states}" if states else f"{called(line, _quote)} changed"


def _focus(then: Read, now: Read, acted_on: Element | None) -> list[Difference]:
    """Where the focus went."""
    was, line = _focused(then), _focused(now)
    if line is None or (was is not None and _key(was, then) == _key(line, now)):
        return []
    mere = acted_on is not None and acted_on.value is None and now.elements[line.ref].ref == acted_on.ref
    return [Difference("focus", f"the focus is on {called(line, _quote)}", mere)]


def _focus_moved(change: Change) -> list[Rect]:
    """Where a focus ring went or came; nothing where the focus stayed."""
    then, now = change.list_before, change.list_after
    was, line = (_focused(read) if read else None for read in (then, now))
    if then is None or now is None or (was is not None and line is not None and _key(was, then) == _key(line, now)):
        return []
    places = [then.elements[was.ref].bounds if was else None, now.elements[line.ref].bounds if line else None]
    return [place.grown(GLOW_PX) for place in places if place]


def _focused(read: Read) -> Line | None:
    return next((line for line in read.shown.lines if "focused" in line.states), None)


def _pixels(change: Change, ignored: Sequence[Rect]) -> list[Difference]:
    """Where pixels changed for longer than a moment, in the window that was or is in front."""
    after = _without(change.after.frame, change.before.frame, ignored)
    changed = lasting_changes(Moments(change.before.frame, after))
    windows = [window.bounds for window in (change.before.active, change.after.active) if window]
    told = [region for region in changed if not windows or any(region.intersection(bounds) for bounds in windows)]
    if not told:
        return []
    largest = told[0]
    middle = largest.centre
    return [Difference("region", f"{largest.width}x{largest.height} pixels changed around {middle.x},{middle.y}")]


def _without(now: Frame, before: Frame, places: Sequence[Rect]) -> Frame:
    """Today's frame with these places as they were before."""
    inside = [place for place in (now.bounds.intersection(one) for one in places) if place]
    if now.bounds != before.bounds or not inside:
        return now
    covered = replace(now, pixels=now.pixels.copy())
    for place in inside:
        covered.crop(place)[:] = before.crop(place)
    return covered


def _quote(text: str) -> str:
    plain = clean(text).replace("“", "'").replace("”", "'").replace('"', "'")
    return f"“{cut(plain, QUOTED)}”"
