"""Pop-up windows that Qt shows without listing them among the windows of the application.

They are known only by their announcement that they show: menus of buttons, context menus, lists of combo boxes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jeepney import MatchRule

from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.news import subscription
from workbench.desktop.atspi.roles import POPUP_MENU
from workbench.desktop.atspi.tree import Facts, Ref, Tree
from workbench.desktop.atspi.wire import Letter

_EVENT = "org.a11y.atspi.Event.Object"
_KINDS = ("object:state-changed:showing",)

_UNLISTING = "qt"
"""The toolkit, in small letters, that does not list all its windows. Others do, and have much to announce."""

_MOST = 16
"""Of how many announcements of one application it is still found out what shows: a window that opens has many parts,
and is announced after all of them."""


@dataclass(frozen=True)
class Popup:
    """One that shows. What is in it stands `elsewhere` where its children name another parent, as in combo boxes."""

    facts: Facts
    elsewhere: bool


class Popups:
    """Follows what shows without being listed; belongs to the thread of its bus.

    What showed before `start` is unknown.
    """

    def __init__(self, bus: Bus, tree: Tree) -> None:
        self._bus, self._tree = bus, tree
        self._toolkits: dict[str, str] = {}
        self._new: dict[str, dict[Ref, None]] = {}
        self._known: dict[str, dict[Ref, bool]] = {}
        bus.hear(self._signal)

    def start(self, *, deadline: float) -> None:
        """Ask all applications to say when something begins or ceases to show."""
        rule = MatchRule(type="signal", interface=_EVENT, member="StateChanged")
        rule.add_arg_condition(0, "showing")
        self._bus.ask(subscription((rule,), _KINDS), deadline=deadline)

    def of(self, app: Ref, *, deadline: float) -> list[Popup]:
        """What the application shows beside its listed windows, the latest last.

        Costs nothing where nothing new was announced and nothing is open.
        """
        self._bus.listen()
        new = list(self._new.pop(app[0], ()))
        known = self._known.setdefault(app[0], {})
        unanswered = self._bus.unanswered
        if new and self._toolkit(app, deadline) == _UNLISTING:
            known.update(self._found_out(app, new, deadline))
        if self._bus.unanswered > unanswered:
            self._new[app[0]] = dict.fromkeys(new) | self._new.get(app[0], {})
        facts = self._tree.facts(tuple(known), deadline=deadline) if known else []
        # one that was announced to be gone while it was asked is known no more
        still = [one for one in facts if one and one.ref in known and one.showing and one.bounds.area]
        return [Popup(one, known[one.ref]) for one in still]

    def _found_out(self, app: Ref, new: Sequence[Ref], deadline: float) -> dict[Ref, bool]:
        """Those of them that are pop-ups, each with whether its children have another parent."""
        listed = self._tree.children(app, deadline=deadline)
        parents = self._tree.parents(new, deadline=deadline)
        alone = [ref for ref, parent in zip(new, parents, strict=True) if parent == app and ref not in listed]
        below = [ref for ref, parent in zip(new, parents, strict=True) if parent != app]
        roles = self._tree.roles(below, deadline=deadline)
        found = {ref: True for ref, role in zip(below, roles, strict=True) if role == POPUP_MENU}
        for ref, children in zip(alone, self._tree.children_of(alone, deadline=deadline), strict=True):
            found[ref] = any(parent != ref for parent in self._tree.parents(children, deadline=deadline))
        return {ref: found[ref] for ref in new if ref in found}

    def _toolkit(self, app: Ref, deadline: float) -> str:
        if app[0] not in self._toolkits:
            name = self._tree.toolkit(app, deadline=deadline)
            if name is None:
                return ""
            self._toolkits[app[0]] = name.casefold()
        return self._toolkits[app[0]]

    def _signal(self, signal: Letter) -> None:
        if signal.interface != _EVENT or signal.body[:1] != ("showing",):
            return
        new, ref = self._new.setdefault(signal.sender, {}), (signal.sender, signal.path)
        new.pop(ref, None)
        self._known.get(signal.sender, {}).pop(ref, None)
        if signal.body[1]:
            new[ref] = None
            if len(new) > _MOST:
                new.pop(next(iter(new)))
