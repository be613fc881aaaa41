"""Elements as recorders of Windows and macOS dump them: nodes with names, types, rectangles and children.

Values are never taken: nothing says which of them is a password.
"""

from collections.abc import Iterator

from msgspec import UNSET, Struct, UnsetType, field

from workbench.geometry import Point, Rect
from workbench.library.importing.collecting import box
from workbench.library.importing.foreign_roles import role_of
from workbench.library.importing.tape import Scale
from workbench.trajectory import Element, Window

NOWHERE = Rect(0, 0, 0, 0)
"""The bounds of what has no place."""

SECURE = "AXSecureTextField"
"""The subrole of a password field on macOS."""

_CONTROLS = {"text": "label", "pane": "panel", "custom": "panel", "thumb": "filler", "titlebar": "title bar"}
"""Control types of Windows that mean something else elsewhere."""

MOST_NODES = 20_000
"""No more nodes of one dump are looked at."""


class Edges(Struct):
    """A rectangle by its edges."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0


class Frame(Struct):
    """A rectangle by its corner and size, as macOS gives it."""

    x: float | None = None
    y: float | None = None
    w: float | None = None
    h: float | None = None


class AutomationNode(Struct):
    """A control of UI Automation with what is in it."""

    title: str | None = field(name="Name", default=None)
    kind: str | None = field(name="ControlType", default=None)
    edges: Edges | None = field(name="BoundingRectangle", default=None)
    children: "list[AutomationNode]" = field(name="Children", default_factory=list)


class AccessibilityNode(Struct):
    """An element of macOS."""

    role: str | None = field(name="AXRole", default=None)
    subrole: str | None = field(name="AXSubrole", default=None)
    title: str | None = field(name="AXTitle", default=None)
    description: str | None = field(name="AXDescription", default=None)
    frame: Frame | str | UnsetType | None = field(name="AXFrame", default=UNSET)


class PropertiesNode(Struct):
    """A control of Windows as pywinauto describes it."""

    texts: list[str | None] = field(default_factory=list)
    friendly_class_name: str | None = None
    control_type: str | None = None
    rectangle: Edges | None = None


def automation_element(root: AutomationNode, at: Point, scale: Scale, *, app: str = "", title: str = "") -> Element:
    """The smallest control around a place, the root where none is."""
    best, area = root, float("inf")
    for node in _nodes(root):
        bounds = edges_of(node.edges, scale)
        if bounds is not None and bounds.area and bounds.contains(at) and bounds.area < area:
            best, area = node, bounds.area
    bounds = edges_of(best.edges, scale) or NOWHERE
    return Element(app, title, automation_role(best.kind or ""), best.title or "", bounds)


def automation_window(root: AutomationNode, scale: Scale, *, app: str) -> Window:
    """The window that a dump of a whole window is of."""
    return Window(app, root.title or "", edges_of(root.edges, scale) or NOWHERE)


def accessibility_element(node: AccessibilityNode, scale: Scale, *, app: str = "", title: str = "") -> Element:
    """The element of macOS, a password field as such."""
    given = node.role or ""
    role = role_of(SECURE if node.subrole == SECURE else given) or given
    frame = node.frame if isinstance(node.frame, Frame) else Frame()
    bounds = NOWHERE
    if frame.x is not None and frame.y is not None and frame.w is not None and frame.h is not None:
        bounds = edges_of(Edges(frame.x, frame.y, frame.x + frame.w, frame.y + frame.h), scale) or NOWHERE
    named, words = node.title or node.description or "", (node.description or "") if node.title else ""
    return Element(app, title, role, named, bounds, description=words, password=node.subrole == SECURE)


def properties_element(node: PropertiesNode, scale: Scale, *, app: str = "", title: str = "") -> Element:
    """The control that pywinauto found at a place."""
    name = next((text for text in node.texts if text), "")
    role = automation_role(node.control_type or node.friendly_class_name or "")
    return Element(app, title, role, name, edges_of(node.rectangle, scale) or NOWHERE)


def edges_of(edges: Edges | None, scale: Scale) -> Rect | None:
    """The rectangle in pixels of the pictures; None where there is none or no desktop reaches there."""
    if edges is None:
        return None
    return box(edges.left * scale.x, edges.top * scale.y, edges.right * scale.x, edges.bottom * scale.y)


def _nodes(root: AutomationNode) -> Iterator[AutomationNode]:
    waiting, count = [root], 0
    while waiting and count < MOST_NODES:
        node = waiting.pop()
        waiting.extend(node.children)
        count += 1
        yield node


def automation_role(name: str) -> str:
    """The role of a control type such as `Button` or `ButtonControl`; in small letters as given where unknown."""
    plain = name.strip().lower().removesuffix("control")
    return _CONTROLS.get(plain) or role_of(plain) or plain
