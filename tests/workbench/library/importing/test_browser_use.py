"""browser-use: every action of its agent over its versions, elements and secrets, and what is wrong in a history."""

import base64
import json

import pytest

from workbench.actions import Click, Fail, Finish, Note, PressKeys, Scroll, TypeText, Wait
from workbench.geometry import Point, Rect
from workbench.library.importing.known import find, recognise
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused

FIELD = {"node_name": "INPUT", "attributes": {"type": "text"}, "ax_name": "User name"}
BOX = {"bounds": {"x": 10, "y": 20, "width": 100, "height": 30}}
HIDDEN = FIELD | BOX | {"attributes": {"type": "password", "name": "PW"}, "ax_name": "Pass word"}


def actions(taken):
    return [step.action for step in taken.trajectory.steps]


def turn(*acts, elements=(), results=(), number=1, **state):
    """One step of the agent in the layout of its newest version."""
    return {
        "model_output": {"thinking": "hm", "next_goal": f"goal {number}", "memory": "m", "action": list(acts)},
        "result": list(results),
        "state": {
            "url": "https://shop.example/",
            "title": "Shop",
            "tabs": [],
            "interacted_element": list(elements),
            "screenshot_path": f"/srv/agent/screenshots/step_{number}.png",
            **state,
        },
        "metadata": {
            "step_start_time": 1e9 + 10 * number,
            "step_end_time": 1e9 + 10 * number + 4,
            "step_number": number,
        },
    }


@pytest.fixture
def history(tmp_path, png):
    """Writes a history with a picture for each step beside it, and returns its folder."""

    def written(*turns, pictures=True):
        folder = tmp_path / "agent"
        folder.mkdir(exist_ok=True)
        (folder / "history.json").write_text(json.dumps({"history": list(turns)}, indent=2))
        if pictures:
            (folder / "screenshots").mkdir()
            for number, _ in enumerate(turns, 1):
                (folder / "screenshots" / f"step_{number}.png").write_bytes(png(number))
        return folder

    return written


def test_every_action_of_the_agent_is_read(history, take_one):
    acts = [
        {"navigate": {"url": "https://a.example", "new_tab": False}}, {"go_to_url": {"url": "https://b.example"}},
        {"search": {"query": "tea"}}, {"go_back": {}}, {"wait": {"seconds": 2}}, {"wait": None},
        {"scroll": {"down": True, "pages": 1.0}}, {"scroll": {"down": False, "pages": 0.5}},
        {"scroll_up": {"amount": 300}},
        {"send_keys": {"keys": "Control+a"}}, {"send_keys": {"keys": "+"}}, {"switch": {"tab_id": "ABCD"}},
        {"close_tab": {"page_id": 1}}, {"upload_file": {"index": 1, "path": "a.txt"}},
        {"click": {"coordinate_x": 5, "coordinate_y": 6}}, {"select_dropdown": {"index": 2, "text": "Red"}},
        {"done": {"text": "All", "success": True}}, {"done": {"text": "No", "success": False}},
    ]  # fmt: skip
    taken = take_one(history(turn(*acts)))
    assert actions(taken) == [
        Note("Go to https://a.example"), Note("Go to https://b.example"), Note("Search the web for tea"),
        Note("Go back in the browser"), Wait(2.0), Wait(3.0), Scroll(dy=8), Scroll(dy=-4), Scroll(dy=-3),
        PressKeys(("ctrl", "a")), PressKeys(("plus",)), Note("Switch to another tab"), Note("Close the tab"),
        Note("Upload the file a.txt"), Click(), Note("Choose “Red” in the list"), Finish("All"), Fail("No"),
    ]  # fmt: skip
    assert taken.trajectory.steps[14].target.point == Point(5, 6)
    assert [remark.step for remark in taken.remarks] == [7, 8, 9]


def test_setting_a_field_is_a_click_on_it_and_typing(history, take_one):
    acts = [{"input": {"index": 1, "text": "ada", "clear": True}}, {"click": {"index": 2}}]
    button = {"node_name": "BUTTON", "attributes": {}, "ax_name": "Sign in"} | BOX
    taken = take_one(
        history(turn(*acts, elements=[FIELD | BOX, button], results=[{}, {"metadata": {"click_x": 40, "click_y": 30}}]))
    )
    assert actions(taken) == [Click(), TypeText("ada"), Click()]
    first, typed, last = (step.target for step in taken.trajectory.steps)
    assert first == typed
    assert (first.point, first.element.bounds) == (Point(60, 35), Rect(10, 20, 100, 30))
    assert (first.element.role, first.element.name) == ("entry", "User name")
    assert (last.point, last.element.role) == (Point(40, 30), "push button")
    assert first.window.title == "Shop"


def test_what_is_secret_is_named_and_never_kept(history, take_one):
    acts = [{"input": {"index": 1, "text": "a<secret>bank</secret>b"}}, {"input": {"index": 2, "text": "hunter2"}}]
    taken = take_one(history(turn(*acts, elements=[FIELD | BOX, HIDDEN])))
    assert [action for action in actions(taken) if action != Click()] == [
        TypeText("a"), TypeText(secret="bank"), TypeText("b"), TypeText(secret="pw"),
    ]  # fmt: skip
    assert taken.trajectory.steps[-1].masked
    assert taken.trajectory.steps[-1].target.element.password
    assert "hunter2" not in repr(taken)


