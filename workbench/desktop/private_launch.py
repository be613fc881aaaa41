"""Programs of a private desktop: starting them, and waiting until they can be used."""

import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from workbench.desktop import guard_ending
from workbench.desktop.private_x import Connection
from workbench.errors import BadInputError, UnavailableError

_POLL_S = 0.005
_START_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Launched:
    """A program that was started: its command, process id, and the X window it showed (None: not waited for)."""

    command: str
    pid: int
    window: int | None = None


@dataclass(frozen=True)
class Child:
    """A program under way, and the file with what it printed; `leader` is None when it ended at once."""

    name: str
    leader: guard_ending.Process | None
    process: "subprocess.Popen[bytes]"
    log: Path

    def last_words(self) -> str:
        """The last line it printed, or how it ended."""
        lines = self.log.read_text("utf-8", "replace").split("\n") if self.log.exists() else []
        printed = [line.strip() for line in lines if line.strip()]
        return printed[-1][:200] if printed else "it printed nothing"


def words_of(command: str, path: str | None) -> list[str]:
    """The command as a list, its program found on `path`; raises `BadInputError` when it cannot be read or found."""
    try:
        words = shlex.split(command)
    except ValueError as problem:
        raise BadInputError(f"cannot read the command {command!r}: {problem}; check its quotes") from None
    if not words:
        raise BadInputError("there is no command to launch; name a program")
    program = shutil.which(words[0], path=path)
    if not program:
        raise BadInputError(f"there is no program {words[0]!r} to launch; install it or check the spelling")
    return [program, *words[1:]]


def spawn(words: Sequence[str], *, environment: Mapping[str, str], log: Path, keep: tuple[int, ...] = ()) -> Child:
    """Start a program in a session of its own, printing into `log`, inheriting the file descriptors `keep`.

    Raises FileNotFoundError when there is no such program.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(
            list(words),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep,
        )
    return Child(Path(words[0]).name, guard_ending.process(process.pid), process, log)


def wait_for(child: Child, what: str, answers: Callable[[], bool]) -> None:
    """Wait until it answers; raises `UnavailableError` when the program ends before, or does not in 10 s."""
    deadline = time.monotonic() + _START_TIMEOUT_S
    while not answers():
        if child.process.poll() is not None:
            raise UnavailableError(
                f"{what} of the private desktop ended: {child.last_words()}; try {child.name} by hand"
            )
        if time.monotonic() > deadline:
            raise UnavailableError(f"{what} of the private desktop does not answer; free the machine and start again")
        time.sleep(_POLL_S)


def listens(path: Path) -> bool:
    """Whether a server takes connections at this Unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def wake_accessibility(bus_address: str) -> None:
    """Start the accessibility bus of that session, switch it on and wait until its registry answers."""
    from workbench.desktop.atspi import switch
    from workbench.desktop.atspi.bus import Bus
    from workbench.desktop.atspi.wire import Question

    deadline = time.monotonic() + _START_TIMEOUT_S
    registry = "org.a11y.atspi.Registry"
    question = Question(registry, "/org/a11y/atspi/accessible/root", "org.a11y.atspi.Accessible", "GetRole")
    with closing(Bus.connect(bus_address)) as session:
        address = switch.accessibility_address(session)
        switch.switch_on(session)
    with closing(Bus.connect(address)) as bus:
        if not bus.ask_one(question, deadline=deadline):
            raise UnavailableError(f"the accessibility registry does not answer; install {switch.PACKAGES}")


def wait_for_window(child: Child, connection: Connection, *, before: set[tuple[int, int]], timeout_s: float) -> int:
    """The first new window of the program, or of a running instance that it hands over to.

    `before` are the windows that were there, each with its process: the server gives the number of a window that has
    gone to the next one.

    Raises `UnavailableError` when the program fails or shows none within `timeout_s`.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        code = child.process.poll()
        new = {window: pid for window, pid in connection.windows().items() if (window, pid) not in before}
        found = next((window for window, pid in new.items() if code is not None or _belongs(pid, child)), None)
        if found:
            return found
        if code:
            raise UnavailableError(
                f"{child.name} ended at once with exit code {code}: {child.last_words()}; try it by hand"
            )
        time.sleep(_POLL_S)
    raise UnavailableError(f"{child.name} showed no window within {timeout_s:g} s; give it more time or do not wait")


def _belongs(pid: int, child: Child) -> bool:
    if pid in (0, child.process.pid):
        return True
    # a script that starts the real program, or a program that restarts itself
    return child.leader is not None and pid in guard_ending.family((), [child.leader])
