"""Elements of macOS applications through the AX interface.

Everything that asks an application runs on the thread of a `Bounded`, never on the caller's.
"""

import itertools
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from workbench.desktop.bounded import Bounded
from workbench.desktop.macos import displays
from workbench.desktop.macos.ax_mapping import NOWHERE, AxFacts, is_password, name_of, node_facts, role_of
from workbench.desktop.macos.windows import app_of
from workbench.desktop.trees import MAX_DEPTH, MEMORY, NodeFacts, TreeAccessibility, descend
from workbench.geometry import Point, Rect
from workbench.trajectory import Window

Node = Any
"""An `AXUIElementRef`; equal references are equal and hash alike."""

MESSAGE_TIMEOUT_S = 0.1
"""What one question to an application may take; the system's own default is six seconds."""

_ATTRIBUTES = (
    "AXRole",
    "AXSubrole",
    "AXTitle",
    "AXDescription",
    "AXHelp",
    "AXPlaceholderValue",
    "AXPosition",
    "AXSize",
    "AXEnabled",
    "AXFocused",
    "AXSelected",
    "AXExpanded",
    "AXTitleUIElement",
)
_CLIPPING = frozenset({"AXWindow", "AXScrollArea", "AXSheet"})
_POINT_TYPE, _SIZE_TYPE, _ERROR_TYPE = 1, 2, 5


def open_accessibility(
    windows: Callable[[], tuple[Window, ...]], tree: "AxTree", bounded: Bounded
) -> TreeAccessibility[Node]:
    """The accessibility port of this desktop; opens nothing before the first question."""
    tree.serve(windows)
    return TreeAccessibility(tree, bounded, kind="ax")


class AxTree:
    """The tree of AX elements, applications left out: windows, sheets and menu bars are its tops."""

    def __init__(self) -> None:
        self._windows: Callable[[], tuple[Window, ...]] = tuple
        self._numbers = itertools.count(1)
        self._addresses: OrderedDict[Node, str] = OrderedDict()

    def serve(self, windows: Callable[[], tuple[Window, ...]]) -> None:
        """Look for applications among these windows from now on."""
        self._windows = windows

    def facts(self, node: Node) -> NodeFacts | None:
        """What the element says."""
        found = self._read(node, visible=self._clip(node))
        return None if found is None else node_facts(found)

    def parent(self, node: Node) -> Node | None:
        """The element above; None above a window and a menu bar."""
        above = attribute(node, "AXParent")
        return None if above is None or attribute(above, "AXRole") == "AXApplication" else above

    def children(self, node: Node) -> Sequence[Node]:
        """The elements below."""
        return tuple(attribute(node, "AXChildren") or ())

    def index(self, node: Node, parent: Node) -> int:
        """The place among the parent's children; 0 when the parent does not list it."""
        siblings = list(self.children(parent))
        return siblings.index(node) if node in siblings else 0

    def roots(self, app: str) -> Sequence[Node]:
        """The windows and the menu bar of the application."""
        pids = dict.fromkeys(window.pid for window in self._windows() if window.app == app and window.pid is not None)
        found: list[Node] = []
        for pid in pids:
            owner = _ready(_services().AXUIElementCreateApplication(pid))
            found += [*(attribute(owner, "AXWindows") or ()), attribute(owner, "AXMenuBar")]
        return tuple(root for root in found if root is not None)

    def window_of(self, root: Node) -> Window | None:
        """Which window an element without a parent is."""
        failed, pid = _services().AXUIElementGetPid(root, None)
        if failed:
            return None
        return Window(app_of(pid), str(attribute(root, "AXTitle") or ""), _bounds(root), pid)

    def at(self, point: Point) -> Node | None:
        """The element that AX's hit test finds."""
        services = _services()
        x, y = displays.point_space().to_points(point)
        everything = _ready(services.AXUIElementCreateSystemWide())
        failed, node = services.AXUIElementCopyElementAtPosition(everything, x, y, None)
        return None if failed else node

    def focused(self) -> Node | None:
        """The element with the keyboard focus."""
        owner = _focused_application()
        return None if owner is None else attribute(owner, "AXFocusedUIElement")

    def search(self, root: Node, role: str | None, name: str | None, until_s: float) -> Sequence[Node]:
        """Elements below with that role and name."""
        return tuple(node for node in descend(self, root, until_s) if self._matches(node, role, name))

    def focused_process(self) -> int | None:
        """The process whose application has the keyboard."""
        owner = _focused_application()
        if owner is None:
            return None
        failed, pid = _services().AXUIElementGetPid(owner, None)
        return None if failed else int(pid)

    def raise_window(self, window: Window) -> None:
        """Put that window before the application's others; nothing happens when it has no such window."""
        services = _services()
        owner = _ready(services.AXUIElementCreateApplication(window.pid or 0))
        for node in attribute(owner, "AXWindows") or ():
            if str(attribute(node, "AXTitle") or "") == window.title:
                services.AXUIElementPerformAction(node, "AXRaise")
                return

    def _matches(self, node: Node, role: str | None, name: str | None) -> bool:
        found = self._read(node, visible=None)
        if found is None:
            return False
        return (role is None or role_of(found) == role) and (name is None or name_of(found) == name)

    def _read(self, node: Node, *, visible: Rect | None) -> AxFacts | None:
        said = _attributes(node)
        if not said.get("AXRole"):
            return None
        facts = AxFacts(
            address=self._address(node),
            role=str(said["AXRole"]),
            subrole=str(said.get("AXSubrole") or ""),
            title=str(said.get("AXTitle") or ""),
            description=str(said.get("AXDescription") or ""),
            help_text=str(said.get("AXHelp") or ""),
            labelled_by=_label(said.get("AXTitleUIElement")),
            placeholder=str(said.get("AXPlaceholderValue") or ""),
            bounds=_rect(said.get("AXPosition"), said.get("AXSize")),
            visible=visible,
            enabled=_truth(said.get("AXEnabled")),
            focused=bool(said.get("AXFocused")),
            selected=_truth(said.get("AXSelected")),
            expanded=_truth(said.get("AXExpanded")),
            settable=_settable(node),
        )
        return facts if is_password(facts) else _with_value(facts, node)

    def _clip(self, node: Node) -> Rect | None:
        """What can be seen of the element: AX says nothing of it, so its window and scroll areas are asked."""
        seen: Rect | None = _bounds(node)
        above = self.parent(node)
        for _ in range(MAX_DEPTH):
            if above is None or seen is None:
                break
            if attribute(above, "AXRole") in _CLIPPING:
                seen = seen.intersection(_bounds(above))
            above = self.parent(above)
        return seen

    def _address(self, node: Node) -> str:
        address = self._addresses.setdefault(node, str(next(self._numbers)))
        self._addresses.move_to_end(node)
        while len(self._addresses) > MEMORY:
            self._addresses.popitem(last=False)
        return address


