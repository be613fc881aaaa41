"""A private desktop: an X server, window manager, session bus and accessibility bus of our own, seen by nobody.

Applications in it start fresh: their settings, data and caches live in the desktop's own folder and go with it. The
home folder is the person's own, because jobs are about real files; what is put in the bin goes into the person's bin.
The session bus starts no keyring, no portals and no file-system mounts. Every process carries a mark in its
environment by which it is found and ended, and the guard knows of all of it before it starts (docs/decisions/0003).

Only processes of the same user can connect to its X server and buses.
"""

import os
import secrets
import select
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType

from workbench.desktop import guard_ending, private_launch
from workbench.desktop.guard import Guard, Screenful
from workbench.desktop.private_folder import Layout, environment, fill
from workbench.desktop.private_launch import Child, Launched
from workbench.desktop.private_x import Connection, write_authority
from workbench.errors import BadInputError, UnavailableError

__all__ = ["MARK", "Launched", "PrivateDesktop"]

MARK = "WORKBENCH_PRIVATE_DESKTOP"
"""The environment variable that every process of a private desktop carries."""

_PACKAGES = "xvfb openbox dbus-daemon at-spi2-core (as Debian and Ubuntu call them)"
_START_TIMEOUT_S = 10.0
_SIDES_PX = range(64, 16385)


@dataclass(frozen=True)
class _Server:
    number: int
    connection: Connection


