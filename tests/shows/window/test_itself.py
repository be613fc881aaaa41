"""The program is driven by its own kind: its accessibility tree is whole, and it records and replays itself."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ACTIONABLE = frozenset(
    (
        "push button",
        "check box",
        "radio button",
        "toggle button",
        "combo box",
        "text",
        "entry",
        "spin button",
        "slider",
        "list",
        "list item",
        "table",
        "tree",
        "tree item",
        "page tab",
        "menu item",
        "link",
    )
)
NAMED_BY_OTHERS = ("frame", "dialog", "table cell")
"""Windows have titles; a cell of a table may well be empty."""

CLICKED = [
    ("check box", "Settings"),
    ("text", "Search settings"),
    ("combo box", "window theme"),
    ("list item", "dark"),
    ("menu item", "Go"),
    ("menu item", "Models"),
    ("check box", "Library"),
]
"""What the person uses while the program is recorded, a line of a list and an item of a menu among them."""

BORDER_PX = 4
HIDDEN_PX = 2
"""What is smaller cannot be pressed."""


def is_viewport(one: dict[str, Any], elements: list[dict[str, Any]]) -> bool:
    """Whether it is only the inside of something that has the name: Qt tells both of a scroll area."""
    around = [each for each in elements if each["name"] and each["window"] == one["window"]]
    near = [max(abs(mine - its) for mine, its in zip(one["box"], each["box"], strict=True)) for each in around]
    return one["role"] == "filler" and min(near, default=BORDER_PX + 1) <= BORDER_PX


def unnamed(elements: list[dict[str, Any]]) -> list[str]:
    """What can be used or has the keyboard, and has no name; or has a role that says nothing."""
    found = []
    for each in elements:
        usable = each["role"] in ACTIONABLE or ("focusable" in each["states"] and each["role"] not in NAMED_BY_OTHERS)
        if not usable or "showing" not in each["states"] or min(each["box"][2:]) < HIDDEN_PX:
            continue
        if is_viewport(each, elements):
            continue
        if not (each["name"] or each["label"]) or each["role"] == "unknown":
            found.append(f"{each['window']}: {each['role']} {each['name']!r} at {each['box']}")
    return found


def test_everything_that_can_be_used_has_a_name_and_a_role_in_every_room(table: Callable[..., Any]) -> None:
    here = table().without_tour()
    here.open()
    person = here.person
    wrong = {}

    def look(room: str, name: str, role: str = "") -> None:
        person.see(name, role)
        wrong[room] = unnamed(person.elements())

    look("nothing in the library", "Add a sample to look around")
    person.click("Add a sample to look around")
    person.read("Add two numbers")
    look("library", "Trajectories", "list")
    person.press("ctrl", "2")
    look("run", "Task")
    person.press("ctrl", "3")
    look("experience", "Experience", "label")
    person.press("ctrl", "4")
    look("models", "Models on this machine")
    person.press("ctrl", "5")
    look("settings", "Search settings")
    person.press("ctrl", "r")
    look("recording", "The task")
    person.press("ctrl", "1")
    person.see("Trajectories", "list")
    person.click_line("Add two numbers")
    person.press("Return")
    look("trajectory", "Inspector")
    for page in ("Element", "Witnesses", "Events", "History"):
        person.click(page, "page tab")
        look(f"trajectory, {page}", page)
    person.press("F5")
    look("replay", "Set up", "page tab")
    person.press("F1")
    person.comes_to_front("About")
    look("about", "Keyboard shortcuts")
    missing = "\n".join(f"{room}: {each}" for room, those in wrong.items() for each in those)
    assert not missing, missing
    person.press("Escape")
    here.leave()


def choose(person: Any, role: str, name: str) -> None:
    """Click as people do who look at what they choose; nobody else asks the window anything meanwhile."""
    x, y, width, height = person.usable(name, role)["box"]
    place = (x + width // 2, y + height // 2)
    person.ask("point", *place)
    person.ask("click", *place)


def test_the_window_is_recorded_and_replayed_by_the_program_itself(
    table: Callable[..., Any],
    workbench: Any,
    wait_until_it_listens: Callable[..., str],
    until: Callable[..., Any],
    tmp_path: Path,
) -> None:
    first = table(library=tmp_path / "first").without_tour()
    first.open()
    person = first.person
    person.see("Add a sample to look around")
    recorder = workbench.start("record", "--json", "--title", "itself", environment=first.desktop.environment())
    wait_until_it_listens(recorder)
    settings, search, theme, dark, menu, models, library = CLICKED
    choose(person, *settings)
    person.see("Search settings")
    choose(person, *search)
    person.type("theme")
    person.see("window theme")
    choose(person, *theme)
    choose(person, *dark)
    until(lambda: person.see("window theme", "combo box")["value"] == "dark", "the dark theme")
    choose(person, *menu)
    choose(person, *models)
    person.see("Models on this machine")
    choose(person, *library)
    person.see("Add a sample to look around")
    recorder.send_signal(signal.SIGINT)
    _, talk = recorder.communicate(timeout=120)
    assert recorder.returncode == 0, talk
    steps = workbench.json("show", "itself")["steps"]
    targets = [each["target"] for each in steps if each["action"]["kind"] == "click"]
    assert {target["window"]["app"] for target in targets} == {"gui-agent-workbench"}
    done = [(target["element"]["role"], target["element"]["name"]) for target in targets]
    assert done == CLICKED, (talk, [each["action"] for each in steps])
    first.leave()

    second = table(library=tmp_path / "second").without_tour()
    second.open()
    second.person.see("Add a sample to look around")
    again = workbench.json("replay", "itself", environment=second.desktop.environment())
    assert again["outcome"] == "finished", again
    kept = second.settings_folder / "settings.toml"
    until(lambda: kept.exists() and "dark" in kept.read_text(), "the dark theme in the settings")
    second.person.see("Add a sample to look around")
    second.leave()
