"""cua: its three layouts as its own programs write them, every call and tool, and what is wrong in them."""

import json
from datetime import datetime, timedelta

import pytest

from workbench.actions import Click, Drag, Fail, Finish, Hover, Note, PathPoint, PressKeys, Scroll, TypeText, Wait
from workbench.geometry import Point
from workbench.library.importing.known import find, recognise
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused

TICKS = (datetime(2001, 9, 9, 1, 46, 40) - datetime(1582, 10, 15)) // timedelta(microseconds=1) * 10
"""A UUID's time, one thousand million seconds after 1970."""


def actions(taken):
    return [step.action for step in taken.trajectory.steps]


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())


@pytest.fixture
def run(tmp_path, png):
    """Writes a run of the agent kit, turn by turn and file by file in its own order."""

    def written(*calls, said="", messages="Do it\nnow", status="completed", functions=False):
        folder = tmp_path / "2026-01-02_model_101112_ab12"
        numbers, turns = iter(range(10_000)), iter(range(10_000))
        meta = {
            "trajectory_id": folder.name,
            "created_at": str(TICKS),
            "status": status,
            "kwargs": {"messages": messages},
        }
        write(folder / "metadata.json", meta | {"completed_at": str(TICKS + 60 * 10**7), "new_items": [{"x": "y"}]})

        def save(turn, name, value, ending="json"):
            write(folder / f"turn_{turn:03d}" / f"{next(numbers):04d}_{name}.{ending}", value)

        for number, call in enumerate(calls, 1):
            turn = next(turns)
            thought = {"type": "reasoning", "summary": [{"type": "summary_text", "text": f"thought {number}"}]}
            save(turn, "api_start", {"kwargs": {}})
            save(turn, "agent_response", {"response": {"output": [thought, {"type": "computer_call", "action": call}]}})
            turn, at = next(turns), str(TICKS + number * 10**7)
            if functions:
                item = {"type": "function_call", "name": "computer", "arguments": json.dumps(call)}
                save(turn, "function_call_result", {"item": item, "result": [], "created_at": at})
                save(turn, "screenshot", png(number), "png")
            else:
                save(turn, "screenshot_after", png(number), "png")
                save(
                    turn, "computer_call_result", {"item": {"type": "computer_call", "action": call}, "created_at": at}
                )
                save(turn, "screenshot_action", png(99), "png")
        if said:
            output = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": said}]}]
            save(next(turns), "agent_response", {"response": {"output": output}})
        return folder

    return written


def test_every_call_of_the_agent_kit_is_read(run, take_one):
    taken = take_one(
        run(
            {"type": "click", "x": 1, "y": 2, "button": "left"}, {"type": "click", "x": 1.5, "y": 2, "button": "wheel"},
            {"type": "double_click", "x": 3, "y": 4}, {"type": "move", "x": 5, "y": 6}, {"type": "type", "text": "hi"},
            {"type": "keypress", "keys": ["CTRL", "S"]}, {"type": "keypress", "keys": "ctrl+c"}, {"type": "wait"},
            {"type": "wait", "ms": 2500}, {"type": "scroll", "x": 7, "y": 8, "scroll_x": 0, "scroll_y": -300},
            {"type": "drag", "path": [{"x": 1, "y": 1}, {"x": 9, "y": 9}]},
            {"type": "drag", "path": [{"x": 1, "y": 1}, {"x": 5, "y": 3}, {"x": 9, "y": 9}]},
            {"type": "drag", "start_x": 1, "start_y": 1, "end_x": 2, "end_y": 2}, {"type": "screenshot"},
            {"type": "left_mouse_down", "x": 4, "y": 4}, {"type": "left_mouse_up", "x": 8, "y": 8},
            {"type": "left_mouse_down", "x": 4, "y": 4}, {"type": "left_mouse_up", "x": 4, "y": 4},
            {"type": "terminate", "status": "failure"}, {"type": "terminate", "status": "success"},
            said="It is done.",
        )
    )  # fmt: skip
    assert actions(taken) == [
        Click(), Click("middle"), Click(count=2), Hover(), TypeText("hi"), PressKeys(("ctrl", "s")),
        PressKeys(("ctrl", "c")), Wait(1.0), Wait(2.5), Scroll(dy=-3), Drag(),
        Drag((PathPoint(0, 0, 0), PathPoint(4, 2, 0), PathPoint(8, 8, 0))), Drag(), Drag(), Click(),
        Fail("the agent gave up"), Finish(), Finish("It is done."),
    ]  # fmt: skip
    ends = [step.destination.point for step in taken.trajectory.steps if isinstance(step.action, Drag)]
    assert ends == [Point(9, 9), Point(9, 9), Point(2, 2), Point(8, 8)]


