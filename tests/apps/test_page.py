"""The page and the Qt form do what their options say, so that drift tests test the drift they mean."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

APPS = Path(__file__).parent

chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
pyside = pytest.mark.skipif(importlib.util.find_spec("PySide6") is None, reason='the extra "window" is not installed')


def _shown(folder: Path, options: str) -> str:
    """The page's elements after its script has run."""
    page = f"{(APPS / 'page.html').as_uri()}#{options}"
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder}",
        "--dump-dom",
        page,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def _buttons(dom: str) -> list[str]:
    row = re.search(r'<div id="buttons">(.*?)</div>', dom, re.S)
    assert row is not None
    return re.findall(r"<button[^>]*>(.*?)</button>", row.group(1))


@chromium
def test_a_page_without_options_shows_its_form(tmp_path: Path) -> None:
    dom = _shown(tmp_path, "")
    assert _buttons(dom) == ["Save", "Delete", "Cancel", "Apply"]
    assert dom.count("<tr>") == 6
    assert "<title>Form</title>" in dom
    assert '<input type="password"' in dom


@chromium
def test_a_page_shows_every_drift_that_was_asked_for(tmp_path: Path) -> None:
    options = "rename=Save:Keep&remove=Delete&look-alike=Cancel&look-alike-after=Apply&disabled=Apply"
    dom = _shown(tmp_path, f"{options}&title=Other%20form&dialog=Really%3F&rows=30&dark")
    assert _buttons(dom) == ["Cancel", "Keep", "Cancel", "Apply", "Apply"]
    assert dom.count('disabled=""') == 2
    assert "<title>Other form</title>" in dom
    assert re.search(r'<dialog id="question" open="">\s*<p>Really\?</p>', dom)
    assert dom.count("<tr>") == 31
    assert 'class="dark"' in dom


@pyside
def test_the_qt_form_starts_and_shows_its_window(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    quits = (
        "import sys; sys.argv[0] = 'qt_form';"
        f"sys.path.insert(0, {str(APPS)!r}); import qt_form; from PySide6.QtCore import QTimer;"
        "shown = qt_form.Form.shown;"
        "qt_form.Form.shown = lambda form: (shown(form), QTimer.singleShot(0, form.close));"
        "sys.exit(qt_form.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-W", "error", "-c", quits, "--ready", str(ready), "--rename", "Save=Keep"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run(command, env=environment, timeout=60).returncode == 0
    assert ready.exists()
