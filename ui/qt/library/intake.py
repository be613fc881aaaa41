"""Taking files and folders into the library: the work on its thread, and what the person sees of it meanwhile."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressDialog, QWidget

from ui.orders import importing
from ui.orders.exporting import line
from ui.qt.parts.giving import library_at
from ui.qt.tasks import Tasks, is_gone
from workbench.errors import StoppedError, WorkbenchError
from workbench.report.words import tidy

if TYPE_CHECKING:
    from workbench.library.importing.taking import Refused, Taken
    from workbench.library.store import Library

_STEPS = 200
"""So finely progress is drawn: bytes are too many for the bar to count."""

_SHOW_AFTER_MS = 600


@dataclass
class Came:
    """What came of an import: titles of what was taken, why others were not, and what was left out or mended."""

    titles: list[str] = field(default_factory=list)
    errors: list[WorkbenchError] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class ImportProgress(QProgressDialog):
    """Shows how much was read once it takes long; what is being read when it is cancelled is not taken."""

    def __init__(self, tasks: Tasks, parent: QWidget | None) -> None:
        super().__init__("Reading…", "Cancel", 0, _STEPS, parent)
        self._tasks = tasks
        self._cancelled = threading.Event()
        self._shown = -1
        self.setWindowTitle("Import")
        self.setMinimumDuration(_SHOW_AFTER_MS)
        self.setAutoReset(False)
        self.setAutoClose(False)
        self.canceled.connect(self._cancelled.set)

    def told(self, done: int, of: int) -> None:
        """So many bytes of so many were read; called on the thread that reads, and ends it once it was cancelled."""
        if self._cancelled.is_set():
            raise StoppedError("the import was cancelled; what was taken before is in the library")
        now = _STEPS * done // max(of, 1)
        if now != self._shown:
            self._shown = now
            self._tasks.back(lambda: self._show(now, of))

    def end(self) -> None:
        """It is over."""
        if not is_gone(self.told):
            self.close()
            self.deleteLater()

    def _show(self, now: int, of: int) -> None:
        if not is_gone(self.told):
            self.setLabelText(f"Reading {of / 1e6:.1f} MB…")
            self.setValue(now)


def taken(folder: Path, paths: Sequence[Path], told: importing.Told) -> Came:
    """Take all of these in; what cannot be read is told, and the rest follows."""
    from workbench.library.importing.taking import Taken

    came = Came()
    with library_at(folder) as library:
        for one in _each(library, paths, told, came):
            if isinstance(one, Taken):
                title = one.trajectory.title
                came.titles.append(title)
                came.remarks += [f"{tidy(title, 60)}, {line(remark)}" for remark in one.remarks]
            else:
                came.errors.append(importing.why(one))
    return came


def _each(library: "Library", paths: Sequence[Path], told: importing.Told, came: Came) -> "Iterator[Taken | Refused]":
    for path in paths:
        try:
            yield from importing.take(library, [importing.recognise(path)], told=told)
        except StoppedError as error:
            came.errors.append(error)
            return
        except WorkbenchError as error:
            came.errors.append(error)
