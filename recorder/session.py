"""The parent's end of a recording: starts its process, steers it, and hears how it goes."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from recorder.messages import Begin, Command, Ended, Event, Failed, Ready, Steering, Stop
from recorder.options import RecordingOptions, RecordingResult
from workbench.errors import BadInputError, StoppedError, UnavailableError, WorkbenchError
from workbench.own_processes import own_process

STOP_S = 10.0
"""How long a process that was told to stop may take to save; what it has written by then is kept anyway."""


@dataclass
class RecordingChild:
    """The process of one recording; use as a context manager. `ready` is set at its first event, or when it ended.

    `sentence` says how the process ended where it did not end as it should.
    """

    process: "subprocess.Popen[bytes]"
    library: Path | None
    on_event: Callable[[Event], None]
    trajectory: str = ""
    sentence: str = ""
    ready: threading.Event = field(default_factory=threading.Event)
    _last: Event | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Listen to it on a thread; `on_event` is called there.

        Others wait for an event and not for the thread: a Ctrl-C inside `Thread.join` makes Python 3.11 take a living
        thread for ended.
        """
        self._listener = threading.Thread(target=self._listen, name="recording", daemon=True)
        self._listener.start()

    def __enter__(self) -> "RecordingChild":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it and let its process go."""
        self.send(Stop())
        self._close()

    def send(self, command: Command | Begin) -> None:
        """Steer the recording, from this moment on; one that has ended hears nothing, and that is no error."""
        if isinstance(command, Steering) and not command.given_ns:
            command = msgspec.structs.replace(command, given_ns=time.monotonic_ns())
        sink = cast(BinaryIO, self.process.stdin)
        with suppress(BrokenPipeError, ValueError):
            sink.write(msgspec.json.encode(command) + b"\n")
            sink.flush()

    def wait(self, timeout_s: float | None = None) -> RecordingResult | None:
        """What came of the recording once it has ended and is saved; None when that takes longer than `timeout_s`.

        Raises what the process refused. When it died, what it had written is made into steps and returned, and
        `sentence` says so.
        """
        if not self._over.wait(timeout_s):
            return None
        if isinstance(self._last, Ended):
            return self._last.result
        if isinstance(self._last, Failed):
            raise _as_error(self._last)
        return self._recovered()

    def stop(self) -> RecordingResult:
        """End the recording and return what came of it."""
        self.send(Stop())
        result = self.wait(STOP_S)
        if result is None:
            self.process.kill()
            result = self.wait()
        assert result is not None
        return result

    def join(self) -> None:
        """Wait until the process has also completed the witnesses and is gone."""
        self._over.wait()
        self.process.wait()

    def _listen(self) -> None:
        decoder = msgspec.json.Decoder(Event)
        try:
            for line in cast(BinaryIO, self.process.stdout):
                self._last = event = decoder.decode(line)
                if isinstance(event, Ready):
                    self.trajectory = event.trajectory
                self.ready.set()
                self.on_event(event)
        finally:
            self.ready.set()
            self._over.set()

    def _recovered(self) -> RecordingResult:
        code = self.process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        self.sentence = f"the process of the recording ended with {how}; what it had written until then is kept"
        if not self.trajectory:
            raise UnavailableError(f"the process of the recording ended with {how} before it began; try again")
        from recorder.complete import recover
        from workbench.library.store import Library

        with Library.open(self.library) as library:
            recover(library)
            trajectory = library.get(self.trajectory)
            events = len(library.events(self.trajectory))
        steps = len(trajectory.steps)
        return RecordingResult(trajectory.id, trajectory.title, steps, events, 0, trajectory.seconds, 0)

    def _close(self) -> None:
        if not self._over.wait(STOP_S):
            self.process.kill()
        with suppress(BrokenPipeError):
            cast(BinaryIO, self.process.stdin).close()
        self._over.wait()
        self._listener.join()
        cast(BinaryIO, self.process.stdout).close()


def record_in_child(
    options: RecordingOptions,
    *,
    library: Path | None,
    on_event: Callable[[Event], None],
    environment: Mapping[str, str] | None = None,
) -> RecordingChild:
    """Start recording the display of `environment` (None: our own) into the library folder.

    Returns at once; the first event is `Ready` or `Failed`. `on_event` is called on a thread of the recorder.
    """
    process = subprocess.Popen(
        own_process("recorder.child"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(os.environ if environment is None else environment),
        start_new_session=True,
    )
    from workbench.library.store import default_path

    # said in full: a private desktop has a folder for user data of its own, which goes when it ends
    folder = (library or default_path()).absolute()
    child = RecordingChild(process, folder, on_event)
    child.send(Begin(options=options, library=str(folder)))
    return child


def _as_error(failed: Failed) -> WorkbenchError:
    kinds: tuple[type[WorkbenchError], ...] = (BadInputError, StoppedError, UnavailableError)
    kind = next((kind for kind in kinds if kind.exit_code == failed.exit_code), WorkbenchError)
    return kind(failed.text)
