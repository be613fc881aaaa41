"""The accessibility port of a Linux desktop (`workbench.desktop.ports.Accessibility`) over AT-SPI."""

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from workbench.desktop.atspi.applications import Applications
from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.describing import Describer, hidden
from workbench.desktop.atspi.focus import FocusFollower
from workbench.desktop.atspi.news import News
from workbench.desktop.atspi.patience import Patience
from workbench.desktop.atspi.pointing import Hit, hit, open_menu_item, smallest
from workbench.desktop.atspi.roles import role_number
from workbench.desktop.atspi.tree import Facts, Ref, Tree
from workbench.desktop.atspi.walking import Walker
from workbench.desktop.ports import Windows
from workbench.geometry import Point
from workbench.trajectory import Element, Window


class AtspiAccessibility:
    """What applications say about themselves, over one connection to the accessibility bus, for one thread.

    `windows` tells which application a window belongs to, so that `Element.app` equals `Window.app`, and which one is
    active; without it elements carry the name that the application gives itself and the focus is found among
    toplevels that call themselves active. Nothing raises: what is dead, hung or silent is absent.
    """

    def __init__(self, bus: Bus, windows: Windows | None, *, at_close: Callable[[], None] | None = None) -> None:
        self._bus, self._windows, self._at_close = bus, windows, at_close or _nothing
        self._tree = Tree(bus)
        self._applications = Applications(bus, self._tree, windows)
        self._describer = Describer(bus, self._tree)
        self._focus = FocusFollower(bus, self._tree)
        self._news = News(bus)
        self._patience = Patience(bus)
        self._last_way: tuple[Ref, ...] = ()
        self._focus.start(deadline=self._patience.deadline())
        self._applications.start(deadline=self._patience.deadline())

    @property
    def unanswered(self) -> int:
        """How many questions were not answered in time so far."""
        return self._bus.unanswered

    def news(self) -> int | None:
        """How often applications have said so far that something of theirs changed; None where they may keep it quiet.

        They are asked to say so from the first call on, and given half a second to begin.
        """
        return self._news.count(deadline=self._patience.deadline())

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        """The deepest showing element at the point in that window's application, with path and states.

        Without a window the one under the point is taken.
        """
        deadline = self._patience.deadline()
        window = window or (self._windows.at(point) if self._windows else None)
        found = self._hit_in(window, point, deadline) if window else self._hit_anywhere(point, deadline)
        if not found:
            return None
        app = window.app if window else self._applications.name_of(found.ref[0], deadline=deadline)
        element = self._describer.element(found.ref, app, deadline=deadline, trail=found.trail)
        if element and hidden(element) and not found.popup:
            return self._describer.around(element, deadline=deadline)
        if element and found.facts and not element.bounds.area:
            # a menu that closed meanwhile has no place any more
            return replace(element, bounds=found.facts.bounds, states=found.facts.states)
        return element

    def focused(self) -> Element | None:
        """The element with the keyboard focus in the active window; None where the application does not say."""
        deadline = self._patience.deadline()
        window = self._windows.active() if self._windows else None
        if self._windows and not window:
            return None
        ref = self._announced(window, deadline) or self._searched(window, deadline)
        if not ref:
            return None
        app = window.app if window else self._applications.name_of(ref[0], deadline=deadline)
        return self._describer.element(ref, app, deadline=deadline)

    def find(self, *, app: str, role: str | None = None, name: str | None = None, limit: int = 50) -> list[Element]:
        """Showing elements of the application with that role and exact name, in tree order."""
        if role is not None and role_number(role) is None:
            return []
        found: dict[Ref | None, Element] = {}
        for toplevel in self._toplevels(app):
            for one in self._found_below(toplevel, app, role, name, limit):
                # GTK shows the list of a combo box below it and in a window of its own
                found.setdefault(one.ref, one)
            if len(found) >= limit:
                break
        return list(found.values())[:limit]

    def walk(self, app: str) -> Iterator[Element]:
        """All showing elements of the application, in tree order, lazily; ends where it stops to answer."""
        walker = Walker(self._tree, self._describer, app, self._patience.seconds)
        met: set[Ref | None] = set()
        for toplevel in self._toplevels(app):
            for element in walker.below(toplevel):
                if element.ref not in met:
                    yield element
                met.add(element.ref)

    def refresh(self, element: Element) -> Element | None:
        """The same element as it is now; None when it is gone."""
        deadline = self._patience.deadline()
        return self._describer.element(element.ref, element.app, deadline=deadline) if element.ref else None

    def speaks_for(self, app: str) -> bool | None:
        """Whether the application is on the bus with an element below its window; None where somebody was silent."""
        before = self.unanswered
        refs = self._applications.of_name(app, deadline=self._patience.deadline())
        tops = [top for ref in refs for top in self._applications.toplevels(ref, deadline=self._patience.deadline())]
        if any(self._tree.children_of([top.ref for top in tops], deadline=self._patience.deadline())):
            return True
        return None if self.unanswered > before else False

    def close(self) -> None:
        """Disconnect and put the desktop's switch back; every later answer is None. Idempotent."""
        self._bus.close()
        at_close, self._at_close = self._at_close, _nothing
        at_close()

    def _hit_in(self, window: Window, point: Point, deadline: float) -> Hit | None:
        for app in self._applications.of_window(window, deadline=deadline):
            toplevel = self._applications.toplevel(app, window, deadline=deadline)
            popup = self._hit_in_popup(app, point, deadline)
            if popup:
                return popup
            found = self._hit_below(toplevel.ref, point, deadline) if toplevel else None
            if found and found.trail:
                return found
            # menus are often shown in windows that are empty, or unknown, to accessibility
            tops = self._applications.toplevels(app, deadline=deadline)
            item = open_menu_item(self._tree, [top.ref for top in tops], point, deadline=deadline)
            if item or found:
                return item or found
        return None

    def _hit_anywhere(self, point: Point, deadline: float) -> Hit | None:
        apps = self._applications.all(deadline=deadline)
        tops = [top for app in apps for top in self._applications.toplevels(app, deadline=deadline)]
        popup = next((found for app in apps if (found := self._hit_in_popup(app, point, deadline))), None)
        if popup:
            return popup
        item = open_menu_item(self._tree, [top.ref for top in tops], point, deadline=deadline)
        if item:
            return item
        top = smallest(_active_first(tops), point)
        return self._hit_below(top.ref, point, deadline) if top else None

    def _hit_in_popup(self, app: Ref, point: Point, deadline: float) -> Hit | None:
        """What is there in the pop-up that covers everything else."""
        for popup in reversed(self._applications.popups(app, deadline=deadline)):
            if popup.facts.bounds.contains(point):
                found = self._hit_below(popup.facts.ref, point, deadline)
                return Hit(found.ref, found.trail, popup=True)
        return None

    def _hit_below(self, toplevel: Ref, point: Point, deadline: float) -> Hit:
        found = hit(self._tree, toplevel, point, deadline=deadline, expected=self._last_way)
        self._last_way = (*found.trail, found.ref)
        return found

    def _announced(self, window: Window | None, deadline: float) -> Ref | None:
        for connection in self._focus.said():
            if window is None or self._applications.owns(connection, window, deadline=deadline):
                ref = self._focus.in_connection(connection, deadline=deadline)
                if ref:
                    return ref
        return None

    def _searched(self, window: Window | None, deadline: float) -> Ref | None:
        tops = self._tops_of(window, deadline) if window else self._active_tops(deadline)
        found = (self._focus.below(top.ref, deadline=deadline) for top in tops)
        return next((ref for ref in found if ref), None)

    def _tops_of(self, window: Window, deadline: float) -> Iterator[Facts]:
        for app in self._applications.of_window(window, deadline=deadline):
            top = self._applications.toplevel(app, window, deadline=deadline)
            if top:
                yield top

    def _active_tops(self, deadline: float) -> Iterator[Facts]:
        for app in self._applications.all(deadline=deadline):
            tops = self._applications.toplevels(app, deadline=deadline)
            yield from (top for top in tops if "active" in top.states)

    def _toplevels(self, app: str) -> list[Facts]:
        deadline = self._patience.deadline()
        refs = self._applications.of_name(app, deadline=deadline)
        return [top for ref in refs for top in self._applications.toplevels(ref, deadline=deadline)]

    def _found_below(self, top: Facts, app: str, role: str | None, name: str | None, limit: int) -> list[Element]:
        roles = (role,) if role else ()
        refs = self._tree.matches(top.ref, roles=roles, states=("showing",), deadline=self._patience.deadline())
        if refs is None:
            walked = Walker(self._tree, self._describer, app, self._patience.seconds).below(top)
            return _first(limit, (one for one in walked if one.role == (role or one.role) and name in (None, one.name)))
        if name is not None and role != "combo box":
            names = self._tree.names(refs, deadline=self._patience.deadline())
            refs = [ref for ref, called in zip(refs, names, strict=True) if called == name]
        made = (self._describer.element(ref, app, deadline=self._patience.deadline()) for ref in refs)
        showing = (one for one in made if one and "showing" in one.states)
        return _first(limit, (one for one in showing if name in (None, one.name)))


def _nothing() -> None:
    """There is nothing to put back."""


def _first(limit: int, elements: Iterable[Element]) -> list[Element]:
    found: list[Element] = []
    for element in elements:
        if len(found) >= limit:
            break
        found.append(element)
    return found


def _active_first(tops: list[Facts]) -> list[Facts]:
    active = [top for top in tops if "active" in top.states]
    return active or tops
