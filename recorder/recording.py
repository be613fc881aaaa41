"""The live recorder: a desktop and a library in, a trajectory out."""

import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from recorder.capture import Capture
from recorder.clock import ServerClock, on_this_machine
from recorder.entries import Noted
from recorder.exclusion import Exclusion
from recorder.eyes import Eyes
from recorder.hands import Beginnings
from recorder.hotkeys import HotkeyWatch
from recorder.inbox import Inbox
from recorder.leaving_out import LeavingOut
from recorder.looking import Looker
from recorder.options import Counters, RecordingOptions, RecordingResult
from recorder.watching import FORGET_S, Order, Watcher, Word
from recorder.writing import Scribe
from workbench.desktop.ports import Desktop
from workbench.errors import UnavailableError
from workbench.inputs import InputEvent
from workbench.library.store import Library, RecordingOpening

READY_S = 10.0
"""How long the first picture may take; a system that is slower cannot be recorded."""

SEARCHED_S = 0.2
"""What is clicked on while all windows are searched for password fields is looked at too late to be known.

They are waited for, but an application that hangs must not keep a recording from beginning any longer than this.
"""

ORDER_S = 30.0
"""How long an order may take: forgetting rewrites the library's file."""

QUIET_NS = 50_000_000
HEAR_OUT_S = 0.3
"""The stop waits until no input has come for `QUIET_NS`, at most `HEAR_OUT_S`: nothing done before it may be lost."""

MOST_WAITING = 200_000
"""Events that may wait for the watcher; beyond, they are dropped and counted rather than filling the memory."""

Heard = Word | Literal["failed"]


class Recorder:
    """Records one desktop into one library; use it from one thread, it brings its own for everything else.

    The desktop's screens, windows and accessibility belong to the recorder from `start` to `stop`; the owner closes it
    afterwards. `told` hears, on a thread of the recorder, of orders and hotkeys that took effect, and of a failure
    with a sentence. `stop_wanted` is set when a hotkey or a failure asks for the end: the owner then calls `stop`.

    An order counts from `given_ns` on, in nanoseconds of the monotonic clock (0: from now on), whenever it is carried
    out: what happened before and after it is told apart by when it happened.
    """

    def __init__(
        self,
        desktop: Desktop,
        library: Library,
        options: RecordingOptions,
        *,
        told: Callable[[Heard, str], None] | None = None,
    ) -> None:
        self._desktop, self._library, self._options = desktop, library, options
        self._told = told or _nobody
        self.stop_wanted = threading.Event()
        self._dropped = 0
        self._parts = _parts(self._desktop, library, options, self._heard, self._failed)
        self._beginnings, self._clock = Beginnings(), ServerClock(on_this_machine(desktop.name))
        self._bytes_before = self._heard_ns = 0

    def start(self) -> str:
        """Begin, and return the trajectory's id once every input is truly heard.

        Raises `UnavailableError` where the desktop or the library cannot be used.
        """
        parts = self._parts
        self._bytes_before = size_bytes(self._library)
        parts.scribe.start()
        if parts.capture is not None:
            parts.capture.start()
        parts.watcher.start()
        self._desktop.observer.start(self._hear)
        trajectory_id = parts.scribe.wait_ready()
        if parts.capture is not None and not parts.capture.wait_ready(READY_S):
            raise UnavailableError(f"no picture of the display {self._desktop.name} came in {READY_S:.0f} s; try again")
        parts.watcher.wait_ready(SEARCHED_S)
        return trajectory_id

    def pause(self, *, given_ns: int = 0) -> None:
        """Record nothing until `resume`."""
        self._order(Order("pause", given_ns=_past(given_ns)))

    def resume(self, *, given_ns: int = 0) -> None:
        """Record on."""
        self._order(Order("resume", given_ns=_past(given_ns)))

    def forget(self, seconds: float = FORGET_S, *, given_ns: int = 0) -> None:
        """Take back the last seconds; they are gone from the disk when this returns."""
        self._order(Order("forget", seconds=seconds, given_ns=_past(given_ns)))

    def note(self, text: str) -> None:
        """Put a remark among the steps."""
        self._order(Order("note", text=text))

    def secret_now(self, *, given_ns: int = 0) -> None:
        """What is typed from now on is a secret, until this is called again."""
        self._order(Order("secret", given_ns=_past(given_ns)))

    def counters(self) -> Counters:
        """How it is going."""
        parts = self._parts
        return Counters(
            events=parts.scribe.tally.events,
            frames=parts.scribe.tally.frames,
            dropped=self._dropped + parts.scribe.tally.dropped,
            missed_frames=parts.capture.missed if parts.capture else 0,
            paused=parts.watcher.paused,
            secret=parts.watcher.in_secret,
            seconds=(time.monotonic_ns() - parts.scribe.opening.started_ns) / 1e9,
        )

    def stop(self) -> RecordingResult:
        """End, save the steps, and say what came of it; witnesses are completed later (`recorder.complete`).

        Raises what kept the steps from being saved; what was written until then stays in the library.
        """
        self._end()
        scribe = self._parts.scribe
        if scribe.error is not None and not scribe.trajectory_id:
            raise scribe.error
        # Reduction is loaded when there is something to reduce: a recording is ready sooner without it.
        from recorder.complete import draft

        trajectory = draft(self._library, scribe.trajectory_id)
        counters = self.counters()
        return RecordingResult(
            trajectory=trajectory.id,
            title=trajectory.title,
            steps=len(trajectory.steps),
            events=counters.events,
            dropped=counters.dropped,
            seconds=trajectory.seconds,
            bytes=max(0, size_bytes(self._library) - self._bytes_before),
        )

    def _end(self) -> None:
        """Stop listening and write what was heard."""
        parts = self._parts
        self._hear_out()
        self._desktop.observer.stop()
        parts.watcher.inbox.put(Order("stop"))
        parts.watcher.join()
        parts.scribe.join()
        if parts.capture is not None:
            parts.capture.stop()

    def _hear_out(self) -> None:
        """Wait for what was done before the stop and is still on its way."""
        asked_ns, end_s = time.monotonic_ns(), time.monotonic() + HEAR_OUT_S
        while time.monotonic() < end_s and time.monotonic_ns() - max(asked_ns, self._heard_ns) < QUIET_NS:
            time.sleep(QUIET_NS / 4e9)

    def _hear(self, event: InputEvent) -> None:
        """The hook: note the event with the picture before it, and nothing else."""
        parts = self._parts
        event = self._later(event)
        if len(parts.watcher.inbox) > MOST_WAITING:
            self._dropped += 1
            return
        ring = parts.capture.ring if parts.capture else None
        when_ns = self._clock.when_ns(event)
        picture = None
        if ring and self._beginnings.begins(event):
            picture = ring.before(when_ns)
            ring.doubt()
        parts.watcher.inbox.put(Noted(event, picture, when_ns), quietly=event.kind == "move")

    def _later(self, event: InputEvent) -> InputEvent:
        """The event with a time later than the one before: what is read in one go has one time, but an order."""
        if event.monotonic_ns <= self._heard_ns:
            event = replace(event, monotonic_ns=self._heard_ns + 1)
        self._heard_ns = event.monotonic_ns
        return event

    def _order(self, order: Order) -> None:
        watcher, end_s = self._parts.watcher, time.monotonic() + ORDER_S
        watcher.inbox.put(order)
        while not order.done.wait(0.1):
            if not watcher.lives or time.monotonic() > end_s:
                raise UnavailableError(f"the recording cannot {order.word} any more; stop it, what was written is kept")

    def _heard(self, word: Word) -> None:
        if word == "stop":
            self.stop_wanted.set()
        self._told(word, "")

    def _failed(self, sentence: str) -> None:
        self._told("failed", sentence)
        self.stop_wanted.set()


