"""What may happen while the window is open: a child dies, the screen changes, the library goes, the disk is full."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.actions import Note, Wait
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory

pytestmark = pytest.mark.slow

MOST_NOTICES = 3
SMALLER = (
    "--newmode smaller 63.5 1024 1072 1176 1328 768 771 775 798",
    "--addmode screen smaller",
    "--output screen --mode smaller",
)
"""The words by which `xrandr` makes a screen of 1024x768."""

SLOW = Trajectory("slow", "Slow", (Step("s1", Wait(seconds=0.1)), Step("s2", Wait(seconds=60))))
NOTES = Trajectory("notes", "Notes", tuple(Step(f"n{number}", Note(f"note {number}")) for number in range(4)))


def keep(folder: Path, *trajectories: Trajectory) -> None:
    with Library.open(folder) as library:
        for each in trajectories:
            library.save(each)


def dialogs(person: Any) -> list[str]:
    """What stands in the way."""
    return [each["name"] for each in person.elements() if each["role"] in ("dialog", "alert")]


def is_at_work(person: Any, number: int) -> bool:
    """Whether the step is shown as the one that is being done."""
    return any(each.startswith(f"Step {number}") and "at work" in each for each in person.lines())


def test_a_replay_whose_process_is_killed_is_told_in_the_window_and_can_be_begun_again(
    table: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here = table().without_tour()
    keep(here.library, SLOW)
    here.open("slow")
    person = here.person
    person.read("2 steps")
    person.press("F5")
    person.see("Set up", "page tab")
    person.press("F5")
    until(lambda: is_at_work(person, 2), "the second step")
    (worker,) = until(lambda: here.workers(), "a process of the replay")
    os.kill(worker, signal.SIGKILL)
    until(lambda: person.notices(), "a notice")
    assert len(person.notices()) <= MOST_NOTICES
    assert dialogs(person) == []
    until(lambda: not here.workers(), "the end of the process")
    person.see("The replay failed")
    person.press("F5")
    until(lambda: here.workers(), "another process")
    until(lambda: is_at_work(person, 2), "the second step once more")
    person.press("shift", "F5")
    person.read("The replay was stopped")
    assert here.stored(lambda library: library.verify()) == []
    here.leave()


def test_a_replay_that_is_killed_while_it_is_paused_is_told_without_being_asked_to_go_on(
    table: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here = table().without_tour()
    keep(here.library, NOTES)
    here.open("notes")
    person = here.person
    person.read("4 steps")
    person.press("F5")
    person.see("Set up", "page tab")
    person.press("F10")
    person.read("paused before step 1")
    person.press("F10")
    person.read("paused before step 2")
    (worker,) = here.workers()
    os.kill(worker, signal.SIGKILL)
    person.see("The replay failed")
    until(lambda: any("signal 9 after 1 step" in line for line in person.notices()), "the notice")
    assert len(person.notices()) <= MOST_NOTICES
    assert dialogs(person) == []
    until(lambda: not here.workers(), "the end of the process")
    until(lambda: here.stored(lambda library: library.runs("notes"))[0].outcome == "failed", "the end of its log")
    person.press("F5")
    person.see("The replay finished")
    assert here.stored(lambda library: library.verify()) == []
    here.leave()


def test_the_window_stays_usable_when_the_resolution_changes(
    table: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here = table().without_tour()
    keep(here.library, SLOW)
    here.open()
    person = here.person
    person.read("Slow")
    for words in SMALLER:
        subprocess.run(["xrandr", *words.split()], env=here.environment, check=True, capture_output=True)
    person.press("ctrl", "5")
    person.see("Search settings")

    def fits() -> bool:
        x, y, width, height = person.see("Settings", "check box")["box"]
        return bool(x + width <= 1024 and y + height <= 768)

    until(fits, "the window on the smaller screen")
    person.click("Library", "check box")
    person.read("Slow")
    assert person.notices() == []
    here.leave()


def test_a_library_that_is_moved_away_is_told_once_and_is_whole_when_it_is_back(
    table: Callable[..., Any], until: Callable[..., Any], tmp_path: Path
) -> None:
    here = table().without_tour()
    keep(here.library, NOTES)
    here.open("notes")
    person = here.person
    person.read("4 steps")
    away = tmp_path / "elsewhere"
    here.library.rename(away)
    for room in ("1", "2", "1"):
        person.press("ctrl", room)
    said = until(lambda: person.notices(), "a notice")
    assert "is gone; bring it back" in said[0]
    person.press("ctrl", "k")
    person.type("note")
    person.see("Search the library")
    assert len(person.notices()) <= MOST_NOTICES
    assert dialogs(person) == []
    assert not here.library.exists(), "it must not be made anew"
    away.rename(here.library)
    person.press("Escape")
    person.press("ctrl", "2")
    person.press("ctrl", "1")
    person.click_line("Notes")
    person.press("Return")
    person.read("4 steps")
    assert here.stored(lambda library: library.verify()) == []
    here.leave()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], capture_output=True).returncode:
        pytest.skip("only root may mount a small file system here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the space that is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                continue
        except OSError:
            return filler
    return filler


def test_a_full_disk_is_told_in_the_window_and_what_was_edited_is_not_lost(
    table: Callable[..., Any], until: Callable[..., Any], small_disk: Path
) -> None:
    here = table(library=small_disk / "library").without_tour()
    keep(here.library, NOTES)
    here.open("notes")
    person = here.person
    person.read("4 steps")
    filler = fill(small_disk)
    person.press("Delete")
    until(lambda: any("disk" in line for line in person.notices()), "a notice about the disk")
    person.press("Delete")
    person.press("ctrl", "1")
    person.read("Notes")
    assert len(person.notices()) <= MOST_NOTICES
    assert dialogs(person) == []
    filler.unlink()
    person.click_line("Notes")
    person.press("Return")
    person.see("Inspector")
    person.press("Delete")
    person.read("3 steps")
    until(lambda: len(here.stored(lambda library: library.get("notes")).steps) == 3, "the edit on the disk")
    assert here.stored(lambda library: library.verify()) == []
    here.leave()
