"""A person's hand on a desktop that is not in front of them: what they do in its picture is done there.

A desktop is served by a process of its own (`workbench.desktop.hand_process`), which hears one act per line.
"""

import contextlib
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import IO

import msgspec
from msgspec import Struct

from workbench.actions import Button
from workbench.own_processes import own_process

MODULE = "workbench.desktop.hand_process"

EVERY_S = 0.016
"""Of moves that follow each other faster than a screen is drawn only the last one is done."""

ENDS_S = 3.0
"""How long the process may take to let go of everything before it is killed; its guard lets go then."""


class Move(Struct, frozen=True, tag="move"):
    """Put the pointer at this place, in desktop pixels."""

    x_px: int
    y_px: int


class Press(Struct, frozen=True, tag="press"):
    """Press a button and hold it."""

    button: Button


class Release(Struct, frozen=True, tag="release"):
    """Let go of a button."""

    button: Button


class Scroll(Struct, frozen=True, tag="scroll"):
    """Turn the wheel by notches, positive right and down."""

    dx: int
    dy: int


class KeyDown(Struct, frozen=True, tag="key-down"):
    """Press a key by its X11 name and hold it."""

    key: str


class KeyUp(Struct, frozen=True, tag="key-up"):
    """Let go of a key."""

    key: str


class Write(Struct, frozen=True, tag="write"):
    """Type these characters, whatever keys the desktop has for them."""

    text: str

    def __repr__(self) -> str:
        """What is typed shows in no log and no traceback."""
        return "Write(…)"


class LetGo(Struct, frozen=True, tag="let-go"):
    """Let go of every key and button."""


Act = Move | Press | Release | Scroll | KeyDown | KeyUp | Write | LetGo


class Refused(Struct, frozen=True, tag="refused"):
    """An act could not be done, and why."""

    text: str


class Hand:
    """Does acts on the desktop of an environment, in their order; its methods return at once, on any one thread.

    The process starts at once, on a thread of this object's. `refused` is called on such a thread
    with a line that says what could not be done.
    """

    def __init__(self, environment: Mapping[str, str], refused: Callable[[str], None]) -> None:
        self._environment = dict(environment)
        self._refused = refused
        self._changed = threading.Condition()
        self._waiting: deque[Act] = deque()
        self._ended: Callable[[], None] | None = None
        self._moved_s = 0.0
        threading.Thread(target=self._work, name="hand", daemon=True).start()

    def do(self, act: Act) -> None:
        """Do it after what was asked for before; a move takes the place of one that still waits at the end."""
        with self._changed:
            if isinstance(act, Move) and self._waiting and isinstance(self._waiting[-1], Move):
                self._waiting.pop()
            self._waiting.append(act)
            self._changed.notify()

    def close(self, ended: Callable[[], None] = lambda: None) -> None:
        """Do what still waits, let go of everything and end; then `ended` is called, on another thread. Call once."""
        with self._changed:
            self._ended = ended
            self._changed.notify()

    def _work(self) -> None:
        try:
            process = _started(self._environment)
        except OSError as problem:
            self._refused(f"the hand on the private desktop does not start: {problem}; free some memory or processes")
            self._pass_on(None)
        else:
            listener = threading.Thread(target=self._listen, args=(process,), name="hand's answers", daemon=True)
            listener.start()
            self._pass_on(process.stdin)
            _end(process)
            listener.join()
        if self._ended is not None:
            self._ended()

    def _pass_on(self, pipe: IO[bytes] | None) -> None:
        """Write act after act until it is over; a process that is gone takes no more."""
        while (act := self._next()) is not None:
            if pipe is None:
                continue
            try:
                pipe.write(msgspec.json.encode(act) + b"\n")
            except BrokenPipeError:
                pipe = None
                self._refused("the hand on the private desktop has ended: go on with the run, then take over again")

    def _next(self) -> Act | None:
        """The next act, once it is time; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended)
            if len(self._waiting) == 1 and isinstance(self._waiting[0], Move):
                left_s = self._moved_s + EVERY_S - time.monotonic()
                self._changed.wait_for(lambda: len(self._waiting) > 1 or self._ended, max(0.0, left_s))
                self._moved_s = time.monotonic()
            return self._waiting.popleft() if self._waiting else None

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        with process.stdout as answers:
            for line in answers:
                self._refused(msgspec.json.decode(line, type=Refused).text)


def _started(environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        own_process(MODULE),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
        bufsize=0,
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Close its input, which ends it, and wait until it has ended."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(ENDS_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
