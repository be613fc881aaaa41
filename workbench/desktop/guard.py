"""The owner's side of the guard: tell a small separate process what is held down, started and switched on.

When the owner ends, however it ends, the guard releases, ends and restores (`workbench.desktop.guard_process`).
Tell it *before* acting: before a key goes down, before a process starts, before a folder is filled.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from workbench.errors import UnavailableError
from workbench.geometry import Point
from workbench.own_processes import quick_process

_ANSWER_S = 5.0


@dataclass(frozen=True)
class Screenful:
    """An X display and the file with the right to use it (None: the system's usual one)."""

    display: str
    authority: str | None = None

    @classmethod
    def from_environment(cls) -> "Screenful":
        """The display that this process would use; raises `UnavailableError` without one."""
        display = os.environ.get("DISPLAY")
        if not display:
            raise UnavailableError("there is no display to guard: DISPLAY is not set; start a graphical session first")
        return cls(display, os.environ.get("XAUTHORITY"))


class Guard:
    """A guard process of our own; methods may be called from any thread, and those that do not wait take microseconds.

    Whatever was told and not taken back is put right when `close` is called, when the pipe closes or when this
    process is gone. Raises `UnavailableError` when the guard itself has died: then nothing may be held any more.
    """

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._listener: threading.Thread | None = None
        self._write = threading.Lock()
        self._expecting = threading.Event()
        self._tell("paths", sys.path)

    @classmethod
    def start(cls) -> "Guard":
        """Start a guard; it is up some 20 ms later and loses nothing that is told before."""
        command = quick_process("workbench.desktop.guard_process", str(os.getpid()))
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", start_new_session=True, bufsize=0
            )
        except OSError as problem:
            raise UnavailableError(
                f"cannot start the guard process: {problem}; free some memory or processes"
            ) from None
        return cls(process)

    @property
    def pid(self) -> int:
        """The guard's process id."""
        return self._process.pid

    def hold_key(self, where: Screenful, keycode: int) -> None:
        """This key is about to go down."""
        self._tell("hold", _held(where, key=keycode))

    def release_key(self, where: Screenful, keycode: int) -> None:
        """This key is up again."""
        self._tell("release", _held(where, key=keycode))

    def hold_button(self, where: Screenful, button: int) -> None:
        """This pointer button (its X11 number) is about to go down."""
        self._tell("hold", _held(where, button=button))

    def release_button(self, where: Screenful, button: int) -> None:
        """This pointer button is up again."""
        self._tell("release", _held(where, button=button))

    def watch_mark(self, mark: str) -> None:
        """End every process whose environment has this `NAME=value`, and all that these started (Linux)."""
        self._tell("watch", {"mark": mark})

    def watch_process(self, pid: int) -> None:
        """End this process, its process group (it must lead one) and everything they started."""
        self._tell("watch", {"process": pid})

    def watch_folder(self, folder: Path) -> None:
        """Remove this folder and all in it; raises ValueError unless the path is absolute and at least two deep."""
        if not folder.is_absolute() or len(folder.parts) < 3:
            raise ValueError(f"{folder} is not a folder that a guard may remove")
        self._tell("watch", {"folder": str(folder)})

    def watch_display(self, number: int) -> None:
        """Remove the socket of the X server of our own with this display number, should it be killed."""
        self._tell("watch", {"display": number})

    def watch_accessibility(self, bus_address: str) -> None:
        """Accessibility is about to be switched on at this session bus: switch it off at the end."""
        self._tell("watch", {"accessibility": bus_address})

    def forget_mark(self, mark: str) -> None:
        """The marked processes have ended."""
        self._tell("forget", {"mark": mark})

    def forget_process(self, pid: int) -> None:
        """This process has ended or need not end."""
        self._tell("forget", {"process": pid})

    def forget_folder(self, folder: Path) -> None:
        """This folder is gone or stays."""
        self._tell("forget", {"folder": str(folder)})

    def forget_display(self, number: int) -> None:
        """This X server has ended and left nothing."""
        self._tell("forget", {"display": number})

    def forget_accessibility(self, bus_address: str) -> None:
        """Accessibility is off again or shall stay on."""
        self._tell("forget", {"accessibility": bus_address})

    def foresee_emergency(self) -> None:
        """`watch_emergency` will follow: the guard loads what it needs for that while its owner does other things."""
        self._tell("foresee", None)

    def watch_emergency(self, where: Screenful, hotkey: str, on_stop: Callable[[str], None]) -> None:
        """Watch for the emergency stop: all held keys and buttons are let go at once, then `on_stop(why)` is called.

        It is the hotkey, the pointer in the top-left corner, or the pointer elsewhere than `expect` said.
        `on_stop` runs on a thread of its own and must only set a flag. Returns when the watcher listens; raises
        `UnavailableError` when it cannot. Once per guard.
        """
        if self._listener:
            raise ValueError("this guard watches for the emergency stop already")
        self._tell("emergency", {"display": where.display, "authority": where.authority, "hotkey": hotkey})
        answer = self._read()
        if answer.get("event") != "emergency-ready":
            why = answer.get("why", "the guard process died")
            raise UnavailableError(f"the emergency stop does not work on display {where.display}: {why}")
        self._listener = threading.Thread(target=self._listen, args=(on_stop,), name="emergency", daemon=True)
        self._listener.start()

    def expect(self, point: Point | None) -> None:
        """The pointer is about to be put there (None: it may be anywhere); elsewhere is an emergency stop.

        Only after `watch_emergency`, before each move, by one thread. Waits until the watcher knows, because on a
        busy machine the motion can reach it before the order; raises `UnavailableError` when it does not answer.
        """
        self._expecting.clear()
        self._tell("expect", [point.x, point.y] if point else None)
        if not self._expecting.wait(_ANSWER_S):
            raise UnavailableError("the emergency stop does not answer: nothing may be moved; start again")

    def _listen(self, on_stop: Callable[[str], None]) -> None:
        while answer := self._read():
            if answer.get("event") == "expecting":
                self._expecting.set()
            elif answer.get("event") == "emergency-stop":
                on_stop(str(answer.get("why", "")))

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {}
        return answer

    def _tell(self, order: str, details: object) -> None:
        assert self._process.stdin
        line = json.dumps({order: details}).encode() + b"\n"
        try:
            with self._write:
                self._process.stdin.write(line)
        except (BrokenPipeError, ValueError):
            raise UnavailableError("the guard process is gone: nothing may be held or started; start again") from None

    def close(self) -> None:
        """Have everything that is still watched put right, and wait until it is. Idempotent."""
        if self._process.stdin and not self._process.stdin.closed:
            with self._write:
                self._process.stdin.close()
            self._process.wait()
            if self._listener:
                self._listener.join()
            if self._process.stdout:
                self._process.stdout.close()

    def __enter__(self) -> "Guard":
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()


def _held(where: Screenful, **what: int) -> dict[str, object]:
    return {"display": where.display, "authority": where.authority, **what}
