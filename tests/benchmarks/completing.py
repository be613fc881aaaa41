"""How long completing a recording takes by rules: 500 steps with a picture of 1920 × 1080 between each two.

The pictures are made up: windows with rows of text on a desktop, of which each step changes a line.
"""

import tempfile
import time
from pathlib import Path

import numpy as np

from agents.completion.completing import complete
from workbench.actions import Action, Click, TypeText
from workbench.desktop.ports import Pixels
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.report.words import describe
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Window

STEPS = 500
STEPS_IN_A_WINDOW = 20
CONTROLS = (("push button", "Save"), ("text", "Name"), ("menu item", "Open"), ("check box", "Wrap"))


def measure() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        with Library.open(Path(folder)) as library:
            name = library.save(_recording(library)).id
        with Library.open(Path(folder)) as library:  # none of the pictures are at hand
            begun = time.perf_counter()
            done = complete(library, name)
            spent_s = time.perf_counter() - begun
    chapters = f"{done.thoughts} thoughts, {done.chapters} chapters"
    return [_row(f"completing {STEPS} steps by rules", spent_s, "s", "<= 60", chapters)]


def _recording(library: Library) -> Trajectory:
    generator = np.random.default_rng(1)
    screens = [_screen(generator) for _ in range(8)]
    frames = []
    for number in range(STEPS + 1):
        pixels = screens[number // STEPS_IN_A_WINDOW % len(screens)]
        top = 40 + number * 12 % 1000
        pixels[top : top + 10, 200 : 200 + 700] = generator.integers(0, 2, (10, 700, 1)) * 255
        frames.append(library.frames.put(pixels, origin=Point(0, 0)))
    steps = tuple(_step(number, frames[number], frames[number + 1]) for number in range(STEPS))
    return Trajectory(library.new_id(), "A long recording", steps)


def _screen(generator: np.random.Generator) -> Pixels:
    pixels = np.full((1080, 1920, 4), 60, np.uint8)
    for _ in range(3):
        top, left = generator.integers(0, 500), generator.integers(0, 900)
        pixels[top : top + 560, left : left + 1000] = generator.integers(120, 256)
        for row in range(top + 40, top + 540, 20):
            pixels[row : row + 10, left + 20 : left + 600] = generator.integers(0, 2, (10, 580, 1)) * 255
    return pixels


def _step(number: int, before: str, after: str) -> Step:
    window = Window(f"app{number // 60 % 3}", f"Document {number // STEPS_IN_A_WINDOW % 8}", Rect(0, 0, 1920, 1080))
    role, name = CONTROLS[number % len(CONTROLS)]
    element = Element(window.app, window.title, role, f"{name} {number % 9}", Rect(80, 80, 60, 30))
    action: Action = TypeText(f"value {number}") if role == "text" else Click()
    target = Target(Point(100, 100), window, element)
    seen, outcome = Observation(frame=before, window=window), Outcome(frame=after, window=window)
    words = describe(Step("", action, seen, target, None, outcome))
    return Step(f"s{number}", action, seen, target, None, outcome, words)


def _row(name: str, value: float, unit: str, goal: str | None, baseline: str | None) -> dict:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "baseline": baseline}
