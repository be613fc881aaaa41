"""A library of recorded tasks in a few words each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.actions import Click, Finish, Note, TypeText
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 100, 30)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture(scope="session")
def recorded() -> Callable[..., Trajectory]:
    """A trajectory of a task: each step is the role and name of a control, or a text that opens a chapter."""

    def step(number: int, what: tuple[str, str] | str, app: str, typed: str) -> Step:
        if isinstance(what, str):
            return Step(f"s{number}", Note(what))
        role, name = what
        window = Window(app, f"{app} window", PLACE)
        target = Target(Point(number, 1), window, Element(app, window.title, role, name, PLACE))
        action = TypeText(typed) if role == "text" else Click()
        return Step(f"s{number}", action, Observation(window=window), target)

    def make(
        identifier: str, task: str, *did: tuple[str, str] | str, app: str = "shop", typed: str = "x"
    ) -> Trajectory:
        steps = [step(number, what, app, typed) for number, what in enumerate(did, 1)]
        return Trajectory(identifier, "A recording", (*steps, Step("end", Finish())), task=task)

    return make
