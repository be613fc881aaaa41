"""Recordings of a form that is filled in, as tests of workflows need them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.actions import Action, Click, PressKeys, TypeText
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Window

PLACE = Rect(10, 20, 100, 30)
WINDOW = Window("shop", "Customers", PLACE)


def step_of(action: Action, role: str = "", name: str = "", *, value: str | None = None) -> Step:
    """A described step in the shop; without a role it has no target."""
    element = Element("shop", "Customers", role, name, PLACE, value=value) if role else None
    target = Target(Point(15, 25), WINDOW, element) if element else None
    return Step("", action, Observation(window=WINDOW), target, outcome=Outcome(element=element), description="so")


def steps_of(*parts: object) -> tuple[Step, ...]:
    """Names of buttons that are clicked, pairs of a field and what is typed into it, and steps as they are."""
    found = []
    for number, part in enumerate(parts, 1):
        if isinstance(part, str):
            step = step_of(Click(), "push button", part)
        elif isinstance(part, tuple):
            step = step_of(TypeText(part[1]), "text", part[0], value=None)
        else:
            assert isinstance(part, Step)
            step = part
        found.append(
            Step(
                f"s{number}",
                step.action,
                step.observation,
                step.target,
                outcome=step.outcome,
                description="so",
                masked=step.masked,
            )
        )
    return tuple(found)


@pytest.fixture
def recording() -> Callable[..., Trajectory]:
    """A recording of a task that consists of these parts."""

    def make(identifier: str, task: str, *parts: object, **fields: object) -> Trajectory:
        return Trajectory(identifier, f"Title {identifier}", steps_of(*parts), task=task, **fields)  # type: ignore[arg-type]  # fields of a test

    return make


@pytest.fixture
def adding(recording: Callable[..., Trajectory]) -> Callable[..., Trajectory]:
    """A recording in which a customer of this name is added, who lives in this city."""

    def make(identifier: str, name: str, city: str) -> Trajectory:
        task = f"add customer {name} from {city}"
        parts = ("New", ("Full name", name), ("City", city), step_of(PressKeys(("ctrl", "s"))))
        return recording(identifier, task, *parts)

    return make


@pytest.fixture(name="step_of")
def _step_of() -> Callable[..., Step]:
    """Makes a step in the shop."""
    return step_of


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened
