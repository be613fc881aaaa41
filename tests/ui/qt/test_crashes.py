"""Reports of the program's own mistakes."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from ui.qt.application import _copy, opened
from ui.qt.crashes import LastWords, report


def _fail(secret):
    raise ValueError(f"the password is {secret}")


def _failed():
    try:
        _fail("hunter2")
    except ValueError as error:
        return error


def test_a_report_names_places_and_versions_and_nothing_that_was_worked_on():
    words = report(_failed())
    assert "error: ValueError" in words
    assert "test_crashes.py" in words
    assert "_fail" in words
    assert "Python" in words
    assert "hunter2" not in words
    assert str(Path.home()) not in words


def test_a_defect_offers_its_report_for_the_clipboard(core, application, tmp_path):
    before = sys.excepthook
    window = opened(core, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    try:
        core.tasks.crashed.emit(_failed())
        (notice,) = core.notices.shown
        assert notice.action == "Copy a report"
        notice.act()
        assert application.clipboard().text() == report(_failed())
    finally:
        sys.excepthook = before
        window.deleteLater()


def test_copying_tells_what_is_in_the_report(core, application):
    _copy(core, "words")
    assert application.clipboard().text() == "words"
    assert "nothing of your work" in core.notices.shown[0].text


@pytest.mark.parametrize(
    ("ending", "told"),
    [("words.close()", False), ("ctypes.string_at(0)", True), ("os._exit(3)", False)],
)
def test_a_process_that_was_killed_by_an_error_below_python_leaves_its_last_words(ending, told, tmp_path):
    path = tmp_path / "settings" / "last-words.txt"
    program = "\n".join(
        [
            "import ctypes, os, pathlib",
            "from ui.qt.crashes import LastWords",
            "def somewhere():",
            f"    {ending}",
            f"words = LastWords(pathlib.Path({str(path)!r}))",
            "somewhere()",
        ]
    )
    subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    words = LastWords(path)
    assert bool(words.left) is told
    if told:
        assert "Fatal Python error: Segmentation fault" in words.left
        assert "somewhere" in words.left
        assert str(tmp_path) not in words.left
    words.close()
    assert not path.exists()
