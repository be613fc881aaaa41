"""How fluid the trajectory room is: stepping through 500 steps. Opening many is in `window_opening`."""

import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from workbench.actions import Click
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import CropWitness, Element, Observation, Outcome, Step, Target, Trajectory, Window

STEPS, FRAMES = 500, 40
WINDOW = Window("notes", "Notes", Rect(0, 0, 1920, 1080))


def measure() -> list[dict]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["benchmark"])
    with tempfile.TemporaryDirectory() as folder:
        return _measured(application, Path(folder), _library(Path(folder)))


def _measured(application, folder: Path, long: str) -> list[dict]:
    from ui.qt.core import Core
    from ui.qt.theme.dressing import Dress
    from ui.qt.trajectory.room import TrajectoryRoom

    core = Core(Dress(application, "light"), folder)
    room = TrajectoryRoom(core)
    room.resize(1240, 800)
    room.show()
    _open(application, core, room, long)
    stepping = [_cpu_ms(lambda n=n: _step(application, room, n)) for n in range(2, STEPS + 1)]
    core.close()
    return [
        _row(f"step and paint, median of {STEPS}", statistics.median(stepping), "ms CPU", "<= 16"),
        _row("step and paint, 95 of 100 are below", statistics.quantiles(stepping, n=20)[-1], "ms CPU", "<= 16"),
        _row("largest resident", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", None),
    ]


def _step(application, room, number: int) -> None:
    room.go(number)
    application.processEvents()


def _open(application, core, room, identifier: str) -> None:
    room.open(identifier, 1)
    while room.edited.trajectory is None or room.edited.trajectory.id != identifier or core.tasks._running:
        application.processEvents()
        time.sleep(0.001)


def _library(folder: Path) -> str:
    with Library.open(folder) as library:
        frames = [library.frames.put(_picture(n), origin=Point(0, 0)) for n in range(FRAMES)]
        return library.save(_trajectory(library.new_id(), frames, STEPS)).id


def _trajectory(identifier: str, frames: list[str], count: int) -> Trajectory:
    steps = []
    for number in range(count):
        frame, box = frames[number % FRAMES], Rect(100 + number, 200, 90, 30)
        element = Element("notes", "Notes", "push button", f"Button {number}", box)
        target = Target(Point(140 + number, 215), WINDOW, element, CropWitness(frame, box))
        seen = Observation(monotonic_ns=(number + 1) * 10**9, frame=frame, window=WINDOW)
        outcome = Outcome(frame=frames[(number + 1) % FRAMES], changed=(box,))
        steps.append(Step(f"s{number}", Click(), seen, target, outcome=outcome))
    return Trajectory(identifier, f"Sample {identifier}", tuple(steps))


def _picture(number: int) -> np.ndarray:
    pixels = np.full((1080, 1920, 4), 235, np.uint8)
    pixels[200:230, 100 : 190 + 20 * number] = (90, 120, 30 + number, 255)
    pixels[300:900:26, 60 : 900 + 7 * number] = 30
    return pixels


def _cpu_ms(work) -> float:
    """What the painting thread itself spends: reading goes on beside it."""
    before = time.thread_time()
    work()
    return (time.thread_time() - before) * 1000


def _row(name: str, value: float, unit: str, goal: str | None) -> dict:
    return {"name": name, "value": round(value, 2), "unit": unit, "goal": goal, "baseline": None}
