"""Which application on the accessibility bus a window belongs to, and which of its toplevels the window is.

The bus knows applications by connection, the screen knows windows by process: they meet in process ids. Where a
sandbox hides these, the title and the place of the window decide.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.popups import Popup, Popups
from workbench.desktop.atspi.tree import REGISTRY, Facts, Ref, Tree
from workbench.desktop.atspi.wire import Question
from workbench.desktop.ports import Windows
from workbench.geometry import Rect
from workbench.trajectory import Window

_SAME_PLACE = 0.5
_SAME_SIZE = 0.8
_DAEMON = "org.freedesktop.DBus"


class Applications:
    """The applications on one accessibility bus, as the `windows` of one desktop see them (None: nobody looks)."""

    def __init__(self, bus: Bus, tree: Tree, windows: Windows | None) -> None:
        self._bus, self._tree, self._windows = bus, tree, windows
        self._popups = Popups(bus, tree)
        self._pids: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._tops: dict[tuple[Ref, int | None], Ref] = {}

    def start(self, *, deadline: float) -> None:
        """Ask all applications to say when they show something that they do not list."""
        self._popups.start(deadline=deadline)

    def all(self, *, deadline: float) -> list[Ref]:
        """The applications that are on the bus now."""
        return self._tree.children(REGISTRY, deadline=deadline)

    def of_window(self, window: Window, *, deadline: float) -> Iterator[Ref]:
        """The applications that the window may belong to, the likeliest first.

        Those known to be of its process, then, after looking who is there now: of its process, of one that it started,
        or of one that cannot be told but shows such a window.
        """
        known = [(connection, REGISTRY[1]) for connection, pid in self._pids.items() if pid == window.pid]
        yield from known
        yield from (app for app in self._listed(window, deadline) if app not in known)

    def _listed(self, window: Window, deadline: float) -> list[Ref]:
        apps = self.all(deadline=deadline)
        if not apps:
            return []
        pids = self._pids_of(apps, deadline)
        exact = [app for app in apps if window.pid is not None and pids.get(app[0]) == window.pid]
        if exact:
            return exact
        owners = self._owners()
        started = [app for app in apps if window.pid and _owner(pids.get(app[0]), owners) == window.pid]
        if started:
            return started
        strangers = [app for app in apps if _owner(pids.get(app[0]), owners) is None]
        return [app for app in strangers if self.toplevel(app, window, deadline=deadline)]

    def _owners(self) -> set[int]:
        return {window.pid for window in self._windows.all() if window.pid} if self._windows else set()

    def of_name(self, app: str, *, deadline: float) -> list[Ref]:
        """The applications whose windows say that they belong to `app`; without any, those that call themselves so."""
        windows = [window for window in self._windows.all() if window.app == app] if self._windows else []
        found = {ref: None for window in _one_per_process(windows) for ref in self.of_window(window, deadline=deadline)}
        if found:
            return list(found)
        apps = self.all(deadline=deadline)
        names = self._tree.names(apps, deadline=deadline)
        return [ref for ref, name in zip(apps, names, strict=True) if name and name.casefold() == app.casefold()]

    def name_of(self, connection: str, *, deadline: float) -> str:
        """What the windows of this bus connection's process say they belong to; else what it calls itself."""
        if connection not in self._names:
            pid = self._pids_of([(connection, "")], deadline).get(connection)
            windows = self._windows.all() if self._windows else ()
            owner = _owner(pid, {window.pid for window in windows if window.pid})
            named = next((window.app for window in windows if owner and window.pid == owner), "")
            if not named:
                return (self._tree.names([(connection, REGISTRY[1])], deadline=deadline)[0]) or ""
            self._names[connection] = named
        return self._names[connection]

    def owns(self, connection: str, window: Window, *, deadline: float) -> bool:
        """Whether this bus connection belongs to the window's application."""
        pid = self._pids_of([(connection, "")], deadline).get(connection)
        if pid is not None and pid == window.pid:
            return True
        owner = _owner(pid, self._owners())
        if owner is not None or window.pid is None:
            return owner is not None and owner == window.pid
        return connection in {app[0] for app in self.of_window(window, deadline=deadline)}

    def toplevels(self, app: Ref, *, deadline: float) -> list[Facts]:
        """The showing windows of an application, as it states them; then the pop-ups that stand in none of these."""
        listed = self._tree.facts(self._tree.children(app, deadline=deadline), deadline=deadline)
        alone = [popup.facts for popup in self.popups(app, deadline=deadline) if not popup.elsewhere]
        return [*(facts for facts in listed if facts and facts.showing), *alone]

    def popups(self, app: Ref, *, deadline: float) -> list[Popup]:
        """What an application shows in windows that it does not list, the latest last."""
        return self._popups.of(app, deadline=deadline)

    def toplevel(self, app: Ref, window: Window, *, deadline: float) -> Facts | None:
        """The toplevel that is this window; None for a window that accessibility does not list, such as a menu."""
        key = (app, window.handle)
        known = self._tree.facts([self._tops[key]], deadline=deadline) if key in self._tops else []
        if known and known[0] and known[0].showing and _likeness(known[0], window) >= _SAME_PLACE:
            return known[0]
        best = self._likest(app, window, deadline)
        if best:
            self._tops[key] = best.ref
        return best

    def _likest(self, app: Ref, window: Window, deadline: float) -> Facts | None:
        found = self.toplevels(app, deadline=deadline)
        best = max(found, key=lambda facts: (_likeness(facts, window), facts.name == window.title), default=None)
        return best if best and _likeness(best, window) >= _SAME_PLACE else None

    def _pids_of(self, apps: Iterable[Ref], deadline: float) -> dict[str, int]:
        new = [app[0] for app in apps if app[0] not in self._pids]
        method = "GetConnectionUnixProcessID"
        questions = [Question(_DAEMON, "/org/freedesktop/DBus", _DAEMON, method, "s", (name,)) for name in new]
        for name, answer in zip(new, self._bus.ask(questions, deadline=deadline), strict=True):
            if answer:
                self._pids[name] = answer[0]
        return self._pids


def _one_per_process(windows: Iterable[Window]) -> Iterable[Window]:
    return {window.pid or -place: window for place, window in enumerate(windows)}.values()


def _owner(pid: int | None, owners: set[int]) -> int | None:
    """The nearest of the process and its ancestors that owns a window."""
    while pid and pid > 1:
        if pid in owners:
            return pid
        pid = _parent(pid)
    return None


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _likeness(facts: Facts, window: Window) -> float:
    """From 0 to 1: how much of the screen they share; the same title and size elsewhere is a window on the move."""
    shared = _overlap(facts.bounds, window.bounds)
    smaller, larger = sorted((facts.bounds.area, window.bounds.area))
    moved = bool(facts.name) and facts.name == window.title and smaller >= _SAME_SIZE * larger
    return max(shared, _SAME_PLACE) if moved else shared


def _overlap(one: Rect, other: Rect) -> float:
    shared = one.intersection(other)
    return shared.area / (one.area + other.area - shared.area) if shared else 0.0
