"""Reading lines from a pipe without blocking whoever waits for them, on every system.

Windows cannot wait for pipes and anything else at once, so a thread reads and a queue is waited for.
"""

import os
import queue
import threading


class LineReader:
    """Complete lines of a file descriptor, read on a daemon thread; `closed` is set at the end of the input."""

    def __init__(self, descriptor: int) -> None:
        self.closed = False
        self._descriptor = descriptor
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="lines", daemon=True).start()

    def next(self, timeout_s: float) -> bytes | None:
        """The next line, or None when none came within `timeout_s` or the input has ended; empty after `wake`."""
        if self.closed and self._lines.empty():
            return None
        try:
            line = self._lines.get(timeout=timeout_s) if timeout_s > 0 else self._lines.get_nowait()
        except queue.Empty:
            return None
        self.closed = self.closed or line is None
        return line

    def wake(self) -> None:
        """Make whoever waits in `next` look up; any thread and any signal handler may call it."""
        self._lines.put(b"")

    def _read(self) -> None:
        partial = b""
        while piece := self._piece():
            *lines, partial = (partial + piece).split(b"\n")
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def _piece(self) -> bytes:
        try:
            return os.read(self._descriptor, 1 << 16)
        except OSError:
            return b""