def test_a_call_is_made_over_the_picture_of_the_turn_before_and_shows_its_own_after(run, take_one):
    click = {"type": "click", "x": 1, "y": 2}
    first, second = take_one(run({"type": "screenshot"}, click, click)).trajectory.steps
    frames = [first.observation.frame, first.outcome.frame, second.observation.frame, second.outcome.frame]
    assert frames[1] == frames[2]
    assert len({*frames} - {None}) == 3
    assert (first.thought, second.thought) == ("thought 1\nthought 2", "thought 3")
    assert (first.observation.epoch_s, second.observation.epoch_s) == (1e9 + 2, 1e9 + 3)


def test_pictures_with_a_cross_in_them_are_never_taken(run, take_one, library, png):
    taken = take_one(run({"type": "click", "x": 1, "y": 2}))
    assert len(list(library.frames.folder.glob("??/*.frame"))) == 1
    assert any("cross" in remark.what for remark in taken.remarks)


def test_calls_that_came_as_functions_are_read_alike(run, take_one):
    taken = take_one(
        run(
            {"action": "left_click", "coordinate": [10, 20]}, {"action": "left_click_drag", "start_coordinate": [1, 2],
            "coordinate": [3, 4]}, {"action": "key", "text": "ctrl+a"}, {"action": "visit_url", "url": "https://a.example"},
            {"action": "scroll", "coordinate": [5, 5], "scroll_direction": "down", "scroll_amount": 4},
            {"action": "history_back"}, functions=True,
        )
    )  # fmt: skip
    assert actions(taken) == [
        Click(), Drag(), PressKeys(("ctrl", "a")), Note("Go to https://a.example"), Scroll(dy=4),
        Note("Go back in the browser"),
    ]  # fmt: skip
    assert taken.trajectory.steps[0].target.point == Point(10, 20)
    assert all(step.outcome.frame for step in taken.trajectory.steps)


def test_functions_that_are_none_of_the_computer_are_dropped(run, take_one):
    taken = take_one(run({"city": "Paris"}, {"type": "wait"}, functions=True))
    assert actions(taken) == [Wait(1.0)]
    assert [remark.step for remark in taken.remarks] == [1]


def test_the_task_is_what_the_person_said_last_and_times_are_those_of_uuids(run, take_one):
    said = [
        {"role": "user", "content": "first"},
        {"type": "computer_call"},
        {"role": "user", "content": [{"type": "input_text", "text": "second"}]},
    ]
    trajectory = take_one(run({"type": "wait"}, messages=said)).trajectory
    assert (trajectory.task, trajectory.created, trajectory.seconds) == ("second", 1e9, 60.0)


