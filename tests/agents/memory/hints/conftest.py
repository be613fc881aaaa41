"""Runs of models in a library, as their logs tell them: each step a few words and how it went."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from workbench import events
from workbench.actions import Click, TypeText
from workbench.approval import Decision
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 100, 30)


PERMITTED = Decision("approve", "policy")


@dataclass(frozen=True)
class Went:
    """One step of a run, what somebody decided of it, and how it ended."""

    step: Step
    status: events.StepStatus = "done"
    verified: bool | None = True
    decision: Decision = PERMITTED
    kept: bool = True


@pytest.fixture(scope="session")
def at() -> Callable[..., Step]:
    """A click on a control of that name, or typing into it."""

    def make(name: str, *, text: str = "", **where: Any) -> Step:
        return _typed(text, name) if text else _click(name, **where)

    return make


@pytest.fixture(scope="session")
def went() -> Callable[..., Went]:
    """A step and how it went; plain words say that it failed, or what a person decided."""

    def make(step: Step, **how: Any) -> Went:
        return Went(step, **(FAILED if how.pop("failed", False) else {}), **how)

    return make


def _click(
    name: str, role: str = "push button", *, app: str = "writer", window: str = "Report", password: bool = False
) -> Step:
    there = Window(app, window, PLACE)
    element = Element(app, window, role, name, PLACE, password=password)
    return Step(f"s-{name}", Click(), Observation(window=there), Target(Point(1, 1), there, element))


def _typed(text: str, name: str) -> Step:
    return replace(_click(name, "text"), action=TypeText(text))


FAILED: dict[str, Any] = {"status": "failed", "verified": False}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def ran(library: Library) -> Callable[..., Trajectory]:
    """Has a run in the library and returns the trajectory that it became."""

    def make(identifier: str, steps: Sequence[Went], *, task: str = "write a report") -> Trajectory:
        becomes = Trajectory(identifier, task, task=task, source="agent", created=1.0)
        log = library.begin_run(
            events.RunStarted(run=f"run-{identifier}", trajectory=identifier, title=task, task=task, becomes=becomes)
        )
        for index, went in enumerate(steps, 1):
            for event in _events(index, went):
                log.append(event)
        log.append(events.RunEnded(outcome="finished"))
        log.finish()
        return library.get(identifier)

    return make


def _events(index: int, went: Went) -> Iterator[events.Event]:
    yield events.StepProposed(index=index, step=went.step)
    yield events.ApprovalDecided(index=index, decision=went.decision)
    if went.kept:
        yield events.StepKept(index=index, step=replace(went.step, id=f"{went.step.id}-{index}"), status=went.status)
    yield events.StepEnded(index=index, status=went.status, verified=went.verified)
