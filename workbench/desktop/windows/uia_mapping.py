"""From what UI Automation says of an element to what trajectories know: roles and states in the words of AT-SPI."""

from dataclasses import dataclass

from workbench.desktop.trees import NodeFacts
from workbench.geometry import Rect

ROLES = {
    50000: "push button",
    50001: "calendar",
    50002: "check box",
    50003: "combo box",
    50004: "text",
    50005: "link",
    50006: "image",
    50007: "list item",
    50008: "list",
    50009: "menu",
    50010: "menu bar",
    50011: "menu item",
    50012: "progress bar",
    50013: "radio button",
    50014: "scroll bar",
    50015: "slider",
    50016: "spin button",
    50017: "status bar",
    50018: "page tab list",
    50019: "page tab",
    50020: "label",
    50021: "tool bar",
    50022: "tool tip",
    50023: "tree",
    50024: "tree item",
    50025: "panel",
    50026: "panel",
    50027: "filler",
    50028: "table",
    50029: "table row",
    50030: "document text",
    50031: "push button",
    50032: "frame",
    50033: "panel",
    50034: "header",
    50035: "table column header",
    50036: "table",
    50037: "title bar",
    50038: "separator",
    50039: "panel",
    50040: "tool bar",
}
"""The control types of UI Automation, by their numbers."""

_EDIT, _BUTTON, _WINDOW = 50004, 50000, 50032
_DIALOG_CLASS = "#32770"
_REFINED = {"password text": (_EDIT,), "toggle button": (_BUTTON,), "dialog": (_WINDOW,)}

EXPANDED = 1
ON = 1
MIXED = 2


@dataclass(frozen=True)
class UiaFacts:
    """The properties of one element, as read; None where it does not support the pattern.

    `bounds` are left, top, right, bottom in physical pixels. `value` must not be read from a password field.
    """

    control_type: int
    runtime_id: tuple[int, ...]
    name: str = ""
    bounds: tuple[int, int, int, int] = (0, 0, 0, 0)
    class_name: str = ""
    help_text: str = ""
    labelled_by: str = ""
    value: str | None = None
    password: bool = False
    enabled: bool = True
    focused: bool = False
    focusable: bool = False
    offscreen: bool = False
    toggle: int | None = None
    selected: bool | None = None
    expansion: int | None = None
    read_only: bool | None = None


def role_of(facts: UiaFacts) -> str:
    """The role in the words of AT-SPI; unknown control types are `unknown`."""
    if facts.control_type == _EDIT and facts.password:
        return "password text"
    if facts.control_type == _BUTTON and facts.toggle is not None:
        return "toggle button"
    if facts.control_type == _WINDOW and facts.class_name == _DIALOG_CLASS:
        return "dialog"
    return ROLES.get(facts.control_type, "unknown")


def control_types_of(role: str) -> tuple[int, ...]:
    """The control types whose elements may have this role; none for a role that Windows does not know."""
    return _REFINED.get(role) or tuple(number for number, name in ROLES.items() if name == role)


def states_of(facts: UiaFacts) -> tuple[str, ...]:
    """The states that hold, sorted."""
    held = {
        "enabled": facts.enabled,
        "sensitive": facts.enabled,
        "focused": facts.focused,
        "focusable": facts.focusable,
        "showing": not facts.offscreen and rect_of(facts.bounds).area > 0,
        "visible": not facts.offscreen,
        "checkable": facts.toggle is not None,
        "checked": facts.toggle == ON,
        "indeterminate": facts.toggle == MIXED,
        "selectable": facts.selected is not None,
        "selected": bool(facts.selected),
        "expandable": facts.expansion is not None,
        "expanded": facts.expansion == EXPANDED,
        "editable": facts.read_only is False,
        "read-only": bool(facts.read_only),
    }
    return tuple(sorted(state for state, holds in held.items() if holds))


def rect_of(bounds: tuple[int, int, int, int]) -> Rect:
    """Left, top, right, bottom as a rectangle; empty where the element has no place."""
    left, top, right, bottom = bounds
    return Rect(left, top, max(0, right - left), max(0, bottom - top))


def address_of(runtime_id: tuple[int, ...]) -> str:
    """The element's run-time identifier as text."""
    return ".".join(str(part) for part in runtime_id)


def node_facts(facts: UiaFacts) -> NodeFacts:
    """What the workbench keeps of the element; the value of a password is dropped even where it was read."""
    return NodeFacts(
        role=role_of(facts),
        name=facts.name,
        bounds=rect_of(facts.bounds),
        address=address_of(facts.runtime_id),
        states=states_of(facts),
        label="" if facts.name else facts.labelled_by,
        description=facts.help_text,
        value=None if facts.password else facts.value,
        password=facts.password,
    )
