"""The work of an export, on threads and connections of its own: a search never waits for it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.orders import exporting
from ui.orders.exporting import Decisions, Examined, Exported, Order
from ui.qt.core import Core
from ui.qt.parts.giving import library_at
from ui.qt.tasks import is_gone
from workbench.errors import StoppedError, WorkbenchError

if TYPE_CHECKING:
    from workbench.library.store import Library

_EVERY_S = 0.05
"""Progress is told so often at most: the window has more to do than to draw bars."""


@dataclass(frozen=True)
class Wish:
    """What is to be exported: a trajectory by its id, its format by name, and where to."""

    trajectory_id: str
    format: str
    path: Path
    pictures_read: bool = True


class Giving(QObject):
    """One export. `examined` has what was found, `written` what became of it, `failed` why it could not be.

    `progressed` has what goes on, how many are done, and of how many. The window asks before it closes meanwhile.
    """

    progressed = Signal(str, int, int)
    examined = Signal(object)
    written = Signal(object)
    failed = Signal(object)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._cancelled = threading.Event()
        self._told_s = 0.0

    def cancel(self) -> None:
        """Stop whatever goes on; nothing is left of it."""
        self._cancelled.set()

    def examine(self, wish: Wish) -> None:
        """Look through what would leave, behind the changes that are still being saved."""

        def work(library: "Library") -> Examined:
            order = Order((library.get(wish.trajectory_id),), wish.format, wish.path, pictures_read=wish.pictures_read)
            return exporting.examine(library, order, told=self._tell)

        self._core.tasks.with_library(lambda _: None, lambda _: self._aside(wish.path, work, self.examined.emit))

    def write(self, examined: Examined, decisions: Decisions) -> None:
        """Write it as it was decided."""

        def work(library: "Library") -> Exported:
            return exporting.write(library, examined, decisions, told=self._tell)

        self._aside(examined.path, work, self.written.emit)

    def _aside(self, path: Path, work: "Callable[[Library], object]", then: Callable[[object], None]) -> None:
        name = f"export to {path}"
        core = self._core

        def do() -> object:
            try:
                with library_at(core.library_folder) as library:
                    return work(library)
            finally:
                core.tasks.back(lambda: core.ends(name))

        def arrived(result: object) -> None:
            if not is_gone(self._tell):
                then(result)

        def missed(error: WorkbenchError) -> None:
            if not is_gone(self._tell):
                self.failed.emit(error)

        core.begins(name, "an export")
        core.tasks.aside(do, arrived, missed)

    def _tell(self, what: str, done: int, of: int) -> None:
        """On the thread of the work: hand progress to the window's, and end where that was asked for."""
        if self._cancelled.is_set():
            raise StoppedError("the export was cancelled; nothing was written")
        now_s = time.monotonic()
        if now_s - self._told_s >= _EVERY_S or done in (0, of):
            self._told_s = now_s
            self._core.tasks.back(lambda: self._progress(what, done, of))

    def _progress(self, what: str, done: int, of: int) -> None:
        if not is_gone(self._tell):
            self.progressed.emit(what, done, of)
