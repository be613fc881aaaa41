"""Runs as OSWorld keeps them: a line and a picture for every action, in many variants."""

import json

import pytest

from workbench.actions import Click, Drag, Fail, Finish, Hover, PressKeys, Scroll, TypeText, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.importing import known
from workbench.library.importing.collecting import NO_ZONE
from workbench.library.importing.taking import Refused


def line(number, action, **fields):
    return {"step_num": number, "action_timestamp": f"20260608@17001{number}500000", "action": action, "reward": 0,
            "done": False, "info": {}, "screenshot_file": f"step_{number}.png", **fields}  # fmt: skip


@pytest.fixture
def run(tmp_path, png):
    """Writes the folder of a run, with pictures of 200 x 100 pixels."""

    def write(*lines, pictures=True, result="1.0\n", name="traj.jsonl", initial="initial_state.png", task=None):
        folder = tmp_path / "run-7"
        folder.mkdir()
        (folder / name).write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines))
        if pictures:
            (folder / initial).write_bytes(png(0, width=200, height=100))
            for seed, one in enumerate(lines, 1):
                if "screenshot_file" in one:
                    (folder / one["screenshot_file"]).write_bytes(png(seed, width=200, height=100))
        if result is not None:
            (folder / "result.txt").write_text(result)
        if task:
            (folder / task).write_text(json.dumps({"id": "run-7", "instruction": "Install the font"}))
        return folder

    return write


def test_the_picture_of_a_line_follows_its_action_and_comes_before_the_next(run, take_one):
    folder = run(
        line(1, "pyautogui.click(100, 25)", response="I click", natural_language_action="Click the menu"),
        line(2, "pyautogui.typewrite('hello')"),
        line(3, "DONE"),
        task="task.json",
    )
    taken = take_one(folder)
    assert taken.format == "osworld"
    one, two, three = taken.trajectory.steps
    assert (one.action, one.target.point, one.thought, one.description) == (
        Click(), Point(100, 25), "I click", "Click the menu",
    )  # fmt: skip
    assert (two.action, three.action) == (TypeText("hello"), Finish())
    frames = [one.observation.frame, one.outcome.frame, two.outcome.frame, three.outcome.frame]
    assert len(set(frames)) == 4
    assert None not in frames
    assert (two.observation.frame, three.observation.frame) == (one.outcome.frame, two.outcome.frame)
    assert (taken.trajectory.task, taken.trajectory.title) == ("Install the font", "Install the font")
    assert [remark.what for remark in taken.remarks] == [NO_ZONE, "result.txt says 1"]


def test_times_are_read_and_count_from_the_first(run, take_one):
    taken = take_one(run(line(1, "WAIT"), line(3, "WAIT")))
    assert taken.trajectory.created == 1780938011.5
    assert [step.observation.epoch_s for step in taken.trajectory.steps] == [1780938011.5, 1780938013.5]
    assert [step.observation.monotonic_ns for step in taken.trajectory.steps] == [0, 2_000_000_000]
    assert taken.trajectory.seconds == 2


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("WAIT", [Wait()]),
        ("fail", [Fail("")]),
        ("```python\npyautogui.press('a')\n```", [PressKeys(("a",))]),
        ("import pyautogui\npyautogui.press('a')\nDONE", [PressKeys(("a",)), Finish()]),
        (["pyautogui.press('a')", "WAIT"], [PressKeys(("a",)), Wait()]),
        ({"action_space": "pyautogui", "action": "pyautogui.press('a')", "pending_checks": []}, [PressKeys(("a",))]),
        ({"action_type": "tool_use", "command": "pyautogui.press('a')", "raw_response": "x"}, [PressKeys(("a",))]),
        ({"action_type": "DONE", "raw_response": "x"}, [Finish()]),
        ({"action_type": "CLICK", "x": 3, "y": 4, "num_clicks": 2, "button": "right"}, [Click("right", 2)]),
        ({"action_type": "MOVE_TO", "parameters": {"x": 3, "y": 4}}, [Hover()]),
        ({"action_type": "RIGHT_CLICK", "x": 3, "y": 4}, [Click("right")]),
        ({"action_type": "DOUBLE_CLICK", "x": 3, "y": 4}, [Click(count=2)]),
        ({"action_type": "SCROLL", "dx": 2, "dy": -3}, [Scroll(2, 3)]),
        ({"action_type": "TYPING", "text": "hi"}, [TypeText("hi")]),
        ({"action_type": "PRESS", "key": "enter"}, [PressKeys(("Return",))]),
        ({"action_type": "HOTKEY", "keys": ["ctrl", "c"]}, [PressKeys(("ctrl", "c"))]),
        ({"action_type": "WAIT"}, [Wait()]),
        ({"action_type": "EXOTIC"}, []),
        ({"action_type": "CLICK", "parameters": 3}, [Click()]),
        (None, []),
        (7, []),
        ("not python at all", []),
    ],
)
def test_every_form_of_action_is_read(run, take_one, action, expected):
    taken = take_one(run(line(1, action), result=None))
    assert [step.action for step in taken.trajectory.steps] == expected
    assert taken.remarks or expected


