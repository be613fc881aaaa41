"""Work that would keep the window from painting: it runs on threads, and what comes of it is heard on the window's own.

The only place of the window where threads start.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from types import CellType
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from workbench.errors import UnavailableError, WorkbenchError

if TYPE_CHECKING:
    from workbench.library.store import Library

T = TypeVar("T")

_BROKEN = "the program made a mistake of its own while it did this; report it, and do it again"

Heard = Callable[[T], None]
Failed = Callable[[WorkbenchError], None]


class Tasks(QObject):
    """Runs functions in the background, each on one of four kinds of threads.

    * `with_library`: one after the other on one thread, with the library open; the order of calls is kept.
    * `in_order`: one after the other on one thread, without the library; for what must not overtake itself.
    * `soon`: a few at a time, for pictures and files; newer ones need not wait for older ones.
    * `aside`: one thread of its own each, for what lasts as long as a recording or a run.

    `then` and `failed` are called on the window's thread. What raises a `WorkbenchError` reaches `failed`, by default
    the notices; any other error is a defect of the program and reaches `crashed`, and a `failed` of the caller's own
    too, so that nobody waits for ever for what has broken. A widget that was deleted meanwhile, as a dialog is that
    was closed, hears nothing. After `close` nothing begins any more.
    """

    failed = Signal(object)
    crashed = Signal(object)
    busy = Signal(int)
    _back = Signal(object)

    def __init__(self, open_library: Callable[[], "Library"], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_library = open_library
        self._library: Library | None = None
        self._file: Path | None = None
        self._librarian = ThreadPoolExecutor(1, "library")
        self._hands = ThreadPoolExecutor(2, "pictures")
        self._keeper = ThreadPoolExecutor(1, "keeping")
        self._running = 0
        self._asides: list[threading.Thread] = []
        self._closed = False
        self._back.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def with_library(
        self, work: "Callable[[Library], T]", then: Heard[T] | None = None, failed: Failed | None = None
    ) -> "Future[T]":
        """Do it with the library open, after everything that was asked for before."""
        return self._begin(self._librarian, lambda: work(self._opened()), then, failed)

    def in_order(
        self, work: Callable[[], T], then: Heard[T] | None = None, failed: Failed | None = None
    ) -> "Future[T]":
        """Do it after everything that was asked for in order before; it is done even where the window is closed."""
        return self._begin(self._keeper, work, then, failed)

    def soon(self, work: Callable[[], T], then: Heard[T] | None = None, failed: Failed | None = None) -> "Future[T]":
        """Do it as soon as a thread is free."""
        return self._begin(self._hands, work, then, failed)

    def aside(self, work: Callable[[], T], then: Heard[T] | None = None, failed: Failed | None = None) -> None:
        """Do it on a thread of its own."""
        if self._closed:
            return
        thread = threading.Thread(target=self._done, args=(work, then, failed), name="aside", daemon=True)
        self._asides = [each for each in self._asides if each.is_alive()] + [thread]
        thread.start()

    def back(self, call: Callable[[], None]) -> None:
        """Have it called on the window's thread; for threads that have something to say meanwhile."""
        if not self._closed:
            self._back.emit(call)

    def close(self, within_s: float = 2.0) -> None:
        """Begin nothing more, and wait a little for what runs.

        What was asked of the library or in order before is still done, and then the library is closed, on threads of
        their own, which the end of the process waits for: what a person has changed is never dropped.
        """
        if self._closed:
            return
        self._closed = True
        self._hands.shutdown(wait=False, cancel_futures=True)
        closing = self._librarian.submit(self._let_go)
        keeping = self._keeper.submit(_nothing)
        for pool in (self._librarian, self._keeper):
            pool.shutdown(wait=False)
        end_s = time.monotonic() + within_s
        for thread in self._asides:
            thread.join(max(0.0, end_s - time.monotonic()))
        wait([closing, keeping], max(0.0, end_s - time.monotonic()))

    def _let_go(self) -> None:
        if self._library is not None:
            self._library.close()
            self._library = None

    def _opened(self) -> "Library":
        """The library; one whose folder has gone is let go of, and opened again once the folder is back."""
        if self._file is not None and not self._file.exists():
            self._let_go()
            folder = self._file.parent
            raise UnavailableError(f"the library's folder {folder} is gone; bring it back: what is in it is not lost")
        if self._library is None:
            self._library = self._open_library()
            self._file = self._library.path / "library.db"
        return self._library

    def _begin(
        self, pool: ThreadPoolExecutor, work: Callable[[], T], then: Heard[T] | None, failed: Failed | None
    ) -> "Future[T]":
        if self._closed:
            never: Future[T] = Future()
            never.cancel()
            return never
        self._running += 1
        self.busy.emit(self._running)

        def done() -> T:
            return self._done(work, then, failed, counted=True)  # type: ignore[return-value]  # None only after an error

        return pool.submit(done)

    def _done(
        self, work: Callable[[], T], then: Heard[T] | None, failed: Failed | None, *, counted: bool = False
    ) -> T | None:
        try:
            result = work()
        except WorkbenchError as error:
            told = error
            self.back(lambda: _tell(failed or self.failed.emit, told))
            return None
        except BaseException as error:
            defect = error
            self.back(lambda: self.crashed.emit(defect))
            if failed is not None:
                broken = failed
                self.back(lambda: _tell(broken, WorkbenchError(_BROKEN)))
            raise
        finally:
            if counted:
                self.back(self._finished)
        if then is not None:
            heard = then
            self.back(lambda: _tell(heard, result))
        return result

    def _finished(self) -> None:
        self._running -= 1
        self.busy.emit(self._running)

    @Slot(object)
    def _call(self, call: Callable[[], Any]) -> None:
        if not self._closed:
            call()


def is_gone(heard: Callable[..., object]) -> bool:
    """Whether an object of Qt that the function belongs to, or that it mentions, has been deleted meanwhile."""
    function = heard.func if isinstance(heard, partial) else heard
    cells = getattr(function, "__closure__", None) or ()
    known = [cell.cell_contents for cell in cells if cell != CellType()]  # an empty one has no contents to ask for
    known.append(getattr(function, "__self__", None))
    return any(isinstance(each, QObject) and not isValid(each) for each in known)


def _nothing() -> None:
    """Nothing more: what was asked for before is done."""


def _tell(heard: Callable[[T], object], result: T) -> None:
    if not is_gone(heard):
        heard(result)
