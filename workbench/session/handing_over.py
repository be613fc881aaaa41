"""A person takes over for a while: what the desktop was like before and after, and the difference in words."""

from dataclasses import dataclass

from workbench.desktop.ports import Frame
from workbench.locate.sight import Sight
from workbench.report.words import quoted
from workbench.trajectory import Element, Window

MOST_NAMED = 3
"""Windows that are named one by one; of more only the number is told."""


@dataclass(frozen=True)
class Moment:
    """Windows, focus and picture of one instant."""

    active: Window | None
    windows: tuple[Window, ...]
    focused: Element | None
    frame: Frame

    @classmethod
    def of(cls, sight: Sight) -> "Moment":
        """This instant of the sight's desktop."""
        focused = sight.accessibility.focused() if sight.accessibility else None
        return cls(sight.active, sight.windows, focused, sight.frame)


def what_changed(before: Moment, after: Moment) -> str:
    """What can be seen to be different, in one line; what was typed is never in it."""
    was = {_key(window): window for window in before.windows}
    now = {_key(window): window for window in after.windows}
    parts = [
        _named("opened", [window for key, window in now.items() if key not in was]),
        _named("closed", [window for key, window in was.items() if key not in now]),
        *[_renamed(was[key], window) for key, window in now.items() if key in was],
        _front(before.active, after.active),
        _focus(before.focused, after.focused),
        _picture(before.frame, after.frame),
    ]
    return "; ".join(part for part in parts if part) or "nothing that can be seen has changed"


def _key(window: Window) -> object:
    return window.handle if window.handle is not None else (window.app, window.title)


def _named(verb: str, windows: list[Window]) -> str:
    if not windows:
        return ""
    if len(windows) > MOST_NAMED:
        return f"{len(windows)} windows {verb}"
    names = ", ".join(quoted(window.title or window.app) for window in windows)
    return f"the window{'s' if len(windows) > 1 else ''} {names} {verb}"


def _renamed(was: Window, now: Window) -> str:
    return f"the window {quoted(was.title)} is called {quoted(now.title)} now" if was.title != now.title else ""


def _front(was: Window | None, now: Window | None) -> str:
    if now is None or (was is not None and _key(was) == _key(now)):
        return ""
    return f"{quoted(now.title or now.app)} is in front now"


def _focus(was: Element | None, now: Element | None) -> str:
    if now is None or (was is not None and (was.role, was.name, was.index) == (now.role, now.name, now.index)):
        return ""
    name = now.name or now.label
    return f"the {now.role}{f' {quoted(name)}' if name else ''} has the focus"


def _picture(was: Frame, now: Frame) -> str:
    if was.pixels.shape != now.pixels.shape:
        return "the screen has another size"
    share = float((was.pixels != now.pixels).any(axis=2).mean())
    return f"{max(share, 0.001):.1%} of the picture changed" if share else ""
