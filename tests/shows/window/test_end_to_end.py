"""A person with mouse and keyboard: recording, looking over, editing, replaying with the debugger, exporting."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.actions import Note, TypeText
from workbench.library.bundle import import_bundle
from workbench.library.records import Summary
from workbench.library.store import Library

pytestmark = pytest.mark.slow

EDITOR = "mousepad"
TEXT = "Type “Dear Ada” into the field"


def only(library: Library) -> Summary:
    """The one trajectory there is."""
    (found,) = library.summaries()
    return found


def record_a_greeting(person: Any) -> None:
    """From the first screen to the review."""
    person.click("Record", "check box")
    person.fill("A title", "Greeting")
    person.fill("The application to start", EDITOR)
    person.click("Record", "push button")
    person.comes_to_front("Mousepad")
    person.see("Add a note")
    person.type("Dear Ada")
    person.click("Add a note")
    person.see("A note among the steps")
    person.keyboard_in("A note among the steps")
    person.type("the greeting")
    person.press("Return")
    person.see("Noted")
    person.comes_to_front("Mousepad")
    person.type(", hello")
    person.click("Stop and save")


def replay_in_the_debugger(person: Any, until: Callable[..., Any]) -> None:
    """With a breakpoint, step by step and to the end, on a desktop of its own."""
    person.press("F5")
    person.click("As recorded")
    person.click_line("Step 3")
    person.press("F9")
    person.read("Mousepad, mousepad, breakpoint")
    person.click_line("Step 1")
    person.press("F10")
    person.read("paused before step 1")
    person.press("F10")
    person.read("paused before step 2")
    until(lambda: [line for line in person.lines() if line.startswith("Step 1") and "done" in line], "the first done")
    person.press("F5")
    person.read("paused before step 3")
    person.press("F5")
    person.see("The replay finished")


def test_what_is_recorded_through_the_pill_is_looked_over_edited_replayed_and_exported(
    table: Callable[..., Any], until: Callable[..., Any], tmp_path: Path
) -> None:
    here = table()
    here.open()
    person = here.person
    person.see("Show it once")
    person.click("Not now")
    record_a_greeting(person)
    person.see("Look it over")
    person.read("the greeting")
    person.click("Keep and open")
    person.read(TEXT)
    until(lambda: not [title for _, title in person.windows() if title.startswith("Recording")], "the end of the pill")

    person.click("Edit step")
    person.click("Make it a variable…", "menu item")
    person.comes_to_front("Turn the text")
    person.type("words")
    person.press("Return")
    person.read("Type “{{words}}” into the field")
    person.press("ctrl", "z")
    person.read(TEXT)

    replay_in_the_debugger(person, until)
    person.press("ctrl", "1")
    person.click_line("Greeting")
    bundle = tmp_path / "greeting.trajectory"
    person.press("ctrl", "e")
    person.comes_to_front("Export")
    person.press("alt", "w")
    person.press("ctrl", "a")
    person.type(str(bundle))
    person.press("Return")
    until(bundle.exists, "the exported file")
    steps = here.stored(lambda library: library.get(only(library).id)).steps
    assert [each.action for each in steps] == [TypeText("Dear Ada"), Note("the greeting"), TypeText(", hello")]
    with Library.open(tmp_path / "other") as other:
        assert import_bundle(other, bundle)
    here.leave()
