"""Whether anything may have changed in the accessible trees: applications announce it, nobody has to look."""

import time
from collections.abc import Iterable

from jeepney import MatchRule

from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.tree import REGISTRY
from workbench.desktop.atspi.wire import Letter, Question

_DAEMON = "org.freedesktop.DBus"
_EVENTS = ("org.a11y.atspi.Event.Object", "org.a11y.atspi.Event.Window")

_KINDS = (
    "object:bounds-changed",
    "object:children-changed",
    "object:property-change",
    "object:selection-changed",
    "object:state-changed",
    "object:text-changed",
    "object:visible-data-changed",
    "window:",
)
"""Everything of which an element is made; carets and text attributes are no part of it."""

_BEGINNING_S = 0.5
"""The registry passes on to the applications what is listened for, which takes a moment."""


class News:
    """Counts the announcements on one accessibility bus, all applications together; belongs to the thread of its bus.

    Nobody is asked to announce anything before the first `count`: it costs applications that change much.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._count = 0
        self._since_s: float | None = None

    def count(self, *, deadline: float) -> int | None:
        """How many announcements have arrived so far; None while applications may not have begun, or have gone."""
        if self._since_s is None:
            self._begin(deadline)
        self._bus.listen()
        begun = self._since_s is not None and time.monotonic() >= self._since_s + _BEGINNING_S
        return self._count if begun and self._bus.alive else None

    def _begin(self, deadline: float) -> None:
        self._since_s = time.monotonic()
        self._bus.hear(self._signal)
        rules = [MatchRule(type="signal", interface=interface) for interface in _EVENTS]
        self._bus.ask(subscription(rules, _KINDS), deadline=deadline)

    def _signal(self, signal: Letter) -> None:
        self._count += signal.interface in _EVENTS


def subscription(rules: Iterable[MatchRule], kinds: Iterable[str]) -> list[Question]:
    """What to ask so that signals that fit the rules arrive and applications emit events of these kinds."""
    registry = REGISTRY[0]
    matches = [
        Question(_DAEMON, "/org/freedesktop/DBus", _DAEMON, "AddMatch", "s", (rule.serialise(),)) for rule in rules
    ]
    events = [Question(registry, "/org/a11y/atspi/registry", registry, "RegisterEvent", "s", (kind,)) for kind in kinds]
    return [*matches, *events]
