"""What is looked at between events: where the pointer rests, what an action led to, where password fields are."""

import time
from dataclasses import dataclass

from recorder.entries import Glimpse, Ticket
from recorder.hovering import opens
from recorder.keeping import Look, glimpse
from recorder.looking import Looker
from recorder.ring import FrameRing, Picture

QUIET_NS = 120_000_000
STILL_NS = 80_000_000
SETTLED_NS = 900_000_000
"""An action has settled when there was no input for `QUIET_NS` and no change on the screen for `STILL_NS`, or anyhow
after `SETTLED_NS`: some screens never rest."""

AGAIN_NS = 500_000_000
RETAKES = 2
"""What an application shows late is looked at again after so long a quiet, so many times."""

REFRESH_NS = 200_000_000
"""How often the places of known password fields are asked for."""

SEARCH_NS = 3_000_000_000
"""How often the active window is searched for password fields that appeared in it while nobody types."""


@dataclass
class Settling:
    """Uses the moments without input, on the looker's thread."""

    looker: Looker
    _taken_for_ns: int = 0
    _taken_ns: int = 0
    _takes: int = 0
    _refreshed_ns: int = 0

    def idle(self, last: Ticket) -> Glimpse | None:
        """Look at what is due; the sighting that came of it, to be kept beside the event of `last`."""
        now_ns = time.monotonic_ns()
        self._refresh_secrets(now_ns)
        if self.looker.hands.rests(now_ns):
            return self._see_rest(last, now_ns)
        if self._is_settled(now_ns):
            return self._see_settled(last, now_ns)
        self.looker.search_secrets(SEARCH_NS)
        return None

    def last_look(self, last: Ticket) -> Glimpse | None:
        """What the last action led to, where nobody has looked yet and nothing will follow."""
        hands = self.looker.hands
        if not hands.acted_ns or self._taken_for_ns == hands.acted_ns:
            return None
        return self._see_settled(last, time.monotonic_ns())

    def _ring(self) -> FrameRing | None:
        return self.looker.capture.ring if self.looker.capture else None

    def _picture(self) -> Picture | None:
        ring = self._ring()
        return ring.before(time.monotonic_ns()) if ring else None

    def _see_rest(self, last: Ticket, now_ns: int) -> Glimpse | None:
        """What the pointer rests on; kept only where resting may open something."""
        hands = self.looker.hands
        hands.looked_at_rest = True
        if hands.last is None or hands.last.point is None:
            return None
        look = self.looker.see(hands.last.point)
        self.looker.under = (hands.last.point, look)
        if hands.last.kind != "move" or look.element is None or not opens(look.element):
            return None
        return glimpse(last, look, self._picture(), before=True, at_ns=now_ns)

    def _is_settled(self, now_ns: int) -> bool:
        hands, ring = self.looker.hands, self._ring()
        if not hands.acted_ns or hands.pressed or now_ns - hands.acted_ns < QUIET_NS:
            return False
        changed_ns = ring.newest_ns if ring else 0
        if self._taken_for_ns == hands.acted_ns:
            late = changed_ns > self._taken_ns and now_ns - changed_ns > AGAIN_NS
            return late and self._takes <= RETAKES
        still = now_ns - changed_ns > STILL_NS
        return still or now_ns - hands.acted_ns > SETTLED_NS

    def _see_settled(self, last: Ticket, now_ns: int) -> Glimpse:
        looker, first = self.looker, self._taken_for_ns != self.looker.hands.acted_ns
        self._takes = 1 if first else self._takes + 1
        self._taken_for_ns, self._taken_ns = looker.hands.acted_ns, now_ns
        pressed = looker.pressed.element if looker.pressed else None
        element = looker.eyes.refresh(pressed) if pressed else None
        look = looker.see_focus(Look(element=element))
        shown = Look(look.active, look.active, look.element, look.focused, look.screens)
        return glimpse(last, shown, self._picture(), before=False, at_ns=now_ns)

    def _refresh_secrets(self, now_ns: int) -> None:
        """Ask where the known password fields are now."""
        secrets, eyes = self.looker.secrets, self.looker.eyes
        if now_ns - self._refreshed_ns < REFRESH_NS:
            return
        self._refreshed_ns = now_ns
        shown = {window.app for window in eyes.all()} if secrets.known() else set()
        for known in secrets.known():
            today = eyes.refresh(known) if known.app in shown else None
            if today is None or "showing" not in today.states:
                secrets.gone(known, now_ns)
            else:
                secrets.know(today)
