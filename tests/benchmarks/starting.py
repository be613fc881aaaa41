"""How long the command line takes to say what it can do, beside an interpreter that does nothing."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 15


def measure() -> list[dict]:
    program = [sys.executable, "-m", "ui.cli.main"]
    bare = _median_ms([sys.executable, "-c", "pass"])
    return [
        {
            "name": f"workbench-cli {' '.join(words)}",
            "value": _median_ms([*program, *words]),
            "unit": "ms",
            "goal": "<= 150",
            "baseline": f"{bare:.0f} ms for an empty interpreter",
        }
        for words in (["--help"], ["replay", "--help"])
    ]


def _median_ms(command: list[str]) -> float:
    return statistics.median(_once_ms(command) for _ in range(RUNS))


def _once_ms(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begun) * 1000