def test_a_run_that_did_not_complete_has_no_end(run, take_one):
    taken = take_one(run({"type": "wait"}, said="I was thinking", status="running"))
    assert actions(taken) == [Wait(1.0)]
    assert any("not completed" in remark.what for remark in taken.remarks)


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "click", "x": 320.5, "y": 0}, {"type": "click", "x": -1, "y": 0},
        {"type": "click", "x": 1e300, "y": 0},
        {"type": "click"}, {"type": "click", "x": 1, "y": 1, "button": "nose"},
        {"type": "keypress", "keys": ["qwertz"]},
        {"type": "type"}, {"type": "scroll", "x": 1, "y": 1}, {"type": "drag", "path": []}, {"type": "dance"},
        {"type": "scroll", "scroll_x": 1e308, "scroll_y": 0},
        {"type": "drag", "path": [{"x": 1, "y": 1}, {"x": 999, "y": 1}]},
        {"type": "left_mouse_up", "x": 1, "y": 1}, {"type": "click", "coordinate": [1]},
    ],
)  # fmt: skip
def test_calls_that_cannot_be_said_here_are_dropped_with_a_remark(run, take_one, odd):
    taken = take_one(run({"type": "screenshot"}, {"type": "wait"}, odd))
    assert actions(taken) == [Wait(1.0)]
    assert [remark.step for remark in taken.remarks if remark.step] == [2]


def test_a_button_that_was_never_let_go_is_no_drag(run, take_one):
    taken = take_one(run({"type": "left_mouse_down", "x": 1, "y": 1}, {"type": "wait"}))
    assert actions(taken) == [Wait(1.0)]
    assert any("never let go" in remark.what for remark in taken.remarks)


@pytest.fixture
def session(tmp_path, png):
    """Writes a session of `cua do`: a call in each turn; those that only look or run have a picture, or none."""

    def written(*calls):
        folder = tmp_path / "box" / "20260102-101112"
        for number, call in enumerate(calls, 1):
            turn = f"turn_{number:03d}"
            output = [{"type": "computer_call", "call_id": "c", "action": call, "status": "completed"}]
            response = {"id": "r", "created_at": 10**9 + number, "output": output}
            write(folder / turn / f"{turn}_agent_response.json", {"model": "cua-cli", "response": response})
            if call["type"] not in ("move", "shell", "open"):
                write(folder / turn / "screenshot.png", png(number))
        return folder

    return written


def test_every_command_of_a_session_is_read(session, take_one):
    taken = take_one(
        session(
            {"type": "screenshot"}, {"type": "click", "x": 5, "y": 6}, {"type": "double_click", "x": 5, "y": 6},
            {"type": "move", "x": 7, "y": 8}, {"type": "type", "text": "hi"}, {"type": "keypress", "keys": ["enter"]},
            {"type": "hotkey", "keys": ["cmd", "c"]},
            {"type": "scroll", "scroll_direction": "down", "scroll_amount": 5},
            {"type": "drag", "start_x": 1, "start_y": 2, "end_x": 3, "end_y": 4}, {"type": "shell", "command": "ls -l"},
            {"type": "open", "path": "https://a.example"},
        )
    )  # fmt: skip
    assert actions(taken) == [
        Click(), Click(count=2), Hover(), TypeText("hi"), PressKeys(("Return",)), PressKeys(("super", "c")),
        Scroll(dy=5),
        Drag(), Note("Run the command ls -l"), Note("Open https://a.example"),
    ]  # fmt: skip
    first, second, third, *_ = taken.trajectory.steps
    assert first.observation.frame
    assert first.outcome.frame == second.observation.frame
    assert third.observation.frame == second.outcome.frame
    assert third.outcome.frame is None
    assert (taken.trajectory.created, taken.trajectory.title) == (1e9 + 2, "20260102-101112")


@pytest.fixture
def driven(tmp_path, png):
    """Writes a recording of cua-driver; the old layout has no pictures from before a call."""

    def written(*calls, old=False, tree="", **fields):
        folder = tmp_path / "run-1"
        for number, (tool, arguments) in enumerate(calls, 1):
            turn = folder / f"turn-{number:05d}"
            call = {"tool": tool, "arguments": {"pid": 7, "window_id": 8} | arguments, "result_summary": "ok"}
            stamp = f"{10**9 + number}.5" if old else f"2001-09-09T01:46:{40 + number}Z"
            write(turn / "action.json", call | {"timestamp": stamp} | fields)
            write(turn / "click.png", png(99))
            if old:
                write(turn / "screenshot.png", png(number))
                continue
            write(turn / "before.png", png(number))
            write(turn / "after.png", png(number + 1))
            write(turn / "before_state.json", {"tree_markdown": tree, "element_count": 3})
        write(folder / "session.json", {"schema_version": 1})
        return folder

    return written


