"""What is looked at beside events: where a press goes, and which field the keys reach."""

import time
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from recorder.atoms import MODIFIERS
from recorder.capture import Capture
from recorder.entries import Noted
from recorder.exclusion import Exclusion
from recorder.eyes import Eyes
from recorder.focus import NEVER_NS, Answer, FocusLog, Place
from recorder.hands import ACTING, Hands
from recorder.keeping import Look
from recorder.privacy import MOVING, SecretFields, Veil, shielded, valueless
from recorder.resting import Rest, Rests
from recorder.seen import same_window
from workbench.errors import UnavailableError
from workbench.geometry import Point, Screen
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Window

LATE_NS = 250_000_000
"""What is asked later than this after a press may be something else by now: then it is not asked for at all."""

LAG_NS = 20_000_000
"""How much later than it happened an event may be stamped."""

SWITCH_NS = 300_000_000
"""How long after an action windows may still change because of it."""

SAMPLE_NS = 50_000_000
"""How often the active window is asked for while windows may change: nobody types into one that goes faster."""

ANSWER_NS = 5_000_000
"""How long an answer may take: one that was asked for so shortly before an event may tell what the event led to."""

REMEMBERED = 64
"""Answers to which window was active that are kept."""

FRESH_NS = 15_000_000
"""Which window is active need not be asked again so soon: it was for the same event."""

COMMANDING = frozenset({"ctrl", "alt", "super"})


@dataclass(frozen=True)
class _Unlearned:
    """Something secret that was typed between two inputs that move the focus; where, is asked from `since_ns` on."""

    when_ns: int
    since_ns: int
    veils: tuple[Veil, ...]

    def tells(self, answer: Answer) -> bool:
        """Whether the answer is about one of the windows; another may have got the focus without any input."""
        handles = {veil.window.handle for veil in self.veils}
        return not handles or answer.place is None or answer.place[1] in handles


