"""The thread that turns what the hook read into what is written: order, privacy, and what was seen beside it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from recorder.capture import Capture
from recorder.entries import End, Forget, Message, Noted, own_mistake
from recorder.hotkeys import HotkeyWatch
from recorder.inbox import Inbox
from recorder.keeping import Keeper
from recorder.leaving_out import LeavingOut
from recorder.looking import Looker
from recorder.privacy import secret_name
from recorder.ring import Picture
from recorder.settling import Settling
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

BEGINNING = frozenset({"button_down", "key_down", "scroll"})
"""Events that go to the active window, or make another one active."""

SEARCH_NS = 500_000_000
"""How often the active window is searched for password fields while somebody types."""


@dataclass(frozen=True)
class Order:
    """Something that steers the recording; `done` is set once it is carried out and, for `forget`, on the disk."""

    word: Word
    text: str = ""
    seconds: float = FORGET_S
    done: threading.Event = field(default_factory=threading.Event)


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
    paused: bool = False
    in_secret: bool = False
    _deaf: bool = False
    _ended: bool = False
    _secret_name: str = ""

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

    def join(self) -> None:
        """Wait until everything before a `stop` has been passed on."""
        self._thread.join()

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
        event = noted.event
        word = self.hotkeys.take(event)
        if word is not None:
            self._hotkey(word)
        if word is not None or self._is_unwanted(noted):
            self._release(noted.picture)
            return
        if event.kind == "screens" and self.capture is not None:
            self.capture.look_again()
        held = self.hotkeys.held()
        look = self.looker.look(noted, held, secret=self.in_secret)
        secret = self._secret_name if self.in_secret else ""
        windows = self._recipients(noted) if event.kind == "key_down" else ()
        self._keeper.add(noted, held=held, look=look, secret=secret, windows=windows)

    def _recipients(self, noted: Noted) -> list[Window]:
        return self.looker.recipients(noted.happened_ns or noted.event.monotonic_ns)

    def _is_unwanted(self, noted: Noted) -> bool:
        event = noted.event
        if self.paused or self._deaf or (self.people_only and event.by_program):
            return True
        if not self.leaving_out.exclusion.any:
            return False
        left_out = self.leaving_out.judge(event, self._recipients(noted))
        if left_out == "first":
            self._put("excluded")
        return left_out is not None

    def _judge(self) -> None:
        if self._keeper.waiting():
            self.looker.see_active()
            self.looker.search_secrets(SEARCH_NS)
            self.looker.ask_focus()
        if self.in_secret:
            self.looker.learn_secret()
        self._keeper.let_through()

    def _look_back(self) -> None:
        """Nothing follows: see where the last keys went and what the last action led to."""
        self._wait_for_focus()
        self._keeper.end()
        if self._keeper.last is None or self.paused or self.in_secret:
            return
        sighting = self._settling.last_look(self._keeper.last)
        if sighting is not None:
            self.sink(sighting)

    def _wait_for_focus(self) -> None:
        while self._keeper.waiting() and not self.in_secret:
            self._judge()
            time.sleep(TICK_S)

    def _idle(self) -> None:
        if self._keeper.waiting() or self._keeper.last is None:
            return
        sighting = self._settling.idle(self._keeper.last)
        if sighting is not None:
            self.sink(sighting)

    def _hotkey(self, word: str) -> None:
        if word == "stop":
            self._deaf = True
            self.heard("stop")
        elif word == "pause":
            self._obey(Order("resume" if self.paused else "pause"))
        elif word == "forget":
            self._obey(Order("forget"))
        elif word == "note":
            self._obey(Order("note", text=MARKED))
        else:
            self._obey(Order("secret"))

    def _obey(self, order: Order) -> None:
        match order.word:
            case "pause" | "resume":
                self._pause(order.word)
            case "note" if not self.paused:
                self._put("note", order.text)
            case "secret" if not self.paused:
                self._toggle_secret()
            case "forget":
                self._forget(order)
            case "stop":
                self._ended = True
        if order.word != "stop":
            self.heard(order.word)
        if order.word != "forget":
            order.done.set()

    def _pause(self, word: Literal["pause", "resume"]) -> None:
        if self.paused == (word == "pause"):
            return
        self.paused = word == "pause"
        self._put(word)
        self.looker.interrupted()

    def _toggle_secret(self) -> None:
        self.in_secret = not self.in_secret
        ring = self.capture.ring if self.capture else None
        if self.in_secret:
            active = self.looker.active
            self._secret_name = secret_name(active.app if active else "", "secret")
        if ring is not None:
            ring.close_eyes() if self.in_secret else ring.open_eyes(time.monotonic_ns())
        self._keeper.end_secret()
        self.looker.interrupted()

    def _forget(self, order: Order) -> None:
        since_ns = time.monotonic_ns() - round(order.seconds * 1e9)
        self._keeper.drop_since(since_ns)
        self.looker.interrupted()
        self.sink(Forget(since_ns, order.done))

    def _put(self, kind: EventKind, text: str = "") -> None:
        event = InputEvent(0, time.monotonic_ns(), kind, text=text)
        self._keeper.add(Noted(event), held=frozenset(), look=None)

    def _release(self, picture: Picture | None) -> None:
        ring = self.capture.ring if self.capture else None
        if picture is not None and ring is not None:
            ring.release(picture)
