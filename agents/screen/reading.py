"""From today's screen to the element list: what the window in front offers, in as few lines as possible.

The alignment of observations to what a language model reads well follows AgentOccam (arXiv 2410.13825): one line per
control, labels and controls merged, redundant text left out, what changed marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from agents.screen.changes import Seen, compared
from agents.screen.controls import clean, controls_of
from agents.screen.listing import MOST_LINES, ElementList, Line, reference
from agents.screen.outline import Node, Sheet, outlined, window_of
from agents.screen.placing import Control, told_apart
from agents.screen.ranking import ranked
from agents.screen.roles import DIALOG_ROLES
from workbench.geometry import Point, Rect, union
from workbench.locate.identity import role_of
from workbench.locate.sight import Sight
from workbench.trajectory import Element, Window


@dataclass(frozen=True)
class Read:
    """The list that a model is shown, and which element each of its references means.

    The elements have the bounds of the part that shows (desktop pixels); those of other windows and of printed text
    have no `ref`. No element holds the value of a password. `seen` is everything there was, for the next look to
    compare with.
    """

    shown: ElementList
    elements: Mapping[str, Element]
    seen: tuple[Seen, ...] = field(default=(), repr=False)


def read_screen(sight: Sight, *, before: Read | None = None, most: int = 60, wanted: str = "") -> Read:
    """The controls of the window in front, of its menus and dialogs, and one line for every other window.

    At most `most` lines, up to 99, chosen by `agents.screen.ranking` with the words of `wanted`. With `before`, what
    was on that list keeps its order and what is new or changed is marked. An application without accessibility has no
    lines but the other windows; see `read_printed`. Asks the accessibility, so it belongs to its thread; raises
    nothing.
    """
    seen = _told_apart([*_controls(sight), *_other_windows(sight)])
    if before is not None and sight.active and before.shown.app == sight.active.app:
        seen = compared(seen, before.seen)
    return _read(sight.active, seen, most=most, wanted=wanted)


def read_printed(sight: Sight, *, most: int = 60, wanted: str = "") -> Read:
    """The text printed in the window in front, one line each, for applications without accessibility.

    Blocks for as long as reading text takes (`workbench.locate.ocr`); raises `UnavailableError` without its models.
    """
    from workbench.locate.ocr import read_text

    window = sight.active
    area = window.bounds.intersection(sight.frame.bounds) if window else None
    if window is None or area is None:
        return _read(window, (), most=most, wanted=wanted)
    printed = read_text(sight.frame.crop(area), Point(area.x, area.y))
    found = [_printed(window, clean(one.text), one.bounds) for one in printed if clean(one.text)]
    return _read(window, _told_apart(found), most=most, wanted=wanted)


def _printed(window: Window, text: str, bounds: Rect) -> Control:
    return Control(Element(window.app, window.title, "text", text, bounds), "text", text)


def _told_apart(found: Sequence[Control]) -> list[Seen]:
    return [Seen(control, near) for control, near in zip(found, told_apart(found), strict=True)]


def _read(window: Window | None, seen: Sequence[Seen], *, most: int, wanted: str) -> Read:
    kept = ranked(seen, most=max(0, min(most, MOST_LINES)), wanted=wanted)
    lines = tuple(_line(reference(number), one) for number, one in enumerate(kept, 1))
    app, title = (clean(window.app), clean(window.title)) if window else ("", "")
    shown = ElementList(app, title, lines, left_out=len(seen) - len(kept))
    elements = {line.ref: one.control.element for line, one in zip(lines, kept, strict=True)}
    return Read(shown, MappingProxyType(elements), tuple(seen))


def _line(ref: str, seen: Seen) -> Line:
    control = seen.control
    return Line(ref, control.role, control.name, control.value, control.states, seen.near, seen.mark)


def _controls(sight: Sight) -> list[Control]:
    """The controls of the application in front, its window first, then what it opened beside it."""
    if sight.active is None or sight.accessibility is None:
        return []
    desktop = union(screen.bounds for screen in sight.screens) if sight.screens else sight.frame.bounds
    found: tuple[list[Control], list[Control]] = ([], [])
    for root in outlined(sight.accessibility.walk(sight.active.app)):
        window = window_of(root.element, sight.windows)
        in_front = window == sight.active
        if in_front or window is None or _is_dialog(root):
            sheet = _sheet(root.element, window, sight.windows, desktop)
            found[not in_front].extend(controls_of(root, sheet, desktop, on_top=not in_front or _is_dialog(root)))
    return [*found[False], *found[True]]


def _is_dialog(root: Node) -> bool:
    return role_of(root.element) in DIALOG_ROLES


def _sheet(root: Element, window: Window | None, windows: Sequence[Window], desktop: Rect) -> Sheet:
    """Where the controls of a toplevel can show: inside it, and where no other window lies on top of it."""
    area = root.bounds.intersection(desktop) if not root.path and root.bounds.area else desktop
    above = windows[: windows.index(window)] if window else ()
    return Sheet(area or Rect(desktop.x, desktop.y, 0, 0), tuple(one.bounds for one in above))


def _other_windows(sight: Sight) -> list[Control]:
    others = [window for window in sight.windows if window != sight.active and clean(window.title)]
    return [_window(window) for window in others]


def _window(window: Window) -> Control:
    title = clean(window.title)
    return Control(Element(window.app, window.title, "frame", title, window.bounds), "window", title)
