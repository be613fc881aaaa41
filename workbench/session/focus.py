"""Whether the keyboard would reach what it reached in the recording."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from workbench.actions import TypeText
from workbench.locate.sight import Sight
from workbench.locate.verdict import Cause, Verdict, Vote
from workbench.trajectory import Element, Step, Window

ALIKE = 0.5
"""Titles that share half of their letters name the same kind of window: documents change, the program's part stays."""

EDITABLE = frozenset({"text", "entry", "password text", "terminal", "document web", "document frame", "paragraph"})
"""Roles whose accessible name may be their content or nothing, so that it says little about which field it is."""


@dataclass(frozen=True)
class Found:
    """A verdict about a place or the focus, and the accessible element it is about."""

    ok: bool
    verdict: Verdict
    element: Element | None = None


def focus_verdict(step: Step, sight: Sight) -> Found:
    """Whether the recorded window and, where accessibility sees it, the recorded field have the focus."""
    window = step.target.window if step.target and step.target.window else step.observation.window
    refusal = _window_refusal(window, sight.active)
    if refusal is not None:
        return Found(False, refusal)
    recorded = step.target.element if step.target else None
    focused = sight.accessibility.focused() if sight.accessibility else None
    if isinstance(step.action, TypeText) and step.action.secret is not None:
        refused = _secret_refusal(recorded, window, focused)
        if refused is not None:
            return refused
    if recorded is None or (focused is None and not _heard(recorded, sight)):
        return Found(True, Verdict(confidence=0.6, reason="the recorded window has the focus"), focused)
    if focused is None:
        return _refuse("missing", f"nothing has the focus; it was on {_called(recorded)}")
    if not same_field(recorded, focused):
        return _refuse("renamed", _elsewhere(recorded, focused))
    vote = Vote("element", "found", region=focused.bounds, confidence=1.0, reason=f"{_called(focused)} has the focus")
    return Found(True, Verdict(located_by=("element",), confidence=1.0, votes=(vote,)), focused)


def same_field(recorded: Element, today: Element) -> bool:
    """Whether both are the same field of the same application, whatever it holds."""
    if (recorded.app, recorded.role, recorded.password) != (today.app, today.role, today.password):
        return False
    if recorded.label and today.label:
        return recorded.label == today.label
    if recorded.role in EDITABLE:
        return _stand_alike(recorded, today) and recorded.index == today.index
    return recorded.name == today.name


def alike(recorded: str, today: str) -> bool:
    """Whether two window titles name the same kind of window."""
    return recorded == today or SequenceMatcher(None, recorded, today, autojunk=False).ratio() >= ALIKE


def same_window(recorded: Window, today: Window | None) -> bool:
    """Whether both are the same kind of window of the same application."""
    return today is not None and recorded.app == today.app and alike(recorded.title, today.title)


def _window_refusal(recorded: Window | None, active: Window | None) -> Verdict | None:
    if recorded is None or same_window(recorded, active):
        return None
    cause: Cause = "wrong-window" if active and active.app == recorded.app else "wrong-application"
    where = f"{active.title!r} of {active.app}" if active else "no window"
    return Verdict(cause=cause, reason=f"the focus is in {where}; it was in {recorded.title!r} of {recorded.app}")


def _secret_refusal(recorded: Element | None, window: Window | None, focused: Element | None) -> Found | None:
    app = recorded.app if recorded else window.app if window else None
    if app is None:
        return _refuse("no-witness", "the recording does not say into which application its secret belongs")
    if focused is None or not focused.password or focused.app != app:
        return _refuse("missing", f"a secret is typed into a password field of {app} only, and none has the focus")
    return None


def _refuse(cause: Cause, reason: str) -> Found:
    vote = Vote("element", "veto" if cause == "renamed" else "absent", reason=reason, cause=cause)
    return Found(False, Verdict(votes=(vote,), cause=cause, reason=reason))


def _heard(recorded: Element, sight: Sight) -> bool:
    return sight.accessibility is not None and sight.accessibility.speaks_for(recorded.app) is not False


def _elsewhere(recorded: Element, focused: Element) -> str:
    """Where the focus is instead, in words that tell the two fields apart."""
    was, now = _called(recorded), _called(focused)
    if was != now:
        return f"the focus is on {now}; it was on {was}"
    if recorded.app != focused.app:
        return f"the focus is on {now} of {focused.app}; it was on {was} of {recorded.app}"
    place = focused.bounds.centre
    return f"the focus is on another field of the same kind than it was: on {now} at {place.x}, {place.y}"


def _called(element: Element) -> str:
    name = element.label or (element.name if element.role not in EDITABLE else "")
    return f"the {element.role} {name!r}" if name else f"a {element.role}"


def _stand_alike(recorded: Element, today: Element) -> bool:
    """Whether what is above both has the same roles, as far up as a busy application told in time."""
    short, long = sorted((recorded, today), key=lambda element: len(element.path))
    one, other = ([node.role for node in element.path] for element in (short, long))
    return one == other or (bool(one) and not short.has_whole_path and other[-len(one) :] == one)
