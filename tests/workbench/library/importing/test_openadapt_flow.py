"""openadapt-flow: recordings with pictures around every action, bundles with crops, variables, secrets and checks."""

import json
from pathlib import Path

import pytest

from workbench.actions import Check, Click, Condition, Drag, Note, PressKeys, Scroll, TypeText, Wait
from workbench.geometry import Point, Rect
from workbench.library.importing.known import find, recognise
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused, take
from workbench.trajectory import TextWitness, Variable

WHEN = "2026-07-08T16:48:10.500000+00:00"


@pytest.fixture
def recording(tmp_path, png):
    """Writes a recording of these events with pictures before and after each, and returns its folder."""
    folder = tmp_path / "recording"

    def write(*events: dict[str, object], **meta: object) -> Path:
        (folder / "frames").mkdir(parents=True)
        lines = [{"i": number, "t": number + 0.5} | event for number, event in enumerate(events)]
        for number, _ in enumerate(events):
            (folder / "frames" / f"{number:04d}_before.png").write_bytes(png(number))
            (folder / "frames" / f"{number:04d}_after.png").write_bytes(png(number + 1))
        (folder / "events.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
        (folder / "meta.json").write_text(json.dumps({"viewport": [320, 200], "created_at": WHEN} | meta))
        return folder

    return write


@pytest.fixture
def bundle(tmp_path, png):
    """Writes a bundle of these steps, with one template, and returns its folder."""
    folder = tmp_path / "bundle"

    def write(*steps: dict[str, object], **fields: object) -> Path:
        (folder / "templates").mkdir(parents=True)
        (folder / "templates" / "one.png").write_bytes(png(1, width=40, height=20))
        whole = {"schema_version": 1, "name": "Triage", "recording_id": "r", "viewport": [1280, 800], "steps": steps}
        (folder / "workflow.json").write_text(json.dumps(whole | fields))
        return folder

    return write


ANCHOR = {"template": "templates/one.png", "region": [100, 50, 40, 20], "click_point": [120, 60]}
CLICK = {"id": "a", "intent": "click 'Sign In'", "action": "click", "anchor": ANCHOR}


def test_every_kind_of_event_is_read(recording, take_one):
    taken = take_one(
        recording(
            {"kind": "click", "x": 1, "y": 2}, {"kind": "double_click", "x": 3, "y": 4},
            {"kind": "right_click", "x": 5, "y": 6}, {"kind": "drag", "x": 7, "y": 8, "end_x": 90, "end_y": 80},
            {"kind": "type", "text": "as {{it}} is"}, {"kind": "key", "key": "Enter"},
            {"kind": "key", "key": "Control+a"}, {"kind": "hotkey", "modifiers": ["Shift"], "key": "ArrowDown"},
            {"kind": "scroll", "dx": -30, "dy": 400},
        )
    )  # fmt: skip
    steps = taken.trajectory.steps
    assert [step.action for step in steps] == [
        Click(), Click(count=2), Click(button="right"), Drag(), TypeText("as {{it}} is"), PressKeys(("Return",)),
        PressKeys(("ctrl", "a")), PressKeys(("shift", "Down")), Scroll(-1, 4),
    ]  # fmt: skip
    assert (steps[3].target.point, steps[3].destination.point) == (Point(7, 8), Point(90, 80))
    assert taken.trajectory.created == 1783529290.5
    assert [remark.what for remark in taken.remarks] == ["line 9: its pixels were turned into notches of 100 pixels"]


def test_steps_show_what_was_before_and_after_them(recording, take_one):
    first, second = take_one(
        recording({"kind": "click", "x": 1, "y": 1}, {"kind": "key", "key": "Tab"})
    ).trajectory.steps
    assert first.observation.frame != first.outcome.frame == second.observation.frame
    assert second.observation.monotonic_ns == 1_500_000_000


def test_parameters_become_variables_that_no_literal_text_is_taken_for(recording, take_one):
    events = [{"kind": "type", "text": "one", "param": "my note"}, {"kind": "type", "text": "{{my_note}} stays"}]
    trajectory = take_one(recording(*events, params={"my note": "one"})).trajectory
    assert [step.action for step in trajectory.steps] == [TypeText("{{my_note_1}}"), TypeText("{{my_note}} stays")]
    assert trajectory.variables == (Variable("my_note_1", "one"),)


@pytest.mark.parametrize(
    ("event", "meta"),
    [
        ({"secret": True, "param": "Pass Word"}, {}),
        ({"secret": True, "param": "Pass Word", "text": "hunter2"}, {}),
        (
            {"param": "Pass Word", "text": "hunter2"},
            {"secret_params": ["Pass Word"], "params": {"Pass Word": "hunter2"}},
        ),
    ],
)
def test_secrets_keep_their_name_and_never_their_text(recording, take_one, library, bytes_in, event, meta):
    trajectory = take_one(recording({"kind": "type"} | event, **meta)).trajectory
    (step,) = trajectory.steps
    assert step.action == TypeText(secret="pass_word")
    assert step.masked
    assert trajectory.variables == ()
    assert bytes_in(library.path, "hunter2") == []


def test_the_page_and_the_element_are_told_as_given(recording, take_one):
    structural = {"role": "button", "name": "Open", "window_name": "Patients", "selector": "#open"}
    event = {"kind": "click", "x": 9, "y": 8, "structural": structural, "title_before": "A", "title_after": "B"}
    first, second = take_one(recording(event, app_url="https://example.org/start")).trajectory.steps
    assert first.action == Note("It began at https://example.org/start")
    element = second.target.element
    assert (element.role, element.name, element.window, element.app) == ("button", "Open", "Patients", "")
    assert (second.observation.window.title, second.outcome.window.title) == ("A", "B")
    assert second.observation.window.bounds == Rect(0, 0, 320, 200)


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "click"},
        {"kind": "click", "x": 320, "y": 1},
        {"kind": "drag", "x": 1, "y": 1},
        {"kind": "drag", "x": 1, "y": 1, "end_x": 1e12, "end_y": 1},
        {"kind": "key", "key": "Nonsense"},
        {"kind": "hotkey", "modifiers": ["Control"], "key": "Control"},
        {"kind": "scroll"},
        {"kind": "scroll", "dy": 1e300},
        {"kind": "levitate"},
    ],
)
def test_what_cannot_be_carried_out_is_dropped_and_said(recording, take_one, event):
    taken = take_one(recording({"kind": "key", "key": "a"}, event))
    assert [step.action for step in taken.trajectory.steps] == [PressKeys(("a",))]
    assert [(remark.step, remark.what[:7]) for remark in taken.remarks] == [(2, "line 2:")]


