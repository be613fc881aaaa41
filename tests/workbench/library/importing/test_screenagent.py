"""ScreenAgent: what people corrected is taken, what the model had said is told, and all its sessions arrive."""

import json
from collections import Counter
from pathlib import Path

import pytest

from workbench.actions import Click, Drag, Hover, Note, PressKeys, Scroll, TypeText, Wait
from workbench.geometry import Point
from workbench.library.importing.known import find, recognise
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused, Taken

AT = "2023-12-25_10-51-{:02}-500000"


def mouse(kind: str, x: float = 10, y: float = 20, **fields: object) -> dict[str, object]:
    return {
        "action_type": "MouseAction",
        "mouse_action_type": kind,
        "mouse_position": {"width": x, "height": y},
    } | fields


def keys(key: object) -> dict[str, object]:
    return {"action_type": "KeyboardAction", "keyboard_action_type": "press", "keyboard_key": key}


@pytest.fixture
def session(tmp_path, png):
    """Writes a session of these answers, each a list of actions, and returns its folder."""
    folder = tmp_path / "session1"

    def write(*answers: list[dict[str, object]], **fields: object) -> Path:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        for number, actions in enumerate(answers):
            name = AT.format(number)
            (folder / "images" / f"{name}.jpg").write_bytes(png(number, kind="JPEG"))
            said = '```json\n["click"]\n```'
            answer = {
                "task_prompt": "Öffne das Spiel",
                "task_prompt_en": "Open the game",
                "LLM_response": said,
                "LLM_response_editer": said,
                "video_width": 640,
                "video_height": 400,
                "saved_image_name": f"{name}.jpg",
                "actions": actions,
            }
            (folder / f"{name}_translate.json").write_text(json.dumps(answer | fields))
        return folder

    return write


def test_every_action_is_read_and_places_are_scaled_to_the_picture(session, take_one):
    taken = take_one(
        session(
            [mouse("click", mouse_button="left"), mouse("click", mouse_button="right")],
            [mouse("double_click", mouse_button="left"), mouse("move", 100, 80)],
            [{"action_type": "MouseAction", "mouse_action_type": "scroll_down", "scroll_repeat": 3}],
            [{"action_type": "MouseAction", "mouse_action_type": "scroll_up", "scroll_repeat": 2}],
            [keys("Return"), keys(["Control_L", "S"]), keys("Ctrl+A"), {"action_type": "WaitAction", "wait_time": 1.5}],
            [{"action_type": "KeyboardAction", "keyboard_text": "{{plain}}"}],
        )
    )
    assert [step.action for step in taken.trajectory.steps] == [
        Click(), Click(button="right"), Click(count=2), Hover(), Scroll(dy=3), Scroll(dy=-2), PressKeys(("Return",)),
        PressKeys(("ctrl", "s")), PressKeys(("ctrl", "a")), Wait(1.5), TypeText("{{plain}}"),
    ]  # fmt: skip
    assert taken.trajectory.steps[0].target.point == Point(5, 10)
    assert taken.trajectory.steps[3].target.point == Point(50, 40)
    assert (taken.trajectory.task, taken.trajectory.title) == ("Öffne das Spiel", "Open the game")


def test_a_drag_begins_where_the_pointer_was(session, take_one):
    drag = mouse("drag", 200, 100, mouse_button="left")
    taken = take_one(session([mouse("move", 20, 40), drag], [drag | {"mouse_position": {"width": 8, "height": 8}}]))
    first, second = taken.trajectory.steps
    assert isinstance(first.action, Drag)
    assert (first.target.point, first.destination.point) == (Point(10, 20), Point(100, 50))
    assert (second.target.point, second.destination.point) == (Point(100, 50), Point(4, 4))


def test_plans_and_judgements_become_notes(session, take_one):
    plan = [{"action_type": "PlanAction", "element": name} for name in ("open it", "play")]
    judged = {"action_type": "EvaluateSubTaskAction", "situation": "need_retry", "advice": "again"}
    steps = take_one(session(plan, [judged])).trajectory.steps
    assert [step.action for step in steps] == [
        Note("Plan:\n1. open it\n2. play"),
        Note("The subtask was judged not to be done yet: again"),
    ]


def test_the_correction_is_taken_and_both_are_told(session, take_one):
    corrected = {"LLM_response_editer": "Better so.\n```json\n[]\n```"}
    taken = take_one(session([mouse("click", mouse_button="left")], **corrected))
    thought = taken.trajectory.steps[0].thought
    assert thought.startswith("Better so.\n\nThe model had said: ")
    assert any("corrected 1 of 1 answers" in remark.what for remark in taken.remarks)


