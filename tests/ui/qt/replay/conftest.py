"""A calculator that is looked at once, so that trajectories can have its real buttons as targets."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from msgspec.structs import replace

from ui.qt.replay.room import ReplayRoom
from workbench.actions import Click
from workbench.desktop.atspi.opening import open_accessibility
from workbench.desktop.ports import Frame
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.opening import open_x11
from workbench.library.store import Library
from workbench.trajectory import CropWitness, Element, Observation, Outcome, Step, Target, Trajectory, Window

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Calculator:
    """Its window and buttons, and what it looked like before anything was pressed."""

    window: Window
    buttons: dict[str, Element]
    frame: Frame

    def recorded(self, library: Library, *names: str, title: str = "Add two numbers") -> Trajectory:
        """A trajectory that presses the buttons of these names; one that there is not has no witness either."""
        frame = library.frames.put(self.frame.pixels, origin=self.frame.origin)
        steps = [self._step(number, name, frame) for number, name in enumerate(names, 1)]
        made = Trajectory(
            library.new_id(), title, tuple(steps), task="add them", commands=("galculator",), created=time.time()
        )
        return library.save(made)

    def _step(self, number: int, name: str, frame: str) -> Step:
        known = self.buttons.get(name)
        element = known or replace(self.buttons["7"], name=name, index=99)
        crop = CropWitness(frame, element.bounds) if known else None
        target = Target(element.bounds.centre, self.window, element, crop)
        observation = Observation(monotonic_ns=number * 10**8, frame=frame, window=self.window)
        return Step(
            f"s{number}",
            Click(),
            observation,
            target,
            outcome=Outcome(window=self.window),
            description=f"click the button “{name}” in Galculator",
        )


@pytest.fixture(scope="session")
def private() -> Iterator[PrivateDesktop]:
    """The desktop that stands for the person's own."""
    with PrivateDesktop.start((800, 600)) as made:
        made.launch("galculator")
        yield made


@pytest.fixture(scope="session")
def calculator(private) -> Calculator:
    desktop = open_x11(
        private.display, accessibility=lambda windows: open_accessibility(private.bus_address, windows=windows)
    )
    try:
        return _looked_at(desktop)
    finally:
        desktop.close()


def _looked_at(desktop) -> Calculator:
    """What is seen of it once that stays the same: its window, and where it says that its buttons are, may yet move."""
    end_s = time.monotonic() + PATIENCE_S
    before = None
    while before is None or not _same(before, found := _seen(desktop)):
        assert time.monotonic() < end_s, "the calculator did not come up, or does not rest"
        before = _seen(desktop)
        desktop.screens.wait_for_change(0.2)
    return found


def _seen(desktop) -> Calculator | None:
    """The calculator as it is now; None as long as not all of it is there."""
    window = desktop.windows.active()
    found = desktop.accessibility.walk("galculator") if window else ()
    buttons = {one.name.strip(): one for one in found if one.role.endswith("button") and one.bounds.area}
    if not window or not {"7", "="} <= set(buttons):
        return None
    if any(window.bounds.intersection(one.bounds) != one.bounds for one in buttons.values()):
        return None
    frame = desktop.screens.grab()
    plain = {name: replace(one, ref=None) for name, one in buttons.items()}
    kept = Frame(frame.pixels.copy(), frame.origin, frame.monotonic_ns)
    return Calculator(replace(window, handle=None, pid=None), plain, kept)


def _same(one: Calculator, other: Calculator | None) -> bool:
    known = other is not None and (one.window, one.buttons) == (other.window, other.buttons)
    return known and np.array_equal(one.frame.pixels, other.frame.pixels)


@pytest.fixture
def library(core) -> Iterator[Library]:
    with Library.open(core.library_folder) as opened:
        yield opened


@pytest.fixture
def room(core, shown, until) -> Iterator[ReplayRoom]:
    """The room, whose run ends with the test."""
    made = shown(ReplayRoom(core), 1240, 800)
    yield made
    made.debugger.stop()
    until(lambda: made.debugger.state in ("empty", "ready"), within_s=30)


@pytest.fixture
def here(private, monkeypatch) -> None:
    """That desktop is the person's own, the calculator on it."""
    for name, value in private.environment().items():
        if not name.startswith("XDG_") and name != "HOME":
            monkeypatch.setenv(name, value)


@pytest.fixture
def opened(room, until, here):
    """Opens a trajectory in the room, set up for the desktop that has the calculator on it already."""

    def show(trajectory: Trajectory) -> ReplayRoom:
        room.open(trajectory.id)
        until(lambda: room.debugger.state == "ready")
        room.form.place.setCurrentText("This desktop")
        return room

    return show
