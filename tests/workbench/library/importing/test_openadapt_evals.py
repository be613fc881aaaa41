"""Traces of OpenAdapt's evaluations: pictures, and a page that says what was done between them."""

import json
import re

import pytest

from workbench.actions import Click, Note, PressKeys, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.importing import known
from workbench.report.words import describe

PAGE = """# Execution Trace: Open a thing

### Step 0 (Reset)
![Reset](step_00_reset.png)

### Step 1
**Planner**: Click the button
**Grounder**: [250, 500, 350, 700] (the button)
**Result**: It opened
![Step 1](step_01.png)

### Step 2
**Planner**: press Ctrl+A
**Action**: `pyautogui.hotkey('ctrl', 'a')` (select all)

### Step 3
**Planner**: be patient

## After
**Planner**: no step
"""


@pytest.fixture
def trace(tmp_path, png):
    def write(page):
        folder = tmp_path / "trace"
        folder.mkdir()
        for seed, name in enumerate(("step_00_reset.png", "step_01.png", "step_02.png")):
            (folder / name).write_bytes(png(seed, width=200, height=100))
        if page is not None:
            (folder / "README.md").write_text(page)
        return folder

    return write


def test_the_page_says_what_was_done_and_where(trace, take_one):
    taken = take_one(trace(PAGE))
    assert taken.format == "openadapt-evals"
    one, two, three = taken.trajectory.steps
    assert (one.action, one.target.point, one.description) == (Click(), Point(60, 60), "Click the button")
    assert (two.action, two.description) == (PressKeys(("ctrl", "a")), "press Ctrl+A")
    assert three.action == Note("be patient")
    assert one.outcome.frame == two.observation.frame != one.observation.frame
    assert (taken.trajectory.title, taken.trajectory.task) == ("Open a thing", "Open a thing")
    assert [(remark.step, "neither a box nor code" in remark.what) for remark in taken.remarks] == [(3, True)]


def test_without_the_page_the_pictures_are_kept_and_no_action_is_made_up(trace, take_one):
    taken = take_one(trace(None))
    assert [type(step.action) for step in taken.trajectory.steps] == [Note, Note]
    assert all(step.outcome.frame for step in taken.trajectory.steps)
    assert taken.remarks[0].step == 0


def test_code_of_the_page_that_is_no_python_is_left_out_and_said(trace, take_one):
    taken = take_one(trace(PAGE.replace("'a')`", "'a'`")))
    assert len(taken.trajectory.steps) == 2
    assert "step 2 of the page, left out" in taken.remarks[0].what


def test_other_pictures_are_not_taken_for_a_trace(tmp_path):
    (tmp_path / "step_00_reset.png").write_bytes(b"GIF89a")
    (tmp_path / "step_01.png").write_bytes(b"GIF89a")
    with pytest.raises(BadInputError, match="no format"):
        known.find(tmp_path)


def test_the_real_traces_agree_with_an_independent_count(samples, take_all, goes_round):
    folder = samples / "winshots" / "docs" / "traces"
    chrome, notepad = sorted(take_all(folder), key=lambda taken: taken.path.name)
    assert {chrome.format, notepad.format} == {"openadapt-evals"}
    page = (folder / "notepad_hello_2026_03_18" / "README.md").read_text()
    actions = [step.action for step in notepad.trajectory.steps]
    assert len(actions) == page.count("### Step ") - 1
    assert sum(isinstance(action, Click) for action in actions) == page.count("**Grounder**")
    typed = "".join(action.text for action in actions if isinstance(action, TypeText))
    assert typed == "".join(re.findall(r"pyautogui\.write\('([^']*)'", page))
    assert notepad.trajectory.steps[0].target.point == Point((325 + 365) * 1280 // 2000, (943 + 992) * 720 // 2000)
    pictures = [path.name for path in (folder / "chrome_settings_2026_03_19").glob("step_*.png")]
    assert len(chrome.trajectory.steps) == len(pictures) - 1
    for taken in (chrome, notepad):
        assert json.dumps([describe(step) for step in taken.trajectory.steps])
        goes_round(taken.trajectory)
