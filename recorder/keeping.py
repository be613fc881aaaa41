"""Events in their order, each let through only once it is known that it is no part of a password."""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from recorder.atoms import MODIFIERS
from recorder.entries import Entry, Glimpse, Message, Noted, Ticket
from recorder.focus import NEVER_NS, NOWHERE, PATIENCE_NS, FocusLog, Judgement, Place
from recorder.passed import Passed
from recorder.privacy import SecretFields, is_typing, name_of_field, shielded, valueless
from recorder.ring import Picture
from recorder.seen import same_element, same_window
from recorder.spans import STAMP_NS
from workbench.actions import Modifier
from workbench.geometry import Screen
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Window

STEPS = frozenset({"button_down", "scroll", "key_down", "note", "pause", "resume", "excluded"})
"""Kinds of events after which more secret typing is another step."""

BEGINNING = frozenset({"button_down", "key_down", "scroll"})
"""Events that go to the active window, or make another one active."""

INPUTS = BEGINNING | {"button_up", "key_up", "move"}
"""What hands do, rather than what the system or the recorder itself says."""

UNKNOWN_SECRET = "secret"  # noqa: S105 - what a secret is called whose field nobody saw


@dataclass(frozen=True)
class Look:
    """What was on the desktop at one moment."""

    window: Window | None = None
    active: Window | None = None
    element: Element | None = None
    focused: Element | None = None
    screens: tuple[Screen, ...] = ()

    def without_text(self) -> "Look":
        """The same without what the fields hold."""
        return replace(self, element=valueless(self.element), focused=valueless(self.focused))


@dataclass(eq=False)
class Held:
    """An event that waits for its turn, with the modifiers held then and what was seen beside it.

    `happened_ns` is when it truly happened, before it was read.
    """

    event: InputEvent
    held: frozenset[Modifier] = frozenset()
    picture: Picture | None = None
    look: Look | None = None
    judgement: Judgement = "public"
    named: str = ""
    places: frozenset[Place] = frozenset()
    happened_ns: int = 0

    @property
    def is_input(self) -> bool:
        """Whether hands did it."""
        return self.event.kind in INPUTS

    @property
    def apps(self) -> frozenset[str]:
        """The applications that it may have gone to."""
        return frozenset(app for app, _ in self.places - {NOWHERE})


