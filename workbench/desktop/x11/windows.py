"""The windows port on X11: what the window manager says (EWMH 1.5), and the plain tree where there is none.

`Window.app` is the class part of `WM_CLASS` in lower case, which stays the same when a program is started under another
name; without one it is the instance part, then the name of the process. `Window.bounds` is what a person sees as the
window: the client area, its decorations (`_NET_FRAME_EXTENTS`), without shadows (`_GTK_FRAME_EXTENTS`).
"""

import functools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from Xlib import X
from Xlib import error as xerror
from Xlib.protocol import event as xevent

from workbench.desktop.x11 import tree
from workbench.desktop.x11.connection import attributes, on_display, property_of
from workbench.geometry import Point, Rect
from workbench.trajectory import Window

_ASKED_BY_PAGER = 2
"""EWMH's source indication for requests that come from a person's tool and not from the application itself."""

P = ParamSpec("P")
R = TypeVar("R")


def _alone(method: Callable[Concatenate["X11Windows", P], R]) -> Callable[Concatenate["X11Windows", P], R]:
    """A method that no other thread enters meanwhile."""

    @functools.wraps(method)
    def locked(windows: "X11Windows", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with windows._lock:
            return method(windows, *args, **kwargs)

    return locked


class X11Windows:
    """The windows port on one connection of its own; may be asked by any thread.

    Xlib for Python waits for ever when two threads ask on one connection at once, hence the lock.
    """

    def __init__(self, connection: Any) -> None:
        self._lock = threading.RLock()
        self._connection = connection
        self._root = connection.screen().root

    @on_display
    @_alone
    def active(self) -> Window | None:
        """The window with the focus; None where nothing or only the root window has it."""
        handles = self._numbers(self._root, "_NET_ACTIVE_WINDOW")
        handle = handles[0] if handles else self._focused()
        return self._described(handle) if handle else None

    @on_display
    @_alone
    def all(self) -> tuple[Window, ...]:
        """The visible managed windows, topmost first; without a window manager every window on the root."""
        found = (self._described(handle) for handle in self._managed())
        return tuple(window for window in found if window is not None)

    @on_display
    @_alone
    def at(self, point: Point) -> Window | None:
        """The topmost window under the point, menus and other pop-ups included; None over the bare root."""
        for top in tree.tops(self._connection):
            if not top.bounds.contains(point):
                continue
            if top.override_redirect and tree.lets_clicks_through(self._connection, top.handle):
                continue
            return self._described(tree.client_of(self._connection, top.handle))
        return None

    @on_display
    @_alone
    def activate(self, window: Window) -> None:
        """Ask the window manager to bring it to the front; without one it is raised and focused directly."""
        if window.handle is None:
            return
        target = self._connection.create_resource_object("window", window.handle)
        if self._is_managed():
            message = xevent.ClientMessage(
                window=target,
                client_type=self._connection.get_atom("_NET_ACTIVE_WINDOW"),
                data=(32, [_ASKED_BY_PAGER, X.CurrentTime, 0, 0, 0]),
            )
            self._root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        else:
            target.configure(stack_mode=X.Above)
            target.set_input_focus(X.RevertToParent, X.CurrentTime)
        self._connection.sync()

    def _managed(self) -> Sequence[int]:
        stacking = self._numbers(self._root, "_NET_CLIENT_LIST_STACKING")
        if not self._is_managed():
            return [tree.client_of(self._connection, top.handle) for top in tree.tops(self._connection)]
        states = attributes(self._connection, stacking)
        return [
            handle
            for handle, state in zip(reversed(stacking), reversed(states), strict=True)
            if state is not None and state.map_state == X.IsViewable
        ]

    def _is_managed(self) -> bool:
        """Whether a window manager runs: its check window is alive and names itself, as EWMH demands."""
        named = self._numbers(self._root, "_NET_SUPPORTING_WM_CHECK")
        if not named:
            return False
        witness = self._connection.create_resource_object("window", named[0])
        return self._numbers(witness, "_NET_SUPPORTING_WM_CHECK") == named

    def _described(self, handle: int) -> Window | None:
        window = self._connection.create_resource_object("window", handle)
        try:
            bounds = self._bounds(window)
        except xerror.XError:
            return None
        pids = self._numbers(window, "_NET_WM_PID")
        pid = pids[0] if pids else None
        return Window(self._app(window, pid), self._title(window), bounds, pid=pid, handle=handle)

    def _bounds(self, window: Any) -> Rect:
        place = window.get_geometry()
        corner = self._root.translate_coords(window, 0, 0)
        left, right, top, bottom = self._extents(window, "_NET_FRAME_EXTENTS")
        inner_left, inner_right, inner_top, inner_bottom = self._extents(window, "_GTK_FRAME_EXTENTS")
        return Rect(
            corner.x - left + inner_left,
            corner.y - top + inner_top,
            max(0, place.width + left + right - inner_left - inner_right),
            max(0, place.height + top + bottom - inner_top - inner_bottom),
        )

    def _extents(self, window: Any, name: str) -> tuple[int, int, int, int]:
        numbers = self._numbers(window, name)
        return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else (0, 0, 0, 0)

    def _title(self, window: Any) -> str:
        value = property_of(window, "_NET_WM_NAME") or property_of(window, "WM_NAME") or b""
        if isinstance(value, str):
            return value
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return bytes(value).decode("latin-1")

    def _app(self, window: Any, pid: int | None) -> str:
        value = property_of(window, "WM_CLASS") or b""
        text = value if isinstance(value, str) else bytes(value).decode("latin-1")
        instance, _, rest = text.partition("\0")
        return (rest.rstrip("\0") or instance or _process_name(pid)).lower()

    def _focused(self) -> int:
        focus = self._connection.get_input_focus().focus
        if isinstance(focus, int):
            return 0
        for top in tree.tops(self._connection):
            if self._is_inside(focus.id, top.handle):
                return tree.client_of(self._connection, top.handle)
        return 0

    def _is_inside(self, handle: int, top: int) -> bool:
        window = self._connection.create_resource_object("window", handle)
        while window and window.id != self._root.id:
            if window.id == top:
                return True
            try:
                window = window.query_tree().parent
            except xerror.XError:
                return False
        return False

    def _numbers(self, window: Any, name: str) -> list[int]:
        value = property_of(window, name)
        return [] if value is None or isinstance(value, str | bytes) else [int(number) for number in value]


def _process_name(pid: int | None) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() if pid else ""
    except OSError:
        return ""
