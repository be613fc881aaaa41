"""The guard process: it outlives its owner for a moment and puts right what the owner left behind.

The owner (`workbench.desktop.guard.Guard`) writes one JSON object per line on standard input. Each has one key, the
order, with its details:

* `paths`: where to import from, before the first order that needs a library.
* `hold`, `release`: `{"display", "authority", "key"}` or `{"display", "authority", "button"}`; held down or let go.
* `watch`, `forget`: one of `{"mark": "NAME=value"}`, `{"process": pid}`, `{"folder": path}`,
  `{"display": number of an X server}`, `{"accessibility": bus address}`; what to end, remove or switch off.
* `foresee`: null; an `emergency` will follow, so that its libraries can be loaded now.
* `emergency`: `{"display", "authority", "hotkey"}`; watch for the emergency stop from now on.
* `expect`: `[x, y]` or null; where the owner is about to put the pointer, or that it may be anywhere.

When standard input ends, or the owner's process is gone, everything that is still held or watched is put right and
the guard exits. Events go to standard output, one JSON object per line: `{"event": "emergency-ready"}`,
`{"event": "emergency-stop", "why": …}`, `{"event": "emergency-failed", "why": …}`, `{"event": "expecting"}`.

Only the standard library is loaded at start; libraries come in when an order needs them. It ignores the signals that a
terminal or a session sends to end programs, because it has to be the last one.
"""

import json
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.desktop import guard_ending

_OWNER_CHECK_S = 0.5
_RELEASE_S = 5.0

Order = dict[str, Any]


class GuardProcess:
    """What the guard knows, and how it puts it right. Orders come from one thread; `release_all` from any."""

    def __init__(self, owner: int) -> None:
        self._owner = owner
        self._held: list[Order] = []
        self._watched: list[Order] = []
        self._leaders: dict[int, guard_ending.Process] = {}
        self._lock = threading.Lock()
        self._emergency: Any = None
        self._stopped = False

    def serve(self) -> None:
        """Follow orders until the owner is gone, then put everything right."""
        for line in self._lines():
            order: Order = json.loads(line)
            for name, details in order.items():
                getattr(self, f"_order_{name}")(details)
        self.put_right()

    def _lines(self) -> Iterator[bytes]:
        rest = b""
        while self._owner_speaks() and (chunk := os.read(0, 65536)):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines

    def _owner_speaks(self) -> bool:
        """Wait until there is something to read, be it the end; False when the owner is gone."""
        # a forked copy of the owner would keep the pipe open for ever; Windows has no such copies
        while sys.platform != "win32" and not select.select([0], [], [], _OWNER_CHECK_S)[0]:
            if os.getppid() != self._owner:
                return False
        return True

    def _order_paths(self, paths: list[str]) -> None:
        sys.path[:] = paths

    def _order_hold(self, what: Order) -> None:
        with self._lock:
            self._held.append(what)
            too_late = self._stopped
        if too_late:
            _let_go([what])

    def _order_release(self, what: Order) -> None:
        with self._lock, suppress(ValueError):
            self._held.remove(what)

    def _order_watch(self, what: Order) -> None:
        self._watched.append(what)
        pid = what.get("process")
        if pid is not None:
            self._leaders[pid] = guard_ending.process(pid) or guard_ending.Process(pid, 0, pid, 0)

    def _order_forget(self, what: Order) -> None:
        with suppress(ValueError):
            self._watched.remove(what)
        self._leaders.pop(what.get("process", -1), None)

    def _order_foresee(self, _nothing: None) -> None:
        from workbench.desktop.guard_keys import load_emergency_stop

        # what is missing is told to whoever wants the emergency stop
        with suppress(ImportError):
            load_emergency_stop()

    def _order_emergency(self, where: Order) -> None:
        from workbench.desktop.guard_keys import start_emergency_stop
        from workbench.errors import WorkbenchError

        try:
            self._stopped = False
            self._emergency = start_emergency_stop(where, self._stop_now)
        except (WorkbenchError, ImportError) as problem:
            _say("emergency-failed", str(problem))
        else:
            _say("emergency-ready")

    def _order_expect(self, place: list[int] | None) -> None:
        from workbench.geometry import Point

        self._emergency.expect(Point(*place) if place else None)
        _say("expecting")

    def _stop_now(self, why: str) -> None:
        # what was announced before the stop may be read after it
        with self._lock:
            self._stopped = True
        self.release_all()
        _say("emergency-stop", why)

    def release_all(self) -> None:
        """Let go of every key and button that is down."""
        with self._lock:
            held, self._held = self._held, []
        if held:
            _let_go(held)

    def put_right(self) -> None:
        """Let go, end, remove and switch back; what cannot be done is said on standard error, the rest still is."""
        # a display that hangs must not keep the rest from being put right
        releasing = threading.Thread(target=self.release_all, daemon=True)
        releasing.start()
        releasing.join(_RELEASE_S)
        self._end_processes()
        for what in reversed(self._watched):
            if "folder" in what:
                _remove(Path(what["folder"]))
            elif "display" in what:
                guard_ending.remove_stale_socket(what["display"])
            elif "accessibility" in what:
                from workbench.desktop.guard_keys import switch_accessibility_off

                switch_accessibility_off(what["accessibility"])

    def _end_processes(self) -> None:
        marks = [what["mark"] for what in self._watched if "mark" in what]
        left = guard_ending.end_processes(marks, self._leaders.values()) if marks or self._leaders else set()
        if left:
            _complain(f"the processes {sorted(left)} do not end; end them by hand")


def _let_go(held: list[Order]) -> None:
    from workbench.desktop.guard_keys import release

    release(held)


def _remove(folder: Path) -> None:
    try:
        guard_ending.remove_folder(folder)
    except OSError as problem:
        _complain(f"cannot remove {folder}: {problem}; remove it by hand")


def _say(event: str, why: str = "") -> None:
    message = {"event": event, "why": why} if why else {"event": event}
    with suppress(OSError):
        os.write(1, json.dumps(message).encode() + b"\n")


def _complain(sentence: str) -> None:
    with suppress(OSError):
        os.write(2, f"guard: {sentence}\n".encode())


def main() -> None:
    """Serve the owner whose process id is the first argument."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGTSTP")
    for number in (getattr(signal, name) for name in names if hasattr(signal, name)):
        signal.signal(number, signal.SIG_IGN)
    GuardProcess(int(sys.argv[1])).serve()


if __name__ == "__main__":
    main()
