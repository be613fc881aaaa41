"""Whether a dialog of the application keeps the target from being used, though it does not cover it."""

from workbench.desktop.ports import Accessibility
from workbench.locate.sight import Sight
from workbench.locate.standing import Standing
from workbench.trajectory import DIALOG_ROLES, Window


def dialog_in_the_way(standing: Standing, sight: Sight) -> str:
    """A sentence naming the modal dialog in front of the windows that may hold the target; empty when there is none.

    Only accessibility knows what is modal; where it is blind a dialog counts only where it covers the target. A window
    in front that an application does not describe in time counts as well: it may be a question.
    """
    accessibility = sight.accessibility
    if accessibility is None:
        return ""
    for window in _in_front(standing, sight):
        unanswered = accessibility.unanswered
        if _is_modal(window, accessibility):
            return f"the dialog '{window.title}' of {window.app} is open and has to be answered first"
        if accessibility.unanswered != unanswered:
            return f"{window.app} does not say in time whether its window '{window.title}' has to be answered first"
    return ""


def _in_front(standing: Standing, sight: Sight) -> list[Window]:
    """Other windows of the application above the likeliest one that may hold the target."""
    if not standing.windows or standing.windows[0] not in sight.windows:
        return []
    behind = standing.windows[0]
    above = sight.windows[: sight.windows.index(behind)]
    return [window for window in above if window.app == behind.app and window not in standing.windows]


def _is_modal(window: Window, accessibility: Accessibility) -> bool:
    """Whether the window says that it is modal."""
    inside = accessibility.element_at(window.bounds.centre, window)
    if inside is None:
        return False
    role = inside.path[0].role if inside.path else inside.role
    if role not in DIALOG_ROLES:
        return False
    toplevels = (element for element in accessibility.walk(inside.app) if not element.path)
    return any("modal" in top.states for top in toplevels if top.role == role and top.name == inside.window)