def test_a_step_without_its_pictures_is_kept_and_said(recording, take_one):
    folder = recording({"kind": "click", "x": 1, "y": 1})
    for file in (folder / "frames").iterdir():
        file.unlink()
    taken = take_one(folder)
    assert taken.trajectory.steps[0].target.point == Point(1, 1)
    assert len(taken.remarks) == 2


def test_the_crop_of_a_bundle_stands_where_it_was_recorded(bundle, take_one, library):
    (step,) = take_one(bundle(CLICK)).trajectory.steps
    crop = step.target.crop
    assert crop.region == library.frames.load(crop.frame).bounds == Rect(100, 50, 40, 20)
    assert (step.target.point, step.description) == (Point(120, 60), "click 'Sign In'")


def test_the_text_of_a_bundle_is_its_own_or_the_nearest_landmark(bundle, take_one):
    marks = [
        {"ocr_text": "Far", "distance_px": 90, "dx_px": 90, "dy_px": 0},
        {"ocr_text": "Near", "distance_px": 20, "dx_px": 0, "dy_px": 20},
        {"ocr_text": "Unplaced", "distance_px": 1},
    ]
    own = CLICK | {"anchor": ANCHOR | {"ocr_text": "Sign In"}}
    near = CLICK | {"anchor": ANCHOR | {"landmarks": marks}}
    taken = take_one(bundle(own, near))
    first, second = taken.trajectory.steps
    assert first.target.text == TextWitness("Sign In", Rect(100, 50, 40, 20))
    assert second.target.text == TextWitness("Near", Rect(120, 40, 0, 0))
    assert [remark.what for remark in taken.remarks] == ["step 2: `landmarks` beside the nearest text were dropped"]


def test_expectations_of_text_become_checks_and_others_are_said(bundle, take_one):
    expected = [
        {"kind": "text_present", "text": "Hello"},
        {"kind": "text_absent", "text": "Error"},
        {"kind": "region_stable", "region": [0, 0, 9, 9], "phash": "00"},
    ]
    guard = {"predicate": {"kind": "text_present", "text": "Ready"}, "on_unmet": "halt"}
    step = CLICK | {"expect": expected, "guard": guard, "wait_until": {"kind": "text_absent", "text": "Loading"}}
    taken = take_one(bundle(step, CLICK | {"guard": guard | {"on_unmet": "skip"}}))
    assert [step.action for step in taken.trajectory.steps] == [
        Wait(until=Condition(text="Loading", present=False)),
        Check(Condition(text="Ready")),
        Click(),
        Check(Condition(text="Hello")),
        Check(Condition(text="Error", present=False)),
        Click(),
    ]
    assert [(remark.step, remark.what) for remark in taken.remarks] == [
        (6, "step 1: an `expect` that is no text was dropped"),
        (6, "step 2: its `guard` was dropped"),
    ]