def attribute(node: Node, name: str) -> Any:
    """One attribute; None where the element is gone, does not have it or does not answer."""
    failed, value = _services().AXUIElementCopyAttributeValue(node, name, None)
    return None if failed else value


def _services() -> ModuleType:
    import ApplicationServices

    return ApplicationServices  # type: ignore[no-any-return]  # the package ships no types


def _ready(node: Node) -> Node:
    _services().AXUIElementSetMessagingTimeout(node, MESSAGE_TIMEOUT_S)
    return node


def _focused_application() -> Node | None:
    return attribute(_ready(_services().AXUIElementCreateSystemWide()), "AXFocusedApplication")


def _attributes(node: Node) -> dict[str, Any]:
    """Many attributes in one question; those that the element does not have are left out."""
    services = _services()
    failed, values = services.AXUIElementCopyMultipleAttributeValues(node, _ATTRIBUTES, 0, None)
    if failed or values is None:
        return {}
    return {name: value for name, value in zip(_ATTRIBUTES, values, strict=True) if not _is_error(services, value)}


def _is_error(services: ModuleType, value: Any) -> bool:
    if value is None or isinstance(value, str | bool | int | float):
        return value is None
    return bool(
        services.CFGetTypeID(value) == services.AXValueGetTypeID() and services.AXValueGetType(value) == _ERROR_TYPE
    )


def _bounds(node: Node) -> Rect:
    return _rect(attribute(node, "AXPosition"), attribute(node, "AXSize"))


def _rect(position: Any, size: Any) -> Rect:
    if position is None or size is None:
        return NOWHERE
    services = _services()
    placed, place = services.AXValueGetValue(position, _POINT_TYPE, None)
    sized, extent = services.AXValueGetValue(size, _SIZE_TYPE, None)
    if not placed or not sized:
        return NOWHERE
    return displays.point_space().to_rect(place.x, place.y, extent.width, extent.height)


def _label(node: Node | None) -> str:
    return "" if node is None else str(attribute(node, "AXValue") or attribute(node, "AXTitle") or "")


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _settable(node: Node) -> bool:
    failed, settable = _services().AXUIElementIsAttributeSettable(node, "AXValue", None)
    return not failed and bool(settable)


def _with_value(facts: AxFacts, node: Node) -> AxFacts:
    value = attribute(node, "AXValue")
    if isinstance(value, bool | int | float):
        return replace(facts, value=f"{float(value):g}")
    return replace(facts, value=str(value)) if isinstance(value, str) else facts
