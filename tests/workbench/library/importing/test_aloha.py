"""Logs of ShowUI-Aloha become steps, and its traces notes."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.actions import Click, Drag, Note, PressKeys, Scroll, TypeText
from workbench.geometry import Point, Rect
from workbench.library.importing import known
from workbench.library.importing.collecting import NO_ZONE
from workbench.library.importing.taking import Refused, Taken
from workbench.trajectory import Trajectory

SCREEN = {"0": {"x0": 0, "y0": 0, "width": 320, "height": 200, "scale_factor": 2.0}}


def _log(path: Path, *lines: tuple[float, str], screen: object = SCREEN) -> Path:
    metadata = {"video_start_time": "2025-09-12 08:54:17.500", "screen_info": screen}
    head = ["# Input Recording Log", "# Started: then", f"# Metadata: {json.dumps(metadata)}", "# Format: JSON", ""]
    rows = [
        json.dumps({"timestamp": f"00:00:{at:06.3f}", "message": message, "window": "a.exe - A"})
        for at, message in lines
    ]
    path.write_text("\n".join([*head, *rows]) + "\n")
    return path


def _actions(trajectory: Trajectory) -> list[object]:
    return [step.action for step in trajectory.steps]


def test_messages_become_steps_in_pixels_of_the_screen(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    log = _log(
        tmp_path / "input_log.txt",
        (0.0, json.dumps(SCREEN)),
        (0.1, "Initial Active Window: chrome.exe - New Tab - Google Chrome"),
        (1.0, "LClick at (10, 20)"),
        (1.1, "LRelease at (10, 20)"),
        (2.0, "Key Press: H"),
        (2.1, "Key Release: H"),
        (2.2, "Key Press: SPACE"),
        (2.3, "Hotkey: SHIFT"),
        (2.4, "Hotkey: SHIFT+I"),
        (2.5, "Key Release: I"),
        (2.6, "Key Release: SHIFT"),
        (2.7, "Key Press: ENTER"),
        (3.0, "Hotkey: CTRL+C"),
        (3.1, "Key Release: C"),
        (3.2, "Key Release: CTRL"),
        (4.0, "ScrollDown at (30, 40)"),
        (4.1, "ScrollDown at (30, 40)"),
        (5.0, "RClick at (50, 60)"),
        (5.1, "RRelease at (50, 60)"),
        (6.0, "DragStart at (10, 10)"),
        (6.1, "DragMove at (20, 10)"),
        (6.2, "LDragEnd at (40, 10)"),
        (6.9, "Move at (9, 9)"),
        (7.0, "Somersault at (1, 2)"),
        (7.1, "Key Press: WHATEVER"),
    )
    taken = take_one(log)
    actions = _actions(taken.trajectory)
    assert actions[:6] == [
        Click(), TypeText("h I"), PressKeys(("Return",)), PressKeys(("ctrl", "c")), Scroll(dy=2), Click("right"),
    ]  # fmt: skip
    assert isinstance(actions[6], Drag)
    first = taken.trajectory.steps[0]
    assert first.target is not None
    assert first.target.window is not None
    assert first.target.point == Point(20, 40)
    assert (first.target.window.app, first.target.window.title) == ("chrome.exe", "New Tab - Google Chrome")
    assert taken.trajectory.screens[0].scale == 2.0
    assert taken.trajectory.created == 1757667257.5
    assert {remark.what for remark in taken.remarks} == {
        NO_ZONE,
        "a message of an unknown kind was left out (line 29)",
        "a key that is not known was left out (line 30)",
    }


def test_a_folder_with_a_video_gives_pictures_and_their_pixels(
    tmp_path: Path, film: Callable[..., None], take_one: Callable[[Path], Taken], frame_number: Callable[..., int],
    goes_round: Callable[..., None],
) -> None:  # fmt: skip
    folder = tmp_path / "inputs"
    folder.mkdir()
    _log(folder / "input_log.txt", (1.0, "LClick at (10, 20)"), (1.1, "LRelease at (10, 20)"))
    film(folder / "screen.mp4", 40, width=640, height=400)
    (found,) = known.find(folder)
    assert found.format == "aloha"
    trajectory = take_one(folder).trajectory
    (step,) = trajectory.steps
    assert step.target is not None
    assert step.target.point == Point(40, 80)  # 160x100 logical, 640x400 in the video
    assert (frame_number(step.observation.frame), frame_number(step.outcome.frame)) == (9, 21)
    assert trajectory.screens[0].bounds == Rect(0, 0, 640, 400)
    goes_round(trajectory)


def test_keys_whose_character_depends_on_a_layout_stay_keys(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    log = _log(tmp_path / "log.txt", (1.0, "Hotkey: SHIFT+1"), (1.1, "Key Release: 1"), (1.2, "Key Release: SHIFT"))
    assert _actions(take_one(log).trajectory) == [PressKeys(("shift", "1"))]


@pytest.mark.parametrize("clock", ["soon", "00:00", "99999:00:00", "00:00:0x"])
def test_a_line_without_a_time_is_refused(
    tmp_path: Path, clock: str, take_all: Callable[[Path], list[Taken | Refused]]
) -> None:
    log = _log(tmp_path / "log.txt", (1.0, "LClick at (1, 2)"))
    log.write_text(log.read_text().replace("00:00:01.000", clock))
    (one,) = take_all(log)
    assert isinstance(one, Refused)
    assert "line 6" in str(one.why)


def test_a_trace_becomes_notes_with_its_thoughts(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    caption = {"observation": "a page", "think": "go on", "action": "Click Go", "expectation": "it goes"}
    path = tmp_path / "shop_trace.json"
    path.write_text(json.dumps({"trajectory": [{"step_idx": 1, "caption": caption}]}))
    taken = take_one(path)
    (step,) = taken.trajectory.steps
    assert (step.action, step.thought) == (Note("Click Go"), "a page\ngo on\nit goes")
    assert taken.trajectory.title == "shop_trace"


def test_the_sample_has_as_many_clicks_and_letters_as_its_log(
    samples: Path, take_all: Callable[[Path], list[Taken | Refused]], goes_round: Callable[..., None],
    shown: Callable[..., dict[str, object]],
) -> None:  # fmt: skip
    taken = take_all(samples / "aloha")
    assert [one.format for one in taken] == ["aloha"] * 3
    raw = next((samples / "aloha").glob("input_log_*.txt")).read_text()
    log = next(one for one in taken if isinstance(one, Taken) and one.name.endswith(".txt"))
    actions = _actions(log.trajectory)
    assert sum(isinstance(action, Click) for action in actions) == len(re.findall(r'"LClick at', raw))
    pressed = re.findall(r'"(?:Key Press: |Hotkey: SHIFT\+)([A-Z]|SPACE|BACKSPACE)"', raw)
    typed = "".join(action.text for action in actions if isinstance(action, TypeText))
    # three letters were taken back with Backspace: one while Shift was held, which is a key of its own
    assert len(typed) == sum(key != "BACKSPACE" for key in pressed) - sum(key == "BACKSPACE" for key in pressed) + 1
    assert [remark.what for remark in log.remarks] == [NO_ZONE]
    for one in taken:
        assert isinstance(one, Taken)
        goes_round(one.trajectory)
        assert shown(one.trajectory)["id"] == one.trajectory.id
    for path in (samples / "aloha" / "Aloha_Act" / "trace_data").glob("*.json"):
        count = len(json.loads(path.read_text())["trajectory"])
        assert [len(one.trajectory.steps) for one in taken if isinstance(one, Taken) and one.path == path] == [count]