def test_made_up_mistakes_and_doubles_are_left_out(session, take_one):
    folder = session([mouse("click", mouse_button="left")])
    (file,) = folder.glob("*.json")
    for other in ("_translate_neg_plan.json", "_translate_neg_eval.json", ".json"):
        (folder / file.name.replace("_translate.json", other)).write_bytes(file.read_bytes())
    taken = take_one(folder)
    assert len(taken.trajectory.steps) == 1
    assert any(remark.what.startswith("2 files of mistakes") for remark in taken.remarks)


@pytest.mark.parametrize(
    "action",
    [
        mouse("click", 640, 10, mouse_button="left"),
        mouse("click", 1e300, 10, mouse_button="left"),
        mouse("click", mouse_button="thumb"),
        mouse("drag", mouse_button="left"),
        mouse("shake"),
        keys("NoSuchKey"),
        keys([]),
        keys(None),
        {"action_type": "MouseAction", "mouse_action_type": "scroll_up", "scroll_repeat": 1e9},
        {"action_type": "FlyAction"},
    ],
)
def test_what_cannot_be_carried_out_is_dropped_and_said(session, take_one, action):
    taken = take_one(session([action, {"action_type": "WaitAction", "wait_time": -1}]))
    assert [step.action for step in taken.trajectory.steps] == [Wait()]
    assert [remark.step for remark in taken.remarks if "action 1" in remark.what] == [1]


def test_a_missing_picture_is_said_and_the_step_kept(session, take_one):
    taken = take_one(session([mouse("click", mouse_button="left")], saved_image_name="../../other.jpg"))
    assert taken.trajectory.steps[0].target.point == Point(10, 20)
    assert any("`saved_image_name` is not there" in remark.what for remark in taken.remarks)


def test_a_damaged_answer_refuses_the_session(session, take_all, library):
    folder = session([mouse("click", mouse_button="left")], [mouse("click", mouse_button="left")])
    (folder / f"{AT.format(1)}_translate.json").write_text('{"task_prompt": 1')
    (refused,) = take_all(folder)
    assert isinstance(refused, Refused)
    assert AT.format(1) in str(refused.why)
    assert list(library.frames.all()) == []


def test_other_folders_are_no_session(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / f"{AT.format(1)}.json").write_text("{}")
    assert recognise(Source(tmp_path)) is None


@pytest.fixture(scope="module")
def raw(samples: Path) -> dict[str, Counter[str]]:
    """How often every kind of action stands in the files of every session, and how many letters are typed."""
    found = {}
    for folder in sorted((samples / "screenagent" / "train").iterdir()):
        count: Counter[str] = Counter()
        for file in folder.glob("*.json"):
            if "_neg_" in file.name:
                continue
            answer = json.loads(file.read_text())
            for act in answer["actions"]:
                kind = act.get("mouse_action_type") or act.get("keyboard_action_type") or act["action_type"]
                count[kind] += 1
                count["letters"] += len(act.get("keyboard_text", ""))
            count["plans"] += any(act["action_type"] == "PlanAction" for act in answer["actions"])
            count["pictures"] += 1
        found[folder.name] = count
    return found


@pytest.mark.slow
def test_all_sessions_of_its_authors_are_taken_whole(samples, raw, take_all, goes_round):
    folder = samples / "screenagent"
    assert {found.format for found in find(folder)} == {"screenagent"}
    taken = take_all(folder)
    assert len(taken) == len(raw) == 41
    for one in taken:
        assert isinstance(one, Taken), one.why
        count, steps = raw[one.name], one.trajectory.steps
        kinds = Counter(type(step.action) for step in steps)
        assert kinds[Click] == count["click"] + count["double_click"]
        assert kinds[Drag] == count["drag"]
        assert kinds[Hover] == count["move"] - count["drag"]
        assert kinds[Scroll] == count["scroll_down"]
        assert kinds[PressKeys] == count["press"]
        assert kinds[Note] == count["plans"] + count["EvaluateSubTaskAction"]
        assert kinds[Wait] == count["WaitAction"]
        assert sum(len(step.action.text) for step in steps if isinstance(step.action, TypeText)) == count["letters"]
        assert len({step.observation.frame for step in steps}) <= count["pictures"]
        assert all(step.observation.frame for step in steps)
        goes_round(one.trajectory)


def test_a_session_of_its_authors_shows(samples, take_one, shown):
    taken = take_one(samples / "screenagent" / "train" / "session35")
    assert len(shown(taken.trajectory)["steps"]) == len(taken.trajectory.steps) == 9
