"""The rules of risk over the element list, for judging a step before anybody has found its place on the screen.

The rules themselves are those of every run (`workbench.approving.risk`); an approver asks them again at the place.
"""

from agents.screen.listing import ElementList, Line
from workbench.approval import Assessment
from workbench.approving.risk import Scene, assess
from workbench.geometry import Rect
from workbench.trajectory import Element, Step

BUTTONS = frozenset({"button", "link"})
"""Roles that Enter may press."""

_NOWHERE = Rect(0, 0, 0, 0)
_ROLES = {"button": "push button", "password field": "password text", "field": "entry", "text area": "text"}


def assess_listed(step: Step, shown: ElementList, *, line: Line | None = None, said: str = "") -> Assessment:
    """What the step could cost on this screen; `line` is where it goes, `said` what the planner says it does."""
    buttons = tuple(each.name for each in shown.lines if each.role in BUTTONS and "disabled" not in each.states)
    element = _element(line, shown) if line else None
    last = line.value.rstrip().splitlines() if line else []
    return assess(
        step, Scene(shown.app, shown.window, element, buttons=buttons, line=last[-1] if last else "", said=said)
    )


def _element(line: Line, shown: ElementList) -> Element:
    """The line as the rules read it: role and name, without a place."""
    role = _ROLES.get(line.role, line.role)
    return Element(shown.app, shown.window, role, line.name, _NOWHERE, password=line.role == "password field")
