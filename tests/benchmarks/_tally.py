"""What a process holds: memory, Qt's objects, windows, threads and open files."""

import ctypes
import gc
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from shiboken6 import getCppPointer


@dataclass(frozen=True)
class Tally:
    """One count of everything; `at` says after how many steps or trajectories."""

    at: int
    resident_mb: float
    objects: int
    widgets: int
    windows: int
    threads: int
    handles: int

    @property
    def counts(self) -> tuple[int, ...]:
        """All that is counted in whole numbers, in the order of the fields."""
        return self.objects, self.widgets, self.windows, self.threads, self.handles


def taken(at: int, roots: Sequence[QObject] = ()) -> Tally:
    """Count now; objects of Qt are those below the top-level widgets, the application and `roots`.

    Memory that is free but not handed back yet goes first: how much of it there is changes by tens of MB by chance.
    """
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return Tally(
        at,
        resident_mb(),
        _objects([*QApplication.topLevelWidgets(), *roots]),
        len(QApplication.allWidgets()),
        len(QApplication.topLevelWidgets()),
        threading.active_count(),
        sum(1 for _ in Path("/proc/self/fd").iterdir()),
    )


def resident_mb() -> float:
    """What the process has in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def slope(tallies: Sequence[Tally], per: int) -> float:
    """How much memory grows, in MB for so many steps or trajectories: the line that fits all tallies best."""
    middle = sum(one.at for one in tallies) / len(tallies)
    mean = sum(one.resident_mb for one in tallies) / len(tallies)
    over = sum((one.at - middle) * (one.resident_mb - mean) for one in tallies)
    return per * over / sum((one.at - middle) ** 2 for one in tallies)


def _objects(roots: Sequence[QObject]) -> int:
    found = [each for root in roots for each in (root, *root.findChildren(QObject))]
    return len({getCppPointer(each)[0] for each in found})
