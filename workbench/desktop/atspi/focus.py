"""Which object has the keyboard focus: the applications say so when it moves, and are asked before it is believed."""

from jeepney import MatchRule

from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.news import subscription
from workbench.desktop.atspi.tree import Ref, Tree
from workbench.desktop.atspi.wire import Letter

_EVENT = "org.a11y.atspi.Event.Object"
_KINDS = ("object:state-changed:focused",)
_TRIES = 4


class FocusFollower:
    """Follows where the focus goes; belongs to the thread of its bus."""

    def __init__(self, bus: Bus, tree: Tree) -> None:
        self._bus, self._tree = bus, tree
        self._last: dict[str, Ref] = {}
        self._count = 0
        bus.hear(self._signal)

    def start(self, *, deadline: float) -> None:
        """Ask all applications to say when the focus moves."""
        rule = MatchRule(type="signal", interface=_EVENT, member="StateChanged")
        rule.add_arg_condition(0, "focused")
        self._bus.ask(subscription((rule,), _KINDS), deadline=deadline)

    def said(self) -> list[str]:
        """The connections that have said where their focus is, the latest first."""
        self._bus.listen()
        return list(reversed(self._last))

    def in_connection(self, connection: str, *, deadline: float) -> Ref | None:
        """The object with the focus in that application, by its own word now; None where it never said or has none.

        An application's announcements arrive before its answers, so one answer is enough to be up to date.
        """
        self._bus.listen()
        for _ in range(_TRIES):
            ref, count = self._last.get(connection), self._count
            if not ref:
                return None
            facts = self._tree.facts([ref], deadline=deadline)[0]
            if count == self._count:
                return ref if facts and {"focused", "showing"} <= set(facts.states) else None
        return None

    def below(self, toplevel: Ref, *, deadline: float) -> Ref | None:
        """The object with the focus below a toplevel, by looking for it."""
        found = self._tree.matches(toplevel, states=("focused", "showing"), deadline=deadline)
        if found is None:
            found = self._search(toplevel, deadline)
        return found[-1] if found else None

    def _search(self, toplevel: Ref, deadline: float) -> list[Ref]:
        level, found = [toplevel], list[Ref]()
        while level:
            children = [ref for refs in self._tree.children_of(level, deadline=deadline) for ref in refs]
            shown = [one for one in self._tree.facts(children, deadline=deadline) if one and one.showing]
            found += [one.ref for one in shown if "focused" in one.states]
            level = [one.ref for one in shown]
        return found

    def _signal(self, signal: Letter) -> None:
        if signal.interface != _EVENT or signal.body[:1] != ("focused",):
            return
        ref = (signal.sender, signal.path)
        self._count += 1
        if signal.body[1]:
            # the latest stands last
            self._last.pop(signal.sender, None)
            self._last[signal.sender] = ref
        elif self._last.get(signal.sender) == ref:
            del self._last[signal.sender]
