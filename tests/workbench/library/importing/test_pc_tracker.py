"""PC Tracker: every action of its grammar, what it cannot say, and the sample of its authors."""

import json
import re
from pathlib import Path

import pytest

from workbench.actions import Click, Drag, Fail, Finish, PressKeys, Scroll, TypeText, Wait
from workbench.geometry import Point, Rect
from workbench.library.importing.known import find, recognise
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused, take

STAMP = "2024-11-26_16:15:{:02}"


@pytest.fixture
def log(tmp_path, png):
    """Writes a recording of these actions, each with a picture, and returns its folder."""
    folder = tmp_path / "events"

    def write(*actions: str, **fields: object) -> Path:
        (folder / "screenshot").mkdir(parents=True)
        lines = []
        for number, action in enumerate(actions, 1):
            (folder / "screenshot" / f"{number}.png").write_bytes(png(number))
            line = {"timestamp": STAMP.format(number), "action": action, "screenshot": f"screenshot\\{number}.png"}
            lines.append(json.dumps(line | {"element": None, "rect": None} | fields))
        (folder / "free_task_20241126_161501.jsonl").write_text("\n".join(lines) + "\n")
        return folder

    return write


def test_every_action_of_the_grammar_is_read(log, take_one):
    taken = take_one(
        log(
            "click (1, 2)", "right click (3, 4)", "double click (5, 6)", "middle click (7, 8)", "press (10, 20)",
            "drag to (30, 40)", "scroll (0, -3)", "press key enter", "hotkey (ctrl, S)", "type text: hello, {{x}}",
            "wait", "fail", "finish",
        )
    )  # fmt: skip
    assert [step.action for step in taken.trajectory.steps] == [
        Click(), Click(button="right"), Click(count=2), Click(button="middle"), Drag(), Scroll(dy=3),
        PressKeys(("Return",)), PressKeys(("ctrl", "s")), TypeText("hello, {{x}}"), Wait(), Fail(""), Finish(),
    ]  # fmt: skip
    drag = taken.trajectory.steps[4]
    assert (drag.target.point, drag.destination.point) == (Point(10, 20), Point(30, 40))
    assert [remark.step for remark in taken.remarks] == [0]


def test_steps_show_the_picture_before_and_the_time_of_their_action(log, take_one, library):
    steps = take_one(log("click (1, 2)", "finish")).trajectory.steps
    assert [step.observation.monotonic_ns for step in steps] == [0, 10**9]
    assert [step.observation.epoch_s for step in steps] == [1732637701.0, 1732637702.0]
    assert library.frames.load(steps[1].observation.frame).bounds == Rect(0, 0, 320, 200)
    assert steps[0].observation.frame != steps[1].observation.frame


def test_the_element_has_its_name_and_its_bounds_and_no_role(log, take_one):
    rect = {"left": 1.5, "top": 2, "right": 30, "bottom": 40.2}
    (step,) = take_one(log("click (10, 10)", element="Start", rect=rect)).trajectory.steps
    element = step.target.element
    assert (element.name, element.role, element.app, element.bounds) == ("Start", "unknown", "", Rect(1, 2, 29, 39))


def test_an_element_without_a_name_keeps_its_bounds(log, take_one):
    rect = {"left": -9, "top": 0, "right": 30, "bottom": 40}
    (step,) = take_one(log("click (10, 10)", element="Unknown", rect=rect)).trajectory.steps
    assert (step.target.element.name, step.target.element.bounds) == ("", Rect(-9, 0, 39, 40))


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        (("click (1, 1)", "click (320, 10)"), "outside"),
        (("click (1, 1)", "click (999999999, 1)"), "outside"),
        (("click (1, 1)", "press (5, 5)", "wait"), "press that no drag"),
        (("click (1, 1)", "press (5, 5)"), "press that no drag"),
        (("click (1, 1)", "drag to (5, 5)"), "without its press"),
        (("click (1, 1)", "press key nonsense"), "cannot be carried out"),
        (("click (1, 1)", "hotkey (ctrl, ctrl)"), "cannot be carried out"),
        (("click (1, 1)", "scroll (0, 99999)"), "cannot be carried out"),
        (("click (1, 1)", "rm -rf"), "cannot be carried out"),
    ],
)
def test_what_cannot_be_carried_out_is_dropped_and_said(log, take_one, actions, words):
    taken = take_one(log(*actions))
    assert len(taken.trajectory.steps) == 1 + ("wait" in actions)
    assert [remark.step for remark in taken.remarks if words in remark.what] == [2]