class PrivateDesktop:
    """One running private desktop; make it with `start`, use it in a `with` block. For one thread.

    `size` is its only screen's in pixels, `folder` where everything of it lives, `authority` the file with the right
    to use its display (other processes of the same user may do without).
    """

    def __init__(self, size: tuple[int, int], guard: Guard) -> None:
        token = secrets.token_hex(8)
        self.size = size
        self.folder = Path(tempfile.gettempdir()).resolve() / f"workbench-{token}"
        self._layout = Layout(self.folder)
        self.authority = self._layout.authority
        self._mark = f"{MARK}={token}"
        self._guard = guard
        self._children: list[Child] = []
        self._server: _Server | None = None
        self._undo = ExitStack()

    @classmethod
    def start(
        cls, size: tuple[int, int] = (1280, 800), *, guard: Guard | None = None, window_manager: str = "openbox"
    ) -> "PrivateDesktop":
        """Start one and return when X, window manager, session bus and accessibility bus truly answer.

        Without a `guard` it brings its own. Raises `UnavailableError` when a program is missing or does not come up
        (nothing is left of it then) and `BadInputError` for a size that no screen has.
        """
        if any(side not in _SIDES_PX for side in size):
            raise BadInputError(
                f"a private desktop cannot measure {size[0]}x{size[1]}; take {_SIDES_PX.start} to {_SIDES_PX.stop - 1}"
            )
        desktop = cls(size, guard or Guard.start())
        if not guard:
            desktop._undo.callback(desktop._guard.close)
        try:
            desktop._come_up(window_manager)
        except BaseException:
            desktop.close()
            raise
        return desktop

    @property
    def display(self) -> str:
        """Its X display, such as ":7"; raises `UnavailableError` once it is closed."""
        return f":{self._running().number}"

    @property
    def screenful(self) -> Screenful:
        """Its display as the guard wants it named."""
        return Screenful(self.display, str(self.authority))

    @property
    def bus_address(self) -> str:
        """The D-Bus address of its session bus."""
        return self._layout.bus_address

    def environment(self) -> dict[str, str]:
        """All variables for a process that is to live in this desktop, complete, as `subprocess` takes them."""
        return environment(self._layout, self._mark, self.display)

    def launch(
        self,
        command: str,
        *,
        wait_for_window: bool = True,
        timeout_s: float = 20.0,
        variables: Mapping[str, str] | None = None,
    ) -> Launched:
        """Start a program (words as in a shell, but no shell) and wait for its first window.

        `variables` come on top of the environment. Raises `BadInputError` for a command that cannot be read or found,
        `UnavailableError` when the program fails, or shows no window in time.
        """
        connection = self._running().connection
        values = {**self.environment(), **(variables or {})}
        words = private_launch.words_of(command, values.get("PATH"))
        before = set(connection.windows().items())
        child = self._spawn(words, values)
        if not wait_for_window:
            return Launched(command, child.process.pid)
        window = private_launch.wait_for_window(child, connection, before=before, timeout_s=timeout_s)
        return Launched(command, child.process.pid, window)

    def process_ids(self) -> set[int]:
        """The ids of all processes that live in this desktop, its servers included."""
        return guard_ending.family([self._mark], self._leaders)

    def close(self) -> None:
        """End every process and remove every file of this desktop; idempotent."""
        self._undo.close()

    def __enter__(self) -> "PrivateDesktop":
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def _running(self) -> _Server:
        if not self._server:
            raise UnavailableError("this private desktop is closed; start another one")
        return self._server

    def _come_up(self, window_manager: str) -> None:
        self._make_folder()
        self._guard.watch_mark(self._mark)
        self._undo.callback(self._guard.forget_mark, self._mark)
        self._undo.callback(self._end_processes)
        self._server = self._start_server()
        bus = self._part(["dbus-daemon", f"--config-file={self._layout.bus_config}", "--nofork", "--nopidfile"])
        manager = self._part([window_manager])
        private_launch.wait_for(bus, "the session bus", lambda: private_launch.listens(self._layout.bus_socket))
        private_launch.wake_accessibility(self.bus_address)
        connection = self._server.connection
        private_launch.wait_for(manager, "the window manager", connection.has_window_manager)

    def _make_folder(self) -> None:
        self._guard.watch_folder(self.folder)
        self._undo.callback(self._guard.forget_folder, self.folder)
        self._undo.callback(self._remove_folder)
        try:
            fill(self._layout)
        except OSError as problem:
            raise UnavailableError(f"cannot make a folder for the private desktop: {problem}; set TMPDIR") from None

    def _start_server(self) -> _Server:
        cookie = write_authority(self.authority)
        reader, writer = os.pipe()
        with os.fdopen(reader, "rb", buffering=0) as answer:
            try:
                child = self._part(_server_words(writer, self.size, self.authority), keep=(writer,))
            finally:
                os.close(writer)
            said = _line_from(answer, _START_TIMEOUT_S)
        if not said.isdigit():
            raise UnavailableError(f"the X server of the private desktop does not start: {child.last_words()}")
        number = int(said)
        self._guard.watch_display(number)
        self._undo.callback(self._guard.forget_display, number)
        connection = Connection(number, cookie)
        self._undo.callback(connection.close)
        connection.admit_user(os.getuid())
        return _Server(number, connection)

    def _part(self, words: Sequence[str], keep: tuple[int, ...] = ()) -> Child:
        display = self.display if self._server else None
        try:
            return self._spawn(words, environment(self._layout, self._mark, display), keep)
        except FileNotFoundError:
            raise UnavailableError(
                f"{words[0]} is not installed, which a private desktop needs: install {_PACKAGES}"
            ) from None

    def _spawn(self, words: Sequence[str], values: Mapping[str, str], keep: tuple[int, ...] = ()) -> Child:
        log = self._layout.logs / f"{len(self._children):03}-{Path(words[0]).name}.log"
        child = private_launch.spawn(words, environment=values, log=log, keep=keep)
        self._children.append(child)
        # the mark finds it too, unless it empties its environment
        self._guard.watch_process(child.process.pid)
        return child

    @property
    def _leaders(self) -> list[guard_ending.Process]:
        return [child.leader for child in self._children if child.leader]

    def _end_processes(self) -> None:
        left = guard_ending.end_processes([self._mark], self._leaders)
        for child in self._children:
            self._guard.forget_process(child.process.pid)
            if child.process.pid not in left:
                child.process.wait()
        if self._server:
            guard_ending.remove_stale_socket(self._server.number)
        self._server = None
        if left:
            raise UnavailableError(f"the processes {sorted(left)} of the private desktop do not end; end them by hand")

    def _remove_folder(self) -> None:
        try:
            guard_ending.remove_folder(self.folder)
        except OSError as problem:
            raise UnavailableError(f"cannot remove {self.folder}: {problem}; remove it by hand") from None


def _server_words(answer_fd: int, size: tuple[int, int], authority: Path) -> list[str]:
    screen = f"{size[0]}x{size[1]}x24"
    options = ["-dpi", "96", "-nolisten", "tcp", "-noreset", "-auth", str(authority)]
    return ["Xvfb", "-displayfd", str(answer_fd), "-screen", "0", screen, *options]


def _line_from(answer: FileIO, timeout_s: float) -> bytes:
    # the server writes the number and the line's end separately, and dies when nobody reads the second
    said, deadline = b"", time.monotonic() + timeout_s
    while not said.endswith(b"\n") and select.select([answer], [], [], max(0.0, deadline - time.monotonic()))[0]:
        chunk = answer.read(16)
        if not chunk:
            break
        said += chunk
    return said.strip()