@dataclass
class Keeper:
    """Lets events through in order.

    `release` frees a picture, `searched` tells whether all password fields of an application are known. `harmless`
    tells whether it is certain that none of these applications shows a password field, and showed none since the
    moment given: only then is a key public of which nobody can say where it went.
    """

    log: FocusLog
    secrets: SecretFields
    sink: Callable[[Message], None]
    release: Callable[[Picture], None]
    searched: Callable[[str], bool]
    harmless: Callable[[Collection[str], int], bool]
    last: Ticket | None = None
    last_event: InputEvent | None = None
    _queue: deque[Held] = field(default_factory=deque)
    _secret_keys: set[int] = field(default_factory=set)
    _in_secret: str | None = None
    _typed: Look | None = None
    _passed: Passed = field(default_factory=Passed)

    def add(
        self,
        noted: Noted,
        *,
        held: frozenset[Modifier],
        look: Look | None,
        secret: str = "",
        windows: Iterable[Window] = (),
    ) -> None:
        """Take an event; with `secret` a key that types is a secret of that name, whatever has the focus.

        `windows` are those that may have had the focus when the event was read.
        """
        event = noted.event
        places = frozenset((window.app, window.handle) for window in windows) or frozenset({NOWHERE})
        happened_ns = noted.happened_ns or event.monotonic_ns
        item = Held(event, held, noted.picture, look, places=places, happened_ns=happened_ns)
        if event.kind == "key_down" and is_typing(event.keysym, sorted(held | _own_modifier(event))):
            item.judgement, item.named = ("secret", secret) if secret else ("wait", "")
        self._queue.append(item)

    def waiting(self) -> Sequence[Held]:
        """The keys that nobody has judged yet."""
        return [item for item in self._queue if item.judgement == "wait"]

    def drop_since(self, since_ns: int) -> list[InputEvent]:
        """Forget what still waits and was read since then, and return it."""
        self.begin_anew()
        return self._drop([item for item in self._queue if item.event.monotonic_ns >= since_ns])

    def begin_anew(self) -> None:
        """What was passed on may be gone: nothing that follows goes on with it."""
        self._typed = self._in_secret = self.last = None

    def give_back(self, since_ns: int) -> list[tuple[Noted, frozenset[Modifier]]]:
        """Let go of input that still waits and happened since then; the rest may have been looked at later."""
        items = [item for item in self._queue if item.is_input and item.happened_ns > since_ns - STAMP_NS]
        self._drop(items)
        self._look_away()
        return [(Noted(item.event, None, item.happened_ns), item.held) for item in items]

    def make_secret(self, since_ns: int, name: str) -> None:
        """What still waits and was typed since then is a secret of that name; no picture from then on is kept."""
        for item in self._queue:
            if item.happened_ns > since_ns - STAMP_NS:
                self._free(item)
                if item.judgement == "wait":
                    item.judgement, item.named = "secret", name
        self._look_away()

    def passed_on(self, since_ns: int) -> int | None:
        """From which moment on to forget what was passed on, so that nothing tells of then or later; None: nothing."""
        return self._passed.since(since_ns)

    def pass_sighting(self, sighting: Glimpse) -> None:
        """Pass on what was seen just now beside the last event."""
        self._passed.add(sighting.monotonic_ns, time.monotonic_ns())
        self.sink(sighting)

    def let_through(self) -> None:
        """Judge what can be judged, and pass on everything before the first key that must still wait."""
        now_ns = time.monotonic_ns()
        for item in self.waiting():
            item.judgement = self._judge(item, now_ns)
        while self._queue and self._queue[0].judgement != "wait":
            item = self._queue.popleft()
            if item.judgement == "secret":
                self._keep_secret(item)
            elif not self._is_up_of_secret(item.event):
                self._pass_on(item)
            else:
                self._free(item)

    def end_secret(self) -> None:
        """What is typed from now on is another secret."""
        self._in_secret = None

    def end(self) -> None:
        """Nothing follows: what cannot be judged any more is taken for secret where it might be."""
        for item in self.waiting():
            item.judgement = self._unsure(item, NEVER_NS)
        self.let_through()

    def _judge(self, item: Held, now_ns: int) -> Judgement:
        careful = self._shown_field(item) is not None or not all(map(self.searched, item.apps))
        judgement = self.log.judge(item.event.monotonic_ns, now_ns, careful=careful, places=item.places)
        return self._unsure(item, now_ns) if judgement == "unsure" else judgement

    def _unsure(self, item: Held, now_ns: int) -> Judgement:
        """Public only where nothing secret can be typed; an application that is slow has time to say so."""
        when_ns = item.event.monotonic_ns
        if self._field(item) is not None:
            return "secret"
        if self.harmless(item.apps, when_ns):
            return "public"
        return "wait" if now_ns - when_ns <= PATIENCE_NS else "secret"

    def _field(self, item: Held) -> Element | None:
        """The password field that a key went to, or may have gone to."""
        return self.log.field_of(item.event.monotonic_ns) or self._shown_field(item)

    def _shown_field(self, item: Held) -> Element | None:
        """A password field that an application showed which may have had the focus."""
        shown = (self.secrets.on_screen(app, item.event.monotonic_ns) for app in sorted(item.apps))
        return next((element for element in shown if element is not None), None)

    def _is_up_of_secret(self, event: InputEvent) -> bool:
        if event.kind != "key_up" or event.keycode not in self._secret_keys:
            return False
        self._secret_keys.discard(event.keycode)
        return True

    def _keep_secret(self, item: Held) -> None:
        """Drop a key; the first of a run leaves a marker in its place."""
        self._secret_keys.add(item.event.keycode)
        field = None if item.named else self._field(item)
        name = item.named or (name_of_field(field) if field else UNKNOWN_SECRET)
        only_modifies = _own_modifier(item.event) or item.event.keysym.startswith("ISO_Level")
        if only_modifies or self._in_secret == name:
            self._free(item)
            return
        self._in_secret = name
        self._mark_secret(item, name, field)

    def _mark_secret(self, item: Held, name: str, field: Element | None) -> None:
        """The marker has the time of what came before, so that it tells nothing about the typing."""
        event = item.event
        when_ns = self.last_event.monotonic_ns if self.last_event else event.monotonic_ns
        look = item.look or Look()
        seen = Look(look.active, look.active, None, shielded(field, self.secrets), look.screens)
        if item.named:
            self._free(item)
        marker = InputEvent(0, when_ns, "secret", text=name, by_program=event.by_program)
        self._emit(marker, seen, item.picture)

    def _pass_on(self, item: Held) -> None:
        event, look = item.event, item.look
        if event.kind == "key_down":
            look = self._typed_look(item)
            self._secret_keys.discard(event.keycode)  # the release of that secret key fell into a pause
        elif event.kind in STEPS:
            self._typed = None
        if event.kind in STEPS and not _own_modifier(event):
            self._in_secret = None
        if look is None:
            self._free(item)
        if event.kind in BEGINNING and not _own_modifier(event):
            tells_ns = time.monotonic_ns() if look and _holds_text(look) else item.happened_ns
            self._passed.add(event.monotonic_ns, tells_ns)
        self._emit(event, look, item.picture)

    def _typed_look(self, item: Held) -> Look | None:
        """What to keep of what was seen before a key: nothing while it goes where the keys before it went."""
        if item.look is None or _own_modifier(item.event):
            return None
        active = item.look.active
        focused = shielded(self.log.focused(item.happened_ns, active.app if active else ""), self.secrets)
        look = Look(active, active, None, focused, item.look.screens)
        earlier, self._typed = self._typed, look
        return look if earlier is None or item.picture is not None or _differ(earlier, look) else None

    def _emit(self, event: InputEvent, look: Look | None, picture: Picture | None) -> None:
        ticket = Ticket(event.monotonic_ns)
        self.sink(Entry(ticket, event))
        self.last, self.last_event = ticket, event
        if look is not None:
            self.sink(glimpse(ticket, look, picture, before=True, at_ns=event.monotonic_ns))

    def _drop(self, items: Sequence[Held]) -> list[InputEvent]:
        for item in items:
            self._queue.remove(item)
            self._free(item)
        return [item.event for item in items]

    def _look_away(self) -> None:
        for item in self._queue:
            if item.look is not None:
                item.look = item.look.without_text()

    def _free(self, item: Held) -> None:
        if item.picture is not None:
            self.release(item.picture)
            item.picture = None


def glimpse(ticket: Ticket, look: Look, picture: Picture | None, *, before: bool, at_ns: int) -> Glimpse:
    """A sighting to be written beside the event of `ticket`."""
    return Glimpse(
        ticket=ticket,
        monotonic_ns=at_ns,
        before=before,
        picture=picture,
        window=look.window,
        active=look.active,
        element=look.element,
        focused=look.focused,
        screens=look.screens,
        epoch_s=time.time() - (time.monotonic_ns() - at_ns) / 1e9,
    )


def _holds_text(look: Look) -> bool:
    return any(element is not None and element.value is not None for element in (look.element, look.focused))


def _differ(earlier: Look, later: Look) -> bool:
    if not same_window(earlier.active, later.active):
        return True
    if earlier.focused is None or later.focused is None:
        return earlier.focused is not later.focused
    labels = earlier.focused.label, later.focused.label
    return labels[0] != labels[1] or not same_element(earlier.focused, later.focused)


def _own_modifier(event: InputEvent) -> frozenset[Modifier]:
    modifier = MODIFIERS.get(event.keysym)
    return frozenset({modifier}) if modifier else frozenset()
