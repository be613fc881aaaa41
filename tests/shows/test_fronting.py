"""A replay that begins with typing finds its window, wherever the focus was when it was started."""

from collections.abc import Callable
from typing import Any

import pytest

from workbench.actions import TypeText
from workbench.desktop.private import PrivateDesktop
from workbench.geometry import Rect
from workbench.library.store import Library
from workbench.trajectory import Observation, Step, Trajectory, Window

EDITOR = Window("mousepad", "Untitled 1 - Mousepad", Rect(0, 0, 10, 10))
TWINS = Window("xcalc", "Calculator", Rect(0, 0, 10, 10))


@pytest.fixture(autouse=True)
def typing(workbench: Any) -> None:
    """Trajectories whose only step types into a window."""
    with Library.open(workbench.library) as library:
        for title, window in (("typing", EDITOR), ("twins", TWINS)):
            step = Step("s1", TypeText("hello"), Observation(window=window))
            library.save(Trajectory(library.new_id(), title, (step,)))


def test_the_one_window_it_can_be_is_brought_to_the_front(workbench: Any, desk: Callable[..., PrivateDesktop]) -> None:
    desktop = desk("mousepad", "galculator")
    document = workbench.json("replay", "typing", environment=desktop.environment())
    assert document["steps"][0]["verified"] is True


def test_of_two_windows_that_it_could_be_none_is_chosen(
    workbench: Any, desk: Callable[..., PrivateDesktop], perform: Callable[..., None]
) -> None:
    desktop = desk("xcalc", "xcalc", "galculator")
    perform(desktop, [["wait-window", "galculator"]])
    document = workbench.json("replay", "twins", "--timeout", "2", environment=desktop.environment(), code=1)
    assert "the focus is in" in document["reason"]


def test_a_rehearsal_leaves_the_windows_as_they_are(workbench: Any, desk: Callable[..., PrivateDesktop]) -> None:
    desktop = desk("mousepad", "galculator")
    document = workbench.json("replay", "typing", "--dry-run", environment=desktop.environment())
    assert document["steps"][0]["status"] == "would-do"
    again = workbench.json("replay", "typing", "--dry-run", "--approve", "never", environment=desktop.environment())
    assert again["outcome"] == "finished"
