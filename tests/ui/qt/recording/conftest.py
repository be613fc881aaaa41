"""Recordings to look over, made of real frames, and a desktop on which real ones are made."""

import subprocess
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.actions import Click, Note, TypeText
from workbench.desktop.private import PrivateDesktop
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.report.words import describe
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Window

pytest.importorskip("PySide6.QtWidgets", reason="the window is an extra: pip install .[window]")

WINDOW = Window(app="mousepad", title="Notes", bounds=Rect(0, 0, 640, 400))
BUTTON = Rect(500, 300, 80, 30)
FIELD = Rect(40, 60, 400, 30)
TYPED = "the quick brown fox"


def element(role: str, name: str, bounds: Rect) -> Element:
    return Element(app="mousepad", window="Notes", role=role, name=name, bounds=bounds)


def step(name: str, action: object, seen: Element, frame: str, after: str) -> Step:
    made = Step(
        id=name,
        action=action,  # type: ignore[arg-type]  # one of the actions
        observation=Observation(frame=frame, window=WINDOW, focused=seen),
        target=Target(point=seen.bounds.centre, window=WINDOW, element=seen),
        outcome=Outcome(frame=after),
    )
    return replace(made, description=describe(made))


@pytest.fixture
def recorded(core) -> str:
    """The id of a trajectory of three steps in the core's library: a blue button, a field, a note."""
    with Library.open(core.library_folder) as library:
        pixels = np.full((400, 640, 4), 240, np.uint8)
        pixels[BUTTON.y : BUTTON.bottom, BUTTON.x : BUTTON.right] = (200, 80, 20, 0)
        first = library.frames.put(pixels, origin=Point(0, 0))
        pixels = pixels.copy()
        pixels[FIELD.y : FIELD.bottom, FIELD.x : FIELD.right] = (10, 10, 10, 0)
        second = library.frames.put(pixels, origin=Point(0, 0))
        button, field = element("push button", "Save", BUTTON), element("text", "Name", FIELD)
        steps = (
            step("s1", Click(), button, first, second),
            step("s2", TypeText(text=TYPED), field, second, second),
            step("s3", Note(text="look here"), field, second, second),
        )
        made = Trajectory(id=library.new_id(), title="Save a note", steps=steps, seconds=12.0, reviewed=False)
        return library.save(made).id


@pytest.fixture(scope="session")
def desktop() -> Iterator[PrivateDesktop]:
    """A private desktop with an editor on it."""
    with PrivateDesktop.start((1024, 700)) as started:
        started.launch("mousepad --disable-server")
        yield started


@pytest.fixture
def there(desktop, monkeypatch) -> PrivateDesktop:
    """The desktop, as the one that processes of this test find themselves on."""
    for name, value in desktop.environment().items():
        monkeypatch.setenv(name, value)
    return desktop


@pytest.fixture
def hand(desktop) -> Callable[..., None]:
    """Has a person at the desktop do what `xdotool` is told."""

    def act(*words: str) -> None:
        subprocess.run(["xdotool", *words], env=desktop.environment(), check=True, timeout=30)

    return act


@pytest.fixture
def room(application, core):
    """The room, and no other: the window around it is tested elsewhere."""
    from shiboken6 import delete

    from ui.qt.recording.room import RecordingRoom

    made = RecordingRoom(core)
    made.resize(1000, 700)
    made.show()
    made.entered()
    application.processEvents()
    yield made
    made.pill.hide()
    delete(made)
