"""Recordings of a form that is filled in and saved, with pictures, in a real library."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from workbench.actions import Action, Click, PressKeys, TypeText
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.report.words import describe
from workbench.trajectory import Element, Observation, Outcome, PathNode, Step, Target, Trajectory, Window

SIZE = (400, 640)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def painted(scene: int, detail: int = 0) -> np.ndarray:
    """A screen: scenes differ as windows do, details as a few letters do."""
    height, width = SIZE
    pixels = np.full((height, width, 4), 40 + 30 * (scene % 6), np.uint8)
    pixels[40 : 80 + 40 * (scene % 7), 60 : 160 + 60 * (scene % 6)] = 235 - 25 * (scene % 5)
    pixels[-40:-34, 20 : 24 + 4 * (detail % 80)] = 10
    return pixels


def named(role: str, name: str, window: Window, *path: PathNode, **more: object) -> Target:
    """A control of the window as a target."""
    element = Element(window.app, window.title, role, name, Rect(90, 90, 60, 20), path=path, **more)
    return Target(Point(100, 100), window, element)


MAIN = Window("mousepad", "Letter - Mousepad", Rect(0, 0, 640, 400), handle=1)
SAVING = Window("mousepad", "Save As", Rect(100, 100, 400, 200), handle=2)
MENU, TOOLBAR = PathNode("menu", "File"), PathNode("tool bar")
NAME = named("text", "Name", SAVING)


@pytest.fixture
def build(library: Library) -> Callable[..., Trajectory]:
    """Save a recording of these deeds: an action, its target, and which scene was seen before and after it."""

    def made(
        deeds: Sequence[tuple[Action, Target | None, Window, int]], *, task: str = "", pictures: bool = True
    ) -> Trajectory:
        def seen(at: int) -> str | None:
            scene = deeds[min(at, len(deeds) - 1)][3]
            return library.frames.put(painted(scene, at), origin=Point(0, 0)) if pictures else None

        frames = [seen(at) for at in range(len(deeds) + 1)]
        windows = [deed[2] for deed in deeds]
        steps = []
        for at, (action, target, window, _) in enumerate(deeds):
            outcome = Outcome(
                frame=frames[at + 1], window=windows[min(at + 1, len(deeds) - 1)], changed=(Rect(0, 0, 9, 9),)
            )
            step = Step(f"s{at + 1}", action, Observation(frame=frames[at], window=window), target, None, outcome)
            steps.append(
                Step(*(getattr(step, name) for name in step.__struct_fields__[:6]), description=describe(step))
            )
        return library.save(Trajectory(library.new_id(), "A recording", tuple(steps), task=task))

    return made


@pytest.fixture
def letter(build: Callable[..., Trajectory]) -> Trajectory:
    """A letter is written, and saved under a name; then a list is made in another program."""
    sheet = Window("gnumeric", "Book1 - Gnumeric", Rect(0, 0, 640, 400), handle=3)
    return build(
        [
            (Click(), named("text", "Body", MAIN), MAIN, 0),
            (TypeText("Dear Ada"), named("text", "Body", MAIN), MAIN, 0),
            (Click(), named("menu item", "Save As…", MAIN, MENU), MAIN, 0),
            (TypeText("letter.txt"), NAME, SAVING, 3),
            (Click(), named("push button", "Save", SAVING, TOOLBAR), SAVING, 3),
            (Click(), named("table cell", "A1", sheet), sheet, 5),
            (TypeText("Ada"), named("table cell", "A1", sheet), sheet, 5),
            (PressKeys(("ctrl", "s")), None, sheet, 5),
        ]
    )
