"""Whether an accessible element of today is the recorded one: by what stays, not by what is data.

Names of buttons, menu items and rows are who they are. Names of fields, combo boxes and documents are often their
content, and window titles follow the document: those are not compared.
"""

from msgspec.structs import replace

from workbench.trajectory import Element, PathNode

FIELD_ROLES = frozenset(
    ("text", "entry", "password text", "spin button", "combo box", "terminal", "document text", "paragraph", "slider")
)
"""Elements that people fill: what they show is data; they are known by label and place in the structure."""

SURROUNDING_ROLES = frozenset(
    (
        "frame", "window", "dialog", "panel", "filler", "drawing area", "canvas", "scroll pane", "viewport",
        "layered pane", "split pane", "root pane", "glass pane", "table", "tree table", "tree", "list", "list box",
        "document web", "document frame", "application", "unknown", "redundant object", "section", "grouping",
        "internal frame", "page tab list", "tool bar", "menu bar", "form", "landmark", "article", "image",
    )
)  # fmt: skip
"""Elements that merely surround what was meant: they cannot say where inside it was."""

PART_ROLES = frozenset(("static", "label", "image", "icon", "text leaf"))
"""What merely fills a button, a link or a row."""

TITLED_ROLES = frozenset(
    ("frame", "window", "page tab", "document web", "document frame", "document text", "internal frame")
)
"""Ancestors whose names follow the document."""

_SYNONYMS = {"button": "push button", "checkbox": "check box", "radiobutton": "radio button", "edit": "entry"}
"""Roles that newer systems call by another name."""


def role_of(element: Element | PathNode) -> str:
    """The role, spelled one way on every system."""
    role = element.role.strip().casefold().replace("-", " ").replace("_", " ")
    return _SYNONYMS.get(role, role)


def operable(element: Element) -> Element:
    """The element that is operated when this one is clicked: a button rather than the text that browsers put in it.

    Only its bounds stay those of the part.
    """
    if role_of(element) not in PART_ROLES or not element.path:
        return element
    whole = element.path[-1]
    parted = whole.name and element.name.strip() in ("", whole.name.strip())
    if not parted or role_of(whole) in SURROUNDING_ROLES | TITLED_ROLES:
        return element
    return replace(element, role=whole.role, name=whole.name, path=element.path[:-1], index=whole.index, label="")


def own_name(element: Element) -> str:
    """The name by which the element is known; empty when it has none or the name is its content."""
    name = element.name.strip()
    if role_of(element) in FIELD_ROLES and (name == (element.value or "").strip() or role_of(element) == "combo box"):
        return ""
    return name


def called(element: Element) -> str:
    """What a person would call it: its own name, else that of its label."""
    return own_name(element) or element.label.strip()


def is_field(element: Element) -> bool:
    """Whether people fill it."""
    return role_of(element) in FIELD_ROLES


def surrounds(element: Element) -> bool:
    """Whether it merely surrounds the place that was meant."""
    return role_of(element) in SURROUNDING_ROLES and not own_name(element)


def same_identity(recorded: Element, now: Element) -> bool:
    """Whether role, name and label are the recorded ones."""
    if role_of(recorded) != role_of(now) or called(recorded) != called(now):
        return False
    described = recorded.description and now.description and not called(recorded)
    return not described or recorded.description == now.description


def same_place_in_structure(recorded: Element, now: Element) -> bool:
    """Whether the ways from the window down are equal: roles and indices, the window's own index aside."""
    return _steps(recorded) == _steps(now) and same_root(recorded, now)


def same_root(recorded: Element, now: Element) -> bool:
    """Whether both stand in the same kind of window; unknown where either path is."""
    if not recorded.path or not now.path:
        return True
    return role_of(recorded.path[0]) == role_of(now.path[0])


def path_likeness(recorded: Element, now: Element) -> float:
    """How much of the recorded way from the window is still there, by roles: 0 to 1."""
    first, second = ([role_of(node) for node in element.path] for element in (recorded, now))
    longest = max(len(first), len(second))
    if not longest:
        return 1.0
    ahead = _common(first, second)
    behind = _common(first[::-1], second[::-1])
    return min(longest, ahead + behind) / longest


def surroundings(element: Element) -> tuple[str, ...]:
    """The names of the ancestors, but for those that follow the document."""
    return tuple(node.name for node in element.path[1:] if node.name and role_of(node) not in TITLED_ROLES)


def usable(element: Element) -> bool:
    """Whether it says that it can be operated."""
    return "sensitive" in element.states or "enabled" in element.states


def describe(element: Element) -> str:
    """Role and name as a sentence says them."""
    name = called(element)
    return f"{role_of(element)} '{name}'" if name else f"nameless {role_of(element)}"


def _steps(element: Element) -> tuple[tuple[str, int], ...]:
    """The way from below the window to the element itself."""
    return (*((role_of(node), node.index) for node in element.path[1:]), (role_of(element), element.index))


def _common(first: list[str], second: list[str]) -> int:
    """How many leading entries are equal."""
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
