"""From hook threads to one sink: events are handed over in order on a single thread that can be stopped cleanly."""

import logging
import queue
import threading
import time
from collections.abc import Callable

from workbench.desktop.ports import EventSink
from workbench.errors import UnavailableError
from workbench.geometry import Screen
from workbench.inputs import InputEvent

log = logging.getLogger(__name__)

POLL_S = 1.0
"""How often screens and keyboard layout are looked at: these systems have no event for it outside a window."""


class EventRelay:
    """Carries events from any thread to the sink on a thread of its own, and notices other screens and layouts."""

    def __init__(self, layout: Callable[[], tuple[Screen, ...]], keymap: Callable[[], str]) -> None:
        self._layout = layout
        self._keymap = keymap
        self._events: queue.SimpleQueue[InputEvent | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, event: InputEvent) -> None:
        """Take an event; returns at once, for hooks that the system kills when they are slow."""
        self._events.put(event)

    def start(self, sink: EventSink) -> None:
        """Begin to carry events to `sink`."""
        self._events = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._carry, args=(sink, self._events), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Deliver what has been taken, then end; no call of the sink happens after it returns. Idempotent."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._events.put(None)
        if thread is not threading.current_thread():
            thread.join()

    def _carry(self, sink: EventSink, events: "queue.SimpleQueue[InputEvent | None]") -> None:
        known = self._surroundings()
        look_s = time.monotonic() + POLL_S
        while True:
            try:
                event = events.get(timeout=max(0.0, look_s - time.monotonic()))
            except queue.Empty:
                known = self._report_changes(sink, known)
                look_s = time.monotonic() + POLL_S
                continue
            if event is None:
                return
            sink(event)

    def _surroundings(self) -> tuple[tuple[Screen, ...], str] | None:
        try:
            return self._layout(), self._keymap()
        except UnavailableError as error:
            log.warning("screens and keyboard layout could not be read: %s", error)
            return None

    def _report_changes(
        self, sink: EventSink, known: tuple[tuple[Screen, ...], str] | None
    ) -> tuple[tuple[Screen, ...], str] | None:
        now = self._surroundings()
        if now is None or known is None:
            return now or known
        if now[0] != known[0]:
            sink(InputEvent(seq=0, monotonic_ns=time.monotonic_ns(), kind="screens"))
        if now[1] != known[1]:
            sink(InputEvent(seq=0, monotonic_ns=time.monotonic_ns(), kind="keymap"))
        return now
