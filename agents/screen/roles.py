"""From the roles and states of the accessibility to the plain words of the element list."""

from collections.abc import Mapping

from agents.screen.listing import Role, State
from workbench.locate.identity import role_of, usable
from workbench.trajectory import Element

_WORDS: Mapping[Role, str] = {
    "button": "push button,toggle button,push button menu,color chooser,font chooser,directory pane,embedded button",
    "link": "link",
    "field": "text,entry,editbar,autocomplete,date editor,date field",
    "text area": "terminal,document text,document spreadsheet,document presentation,document email",
    "password field": "password text",
    "number field": "spin button",
    "checkbox": "check box",
    "option": "radio button",
    "switch": "switch",
    "tab": "page tab",
    "menu": "menu",
    "menu item": "menu item,check menu item,radio menu item,tearoff menu item",
    "dropdown": "combo box",
    "item": "list item,tree item,icon,desktop icon,table row",
    "cell": "table cell,row header,table row header",
    "slider": "slider,dial,rating",
    "heading": "heading,table column header,column header",
    "image": "image,chart",
    "text": "label,static,text leaf,caption,progress bar,level bar,timer,definition,math",
}

_ROLES: dict[str, Role] = {name: role for role, names in _WORDS.items() for name in names.split(",")}

FILLED: frozenset[Role] = frozenset(
    ("field", "text area", "password field", "number field", "dropdown", "slider", "checkbox", "option", "switch")
)
"""What takes a value; its name is often the label beside it."""

WRITTEN: frozenset[Role] = frozenset(("field", "text area", "password field", "number field", "slider"))
"""What holds nothing but its value: all that stands inside is a part of it."""

WHOLE: frozenset[Role] = frozenset(
    ("button", "link", "tab", "menu item", "item", "cell", "checkbox", "option", "switch", "heading", "menu")
)
"""What may be put together from pictures and texts, and is one thing all the same."""

PARTS: frozenset[Role] = frozenset(("text", "image", "heading"))
"""What is read and not acted on."""

TEXTS: frozenset[Role] = frozenset(("text", "image"))
"""What is left out where another line says it."""

TICKED: frozenset[Role] = frozenset(("checkbox", "option", "switch"))

NAMED_ONLY: frozenset[Role] = PARTS | {"item", "cell"}
"""What is worth no line without a name."""

DIALOG_ROLES = frozenset(("dialog", "alert", "file chooser", "color chooser", "font chooser", "tool tip"))
"""Windows that belong to another one and can be used beside it."""

CLIPPING_ROLES = frozenset(("scroll pane", "viewport", "document web", "document frame", "internal frame"))
"""What shows only a part of what it holds."""

MENU_ROLES: frozenset[Role] = frozenset(("menu", "menu item"))

_STATES: tuple[tuple[State, str], ...] = (
    ("checked", "checked"),
    ("selected", "selected"),
    ("pressed", "pressed"),
    ("expanded", "expanded"),
    ("focused", "focused"),
)
_SELECTABLE: frozenset[Role] = frozenset(("tab", "item", "cell", "menu item"))
_PRESSED: frozenset[Role] = frozenset(("button",))


def role_word(element: Element) -> Role | None:
    """The word for what the element is; None for what merely holds others."""
    if element.password:
        return "password field"
    role = _ROLES.get(role_of(element))
    if role == "button" and "checkable" in element.states:
        # browsers call a switch so
        return "switch"
    if role == "field" and "multi-line" in element.states:
        return "text area"
    if role == "menu item" and element.path and role_of(element.path[-1]) == "menu bar":
        return "menu"
    if role == "item" and "icon" in role_of(element) and not {"focusable", "selectable"} & set(element.states):
        return "image"
    if role is None and "focusable" in element.states and "editable" in element.states:
        return "text area" if "multi-line" in element.states else "field"
    return role


def state_words(element: Element, role: Role) -> tuple[State, ...]:
    """The states that are worth telling, in one order for all."""
    said = set(element.states)
    if role in _PRESSED and "checked" in said:
        # toolkits disagree on whether a button that stays down is checked or pressed
        said = (said - {"checked"}) | {"pressed"}
    if role not in _SELECTABLE:
        said.discard("selected")
    if role == "menu":
        said.discard("selected")
    found = [word for word, state in _STATES if state in said]
    return (*found, "disabled") if element.states and not usable(element) else tuple(found)
