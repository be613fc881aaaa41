"""A person records a part of a trajectory again, in the window, on a real screen."""

from collections.abc import Callable
from typing import Any

import pytest

from workbench.actions import TypeText
from workbench.library.store import Library
from workbench.trajectory import Trajectory

pytestmark = pytest.mark.slow

EDITOR = "mousepad --disable-server"
LETTER = [
    ["click-role", "mousepad", "text"],
    ["type", "Dear Ada"],
    ["rest", 0.4],
    ["press", "ctrl", "End"],
    ["rest", 0.4],
    ["type", " and Bob"],
    ["rest", 0.4],
    ["press", "ctrl", "Home"],
    ["rest", 0.4],
]


def typed(trajectory: Trajectory) -> list[str]:
    return [step.action.text for step in trajectory.steps if isinstance(step.action, TypeText)]


def written(person: Any) -> str:
    """What stands in the editor."""
    return next((each["value"] for each in person.elements("mousepad") if each["role"] == "text"), "")


def test_a_step_is_recorded_again_after_what_leads_up_to_it_was_done_and_undo_brings_it_back(
    table: Callable[..., Any], until: Callable[..., Any], workbench: Any, desk: Callable[..., Any]
) -> None:
    before = desk(EDITOR)
    workbench.record(before, LETTER, "--title", "Letter", pause_s=0.3)
    one = workbench.json("show", "Letter")["id"]
    before.close()
    here = table(library=workbench.library).without_tour()
    here.open()
    person = here.person
    person.click_line("Letter")
    person.press("Return")
    person.click_line("Type “ and Bob”")
    person.press("ctrl", "shift", "r")
    person.see("Record “Letter” again")
    person.click("Last step to record again", "spin button")
    person.keyboard_in("Last step to record again")
    number = 4
    person.press("ctrl", "a")
    person.type(str(number))
    person.read(f"takes the place of step {number}")
    person.fill("Applications to start, one command per line", EDITOR)
    person.click("Replay and record", "push button")
    person.see("Add a note")
    until(lambda: written(person) == "Dear Ada", "the replay up to the step")
    person.comes_to_front("Mousepad")
    person.type(" and Cleo")
    until(lambda: written(person) == "Dear Ada and Cleo", "what was typed")
    person.click("Stop and save")
    person.see(f"Look over what replaces step {number}")
    person.click("Put in place", "push button")
    person.read("recorded again")
    person.read("Type “ and Cleo”")

    def now(library: Library) -> Trajectory:
        return library.get(one)

    new = here.stored(now)
    assert typed(new) == ["Dear Ada", " and Cleo"]
    assert [bool(step.recorded_in) for step in new.steps] == [False, False, False, True, False]
    assert here.stored(lambda library: library.verify()) == []
    person.press("ctrl", "z")
    person.read("Type “ and Bob”")
    until(lambda: typed(here.stored(now)) == ["Dear Ada", " and Bob"], "the undone edit in the library")
    here.leave()
