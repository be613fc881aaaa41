"""What OpenAdapt saw of the elements that input went to, in the three ways that its versions wrote it down."""

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from workbench.library.importing.foreign_roles import MASKED_FIELD, role_of
from workbench.library.importing.native_elements import (
    NOWHERE,
    AccessibilityNode,
    Edges,
    PropertiesNode,
    accessibility_element,
    automation_role,
    edges_of,
    properties_element,
)
from workbench.library.importing.source import decoded
from workbench.trajectory import Element, PathNode

if TYPE_CHECKING:
    from workbench.library.importing.openadapt_rows import Row
    from workbench.library.importing.tape import Scale

LONGEST_CLUE = 1024 * 1024
"""Dumps of whole windows are longer: they are passed over."""

FOCUSED = "focused"


class Node(Struct):
    """An element or one of its ancestors, the innermost ancestor first."""

    role: str | None = None
    control_type: str | None = None
    name: str | None = None
    bounds: Edges | None = None


class Process(Struct):
    """The application."""

    process_name: str | None = None


class Top(Struct):
    """The window."""

    title: str | None = None


class Structural(Struct):
    """An observation of openadapt-capture."""

    element: Node
    query_kind: str = ""
    process: Process | None = None
    window: Top | None = None
    ancestry: list[Node] | None = None


class BrowserElement(Struct):
    """An element of a page; where it is on the screen is not said."""

    role: str | None = None
    name: str | None = None
    tag: str | None = field(name="tagName", default=None)


class BrowserMessage(Struct):
    """What the extension of the browser sent, bare or as a payload."""

    element: BrowserElement | None = None
    payload: "BrowserMessage | None" = None
    message: "BrowserMessage | None" = None


def structural_of(row: "Row", scale: "Scale") -> tuple[Element, bool] | None:
    """The element that the row's structural observation tells of, and whether it is the one with the focus."""
    text = row.text("structural_observation")
    if not 2 < len(text) <= LONGEST_CLUE or text == "null":
        return None
    seen = decoded(text, Structural, what=f"the structural observation of action {row.label}")
    node, path = seen.element, tuple(PathNode(_role(one), one.name or "") for one in reversed(seen.ancestry or []))
    app = (seen.process.process_name if seen.process else None) or ""
    title = (seen.window.title if seen.window else None) or ""
    bounds = edges_of(node.bounds, scale) or NOWHERE
    role = _role(node)
    found = Element(app, title, role, node.name or "", bounds, path, password=role == MASKED_FIELD)
    return found, seen.query_kind == FOCUSED


def state_of(row: "Row", scale: "Scale") -> Element | None:
    """The element that the row's `element_state` tells of: properties of Windows or attributes of macOS."""
    text = row.text("element_state")
    if not 2 < len(text) <= LONGEST_CLUE:
        return None
    what = f"the element state of action {row.label}"
    if '"AXRole"' in text:
        return accessibility_element(decoded(text, AccessibilityNode, what=what), scale)
    if '"friendly_class_name"' in text:
        return properties_element(decoded(text, PropertiesNode, what=what), scale)
    return None


def page_element(row: "Row") -> Element | None:
    """The element that a row of the browser's events tells of."""
    text = row.text("message")
    if '"element"' not in text or len(text) > LONGEST_CLUE:
        return None
    found: BrowserMessage | None = decoded(text, BrowserMessage, what=f"browser event {row.label}")
    while found is not None and found.element is None:
        found = found.message or found.payload
    one = found.element if found else None
    if one is None or not (one.role or one.name or one.tag):
        return None
    given = one.role or (one.tag or "").lower()
    return Element("", "", role_of(given) or given, one.name or "", NOWHERE)


def on_page(element: Element | None, page: Element | None) -> Element | None:
    """The element as the browser names it, where the system says that it is; the one of the two that there is."""
    if page is None or element is None:
        return element or page
    return replace(element, role=page.role, name=page.name) if page.name else element


def _role(node: Node) -> str:
    given = node.control_type or node.role or ""
    return (role_of(given) if given.startswith("AX") else "") or automation_role(given)
