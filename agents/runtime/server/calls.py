"""Requests to one model server: the key, bounded retries, redirects that stay, and errors in one line."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urljoin

import msgspec

from agents.runtime.ports import ModelError
from agents.runtime.server import faults
from agents.runtime.server.address import Address, ServerEntry, is_here, parse
from agents.runtime.server.consent import may_reach, may_send
from agents.runtime.server.exchange import Exchange, Head, Sending, Stop
from workbench.errors import BadInputError, WorkbenchError

BACK_OFF_S = 0.5
TRIES = 3
LOADING_S = 1.0
_REDIRECTS = 3
_LARGEST_ERROR_BYTES = 65536
_KEY = re.compile(r"[!-~]{1,8192}")

Sign = Callable[[str, int], None]
"""Told the site and the number of bytes whenever a prompt is about to leave this machine."""
_T = TypeVar("_T")


class Call:
    """One question's requests: they share its stop and its deadline (of `time.monotonic`)."""

    def __init__(self, calls: "Calls", stop: Stop, deadline: float) -> None:
        self._calls, self.stop, self.deadline = calls, stop, deadline

    def get(self, url: str, kind: type[_T], *, telling: frozenset[int]) -> _T | None:
        """What stands at the URL; None where the server has no such thing or says something else.

        An answer with a status of `telling` and a connection that fails raise their errors all the same.
        """
        try:
            with self._calls.opened(self, "GET", url, b"") as (_head, exchange):
                return msgspec.json.decode(b"".join(exchange.chunks()), type=kind)
        except _RefusedError as error:
            if error.status in telling:
                raise error.line from None
            return None
        except msgspec.DecodeError:
            return None

    def post(self, url: str, body: Any, kind: type[_T]) -> _T:
        """The answer to a prompt, as JSON of this kind."""
        with self.streamed(url, msgspec.json.encode(body)) as (head, chunks):
            answer = b"".join(chunks)
        try:
            return msgspec.json.decode(answer, type=kind)
        except msgspec.DecodeError:
            raise faults.no_json(self._calls.address, head, answer) from None

    @contextmanager
    def streamed(self, url: str, body: bytes) -> Iterator[tuple[Head, Iterator[bytes]]]:
        """The answer to a prompt as it comes, once the server has begun it; asks for consent and shows the sign."""
        self._calls.leave(len(body))
        try:
            with self._calls.opened(self, "POST", url, body) as (head, exchange):
                yield head, exchange.chunks()
        except _RefusedError as error:
            raise error.line from None


class _RefusedError(Exception):
    """An answer with another status than 200, and what is said about it."""

    def __init__(self, status: int, line: WorkbenchError) -> None:
        super().__init__(str(line))
        self.status, self.line = status, line


class Calls:
    """The way to one server. Any thread; holds no connection between requests and never shows its key."""

    def __init__(self, entry: ServerEntry, secret: Callable[[str], str], sending: Sign | None) -> None:
        self.address: Address = may_reach(entry.url)
        self._entry, self._secret, self._sign = entry, secret, sending
        self._key: str | None = None

    def __repr__(self) -> str:
        """Where it leads; never the key."""
        return f"Calls({self.address.origin})"

    def forget(self) -> None:
        """Let go of the key; the next request fetches it again."""
        self._key = None

    def check_consent(self) -> None:
        """Return where prompts may be sent; raises as `may_send` does."""
        may_send(self._entry, self._entry.url)

    def failed(self, body: bytes) -> WorkbenchError:
        """What an error means that came in the middle of an answer."""
        return faults.in_answer(self.address, body, self._key or "")

    def leave(self, size_bytes: int) -> None:
        """Make sure that a prompt may be sent, and show it where it leaves this machine."""
        self.check_consent()
        if self._sign and not is_here(self.address):
            self._sign(self.address.site, size_bytes)

    @contextmanager
    def opened(self, call: Call, method: str, url: str, body: bytes) -> Iterator[tuple[Head, Exchange]]:
        """The answer with status 200, asked for a bounded number of times; raises `_RefusedError` for any other."""
        tries, redirects = 1, 0
        while True:
            sending = self._sending(method, url, body)
            with Exchange(sending, call.stop, call.deadline, explain=self._explain) as exchange:
                head = exchange.head()
                if head.status == 200:
                    self._check_plain(head)
                    yield head, exchange
                    return
                said = _beginning(exchange.chunks())
            target = _redirected(head, sending, self.address)
            if target and redirects < _REDIRECTS:
                url, redirects = target, redirects + 1
                continue
            pause_s = _pause_s(head, said, tries)
            if pause_s is None or time.monotonic() + pause_s >= call.deadline:
                key = sending.headers.get("Authorization", "").removeprefix("Bearer ")
                line = faults.of_answer(self.address, url, head, body=said, key=key)
                raise _RefusedError(head.status, line)
            tries += 1
            call.stop.wait(pause_s)

    def _sending(self, method: str, url: str, body: bytes) -> Sending:
        headers = {"Accept": "application/json, text/event-stream", "Accept-Encoding": "identity"}
        if body:
            headers["Content-Type"] = "application/json"
        if key := self._fetched_key():
            headers["Authorization"] = f"Bearer {key}"
        return Sending(method, url, headers, body, ca_file=self._entry.ca_file, stays_here=is_here(self.address))

    def _fetched_key(self) -> str:
        if not self._entry.key:
            return ""
        key = self._key
        if key is None:
            key = self._secret(self._entry.key)
            if not _KEY.fullmatch(key):
                raise BadInputError(
                    f"the secret “{self._entry.key}” cannot be a server's key: it has spaces or signs beyond ASCII; "
                    f"set it anew with `workbench-cli secrets set {self._entry.key}`"
                )
            self._key = key
        return key

    def _explain(self, error: Exception) -> WorkbenchError:
        return faults.of_connection(self.address, error, self._entry.ca_file)

    def _check_plain(self, head: Head) -> None:
        if head.headers.get("content-encoding", "identity").lower() != "identity":
            raise ModelError(
                f"the model server at {self.address.site} compresses answers although that was not asked for; "
                "switch that off there"
            )


def _pause_s(head: Head, said: bytes, tries: int) -> float | None:
    """How long to wait before asking again; None where that makes no sense, or was done often enough."""
    if faults.is_loading(head, said):
        return LOADING_S
    if tries >= TRIES or not faults.is_passing(head, said):
        return None
    return faults.wait_s(head.headers, BACK_OFF_S * 2 ** (tries - 1))


def _beginning(chunks: Iterator[bytes]) -> bytes:
    """As much of a body as an error needs."""
    found = b""
    for chunk in chunks:
        found += chunk
        if len(found) >= _LARGEST_ERROR_BYTES:
            break
    return found


def _redirected(head: Head, sending: Sending, address: Address) -> str | None:
    """Where to ask again: at the same origin only, and a prompt only where the server wants it sent as it is."""
    if head.status not in (307, 308) and not (sending.method == "GET" and head.status in (301, 302, 303)):
        return None
    target = urljoin(sending.url, head.headers.get("location", ""))
    try:
        same = parse(target).origin == address.origin
    except BadInputError:
        return None
    return target if same else None