def test_a_button_held_over_several_lines_is_one_drag(run, take_one):
    lines = [
        {"action_type": "MOUSE_DOWN", "x": 3, "y": 4},
        {"action_type": "MOVE_TO", "x": 9, "y": 9},
        {"action_type": "MOUSE_UP"},
    ]
    taken = take_one(run(*(line(number, action) for number, action in enumerate(lines, 1))))
    (step,) = taken.trajectory.steps
    assert isinstance(step.action, Drag)
    assert (step.target.point, step.destination.point) == (Point(3, 4), Point(9, 9))


def test_a_run_that_broke_off_is_taken_as_far_as_it_went(run, take_one):
    taken = take_one(run(line(1, "pyautogui.press('a')"), {"Error": "Time limit exceeded in chrome/7"}, result="0.0\n"))
    assert [step.action for step in taken.trajectory.steps] == [PressKeys(("a",))]
    assert [remark.what for remark in taken.remarks] == [
        "traj.jsonl 2, the run broke off with an error",
        NO_ZONE,
        "result.txt says 0",
    ]


def test_a_run_that_is_nothing_but_an_error_is_taken_too(run, take_one):
    taken = take_one(run({"Error": "no machine"}, result=None))
    assert taken.trajectory.steps == ()
    assert taken.trajectory.title == "run-7"


def test_missing_pictures_are_said(run, take_one):
    taken = take_one(run(line(1, "pyautogui.click(100, 25)"), pictures=False, result="great"))
    (step,) = taken.trajectory.steps
    assert (step.target.point, step.observation.frame, step.outcome.frame) == (Point(100, 25), None, None)
    assert [remark.what for remark in taken.remarks] == [
        "its picture is not there", NO_ZONE, "result.txt holds no number",
    ]  # fmt: skip


def test_the_older_layout_has_its_pictures_in_a_folder(run, take_one, png):
    folder = run(line(1, "pyautogui.click(10, 25)"), pictures=False, name="trajectory.jsonl", task="run-7.json")
    (folder / "screenshots").mkdir()
    (folder / "screenshots" / "step_1.png").write_bytes(png())
    taken = take_one(folder)
    assert taken.trajectory.steps[0].outcome.frame
    assert taken.trajectory.task == "Install the font"


def test_a_place_outside_of_the_picture_is_left_out_and_said(run, take_one):
    taken = take_one(run(line(1, "pyautogui.click(1000, 25)"), result=None))
    assert taken.trajectory.steps[0].target is None
    assert "1000, 25 is not on the screen" in taken.remarks[0].what


def test_what_is_too_much_for_one_turn_is_left_out_and_said(run, take_one):
    taken = take_one(run(line(1, [f"pyautogui.click({x}, 25)" for x in range(10, 111)] + [["WAIT"]]), result=None))
    assert len(taken.trajectory.steps) == 100
    assert any("of its 102 actions only the first 100 are read" in remark.what for remark in taken.remarks)


@pytest.mark.parametrize("stamp", ["", "20269999@999999", "yesterday", -5, 1e300, None])
def test_a_stamp_that_is_no_time_is_absent(run, take_one, stamp):
    taken = take_one(run(line(1, "WAIT", action_timestamp=stamp)))
    assert taken.trajectory.steps[0].observation.epoch_s == 0
    assert taken.trajectory.created == 0


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "a\0b"])
def test_pictures_outside_of_the_folder_are_not_read(run, take_one, name):
    taken = take_one(run(line(1, "WAIT", screenshot_file=name), pictures=False))
    assert taken.trajectory.steps[0].outcome.frame is None


def test_a_line_that_is_no_json_refuses_the_run(run, take_all):
    (refused,) = take_all(run(line(1, "WAIT"), '{"step_num": ', pictures=False))
    assert isinstance(refused, Refused)
    assert "traj.jsonl line 2" in str(refused.why)


def test_the_file_alone_is_taken_with_its_folder(run, take_one):
    taken = take_one(run(line(1, "WAIT")) / "traj.jsonl")
    assert taken.trajectory.steps[0].outcome.frame


def test_another_file_of_that_name_is_not_taken_for_a_run(run):
    with pytest.raises(BadInputError, match="no format"):
        known.find(run('{"role": "user"}'))


def test_what_came_in_shows_and_goes_out_as_a_bundle(run, take_one, goes_round):
    goes_round(take_one(run(line(1, "pyautogui.click(100, 25)"), line(2, "FAIL"))).trajectory)
