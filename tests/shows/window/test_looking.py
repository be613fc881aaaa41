"""Rooms that show and keep: two attempts beside each other, secrets, the library's place on the disk."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.actions import Note, TypeText
from workbench.trajectory import Step, Trajectory

pytestmark = pytest.mark.slow

VALUE = "pass-7Q-word"
NAME = "bank-login"

ON_BUS = [
    *("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"),
    *("org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"),
]
"""Asks whether anybody keeps secrets: who asks for one earlier than that finds no keyring."""

FIRST = Trajectory(
    "first", "First attempt", (Step("s1", Note("begin")), Step("s2", TypeText("Ada")), Step("s3", Note("the end")))
)
SECOND = Trajectory(
    "second",
    "Second attempt",
    (Step("s1", Note("begin")), Step("s2", TypeText("Bea")), Step("s3", Note("the end")), Step("s4", Note("checked"))),
)


def chosen_row(person: Any) -> str:
    """What is said of both sides of the row that is chosen."""
    cells = [each for each in person.elements() if each["role"] == "table cell" and "selected" in each["states"]]
    return "; ".join(each["name"] for each in cells)


def test_two_attempts_stand_beside_each_other_and_what_differs_is_gone_through_by_key(
    table: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here = table().without_tour()
    with here.opened_library() as library:
        for each in (FIRST, SECOND):
            library.save(each)
    here.open()
    person = here.person
    person.click_line("First attempt")
    person.press("ctrl", "a")
    person.press("ctrl", "d")
    person.see("Steps side by side")
    person.read("2 the same  ·  1 changed  ·  1 only on the ")
    titles = [person.see(each)["box"][0] for each in ("First attempt", "Second attempt")]
    sides = ("left", "right") if titles[0] < titles[1] else ("right", "left")
    person.read(f"4: checked (only on the {sides[1]})")
    until(lambda: "(differs: text)" in chosen_row(person), "the first difference")
    person.press("n")
    until(lambda: "no step here" in chosen_row(person), "the next difference")
    person.press("p")
    until(lambda: "(differs: text)" in chosen_row(person), "the first difference again")
    here.leave()


@pytest.fixture
def with_keyring(
    table: Callable[..., Any], until: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A desktop whose own session bus has an unlocked keyring on it."""
    if not shutil.which("gnome-keyring-daemon"):
        pytest.skip("GNOME Keyring is not installed")
    here = table().without_tour()
    folder = tmp_path_factory.mktemp("k")
    folder.chmod(0o700)
    kept = {name: str(folder) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME")}
    words = ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, env=here.environment | kept, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as own:
        assert own.stdin
        own.stdin.write(b"test")
        own.stdin.close()
        try:
            until(lambda: b"true" in subprocess.check_output(ON_BUS, env=here.environment), "the keyring")
            yield here
        finally:
            own.terminate()


def files_with(folder: Path, value: str) -> list[Path]:
    """The files below the folder in which it stands."""
    return [path for path in folder.rglob("*") if path.is_file() and value.encode() in path.read_bytes()]


def test_a_secret_is_kept_and_removed_by_its_name_and_its_value_shows_nowhere(
    with_keyring: Any, until: Callable[..., Any], tmp_path: Path
) -> None:
    here, person = with_keyring, with_keyring.person
    here.open("--room", "settings")
    person.click("Secrets", "list item")
    person.see("No secrets are kept")
    person.click("Keep a secret…")
    person.comes_to_front("Keep a secret")
    person.type(NAME)
    person.press("Tab")
    person.type(VALUE)
    assert person.see("Value")["role"] == "password text"
    assert not [line for line in person.lines() if VALUE in line]
    person.press("Return")
    person.see(NAME, "list item")
    assert not [line for line in person.lines() if VALUE in line]

    person.click("Remove…")
    person.comes_to_front("Remove a secret")
    person.click("Remove")
    person.see("No secrets are kept")
    here.leave()
    assert files_with(tmp_path, VALUE) == []
    assert files_with(here.settings_folder, VALUE) == []


def test_the_storage_page_counts_what_is_kept_and_says_what_is_wrong_with_it(table: Callable[..., Any]) -> None:
    here = table().without_tour()
    here.open()
    person = here.person
    person.click("Add a sample to look around")
    person.read("Add two numbers")
    person.press("ctrl", "5")
    person.click("Storage", "list item")
    person.read(str(here.library))
    person.see("1", "label")
    person.click("Check everything")
    person.read("Everything is there and whole.")
    next((here.library / "frames").rglob("*.*")).unlink()
    person.click("Check everything")
    person.read("One thing is wrong")
    person.see("What is wrong with the library", "text")
    here.leave()
