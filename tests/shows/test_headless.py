"""The command line needs no Qt: with every binding of it out of reach it records, lists, shows and replays the same."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.desktop.private import PrivateDesktop

NO_QT = '''
"""Refuses Qt in every Python process that starts with this folder on its path, and writes down who asked for it."""

import os
import sys
from pathlib import Path

TRIED = Path(os.environ["PYTHONS_ASKING"])
STARTED = Path(os.environ["PYTHONS_STARTED"])


class NoQt:
    """A finder that has no Qt to offer."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide2", "PySide6", "PyQt5", "PyQt6", "shiboken6", "sip"}:
            with TRIED.open("a") as file:
                file.write(f"{name} by {sys.argv}\\n")
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


sys.meta_path.insert(0, NoQt())
with STARTED.open("a") as file:
    file.write(f"{sys.orig_argv}\\n")
'''


@pytest.fixture
def without_qt(tmp_path: Path) -> dict[str, str]:
    """Variables under which no Python process can import Qt."""
    folder = tmp_path / "no-qt"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(NO_QT)
    return {
        "PYTHONPATH": str(folder),
        "PYTHONS_ASKING": str(tmp_path / "tried"),
        "PYTHONS_STARTED": str(tmp_path / "started"),
    }


@pytest.mark.slow
def test_recording_and_replaying_never_even_ask_for_qt(
    workbench: Any,
    desk: Callable[..., PrivateDesktop],
    without_qt: dict[str, str],
    tmp_path: Path,
    perform: Callable[..., None],
) -> None:
    desktop = desk("mousepad")
    perform(desktop, [["wait-window", "Mousepad"]])
    here, there = dict(os.environ) | without_qt, desktop.environment() | without_qt
    recorder = workbench.start("record", "--json", "--title", "A word", environment=there)
    assert recorder.stderr
    assert any(line.startswith("recording ") for line in recorder.stderr)
    subprocess.run(["xdotool", "type", "--delay", "60", "a word"], env=desktop.environment(), check=True)
    recorder.send_signal(signal.SIGINT)
    out, talk = recorder.communicate(timeout=60)
    assert recorder.returncode == 0, talk
    assert json.loads(out)["steps"] == 1
    assert [listed["title"] for listed in workbench.json("list", environment=here)] == ["A word"]
    (step,) = workbench.json("show", "A word", environment=here)["steps"]
    assert step["action"]["text"] == "a word"
    report = tmp_path / "report"
    words = ("replay", "A word", "--private-desktop", "--app", "mousepad", "--report", str(report))
    assert workbench.json(*words, environment=here)["outcome"] == "finished"
    assert list(report.glob("*.html"))
    assert_no_process_asked(tmp_path)


def assert_no_process_asked(folder: Path) -> None:
    """Qt was out of reach in the children too, and nobody missed it."""
    started = (folder / "started").read_text()
    assert "recorder.child" in started
    assert "workbench.session.child" in started
    assert not (folder / "tried").exists(), (folder / "tried").read_text()
