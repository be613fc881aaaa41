"""What replaying costs beside the application: per step, and from the command to the first action.

The steps are clicks of which nothing visible is expected, so that no time of the application is in them. The baseline
clicks the same buttons with `pyautogui.locateOnScreen` and `click`, and verifies nothing. The first run is not counted:
it writes down Python's bytecode, which an installed program has.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2

from workbench.actions import Click
from workbench.desktop.opening import open_desktop
from workbench.desktop.private import PrivateDesktop
from workbench.library.store import Library
from workbench.locate.witness import build_target
from workbench.trajectory import Observation, Outcome, Step, Trajectory

SIZE = (1920, 1080)
BUTTONS = "123456789+-*/"
RUNS = 3

BASELINE = """
import glob, json, sys, time
import pyautogui
pyautogui.PAUSE = 0
took = []
for path in sorted(glob.glob(sys.argv[1] + "/*.png")):
    start = time.perf_counter()
    try:
        place = pyautogui.locateOnScreen(path, grayscale=True, confidence=0.95)
    except pyautogui.ImageNotFoundException:
        continue  # a button that has the focus looks different
    pyautogui.click(*pyautogui.center(place))
    took.append((time.perf_counter() - start) * 1000)
print(json.dumps(took))
"""


def measure() -> list[dict[str, Any]]:
    """The figures; starts and ends a private desktop of its own."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as name, PrivateDesktop.start(SIZE) as desktop:
        folder = Path(name)
        desktop.launch("galculator")
        _recorded(folder, desktop)
        runs = [_replayed(folder, desktop) for _ in range(1 + RUNS)][1:]
        baseline = _baseline(folder, desktop)
    steps = [step["elapsed_ms"] for document, _ in runs for step in document["steps"][1:]]
    first = [first_s for _, first_s in runs]
    return [
        _figure("a step beyond the application's own time, median", statistics.median(steps), "ms", "<= 50", baseline),
        _figure("the same, slowest of all", max(steps), "ms", None, None),
        _figure("from the command to the first action, median", statistics.median(first), "s", "<= 0.6", None),
    ]


def _recorded(folder: Path, private: PrivateDesktop) -> None:
    """A trajectory of clicks on real buttons, and their pictures for the baseline."""
    os.environ.update(private.environment())
    desktop = open_desktop(private.display)
    with Library.open(folder / "library") as library:
        assert desktop.accessibility
        steps = []
        for number, name in enumerate(BUTTONS, 1):
            window, frame = desktop.windows.active(), desktop.screens.grab()
            found = desktop.accessibility.find(app="galculator", name=name)[0]
            frame_id = library.frames.put(frame.pixels, origin=frame.origin)
            target = build_target(
                point=found.bounds.centre, frame=frame, frame_id=frame_id, window=window, element=found
            )
            seen = Observation(frame=frame_id, window=window)
            steps.append(Step(f"s{number}", Click(), seen, target, outcome=Outcome(window=window)))
            cv2.imwrite(str(folder / f"{number:02}.png"), frame.crop(found.bounds)[..., :3])
        library.save(Trajectory(library.new_id(), "clicks", tuple(steps)))
    desktop.close()


def _replayed(folder: Path, private: PrivateDesktop) -> tuple[dict[str, Any], float]:
    words = ["replay", "clicks", "--json", "--library", str(folder / "library")]
    environment = {**private.environment(), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start_s = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli.main", *words], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"the replay that is measured failed: {done.stderr.strip().splitlines()[-1]}")
    document = json.loads(done.stdout)
    with Library.open(folder / "library") as library:
        started, _, located = library.run_events(document["run"])[:3]
    return document, started.epoch_s + located.at_ms / 1000 - start_s  # type: ignore[union-attr]  # a run begins so


def _baseline(folder: Path, private: PrivateDesktop) -> float:
    done = subprocess.run(
        [sys.executable, "-c", BASELINE, str(folder)], env=private.environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"the baseline failed: {done.stderr.strip().splitlines()[-1]}")
    return statistics.median(json.loads(done.stdout))


def _figure(name: str, value: float, unit: str, goal: str | None, baseline: float | None) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "baseline": baseline}