def test_an_element_that_is_not_on_the_picture_is_known_by_role_and_name(history, take_one):
    below = FIELD | {"bounds": {"x": 10, "y": 5000, "width": 100, "height": 30}}
    taken = take_one(history(turn({"click": {"index": 1}}, elements=[below])))
    target = taken.trajectory.steps[0].target
    assert (target.point, target.element.bounds, target.element.name) == (Point(0, 0), Rect(0, 0, 0, 0), "User name")
    assert [remark.step for remark in taken.remarks] == [1]


def test_steps_share_the_picture_of_their_turn_and_show_the_next_after(history, take_one):
    acts = [{"wait": {"seconds": 1}}, {"wait": {"seconds": 1}}]
    first, second, third = take_one(history(turn(*acts), turn({"done": {"text": ""}}, number=2))).trajectory.steps
    assert first.observation.frame == second.observation.frame != third.observation.frame
    assert (first.outcome.frame, second.outcome.frame) == (None, third.observation.frame)
    assert (first.thought, second.thought) == ("hm\ngoal 1", "")
    assert third.observation.epoch_s - first.observation.epoch_s == 10


def test_a_history_alone_has_no_pictures_and_says_so(history, take_one):
    taken = take_one(history(turn({"wait": {}}), pictures=False) / "history.json")
    assert taken.trajectory.steps[0].observation.frame is None
    assert any("pictures" in remark.what for remark in taken.remarks)


def test_the_layout_of_old_versions_is_read_too(history, take_one, png):
    old = turn(
        {"click_element_by_index": {"index": 1}}, {"input_text": {"index": 2, "text": "x"}}, elements=[FIELD, None]
    )
    old["model_output"] = {"current_state": {"next_goal": "buy", "memory": ""}, "action": old["model_output"]["action"]}
    old["state"] |= {"screenshot_path": None, "screenshot": base64.b64encode(png(4)).decode()}
    old["state"]["interacted_element"][0] = {"tag_name": "a", "attributes": {"aria-label": "Basket"}}
    taken = take_one(history(old, pictures=False))
    assert actions(taken) == [Click(), TypeText("x")]
    assert taken.trajectory.steps[0].observation.frame
    assert taken.trajectory.steps[0].thought == "buy"
    assert taken.trajectory.steps[0].target.element.role == "link"


@pytest.mark.parametrize(
    "odd",
    [
        {"click": {}},
        {"extract": {"query": "x"}},
        {"input": {"index": 1}},
        {"send_keys": {"keys": "no key"}},
        {"my tool": {}},
        {},
    ],
)
def test_what_cannot_be_said_here_is_dropped(history, take_one, odd):
    taken = take_one(history(turn({"wait": {}}, odd, {"wait": {}})))
    assert actions(taken) == [Wait(3.0), Wait(3.0)]
    assert [remark.step for remark in taken.remarks] in ([2], [])


def test_a_step_whose_answer_could_not_be_read_is_remarked(history, take_one):
    broken = turn(number=1) | {"model_output": None}
    taken = take_one(history(broken, turn({"wait": {}}, number=2)))
    assert actions(taken) == [Wait(3.0)]
    assert [remark.step for remark in taken.remarks] == [1]


def test_an_action_that_failed_then_is_kept_with_a_remark(history, take_one):
    taken = take_one(history(turn({"click": {"index": 1}}, elements=[FIELD | BOX], results=[{"error": "not found"}])))
    assert actions(taken) == [Click()]
    assert "failed" in taken.remarks[0].what


@pytest.mark.parametrize("path", ["../secret.png", "screenshots/../../secret.png", "/etc/passwd", "a\0b"])
def test_pictures_are_read_from_the_folder_beside_only(history, take_one, tmp_path, png, path):
    (tmp_path / "secret.png").write_bytes(png(9))
    taken = take_one(history(turn({"wait": {}}, screenshot_path=path)))
    assert taken.trajectory.steps[0].observation.frame is None


@pytest.mark.parametrize(
    "change",
    [
        {"history": [{"model_output": 3, "x": '"model_output"'}]},
        {"history": [{"model_output": {"action": [{"click": 3}]}}]},
    ],
)
def test_a_damaged_history_is_refused_in_one_line(tmp_path, take_all, change):
    path = tmp_path / "history.json"
    path.write_text(json.dumps(change))
    (refused,) = take_all(path)
    assert isinstance(refused, Refused)
    assert "\n" not in str(refused.why)


@pytest.mark.parametrize("text", ['{"history": []}', '{"history": [{"a": 1}]}', "[]", '{"x": {"history": []}}', ""])
def test_other_files_are_none_of_this_format(tmp_path, text):
    path = tmp_path / "history.json"
    path.write_text(text)
    assert recognise(Source(path)) != "browser-use"


def test_a_history_is_recognised_told_and_goes_round(history, take_one, goes_round, shown):
    folder = history(turn({"click": {"index": 1}}, elements=[FIELD | BOX]), turn({"done": {"text": "x"}}, number=2))
    assert [found.format for found in find(folder)] == ["browser-use"]
    assert [found.format for found in find(folder / "history.json")] == ["browser-use"]
    trajectory = take_one(folder).trajectory
    goes_round(trajectory)
    assert shown(trajectory)["id"] == trajectory.id
