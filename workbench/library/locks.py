"""Locks between processes that end with their holder, however it died.

A lock is the operating system's lock on an open file, so a killed process leaves none behind and a reused process
number fools nobody. Waiting is per file; a lock is not re-entrant.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.errors import UnavailableError

_RETRY_S = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int, *, alone: bool) -> bool:  # noqa: ARG001 - Windows has no shared lock here: sharers queue up
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _lock(file: int, *, alone: bool) -> None:
        while not _try_lock(file, alone=alone):
            time.sleep(_RETRY_S)

else:
    import fcntl

    def _try_lock(file: int, *, alone: bool) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock(file: int, *, alone: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)


class HeldLock:
    """A lock that is held until `release` or the end of the process."""

    def __init__(self, file: int) -> None:
        self._file: int | None = file

    def release(self) -> None:
        """Let go; the empty file stays. Idempotent."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def hold(path: Path) -> HeldLock | None:
    """The lock of that file, alone; None when somebody holds it. Creates the file and its folder."""
    file = _open(path)
    if _try_lock(file, alone=True):
        return HeldLock(file)
    os.close(file)
    return None


def is_held(path: Path) -> bool:
    """Whether a living process, this one included, holds the lock of that file."""
    if not path.exists():
        return False
    file = _open(path)
    try:
        return not _try_lock(file, alone=True)
    finally:
        os.close(file)


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Wait for and keep a lock that others may share, but nobody may have alone."""
    with _locked(path, alone=False):
        yield


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait for and keep a lock that nobody shares."""
    with _locked(path, alone=True):
        yield


@contextmanager
def _locked(path: Path, *, alone: bool) -> Iterator[None]:
    file = _open(path)
    try:
        _lock(file, alone=alone)
        yield
    finally:
        os.close(file)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UnavailableError(f"cannot write {path}: {error.strerror}; make its folder writable") from error
