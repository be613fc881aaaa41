"""llama.cpp as a library: its start and its log, for the one process that loads it.

Only the worker process imports this module and those that import it: native code ends the process when it fails.
"""

import os
import sys
from collections import deque
from functools import cache
from typing import Any

import llama_cpp
from llama_cpp import mtmd_cpp

from agents.runtime.llama.devices import load_backends

KEPT_LINES = 200
LOUD_LINES = 100
"""So many warnings and errors go to standard error per request, where the program sees them when this process dies."""

_WARNING, _ERROR, _CONTINUED = 3, 4, 5


class NativeLog:
    """The last lines that llama.cpp said. Called back from native code, on whatever thread that runs."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._half = ""
        self._level = 0
        self._loud = LOUD_LINES
        self._debug = bool(os.environ.get("WORKBENCH_DEBUG"))

    def begin(self) -> None:
        """Forget what was said before: a request begins."""
        self._lines.clear()
        self._loud = LOUD_LINES

    def last(self, count: int = 20) -> tuple[str, ...]:
        """The last lines of this request, oldest first."""
        return tuple(self._lines)[-count:]

    @property
    def first_fault(self) -> str:
        """The first line that reports a fault, without a full stop; empty where there is none."""
        faults = [line for line in self._lines if "error" in line.lower() or "fail" in line.lower()]
        return faults[0].rstrip(". ") if faults else ""

    def hear(self, level: int, text: bytes | None, _: object) -> None:
        """Take a piece of the log; lines come in pieces."""
        if level != _CONTINUED:
            self._level = level
        self._half += (text or b"").decode("utf-8", "replace")
        *lines, self._half = self._half.split("\n")
        for line in filter(str.strip, lines):
            self._lines.append(line.strip())
            self._repeat(line)

    def warn(self, line: str) -> None:
        """Add a line of our own, as llama.cpp's warnings are added."""
        self.hear(_WARNING, f"{line}\n".encode(), None)

    def _repeat(self, line: str) -> None:
        loud = self._level in (_WARNING, _ERROR) and self._loud > 0
        if loud:
            self._loud -= 1
        if loud or self._debug:
            sys.stderr.write(line + "\n")


@cache
def start() -> NativeLog:
    """Start llama.cpp once in this process, with its log kept; later calls give the same log."""
    log = NativeLog()
    _kept_alive.append(llama_cpp.llama_log_callback(log.hear))
    llama_cpp.llama_log_set(_kept_alive[-1], None)
    mtmd_cpp.mtmd_helper_log_set(_kept_alive[-1], None)
    mtmd_cpp.mtmd_log_set(_kept_alive[-1], None)
    llama_cpp.llama_backend_init()
    load_backends()
    return log


_kept_alive: list[Any] = []
"""Callbacks that native code holds on to; Python would free them."""
