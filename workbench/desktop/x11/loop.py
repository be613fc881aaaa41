"""A thread that handles what an X connection sends, and can be ended cleanly."""

import logging
import os
import select
import threading
from collections.abc import Callable
from typing import Any

from workbench.desktop.x11.connection import LOST, close

_log = logging.getLogger(__name__)


class EventThread:
    """Calls `handle` with every batch of events of `connection`, on a thread of its own, until `stop`.

    The connection belongs to this object from `start` on and is closed at the end. When the server goes away the
    thread ends by itself and says so in the log.
    """

    def __init__(self, connection: Any, handle: Callable[[list[Any]], None], name: str) -> None:
        self._connection = connection
        self._handle = handle
        self._wake_read, self._wake_write = os.pipe()
        self._hears_out = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End once what the server has told until now is handled; called from within `handle`, end after it.

        No call of `handle` begins after it returns. Call it once.
        """
        self._hears_out = self._thread is not threading.current_thread()
        os.close(self._wake_write)
        if self._hears_out:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._waits():
                self._pass_on()
            if self._hears_out:
                self._connection.sync()
                self._pass_on()
        except LOST:
            _log.info("the X display is gone; %s ends", threading.current_thread().name)
        finally:
            os.close(self._wake_read)
            close(self._connection)

    def _pass_on(self) -> None:
        self._handle([self._connection.next_event() for _ in range(self._connection.pending_events())])

    def _waits(self) -> bool:
        """Wait for events; True when it is time to end."""
        # Events that came with a reply are in python-xlib's queue already: no need to wait, and nothing to wait for.
        timeout_s = 0 if self._connection.display.event_queue else None
        ready, _, _ = select.select([self._wake_read, self._connection], [], [], timeout_s)
        return self._wake_read in ready
