"""Raw recordings of DuckTrack and AgentNetTool become the steps that their input and their video tell of."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.actions import Click, Drag, Note, PressKeys, Scroll, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.importing import known
from workbench.library.importing.collecting import NO_ZONE
from workbench.library.importing.taking import Refused, Taken
from workbench.library.store import Library
from workbench.trajectory import Trajectory

START = 5000.0

METADATA = {
    "system": "Windows",
    "screen_width": 160,
    "screen_height": 100,
    "scroll_direction": 1,
    "start_time": "2024-03-01 10:00:00",
    "stop_time": "2024-03-01 10:01:00",
}


def _write(folder: Path, events: list[dict[str, object]], **metadata: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps(METADATA | metadata))
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    return folder


def _click(at: float, x: float, y: float, button: str = "left") -> list[dict[str, object]]:
    both = ((at, True), (at + 0.05, False))
    return [
        {"time_stamp": START + t, "action": "click", "x": x, "y": y, "button": button, "pressed": p} for t, p in both
    ]


def _keys(at: float, *names: str | None) -> list[dict[str, object]]:
    return [
        {"time_stamp": START + at + 0.1 * n + late, "action": action, "name": name}
        for n, name in enumerate(names)
        for late, action in ((0.0, "press"), (0.04, "release"))
    ]


def _chord(at: float, held: str, name: str) -> list[dict[str, object]]:
    order = (("press", held), ("press", name), ("release", name), ("release", held))
    return [{"time_stamp": START + at + 0.02 * n, "action": a, "name": k} for n, (a, k) in enumerate(order)]


def _actions(trajectory: Trajectory) -> list[object]:
    return [step.action for step in trajectory.steps]


def test_clicks_keys_and_the_wheel_become_steps_in_pixels_of_the_video(
    tmp_path: Path, film: Callable[..., None], take_one: Callable[[Path], Taken], frame_number: Callable[..., int]
) -> None:
    events = [
        {"time_stamp": START + 0.5, "action": "move", "x": 3, "y": 4},
        *_click(1.0, 20.4, 30.9),
        *_keys(2.0, "h", "i", "space", "!"),
        *_chord(3.0, "ctrl_l", "\x13"),
        {"time_stamp": START + 4.0, "action": "scroll", "x": 50, "y": 50, "dx": 0, "dy": -2},
    ]
    folder = _write(tmp_path / "one", events, video_start_timestamp=START)
    film(folder / "take.mp4", 51)
    taken = take_one(folder)
    steps = taken.trajectory.steps
    assert _actions(taken.trajectory) == [Click(), TypeText("hi !"), PressKeys(("ctrl", "s")), Scroll(dy=2)]
    assert steps[0].target is not None
    assert steps[0].target.point == Point(40, 61)  # the video is twice as large as the screen
    assert [frame_number(step.observation.frame) for step in steps] == [9, 19, 29, 39]
    assert frame_number(steps[0].outcome.frame) == 19
    assert frame_number(steps[-1].outcome.frame) == 50
    assert taken.trajectory.platform == "win32"
    assert taken.trajectory.screens[0].bounds == Rect(0, 0, 320, 200)
    assert taken.trajectory.created == 1709287200.0
    assert steps[0].observation.epoch_s == pytest.approx(1709287200.0 + 0.45)
    assert [remark.what for remark in taken.remarks] == [NO_ZONE]


def test_the_video_stands_still_while_recording_is_paused(
    tmp_path: Path, film: Callable[..., None], take_one: Callable[[Path], Taken], frame_number: Callable[..., int]
) -> None:
    events = [
        *_click(1.0, 20, 30),
        {"time_stamp": START + 1.5, "action": "pause"},
        {"time_stamp": START + 11.5, "action": "resume"},
        *_click(12.0, 60, 30),
    ]
    timings = {"OBS_WEBSOCKET_OUTPUT_STARTING": [START - 1], "OBS_WEBSOCKET_OUTPUT_STARTED": [START]}
    folder = _write(tmp_path / "one", events, obs_record_state_timings=timings)
    film(folder / "take.mp4", 40)
    steps = take_one(folder).trajectory.steps
    assert [frame_number(step.observation.frame) for step in steps] == [9, 19]


def test_a_video_whose_beginning_nobody_says_is_not_used_and_that_is_said(
    tmp_path: Path, film: Callable[..., None], take_one: Callable[[Path], Taken]
) -> None:
    folder = _write(tmp_path / "one", _click(1.0, 20, 30))
    film(folder / "take.mp4", 3)
    taken = take_one(folder)
    assert taken.trajectory.steps[0].observation.frame is None
    assert taken.trajectory.screens[0].bounds == Rect(0, 0, 160, 100)
    assert "nothing says when the video begins" in taken.remarks[-1].what


def test_a_damaged_video_leaves_the_steps_without_pictures_and_that_is_said(
    tmp_path: Path, take_one: Callable[[Path], Taken]
) -> None:
    folder = _write(tmp_path / "one", _click(1.0, 20, 30), video_start_timestamp=START)
    (folder / "take.mp4").write_bytes(b"\0\0\0 ftypisom" + bytes(200))
    taken = take_one(folder)
    assert _actions(taken.trajectory) == [Click()]
    assert any("video cannot be read" in remark.what for remark in taken.remarks)


def test_what_cannot_be_input_is_left_out_and_counted(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    events = [
        {"time_stamp": START, "action": "move", "x": 1, "y": 1},
        *_click(1.0, 1e300, 5),
        *_click(1.5, 5, 5, button="unknown"),
        *_keys(2.0, None, "$Unknown (255)$"),
        {"time_stamp": START + 3, "action": "scroll", "x": 5, "y": 5, "dx": 1e12, "dy": 0},
        {"time_stamp": START + 4, "action": "blink"},
        {"time_stamp": 1e300, "action": "move", "x": 5, "y": 5},
        {"time_stamp": START + 4, "action": "scroll", "x": 5, "y": 5, "dx": 0, "dy": 0},
        *_click(5.0, 999, 5),
        *_click(6.0, 7, 5, button="x1"),
    ]
    taken = take_one(_write(tmp_path / "one", events))
    assert _actions(taken.trajectory) == [Click(), Click("back")]
    said = {remark.what for remark in taken.remarks} - {NO_ZONE}
    assert said == {
        "input at a place that no screen has was left out (line 2 and 1 more)",
        "a mouse button that is not known was left out (line 4 and 1 more)",
        "a key that is not known was left out (line 6 and 3 more)",
        "a turn of the wheel that no hand makes was left out (line 10)",
        "an event of an unknown kind was left out (line 11)",
        "input at an impossible time was left out (line 12)",
        "a button was pressed outside of the recorded screen (event 2)",
    }


def test_events_out_of_order_are_put_in_order(
    tmp_path: Path, take_one: Callable[[Path], Taken], library: Library
) -> None:
    first, second = _click(1.0, 20, 30), _click(4.0, 90, 30, button="right")
    taken = take_one(_write(tmp_path / "one", [*second, *first]))
    assert _actions(taken.trajectory) == [Click(), Click("right")]
    events = library.events(taken.trajectory.id)
    assert [event.seq for event in events] == [1, 2, 3, 4]
    assert [event.monotonic_ns // 10**6 for event in events] == [0, 50, 3000, 3050]


def test_a_torn_last_line_is_left_out_and_a_torn_line_before_others_is_refused(
    tmp_path: Path, take_all: Callable[[Path], list[Taken | Refused]]
) -> None:
    folder = _write(tmp_path / "one", _click(1.0, 20, 30))
    whole = (folder / "events.jsonl").read_text()
    (folder / "events.jsonl").write_text(whole + '{"time_stamp": 50')
    (one,) = take_all(folder)
    assert isinstance(one, Taken)
    assert [remark.what for remark in one.remarks][1:] == ["the last line of events.jsonl is torn and was left out"]
    (folder / "events.jsonl").write_text('{"time_stamp": 50\n' + whole)
    (other,) = take_all(folder)
    assert isinstance(other, Refused)
    assert "events.jsonl line 1 is not as its format says" in str(other.why)
    assert "\n" not in str(other.why)


def test_a_drag_shows_where_it_began_and_ended(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    down, up = _click(1.0, 20, 30)
    way = [{"time_stamp": START + 1.02 + n / 100, "action": "move", "x": 20 + 10 * n, "y": 30} for n in range(3)]
    up |= {"x": 60, "y": 35, "time_stamp": START + 2}
    (step,) = take_one(_write(tmp_path / "one", [down, *way, up])).trajectory.steps
    assert isinstance(step.action, Drag)
    assert step.target is not None
    assert step.destination is not None
    assert (step.target.point, step.destination.point) == (Point(20, 30), Point(60, 35))


def test_sideways_scrolling_on_macos_is_the_other_way_round(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    turn = {"time_stamp": START, "action": "scroll", "x": 5, "y": 5, "dx": 2, "dy": 1}
    mac = take_one(_write(tmp_path / "mac", [turn], system="Darwin")).trajectory
    linux = take_one(_write(tmp_path / "linux", [turn], system="Linux")).trajectory
    assert (_actions(mac), _actions(linux)) == ([Scroll(-2, -1)], [Scroll(2, -1)])
    assert (mac.platform, linux.platform) == ("darwin", "linux")


def test_the_task_comes_from_its_file_or_from_the_readme(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    plain = _write(tmp_path / "plain", _click(1.0, 20, 30))
    (plain / "README.md").write_text("Open the shop\n\nand buy bread\n")
    assert take_one(plain).trajectory.task == "Open the shop\n\nand buy bread"
    named = _write(tmp_path / "named", _click(1.0, 20, 30))
    (named / "task_name.json").write_text(json.dumps({"task_name": "Shop", "description": "Buy bread"}))
    trajectory = take_one(named).trajectory
    assert (trajectory.title, trajectory.task) == ("Shop", "Buy bread")
    bare = take_one(_write(tmp_path / "bare", _click(1.0, 20, 30))).trajectory
    assert (bare.title, bare.task) == ("bare", "")


def _node(name: str, kind: str, edges: tuple[int, int, int, int], *children: dict[str, object]) -> dict[str, object]:
    box = dict(zip(("left", "top", "right", "bottom"), edges, strict=True))
    return {"Name": name, "ControlType": kind, "BoundingRectangle": box, "Depth": 0, "Children": list(children)}


def _lines(path: Path, *values: object) -> None:
    path.write_text("".join(json.dumps(value) + "\n" for value in values))


def test_elements_and_windows_that_were_seen_are_those_of_the_step(
    tmp_path: Path, take_one: Callable[[Path], Taken]
) -> None:
    folder = _write(tmp_path / "one", [*_click(1.0, 20, 30), *_click(3.0, 40, 50), *_click(5.0, 60, 50)])
    _lines(folder / "top_window.jsonl", {"time_stamp": START, "top_window_name": "chrome"})
    tree = _node("bar", "PaneControl", (0, 0, 100, 100), _node("Go", "ButtonControl", (10, 20, 30, 40)))
    mac = {"AXRole": "AXTextField", "AXSubrole": "AXSecureTextField", "AXTitle": "Code",
           "AXFrame": {"x": 30, "y": 45, "w": 20, "h": 10, "type": "rect"}}  # fmt: skip
    _lines(
        folder / "element.jsonl",
        {"time_stamp": START + 1.01, "a11y_tree": tree},
        {"time_stamp": START + 3.0, "a11y_tree": mac},
        {"time_stamp": START + 4.0, "a11y_tree": tree},
        {"time_stamp": START + 5.0, "a11y_tree": []},
    )
    first, second, third = take_one(folder).trajectory.steps
    assert first.target is not None
    assert first.target.element is not None
    seen = first.target.element
    assert (seen.app, seen.role, seen.name, seen.bounds) == ("chrome", "push button", "Go", Rect(10, 20, 20, 20))
    assert first.target.window is not None
    assert (first.target.window.app, first.target.window.title) == ("chrome", "")
    assert second.target is not None
    assert second.target.element is not None
    assert (second.target.element.role, second.target.element.password) == ("password text", True)
    assert third.target is not None
    assert third.target.element is None


def test_a_tree_of_the_window_tells_what_was_clicked_soon_after(
    tmp_path: Path, take_one: Callable[[Path], Taken]
) -> None:
    folder = _write(tmp_path / "one", [*_click(1.0, 20, 30), *_click(20.0, 20, 30)])
    tree = _node("Shop", "WindowControl", (0, 0, 100, 100), _node("Go", "ButtonControl", (10, 20, 30, 40)))
    _lines(folder / "a11y.jsonl", {"time_stamp": START + 0.5, "axtree": tree})
    soon, late = take_one(folder).trajectory.steps
    assert soon.target is not None
    assert soon.target.element is not None
    assert (soon.target.element.name, soon.target.element.window) == ("Go", "Shop")
    assert late.target is not None
    assert late.target.element is None


def _reduced(number: int, action: str, **fields: object) -> dict[str, object]:
    times = {"start_time": START + number, "end_time": START + number + 0.2}
    return {"action": action, "event_start_idx": number, "id": number, "vis": True, **times, **fields}


def test_reduced_actions_are_read_where_nothing_else_is_left(
    tmp_path: Path, film: Callable[..., None], take_one: Callable[[Path], Taken], frame_number: Callable[..., int]
) -> None:
    folder = _write(tmp_path / "one", [], video_start_timestamp=START)
    (folder / "events.jsonl").unlink()
    film(folder / "take.mp4", 70)
    place = {"x": 20, "y": 30}
    key = _reduced(2, "type", key_names=["c"])
    _lines(
        folder / "reduced_events_complete.jsonl",
        _reduced(1, "click", click_type=2, button="left", pressed=True, coordinate=place,
                 target={"control_type": "ButtonControl", "title": "Go", "mark": True}),
        _reduced(1, "click", button="left", pressed=False, coordinate=place, vis=False),
        _reduced(2, "type", key_names=["h", "i", "space", "enter"]),
        _reduced(3, "press", key_name="ctrl_l", pressed=True, children=[key]),
        _reduced(4, "drag", button="left", coordinate=place, drag_trace=[[20, 30], [40, 30], [60, 40]]),
        _reduced(5, "scroll", trace=[{"x": 5, "y": 6, "dx": 0, "dy": -1}, {"x": 5, "y": 6, "dx": 0, "dy": -1}]),
        _reduced(6, "wink"),
    )  # fmt: skip
    _lines(folder / "reduced_events_vis.jsonl", {"id": 1, "action": "click", "description": "Click on Go",
                                                 "start_time": START + 1})  # fmt: skip
    taken = take_one(folder)
    actions = _actions(taken.trajectory)
    assert actions[:4] == [Click(count=2), TypeText("hi "), PressKeys(("Return",)), PressKeys(("ctrl", "c"))]
    assert isinstance(actions[4], Drag)
    assert actions[5:] == [Scroll(dy=2)]
    first = taken.trajectory.steps[0]
    assert first.target is not None
    assert first.target.element is not None
    assert (first.target.point, first.target.element.name, first.description) == (Point(40, 60), "Go", "Click on Go")
    assert frame_number(first.observation.frame) == 9
    assert frame_number(first.outcome.frame) == 19
    assert [remark.what for remark in taken.remarks][1:] == ["an action of an unknown kind was left out (line 7)"]


def test_words_alone_become_notes(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    folder = _write(tmp_path / "one", [])
    (folder / "events.jsonl").unlink()
    row = {"id": 3, "action": "Click on Power", "description": "Single left Click", "start_time": 1, "end_time": 2}
    _lines(folder / "reduced_events_vis.jsonl", row)
    taken = take_one(folder)
    assert _actions(taken.trajectory) == [Note("Single left Click")]
    assert "became notes" in taken.remarks[-1].what


@pytest.mark.parametrize("missing", ["metadata.json", "events.jsonl"])
def test_a_folder_without_its_files_is_not_recognised(tmp_path: Path, missing: str) -> None:
    folder = _write(tmp_path / "one", _click(1.0, 20, 30))
    (folder / missing).unlink()
    with pytest.raises(BadInputError, match="in no format that is known"):
        known.find(folder)


def test_it_goes_out_as_a_bundle_and_comes_back_equal(
    tmp_path: Path, film: Callable[..., None], take_one: Callable[[Path], Taken], goes_round: Callable[..., None]
) -> None:
    folder = _write(tmp_path / "one", [*_click(1.0, 20, 30), *_keys(2.0, "a")], video_start_timestamp=START)
    film(folder / "take.mp4", 40)
    goes_round(take_one(folder).trajectory)


def _only_reduced(folder: Path, *actions: object) -> Path:
    _write(folder, [])
    (folder / "events.jsonl").unlink()
    _lines(folder / "reduced_events_complete.jsonl", *actions)
    return folder


def test_keys_that_are_held_over_each_other_without_end_are_left_out_and_said(
    tmp_path: Path, take_one: Callable[[Path], Taken]
) -> None:
    held = _reduced(1, "type", key_names=["a"])
    for _ in range(100):
        held = _reduced(1, "press", key_name="ctrl_l", pressed=True, children=[held])
    taken = take_one(_only_reduced(tmp_path / "one", held, _reduced(2, "type", key_names=["b"])))
    assert _actions(taken.trajectory) == [TypeText("b")]
    assert any("held over each other" in remark.what for remark in taken.remarks)


def test_a_letter_beside_a_held_key_is_its_key_and_no_key_is_pressed_twice_at_once(
    tmp_path: Path, take_one: Callable[[Path], Taken]
) -> None:
    inside = [_reduced(1, "press", key_name=name, pressed=True) for name in ("S", "ctrl_l")]
    held = _reduced(1, "press", key_name="ctrl_l", pressed=True, children=inside)
    taken = take_one(_only_reduced(tmp_path / "one", held))
    assert _actions(taken.trajectory) == [PressKeys(("ctrl", "s")), PressKeys(("ctrl",))]


def test_less_than_a_notch_is_one_and_none_is_no_step(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    turns = [_reduced(1, "scroll", trace=[{"x": 5, "y": 6, "dx": 0, "dy": dy}]) for dy in (-0.3, 0)]
    taken = take_one(_only_reduced(tmp_path / "one", *turns))
    assert _actions(taken.trajectory) == [Scroll(dy=1)]
