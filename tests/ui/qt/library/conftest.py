"""A library with real frames, and the room on it."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from ui.qt.library.room import LibraryRoom
from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window


@pytest.fixture
def library(core) -> Iterator[Library]:
    """The core's library, opened a second time."""
    with Library.open(core.library_folder) as opened:
        yield opened


@pytest.fixture
def add(library) -> Callable[..., Trajectory]:
    """Save a trajectory of some clicks on Save and a typed text, with a picture of one colour."""

    def save(title: str, *, steps: int = 2, colour: int = 90, **fields: object) -> Trajectory:
        pixels = np.full((200, 320, 4), colour, dtype=np.uint8)
        frame = library.frames.put(pixels, origin=Point(0, 0))
        window = Window("notes", "letter – Notes", Rect(0, 0, 320, 200))
        button = Element("notes", "letter – Notes", "push button", "Save", Rect(10, 10, 80, 30))
        seen = Observation(1, 1.0, frame, window)
        clicks = [
            Step(f"s{at}", Click(), seen, Target(Point(40, 20), window, button), description="click Save")
            for at in range(1, steps)
        ]
        typed = Step("typed", TypeText("Dear Ms Łukasiewicz"), seen, description="type a greeting")
        return library.save(Trajectory(library.new_id(), title, (*clicks, typed), **fields))

    return save


@pytest.fixture
def room(core, until, shown) -> Callable[[], LibraryRoom]:
    """The room, entered and filled with what is in the library by then."""

    def enter() -> LibraryRoom:
        made = shown(LibraryRoom(core))
        listed = []
        made.listed.connect(lambda: listed.append(1))
        made.entered()
        until(lambda: listed)
        return made

    return enter


@pytest.fixture
def heard(core) -> Callable[[str], list[tuple]]:
    """What a signal of the core has said since."""

    def listen(name: str) -> list[tuple]:
        said: list[tuple] = []
        getattr(core, name).connect(lambda *what: said.append(what))
        return said

    return listen
