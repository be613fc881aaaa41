"""Databases of OpenAdapt, old and new, become the steps that their input, windows and pictures tell of."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from workbench.actions import Click, PressKeys, Scroll, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.importing import known
from workbench.library.importing.openadapt_database import opened
from workbench.library.importing.taking import Refused, Taken
from workbench.library.store import Library
from workbench.trajectory import Trajectory

START = 1_700_000_000.0

SCHEMA = """
CREATE TABLE recording (id INTEGER PRIMARY KEY, timestamp NUMERIC(10,2), monitor_width INTEGER, monitor_height INTEGER,
    pixel_ratio FLOAT, double_click_interval_seconds NUMERIC, platform VARCHAR, task_description VARCHAR,
    video_start_time NUMERIC(10,2), config JSON, original_recording_id INTEGER);
CREATE TABLE action_event (id INTEGER PRIMARY KEY, name VARCHAR, timestamp NUMERIC(10,2), recording_timestamp NUMERIC,
    recording_id INTEGER, screenshot_id INTEGER, browser_event_id INTEGER, mouse_x NUMERIC, mouse_y NUMERIC,
    mouse_dx NUMERIC, mouse_dy NUMERIC, mouse_button_name VARCHAR, mouse_pressed BOOLEAN, key_name VARCHAR,
    key_char VARCHAR, key_vk VARCHAR, canonical_key_name VARCHAR, canonical_key_char VARCHAR, element_state JSON,
    structural_observation JSON, disabled BOOLEAN);
CREATE TABLE window_event (id INTEGER PRIMARY KEY, recording_timestamp NUMERIC, recording_id INTEGER,
    timestamp NUMERIC(10,2), state JSON, title VARCHAR, "left" INTEGER, top INTEGER, width INTEGER, height INTEGER,
    window_id VARCHAR);
CREATE TABLE browser_event (id INTEGER PRIMARY KEY, recording_timestamp NUMERIC, recording_id INTEGER, message JSON,
    timestamp NUMERIC(10,2));
CREATE TABLE screenshot (id INTEGER PRIMARY KEY, recording_timestamp NUMERIC, recording_id INTEGER,
    timestamp NUMERIC(10,2), png_data BLOB, png_diff_data BLOB, png_diff_mask_data BLOB);
