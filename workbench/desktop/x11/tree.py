"""The windows that lie directly on the root window: where they are, in which order, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from Xlib import X
from Xlib import error as xerror
from Xlib.protocol import request as xrequest

from workbench.desktop.x11.connection import ask_all, attributes, geometries, property_question, property_value
from workbench.geometry import Rect

CLIENT_MARK = "WM_STATE"
"""The property by which a window manager marks the windows of applications (ICCCM 4.1.3.1)."""

_DEPTH = 3
"""How far below a window manager's frame the application's window is looked for."""


@dataclass(frozen=True)
class Top:
    """A viewable child of the root window, with its border; for managed windows this is the frame."""

    handle: int
    bounds: Rect
    override_redirect: bool
    depth: int


def tops(connection: Any) -> list[Top]:
    """All viewable children of the root window that can show something, topmost first. Three round trips."""
    handles = [child.id for child in reversed(connection.screen().root.query_tree().children)]
    states = attributes(connection, handles)
    shown = [
        (handle, state)
        for handle, state in zip(handles, states, strict=True)
        if state is not None and state.map_state == X.IsViewable and state.win_class == X.InputOutput
    ]
    places = geometries(connection, [handle for handle, _ in shown])
    return [
        Top(handle, _outer(place), bool(state.override_redirect), place.depth)
        for (handle, state), place in zip(shown, places, strict=True)
        if place is not None
    ]


def client_of(connection: Any, top: int) -> int:
    """The application's window inside a frame: the one with `WM_STATE`; the window itself where there is none.

    Two round trips for each level that has to be looked at: frames have some twenty windows for their decoration.
    """
    level = [top]
    for _ in range(_DEPTH + 1):
        states = ask_all([property_question(connection, window, CLIENT_MARK) for window in level])
        found = (window for window, state in zip(level, states, strict=True) if property_value(state) is not None)
        client = next(found, None)
        if client is not None:
            return client
        level = _children(connection, level)
    return top


def is_shaped(connection: Any, handle: int) -> bool:
    """Whether the window is not a plain rectangle, so that what lies below shows at its corners."""
    if not connection.has_extension("SHAPE"):
        return False
    try:
        return bool(connection.create_resource_object("window", handle).shape_query_extents().bounding_shaped)
    except xerror.XError:
        return True


def lets_clicks_through(connection: Any, handle: int) -> bool:
    """Whether the window has an empty input region: it shows something but is not there for the pointer."""
    if not connection.has_extension("SHAPE"):
        return False
    try:
        answer = connection.create_resource_object("window", handle).shape_get_rectangles(2)
    except xerror.XError:
        return True
    return not answer.rectangles


def _outer(place: Any) -> Rect:
    return Rect(place.x, place.y, place.width + 2 * place.border_width, place.height + 2 * place.border_width)


def _children(connection: Any, parents: Iterable[int]) -> list[int]:
    """The children of all, in order; what vanishes meanwhile is left out."""
    answers = ask_all([xrequest.QueryTree(connection.display, defer=1, window=parent) for parent in parents])
    return [child.id for answer in answers if answer is not None for child in answer.children]