@dataclass(frozen=True)
class _Parts:
    """The three threads of a recording besides the hook's."""

    watcher: Watcher
    scribe: Scribe
    capture: Capture | None


def _parts(
    desktop: Desktop,
    library: Library,
    options: RecordingOptions,
    heard: Callable[[Word], None],
    failed: Callable[[str], None],
) -> _Parts:
    eyes = Eyes(desktop.windows, desktop.accessibility)
    exclusion = Exclusion(options.exclude, options.own_pids)
    inbox = Inbox[Noted | Order]()
    capture = None
    if options.frames:
        capture = Capture(desktop.screens, exclusion, eyes.all, failed, taken=inbox.wake, stacked=eyes.stacked)
    looker = Looker(eyes, capture, exclusion)
    opening = RecordingOpening(
        title=options.title,
        task=options.task,
        platform=sys.platform,
        commands=options.commands,
        screens=desktop.screens.layout(),
        started_ns=time.monotonic_ns(),
        epoch_s=time.time(),
    )
    scribe = Scribe(library, opening, looker.secrets, capture, failed)
    watcher = Watcher(
        looker=looker,
        capture=capture,
        leaving_out=LeavingOut(exclusion, eyes),
        hotkeys=HotkeyWatch.of(options.hotkeys),
        sink=scribe.inbox.put,
        heard=heard,
        failed=failed,
        people_only=options.people_only,
        inbox=inbox,
    )
    return _Parts(watcher, scribe, capture)


def size_bytes(library: Library) -> int:
    """What the library takes on the disk: frames, and the database once its log is folded into it."""
    with closing(sqlite3.connect(f"{(library.path / 'library.db').as_uri()}?mode=ro", uri=True)) as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        page_bytes = database.execute("PRAGMA page_size").fetchone()[0]
    return int(pages * page_bytes) + library.frames.size_bytes()


def _past(given_ns: int) -> int:
    """The moment at which an order was given; none was given later than now."""
    now_ns = time.monotonic_ns()
    return min(given_ns or now_ns, now_ns)


def _nobody(word: Heard, text: str) -> None:
    """Nobody listens."""
