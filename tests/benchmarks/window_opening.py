"""Whether memory stays flat over 1 000 opened trajectories: a hundred of mixed sizes in turns, with real pictures."""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from _tally import Tally, slope, taken

from workbench.actions import Click
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import CropWitness, Element, Observation, Outcome, Step, Target, Trajectory, Window

OPENED, TRAJECTORIES, EVERY, SETTLED = 1000, 100, 100, 300
"""After `SETTLED` trajectories everything that is kept on purpose is there: 256 MB of pictures above all."""

SIZES = ((1280, 720), (1366, 768), (1920, 1080), (2560, 1440))
FRAMES_OF_EACH = 15
LENGTHS = (3, 8, 15, 40, 120, 400)
LOOKED_AT = 3
"""Steps that are stepped through in each, so that their pictures are read."""


def measure() -> list[dict]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["benchmark"])
    with tempfile.TemporaryDirectory() as folder:
        names = _library(Path(folder))
        begun = time.perf_counter()
        tallies = list(_tallies(application, Path(folder), names))
        spent_s = time.perf_counter() - begun
    return _figures(tallies, spent_s)


def _figures(tallies: list[Tally], spent_s: float) -> list[dict]:
    settled = [one for one in tallies if one.at >= SETTLED]
    highest = max(one.resident_mb for one in settled) - settled[0].resident_mb
    grown = [last - first for first, last in zip(settled[0].counts, settled[-1].counts, strict=True)]
    counted = zip(("objects of Qt", "widgets", "windows", "threads", "open files"), grown, strict=True)
    return [
        *[_row(f"resident after {one.at} of {TRAJECTORIES} in turns", one.resident_mb, "MB", None) for one in tallies],
        _row(f"growth for 100 opened, from {SETTLED} to {OPENED}", slope(settled, 100), "MB", "<= 1"),
        _row(f"highest above the one at {SETTLED}", highest, "MB", None),
        *[_row(f"more {what} at the end than at {SETTLED}", more, "", "<= 0") for what, more in counted],
        _row("one opened and looked at, mean", spent_s * 1000 / OPENED, "ms", None),
    ]


def _tallies(application, folder: Path, names: list[str]) -> Iterator[Tally]:
    from ui.qt.core import Core
    from ui.qt.theme.dressing import Dress
    from ui.qt.trajectory.room import TrajectoryRoom

    core = Core(Dress(application, "light"), folder)
    room = TrajectoryRoom(core)
    room.resize(1240, 800)
    room.show()
    for number in range(1, OPENED + 1):
        _open(application, core, room, names[number % len(names)])
        if number % EVERY == 0:
            yield taken(number, [application, core])
    core.close()


def _open(application, core, room, identifier: str) -> None:
    room.open(identifier, 1)
    _settle(application, core, lambda: room.edited.trajectory is not None and room.edited.trajectory.id == identifier)
    for step in range(2, 2 + LOOKED_AT):
        room.go(step)
        _settle(application, core, lambda: True)


def _settle(application, core, done) -> None:
    """Until it is done and nothing goes on in the background any more."""
    application.processEvents()
    while not done() or core.tasks._running:
        application.processEvents()
        time.sleep(0.001)


def _library(folder: Path) -> list[str]:
    chance = random.Random(1)
    with Library.open(folder) as library:
        frames = [[_put(library, size, n) for n in range(FRAMES_OF_EACH)] for size in SIZES]
        lengths = [LENGTHS[n % len(LENGTHS)] for n in range(TRAJECTORIES)]
        return [library.save(_trajectory(library.new_id(), chance.choice(frames), count)).id for count in lengths]


def _put(library: Library, size: tuple[int, int], number: int) -> str:
    width, height = size
    pixels = np.full((height, width, 4), 235, np.uint8)
    pixels[200:230, 100 : 190 + 20 * number] = (90, 120, 30 + number, 255)
    pixels[300 : height - 100 : 26, 60 : 900 + 7 * number] = 30
    return library.frames.put(pixels, origin=Point(0, 0))


def _trajectory(identifier: str, frames: list[str], count: int) -> Trajectory:
    window = Window("notes", "Notes", Rect(0, 0, 1280, 720))
    steps = []
    for number in range(count):
        frame, box = frames[number % len(frames)], Rect(100 + number, 200, 90, 30)
        element = Element("notes", "Notes", "push button", f"Button {number}", box)
        target = Target(Point(140 + number, 215), window, element, CropWitness(frame, box))
        seen = Observation(monotonic_ns=(number + 1) * 10**9, frame=frame, window=window)
        outcome = Outcome(frame=frames[(number + 1) % len(frames)], changed=(box,))
        steps.append(Step(f"s{number}", Click(), seen, target, outcome=outcome))
    return Trajectory(identifier, f"Sample {identifier}", tuple(steps))


def _row(name: str, value: float, unit: str, goal: str | None) -> dict:
    return {"name": name, "value": round(value, 2), "unit": unit, "goal": goal, "baseline": None}
