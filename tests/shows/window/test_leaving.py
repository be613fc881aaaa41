"""Coming and going: how the window ends, one at a time, what it remembers, and all of it by keyboard alone."""

import signal
from collections.abc import Callable
from typing import Any

import pytest

from workbench.actions import Wait
from workbench.trajectory import Step, Trajectory

pytestmark = pytest.mark.slow

SOON_S = 3.0
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


def test_the_window_comes_back_where_it_was_with_the_room_it_showed(table: Callable[..., Any]) -> None:
    here = table().without_tour()
    here.open()
    person = here.person
    person.see("Add a sample to look around")
    person.press("ctrl", "4")
    person.see("Models on this machine")
    usual = frame_of(person)
    corner = (usual[0] + usual[2], usual[1] + usual[3])
    person.drag(*corner, corner[0] - 200, corner[1] - 100)
    smaller = frame_of(person)
    assert smaller[2] < usual[2] - 100
    here.leave()
    here.open()
    person.see("Models on this machine")
    assert frame_of(person) == smaller
    here.leave()


def frame_of(person: Any) -> list[int]:
    """Where the window is: left, top, width and height in pixels."""
    person.comes_to_front("workbench")
    (frame,) = (each["box"] for each in person.elements() if each["role"] == "frame")
    return list(frame)


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


def test_tab_goes_round_all_of_a_room_and_comes_back(table: Callable[..., Any]) -> None:
    here = table().without_tour()
    here.open("--room", "models")
    person = here.person
    person.see("Models on this machine")
    seen = []
    for _ in range(60):
        person.press("Tab")
        found = person.ask("focused")
        name = (found["role"], found["name"]) if found else ("", "")
        if seen and name == seen[0]:
            break
        seen.append(name)
    assert seen[0] == name, "it never came back"
    assert {("push button", "Add…"), ("list", "Models on this machine")} <= set(seen)
    assert any(("check box", each) in seen for each in ("Record", "Models"))
    here.leave()
