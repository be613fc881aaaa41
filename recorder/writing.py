"""The thread that writes a recording down: events first and at once, pictures before what refers to them."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from recorder.capture import Capture
from recorder.entries import End, Entry, Forget, Glimpse, Message, own_mistake
from recorder.privacy import SecretFields
from recorder.ring import Picture, Shot
from workbench.errors import WorkbenchError
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent, Sighting
from workbench.trajectory import FrameId, Window

if TYPE_CHECKING:
    from workbench.library.store import Library, RecordingOpening, RecordingWriter

FLUSH_S = 0.03
"""How long events are gathered for one transaction; with the wait for a key's focus everything is on disk in 100 ms."""

SHOT_S = 0.5
"""How long to wait for a picture that was being taken when its event happened."""


@dataclass
class Tally:
    """What has been written so far."""

    events: int = 0
    frames: int = 0
    dropped: int = 0


@dataclass
class Scribe:
    """Begins a recording in the library and writes what comes into `inbox` until an `End`.

    `capture` is where the pictures come from; `failed` is told once, in a sentence, why nothing can be written now.
    """

    library: "Library"
    opening: "RecordingOpening"
    secrets: SecretFields
    capture: Capture | None
    failed: Callable[[str], None]
    inbox: "queue.SimpleQueue[Message]" = field(default_factory=queue.SimpleQueue)
    tally: Tally = field(default_factory=Tally)
    trajectory_id: str = ""
    error: WorkbenchError | None = None
    _seq: int = 0
    _forgotten_ns: list[int] = field(default_factory=list)
    _ready: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Make the thread, without starting it."""
        self._thread = threading.Thread(target=self._run, name="scribe", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait_ready(self) -> str:
        """The recording's id once it exists in the library; raises what kept it from it."""
        self._ready.wait()
        if self.error is not None:
            raise self.error
        return self.trajectory_id

    def join(self) -> None:
        """Wait until everything is written."""
        self._thread.join()

    def _run(self) -> None:
        try:
            writer = self.library.begin_recording(self.opening)
            self.trajectory_id = writer.id
            self._ready.set()
            try:
                self._write_all(writer)
            finally:
                writer.close()
        except WorkbenchError as error:
            self._give_up(error)
        except BaseException as error:
            self._give_up(WorkbenchError(own_mistake(error)))
            raise

    def _give_up(self, error: WorkbenchError) -> None:
        """Nothing can be written any more: say so, and let go of everything that still comes."""
        self.error = error
        if self._ready.is_set():
            self.failed(str(error))
        self._ready.set()
        while not isinstance(message := self.inbox.get(), End):
            self._discard(message)

    def _discard(self, message: Message) -> None:
        if isinstance(message, Entry):
            self.tally.dropped += 1
        elif isinstance(message, Glimpse) and message.picture is not None:
            self._release(message.picture)
        elif isinstance(message, Forget):
            message.done.set()

    def _write_all(self, writer: "RecordingWriter") -> None:
        ended = False
        while not ended:
            batch = self._batch()
            ended = any(isinstance(message, End) for message in batch)
            for part in _split(batch):
                self._write(part, writer)

    def _batch(self) -> list[Message]:
        """What comes within `FLUSH_S`; nobody is woken for each of it."""
        found = [self.inbox.get()]
        if not isinstance(found[0], End):
            time.sleep(FLUSH_S)
        with suppress(queue.Empty):
            while True:
                found.append(self.inbox.get_nowait())
        return found

    def _write(self, part: Sequence[Message], writer: "RecordingWriter") -> None:
        entries = [message for message in part if isinstance(message, Entry)]
        if entries:
            writer.append([self._numbered(entry) for entry in entries], [])
        glimpses = [message for message in part if isinstance(message, Glimpse)]
        sightings = [self._sighting(one) for one in glimpses if self._counts(one)]
        if sightings:
            writer.append([], sightings)
        for message in part:
            if isinstance(message, Forget):
                self._forget(message, writer)

    def _numbered(self, entry: Entry) -> InputEvent:
        self._seq += 1
        self.tally.events += 1
        entry.ticket.seq, entry.ticket.generation = self._seq, len(self._forgotten_ns)
        return replace(entry.event, seq=self._seq)

    def _counts(self, one: Glimpse) -> bool:
        """Whether the event still exists; what belongs to a forgotten one is let go."""
        forgotten = self._forgotten_ns[one.ticket.generation :]
        alive = one.ticket.seq > 0 and all(one.ticket.monotonic_ns < since_ns for since_ns in forgotten)
        if not alive and one.picture is not None:
            self._release(one.picture)
        return alive

    def _sighting(self, one: Glimpse) -> Sighting:
        frame, covered = self._stored(one.picture, one.window) if one.picture else (None, ())
        return Sighting(
            seq=one.ticket.seq,
            monotonic_ns=one.monotonic_ns,
            before=one.before,
            frame=frame,
            window=one.window,
            element=one.element,
            focused=one.focused,
            screens=one.screens,
            epoch_s=one.epoch_s,
            active=one.active,
            covered=covered,
        )

    def _stored(self, picture: Picture, window: Window | None) -> tuple[FrameId | None, tuple[Rect, ...]]:
        """The picture's digest once it is on disk, with everything secret covered; None where taking it failed.

        And where other windows stand in front of this one in it.
        """
        try:
            shot = picture.chosen(SHOT_S)
            return (self._put(shot), shot.covered(window)) if shot is not None else (None, ())
        finally:
            self._release(picture)

    def _put(self, shot: Shot) -> FrameId:
        shot.paint(self.secrets.covered(shot.began_ns))
        if shot.frame is None or shot.stored_after != len(self._forgotten_ns):
            # Forgetting may have removed the file that an earlier sighting of the same picture stored.
            shot.frame = self.library.frames.put(shot.pixels, origin=Point(shot.origin.x, shot.origin.y))
            shot.stored_after = len(self._forgotten_ns)
            self.tally.frames += 1
        return shot.frame

    def _release(self, picture: Picture) -> None:
        if self.capture is not None and self.capture.ring is not None:
            self.capture.ring.release(picture)

    def _forget(self, message: Forget, writer: "RecordingWriter") -> None:
        self.tally.events -= writer.forget_since(message.since_ns)
        self._forgotten_ns.append(message.since_ns)
        message.done.set()


def _split(batch: Sequence[Message]) -> list[list[Message]]:
    """The batch cut after every forgetting, which may only reach what came before it."""
    parts: list[list[Message]] = [[]]
    for message in batch:
        parts[-1].append(message)
        if isinstance(message, Forget):
            parts.append([])
    return [part for part in parts if part]
