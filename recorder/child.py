"""The process that records one desktop: `python -m recorder.child`.

It reads a `Begin` and then commands as JSON lines on standard input and writes events as JSON lines on standard
output (`recorder.messages`). It ends, with everything saved, on `stop`, on its hotkey, when its input closes, on
SIGTERM and on SIGINT; then it completes the witnesses, unless it is told to end once more.
"""

import os
import select
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from recorder.messages import (
    VERSION,
    AddNote,
    Begin,
    Command,
    Counted,
    Did,
    Ended,
    Event,
    Failed,
    ForgetLast,
    Pause,
    Ready,
    Resume,
    SecretNow,
    Stop,
    Warned,
)
from workbench.errors import BadInputError, WorkbenchError

if TYPE_CHECKING:
    from recorder.recording import Recorder

SIGNALS = (signal.SIGINT, signal.SIGTERM)

COUNT_S = 0.5
"""How often the counters are told."""

SWITCH_S = 0.0005
"""How long a thread may keep the interpreter from the hook: the default of 5 ms would make events look late."""

NO_ACCESSIBILITY = (
    "applications cannot be asked what stands where on this desktop (no accessibility bus): password fields are not "
    "recognised, so press the secret hotkey before typing one"
)


@dataclass
class Speaker:
    """Writes events to the parent, numbered; any thread may use it, and a parent that is gone is no error."""

    sink: BinaryIO
    _number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, event: Event) -> None:
        """Write one line."""
        with self._lock:
            self._number += 1
            try:
                self.sink.write(msgspec.json.encode(msgspec.structs.replace(event, number=self._number)) + b"\n")
                self.sink.flush()
            except (BrokenPipeError, ValueError):
                return

    def close(self) -> None:
        """Say nothing more, so that the parent need not wait."""
        with self._lock:
            try:
                self.sink.close()
            except BrokenPipeError:
                return


@dataclass
class Listener:
    """Reads lines from the parent, and wakes up for signals and for what the recorder's threads have to say."""

    source: int
    _partial: bytes = b""
    closed: bool = False

    def __post_init__(self) -> None:
        """Make the pipe by which others wake it."""
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)

    def wake(self) -> None:
        """Make `lines` return soon; any thread may call it."""
        try:
            os.write(self._wake_write, b"!")
        except BlockingIOError:
            return

    def lines(self, timeout_s: float) -> list[bytes]:
        """The complete lines that have come, at most `timeout_s` later; `closed` is set at the end of the input."""
        sources = [self._wake_read, *([] if self.closed else [self.source])]
        for ready in select.select(sources, [], [], max(0.0, timeout_s))[0]:
            piece = os.read(ready, 1 << 16)
            if ready == self.source:
                self.closed = not piece
                self._partial += piece
        *found, self._partial = self._partial.split(b"\n")
        return found

    def first(self) -> bytes:
        """The first line; raises `BadInputError` where the input ends before it."""
        while not self.closed:
            found = self.lines(1.0)
            if found:
                self._partial = b"\n".join([*found[1:], self._partial])
                return found[0]
        raise BadInputError("the recording's process got no order; start recordings with `workbench-cli record`")


def main() -> int:
    """Record as standard input says; the exit status is that of the command line."""
    sys.setswitchinterval(SWITCH_S)
    speaker = Speaker(os.fdopen(os.dup(1), "wb"))
    # Whatever a library prints must not get between the events.
    os.dup2(2, 1)
    listener = Listener(sys.stdin.fileno())
    ended = _end_on_signals(listener)
    try:
        begin = _begin(listener.first())
        _record(begin, listener, speaker, ended)
    except WorkbenchError as error:
        speaker.say(Failed(text=str(error), exit_code=error.exit_code))
        return error.exit_code
    finally:
        speaker.close()
    return 0


def _begin(line: bytes) -> Begin:
    try:
        begin = msgspec.json.decode(line, type=Begin)
    except msgspec.MsgspecError as error:
        raise BadInputError(f"the recording's order is not readable: {error}") from error
    if begin.version != VERSION:
        raise BadInputError(f"the recording's order has version {begin.version}, this program speaks {VERSION}")
    return begin


def _end_on_signals(listener: Listener) -> threading.Event:
    ended = threading.Event()

    def end(number: int, frame: object) -> None:  # noqa: ARG001 - the signature of a handler
        ended.set()
        listener.wake()

    for number in SIGNALS:
        signal.signal(number, end)
    return ended


def _record(begin: Begin, listener: Listener, speaker: Speaker, ended: threading.Event) -> None:
    from recorder.starting import opened

    with opened(begin.library) as (desktop, library):
        from recorder.recording import Recorder

        def told(word: str, text: str) -> None:
            speaker.say(Warned(text=text) if word == "failed" else Did(word=word))
            listener.wake()

        recorder = Recorder(desktop, library, begin.options, told=told)
        trajectory_id = recorder.start()
        speaker.say(Ready(trajectory=trajectory_id))
        if desktop.accessibility is None:
            speaker.say(Warned(text=NO_ACCESSIBILITY))
        _converse(recorder, listener, speaker, ended)
        result = recorder.stop()
        # Everything is saved: from here on a signal may end the process, the next use completes what is missing.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        speaker.say(Ended(result=result))
        speaker.close()
        from recorder.complete import complete

        complete(library, trajectory_id)


def _converse(recorder: "Recorder", listener: Listener, speaker: Speaker, ended: threading.Event) -> None:
    """Obey commands and tell the counters until something asks for the end."""
    next_s = time.monotonic()
    while not (ended.is_set() or recorder.stop_wanted.is_set() or listener.closed):
        if time.monotonic() >= next_s:
            speaker.say(Counted(counters=recorder.counters()))
            next_s = time.monotonic() + COUNT_S
        for line in listener.lines(next_s - time.monotonic()):
            if not _obeyed(line, recorder, speaker):
                return


def _obeyed(line: bytes, recorder: "Recorder", speaker: Speaker) -> bool:
    """Carry out one command; False when it asks for the end."""
    try:
        command = msgspec.json.decode(line, type=Command)
    except msgspec.MsgspecError as error:
        speaker.say(Warned(text=f"a command was not understood and is ignored: {error}"))
        return True
    match command:
        case Pause():
            recorder.pause()
        case Resume():
            recorder.resume()
        case ForgetLast():
            recorder.forget(command.seconds)
        case AddNote():
            recorder.note(command.text)
        case SecretNow():
            recorder.secret_now()
        case Stop():
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
