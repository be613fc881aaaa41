"""The process that records one desktop: `python -m recorder.child`.

It reads a `Begin` and then commands as JSON lines on standard input and writes events as JSON lines on standard
output (`recorder.messages`). It ends, with everything saved, on `stop`, on its hotkey, when its input closes, on
SIGTERM and on SIGINT; then it completes the witnesses, unless it is told to end once more.
"""

import os
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
from workbench.desktop.lines import LineReader
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


def main() -> int:
    """Record as standard input says; the exit status is that of the command line."""
    sys.setswitchinterval(SWITCH_S)
    speaker = Speaker(os.fdopen(os.dup(1), "wb"))
    # Whatever a library prints must not get between the events.
    os.dup2(2, 1)
    lines = LineReader(sys.stdin.fileno())
    ended = _end_on_signals(lines)
    try:
        begin = _begin(_first(lines))
        _record(begin, lines, speaker, ended)
    except WorkbenchError as error:
        speaker.say(Failed(text=str(error), exit_code=error.exit_code))
        return error.exit_code
    finally:
        speaker.close()
    return 0


def _first(lines: LineReader) -> bytes:
    while not lines.closed:
        line = lines.next(COUNT_S)
        if line:
            return line
    raise BadInputError("the recording's process got no order; start recordings with `workbench-cli record`")


def _begin(line: bytes) -> Begin:
    try:
        begin = msgspec.json.decode(line, type=Begin)
    except msgspec.MsgspecError as error:
        raise BadInputError(f"the recording's order is not readable: {error}") from error
    if begin.version != VERSION:
        raise BadInputError(f"the recording's order has version {begin.version}, this program speaks {VERSION}")
    return begin


def _end_on_signals(lines: LineReader) -> threading.Event:
    ended = threading.Event()

    def end(number: int, frame: object) -> None:  # noqa: ARG001 - the signature of a handler
        ended.set()
        lines.wake()

    for number in SIGNALS:
        signal.signal(number, end)
    return ended


def _record(begin: Begin, lines: LineReader, speaker: Speaker, ended: threading.Event) -> None:
    from recorder.starting import opened

    with opened(begin.library) as (desktop, library):
        from recorder.recording import Recorder

        def told(word: str, text: str) -> None:
            speaker.say(Warned(text=text) if word == "failed" else Did(word=word))
            lines.wake()

        recorder = Recorder(desktop, library, begin.options, told=told)
        trajectory_id = recorder.start()
        speaker.say(Ready(trajectory=trajectory_id))
        if desktop.accessibility is None:
            speaker.say(Warned(text=NO_ACCESSIBILITY))
        _converse(recorder, lines, speaker, ended)
        result = recorder.stop()
        # Everything is saved: from here on a signal may end the process, the next use completes what is missing.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        speaker.say(Ended(result=result))
        speaker.close()
        from recorder.complete import complete

        complete(library, trajectory_id)


def _converse(recorder: "Recorder", lines: LineReader, speaker: Speaker, ended: threading.Event) -> None:
    """Obey commands and tell the counters until something asks for the end."""
    next_s = time.monotonic()
    while not (ended.is_set() or recorder.stop_wanted.is_set() or lines.closed):
        if time.monotonic() >= next_s:
            speaker.say(Counted(counters=recorder.counters()))
            next_s = time.monotonic() + COUNT_S
        line = lines.next(next_s - time.monotonic())
        if line and not _obeyed(line, recorder, speaker):
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
            recorder.pause(given_ns=command.given_ns)
        case Resume():
            recorder.resume(given_ns=command.given_ns)
        case ForgetLast():
            recorder.forget(command.seconds, given_ns=command.given_ns)
        case AddNote():
            recorder.note(command.text)
        case SecretNow():
            recorder.secret_now(given_ns=command.given_ns)
        case Stop():
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
