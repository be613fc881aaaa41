"""One request to a model server, in a thread of its own: whoever waits for it can be let go at any moment.

A name that does not resolve, a server that says nothing, a slow upload: all of them block in the system's own calls.
The thread takes that wait; the one who asked waits for its queue, up to a deadline or until a `Stop` is set.
"""

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

from agents.runtime.ports import ModelError, stopped
from agents.runtime.server.address import is_loopback
from workbench.errors import BadInputError, WorkbenchError

CONNECT_S = 10.0
LARGEST_BYTES = 64 * 1024**2
_CHUNK_BYTES = 65536

Explain = Callable[[Exception], WorkbenchError]
"""Makes one line for people of what a connection raised."""


class Stop:
    """Ends a question; any thread may set it, as often as it likes."""

    def __init__(self) -> None:
        self._set = threading.Event()
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []

    @property
    def is_set(self) -> bool:
        """Whether the question shall end."""
        return self._set.is_set()

    def set(self) -> None:
        """End it: everything that was given to `also` is called once."""
        with self._lock:
            self._set.set()
            ends, self._ends = self._ends, []
        for end in ends:
            end()

    def also(self, end: Callable[[], None]) -> None:
        """Call this when the stop is set; at once where it is already."""
        with self._lock:
            if not self._set.is_set():
                self._ends.append(end)
                return
        end()

    def wait(self, seconds: float) -> None:
        """Wait so long; raises `StoppedError` as soon as the stop is set."""
        if self._set.wait(seconds):
            raise stopped()


@dataclass(frozen=True)
class Sending:
    """What is sent: `stays_here` forbids any connection that does not end on this machine."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    ca_file: str = ""
    stays_here: bool = False


@dataclass(frozen=True)
class Head:
    """How an answer begins; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]


class Exchange:
    """A request under way. Use it in a `with`, take its head, then its chunks; leaving ends it in any case.

    `deadline` is in seconds of `time.monotonic`. Where the connection fails or the deadline passes it raises what
    `explain` makes of that (a TimeoutError for the deadline), and `StoppedError` once the stop is set.
    """

    def __init__(self, sending: Sending, stop: Stop, deadline: float, *, explain: Explain) -> None:
        self._sending, self._stop, self._deadline, self._explain = sending, stop, deadline, explain
        self._said: queue.SimpleQueue[Head | bytes | Exception | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._hand: socket.socket | None = None
        self._ended = False

    def __enter__(self) -> "Exchange":
        self._stop.also(self.end)
        threading.Thread(target=self._work, name="model server", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.end()

    def head(self) -> Head:
        """How the answer begins, once it does."""
        item = self._next()
        if not isinstance(item, Head):
            raise self._explain(ConnectionError())
        return item

    def chunks(self) -> Iterator[bytes]:
        """The body as it comes."""
        while (item := self._next()) is not None:
            assert isinstance(item, bytes)
            yield item

    def end(self) -> None:
        """End it from any thread: the socket is shut down, the server sees that, and whoever waits goes on."""
        with self._lock:
            self._ended = True
            hand, self._hand = self._hand, None
        if hand is not None:
            with hand, suppress(OSError):
                hand.shutdown(socket.SHUT_RDWR)
        self._said.put(None)

    def _next(self) -> Head | bytes | None:
        try:
            item = self._said.get(timeout=max(self._deadline - time.monotonic(), 0.001))
        except queue.Empty:
            raise self._explain(TimeoutError()) from None
        if self._stop.is_set:
            raise stopped()
        if isinstance(item, Exception):
            raise self._explain(item) from item
        return item

    def _work(self) -> None:
        import requests
        import urllib3

        try:
            self._transfer()
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, WorkbenchError) as error:
            self._said.put(error)
        self.end()

    def _transfer(self) -> None:
        from agents.runtime.server.connection import session

        sending, left_s = self._sending, max(self._deadline - time.monotonic(), 0.1)
        with (
            session(self._watch) as opened,
            opened.request(
                sending.method,
                sending.url,
                data=sending.body or None,
                headers=dict(sending.headers),
                timeout=(min(CONNECT_S, left_s), left_s),
                verify=sending.ca_file or True,
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            self._said.put(Head(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}))
            size = 0
            while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
                size += len(chunk)
                if size > LARGEST_BYTES:
                    raise ModelError(f"the answer is larger than {LARGEST_BYTES // 1024**2} MiB")
                self._said.put(chunk)

    def _watch(self, connected: socket.socket) -> None:
        """Keep a hand on the connection, before anything is sent on it."""
        if self._sending.stays_here and not is_loopback(str(connected.getpeername()[0])):
            raise BadInputError("the name localhost led away from this machine; nothing was sent")
        with self._lock:
            if self._ended:
                raise OSError("the request was ended")
            self._hand = connected.dup()