def test_a_missing_picture_is_said_and_one_from_outside_is_never_read(log, take_one, tmp_path, png):
    (tmp_path / "secret.png").write_bytes(png(9))
    taken = take_one(log("click (1, 1)", screenshot="../secret.png"))
    assert taken.trajectory.steps[0].observation.frame is None
    assert any("`screenshot` is not there" in remark.what for remark in taken.remarks)


def test_a_damaged_picture_refuses_the_recording_and_leaves_no_frame(log, take_all, library):
    folder = log("click (1, 1)", "wait")
    (folder / "screenshot" / "2.png").write_bytes(b"\x89PNG nothing")
    (refused,) = take_all(folder)
    assert isinstance(refused, Refused)
    assert "2.png" in str(refused.why)
    assert list(library.frames.all()) == []


def test_the_file_alone_is_taken_without_its_pictures(log, take_one):
    folder = log("click (1, 1)")
    taken = take_one(folder / "free_task_20241126_161501.jsonl")
    assert taken.trajectory.steps[0].target.point == Point(1, 1)
    assert any("name the folder" in remark.what for remark in taken.remarks)


@pytest.mark.parametrize("line", ['{"timestamp": "now", "action": "wait"}', '{"action": 1}', "", "[]", "{" * 5000])
def test_other_lines_are_no_such_recording(tmp_path, line):
    (tmp_path / "a.jsonl").write_text(line)
    assert recognise(Source(tmp_path)) is None


def test_what_is_none_is_refused_when_it_is_said_to_be_one(tmp_path, library):
    (tmp_path / "a.jsonl").write_text("{}")
    (refused,) = take(library, find(tmp_path, chosen="pc-tracker"), reduce=lambda _: ())
    assert "no recording of PC Tracker" in str(refused.why)


def test_the_sample_of_its_authors_is_taken_whole(samples, take_one, goes_round, shown):
    folder = samples / "pc_tracker"
    (file,) = folder.rglob("*.jsonl")
    raw = [json.loads(line)["action"] for line in file.read_text().splitlines()]
    places = [tuple(map(int, found)) for found in re.findall(r"click \((\d+), (\d+)\)", "\n".join(raw))]
    typed = [action.partition(": ")[2] for action in raw if action.startswith("type text")]
    assert [found.format for found in find(folder)] == ["pc-tracker"]
    taken = take_one(folder)
    steps = taken.trajectory.steps
    clicks = [step for step in steps if isinstance(step.action, Click)]
    assert len(steps) == len(raw)
    assert [(step.target.point.x, step.target.point.y) for step in clicks] == places
    assert [step.action.text for step in steps if isinstance(step.action, TypeText)] == typed
    assert all(step.observation.frame for step in steps)
    assert taken.trajectory.task == 'create a new blank slide with title "Hello, world" on desktop.'
    goes_round(taken.trajectory)
    assert len(shown(taken.trajectory)["steps"]) == len(raw)


def test_a_drag_that_ends_beside_its_picture_is_dropped_and_said(log, take_one):
    taken = take_one(log("press (10, 20)", "drag to (5000, 40)", "wait"))
    assert [step.action for step in taken.trajectory.steps] == [Wait()]
    assert any("not on its picture" in remark.what for remark in taken.remarks)
