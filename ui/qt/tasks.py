"""Work that would keep the window from painting: it runs on threads, and what comes of it is heard on the window's own.

The only place of the window where threads start.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from workbench.errors import UnavailableError, WorkbenchError

if TYPE_CHECKING:
    from workbench.library.store import Library

T = TypeVar("T")

Heard = Callable[[T], None]
Failed = Callable[[WorkbenchError], None]


class Tasks(QObject):
    """Runs functions in the background, each on one of three kinds of threads.

    * `with_library`: one after the other on one thread, with the library open; the order of calls is kept.
    * `soon`: a few at a time, for pictures and files; newer ones need not wait for older ones.
    * `aside`: one thread of its own each, for what lasts as long as a recording or a run.

    `then` and `failed` are called on the window's thread. What raises a `WorkbenchError` reaches `failed`, by default
    the notices; any other error is a defect of the program and reaches `crashed`.
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
        self._running = 0
        self._asides: list[threading.Thread] = []
        self._closed = False
        self._back.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def with_library(
        self, work: "Callable[[Library], T]", then: Heard[T] | None = None, failed: Failed | None = None
    ) -> "Future[T]":
        """Do it with the library open, after everything that was asked for before."""
        return self._begin(self._librarian, lambda: work(self._opened()), then, failed)

    def soon(self, work: Callable[[], T], then: Heard[T] | None = None, failed: Failed | None = None) -> "Future[T]":
        """Do it as soon as a thread is free."""
        return self._begin(self._hands, work, then, failed)

    def aside(self, work: Callable[[], T], then: Heard[T] | None = None, failed: Failed | None = None) -> None:
        """Do it on a thread of its own."""
        thread = threading.Thread(target=self._done, args=(work, then, failed), name="aside", daemon=True)
        self._asides = [each for each in self._asides if each.is_alive()] + [thread]
        thread.start()

    def back(self, call: Callable[[], None]) -> None:
        """Have it called on the window's thread; for threads that have something to say meanwhile."""
        self._back.emit(call)

    def close(self, within_s: float = 2.0) -> None:
        """Begin nothing more, wait a little for what runs, and close the library."""
        self._closed = True
        for pool in (self._hands, self._librarian):
            pool.shutdown(wait=False, cancel_futures=True)
        for thread in self._asides:
            thread.join(within_s)
        if self._library is not None:
            self._library.close()

    def _opened(self) -> "Library":
        """The library; one whose folder has gone is let go of, and opened again once the folder is back."""
        if self._file is not None and not self._file.exists():
            if self._library is not None:
                self._library.close()
                self._library = None
            folder = self._file.parent
            raise UnavailableError(f"the library's folder {folder} is gone; bring it back: what is in it is not lost")
        if self._library is None:
            self._library = self._open_library()
            self._file = self._library.path / "library.db"
        return self._library

    def _begin(
        self, pool: ThreadPoolExecutor, work: Callable[[], T], then: Heard[T] | None, failed: Failed | None
    ) -> "Future[T]":
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
            self.back(lambda: (failed or self.failed.emit)(told))
            return None
        except BaseException as error:
            defect = error
            self.back(lambda: self.crashed.emit(defect))
            raise
        finally:
            if counted:
                self.back(self._finished)
        if then is not None:
            heard = then
            self.back(lambda: heard(result))
        return result

    def _finished(self) -> None:
        self._running -= 1
        self.busy.emit(self._running)

    @Slot(object)
    def _call(self, call: Callable[[], Any]) -> None:
        if not self._closed:
            call()