"""


class Made:
    """A database that is being written."""

    def __init__(self, path: Path, schema: str = SCHEMA) -> None:
        self.path = path
        with closing(sqlite3.connect(path)) as db:
            db.executescript(schema)

    def row(self, table: str, **values: object) -> None:
        names = ", ".join(f'"{name}"' for name in values)
        with closing(sqlite3.connect(self.path)) as db, db:
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))

    def recording(self, **values: object) -> None:
        told = {"id": 1, "timestamp": START, "monitor_width": 320, "monitor_height": 200, "platform": "win32"}
        self.row("recording", **told | {"task_description": "Add a client"} | values)

    def click(self, at: float, x: float, y: float, button: str = "left", **values: object) -> None:
        for late, pressed in ((0.0, True), (0.05, False)):
            told = {"name": "click", "mouse_x": x, "mouse_y": y, "mouse_button_name": button, "mouse_pressed": pressed}
            self.action(at + late, **told, **values)

    def key(self, at: float, **values: object) -> None:
        self.action(at, name="press", **values)
        self.action(at + 0.05, name="release", **values)

    def action(self, at: float, **values: object) -> None:
        self.row("action_event", **{"timestamp": START + at, "recording_id": 1, "recording_timestamp": START} | values)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    (tmp_path / "capture").mkdir()
    return Made(tmp_path / "capture" / "recording.db")


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    return tmp_path / "trap.db"


def _scoped(scope: str, space: str) -> str:
    return json.dumps({scope: {"coordinate_space": space}})


def _actions(trajectory: Trajectory) -> list[object]:
    return [step.action for step in trajectory.steps]


def test_rows_become_steps_with_windows_and_pictures(
    made: Made, png: Callable[..., bytes], take_one: Callable[[Path], Taken], library: Library,
    goes_round: Callable[..., None],
) -> None:  # fmt: skip
    made.recording()
    made.row("window_event", recording_id=1, timestamp=START, title="Clients", left=10, top=20, width=100, height=50)
    for seconds in (0.5, 1.9, 5.0):
        made.row("screenshot", recording_id=1, timestamp=START + seconds, png_data=png(round(seconds)))
    made.action(0.2, name="move", mouse_x=1, mouse_y=2)
    made.click(1.0, 20.5, 30)
    made.key(2.0, key_char="h")
    made.key(2.2, key_char="i")
    made.key(2.4, key_name="enter")
    made.action(3.0, name="press", key_name="ctrl_l")
    made.key(3.1, key_char="\x13", canonical_key_char="s")
    made.action(3.2, name="release", key_name="ctrl_l")
    made.action(4.0, name="scroll", mouse_x=9, mouse_y=9, mouse_dx=0, mouse_dy=-3)
    made.click(6.0, 40, 50, "x2", disabled=True)
    made.action(6.0, name="singleclick", mouse_x=1, mouse_y=2)
    taken = take_one(made.path.parent)
    steps = taken.trajectory.steps
    assert _actions(taken.trajectory) == [
        Click(), TypeText("hi"), PressKeys(("Return",)), PressKeys(("ctrl", "s")), Scroll(dy=3),
    ]  # fmt: skip
    assert steps[0].target is not None
    assert steps[0].target.window is not None
    assert steps[0].target.point == Point(20, 30)
    assert (steps[0].target.window.title, steps[0].target.window.bounds) == ("Clients", Rect(10, 20, 100, 50))
    frames = [step.observation.frame for step in steps]
    assert frames[0] != frames[1]
    assert frames[1] == frames[4]
    assert steps[-1].outcome.frame not in frames  # the picture of second 5
    assert (taken.trajectory.task, taken.trajectory.title) == ("Add a client", "Add a client")
    assert (taken.trajectory.created, taken.trajectory.platform) == (START, "win32")
    assert steps[0].observation.epoch_s == pytest.approx(START + 0.95)
    assert taken.remarks == ()
    goes_round(taken.trajectory)


def test_a_picture_from_before_an_event_never_shows_what_followed(
    made: Made, png: Callable[..., bytes], take_one: Callable[[Path], Taken]
) -> None:
    made.recording()
    made.row("screenshot", recording_id=1, timestamp=START + 0.9, png_data=png(1))
    made.click(1.0, 20, 30)
    (step,) = take_one(made.path.parent).trajectory.steps
    assert step.observation.frame is not None
    assert step.outcome.frame is None


def test_screenshots_without_pixels_are_frames_of_the_video(
    made: Made, film: Callable[..., None], take_one: Callable[[Path], Taken], frame_number: Callable[..., int]
) -> None:
    made.recording(video_start_time=START + 0.5)
    for seconds in (0.7, 2.5):
        made.row("screenshot", recording_id=1, timestamp=START + seconds)
    made.click(1.0, 20, 30)
    made.click(3.0, 20, 30)
    film(made.path.parent / f"oa_recording-{START}.mp4", 40)
    steps = take_one(made.path.parent).trajectory.steps
    assert [frame_number(step.observation.frame) for step in steps] == [2, 20]


def test_a_video_alone_is_asked_for_the_time_of_the_event(
    made: Made, film: Callable[..., None], take_one: Callable[[Path], Taken], frame_number: Callable[..., int]
) -> None:
    made.recording()
    made.click(1.0, 20, 30)
    film(made.path.parent / f"oa_recording-{START}.mp4", 40)
    (step,) = take_one(made.path.parent).trajectory.steps
    assert (frame_number(step.observation.frame), frame_number(step.outcome.frame)) == (9, 20)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"pixel_ratio": 2.0}, Point(40, 60)),
        ({"config": json.dumps({"pixel_ratio": 1.5})}, Point(30, 45)),
        ({"pixel_ratio": 2.0, "config": _scoped("capture_desktop", "virtual_desktop_pixels")}, Point(20, 30)),
        ({"pixel_ratio": 2.0, "config": _scoped("capture_window", "window_pixels")}, Point(20, 30)),
        ({"monitor_width": 160, "monitor_height": 100}, Point(40, 60)),
        ({}, Point(20, 30)),
    ],
)  # fmt: skip
def test_coordinates_are_scaled_only_where_they_are_logical(
    made: Made, png: Callable[..., bytes], take_one: Callable[[Path], Taken], fields: dict[str, object], place: Point
) -> None:
    made.recording(**fields)
    made.row("screenshot", recording_id=1, timestamp=START, png_data=png(1))
    made.click(1.0, 20, 30)
    (step,) = take_one(made.path.parent).trajectory.steps
    assert step.target is not None
    assert step.target.point == place


def test_the_window_of_a_recording_of_one_window_is_all_of_its_pictures(
    made: Made, png: Callable[..., bytes], take_one: Callable[[Path], Taken]
) -> None:
    made.recording(config=json.dumps({"capture_window": {"coordinate_space": "window_pixels"}}))
    state = json.dumps({"owner": "notes", "meta": None})
    made.row(
        "window_event", recording_id=1, timestamp=START, title="N", left=500, top=600, width=9, height=9, state=state
    )
    made.row("screenshot", recording_id=1, timestamp=START, png_data=png(1))
    made.click(1.0, 20, 30)
    (step,) = take_one(made.path.parent).trajectory.steps
    assert step.target is not None
    assert step.target.window is not None
    assert (step.target.window.app, step.target.window.bounds) == ("notes", Rect(0, 0, 320, 200))


def test_elements_are_those_that_were_seen(made: Made, take_one: Callable[[Path], Taken]) -> None:
    made.recording()
    seen = {
        "schema_version": "openadapt.capture.structural-observation/v1", "query_kind": "point",
        "element": {"control_type": "Button", "name": "Save",
                    "bounds": {"left": 10, "top": 20, "right": 50, "bottom": 40}},
        "process": {"process_name": "shop.exe"}, "window": {"title": "Shop"},
        "ancestry": [{"control_type": "Pane", "name": "in"}, {"control_type": "Window", "name": "out"}],
    }  # fmt: skip
    windows = {"friendly_class_name": "Button", "texts": ["", "OK"],
               "rectangle": {"left": 1, "top": 2, "right": 5, "bottom": 9}}  # fmt: skip
    page = {"message": {"payload": {"eventType": "browser.click", "element": {"role": "link", "name": "Help"}}}}
    made.row("browser_event", id=7, recording_id=1, timestamp=START, message=json.dumps(page))
    made.click(1.0, 20, 30, structural_observation=json.dumps(seen))
    made.click(3.0, 20, 60, element_state=json.dumps(windows))
    made.click(5.0, 20, 90, browser_event_id=7)
    made.click(7.0, 20, 120, element_state='{"AXRole": 5}')
    taken = take_one(made.path.parent)
    found = [step.target.element if step.target else None for step in taken.trajectory.steps]
    assert found[0] is not None
    assert (found[0].app, found[0].window, found[0].role, found[0].name) == ("shop.exe", "Shop", "push button", "Save")
    assert found[0].bounds == Rect(10, 20, 40, 20)
    assert [node.role for node in found[0].path] == ["frame", "panel"]
    assert found[1] is not None
    assert (found[1].role, found[1].name, found[1].bounds) == ("push button", "OK", Rect(1, 2, 4, 7))
    assert found[2] is not None
    assert (found[2].role, found[2].name) == ("link", "Help")
    assert found[3] is None
    assert [remark.what for remark in taken.remarks] == ["what was said of an element cannot be read (action 7)"]


def test_nothing_that_was_typed_into_a_password_field_is_kept(
    made: Made, take_one: Callable[[Path], Taken], library: Library, bytes_in: Callable[[Path, str], list[str]]
) -> None:
    made.recording(platform="darwin")
    field = {"AXRole": "AXTextField", "AXSubrole": "AXSecureTextField", "AXTitle": "Pass word", "AXValue": "hunter2x"}
    made.click(1.0, 20, 30, element_state=json.dumps(field))
    for number, letter in enumerate("hunter2x"):
        made.key(2.0 + number / 10, key_char=letter)
    made.key(3.0, key_name="tab")
    made.key(3.5, key_char="y")
    taken = take_one(made.path.parent)
    assert _actions(taken.trajectory) == [
        Click(), TypeText(secret="pass_word"), PressKeys(("Tab",)), TypeText("y"),
    ]  # fmt: skip
    assert taken.trajectory.steps[1].masked
    kinds = [event.kind for event in library.events(taken.trajectory.id)]
    assert kinds.count("secret") == 1
    assert bytes_in(library.path, "hunter2x") == []


def test_nothing_is_kept_of_a_password_field_that_was_reached_with_the_keyboard(
    made: Made, take_one: Callable[[Path], Taken], library: Library, bytes_in: Callable[[Path, str], list[str]]
) -> None:
    made.recording(platform="darwin")
    fields = {role: json.dumps({"query_kind": "focused", "element": {"role": role, "name": "Pass word"}})
              for role in ("AXSecureTextField", "AXTextField")}  # fmt: skip
    for number, letter in enumerate("hunter2x"):
        made.key(2.0 + number / 10, key_char=letter, structural_observation=fields["AXSecureTextField"])
    made.key(3.0, key_name="tab", structural_observation=fields["AXSecureTextField"])
    made.key(3.5, key_char="y", structural_observation=fields["AXTextField"])
    taken = take_one(made.path.parent)
    assert _actions(taken.trajectory) == [TypeText(secret="pass_word"), PressKeys(("Tab",)), TypeText("y")]
    assert bytes_in(library.path, "hunter2x") == []


def test_stretches_that_were_kept_private_are_pauses(
    made: Made, take_one: Callable[[Path], Taken], library: Library
) -> None:
    made.recording()
    made.click(1.0, 20, 30)
    made.click(9.0, 20, 30)
    handoffs = {"schema_version": "1", "intervals": [{"started_at": START + 2, "ended_at": START + 5}]}
    (made.path.parent / "authentication-handoffs.json").write_text(json.dumps(handoffs))
    taken = take_one(made.path.parent)
    kinds = [event.kind for event in library.events(taken.trajectory.id)]
    assert kinds == ["button_down", "button_up", "pause", "resume", "button_down", "button_up"]


def test_a_shared_database_has_several_recordings(
    tmp_path: Path, film: Callable[..., None], take_all: Callable[[Path], list[Taken | Refused]],
    frame_number: Callable[..., int],
) -> None:  # fmt: skip
    (tmp_path / "data" / "videos").mkdir(parents=True)
    made = Made(tmp_path / "data" / "openadapt.db")
    made.recording()
    made.recording(id=2, timestamp=START + 100, task_description="Another")
    made.click(1.0, 20, 30)
    made.click(101.0, 50, 60, "right", recording_id=None, recording_timestamp=START + 100)
    film(tmp_path / "data" / "videos" / f"oa_recording-{START + 100}.mp4", 40)
    first, second = take_all(tmp_path / "data")
    assert isinstance(first, Taken)
    assert isinstance(second, Taken)
    assert (first.trajectory.title, second.trajectory.title) == ("Add a client", "Another")
    assert (_actions(first.trajectory), _actions(second.trajectory)) == ([Click()], [Click("right")])
    assert frame_number(second.trajectory.steps[0].observation.frame) == 9
    assert len(take_all(tmp_path / "data" / "openadapt.db")) == 2


def test_the_oldest_databases_lack_columns(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    schema = """
    CREATE TABLE recording (id INTEGER PRIMARY KEY, timestamp NUMERIC, monitor_width INTEGER, monitor_height INTEGER,
        platform VARCHAR);
    CREATE TABLE action_event (id INTEGER PRIMARY KEY, name VARCHAR, timestamp NUMERIC, recording_timestamp NUMERIC,
        mouse_x NUMERIC, mouse_y NUMERIC, mouse_button_name VARCHAR, mouse_pressed BOOLEAN, key_name VARCHAR);
    """
    made = Made(tmp_path / "openadapt.db", schema)
    made.row("recording", id=1, timestamp=START, monitor_width=320, monitor_height=200, platform="linux")
    for pressed in (True, False):
        made.row("action_event", name="click", timestamp=START + 1, recording_timestamp=START, mouse_x=5, mouse_y=6,
                 mouse_button_name="left", mouse_pressed=pressed)  # fmt: skip
    taken = take_one(made.path)
    assert _actions(taken.trajectory) == [Click()]
    assert taken.trajectory.title == "openadapt.db"


def test_values_of_other_types_than_promised_are_left_out(made: Made, take_one: Callable[[Path], Taken]) -> None:
    made.recording(monitor_width="wide", task_description=b"\xff\x00")
    made.click(0.5, 1, 1)
    made.click(1.0, "left", 5)  # type: ignore[arg-type]  # that is the point
    made.click(1.5, 1e308, 5)
    made.action(2.0, name="click", mouse_x=5, mouse_y=5, mouse_button_name="left", mouse_pressed=None)
    made.action(2.5, name=b"press", key_name="a")
    made.row("action_event", name="press", recording_id=1, timestamp="never", key_name="a")
    made.key(3.0, key_vk="999")
    taken = take_one(made.path.parent)
    assert _actions(taken.trajectory) == [Click()]
    assert len(taken.remarks) == 5


def test_a_picture_that_is_none_refuses_the_recording_and_leaves_no_pictures(
    made: Made, png: Callable[..., bytes], take_all: Callable[[Path], list[Taken | Refused]], library: Library
) -> None:
    made.recording()
    made.row("screenshot", recording_id=1, timestamp=START, png_data=png(1))
    made.row("screenshot", recording_id=1, timestamp=START + 2, png_data=b"no picture")
    made.click(1.0, 20, 30)
    made.click(4.0, 20, 30)
    (one,) = take_all(made.path.parent)
    assert isinstance(one, Refused)
    assert "screenshot 2 is no picture" in str(one.why)
    assert library.summaries() == []
    assert [path for path in library.frames_folder.rglob("*") if path.suffix] == []


def test_what_was_not_written_into_the_database_is_said(made: Made, take_one: Callable[[Path], Taken]) -> None:
    made.recording()
    made.click(1.0, 20, 30)
    (made.path.parent / "recording.db-wal").write_bytes(b"something")
    before = made.path.read_bytes()
    taken = take_one(made.path.parent)
    assert "was not read" in taken.remarks[0].what
    assert made.path.read_bytes() == before
    assert sorted(path.name for path in made.path.parent.iterdir()) == ["recording.db", "recording.db-wal"]


def test_a_view_in_the_place_of_a_table_is_no_recording(traps: Path) -> None:
    made = Made(traps, SCHEMA.replace("CREATE TABLE action_event (", "CREATE TABLE other ("))
    with closing(sqlite3.connect(made.path)) as db:
        db.executescript(
            "CREATE VIEW action_event AS SELECT *, 1 AS name, 1 AS mouse_pressed, 1 AS key_name FROM other"
        )
    with pytest.raises(BadInputError, match="in no format that is known"):
        known.find(made.path)


def test_a_query_that_never_ends_is_stopped(traps: Path) -> None:
    Made(traps)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(BadInputError, match="interrupted"), opened(traps) as database:
        database._db.execute(endless).fetchone()


@pytest.mark.parametrize("count", [16, 100, 5000, 9000])
def test_a_database_that_is_cut_off_is_no_recording_or_refused(
    made: Made, count: int, take_all: Callable[[Path], list[Taken | Refused]]
) -> None:
    made.recording()
    made.click(1.0, 20, 30)
    made.path.write_bytes(made.path.read_bytes()[:count])
    with pytest.raises(BadInputError):
        raise next(one.why for one in take_all(made.path.parent) if isinstance(one, Refused))
