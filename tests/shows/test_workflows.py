"""A routine that was recorded three times with other values is found, approved, and used for a fourth task.

The person is scripted, the editor is a real one, and the model is the one that comes with the program.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.desktop.private import PrivateDesktop

pytestmark = pytest.mark.slow

Desk = Callable[..., PrivateDesktop]

EDITOR = "mousepad --disable-server"
PEOPLE_S = 0.25
LETTERS = [("Dear Ada", "ada.txt"), ("Good morning, Bob", "bob.txt"), ("Hello Cem", "cem.txt")]


def task_of(text: str, path: Path) -> str:
    return f'write "{text}" and save it as {path}'


def acts_of(text: str, path: Path) -> list[list[Any]]:
    return [
        ["wait-window", "Mousepad"],
        ["click-role", "mousepad", "text"],
        ["type", text],
        ["rest", 0.4],
        ["press", "ctrl", "s"],
        ["wait-window", "Save As"],
        ["rest", 0.6],
        ["press", "ctrl", "a"],
        ["type", str(path)],
        ["rest", 0.6],
        ["press", "Return"],
        ["wait-window", path.name],
        ["rest", 0.4],
    ]


def test_a_routine_of_three_recordings_is_used_in_a_fourth_run_and_named_in_its_report(
    workbench: Any, desk: Desk, tmp_path: Path
) -> None:
    for text, name in LETTERS:
        path = tmp_path / name
        before = desk(EDITOR)
        workbench.record(before, acts_of(text, path), "--task", task_of(text, path), "--title", name, pause_s=PEOPLE_S)
        before.close()
        assert path.read_text() == text
    (workflow,) = workbench.json("learn", "propose")["workflows"]
    shown = workbench.json("learn", "show", workflow["id"])
    assert [one["name"] for one in shown["variables"]] == ["text", "name"]
    assert workflow["words"] == "write {{text}} and save it as {{name}}"
    assert {one["title"] for one in shown["sources"]} == {name for _, name in LETTERS}
    made = workbench.json("learn", "approve", workflow["id"])
    today, path, report = desk(EDITOR), tmp_path / "dora.txt", tmp_path / "report"
    done = workbench.json(
        *("run", task_of("Dear Dora, see you", path), "--model", "built-in", "--approve", "auto"),
        *("--workflows", "on", "--exemplars", "none", "--report", str(report)),
        environment=today.environment(),
    )
    assert (done["outcome"], done["reason"]) == ("finished", None)
    assert path.read_text() == "Dear Dora, see you"
    call, *steps = done["steps"]
    assert call["action"]["workflow"] == shown["title"]
    assert len(steps) == len(shown["steps"]) + 1
    assert {step["status"] for step in done["steps"]} == {"done"}
    page = Path(done["report"]).read_text(encoding="utf-8")
    assert all(word in page for word in (shown["title"], "learned from", *(name for _, name in LETTERS)))
    kept = workbench.json("show", done["trajectory"])["steps"]
    assert [step["action"]["kind"] for step in kept[:2]] == ["note", "click"]
    assert workbench.json("learn", "show", workflow["id"])["runs"] == 1
    assert workbench.json("show", made["trajectory"])["title"] == shown["title"]
    assert workbench.json("verify") == {"ok": True, "problems": []}
