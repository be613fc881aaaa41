"""Training sets of AgentNet: every line a task, with pictures beside it or without."""

import json

import pytest

from workbench.actions import Click, Drag, Fail, Finish, Hover, PressKeys, Scroll, TypeText, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.importing import known
from workbench.library.importing.taking import Refused, Taken


def element(code, image=None, **words):
    return {"index": 0, **({"image": image} if image else {}), "value": {"code": code, "observation": "seen", **words}}


def task(*elements, **fields):
    return {"task_id": "t1", "instruction": "Sort the table\nby number", "traj": list(elements), **fields}


@pytest.fixture
def data(tmp_path):
    """Writes a file of such lines, and pictures of 200 x 100 pixels beside it."""

    def write(*lines, pictures=(), folder="images", png=None):
        home = tmp_path / "data"
        (home / folder).mkdir(parents=True, exist_ok=True)
        for seed, name in enumerate(pictures):
            (home / folder / name).write_bytes(png(seed, width=200, height=100))
        text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        (home / "some.jsonl").write_text(text)
        return home

    return write


def test_every_step_gets_its_picture_words_and_place(data, take_one, png):
    home = data(
        task(
            element("pyautogui.click(x=0.5, y=0.25)", "a.png", action="Click on C2", thought="It is first"),
            element("pyautogui.moveTo(x=0.1, y=0.2)\npyautogui.dragTo(x=0.9, y=0.2, button='left')", "b.png"),
            element("computer.terminate(status='success')", "b.png"),
        ),
        pictures=("a.png", "b.png"),
        png=png,
    )
    taken = take_one(home)
    assert taken.format == "agentnet"
    one, two, three = taken.trajectory.steps
    assert (one.action, one.target.point) == (Click(), Point(100, 25))
    assert (one.description, one.thought) == ("Click on C2", "It is first")
    assert (two.action, two.target.point, two.destination.point) == (Drag(), Point(20, 20), Point(180, 20))
    assert three.action == Finish()
    assert one.observation.frame != two.observation.frame == three.observation.frame
    assert (taken.trajectory.title, taken.trajectory.task) == ("Sort the table", "Sort the table\nby number")
    assert taken.trajectory.screens[0].bounds.width == 200
    assert taken.remarks == ()


def test_a_file_holds_several_tasks_and_a_broken_line_is_refused_alone(data, take_all):
    home = data(task(element("pyautogui.press('a')")), '{"task_id": "x", "traj": [{"value": 3}]}', task())
    first, second, third = take_all(home)
    assert isinstance(first, Taken)
    assert isinstance(third, Taken)
    assert isinstance(second, Refused)
    assert "line 2" in str(second.why)


def test_the_file_alone_finds_the_pictures_beside_it(data, take_one, png):
    home = data(
        task(element("pyautogui.click(x=0.5, y=0.5)", "a.png")), pictures=("a.png",), folder="ubuntu_images", png=png
    )
    taken = take_one(home / "some.jsonl")
    assert taken.trajectory.steps[0].target.point == Point(100, 50)


def test_without_pictures_clicks_keep_their_words_and_lose_their_places(data, take_one):
    home = data(task(element("pyautogui.click(x=0.5, y=0.25)", "a.png", action="Click on C2")))
    taken = take_one(home)
    (step,) = taken.trajectory.steps
    assert (step.action, step.target, step.description) == (Click(), None, "Click on C2")
    assert [remark.step for remark in taken.remarks] == [1, 1]
    assert "0.5, 0.25 of a picture that is not there" in taken.remarks[1].what


def test_several_actions_of_one_element_become_several_steps(data, take_one, png):
    code = "pyautogui.write(message='youtube.com')\npyautogui.press('enter')"
    taken = take_one(data(task(element(code, "a.png", action="Search")), pictures=("a.png",), png=png))
    first, second = taken.trajectory.steps
    assert (first.action, second.action) == (TypeText("youtube.com"), PressKeys(("Return",)))
    assert (first.description, second.description) == ("Search", "")


def test_steps_that_the_file_calls_wrong_or_redundant_are_said(data, take_one):
    home = data(
        task(
            element("pyautogui.press('a')", last_step_correct=False),
            element("pyautogui.press('b')", last_step_redundant=True),
            task_completed=False,
        )
    )
    remarks = [(remark.step, remark.what) for remark in take_one(home).remarks]
    assert remarks == [
        (0, "the file says that the task was not completed"),
        (1, "element 1, the file calls this wrong"),
        (2, "element 2, the file calls this redundant"),
    ]


def test_code_that_is_broken_is_left_out_and_said(data, take_one):
    taken = take_one(
        data(
            task(
                element("pyautogui.click("), element("computer.wait()"), element("computer.terminate(status='failure')")
            )
        )
    )
    assert [step.action for step in taken.trajectory.steps] == [Wait(), Fail("")]
    assert taken.remarks[0].what.startswith("element 1, left out: line 1 is no Python")


def test_a_place_outside_of_the_picture_is_left_out_and_said(data, take_one, png):
    home = data(
        task(element("pyautogui.moveTo(500, 20)", "a.png"), element("pyautogui.scroll(-3)", "a.png")),
        pictures=("a.png",),
        png=png,
    )
    taken = take_one(home)
    assert [(step.action, step.target) for step in taken.trajectory.steps] == [(Scroll(0, 3), None)]
    assert any("500, 20 is not on the screen" in remark.what for remark in taken.remarks)
    assert Hover() not in [step.action for step in taken.trajectory.steps]


@pytest.mark.parametrize("image", ["../../secret.png", "/etc/passwd", "a\0b", ".", ""])
def test_pictures_outside_of_the_folder_are_not_read(data, take_one, image):
    taken = take_one(data(task(element("pyautogui.press('a')", image))))
    assert taken.trajectory.steps[0].observation.frame is None


def test_a_damaged_picture_refuses_the_task_and_leaves_nothing_behind(data, take_all, library, png):
    home = data(
        task(element("pyautogui.press('a')", "a.png"), element("pyautogui.press('a')", "b.png")),
        pictures=("a.png",),
        png=png,
    )
    (home / "images" / "b.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    (refused,) = take_all(home)
    assert "b.png is no picture" in str(refused.why)
    assert [path for path in (library.path / "frames" / "tiles").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "line", ['{"a": 1}', "[1]", "", '{"traj": 3, "task_id": 4}', '{"step_num": 1, "action": "WAIT"}']
)
def test_other_lines_are_not_taken_for_such_a_file(data, line):
    with pytest.raises(BadInputError, match="no format"):
        known.find(data(line))


def test_what_came_in_shows_and_goes_out_as_a_bundle(data, take_one, goes_round, png):
    home = data(task(element("pyautogui.click(x=0.5, y=0.25)", "a.png")), pictures=("a.png",), png=png)
    goes_round(take_one(home).trajectory)
