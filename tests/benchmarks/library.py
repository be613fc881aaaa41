"""How fast the library searches 100 000 steps, and what a picture costs, beside a LIKE scan and a PNG per picture."""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import mss.tools
import numpy as np

from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.library.frames import FrameStore
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

TRAJECTORIES, STEPS = 200, 500
QUESTIONS = ("invoice", "save file", "word17 word3", "click", "calculator cli", "c", "absent", "button 123", "ä")
LIKE = (
    "SELECT id FROM passages WHERE window LIKE ?1 OR element LIKE ?1 OR typed LIKE ?1 OR description LIKE ?1 LIMIT 50"
)
FRAMES = 30


def measure() -> list[dict]:
    return [*_searching(), *_pictures("flat desktop", _flat()), *_pictures("photo wallpaper", _photo())]


def _searching() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        saving_ms = statistics.median(_timed_ms(lambda n=n: library.save(_trajectory(n))) for n in range(TRAJECTORIES))
        asked_ms = [min(_timed_ms(lambda q=q: library.search(q)) for _ in range(5)) for q in QUESTIONS]
        db = sqlite3.connect(library.path / "library.db")
        scan_ms = min(_timed_ms(lambda: db.execute(LIKE, ["%invoice%"]).fetchall()) for _ in range(5))
        db.close()
    steps = f"{TRAJECTORIES * STEPS} steps"
    return [
        _row(
            f"search of {steps}, median question", statistics.median(asked_ms), "ms", "<= 5", f"{scan_ms:.0f} ms LIKE"
        ),
        _row(f"search of {steps}, worst question", max(asked_ms), "ms", "<= 5", f"{scan_ms:.0f} ms LIKE"),
        _row(f"save a trajectory of {STEPS} steps", saving_ms, "ms", None, None),
    ]


def _pictures(name: str, desktop: np.ndarray) -> list[dict]:
    """A picture that changes a little 30 times: cost of the first, of the later ones, of loading; PNG beside it."""
    pictures = list(_changing(desktop))
    with tempfile.TemporaryDirectory() as folder:
        store = FrameStore(Path(folder), cache_bytes=0)
        origin, found = Point(0, 0), []
        put_ms = [_cpu_ms(lambda p=p: found.append(store.put(p, origin=origin))) for p in pictures]
        load_ms = statistics.median(_cpu_ms(lambda f=f: store.load(f)) for f in found[:10])
        stored_kb = store.size_bytes() / FRAMES / 1000
    png: list[bytes] = []
    png_ms = statistics.median(_cpu_ms(lambda p=p: png.append(_png(p))) for p in pictures[:4])
    png_kb = statistics.mean(map(len, png)) / 1000
    return [
        _row(f"{name}: first picture", put_ms[0], "ms", None, f"{png_ms:.0f} ms PNG"),
        _row(
            f"{name}: later pictures",
            statistics.median(put_ms[1:]),
            "ms",
            f"<= {png_ms / 4:.3g}",
            f"{png_ms:.0f} ms PNG",
        ),
        _row(f"{name}: size of a picture", stored_kb, "KB", f"<= {png_kb / 4:.4g}", f"{png_kb:.0f} KB PNG"),
        _row(f"{name}: load a picture", load_ms, "ms", None, None),
    ]


def _trajectory(number: int) -> Trajectory:
    chance = random.Random(number)

    def step(index: int) -> Step:
        window = Window("galculator", f"Calculator word{chance.randrange(5000)}", Rect(0, 0, 9, 9))
        element = Element(
            "galculator", window.title, "push button", f"Button {chance.randrange(500)}", Rect(0, 0, 9, 9)
        )
        words = " ".join(f"word{int(5000 * chance.random() ** 2)}" for _ in range(6))
        action = TypeText(f"{words} invoice" if chance.random() < 0.001 else words) if index % 3 == 0 else Click()
        seen = Observation(index, window=window)
        return Step(f"s{index}", action, seen, Target(Point(1, 1), window, element), description=f"Click {words}")

    return Trajectory(
        f"t{number}", f"Trajectory {number}", tuple(step(index) for index in range(STEPS)), task="save file"
    )


def _flat() -> np.ndarray:
    generator = np.random.default_rng(1)
    pixels = np.full((1080, 1920, 4), (60, 50, 40, 255), dtype=np.uint8)
    for left, top in ((80, 60), (700, 120), (1100, 500)):
        pixels[top : top + 500, left : left + 640, :3] = 245
        for line in range(top + 30, top + 460, 16):
            ink = generator.random((9, 400, 1)) < 0.3
            pixels[line : line + 9, left + 20 : left + 420, :3] = np.where(ink, 30, 245)
    return pixels


def _photo() -> np.ndarray:
    generator = np.random.default_rng(2)
    coarse = np.repeat(np.repeat(generator.normal(110, 30, (68, 120, 3)), 16, 0), 16, 1)[:1080]
    pixels = _flat()
    wallpaper = (pixels[..., :3] == (60, 50, 40)).all(-1)
    noisy = np.clip(coarse + generator.normal(0, 1.5, coarse.shape), 0, 255).astype(np.uint8)
    pixels[..., :3][wallpaper] = noisy[wallpaper]
    return pixels


def _changing(desktop: np.ndarray) -> "list[np.ndarray]":
    """As if a line were typed, letter by letter, into one window."""
    found = []
    for number in range(FRAMES):
        desktop = desktop.copy()
        desktop[300:312, 110 + number * 9 : 117 + number * 9, :3] = 20 + number
        found.append(desktop)
    return found


def _png(pixels: np.ndarray) -> bytes:
    rgb = np.ascontiguousarray(pixels[..., 2::-1])
    return mss.tools.to_png(rgb.tobytes(), (rgb.shape[1], rgb.shape[0])) or b""


def _timed_ms(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def _cpu_ms(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return (time.process_time() - begun) * 1000


def _row(name: str, value: float, unit: str, goal: str | None, baseline: str | None) -> dict:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "baseline": baseline}
