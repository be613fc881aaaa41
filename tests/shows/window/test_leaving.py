"""Coming and going: how the window ends, one at a time, what it remembers, and all of it by keyboard alone."""

import signal
from collections.abc import Callable
from typing import Any

import pytest

from agents.runtime.models import built_in
from workbench.actions import Wait
from workbench.trajectory import Step, Trajectory

pytestmark = pytest.mark.slow

SOON_S = 10.0
"""Less than anything takes that it could wait for, and enough for a process to end while the machine is busy."""
MOST_BORDER_PX = 40
"""What a window manager puts around a window is narrower."""

SHORT = Trajectory("short", "Short", (Step("s1", Wait(seconds=0.1)), Step("s2", Wait(seconds=0.1))))


@pytest.mark.parametrize("way", ["Ctrl+Q", "the window's own button", "SIGTERM", "SIGINT"])
def test_it_ends_with_0_at_once(table: Callable[..., Any], ended: Callable[..., int], way: str) -> None:
    here = table().without_tour()
    window = here.open()
    here.person.see("Add a sample to look around")
    match way:
        case "Ctrl+Q":
            here.person.press("ctrl", "q")
        case "the window's own button":
            here.person.press("alt", "F4")
        case _:
            window.send_signal(getattr(signal, way))
    assert ended(window, SOON_S) == 0
    assert here.talk.read_text().count("Error") == 0


def test_a_second_start_brings_the_first_window_to_the_front_and_ends(
    table: Callable[..., Any], ended: Callable[..., int]
) -> None:
    here = table().without_tour()
    first = here.open()
    here.desktop.launch("mousepad")
    here.person.comes_to_front("Mousepad")
    assert ended(here.start()) == 0
    here.person.comes_to_front("workbench")
    assert first.poll() is None
    here.person.press("ctrl", "q")
    assert ended(first) == 0


def test_the_window_comes_back_where_it_was_with_the_room_it_showed(
    table: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here = table().without_tour()
    here.open()
    person = here.person
    person.see("Add a sample to look around")
    person.press("ctrl", "4")
    person.see("Models on this machine")
    usual = until(lambda: frame_of(person), "the window in its place")
    corner = (usual[0] + usual[2], usual[1] + usual[3])
    person.drag(*corner, corner[0] - 200, corner[1] - 100)
    smaller = [*usual[:2], usual[2] - 200, usual[3] - 100]
    until(lambda: frame_of(person) == smaller, "the smaller window")
    here.leave()
    here.open()
    person.see("Models on this machine")
    until(lambda: frame_of(person) == smaller, "the window where it was")
    here.leave()


def frame_of(person: Any) -> list[int] | None:
    """Where the window is: left, top, width and height in pixels; None where the display does not say so yet."""
    person.comes_to_front("workbench")
    found = [each["box"] for each in person.elements() if each["role"] == "frame"]
    shown = person.ask("bounds", "workbench")
    if len(found) != 1 or not shown:
        return None
    (x, y, width, height), (left, top, wide, high) = found[0], shown
    borders = (x - left, y - top, left + wide - x - width, top + high - y - height)
    return [x, y, width, height] if all(0 <= border < MOST_BORDER_PX for border in borders) else None


def test_the_keyboard_alone_leads_to_every_room_and_from_the_library_to_the_end_of_a_replay(
    table: Callable[..., Any],
) -> None:
    here = table().without_tour()
    with here.opened_library() as library:
        library.save(SHORT)
    here.open()
    person = here.person
    person.read("Short")
    for number, shown in enumerate(
        ("Trajectories", "Task", "Experience", "Models on this machine", "Search settings"), 1
    ):
        person.press("ctrl", str(number))
        person.see(shown)
    person.press("ctrl", "r")
    person.see("The task")
    person.press("ctrl", "1")
    person.see("Trajectories", "list")
    person.press("Home")
    person.press("ctrl", "p")
    person.see("Set up", "page tab")
    person.press("F5")
    person.see("The replay finished")
    here.leave()


def focused_after_tab(person: Any, until: Callable[..., Any]) -> tuple[str, str]:
    """What has the keyboard once Tab has given it to something else."""

    def focused() -> tuple[str, str, list[int]] | None:
        found = person.ask("focused")
        return (found["role"], found["name"], found["box"]) if found else None

    before = focused()
    person.press("Tab")
    role, name, _ = until(lambda: now if (now := focused()) != before else None, "the keyboard somewhere else")
    return role, name


def test_tab_goes_round_all_of_a_room_and_comes_back(table: Callable[..., Any], until: Callable[..., Any]) -> None:
    here = table().without_tour()
    here.open("--room", "models")
    person = here.person
    person.see("Models on this machine")
    if built_in.comes_along():
        person.usable("Check", "push button")  # what is known of the model is there, and moves nothing any more
    seen: list[tuple[str, str]] = []
    for _ in range(60):
        name = focused_after_tab(person, until)
        if seen and name == seen[0]:
            break
        seen.append(name)
    assert seen[0] == name, "it never came back"
    assert {("push button", "Add…"), ("list", "Models on this machine")} <= set(seen)
    assert any(("check box", each) in seen for each in ("Record", "Models"))
    here.leave()
