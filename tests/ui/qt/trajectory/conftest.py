"""A trajectory with real pictures in a real library."""

import numpy as np
import pytest

from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.library.store import Library
from workbench.trajectory import (
    CropWitness,
    Element,
    Observation,
    Outcome,
    PathNode,
    Step,
    Target,
    TextWitness,
    Trajectory,
    Window,
)

WINDOW = Window("notes", "Letter to Ada - Notes", Rect(20, 20, 560, 340))
BOX = Rect(100, 80, 120, 30)


def picture(shade: int, width: int = 640, height: int = 400) -> np.ndarray:
    """A desktop of one shade with a window, a button and, beside it, another."""
    pixels = np.full((height, width, 4), 40, np.uint8)
    pixels[20:360, 20:580] = 235
    for left in (100, 300):
        pixels[80:110, left : left + 120] = (shade, 160, 90, 255)
        pixels[92:98, left + 20 : left + 20 + left // 3] = 20
    return pixels


def button(left: int, name: str) -> Element:
    path = (PathNode("frame", "Letter to Ada - Notes"), PathNode("panel"))
    return Element("notes", WINDOW.title, "push button", name, Rect(left, 80, 120, 30), path=path)


def made(library: Library, count: int = 4) -> Trajectory:
    """Saved: clicks on “Save” with pictures before and after, every second step typing."""
    frames = [library.frames.put(picture(20 + 10 * (n % 12)), origin=Point(0, 0)) for n in range(min(count, 12) + 1)]
    steps = []
    for n in range(count):
        before, after = frames[n % (len(frames) - 1)], frames[n % (len(frames) - 1) + 1]
        seen = Observation(monotonic_ns=(n + 1) * 10**9, frame=before, window=WINDOW)
        target = Target(
            Point(160, 95), WINDOW, button(100, "Save"), CropWitness(before, BOX), TextWitness("Save", BOX.grown(-8))
        )
        outcome = Outcome(frame=after, changed=(Rect(300, 80, 120, 30),))
        if n % 2:
            steps.append(Step(f"s{n}", TypeText(text=f"text {n}"), seen, outcome=outcome, thought="because"))
        else:
            steps.append(Step(f"s{n}", Click(), seen, target=target, outcome=outcome))
    return library.save(Trajectory(library.new_id(), "Write a letter", tuple(steps), task="Write to Ada"))


@pytest.fixture
def trajectory(core):
    with Library.open(core.library_folder) as library:
        return made(library)


@pytest.fixture
def room(core, shown, until, trajectory):
    from ui.qt.trajectory.room import TrajectoryRoom

    room = shown(TrajectoryRoom(core), 1240, 760)
    room.open(trajectory.id, 1)
    until(lambda: room.number == 1 and room.edited.history)
    return room


def keys(*texts: str) -> list[InputEvent]:
    """A key pressed and released for each."""
    return [
        InputEvent(2 * n + way, (2 * n + way) * 10**6, kind, keysym=text, text=text)
        for n, text in enumerate(texts)
        for way, kind in ((1, "key_down"), (2, "key_up"))
    ]
