"""A run as a report sees it: frames of a small desktop and the events of clicking, typing and halting on it."""

from types import SimpleNamespace

import numpy as np
import pytest

from workbench.actions import Click, TypeText
from workbench.approval import Decision
from workbench.desktop.ports import Frame
from workbench.errors import BadInputError
from workbench.events import (
    ApprovalDecided,
    Event,
    RunEnded,
    RunStarted,
    StepEnded,
    StepLocated,
    StepProposed,
)
from workbench.geometry import Point, Rect
from workbench.locate.verdict import Verdict, Vote
from workbench.trajectory import CropWitness, Element, Observation, Outcome, Step, Target, TextWitness, Window

WINDOW = Window("mousepad", "Letter - Mousepad", Rect(40, 30, 400, 260))


def frame_of(name: str) -> Frame:
    """A desktop of 640 x 400 with a window whose content depends on the name."""
    pixels = np.full((400, 640, 4), 40, np.uint8)
    pixels[30:290, 40:440] = (250, 250, 250, 0)
    mark = 60 + 8 * int(name[1:])
    pixels[100:120, mark : mark + 6] = (0, 0, 0, 0)
    return Frame(pixels, Point(0, 0), 0)


class Frames:
    """A loader that knows frames `f0` to `f9` and counts how often each was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, frame: str) -> Frame:
        self.asked.append(frame)
        if frame not in {f"f{n}" for n in range(10)}:
            raise BadInputError(f"the frame {frame} is missing; run `workbench-cli verify`")
        return frame_of(frame)


@pytest.fixture
def frames() -> Frames:
    return Frames()


def target(name: str = "Save", *, role: str = "push button") -> Target:
    """A button at 100, 80 that every witness knows."""
    element = Element("mousepad", WINDOW.title, role, name, Rect(80, 70, 60, 24))
    crop, printed = CropWitness("f0", Rect(70, 60, 80, 44)), TextWitness(name, Rect(84, 74, 50, 14))
    return Target(Point(100, 80), WINDOW, element, crop, printed)


def found(name: str = "Save") -> Verdict:
    """All three witnesses agree on 102, 82."""
    votes = (
        Vote("element", "found", Point(102, 82), Rect(82, 72, 60, 24), 1.0, reason=f"a button “{name}” is there"),
        Vote("crop", "found", Point(102, 82), Rect(72, 62, 80, 44), 0.95, 0.4),
        Vote("text", "found", Point(102, 82), Rect(86, 76, 50, 14), 0.9, 0.1),
    )
    return Verdict(Point(102, 82), ("element", "crop", "text"), 0.97, votes)


def halting() -> Verdict:
    """The element objects, the crop sees it, nobody acts."""
    votes = (
        Vote("element", "veto", None, Rect(82, 72, 60, 24), 0.0, 0.0, "it is called “Store” now", "renamed"),
        Vote("crop", "found", Point(102, 82), Rect(72, 62, 80, 44), 0.81, 0.8),
        Vote("text", "absent", reason="“Save” is printed nowhere"),
    )
    return Verdict(None, (), 0.4, votes, "renamed", "it is called “Store” now")


def click(name: str = "Save", *, recorded: str = "f0") -> Step:
    """A click on the button, recorded with frames."""
    observation = Observation(frame=recorded, window=WINDOW)
    return Step(id="a", action=Click(), observation=observation, target=target(name), outcome=Outcome(frame="f9"))


def typing(text: str = "", *, secret: str | None = None) -> Step:
    """Typing into a focused field."""
    role = "password text" if secret else "text"
    focused = Element("mousepad", WINDOW.title, role, "Name", Rect(60, 90, 200, 30), password=bool(secret))
    return Step(id="b", action=TypeText(text, secret), observation=Observation(window=WINDOW, focused=focused))


def started(title: str = "Write a letter", steps: int | None = 3) -> RunStarted:
    return RunStarted(run="run-1", trajectory="abc", title=title, revision=2, steps=steps, epoch_s=1.7e9)


@pytest.fixture
def make() -> SimpleNamespace:
    """The parts that the runs below are made of, for runs of other kinds."""
    return SimpleNamespace(click=click, typing=typing, target=target, found=found, halting=halting, started=started)


@pytest.fixture
def finished_run() -> list[Event]:
    """Two steps, both done: a click that a person approved and typing that the policy did."""
    return [
        started(steps=2),
        StepProposed(index=1, step=click(), frame="f1"),
        StepLocated(index=1, verdict=found(), frame="f1", elapsed_ms=31.0),
        ApprovalDecided(index=1, decision=Decision("approve", "person", "looks right")),
        StepEnded(
            index=1, status="done", verified=True, verified_by="the region that changed", frame="f2", elapsed_ms=250.04
        ),
        StepProposed(index=2, step=typing("hello"), frame="f2"),
        ApprovalDecided(index=2, decision=Decision("approve", "policy", "reversible")),
        StepEnded(index=2, status="done", verified=True, verified_by="the text", frame="f3", elapsed_ms=90.0),
        RunEnded(outcome="finished", elapsed_ms=1234.56),
    ]


@pytest.fixture
def halted_run(finished_run: list[Event]) -> list[Event]:
    """The same, but a third step halts because its button was renamed."""
    return [
        started(steps=5),
        *finished_run[1:-1],
        StepProposed(index=3, step=click(), frame="f3"),
        StepLocated(index=3, verdict=halting(), frame="f3", elapsed_ms=77.0),
        StepEnded(index=3, status="failed", verified=False, message="it is called “Store” now", frame="f3"),
        RunEnded(outcome="failed", reason="it is called “Store” now", exit_code=1, elapsed_ms=21000.0),
    ]
