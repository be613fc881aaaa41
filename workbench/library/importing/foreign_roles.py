"""What browsers, macOS and Windows call kinds of elements, in the words of AT-SPI that trajectories use."""

MASKED_FIELD = "password text"
"""The role of a field for passwords."""

_ROLES = {
    "alertdialog": "dialog", "button": "push button", "a": "link", "checkbox": "check box", "combobox": "combo box",
    "select": "combo box", "popupbutton": "combo box", "edit": "entry", "textbox": "entry", "searchbox": "entry",
    "input": "entry", "textarea": "entry", "textfield": "entry", "searchfield": "entry",
    "securetextfield": MASKED_FIELD,
    "gridcell": "table cell", "cell": "table cell", "dataitem": "table cell", "columnheader": "table column header",
    "rowheader": "row header", "row": "table row", "tr": "table row", "td": "table cell", "th": "table column header",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
    "img": "image", "graphic": "image", "listbox": "list box", "listitem": "list item", "li": "list item",
    "ul": "list", "ol": "list", "option": "list item", "menubar": "menu bar", "menubaritem": "menu",
    "menuitem": "menu item", "menuitemcheckbox": "check menu item", "menuitemradio": "radio menu item",
    "menubutton": "push button", "progressbar": "progress bar", "progressindicator": "progress bar",
    "radio": "radio button", "radiobutton": "radio button", "scrollbar": "scroll bar", "spinbutton": "spin button",
    "spinner": "spin button", "incrementor": "spin button", "splitter": "separator", "statictext": "label",
    "status": "status bar", "statusbar": "status bar", "tab": "page tab", "tabitem": "page tab",
    "tablist": "page tab list", "tabgroup": "page tab list", "toolbar": "tool bar", "tooltip": "tool tip",
    "treeitem": "tree item", "outline": "tree table", "treegrid": "tree table", "window": "frame", "group": "panel",
    "p": "paragraph", "webarea": "document web", "document": "document web", "grid": "table",
}  # fmt: skip
"""Names in small letters without spaces; those that are the same word are left out."""

_SAME = frozenset(
    [
        "article",
        "banner",
        "calendar",
        "canvas",
        "caption",
        "comment",
        "definition",
        "dialog",
        "footer",
        "form",
        "heading",
        "image",
        "label",
        "landmark",
        "link",
        "list",
        "log",
        "marquee",
        "math",
        "menu",
        "note",
        "paragraph",
        "section",
        "separator",
        "slider",
        "switch",
        "table",
        "timer",
        "tree",
        "video",
        "audio",
    ]
)

_INPUTS = {
    "button": "push button", "submit": "push button", "reset": "push button", "image": "push button",
    "checkbox": "check box", "radio": "radio button", "range": "slider", "number": "spin button",
    "password": MASKED_FIELD,
}  # fmt: skip


def role_of(name: str) -> str:
    """The role for an ARIA role, an HTML tag, an `AX…` role of macOS or a control type of Windows.

    Empty for what has no counterpart.
    """
    plain = "".join(name.removeprefix("AX").split()).replace("_", "").replace("-", "").lower()
    return _ROLES.get(plain) or (plain if plain in _SAME else "")


def role_of_input(kind: str) -> str:
    """The role of an HTML `input` of that type."""
    return _INPUTS.get(kind.strip().lower(), "entry")
