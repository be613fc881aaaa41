"""Which parts of the screen belong to windows that no frame may show.

Two kinds: windows named by handle with their dialogs, menus and tooltips, and the program's own. A window is the
program's own when it carries the property `_WORKBENCH_OWN` (CARDINAL/32, the process id of the face), set before it is
first shown, or when its `_NET_WM_PID` is a process id that such a property has named: so menus and tooltips of the face
are recognised without a mark.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from Xlib import X

from workbench.desktop.covering import visible_parts
from workbench.desktop.x11 import tree
from workbench.desktop.x11.connection import close, connect, property_of
from workbench.geometry import Rect

OWN_PROPERTY = "_WORKBENCH_OWN"


@dataclass(frozen=True)
class _Known:
    """What stays while a window lives.

    The application's window in it, its process and mark, the window that it belongs to, and what kind it is.
    """

    client: int
    pid: int | None
    mark: int | None
    owner: int | None
    pops_up: bool
    see_through: bool


class Hiding:
    """Keeps track of what has to be painted over, on a connection of its own; asks the server only after changes."""

    def __init__(self, display_name: str) -> None:
        self._connection = connect(display_name)
        self._connection.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self.composited = self._has_compositor()
        self._handles: frozenset[int] = frozenset()
        self._known: dict[int, _Known] = {}
        self._regions: tuple[Rect, ...] | None = None

    def hide(self, handles: Iterable[int]) -> None:
        """These windows, instead of those named before."""
        wanted = frozenset(handles)
        if wanted != self._handles:
            self._handles, self._regions = wanted, None

    def regions(self) -> tuple[Rect, ...]:
        """The visible rectangles of all windows to hide, as of now: one round trip while no window changes."""
        self._connection.sync()
        pending = self._connection.pending_events()
        for _ in range(pending):
            self._connection.next_event()
        if pending or self._regions is None:
            self._regions = tuple(self._surveyed())
        return self._regions

    def close(self) -> None:
        """Disconnect."""
        close(self._connection)

    def _surveyed(self) -> Iterable[Rect]:
        tops = tree.tops(self._connection)
        known = {top.handle: self._known.get(top.handle) or self._examined(top) for top in tops}
        self._known = known
        own = {one.mark for one in known.values() if one.mark is not None}
        named = self._named(known)
        above: list[Rect] = []
        regions: list[Rect] = []
        for top in tops:
            one = known[top.handle]
            if one.client in named or one.mark is not None or one.pid in own:
                regions += visible_parts(top.bounds, above)
            elif not one.see_through:
                above.append(top.bounds)
        return regions

    def _named(self, known: Mapping[int, _Known]) -> set[int]:
        """The clients that were named by handle, with everything that belongs to them or popped up from them."""
        found = {one.client for top, one in known.items() if self._handles & {top, one.client}}
        pids = {one.pid for one in known.values() if one.client in found and one.pid is not None}
        clients = {one.client for one in known.values()}
        # A pop-up of the same process that says whose it is may belong to a window that everybody may see.
        found |= {
            one.client for one in known.values() if one.pops_up and one.pid in pids and one.owner not in clients - found
        }
        while more := {one.client for one in known.values() if one.owner in found} - found:
            found |= more
        return found

    def _examined(self, top: tree.Top) -> _Known:
        client = tree.client_of(self._connection, top.handle)
        see_through = (self.composited and top.depth == 32) or tree.is_shaped(self._connection, top.handle)
        return _Known(
            client,
            pid=self._number(client, "_NET_WM_PID"),
            mark=self._number(client, OWN_PROPERTY),
            owner=self._number(client, "WM_TRANSIENT_FOR"),
            pops_up=top.override_redirect,
            see_through=see_through,
        )

    def _number(self, handle: int, name: str) -> int | None:
        value = property_of(self._connection.create_resource_object("window", handle), name)
        return int(value[0]) if value is not None and len(value) == 1 else None

    def _has_compositor(self) -> bool:
        number = self._connection.get_default_screen()
        owner = self._connection.get_selection_owner(self._connection.get_atom(f"_NET_WM_CM_S{number}"))
        return bool(owner != X.NONE)