def test_every_tool_of_the_driver_is_read(driven, take_one):
    taken = take_one(
        driven(
            ("click", {"x": 5, "y": 6}),
            ("click", {"x": 5, "y": 6, "button": "right", "count": 2, "modifier": ["cmd"]}),
            ("double_click", {"x": 5, "y": 6}), ("right_click", {"x": 5, "y": 6}), ("move_cursor", {"x": 5, "y": 6}),
            ("drag", {"from_x": 1, "from_y": 2, "to_x": 3, "to_y": 4, "modifier": ["shift"]}),
            ("scroll", {"x": 5, "y": 5, "direction": "up", "amount": 3}),
            ("scroll", {"direction": "down", "by": "page"}),
            ("type_text", {"text": "hi"}), ("set_value", {"value": "all"}),
            ("press_key", {"key": "return", "modifiers": ["cmd"]}), ("hotkey", {"keys": ["ctrl", "c"]}),
            ("launch_app", {"name": "Notes"}), ("invoke_menu", {"path": ["File", "Save As..."]}),
        )
    )  # fmt: skip
    assert actions(taken) == [
        Click(), Click("right", 2, ("super",)), Click(count=2), Click("right"), Hover(), Drag((), "left", ("shift",)),
        Scroll(dy=-3), Scroll(dy=10), TypeText("hi"), TypeText("all"), PressKeys(("super", "Return")),
        PressKeys(("ctrl", "c")), Note("Start Notes"), Note("Choose File → Save As... in the menu"),
    ]  # fmt: skip
    assert [remark.step for remark in taken.remarks] == [8, 10]
    first = taken.trajectory.steps[0]
    assert first.outcome.frame == taken.trajectory.steps[1].observation.frame
    assert first.observation.epoch_s == 1e9 + 1


def test_the_tree_names_window_and_element_and_the_driver_says_where_it_clicked(driven, take_one):
    tree = '- AXApplication "Notes"\n  - [0] AXWindow "My \\"note\\""\n    - [14] AXButton "Save" [actions=[press]]\n'
    taken = take_one(driven(("click", {"element_index": 14}), tree=tree, click_point={"x": 30.4, "y": 40}))
    target = taken.trajectory.steps[0].target
    assert (target.point, target.element.role, target.element.name) == (Point(30, 40), "push button", "Save")
    assert (target.window.app, target.window.title) == ("Notes", 'My "note"')


def test_what_is_typed_into_a_field_for_passwords_is_never_kept(driven, take_one, library):
    tree = '- [3] AXSecureTextField "Password"\n'
    taken = take_one(driven(("type_text", {"text": "hunter2", "element_index": 3}), tree=tree))
    step = taken.trajectory.steps[0]
    assert step.action == TypeText(secret="password")
    assert step.masked
    assert "hunter2" not in repr(taken)


def test_the_old_layout_takes_the_picture_before_from_the_call_before_on_the_same_window(driven, take_one):
    taken = take_one(
        driven(
            ("click", {"x": 1, "y": 1}), ("click", {"x": 2, "y": 2}), ("click", {"x": 2, "y": 2, "pid": 9}), old=True
        )
    )
    first, second, third = taken.trajectory.steps
    assert first.observation.frame is None
    assert second.observation.frame == first.outcome.frame
    assert third.observation.frame is None
    assert first.observation.epoch_s == 1e9 + 1.5


