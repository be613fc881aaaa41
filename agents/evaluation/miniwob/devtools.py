"""A browser's DevTools protocol over two pipes: nobody but the process that started the browser can speak on them.

Messages are JSON objects, each ended by a zero byte (Chromium's `--remote-debugging-pipe`). There is no port and no
socket, and the pipes' ends are inherited by no process that is started later.
"""

import itertools
import json
import os
import select
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.errors import UnavailableError

_END = b"\0"
_CHUNK = 1 << 16


class BrowserError(UnavailableError):
    """The browser is gone, does not answer in time, or its page breaks; another one may do better."""


@dataclass
class DevTools:
    """The conversation with one browser: `writer` and `reader` are file descriptors; for one thread.

    Every call waits `timeout_s` at most and raises `BrowserError` when the browser is gone or silent.
    """

    writer: int
    reader: int
    timeout_s: float = 20.0
    _left: bytes = b""
    _events: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def call(self, method: str, session: str | None = None, **parameters: Any) -> Mapping[str, Any]:
        """The result of one method, in the session of a page where one is given."""
        number, deadline_s = next(self._numbers), time.monotonic() + self.timeout_s
        message = {"id": number, "method": method, "params": parameters}
        self._send(message | ({"sessionId": session} if session else {}), deadline_s)
        while (answer := self._next(method, deadline_s)).get("id") != number:
            if "method" in answer:
                self._events.append(answer)
        if "error" in answer:
            raise BrowserError(f"the browser refuses {method}: {answer['error'].get('message', 'no reason given')}")
        result: Mapping[str, Any] = answer.get("result", {})
        return result

    def await_event(self, method: str, session: str) -> Mapping[str, Any]:
        """The parameters of the first event of that name since `forget_events`, waited for."""
        deadline_s = time.monotonic() + self.timeout_s
        while True:
            for event in self._events:
                if event["method"] == method and event.get("sessionId") == session:
                    found: Mapping[str, Any] = event.get("params", {})
                    return found
            self._events.append(self._next(method, deadline_s))

    def forget_events(self) -> None:
        """What was told so far is of no interest any more."""
        self._events.clear()

    def _send(self, message: Mapping[str, Any], deadline_s: float) -> None:
        waiting = json.dumps(message).encode() + _END
        while waiting:
            if not self._wait([], [self.writer], deadline_s):
                raise BrowserError(f"the browser takes nothing in for {self.timeout_s:g} s")
            try:
                waiting = waiting[os.write(self.writer, waiting[: select.PIPE_BUF]) :]
            except OSError:
                raise BrowserError("the browser has ended") from None

    def _next(self, what: str, deadline_s: float) -> dict[str, Any]:
        while _END not in self._left:
            if not self._wait([self.reader], [], deadline_s):
                raise BrowserError(f"the browser does not answer {what} within {self.timeout_s:g} s")
            chunk = os.read(self.reader, _CHUNK)
            if not chunk:
                raise BrowserError("the browser has ended")
            self._left += chunk
        line, _, self._left = self._left.partition(_END)
        found: dict[str, Any] = json.loads(line)
        return found

    def _wait(self, readers: list[int], writers: list[int], deadline_s: float) -> bool:
        left_s = max(0.0, deadline_s - time.monotonic())
        return any(select.select(readers, writers, [], left_s))
