"""What is looked at between events: where the pointer rests, what an action led to, where password fields are."""

import time
from dataclasses import dataclass

from recorder.entries import Glimpse, Ticket
from recorder.hovering import opens
from recorder.keeping import Look, glimpse
from recorder.looking import Looker
from recorder.privacy import shielded
from recorder.ring import FrameRing, Picture
from workbench.trajectory import Element

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
        settled_ns = self._settled_ns()
        if settled_ns is not None and now_ns > settled_ns:
            return self._see_settled(last, now_ns)
        self.looker.search_secrets(SEARCH_NS)
        return None

    def due_ns(self) -> list[int]:
        """When something will be due, unless there is input before."""
        return [at_ns for at_ns in (self.looker.hands.rests_ns, self._settled_ns()) if at_ns is not None]

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
        look = self.looker.see_rest(hands.last.point)
        if hands.last.kind != "move" or look.element is None or not opens(look.element):
            return None
        return glimpse(last, look, self._picture(), before=True, at_ns=now_ns)

    def _settled_ns(self) -> int | None:
        """When what was done last has settled, or shows something late, as far as can be told; None where never."""
        hands, ring = self.looker.hands, self._ring()
        if not hands.acted_ns or hands.pressed:
            return None
        changed_ns = ring.newest_ns if ring else 0
        if self._taken_for_ns == hands.acted_ns:
            late = changed_ns > self._taken_ns and self._takes <= RETAKES
            return changed_ns + AGAIN_NS if late else None
        return max(hands.acted_ns + QUIET_NS, min(changed_ns + STILL_NS, hands.acted_ns + SETTLED_NS))

    def _see_settled(self, last: Ticket, now_ns: int) -> Glimpse:
        looker, first = self.looker, self._taken_for_ns != self.looker.hands.acted_ns
        self._takes = 1 if first else self._takes + 1
        self._taken_for_ns, self._taken_ns = looker.hands.acted_ns, now_ns
        look = looker.see_focus(Look())
        shown = Look(look.active, look.active, self._pressed_now(look.focused), look.focused, look.screens)
        return glimpse(last, shown, self._picture(), before=False, at_ns=now_ns)

    def _pressed_now(self, focused: Element | None) -> Element | None:
        """What was pressed last as it is now, which is known where it has the focus."""
        looker = self.looker
        pressed = looker.pressed.element if looker.pressed else None
        if pressed is None or (focused is not None and focused.ref == pressed.ref):
            return focused if pressed else None
        return shielded(looker.eyes.refresh(pressed), looker.secrets)

    def _refresh_secrets(self, now_ns: int) -> None:
        """Ask where the known password fields are now."""
        secrets, eyes = self.looker.secrets, self.looker.eyes
        if now_ns - self._refreshed_ns < REFRESH_NS:
            return
        self._refreshed_ns = now_ns
        windows = eyes.all() if secrets.known() or secrets.veils else ()
        self.looker.follow_veils(windows)
        shown = {window.app for window in windows}
        for known in secrets.known():
            today = eyes.refresh(known) if known.app in shown else None
            if today is None or "showing" not in today.states:
                secrets.gone(known, now_ns)
            else:
                secrets.know(today)