def test_a_window_that_was_scrolled_first_is_shown_as_it_was_when_it_was_clicked(driven, take_one, png):
    folder = driven(("click", {"x": 5, "y": 6}), click_point={"x": 3, "y": 4}, click_point_image="click_source.png")
    write(folder / "turn-00001" / "click_source.png", png(5))
    write(folder / "turn-00001" / "before.png", png(6))
    step = take_one(folder).trajectory.steps[0]
    assert step.target.point == Point(3, 4)
    write(folder / "turn-00001" / "before.png", png(5))
    assert take_one(folder).trajectory.steps[0].observation.frame == step.observation.frame


def test_calls_that_failed_or_that_nothing_here_repeats_are_dropped(driven, take_one):
    odd = [("clipboard_write", {"text": "x"}), ("click", {"x": 999, "y": 1}), ("click", {"x": 1, "y": 1, "count": 9})]
    taken = take_one(
        driven(*odd, ("type_text", {}), ("drag", {"from_x": 1}), ("launch_app", {}), ("type_text", {"text": "a"}))
    )
    assert actions(taken) == [TypeText("a")]
    assert [remark.step for remark in taken.remarks] == [1] * 6


def test_a_call_that_the_driver_says_failed_did_nothing(driven, take_one):
    taken = take_one(driven(("click", {"x": 1, "y": 1}), result_error=True))
    assert actions(taken) == []
    assert "failed" in taken.remarks[0].what


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"tool": 3, "arguments": {}}', '{"tool": "click", "arguments": {"x": "a"}}']
)
def test_a_damaged_turn_is_refused_in_one_line(driven, take_all, text):
    folder = driven(("click", {"x": 1, "y": 1}), ("click", {"x": 1, "y": 1}))
    write(folder / "turn-00002" / "action.json", text.encode())
    (refused,) = take_all(folder)
    assert isinstance(refused, Refused)
    assert "turn-00002" in str(refused.why)
    assert "\n" not in str(refused.why)


def test_a_picture_that_lies_outside_is_not_read(driven, take_all, tmp_path, png):
    folder = driven(("click", {"x": 1, "y": 1}))
    write(tmp_path / "elsewhere.png", png(3))
    (folder / "turn-00001" / "before.png").unlink()
    (folder / "turn-00001" / "before.png").symlink_to(tmp_path / "elsewhere.png")
    (taken,) = take_all(folder)
    assert taken.trajectory.steps[0].observation.frame is None


def test_other_folders_are_none_of_this_format(tmp_path):
    write(tmp_path / "a" / "metadata.json", {"trajectory_id": "x"})
    write(tmp_path / "b" / "turn_001" / "other.json", {})
    write(tmp_path / "c" / "turn-00001" / "action.json", {"name": "click"})
    assert [recognise(Source(tmp_path / name)) for name in "abc"] == [None] * 3


def test_all_layouts_are_recognised_told_and_go_round(run, session, driven, take_one, goes_round, shown):
    folders = [
        run({"type": "click", "x": 1, "y": 1}, said="done"),
        session({"type": "click", "x": 1, "y": 1}),
        driven(("click", {"x": 1, "y": 1})),
    ]
    for folder in folders:
        assert [found.format for found in find(folder)] == ["cua"]
        trajectory = take_one(folder).trajectory
        goes_round(trajectory)
        assert shown(trajectory)["id"] == trajectory.id


def test_of_several_calls_in_a_turn_each_is_made_over_the_picture_of_the_one_before(run, take_one, png):
    folder = run()
    click = {"item": {"type": "computer_call", "action": {"type": "click", "x": 1, "y": 2}}}
    for number in (1, 2):
        write(folder / "turn_000" / f"{2 * number:04d}_screenshot_after.png", png(number))
        write(folder / "turn_000" / f"{2 * number + 1:04d}_computer_call_result.json", click)
    first, second = take_one(folder).trajectory.steps
    assert first.observation.frame is None
    assert first.outcome.frame == second.observation.frame
    assert second.outcome.frame not in (None, first.outcome.frame)
