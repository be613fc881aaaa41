"""Show 1: what a person did in real applications is recorded once and done again, each time from a fresh start.

WORKBENCH_SHOWS=full replays the long recording 20 times instead of 3. What counts is not only what the replay says of
itself but what the applications hold afterwards.
"""

import csv
import os
import shutil
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from workbench.desktop.atspi import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import connect
from workbench.desktop.x11.windows import X11Windows

Desk = Callable[..., PrivateDesktop]

RUNS = 20 if os.environ.get("WORKBENCH_SHOWS") == "full" else 3
PATIENCE_S = 60.0
PEOPLE_S = 0.3
"""How long the scripted person rests between acts: as quick as a person who knows the way."""

FIELDS = {"text", "entry"}
SILENT = {"wait", "ask", "note", "finish", "fail"}
CALCULATOR, EDITOR = "galculator", "mousepad --disable-server"
PAGE = Path(__file__).resolve().parents[1] / "apps" / "page.html"
LINES = ["Grüße – 5 €", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", ""]

ACROSS_TWO_APPLICATIONS = [
    ["wait-window", "galculator"],
    *(["click", "galculator", key] for key in ("7", "8", "*", "5", "=")),
    ["click-role", "mousepad", "text"],
    ["wait-window", "Mousepad"],
    ["type", "\n".join(LINES)],
    ["rest", 0.4],
    ["press", "ctrl", "a"],
    ["press", "ctrl", "c"],
    ["press", "End"],
    ["press", "ctrl", "v"],
    ["rest", 0.4],
    ["scroll", "mousepad", "text", -6],
    ["rest", 0.4],
    ["drag", 330, 230, 420, 262],
    ["rest", 0.4],
    ["click", "mousepad", "Search"],
    ["click", "mousepad", "Find and Replace..."],
    ["wait-window", "Find and Replace"],
    ["rest", 0.4],
    ["type", "seven"],
    ["rest", 0.4],
    ["press", "Escape"],
    ["wait-window", "Mousepad"],
    ["rest", 0.4],
    ["click", "galculator", "+"],
    ["click", "galculator", "2"],
    ["click", "galculator", "="],
    ["rest", 0.4],
]
ADD = [
    ["wait-window", "galculator"],
    *(["click", "galculator", key] for key in ("1", "2", "+", "3", "=")),
    ["rest", 0.4],
]

needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")


def held(desktop: PrivateDesktop, app: str, name: str = "") -> str:
    """What the application's field of that name holds, once the application answers."""
    end_s = time.monotonic() + PATIENCE_S
    with closing(connect(desktop.display)) as connection:
        opened = open_accessibility(bus_address=desktop.bus_address, windows=X11Windows(connection))
        assert opened is not None
        with closing(opened):
            while time.monotonic() < end_s:
                for element in opened.walk(app):
                    if element.role in FIELDS and name in (element.name, element.label) and element.value is not None:
                        return element.value
    raise AssertionError(f"{app} shows no field {name!r}")


def until(holds: Callable[[], Any], what: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s, f"{what} did not happen"
        time.sleep(0.05)


def holds(desktop: PrivateDesktop, app: str, text: str, name: str = "") -> bool:
    """Whether the application's field of that name comes to hold this text."""
    until(lambda: held(desktop, app, name).strip() == text.strip(), f"{text!r} in {app}")
    return True


def proven(document: dict[str, Any]) -> dict[str, Any]:
    """The document of a replay that finished with every step done and verified."""
    assert document["outcome"] == "finished", document["reason"]
    assert [step["status"] for step in document["steps"]] == ["done"] * len(document["steps"])
    doubtful = [step for step in document["steps"] if step["action"]["kind"] not in SILENT and not step["verified"]]
    assert not doubtful
    return document


def statuses(document: dict[str, Any]) -> list[str]:
    return [step["status"] for step in document["steps"]]


@pytest.mark.slow
def test_a_recording_across_two_applications_replays_every_time_from_a_fresh_start(workbench: Any, desk: Desk) -> None:
    before = desk(EDITOR, CALCULATOR)
    said = workbench.record(before, ACROSS_TWO_APPLICATIONS, "--title", "Across", pause_s=PEOPLE_S)
    assert said["dropped"] == 0
    until(lambda: held(before, "galculator").strip().startswith("392"), "the sum on the display")
    text, number = held(before, "mousepad"), held(before, "galculator")
    before.close()
    kinds = [step["action"]["kind"] for step in workbench.json("show", "Across")["steps"]]
    assert len(kinds) >= 12
    assert {"click", "type_text", "press_keys", "scroll", "drag"} <= set(kinds)
    assert text == 2 * "\n".join(LINES)
    assert number.strip().startswith("392")
    for _ in range(RUNS):
        today = desk(EDITOR, CALCULATOR)
        document = workbench.json("replay", "Across", environment=today.environment())
        assert len(proven(document)["steps"]) == len(kinds)
        assert holds(today, "mousepad", text)
        assert holds(today, "galculator", number)
        today.close()


@pytest.mark.slow
def test_a_file_manager_is_recorded_and_replayed(workbench: Any, desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    for name in ("alpha", "beta"):
        (folder / name).mkdir(parents=True)
    acts = [
        ["wait-window", "files"],
        ["wait-in", "pcmanfm", "icon", 208, 116],
        ["click-in", "pcmanfm", 208, 116],
        ["press", "Return"],
        ["wait-window", "alpha"],
        ["rest", 0.4],
        ["click-in", "pcmanfm", 177, 66],
        ["wait-window", "files"],
        ["rest", 0.4],
        ["press", "ctrl", "l"],
        ["type", f"{folder}/beta"],
        ["press", "Return"],
        ["wait-window", "beta"],
        ["rest", 0.4],
    ]
    workbench.record(desk(f"pcmanfm {folder}"), acts, "--title", "Files", pause_s=PEOPLE_S)
    today = desk(f"pcmanfm {folder}")
    proven(workbench.json("replay", "Files", environment=today.environment()))
    with closing(connect(today.display)) as connection:
        windows = X11Windows(connection)
        until(lambda: (active := windows.active()) is not None and active.title == "beta", "the last folder")


@pytest.mark.slow
def test_an_application_without_accessibility_is_replayed_by_its_pixels(workbench: Any, desk: Desk) -> None:
    seven, five, plus, nine, equals = (69, 321), (113, 351), (201, 381), (157, 321), (201, 411)
    acts = [["click-in", "xcalc", *place] for place in (seven, five, plus, nine, equals)]
    workbench.record(desk("xcalc"), [*acts, ["rest", 0.4]], "--title", "Pixels", pause_s=PEOPLE_S)
    document = proven(workbench.json("replay", "Pixels", environment=desk("xcalc").environment()))
    assert len(document["steps"]) == 5
    assert all(set(step["located_by"]) <= {"crop", "text"} for step in document["steps"])


@needs_chromium
@pytest.mark.slow
def test_a_page_is_replayed_up_to_the_step_that_nobody_may_approve(workbench: Any, desk: Desk, tmp_path: Path) -> None:
    acts = [
        ["wait-window", "Form"],
        ["rest", 1],
        ["click", "chromium", "Name:"],
        ["type", "Grüße"],
        ["press", "Tab"],
        ["type", "Köln"],
        ["rest", 0.4],
        ["click", "chromium", "Newsletter"],
        ["click", "chromium", "Save"],
        ["click", "chromium", "Delete"],
        ["rest", 0.4],
    ]
    workbench.record(desk(_chromium(tmp_path / "one")), acts, "--title", "Page", pause_s=PEOPLE_S)
    willing = desk(_chromium(tmp_path / "two"))
    proven(workbench.json("replay", "Page", "--approve", "auto", environment=willing.environment()))
    assert holds(willing, "chromium", "Grüße", "Name:")
    strict = desk(_chromium(tmp_path / "three"))
    document = workbench.json("replay", "Page", "--approve", "never", environment=strict.environment(), code=3)
    assert document["outcome"] == "stopped"
    assert statuses(document) == ["done"] * (len(document["steps"]) - 1) + ["skipped"]
    assert "irreversible" in document["reason"]


@pytest.mark.slow
def test_every_row_of_a_table_is_typed_instead_of_what_was_recorded(workbench: Any, desk: Desk, tmp_path: Path) -> None:
    acts = [["click-role", "mousepad", "text"], ["type", "Ada"], ["rest", 0.4]]
    workbench.record(desk(EDITOR), acts, "--title", "Names", pause_s=PEOPLE_S)
    steps = workbench.json("show", "Names")["steps"]
    number = [step["action"]["kind"] for step in steps].index("type_text") + 1
    workbench.json("edit", "Names", "--variable", f"{number}=name")
    table = tmp_path / "names.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["name"], ["Søren – 1 €"], ["Zoë, the second"]])
    today = desk(EDITOR)
    answer = workbench.json("replay", "Names", "--data", str(table), environment=today.environment())
    assert [proven(row)["outcome"] for row in answer["rows"]] == ["finished", "finished"]
    assert answer["summary"]["finished"] == 2
    assert holds(today, "mousepad", "Søren – 1 €Zoë, the second")
    proven(workbench.json("replay", "Names", "--var", "name=Łódź", environment=today.environment()))
    assert holds(today, "mousepad", "Søren – 1 €Zoë, the secondŁódź")


@pytest.mark.slow
def test_a_rehearsal_does_nothing_and_a_part_does_only_that_part(workbench: Any, desk: Desk, tmp_path: Path) -> None:
    workbench.record(desk(CALCULATOR), ADD, "--title", "Add", pause_s=PEOPLE_S)
    today = desk(CALCULATOR)
    environment = today.environment()
    rehearsed = workbench.json("replay", "Add", "--dry-run", environment=environment)
    assert statuses(rehearsed) == ["would-do"] * 5
    assert held(today, "galculator").strip() == "0"
    part = workbench.json("replay", "Add", "--from", "1", "--to", "2", environment=environment)
    assert [step["index"] for step in proven(part)["steps"]] == [1, 2]
    assert holds(today, "galculator", "12")
    beyond = workbench.run("replay", "Add", "--from", "6", environment=environment)
    assert beyond.returncode == 2
    assert "step 6" in beyond.stderr


@pytest.mark.slow
def test_a_replay_leaves_a_report_for_people_and_one_for_machines_however_it_ends(
    workbench: Any, desk: Desk, tmp_path: Path
) -> None:
    workbench.record(desk(CALCULATOR), ADD, "--title", "Add", pause_s=PEOPLE_S)
    report, junit = tmp_path / "report", tmp_path / "junit.xml"
    kept = ("--report", str(report), "--junit", str(junit))
    proven(workbench.json("replay", "Add", *kept, environment=desk(CALCULATOR).environment()))
    assert _cases_and_failures(junit) == (5, 0)
    lost = workbench.json("replay", "Add", "--timeout", "1", *kept, environment=desk(EDITOR).environment(), code=1)
    assert lost["outcome"] == "failed"
    assert _cases_and_failures(junit)[1] == 1
    assert "Galculator" in Path(lost["report"]).read_text(encoding="utf-8")


def _cases_and_failures(junit: Path) -> tuple[int, int]:
    root = ET.parse(junit).getroot()
    return len(root.findall(".//testcase")), len(root.findall(".//failure"))


def _chromium(profile: Path) -> str:
    options = "--no-sandbox --force-renderer-accessibility --no-first-run --password-store=basic --disable-gpu"
    return f"chromium {options} --user-data-dir={profile} {PAGE.as_uri()}"
