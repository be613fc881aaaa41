"""How long the window takes from a keystroke to painted results over 100 000 steps, and what scrolling costs."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from library import STEPS, TRAJECTORIES, _trajectory
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView

from ui.qt.core import Core
from ui.qt.library.room import LibraryRoom
from ui.qt.theme.dressing import Dress
from workbench.library.store import Library

TYPED = ("invoice", "save file", "button 12", "word17 wo", "calc", *"scbw1t")
"""Beginnings that many steps have, two words that are both in many, and single letters, which find most of all."""

SIGN = "="
"""Has no letter to look up in the index: every step is looked at."""

SCROLLS = 120
FAR_TOO_LONG_MS = 20_000


def measure() -> list[dict]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication.instance() or QApplication(["workbench"])
    with tempfile.TemporaryDirectory() as folder, _room(application, Path(folder)) as room:
        keys = [spent for words in TYPED for spent in _typed(room, words)]
        sign = min(_typed(room, SIGN) for _ in range(3))[0]
        _typed(room, "w")
        found_ms = _scrolled(room.results)
        _clear(room)
        list_ms = _scrolled(room.trajectories)
    walls_ms, work_ms = [one.wall_ms for one in keys], [one.work_ms for one in keys]
    steps = f"{TRAJECTORIES * STEPS} steps"
    return [
        _row(f"keystroke to painted results, {steps}, median", statistics.median(walls_ms), "<= 50"),
        _row(f"keystroke to painted results, {steps}, worst of {len(keys)}", max(walls_ms), "<= 50"),
        _row("processor time of a keystroke, all threads, median", statistics.median(work_ms), None),
        _row("processor time of a keystroke, all threads, worst", max(work_ms), None),
        _row(f"keystroke “{SIGN}”, which no index knows, best of 3", sign.wall_ms, "<= 50"),
        _row("scroll the results, worst frame of the painting thread", max(found_ms), "<= 16"),
        _row("scroll the list, median frame of the painting thread", statistics.median(list_ms), "<= 16"),
        _row("scroll the list, worst frame of the painting thread", max(list_ms), "<= 16"),
        {**_row("programs that wanted a processor meanwhile (load)", os.getloadavg()[0], None), "unit": ""},
    ]


@dataclass(frozen=True, order=True)
class Keystroke:
    """How long it took until its results were painted, and how much work that was."""

    wall_ms: float
    work_ms: float


@contextmanager
def _room(application: QApplication, folder: Path) -> Iterator[LibraryRoom]:
    with Library.open(folder) as library:
        for number in range(TRAJECTORIES):
            library.save(_trajectory(number))
    core = Core(Dress(application, "light"), folder)
    room = LibraryRoom(core)
    room.resize(1240, 800)
    room.show()
    room.entered()
    _until(room.listed)
    try:
        yield room
    finally:
        core.close()


class _Painted(QObject):
    """Ends a loop with the first painting after the answer has come."""

    def __init__(self, room: LibraryRoom, loop: QEventLoop) -> None:
        super().__init__()
        self._room, self._loop, self._answered = room, loop, False
        room.searched.connect(self._answer)
        for view in (room.results, room.trajectories):
            view.viewport().installEventFilter(self)
        room.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt says how it is called
        if self._answered and event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._loop.quit)
        return False

    def _answer(self, words: str) -> None:
        self._answered = words == self._room.shelf.field.text().strip()
        self._room.update()


def _typed(room: LibraryRoom, words: str) -> list[Keystroke]:
    """What it takes until the results of each letter are seen."""
    _clear(room)
    found = []
    for letter in words:
        loop = QEventLoop()
        painted = _Painted(room, loop)
        wall, work = time.perf_counter(), time.process_time()
        QTest.keyClicks(room.shelf.field, letter)
        if letter != " ":
            QTimer.singleShot(FAR_TOO_LONG_MS, loop.quit)
            loop.exec()
            found.append(Keystroke((time.perf_counter() - wall) * 1000, (time.process_time() - work) * 1000))
        painted.deleteLater()
    return found


def _clear(room: LibraryRoom) -> None:
    """An empty field and the whole list; the answer to nothing comes at once."""
    room.shelf.field.clear()
    QApplication.processEvents()


def _scrolled(view: QListView) -> list[float]:
    """The milliseconds of the painting thread that each step of the scroll bar costs."""
    found = []
    bar = view.verticalScrollBar()
    for number in range(SCROLLS):
        bar.setValue(number * bar.maximum() // SCROLLS)
        begun = time.thread_time()
        view.viewport().repaint()
        found.append((time.thread_time() - begun) * 1000)
    return found


def _until(signal) -> None:
    loop = QEventLoop()
    signal.connect(loop.quit)
    QTimer.singleShot(FAR_TOO_LONG_MS, loop.quit)
    loop.exec()


def _row(name: str, value: float, goal: str | None) -> dict:
    return {"name": name, "value": round(value, 2), "unit": "ms", "goal": goal, "baseline": None}
