"""What exports for people are made of: a real recording, a letter with everything in it, and a way to write them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.actions import (
    Check,
    Click,
    Condition,
    Drag,
    Finish,
    Hover,
    Note,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
)
from workbench.desktop.ports import Frame
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.bundle import opened_bundle
from workbench.library.exporting.known import writer
from workbench.library.exporting.material import Material
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Variable, Window

WINDOW = Window("mousepad", "Letter - Mousepad", Rect(40, 30, 400, 260))
GREY, GREEN = (200, 200, 200), (80, 160, 40)


def screen(name: str) -> Frame:
    """A desktop of 640 x 400 with a window, in which a button at 80, 70 is green; raises for any but `f0` to `f9`."""
    if name not in {f"f{n}" for n in range(10)}:
        raise BadInputError(f"the frame {name[:9]} is missing; run `workbench-cli verify`")
    pixels = np.full((400, 640, 4), 40, np.uint8)
    pixels[30:290, 40:440, :3] = GREY
    pixels[70:94, 80:140, :3] = GREEN
    pixels[200 : 204 + 4 * int(name[1:]), 60:70] = 0
    return Frame(pixels, Point(0, 0), 0)


@dataclass
class Exported:
    """What one writer made: where, what it remarked, and how many steps it told of."""

    path: Path
    remarks: tuple[Remark, ...] = ()
    told: list[int] = field(default_factory=list)


Export = Callable[..., Exported]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Writes a trajectory in a format, with the pictures that a loader has, to a path without a suffix."""

    def write(name: str, trajectory: Trajectory, picture: Callable[[str], Frame] = screen) -> Exported:
        done = Exported(tmp_path / f"out-{name}")
        material = Material((trajectory,), picture, lambda _: (), lambda: done.told.append(1))
        done.remarks = writer(name).write(material, done.path)
        return done

    return write


@pytest.fixture(scope="session")
def button() -> Target:
    """The green button, clicked at 100, 80."""
    element = Element("mousepad", WINDOW.title, "push button", "Save", Rect(80, 70, 60, 24))
    return Target(Point(100, 80), WINDOW, element)


@pytest.fixture(scope="session")
def letter(button: Target) -> Trajectory:
    """Fourteen steps of every kind: eleven to do, chapters, a remark, a secret, a variable and an answer."""
    field = Element("mousepad", WINDOW.title, "text", "Letter", Rect(60, 120, 300, 120))
    hidden = Element("mousepad", WINDOW.title, "password text", "Password", Rect(60, 120, 300, 20), password=True)
    corner = Target(Point(300, 200), WINDOW)
    before = Observation(frame="f1", window=WINDOW, focused=field)
    acts = [
        (Note("Begin the *letter*."), None),
        (Click(), button),
        (TypeText("Dear {{name}},\n# this is <b>bold</b>"), None),
        (Note("Two lines,\nso no chapter"), None),
        (Note("End it"), None),
        (PressKeys(("ctrl", "s"), 2), None),
        (Drag(), button),
        (Scroll(dy=3, dx=-1), corner),
        (Hover(), corner),
        (Wait(2), None),
        (Check(Condition(window="Letter")), None),
        (TypeText(secret="bank-login"), None),
        (TypeText("hunter2"), None),
        (Finish("42"), None),
    ]
    steps = [Step(f"s{n}", action, before, target) for n, (action, target) in enumerate(acts, 1)]
    steps[1] = replace(steps[1], outcome=Outcome(frame="f2"), thought="The letter is to be saved.", masked="a clock")
    steps[6] = replace(steps[6], destination=corner)
    steps[12] = replace(steps[12], observation=replace(before, focused=hidden), description="type “hunter2”")
    steps[12] = replace(steps[12], outcome=Outcome(frame="f3", window=WINDOW))
    variables = (Variable("name", "reader", "who is written to"),)
    return Trajectory("T", "Write a letter", tuple(steps), "write to the reader", variables=variables)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Trajectory, Callable[[str], Frame]]]:
    """A real recording of a calculator with its pictures."""
    sample = Path(__file__).parents[4] / "assets" / "samples" / "add-two-numbers.trajectory"
    with opened_bundle(sample) as opened:
        yield opened.trajectory, opened.library.frames.load
