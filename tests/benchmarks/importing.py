"""What it costs to import long recordings: a folder of PNGs as OSWorld keeps it, and a DuckTrack one with its video.

Both are made in a temporary folder, one hundred times as long as a short one of the same kind, and taken through the
order that the command line and the window use. The baseline reads every byte and decodes every picture, no more; what
decodes a video decodes all of its frames. Every import runs in a process of its own, whose memory is the figure.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

MB = 1_000_000
LONG_MB = int(os.environ.get("WORKBENCH_IMPORTING_MB", "1000"))
SHORT_MB = max(LONG_MB // 100, 2)
SIZE = (1920, 1080)
PASSING = """
import json, sys, time
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
import importing
begun = time.perf_counter()
told = getattr(importing, sys.argv[3])(Path(sys.argv[4]), Path(sys.argv[5]))
seconds = time.perf_counter() - begun
status = Path("/proc/self/status").read_text()  # ru_maxrss would be that of the process before exec
peak = int(status.split("VmHWM:")[1].split()[0]) / 1000
print(json.dumps({"seconds": seconds, "peak_mb": peak, "told": told}))
"""


def measure() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        return [
            *_compared("folder of PNGs", home / "png", _folder_of_pictures),
            *_compared("video of a desktop", home / "film", _film),
        ]


def _compared(name: str, home: Path, make: Callable[[Path, int], int]) -> Iterator[dict]:
    short, long = home / "short", home / "long"
    make(short, SHORT_MB * MB)
    steps = make(long, LONG_MB * MB)
    size_mb = sum(file.stat().st_size for file in long.iterdir()) / MB
    plain = _passing("plain", long, home)
    small = _passing("take", short, home / "library of the short one")
    taken = _passing("take", long, home / "library")
    if taken["told"]["steps"] != steps:
        raise ValueError(f"{taken['told']['steps']} steps arrived instead of {steps}")
    rate, plain_rate = size_mb / taken["seconds"], size_mb / plain["seconds"]
    what = f"{name}, {size_mb:.0f} MB, {steps} steps"
    yield _row(what, rate, "MB/s", None, f"{plain_rate:.3g} MB/s reading and decoding all pictures")
    yield _row(f"{name}: most memory", taken["peak_mb"], "MB", f"<= {1.2 * small['peak_mb']:.0f}",
               f"{small['peak_mb']:.0f} MB for {SHORT_MB} MB; {plain['peak_mb']:.0f} MB plain")  # fmt: skip
    yield _row(f"{name}: times that progress was told", taken["told"]["times"], "", ">= 100", None)


def _passing(what: str, source: Path, library: Path) -> dict:
    here = Path(__file__)
    command = [sys.executable, "-c", PASSING, str(here.parent), str(here.parents[2]), what, str(source), str(library)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def take(source: Path, library: Path) -> dict:
    """Import the source into a new library, as a face orders it."""
    from ui.orders import importing
    from workbench.library.importing.taking import Taken
    from workbench.library.store import Library

    told: list[int] = []
    with Library.open(library) as opened:
        (one,) = importing.take(
            opened, [importing.recognise(source)], told=lambda done, of: told.append(100_000 * done // max(of, 1))
        )
    if not isinstance(one, Taken):
        raise one.why
    return {"steps": len(one.trajectory.steps), "times": len(set(told))}


def plain(source: Path, _: Path) -> dict:
    """Read every byte of the source and decode every picture of it."""
    pictures = 0
    for file in sorted(source.iterdir()):
        if file.suffix == ".mp4":
            film = cv2.VideoCapture(str(file))
            while film.read()[0]:
                pictures += 1
        elif (data := file.read_bytes()) and file.suffix == ".png":
            cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            pictures += 1
    return {"pictures": pictures}


def _desktops() -> Iterator[np.ndarray]:
    """Pictures of a desktop with a photo behind, on which a window moves with a film in it and lines that change."""
    generator = np.random.default_rng(1)
    coarse = np.repeat(np.repeat(generator.normal(110, 30, (68, 120, 3)), 16, 0), 16, 1)[:1080]
    wallpaper = np.clip(coarse + generator.normal(0, 6, coarse.shape), 0, 255).astype(np.uint8)
    films = generator.integers(0, 255, (8, 300, 800, 3), dtype=np.uint8)
    inks = [np.where(generator.random((9, 400, 1)) < 0.3, 30, 245).astype(np.uint8) for _ in range(50)]
    number = 0
    while True:
        seen = wallpaper.copy()
        left, top = 100 + 7 * number % 900, 50 + 3 * number % 300
        seen[top : top + 600, left : left + 800] = 245
        for line in range(top + 20, top + 280, 16):
            seen[line : line + 9, left + 20 : left + 420] = inks[(line + number) % len(inks)]
        seen[top + 300 : top + 600, left : left + 800] = films[number % len(films)]
        yield seen
        number += 1


def _folder_of_pictures(folder: Path, most: int) -> int:
    """A run in OSWorld's layout; returns its steps."""
    folder.mkdir(parents=True)
    lines: list[str] = []
    written = 0
    for number, seen in enumerate(_desktops(), 1):
        data = cv2.imencode(".png", seen)[1].tobytes()
        (folder / f"step_{number}.png").write_bytes(data)
        written += len(data)
        action = f"pyautogui.click({100 + number % 1000}, 200)"
        stamp = time.strftime("%Y%m%d@%H%M%S000000", time.gmtime(1_700_000_000 + number))
        lines.append(json.dumps({"step_num": number, "action_timestamp": stamp, "action": action, "done": False,
                                 "screenshot_file": f"step_{number}.png"}))  # fmt: skip
        if written >= most:
            break
    (folder / "traj.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "result.txt").write_text("1.0\n")
    return len(lines)


def _film(folder: Path, most: int) -> int:
    """A recording in DuckTrack's layout, a click each second, until its video is that long; returns its clicks."""
    folder.mkdir(parents=True)
    path = folder / "take.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, SIZE)
    frames = 0
    for seen in _desktops():
        writer.write(seen)
        frames += 1
        if frames % 50 == 0 and path.stat().st_size >= most:
            break
    writer.release()
    clicks = frames // 10 - 1
    events = [
        {"time_stamp": 1000.0 + number + late, "action": "click", "x": 300 + number % 700, "y": 250, "button": "left",
         "pressed": pressed}
        for number in range(1, clicks + 1) for late, pressed in ((0.5, True), (0.55, False))
    ]  # fmt: skip
    told = {"system": "Linux", "screen_width": SIZE[0], "screen_height": SIZE[1], "scroll_direction": 1,
            "start_time": "2024-03-01 10:00:00", "stop_time": "2024-03-01 12:00:00",
            "video_start_timestamp": 1000.0}  # fmt: skip
    (folder / "metadata.json").write_text(json.dumps(told))
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    return clicks


def _row(name: str, value: float, unit: str, goal: str | None, baseline: str | None) -> dict:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "baseline": baseline}
