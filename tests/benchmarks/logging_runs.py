"""What the log of a run costs: per step, with everything on the disk before the hands move.

The steps are as large as those of an agent on a form; the baseline appends the same JSON to a file and syncs it.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from workbench.actions import Click
from workbench.events import (
    Event,
    MemoryChanged,
    RunStarted,
    StepActing,
    StepEnded,
    StepKept,
    StepLocated,
    StepProposed,
)
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.locate.verdict import Verdict, Vote
from workbench.trajectory import Element, Observation, Outcome, PathNode, Step, Target, Trajectory, Window

STEPS = 500


def measure() -> list[dict[str, Any]]:
    """The figures; uses a library of its own."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as name:
        folder = Path(name)
        took, finish_ms = _logged(folder / "library")
        baseline = _appended(folder / "plain")
    last = took[-STEPS // 10 :]
    return [
        _figure("logging a step of a run, median", statistics.median(took), "<= 3", round(baseline, 2)),
        _figure("the same, 99th percentile", statistics.quantiles(took, n=100)[98], None, None),
        _figure("the same after 450 steps, median", statistics.median(last), "<= 3", None),
        _figure(f"the trajectory of {STEPS} steps at the end of its run", finish_ms, None, None),
    ]


def _logged(folder: Path) -> tuple[list[float], float]:
    becomes = Trajectory("t1", "Fill a form", source="agent")
    with Library.open(folder) as library:
        log = library.begin_run(RunStarted(run="r1", trajectory="t1", title="Fill a form", becomes=becomes))
        took = []
        for index in range(1, STEPS + 1):
            events = _step(index)
            start_s = time.perf_counter()
            for event in events:
                log.append(event)
            took.append((time.perf_counter() - start_s) * 1000)
        start_s = time.perf_counter()
        log.finish()
    return took, (time.perf_counter() - start_s) * 1000


def _appended(path: Path) -> float:
    took = []
    with path.open("ab", buffering=0) as file:
        for index in range(1, STEPS + 1):
            start_s = time.perf_counter()
            for event in _step(index):
                file.write(msgspec.json.encode(event) + b"\n")
                if isinstance(event, StepActing | StepEnded):
                    os.fsync(file.fileno())
            took.append((time.perf_counter() - start_s) * 1000)
    return statistics.median(took)


def _step(index: int) -> list[Event]:
    path = tuple(PathNode("panel", f"part {number}", number) for number in range(8))
    element = Element("form", "Form", "push button", f"Button {index}", Rect(10, 10, 80, 24), path)
    window = Window("form", "Form", Rect(0, 0, 1280, 800))
    frame = f"{index:032x}"
    step = Step(
        f"s{index}",
        Click(),
        Observation(index, 1.0, frame, window, focused=element),
        Target(Point(50, 22), window, element),
        outcome=Outcome(frame, window, element),
        thought="the next button of the form has to be pressed",
    )
    votes = tuple(Vote("element", "found", region=element.bounds, confidence=0.9) for _ in range(3))
    return [
        MemoryChanged(change={"kind": "remember", "words": f"pressed button {index}"}),
        StepProposed(index=index, step=step, frame=frame),
        StepLocated(index=index, verdict=Verdict(Point(50, 22), ("element",), 0.9, votes), frame=frame),
        StepActing(index=index, step=step, frame=frame),
        StepKept(index=index, step=step, status="done"),
        StepEnded(index=index, status="done", verified=True, frame=frame),
    ]


def _figure(name: str, value: float, goal: str | None, baseline: float | None) -> dict[str, Any]:
    return {"name": name, "value": round(value, 2), "unit": "ms", "goal": goal, "baseline": baseline}
