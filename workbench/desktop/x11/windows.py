"""The windows port on X11: what the window manager says (EWMH 1.5), and the plain tree where there is none.

`Window.app` is the class part of `WM_CLASS` in lower case, which stays the same when a program is started under another
name; without one it is the instance part, then the name of the process. `Window.bounds` is what a person sees as the
window: the client area, its decorations (`_NET_FRAME_EXTENTS`), without shadows (`_GTK_FRAME_EXTENTS`).
"""

import functools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from Xlib import X
from Xlib import error as xerror
from Xlib.protocol import event as xevent
from Xlib.protocol import request as xrequest

from workbench.desktop.ports import Placed
from workbench.desktop.x11 import tree
from workbench.desktop.x11.connection import (
    ask_all,
    attributes,
    on_display,
    property_of,
    property_question,
    property_value,
)
from workbench.desktop.x11.noticing import Noticing
from workbench.geometry import Point, Rect
from workbench.trajectory import Window

_ASKED_BY_PAGER = 2
"""EWMH's source indication for requests that come from a person's tool and not from the application itself."""

_PROPERTIES = ("_NET_FRAME_EXTENTS", "_GTK_FRAME_EXTENTS", "_NET_WM_PID", "WM_CLASS", "_NET_WM_NAME", "WM_NAME")
"""What is asked of a window: its frame and its shadow on each side, its process, its application and its title."""

P = ParamSpec("P")
R = TypeVar("R")


class _Sides(NamedTuple):
    """Pixels on each side of a window, in the order of EWMH."""

    left: int
    right: int
    top: int
    bottom: int


