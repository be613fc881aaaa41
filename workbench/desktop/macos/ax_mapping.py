"""From what AX says of an element to what trajectories know: roles and states in the words of AT-SPI."""

from dataclasses import dataclass

from workbench.desktop.trees import NodeFacts
from workbench.geometry import Rect

ROLES = {
    "AXApplication": "application",
    "AXBrowser": "tree table",
    "AXBusyIndicator": "progress bar",
    "AXButton": "push button",
    "AXCell": "table cell",
    "AXCheckBox": "check box",
    "AXColorWell": "push button",
    "AXColumn": "table column header",
    "AXComboBox": "combo box",
    "AXDateField": "date editor",
    "AXDisclosureTriangle": "toggle button",
    "AXGrid": "table",
    "AXGroup": "panel",
    "AXHeading": "heading",
    "AXHelpTag": "tool tip",
    "AXImage": "image",
    "AXIncrementor": "spin button",
    "AXLevelIndicator": "level bar",
    "AXLink": "link",
    "AXList": "list",
    "AXMenu": "menu",
    "AXMenuBar": "menu bar",
    "AXMenuBarItem": "menu",
    "AXMenuButton": "push button",
    "AXMenuItem": "menu item",
    "AXOutline": "tree table",
    "AXPopUpButton": "combo box",
    "AXProgressIndicator": "progress bar",
    "AXRadioButton": "radio button",
    "AXRadioGroup": "panel",
    "AXRow": "table row",
    "AXScrollArea": "scroll pane",
    "AXScrollBar": "scroll bar",
    "AXSheet": "dialog",
    "AXSlider": "slider",
    "AXSplitGroup": "split pane",
    "AXSplitter": "separator",
    "AXStaticText": "label",
    "AXTabGroup": "page tab list",
    "AXTable": "table",
    "AXTextArea": "text",
    "AXTextField": "text",
    "AXTimeField": "date editor",
    "AXToolbar": "tool bar",
    "AXValueIndicator": "filler",
    "AXWebArea": "document web",
    "AXWindow": "frame",
}

SUBROLES = {
    "AXSecureTextField": "password text",
    "AXDialog": "dialog",
    "AXSystemDialog": "dialog",
    "AXTabButton": "page tab",
    "AXToggle": "toggle button",
    "AXSwitch": "toggle button",
    "AXOutlineRow": "tree item",
    "AXSearchField": "text",
}
"""Subroles that say more than their role."""

NOWHERE = Rect(0, 0, 0, 0)
"""The bounds of an element that has no place."""

_CHECKED = {"1": "checked", "2": "indeterminate"}
_CHECKABLE = frozenset({"check box", "radio button", "toggle button"})


@dataclass(frozen=True)
class AxFacts:
    """The attributes of one element, as read; None where it does not have the attribute.

    `bounds` are desktop pixels; `visible` is what of them lies inside the window and its scroll areas. `value` must
    not be read from a secure field.
    """

    address: str
    role: str
    subrole: str = ""
    title: str = ""
    description: str = ""
    help_text: str = ""
    labelled_by: str = ""
    placeholder: str = ""
    value: str | None = None
    bounds: Rect = NOWHERE
    visible: Rect | None = None
    enabled: bool | None = None
    focused: bool = False
    selected: bool | None = None
    expanded: bool | None = None
    settable: bool = False


def is_password(facts: AxFacts) -> bool:
    """Whether the field hides what is typed."""
    return facts.subrole == "AXSecureTextField"


def role_of(facts: AxFacts) -> str:
    """The role in the words of AT-SPI; unknown roles are `unknown`."""
    return SUBROLES.get(facts.subrole) or ROLES.get(facts.role, "unknown")


def name_of(facts: AxFacts) -> str:
    """What a person would call the element: its title, its description, or the text that it shows."""
    shown = facts.value if facts.role == "AXStaticText" else None
    return facts.title or facts.description or shown or ""


def states_of(facts: AxFacts) -> tuple[str, ...]:
    """The states that hold, sorted. An element without the attribute is taken as enabled, as AX documents."""
    enabled = facts.enabled is not False
    role = role_of(facts)
    held = {
        "enabled": enabled,
        "sensitive": enabled,
        "focused": facts.focused,
        "showing": facts.visible is not None and facts.visible.area > 0,
        "visible": facts.bounds.area > 0,
        "checkable": role in _CHECKABLE,
        "selectable": facts.selected is not None,
        "selected": bool(facts.selected),
        "expandable": facts.expanded is not None,
        "expanded": bool(facts.expanded),
        "editable": facts.settable and role in ("text", "password text", "combo box"),
        "multi-line": facts.role == "AXTextArea",
    }
    states = {state for state, holds in held.items() if holds}
    if role in _CHECKABLE and facts.value in _CHECKED:
        states.add(_CHECKED[facts.value])
    return tuple(sorted(states))


def node_facts(facts: AxFacts) -> NodeFacts:
    """What the workbench keeps of the element; the value of a password is dropped even where it was read."""
    password, name = is_password(facts), name_of(facts)
    return NodeFacts(
        role=role_of(facts),
        name=name,
        bounds=facts.bounds,
        address=facts.address,
        states=states_of(facts),
        label="" if name else facts.labelled_by or facts.placeholder,
        description=facts.help_text,
        value=None if password else facts.value,
        password=password,
    )
