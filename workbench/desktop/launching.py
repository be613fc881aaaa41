"""Starting applications on the person's own desktop."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping

from workbench.desktop.ports import Windows
from workbench.errors import BadInputError, UnavailableError

POLL_S = 0.01


def launch(command: str, windows: Windows, *, timeout_s: float = 20.0) -> "subprocess.Popen[bytes]":
    """Start a program (words as in a shell, but no shell) and wait until it shows a new window.

    It goes on running when this process ends. Raises `BadInputError` for a command that cannot be read or found,
    `UnavailableError` when the program fails or shows no window in time.
    """
    words = _words(command, os.environ)
    before = {(window.handle, window.pid) for window in windows.all()}
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end_s = time.monotonic() + timeout_s
    while all((window.handle, window.pid) in before for window in windows.all()):
        if process.poll():
            raise UnavailableError(f"{words[0]} ended at once with exit code {process.returncode}; try it by hand")
        if time.monotonic() > end_s:
            raise UnavailableError(f"{words[0]} showed no window within {timeout_s:g} s; start it by hand before")
        time.sleep(POLL_S)
    return process


def _words(command: str, environment: Mapping[str, str]) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise BadInputError(f"--app {command!r} cannot be read: {error}; check its quotes") from error
    program = shutil.which(words[0], path=environment.get("PATH")) if words else None
    if program is None:
        raise BadInputError(f"--app {command!r}: there is no such program; install it or check the spelling")
    return [program, *words[1:]]
