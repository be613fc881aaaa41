"""What a step means, by rules: what was done, in which part of which window, and what came of it."""

from workbench.actions import Activate, Click, PressKeys
from workbench.report.words import describe_placed, quoted
from workbench.trajectory import Step, Window

_CHANGED_MARKS = "*•● "
"""What programs put in front of a title whose document was changed: no other window."""

_TURNED = {"checked": ("which ticks it", "which unticks it"), "expanded": ("which unfolds it", "which folds it")}


def meaning(step: Step) -> str:
    """The step in one line, such as “click the button “Open” in the toolbar of Mousepad, which leads to …”."""
    return ", ".join(filter(None, [describe_placed(step), consequence(step)]))


def consequence(step: Step) -> str:
    """What came of the step, as the end of a sentence about it; empty where nothing telling was seen."""
    window = new_window(step)
    if window is not None and isinstance(step.action, Click | PressKeys):
        return f"which leads to the window {quoted(title_of(window))}"
    return turned(step)


def new_window(step: Step) -> Window | None:
    """The window that came to the front with the step; None where it stayed the same."""
    was, now = step.observation.window, step.outcome.window
    if isinstance(step.action, Activate) or was is None or now is None or not title_of(now):
        return None
    return None if same_window(was, now) else now


def same_window(one: Window, other: Window) -> bool:
    """Whether both are the same window, by program and title; whether its document is saved is no matter."""
    return one.app == other.app and title_of(one) == title_of(other)


def title_of(window: Window) -> str:
    """The title without the mark of a changed document; the program's name where it has none."""
    return window.title.strip(_CHANGED_MARKS) or window.app.strip()


def turned(step: Step) -> str:
    """What became of a box that was ticked or a part that was unfolded."""
    was, now = step.target.element if step.target else None, step.outcome.element
    if was is None or now is None or (was.role, was.name) != (now.role, now.name):
        return ""
    for state, (on, off) in _TURNED.items():
        if (state in was.states) != (state in now.states):
            return on if state in now.states else off
    return ""


def had_no_effect(step: Step) -> bool:
    """Whether it was seen that nothing at all followed a click; of what was made elsewhere changes may be unknown."""
    before, after = step.observation.frame, step.outcome.frame
    seen = None not in (before, after) and (before == after or step.first_event is not None)
    nothing = not step.outcome.changed and new_window(step) is None and not turned(step)
    return isinstance(step.action, Click) and seen and nothing