def test_variables_secrets_and_keys_of_a_bundle(bundle, take_one):
    steps = [
        {"action": "type", "intent": "type <note>", "text": "hi", "param": "note"},
        {"action": "type", "intent": "type <pin>", "text": "1234", "param": "pin", "secret": True},
        {"action": "select_option", "text": "Male", "selection_commit_key": "Tab"},
        {"action": "hotkey", "key": "s", "modifiers": ["ctrl"]},
        {"action": "scroll", "scroll_dy": -250},
        {"action": "drag", "anchor": ANCHOR, "drag_end_anchor": ANCHOR | {"click_point": [300, 300]}},
        {"action": "wait"},
    ]
    trajectory = take_one(bundle(*steps, params={"note": "hi"}, schema_version=2)).trajectory
    assert [step.action for step in trajectory.steps] == [
        TypeText("{{note}}"), TypeText(secret="pin"), TypeText("Male"), PressKeys(("Tab",)), PressKeys(("ctrl", "s")),
        Scroll(dy=-2), Drag(), Wait(),
    ]  # fmt: skip
    assert trajectory.variables == (Variable("note", "hi"),)
    assert trajectory.steps[1].description == ""
    assert trajectory.steps[6].destination.point == Point(300, 300)


@pytest.mark.parametrize(
    "step",
    [
        {"action": "click"},
        {"action": "drag", "anchor": ANCHOR},
        {"action": "key", "key": ""},
        {"action": "api"},
        {"action": "click", "anchor": ANCHOR | {"click_point": [1e9, 0]}},
    ],
)
def test_steps_of_a_bundle_that_cannot_be_carried_out_are_dropped(bundle, take_one, step):
    taken = take_one(bundle(step, {"action": "wait"}))
    assert [step.action for step in taken.trajectory.steps] == [Wait()]
    assert taken.remarks[0].step == 1


def test_a_template_from_outside_is_never_read(bundle, take_one, tmp_path, png):
    (tmp_path / "outside.png").write_bytes(png(4))
    taken = take_one(bundle(CLICK | {"anchor": ANCHOR | {"template": "../outside.png"}}))
    assert taken.trajectory.steps[0].target.crop is None
    assert "its `template` is not there" in taken.remarks[0].what


def test_a_bundle_of_a_program_alone_is_refused(bundle, take_all):
    (refused,) = take_all(bundle(program={"entry": "a"}))
    assert isinstance(refused, Refused)
    assert "program graph" in str(refused.why)


@pytest.mark.parametrize("name", ["workflow.json", "meta.json"])
def test_other_folders_are_neither(tmp_path, name):
    (tmp_path / name).write_text('{"schema_version": 1, "viewport": [1, 2]}')
    assert recognise(Source(tmp_path)) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.json", "neither a recording"), ("workflow.json", "workflow.json"), ("events.jsonl", "meta.json")],
)
def test_what_is_neither_is_refused_when_it_is_said_to_be_one(tmp_path, library, name, words):
    (tmp_path / name).write_text("[]")
    (refused,) = take(library, find(tmp_path, chosen="openadapt-flow"), reduce=lambda _: ())
    assert words in str(refused.why)


def test_the_sample_of_its_authors_is_taken_whole(samples, take_one, goes_round, shown):
    folder = samples / "openadapt_flow"
    (file,) = folder.rglob("events.jsonl")
    raw = [json.loads(line) for line in file.read_text().splitlines()]
    assert [found.format for found in find(folder)] == ["openadapt-flow"]
    trajectory = take_one(folder).trajectory
    steps = trajectory.steps[1:]
    assert trajectory.steps[0].action == Note("It began at https://demo.openemr.io/openemr/index.php")
    assert len(steps) == len(raw) == 18
    clicks = [step.target.point for step in steps if isinstance(step.action, Click)]
    assert clicks == [Point(event["x"], event["y"]) for event in raw if event["kind"] == "click"]
    typed = [step.action.text for step in steps if isinstance(step.action, TypeText)]
    texts = [event["text"] if "param" not in event else "{{note}}" for event in raw if event["kind"] == "type"]
    assert typed == texts
    (variable,) = trajectory.variables
    assert [variable.default] == [event["text"] for event in raw if "param" in event]
    assert sum(isinstance(step.action, Scroll) for step in steps) == 4
    assert all(step.observation.frame and step.outcome.frame for step in steps)
    goes_round(trajectory)
    assert len(shown(trajectory)["steps"]) == 19
