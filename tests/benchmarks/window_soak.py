"""Whether the window grows over 10 000 steps of runs: what it holds every 1 000 steps, at the end of a run."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from _tally import Tally, slope

RUNS, STEPS = 50, 200
EVERY, SETTLED = 1000, 2000
"""By `SETTLED` steps the log has its 2 000 lines and the pictures their 256 MB."""

COUNTED = ("objects of Qt", "widgets", "windows", "threads", "open files")


def measure() -> list[dict]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    tallies = list(_tallies())
    settled = [one for one in tallies if one.at >= SETTLED]
    columns = zip(*(one.counts for one in settled), strict=True)
    most = zip(COUNTED, [max(column) - column[0] for column in columns], strict=True)
    return [
        *[figure for one in tallies for figure in _told(one)],
        _row(f"growth for 1000 steps, from {SETTLED} to {RUNS * STEPS}", slope(settled, 1000), "MB", "<= 1"),
        *[_row(f"most {what} above those at {SETTLED}", more, "", "<= 0") for what, more in most],
    ]


def _tallies() -> Iterator[Tally]:
    from _soak import soaking
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["benchmark"])
    with tempfile.TemporaryDirectory() as folder, soaking(application, Path(folder)) as soak:
        yield soak.tally()
        for _ in range(RUNS):
            soak.session(STEPS)
            if soak.told % EVERY == 0:
                yield soak.tally()


def _told(one: Tally) -> list[dict]:
    counts = ", ".join(f"{count} {what}" for count, what in zip(one.counts, COUNTED, strict=True))
    return [_row(f"resident after {one.at} steps ({counts})", one.resident_mb, "MB", None)]


def _row(name: str, value: float, unit: str, goal: str | None) -> dict:
    return {"name": name, "value": round(value, 2), "unit": unit, "goal": goal, "baseline": None}
