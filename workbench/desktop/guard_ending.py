"""Ending processes together with everything they started, and removing folders; standard library only.

A *mark* is one `NAME=value` of an environment. A process that was given it hands it on to whatever it starts, so a
mark finds even those that left their process group and parent. Works on Linux by reading `/proc`; elsewhere marks
find nothing and process groups are ended whole.
"""

import errno
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_POLL_S = 0.01


@dataclass(frozen=True)
class Process:
    """One line of the process table; `started` is in clock ticks since boot and tells a reused pid apart."""

    pid: int
    parent: int
    group: int
    started: int


def process(pid: int) -> Process | None:
    """The living process of that pid; None when it is gone or only waits to be collected by its parent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    if not fields or fields[0] in (b"Z", b"X"):
        return None
    return Process(pid, int(fields[1]), int(fields[2]), int(fields[19]))


def process_table() -> dict[int, Process]:
    """Every living process by pid; empty where the system has no `/proc`."""
    proc = Path("/proc")
    pids = [int(entry.name) for entry in proc.iterdir() if entry.name.isdecimal()] if proc.is_dir() else []
    return {pid: found for pid in pids if (found := process(pid))}


def carries(pid: int, marks: Iterable[str]) -> bool:
    """Whether the process was started with one of the marks; False for other people's processes."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return any(mark.encode() in environment for mark in marks)


def family(marks: Iterable[str], leaders: Iterable[Process]) -> set[int]:
    """The pids of all marked processes, of the leaders' groups, and of everything these started.

    The calling process is never among them. A leader whose pid now belongs to somebody else counts for nothing.
    """
    table, wanted = process_table(), tuple(marks)
    groups = {leader.pid for leader in leaders if _is_still(leader, table)}
    found = {pid for pid, entry in table.items() if entry.group in groups or pid in groups}
    if wanted:
        found |= {pid for pid in table if carries(pid, wanted)}
    return (found | set(_descendants(found, table))) - {os.getpid()}


def _is_still(leader: Process, table: dict[int, Process]) -> bool:
    return leader.pid not in table or table[leader.pid].started == leader.started


def _descendants(roots: set[int], table: dict[int, Process]) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for entry in table.values():
        children.setdefault(entry.parent, []).append(entry.pid)
    waiting = list(roots)
    while waiting:
        young = children.pop(waiting.pop(), [])
        waiting += young
        yield from young


def end_processes(marks: Iterable[str], leaders: Iterable[Process], *, grace_s: float = 0.5) -> set[int]:
    """Ask the whole family to end, then kill it; returns the pids that are still there, normally none.

    Takes at most about `grace_s` plus one second. Processes started meanwhile are found too.
    """
    marks, leaders = tuple(marks), tuple(leaders)
    if not sys.platform.startswith("linux"):
        return _end_groups(leaders)
    met = family(marks, leaders)
    _send(met, signal.SIGTERM)
    if not _wait_until_gone(met, grace_s):
        return set()
    for _ in range(10):
        met = {pid for pid in met if process(pid)} | family(marks, leaders)
        if not met:
            return set()
        _send(met, signal.SIGKILL)
        met = _wait_until_gone(met, 0.1)
    return met


def _wait_until_gone(pids: set[int], timeout_s: float) -> set[int]:
    deadline = time.monotonic() + timeout_s
    while (left := {pid for pid in pids if process(pid)}) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return left


def _send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
        if number == signal.SIGTERM:
            # a stopped process would only hear of the request when it is continued
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGCONT)


def _end_groups(leaders: Iterable[Process]) -> set[int]:
    for leader in leaders:
        with suppress(OSError):
            if sys.platform == "win32":
                os.kill(leader.pid, signal.SIGTERM)
            else:
                os.killpg(leader.pid, signal.SIGKILL)
    return set()


def remove_folder(folder: Path) -> None:
    """Delete the folder and all in it, never following links nor entering other file systems mounted in it.

    A folder that is gone already is fine; raises OSError when something in it cannot be deleted.
    """
    with suppress(FileNotFoundError):
        _remove_below(folder, folder.lstat().st_dev)
        folder.rmdir()


def _remove_below(folder: Path, device: int) -> None:
    for entry in list(folder.iterdir()):
        with suppress(FileNotFoundError):
            facts = entry.lstat()
            if not stat.S_ISDIR(facts.st_mode):
                entry.unlink()
            elif facts.st_dev == device:
                _remove_below(entry, device)
                entry.rmdir()


def remove_stale_socket(display: int) -> None:
    """Delete the socket that an X server of that display leaves behind when it is killed; one in use stays."""
    path = f"/tmp/.X11-unix/X{display}"  # noqa: S108 - the place that every X server uses
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(path) == errno.ECONNREFUSED:
            with suppress(OSError):
                Path(path).unlink()
