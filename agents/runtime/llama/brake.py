"""Ends native work early: when it is cancelled, when its time is over, when the program is gone."""

import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from agents.runtime.ports import late, stopped


class Brake:
    """What llama.cpp asks before every operation. Any thread may press it.

    It asks without Python: the question is C's `strlen` of a text, which is empty as long as work may go on. A Python
    function would be called hundreds of times per token and take the interpreter from the thread that hears requests.
    """

    def __init__(self) -> None:
        self._flag = ctypes.create_string_buffer(2)
        self._why: Literal["", "cancelled", "timeout"] = ""
        self._lock = threading.Lock()
        self._round = 0

    def fit(self, context: Any) -> None:
        """Let this llama.cpp context ask the brake, which must live longer than the context."""
        import llama_cpp

        library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
        asks = llama_cpp.ggml_abort_callback(ctypes.cast(library.strlen, ctypes.c_void_p).value)
        llama_cpp.llama_set_abort_callback(context, asks, ctypes.addressof(self._flag))

    def press(self) -> None:
        """Cancel: stop as soon as can be."""
        with self._lock:
            self._press("cancelled")

    @property
    def pressed(self) -> bool:
        """Whether work shall stop."""
        return bool(self._why)

    def release(self) -> None:
        """Allow work again."""
        with self._lock:
            self._why = ""
            self._flag[0] = b"\0"

    def check(self) -> None:
        """Raise what the brake was pressed for: StoppedError, or ModelError when time is over; else nothing."""
        if self._why == "timeout":
            raise late()
        if self._why:
            raise stopped()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Press the brake when this takes longer."""
        timer = threading.Timer(max(seconds, 0.0), self._expire, (self._round,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                self._round += 1

    def _expire(self, number: int) -> None:
        """Time is over for that round; a timer that comes late must not end the next."""
        with self._lock:
            if number == self._round:
                self._press("timeout")

    def _press(self, why: Literal["cancelled", "timeout"]) -> None:
        self._why = self._why or why
        self._flag[0] = b"!"
