"""The thread that turns what the hook read into what is written: order, privacy, and what was seen beside it."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from recorder.capture import Capture
from recorder.entries import End, Forget, Message, Noted, own_mistake
from recorder.focus import NEVER_NS
from recorder.hotkeys import HotkeyWatch
from recorder.inbox import Inbox
from recorder.keeping import BEGINNING, Keeper
from recorder.leaving_out import LeavingOut
from recorder.looking import Looker
from recorder.pausing import Pauses
from recorder.privacy import is_typing, secret_name
from recorder.ring import Picture
from recorder.settling import Settling
from recorder.spans import STAMP_NS, Spans
from workbench.actions import Modifier
from workbench.errors import UnavailableError
from workbench.inputs import EventKind, InputEvent
from workbench.trajectory import Window

Word = Literal["pause", "resume", "forget", "note", "secret", "stop"]

FORGET_S = 30.0
MARKED = "Marked here"
"""What a note says that was made by the hotkey."""

TICK_S = 0.02
"""How often the thread looks up while something is due: keys that wait for their focus, or a secret."""

REST_S = 0.04
"""How often it looks up otherwise; with the writing, a movement of the pointer is on disk in 100 ms."""

ON_ITS_WAY_NS = 50_000_000
"""An event that is read later than an order which was given after it comes within this time."""

SEARCH_NS = 500_000_000
"""How often the active window is searched for password fields while somebody types."""


@dataclass(frozen=True)
class Order:
    """Something that steers the recording; `done` is set once it is carried out and, for `forget`, on the disk.

    It counts from `given_ns` on, whenever it is handled. `read_ns` is when the hook read it, where it was a hotkey.
    """

    word: Word
    text: str = ""
    seconds: float = FORGET_S
    given_ns: int = field(default_factory=time.monotonic_ns)
    read_ns: int = 0
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class _Mark:
    """A pause that began or ended; what happened before it may still come, and is written down before it."""

    kind: Literal["pause", "resume"]
    given_ns: int
    handled_ns: int = field(default_factory=time.monotonic_ns)


@dataclass
class Watcher:
    """Reads the inbox on a thread of its own, which alone asks accessibility from `start` on.

    `heard` is told of hotkeys and orders that took effect, `failed` why nothing can be seen any more. A `stop` by
    hotkey only ends what is recorded, the owner stops the rest.
    """

    looker: Looker
    capture: Capture | None
    leaving_out: LeavingOut
    hotkeys: HotkeyWatch
    sink: Callable[[Message], None]
    heard: Callable[[Word], None]
    failed: Callable[[str], None]
    people_only: bool = False
    inbox: Inbox[Noted | Order] = field(default_factory=Inbox)
    in_secret: bool = False
    _pauses: Pauses = field(default_factory=Pauses)
    _secrets: Spans = field(default_factory=Spans)
    _deaf: bool = False
    _ended: bool = False
    _searched: threading.Event = field(default_factory=threading.Event)
    _secret_name: str = ""
    _secret_ns: int = 0
    _marks: deque[_Mark] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Make what only this thread uses."""
        looker = self.looker
        self._keeper = Keeper(
            looker.log, looker.secrets, self.sink, self._release, searched=looker.searched, harmless=looker.harmless
        )
        self._settling = Settling(self.looker)
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until every window has been searched for password fields, at most so long."""
        self._searched.wait(timeout_s)

    def join(self) -> None:
        """Wait until everything before a `stop` has been passed on."""
        self._thread.join()

    @property
    def paused(self) -> bool:
        """Whether nothing is recorded for now."""
        return self._pauses.paused

    @property
    def lives(self) -> bool:
        """Whether orders are still carried out."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._watch()
        except UnavailableError as error:
            self.failed(str(error))
        except BaseException as error:
            self.failed(own_mistake(error))
            raise
        finally:
            self._close()

    def _close(self) -> None:
        """Pass on what may be passed on; whatever happens, nothing follows."""
        try:
            self._keeper.end()
        finally:
            self.sink(End())

    def _watch(self) -> None:
        self.looker.see_active()
        self.looker.search_all_secrets()
        self._searched.set()
        while not self._ended:
            batch = self.inbox.take(self._patience_s())
            acted = any(isinstance(item, Noted) and item.event.kind in BEGINNING for item in batch)
            # Without knowing when a window that is left out closed, what is typed next might still belong to it.
            if acted or self.looker.moved_lately() or self.leaving_out.exclusion.covers(self.looker.active):
                self.looker.see_active()
            for item in batch:
                self._obey(item) if isinstance(item, Order) else self._take(item)
            self._judge()
            if not batch and not self.paused and not self.in_secret:
                self._idle()
        self._look_back()

    def _patience_s(self) -> float:
        """How long nothing need be looked at without input or change."""
        left_out = self.leaving_out.exclusion.covers(self.looker.active)
        if self._keeper.waiting() or self.in_secret or left_out:
            return TICK_S
        sample_ns, now_ns = self.looker.sample_ns(), time.monotonic_ns()
        due_ns = [*self._settling.due_ns(), *([] if sample_ns is None else [sample_ns])]
        soon_s = [(at_ns - now_ns) / 1e9 if at_ns > now_ns else TICK_S for at_ns in due_ns]
        return min([REST_S, *soon_s])

    def _take(self, noted: Noted) -> None:
        word = self.hotkeys.take(noted.event)
        if word is not None:
            self._hotkey(word, noted)
        if word is not None or self._is_unwanted(noted):
            self._release(noted.picture)
            return
        if noted.event.kind == "screens" and self.capture is not None:
            self.capture.look_again()
        self._keep(noted, self.hotkeys.held())

    def _keep(self, noted: Noted, held: frozenset[Modifier]) -> None:
        event = noted.event
        self._mark(noted.happened)
        look = self.looker.look(noted, held, secret=self.looker.blind)
        windows = self._recipients(noted) if event.kind == "key_down" else []
        secret = self._secret_name if self._secrets.holds(noted.happened) else ""
        if secret:
            self._release(noted.picture)
            noted = replace(noted, picture=None)
        if secret and event.kind == "key_down" and is_typing(event.keysym, sorted(held)):
            self.looker.expect_secret(event.monotonic_ns, self._secret_ns, windows)
        self._keeper.add(noted, held=held, look=look, secret=secret, windows=windows)

    def _recipients(self, noted: Noted) -> list[Window]:
        return self.looker.recipients(noted.happened)

    def _is_unwanted(self, noted: Noted) -> bool:
        event = noted.event
        if self._deaf or (self.people_only and event.by_program) or self._pauses.leaves_out(noted, self.hotkeys.held()):
            return True
        return self._is_left_out(noted)

    def _is_left_out(self, noted: Noted) -> bool:
        event = noted.event
        if not self.leaving_out.exclusion.any:
            return False
        left_out = self.leaving_out.judge(event, self._recipients(noted))
        if left_out == "first":
            self._put("excluded")
        return left_out is not None

    def _judge(self) -> None:
        self._mark(0)
        self._pauses.let_go(time.monotonic_ns())
        if self._keeper.waiting():
            self.looker.see_active()
            self.looker.search_secrets(SEARCH_NS)
            self.looker.ask_focus()
        self.looker.learn_secret(now=self.in_secret)
        self._keeper.let_through()

    def _look_back(self) -> None:
        """Nothing follows: see where the last keys went and what the last action led to."""
        self._mark(NEVER_NS)
        self._wait_for_focus()
        self._keeper.end()
        if self._keeper.last is None or self.paused or self.in_secret:
            return
        sighting = self._settling.last_look(self._keeper.last)
        if sighting is not None:
            self._keeper.pass_sighting(sighting)

    def _wait_for_focus(self) -> None:
        while self._keeper.waiting() and not self.in_secret:
            self._judge()
            time.sleep(TICK_S)

    def _idle(self) -> None:
        if self._keeper.waiting() or self._keeper.last is None:
            return
        sighting = self._settling.idle(self._keeper.last)
        if sighting is not None:
            self._keeper.pass_sighting(sighting)

    def _hotkey(self, word: str, noted: Noted) -> None:
        given_ns, read_ns = noted.happened, noted.event.monotonic_ns
        # What was done in the same millisecond before the end of a pause or a secret is part of it.
        ended_ns = given_ns + STAMP_NS
        if word == "stop":
            self._deaf = True
            self.heard("stop")
        elif word == "pause" and self.paused:
            self._obey(Order("resume", given_ns=ended_ns))
        elif word == "pause":
            self._obey(Order("pause", given_ns=given_ns))
        elif word == "forget":
            self._obey(Order("forget", given_ns=given_ns))
        elif word == "note":
            self._obey(Order("note", text=MARKED))
        else:
            self._obey(Order("secret", given_ns=ended_ns if self.in_secret else given_ns, read_ns=read_ns))

    def _obey(self, order: Order) -> None:
        match order.word:
            case "pause" | "resume" if self.paused != (order.word == "pause"):
                self._pause(order.given_ns) if order.word == "pause" else self._resume(order.given_ns)
            case "note" if not self.paused:
                self._mark(NEVER_NS)
                self._put("note", order.text)
            case "secret" if not self.paused:
                self._end_secret(order) if self.in_secret else self._begin_secret(order)
            case "forget":
                self._forget(order)
            case "stop":
                self._ended = True
        if order.word != "stop":
            self.heard(order.word)
        if order.word != "forget":
            order.done.set()

    def _pause(self, given_ns: int) -> None:
        self._pauses.begin(given_ns, self._keeper.give_back(given_ns))
        self._take_back(given_ns)
        self._marks.append(_Mark("pause", given_ns))
        self.looker.interrupted()
        self._look_away(given_ns)

    def _resume(self, given_ns: int) -> None:
        late = self._pauses.end(given_ns)
        self._marks.append(_Mark("resume", given_ns))
        self.looker.interrupted()
        self._look_away()
        for noted, held in late:
            if not self._is_left_out(noted):
                self._keep(noted, held)

    def _begin_secret(self, order: Order) -> None:
        self.in_secret, active = True, self.looker.active
        self._secret_name, self._secret_ns = secret_name(active.app if active else "", "secret"), order.given_ns
        if self.capture is not None and self.capture.ring is not None:
            self.capture.ring.close_eyes()
        self._secrets.begin(order.given_ns)
        self._keeper.make_secret(order.given_ns, self._secret_name)
        self._take_back(order.given_ns)
        self._turn_secret()
        self._look_away(order.given_ns)
        windows = [active] if active and not self.leaving_out.exclusion.covers(active) else []
        self.looker.expect_secret(order.read_ns or order.given_ns, order.given_ns, windows)

    def _end_secret(self, order: Order) -> None:
        self.in_secret = False
        if self.capture is not None and self.capture.ring is not None:
            self.capture.ring.open_eyes(time.monotonic_ns())
        self._secrets.end(order.given_ns)
        self._turn_secret()
        self._look_away()

    def _turn_secret(self) -> None:
        self._keeper.end_secret()
        self.looker.interrupted()

    def _look_away(self, since_ns: int | None = None) -> None:
        """In a pause and in a secret no text of a field is taken, nor kept that was taken since then."""
        self.looker.blind = self.paused or self.in_secret
        if since_ns is not None:
            self.looker.log.blind(since_ns)

    def _take_back(self, given_ns: int) -> None:
        """An order came so late that what tells of the time after it has been passed on: it is forgotten again."""
        since_ns = self._keeper.passed_on(given_ns)
        if since_ns is not None:
            self._keeper.begin_anew()
            self.sink(Forget(since_ns))

    def _forget(self, order: Order) -> None:
        since_ns = order.given_ns - round(order.seconds * 1e9)
        self._pauses.forget(since_ns, order.given_ns)
        self._pauses.left_out(self._keeper.drop_since(since_ns))
        self.looker.interrupted()
        self.sink(Forget(since_ns, order.done))

    def _mark(self, before_ns: int) -> None:
        """Write down the pauses before that moment, and those of which no earlier event can be on its way any more."""
        came_ns = time.monotonic_ns() - ON_ITS_WAY_NS
        while self._marks and (self._marks[0].given_ns <= before_ns or self._marks[0].handled_ns < came_ns):
            self._put(self._marks.popleft().kind)

    def _put(self, kind: EventKind, text: str = "") -> None:
        event = InputEvent(0, time.monotonic_ns(), kind, text=text)
        self._keeper.add(Noted(event), held=frozenset(), look=None)

    def _release(self, picture: Picture | None) -> None:
        ring = self.capture.ring if self.capture else None
        if picture is not None and ring is not None:
            ring.release(picture)
