"""One worker process and the pipes to it; whatever it does, whoever talks to it is never blocked for good.

Three daemon threads serve the pipes: one writes, because a worker that hangs stops reading; one reads replies; one
keeps the last lines of its standard error, which is where llama.cpp says why it ends the process.
"""

import contextlib
import logging
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

import msgspec

from agents.runtime import messages
from agents.runtime.messages import Reply, Request, Stop
from workbench.errors import UnavailableError
from workbench.own_processes import own_process

log = logging.getLogger(__name__)

WORKER = tuple(own_process("agents.runtime.llama.worker"))
"""Starts the real worker."""

EXIT_S = 1.0
"""How long a process whose pipe closed may take to be gone before it is killed."""

KILLED_S = 5.0
"""How long one that was killed may take to be gone: it has much memory to give back."""

_TAIL_LINES = 40
_LINE_BYTES = 2000
_PIPE_BYTES = 1 << 20
_QUOTED = 200
_REPLY_BYTES = 1 << 28
_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)

_OF_THE_MODEL = re.compile(
    r"(GGML_ASSERT|\b(?:llama|ggml|gguf|clip|mtmd)_\w+:|\bllm_load|\bload_\w+:|\bCUDA error|\bstd::bad_alloc"
    r"|^(?:ImportError|ModuleNotFoundError|OSError|MemoryError)\b).*"
)
"""Lines that speak of the model's file, the machine's memory or the installation: only these enter an error's text."""


class WorkerGoneError(Exception):
    """The worker cannot be talked to any more: its pipe closed, or, `babbled`, what came through it was no message."""

    def __init__(self, *, babbled: bool) -> None:
        super().__init__("the worker's pipe brings no more messages")
        self.babbled = babbled


@dataclass(frozen=True)
class Ending:
    """How a worker ended: by a signal (its name) or with an exit code; `native` is the last line about the model.

    `babbled` is set where the process lived on, but what came through its pipe was no message.
    """

    signal: str
    code: int
    native: str
    babbled: bool


class WorkerProcess:
    """A worker that runs until `end`, or until this object or this process is gone.

    `send`, `wake` and `kill` are for any thread, `receive` and `end` for one at a time. Raises `UnavailableError` when
    the process cannot be started.
    """

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self.answered = False
        self._process = _spawn(command)
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._incoming: queue.SimpleQueue[Reply | WorkerGoneError | None] = queue.SimpleQueue()
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._threads = self._served()
        self._ending = weakref.finalize(self, _kill, self._process, self._outgoing)

    def _served(self) -> list[threading.Thread]:
        """The threads at its pipes; where memory or the system grants none, the process ends at once."""
        try:
            return self._serve()
        except RuntimeError as problem:
            _kill(self._process, self._outgoing)
            raise UnavailableError(
                f"cannot serve the model's process: {problem}; free some memory or processes, then ask again"
            ) from None

    def _serve(self) -> list[threading.Thread]:
        process = self._process
        threads = [
            threading.Thread(target=_write_all, args=(process.stdin, self._outgoing), name="worker-in", daemon=True),
            threading.Thread(target=_read_all, args=(process.stdout, self._incoming), name="worker-out", daemon=True),
            threading.Thread(target=_keep_tail, args=(process.stderr, self._tail), name="worker-err", daemon=True),
        ]
        for thread in threads:
            thread.start()
        return threads

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def send(self, request: Request) -> None:
        """Have the request written; returns at once. Raises UnicodeEncodeError for text that is no Unicode."""
        self._outgoing.put(messages.pack(request))

    def receive(self, timeout_s: float) -> Reply | None:
        """The next reply; None when none came in time or `wake` was called. Raises `WorkerGoneError` at the end."""
        try:
            reply = self._incoming.get(timeout=max(timeout_s, 0.0))
        except queue.Empty:
            return None
        if isinstance(reply, WorkerGoneError):
            self._incoming.put(reply)
            raise reply
        self.answered = self.answered or reply is not None
        return reply

    def wake(self) -> None:
        """Make whoever waits in `receive` look up."""
        self._incoming.put(None)

    def kill(self) -> None:
        """End it at once, without a word; idempotent."""
        self._ending()

    def ending(self, gone: WorkerGoneError) -> Ending:
        """How it ended; a process that only closed its pipe is given a moment, then killed."""
        if not gone.babbled:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(EXIT_S)
        babbled = self.running
        self.end()
        code = self._process.returncode or 0
        return Ending(_signal_name(code), code, _last_native(self._tail), babbled)

    def end(self, patience_s: float = 0.0) -> None:
        """Ask it to end, kill it after `patience_s`, and let go of pipes and threads. Idempotent."""
        if patience_s > 0 and self.running:
            self.send(Stop())
            self._outgoing.put(None)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)
        self.kill()
        for thread in self._threads:
            thread.join(KILLED_S)


def _spawn(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "GGML_NO_BACKTRACE": "1"},
            start_new_session=True,
            creationflags=_GROUP,
        )
    except OSError as problem:
        raise UnavailableError(
            f"cannot start the model's process: {problem.strerror}; free some memory or processes, then ask again"
        ) from None
    if sys.platform == "linux":
        _widen(process.stdin)
    return process


def _widen(pipe: IO[bytes] | None) -> None:
    """A screen goes through the usual pipe in a hundred turns of two processes, which takes ten times as long."""
    import fcntl

    assert pipe is not None
    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _kill(process: "subprocess.Popen[bytes]", outgoing: "queue.SimpleQueue[bytes | None]") -> None:
    process.kill()
    outgoing.put(None)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(KILLED_S)


def _write_all(pipe: BinaryIO, bodies: "queue.SimpleQueue[bytes | None]") -> None:
    with contextlib.suppress(OSError):
        while body := bodies.get():
            messages.write_packed(pipe, body)
            body = b""  # a picture of many megabytes would else live until the next request
    with contextlib.suppress(OSError):
        pipe.close()


def _read_all(pipe: BinaryIO, replies: "queue.SimpleQueue[Reply | WorkerGoneError | None]") -> None:
    decoder: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(cast("type[Reply]", Reply))
    babbled = False
    try:
        while body := messages.read(pipe, _REPLY_BYTES):
            replies.put(decoder.decode(body))
    except msgspec.MsgspecError:
        babbled = True
    except (OSError, MemoryError) as error:
        log.debug("worker: its replies cannot be read: %s", error)
    replies.put(WorkerGoneError(babbled=babbled))
    pipe.close()


def _keep_tail(pipe: BinaryIO, tail: deque[str]) -> None:
    while line := pipe.readline(_LINE_BYTES):
        text = line.decode(errors="replace").strip()
        if text:
            tail.append(text)
            log.debug("worker: %s", text)
    pipe.close()


def _signal_name(code: int) -> str:
    if code >= 0:
        return ""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _last_native(tail: deque[str]) -> str:
    found = (match.group() for match in map(_OF_THE_MODEL.search, reversed(tail)) if match)
    return next(found, "")[:_QUOTED]
