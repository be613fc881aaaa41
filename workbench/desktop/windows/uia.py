"""Elements of Windows applications through UI Automation, read with the `uiautomation` package.

Everything here runs on the thread of a `Bounded`, never on the caller's.
"""

import functools
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from workbench.desktop.bounded import Bounded
from workbench.desktop.trees import MAX_VALUE_CHARS, NodeFacts, TreeAccessibility
from workbench.desktop.windows import native
from workbench.desktop.windows.shown import window_of
from workbench.desktop.windows.uia_mapping import UiaFacts, control_types_of, node_facts
from workbench.geometry import Point
from workbench.trajectory import Window

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D")

Control = Any
"""A `uiautomation.Control`; the package ships no types."""

_DESCENDANTS = 4
_DESKTOP_CLASS = "#32769"


def open_accessibility(windows: Callable[[], tuple[Window, ...]]) -> TreeAccessibility[Control]:
    """The accessibility port of this desktop; opens nothing before the first question."""
    return TreeAccessibility(UiaTree(windows), Bounded(_prepare_thread), kind="uia")


def _prepare_thread() -> None:
    # comtypes reads this when it is first imported. Without a message loop only the free-threaded mode is safe, and
    # it lets a fresh thread go on with elements of one that hangs.
    vars(sys)["coinit_flags"] = 0
    import comtypes

    comtypes.CoInitializeEx(comtypes.COINIT_MULTITHREADED)
    # The package would otherwise append to a log file in the current folder.
    _package().Logger.SetLogFile("")


@functools.cache
def _package() -> ModuleType:
    import uiautomation

    return uiautomation  # type: ignore[no-any-return]  # the package ships no types


@functools.cache
def _refusals() -> tuple[type[BaseException], ...]:
    import comtypes

    return (comtypes.COMError, OSError)


def _or(otherwise: D) -> Callable[[Callable[P, R]], Callable[P, R | D]]:
    """Answer `otherwise` where the application has closed the element or does not reply."""

    def decorate(ask: Callable[P, R]) -> Callable[P, R | D]:
        @functools.wraps(ask)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R | D:
            try:
                return ask(*args, **kwargs)
            except _refusals():
                return otherwise

        return asked

    return decorate


class UiaTree:
    """The tree of UI Automation's raw view: every element, with the desktop's root left out."""

    def __init__(self, windows: Callable[[], tuple[Window, ...]]) -> None:
        self._windows = windows

    def facts(self, node: Control) -> NodeFacts | None:
        """What the element says."""
        found = _read(node)
        return None if found is None else node_facts(found)

    @_or(None)
    def parent(self, node: Control) -> Control | None:
        """The element above; None above a window."""
        above = node.GetParentControl()
        return None if above is None or above.ClassName == _DESKTOP_CLASS else above

    @_or(())
    def children(self, node: Control) -> Sequence[Control]:
        """The elements below."""
        return tuple(node.GetChildren())

    @_or(0)
    def index(self, node: Control, parent: Control) -> int:
        """How many siblings come before."""
        del parent
        count, before = 0, node.GetPreviousSiblingControl()
        while before is not None:
            count, before = count + 1, before.GetPreviousSiblingControl()
        return count

    def roots(self, app: str) -> Sequence[Control]:
        """The application's windows, topmost first."""
        handles = [window.handle for window in self._windows() if window.app == app and window.handle is not None]
        return tuple(root for root in map(_root_of, handles) if root is not None)

    @_or(None)
    def window_of(self, root: Control) -> Window | None:
        """Which window an element without a parent is."""
        found = native.describe(root.NativeWindowHandle)
        return None if found is None else window_of(found)

    @_or(None)
    def at(self, point: Point) -> Control | None:
        """The element that UI Automation's hit test finds."""
        return _package().ControlFromPoint(point.x, point.y)

    @_or(None)
    def focused(self) -> Control | None:
        """The element with the keyboard focus."""
        return _package().GetFocusedControl()

    @_or(())
    def search(self, root: Control, role: str | None, name: str | None, until_s: float) -> Sequence[Control]:
        """Candidates below a window, found inside the application: one call instead of one per element."""
        del until_s
        types = None if role is None else control_types_of(role)
        if types == ():
            return ()
        found = root.Element.FindAll(_DESCENDANTS, _condition(types, name))
        create = _package().Control.CreateControlFromElement
        return tuple(create(found.GetElement(place)) for place in range(found.Length))


@_or(None)
def _root_of(handle: int) -> Control | None:
    return _package().ControlFromHandle(handle)


def _condition(types: Sequence[int] | None, name: str | None) -> Any:
    package = _package()
    # The package has no public way to FindAll, and walking a large window in Python takes seconds.
    client = package.uiautomation._AutomationClient.instance().IUIAutomation
    wanted = client.CreateTrueCondition()
    if name is not None:
        wanted = client.CreatePropertyCondition(package.PropertyId.NameProperty, name)
    if types is None:
        return wanted
    one_of = [client.CreatePropertyCondition(package.PropertyId.ControlTypeProperty, number) for number in types]
    return client.CreateAndCondition(wanted, functools.reduce(client.CreateOrCondition, one_of))


@_or(None)
def _read(node: Control) -> UiaFacts | None:
    bounds = node.BoundingRectangle
    password = bool(node.IsPassword)
    return UiaFacts(
        control_type=node.ControlType,
        runtime_id=tuple(node.GetRuntimeId()),
        name=node.Name or "",
        bounds=(bounds.left, bounds.top, bounds.right, bounds.bottom),
        class_name=node.ClassName or "",
        help_text=node.HelpText or "",
        labelled_by=_label(node),
        value=None if password else _value(node),
        password=password,
        enabled=bool(node.IsEnabled),
        focused=bool(node.HasKeyboardFocus),
        focusable=bool(node.IsKeyboardFocusable),
        offscreen=bool(node.IsOffscreen),
        toggle=_property(node, "Toggle", "ToggleToggleState"),
        selected=_property(node, "SelectionItem", "SelectionItemIsSelected"),
        expansion=_property(node, "ExpandCollapse", "ExpandCollapseExpandCollapseState"),
        read_only=_property(node, "Value", "ValueIsReadOnly"),
    )


def _property(node: Control, pattern: str, name: str) -> Any:
    """A pattern's property; None where the element does not have the pattern."""
    ids = _package().PropertyId
    if not node.GetPropertyValue(getattr(ids, f"Is{pattern}PatternAvailableProperty")):
        return None
    return node.GetPropertyValue(getattr(ids, f"{name}Property"))


@_or("")
def _label(node: Control) -> str:
    label = node.Element.CurrentLabeledBy
    return (label.CurrentName or "") if label else ""


@_or(None)
def _value(node: Control) -> str | None:
    plain = _property(node, "Value", "ValueValue")
    if plain is not None:
        return str(plain)
    number = _property(node, "RangeValue", "RangeValueValue")
    if number is not None:
        return f"{number:g}"
    text = node.GetPattern(_package().PatternId.TextPattern)
    return None if text is None else str(text.DocumentRange.GetText(MAX_VALUE_CHARS))