def _alone(method: Callable[Concatenate["X11Windows", P], R]) -> Callable[Concatenate["X11Windows", P], R]:
    """A method that no other thread enters meanwhile."""

    @functools.wraps(method)
    def locked(windows: "X11Windows", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with windows._lock:
            return method(windows, *args, **kwargs)

    return locked


class X11Windows:
    """The windows port on one connection of its own, whose events it reads; may be asked by any thread.

    What was asked once is asked again only after the server has told of a change.

    Xlib for Python waits for ever when two threads ask on one connection at once, hence the lock.
    """

    def __init__(self, connection: Any) -> None:
        self._lock = threading.RLock()
        self._connection = connection
        self._root = connection.screen().root
        self._noticing = Noticing(connection, (*_PROPERTIES, tree.CLIENT_MARK))

    @on_display
    @_alone
    def active(self) -> Window | None:
        """The window with the focus; None where nothing or only the root window has it."""
        self._noticing.catch_up()
        [handles] = self._noticing.remembered("active", lambda: self._root_numbers("_NET_ACTIVE_WINDOW"))
        handle = handles[0] if handles else self._focused()
        return self._described([handle])[0] if handle else None

    @on_display
    @_alone
    def all(self) -> tuple[Window, ...]:
        """The visible managed windows, topmost first; without a window manager every window on the root."""
        self._noticing.catch_up()
        return tuple(window for window in self._described(self._managed()) if window is not None)

    @on_display
    @_alone
    def at(self, point: Point) -> Window | None:
        """The topmost window under the point, menus and other pop-ups included; None over the bare root."""
        self._noticing.catch_up()
        for top in self._tops():
            if not top.bounds.contains(point):
                continue
            if top.override_redirect and tree.lets_clicks_through(self._connection, top.handle):
                continue
            return self._described([self._client_of(top)])[0]
        return None

    @on_display
    @_alone
    def stacked(self) -> tuple[Placed, ...]:
        """All that lies on the root, menus, tooltips and other pop-ups included, topmost first."""
        self._noticing.catch_up()
        return tuple(Placed(self._client_of(top), top.bounds) for top in self._tops())

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

    def _tops(self) -> list[tree.Top]:
        return self._noticing.remembered("tops", lambda: tree.tops(self._connection))

    def _client_of(self, top: tree.Top) -> int:
        known = self._noticing.answers.get(("client", top.handle))
        client: int = known or tree.client_of(self._connection, top.handle)
        # A frame may be asked about before its window manager has marked the window in it: then it is asked again.
        if client != top.handle or top.override_redirect:
            self._noticing.answers["client", top.handle] = client
        return client

    def _managed(self) -> Sequence[int]:
        stacking = self._noticing.remembered("stacking", self._stacking)
        if stacking is None:
            return [self._client_of(top) for top in self._tops()]
        return self._noticing.remembered("shown", lambda: self._shown(stacking))

    def _stacking(self) -> list[int] | None:
        """All managed windows, topmost last; None without a window manager."""
        stacking, named = self._root_numbers("_NET_CLIENT_LIST_STACKING", "_NET_SUPPORTING_WM_CHECK")
        self._noticing.watch(named)
        return stacking if self._names_itself(named) else None

    def _shown(self, stacking: Sequence[int]) -> list[int]:
        """The visible ones among them, topmost first."""
        self._noticing.watch(stacking)
        states = attributes(self._connection, stacking)
        for handle, state in zip(stacking, states, strict=True):
            if state is None:
                # it is gone already: the next window of that number has to be watched anew
                self._noticing.forget(handle)
        return [
            handle
            for handle, state in zip(reversed(stacking), reversed(states), strict=True)
            if state is not None and state.map_state == X.IsViewable
        ]

    def _is_managed(self) -> bool:
        """Whether a window manager runs: its check window is alive and names itself, as EWMH demands."""
        return self._names_itself(*self._root_numbers("_NET_SUPPORTING_WM_CHECK"))

    def _names_itself(self, named: list[int]) -> bool:
        if not named:
            return False
        witness = self._connection.create_resource_object("window", named[0])
        return _numbers(property_of(witness, "_NET_SUPPORTING_WM_CHECK")) == named

    def _root_numbers(self, *names: str) -> list[list[int]]:
        """Numbers that the window manager keeps at the root window, in one round trip."""
        answers = ask_all([property_question(self._connection, self._root.id, name) for name in names])
        return [_numbers(property_value(answer)) for answer in answers]

    def _described(self, handles: Sequence[int]) -> list[Window | None]:
        """The windows, in one round trip for all that nobody remembers; None for those that have vanished."""
        known = self._noticing.answers
        unknown = [handle for handle in handles if handle not in known]
        self._noticing.watch(unknown)
        for handle, window in zip(unknown, self._asked(unknown), strict=True):
            if window is None:
                self._noticing.forget(handle)
            else:
                known[handle] = window
        return [known.get(handle) for handle in handles]

    def _asked(self, handles: Sequence[int]) -> list[Window | None]:
        answers = ask_all([question for handle in handles for question in self._questions(handle)])
        each = len(answers) // max(1, len(handles))
        return [_window(handle, answers[at * each : (at + 1) * each]) for at, handle in enumerate(handles)]

    def _questions(self, handle: int) -> list[Any]:
        """Where the window is, where its top-left corner is on the desktop, and its properties in `_PROPERTIES`."""
        display, root = self._connection.display, self._root.id
        return [
            xrequest.GetGeometry(display, defer=1, drawable=handle),
            xrequest.TranslateCoords(display, defer=1, src_wid=handle, dst_wid=root, src_x=0, src_y=0),
            *(property_question(self._connection, handle, name) for name in _PROPERTIES),
        ]

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


def _window(handle: int, answers: Sequence[Any | None]) -> Window | None:
    place, corner, *properties = answers
    if place is None or corner is None:
        return None
    frame, shadow, pid, app, title, plain_title = map(property_value, properties)
    number = next(iter(_numbers(pid)), None)
    bounds = _bounds(place, corner, _extents(frame), _extents(shadow))
    return Window(_app(app or b"", number), _title(title or plain_title or b""), bounds, pid=number, handle=handle)


def _bounds(place: Any, corner: Any, frame: "_Sides", shadow: "_Sides") -> Rect:
    return Rect(
        corner.x - frame.left + shadow.left,
        corner.y - frame.top + shadow.top,
        max(0, place.width + frame.left + frame.right - shadow.left - shadow.right),
        max(0, place.height + frame.top + frame.bottom - shadow.top - shadow.bottom),
    )


def _extents(value: Any | None) -> "_Sides":
    numbers = _numbers(value)
    return _Sides(*numbers) if len(numbers) == 4 else _Sides(0, 0, 0, 0)


def _title(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return bytes(value).decode()
    except UnicodeDecodeError:
        return bytes(value).decode("latin-1")


def _app(value: Any, pid: int | None) -> str:
    text = value if isinstance(value, str) else bytes(value).decode("latin-1")
    instance, _, rest = text.partition("\0")
    return (rest.rstrip("\0") or instance or _process_name(pid)).lower()


def _numbers(value: Any | None) -> list[int]:
    return [] if value is None or isinstance(value, str | bytes) else [int(number) for number in value]


def _process_name(pid: int | None) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() if pid else ""
    except OSError:
        return ""