@dataclass
class Looker:
    """Looks for one recording, on the one thread that may ask accessibility.

    While it is `blind` no text that a field holds is taken from an answer.
    """

    eyes: Eyes
    capture: Capture | None
    exclusion: Exclusion
    log: FocusLog = field(default_factory=FocusLog)
    secrets: SecretFields = field(default_factory=SecretFields)
    hands: Hands = field(default_factory=Hands)
    active: Window | None = None
    pressed: Look | None = None
    rests: Rests = field(default_factory=Rests)
    _actives: deque[tuple[int, Window | None]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _searched: tuple[object, ...] | None = None
    _searched_ns: int = 0
    _unsearched: set[str] = field(default_factory=set)
    _fieldless: dict[str, tuple[int, bool]] = field(default_factory=dict)
    _unlearned: dict[tuple[int, frozenset[Place]], _Unlearned] = field(default_factory=dict)
    blind: bool = False

    def see_active(self) -> None:
        """Ask which window has the focus."""
        asked_ns = time.monotonic_ns()
        self.active = self.eyes.active()
        self._actives.append((asked_ns, self.active))

    def sample_ns(self) -> int | None:
        """When to ask for the active window: another one may have taken the focus, by what was done or by itself."""
        asked_ns = self._actives[-1][0]
        ring = self.capture.ring if self.capture else None
        acted = time.monotonic_ns() - self.hands.acted_ns < SWITCH_NS
        may_have_moved = acted or (ring is not None and ring.newest_ns > asked_ns)
        return asked_ns + SAMPLE_NS if may_have_moved else None

    def moved_lately(self) -> bool:
        """Whether another window may have the focus and nobody has looked since."""
        sample_ns = self.sample_ns()
        return sample_ns is not None and time.monotonic_ns() > sample_ns

    def active_before(self, when_ns: int) -> Window | None:
        """The window that had the focus when something happened: what was asked later may be what it led to."""
        earlier = [window for at_ns, window in self._actives if at_ns < when_ns - ANSWER_NS]
        return earlier[-1] if earlier else self.active

    def recipients(self, when_ns: int) -> list[Window]:
        """The windows that may have had the focus then: what was done may have closed the one it went to."""
        since_ns = when_ns - LAG_NS
        seen = list(self._actives)
        first = max((place for place, (at_ns, _) in enumerate(seen) if at_ns < since_ns), default=0)
        last = next((place for place, (at_ns, _) in enumerate(seen) if at_ns >= when_ns), len(seen) - 1)
        return [window for _, window in seen[first : last + 1] if window is not None]

    def harmless(self, apps: Collection[str], since_ns: int) -> bool:
        """Whether it is certain that none of these applications shows a password field.

        An answer from after `since_ns` will do: of many keys that waited together only the first is asked about.
        """
        return all(self._is_fieldless(app, since_ns) for app in apps)

    def _is_fieldless(self, app: str, since_ns: int) -> bool:
        asked_ns, answer = self._fieldless.get(app, (0, False))
        if asked_ns <= since_ns or (not answer and time.monotonic_ns() - asked_ns > SAMPLE_NS):
            asked_ns = time.monotonic_ns()
            try:
                answer = self.eyes.fieldless(app)
            except UnavailableError:
                answer = False
            self._fieldless[app] = (asked_ns, answer)
        return answer

    def interrupted(self) -> None:
        """What was seen before does not lead to what comes now."""
        self.hands.let_go()
        self.pressed = None
        self.rests.clear()

    def look(self, noted: Noted, held: frozenset[str], *, secret: bool) -> Look | None:
        """What is to be kept beside the event, without any text while something secret is typed."""
        event = noted.event
        look = self._look(event, noted.happened_ns or event.monotonic_ns)
        if look is not None:
            # What a window showed from its beginning must be known before a picture of it is kept.
            self.search_secrets(NEVER_NS)
        if event.kind == "button_down":
            self.pressed = look
        if event.kind in ACTING:
            self.rests.clear()
        elif event.point is not None:
            self.rests.moved(event.point)
        if _moves_focus(event, held):
            self.log.moved(event.monotonic_ns, event.point, modifier=event.keysym in MODIFIERS)
        self.hands.follow(event)
        if look is None or not secret:
            return look
        return Look(look.window, look.active, valueless(look.element), None, look.screens)

    def ask_focus(self) -> Answer:
        """Ask where the keys go."""
        answer = self.eyes.focus(self.active)
        if self.blind:
            answer = answer.without_value()
        self.log.answered(answer)
        if answer.focused is not None and answer.password:
            self.secrets.know(answer.focused)
        return answer

    def search_secrets(self, every_ns: int) -> None:
        """Find the password fields that the active window shows, unless that was done so recently."""
        active, now_ns = self.active, time.monotonic_ns()
        window = (active.app, active.title, active.handle) if active else None
        recently = window == self._searched and now_ns - self._searched_ns < every_ns
        if active is None or (recently and self.searched(active.app)):
            return
        self._searched, self._searched_ns = window, now_ns
        self._search(active.app)

    def search_all_secrets(self) -> None:
        """Find the password fields of every window that is open."""
        for app in {window.app for window in self.eyes.all() if not self.exclusion.covers(window)}:
            self._search(app)

    def searched(self, app: str) -> bool:
        """Whether all password fields are known that the application showed when it was last looked at."""
        return app not in self._unsearched

    def _search(self, app: str) -> None:
        fields, complete = self.eyes.passwords(app)
        for element in fields:
            self.secrets.know(element)
        self._unsearched.discard(app) if complete else self._unsearched.add(app)

    def expect_secret(self, when_ns: int, since_ns: int, windows: Sequence[Window]) -> None:
        """Something secret is typed at `when_ns`, in a stretch that began at `since_ns`, into one of these windows.

        Until accessibility has named its field, a veil lies over them. It stays for the rest of the recording where
        the focus moved on before anybody answered: then nothing can tell any more which field holds the secret.
        """
        moved_ns = self.log.moved_ns(when_ns)
        key = moved_ns, frozenset((window.app, window.handle) for window in windows)
        if key not in self._unlearned:
            since_ns = max(moved_ns, since_ns)
            veils = tuple(Veil(window, since_ns) for window in windows)
            self._unlearned[key] = _Unlearned(when_ns, since_ns, veils)
            self._veil()

    def learn_secret(self, *, now: bool) -> None:
        """Find the fields of what is secret; with `now` what has the focus is one, whatever it looks like.

        A terminal is none: it does not show what is typed.
        """
        if now or any(self.log.lasts(one.when_ns) for one in self._unlearned.values()):
            self.see_active()
            focused = self.ask_focus().focused
            self._know([focused] if now else [])
        for key, one in list(self._unlearned.items()):
            answers = [answer for answer in self.log.told(one.when_ns, one.since_ns) if one.tells(answer)]
            if answers:
                self._know([answer.focused for answer in answers])
                del self._unlearned[key]
                self._veil()
                if not now and self.capture is not None and self.capture.ring is not None:
                    self.capture.ring.want()  # the newest picture may have been stored with the veil in it

    def _know(self, fields: Sequence[Element | None]) -> None:
        for element in fields:
            if element is not None and element.role != "terminal":
                self.secrets.know(element)

    def _veil(self) -> None:
        self.secrets.veils = tuple(veil for one in self._unlearned.values() for veil in one.veils)

    def follow_veils(self, windows: Sequence[Window]) -> None:
        """A window with a veil over it has one also where it stands now."""
        places = {(window.app, window.handle): window for window in windows}
        for key, one in list(self._unlearned.items()):
            moved = [places.get((veil.window.app, veil.window.handle)) for veil in one.veils]
            stood = {veil.window.bounds for veil in one.veils}
            fresh = tuple(Veil(each, one.since_ns) for each in moved if each and each.bounds not in stood)
            self._unlearned[key] = _Unlearned(one.when_ns, one.since_ns, one.veils + tuple(dict.fromkeys(fresh)))
        self._veil()

    def see(self, point: Point) -> Look:
        """What is at a place now; where no window stands no application has an element."""
        window = self.eyes.at(point)
        seen = window is not None and not self.exclusion.covers(window)
        element = self.eyes.element(point, window) if seen else None
        if element is not None and element.password:
            self.secrets.know(element)
        return self._shown(Look(window=window, active=self.active, element=element))

    def see_focus(self, look: Look) -> Look:
        """The same with the field that has the focus now."""
        if not self._actives or time.monotonic_ns() - self._actives[-1][0] > FRESH_NS:
            self.see_active()
        answer = self.ask_focus()
        return self._shown(Look(look.window, self.active, look.element, answer.focused))

    def see_rest(self, point: Point) -> Look:
        """What the pointer rests on."""
        asked_ns = time.monotonic_ns()
        look = self.see(point)
        self.rests.add(Rest(point, asked_ns, time.monotonic_ns(), look))
        return look

    def _look(self, event: InputEvent, when_ns: int) -> Look | None:
        active = self.active_before(when_ns)
        match event.kind:
            case "key_down":
                return self._shown(Look(window=active, active=active))
            case "button_down" if self.hands.clicks_on(event):
                return self.pressed or self._see_pointer(event, active, when_ns)
            case "button_up" if not self.hands.drags(event):
                return None
            case "scroll" if self.hands.scrolls_on(event):
                return None
            case "button_down" | "button_up" | "scroll":
                return self._see_pointer(event, active, when_ns)
            case _:
                return None

    def _see_pointer(self, event: InputEvent, active: Window | None, when_ns: int) -> Look:
        """What is under the pointer, as it was while the pointer rested there, before a press could change it."""
        point = event.point or Point(0, 0)
        rest = self.rests.before(point, when_ns)
        rested = rest.look if rest else None
        if time.monotonic_ns() - event.monotonic_ns > LATE_NS:
            return self._shown(Look(rested.window, active, rested.element) if rested else Look(active=active))
        if rested is None or rested.element is None:
            # an application that was silent then may have an answer now
            rested = self._still_there(rested, self.see(point))
        seen = self.see_focus(rested)
        return self._shown(Look(seen.window, active, seen.element, seen.focused))

    def _still_there(self, rested: Look | None, now: Look) -> Look:
        """What is there now, unless another window was there: a menu that was pressed may have closed meanwhile."""
        if rested is None or same_window(rested.window, now.window):
            return now
        return Look(rested.window)

    def _shown(self, look: Look) -> Look:
        """Only what may be recorded."""
        covers = self.exclusion.covers
        out = covers(look.active)
        return Look(
            window=None if covers(look.window) else look.window,
            active=None if out else look.active,
            element=shielded(look.element, self.secrets),
            focused=None if out else shielded(look.focused, self.secrets),
            screens=self.screens(),
        )

    def screens(self) -> tuple[Screen, ...]:
        """The monitors."""
        return self.capture.layout if self.capture else ()


def _moves_focus(event: InputEvent, held: frozenset[str]) -> bool:
    if event.kind in ("button_down", "button_up"):
        return True
    return event.kind == "key_down" and (event.keysym in MOVING or bool(COMMANDING & held))
