"""UI-TARS desktop: every action of its agent, pages as the program exports them, and what is wrong in them."""

import base64
import json

import pytest

from workbench.actions import Ask, Click, Drag, Fail, Finish, Hover, Note, PressKeys, Scroll, TypeText, Wait
from workbench.geometry import Point
from workbench.library.importing.known import find, recognise
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused

VIEWER = "<script>document.querySelectorAll('script[type=\"ui_tars_web_dump\"]')</script>"
MIDDLE = "[0.25,0.5,0.75,0.5]"


def act(kind, thought="", reflection=None, **inputs):
    return {"action_type": kind, "action_inputs": inputs, "thought": thought, "reflection": reflection}


@pytest.fixture
def page(tmp_path, png):
    """Writes the page of a session in which every act has its picture, or several share one."""

    def session(acts, **fields):
        talk = [{"from": "human", "value": "Open the files\nplease", "timing": {"start": 1e12, "end": 1e12, "cost": 0}}]
        for number, one in enumerate(acts, 1):
            shot = base64.b64encode(png(number)).decode()
            at = 1e12 + 1000 * number
            timing = {"start": at - 500, "end": at, "cost": 500}
            context = {"size": {"width": 320, "height": 200}, "mime": "image/png", "scaleFactor": 2}
            talk += [
                {"from": "human", "value": "<image>", "screenshotBase64": shot, "screenshotContext": context},
                {"from": "gpt", "value": "…", "predictionParsed": one if isinstance(one, list) else [one]},
            ]
            talk[-2]["timing"] = talk[-1]["timing"] = timing
        whole = {"version": "v1", "instruction": "Open the files\nplease", "status": "end", "logTime": 1e12}
        return whole | {"systemPrompt": "p", "modelName": "m", "conversations": talk} | fields

    def write(*sessions):
        dumps = [
            f'<script type="ui_tars_web_dump" type="application/json">{json.dumps(one)}\n</script>' for one in sessions
        ]
        path = tmp_path / "report.html"
        path.write_text("<!doctype html><html>" + VIEWER + "\n".join(dumps) + "</html>")
        return path

    write.session = session
    return write


def actions(taken):
    return [step.action for step in taken.trajectory.steps]


def test_every_action_of_the_agent_is_read(page, take_one):
    acts = [
        act("click", start_box=MIDDLE), act("left_single", start_box=[0, 0]),
        act("left_double", start_box="[0.5, 0.5]"),
        act("right_single", start_box="(1,1)"), act("middle_click", start_box=MIDDLE), act("hover", start_box=MIDDLE),
        act("drag", start_box=MIDDLE, end_box="[1,1,1,1]"), act("type", content="hello, {{you}}"),
        act("hotkey", key="ctrl c"),
        act("hotkey", hotkey="ctrl+shift+T"), act("wait"), act("finished", content="42"),
        act("call_user", thought="Which?"),
        act("error_env"), act("navigate", content="https://a.example"), act("navigate_back"),
    ]  # fmt: skip
    taken = take_one(page(page.session(acts)))
    assert actions(taken) == [
        Click(), Click(), Click(count=2), Click("right"), Click("middle"), Hover(), Drag(), TypeText("hello, {{you}}"),
        PressKeys(("ctrl", "c")), PressKeys(("ctrl", "shift", "t")), Wait(5.0), Finish("42"), Ask("Which?"),
        Fail("the agent reported an error of its environment"), Note("Go to https://a.example"),
        Note("Go back in the browser"),
    ]  # fmt: skip
    points = [step.target.point for step in taken.trajectory.steps[:4]]
    assert points == [Point(160, 100), Point(0, 0), Point(160, 100), Point(319, 199)]
    assert taken.trajectory.steps[6].destination.point == Point(319, 199)
    assert [remark.step for remark in taken.remarks] == [0]  # the scale of the screen


def test_a_step_has_the_pictures_around_it_its_time_and_its_thought(page, take_one, library, png):
    session = page.session([act("click", "look", "hm", start_box=MIDDLE), act("finished")])
    first, last = take_one(page(session)).trajectory.steps
    assert first.observation.frame != first.outcome.frame == last.observation.frame
    assert last.outcome.frame is None
    assert (first.observation.epoch_s, last.observation.epoch_s) == (1e9 + 1, 1e9 + 2)
    assert last.observation.monotonic_ns - first.observation.monotonic_ns == 10**9
    assert first.thought == "hm\nlook"
    assert library.frames.load(first.observation.frame).pixels.shape == (200, 320, 4)


def test_several_actions_over_one_picture_share_it_and_the_last_has_what_followed(page, take_one):
    both = [act("click", "two", start_box=MIDDLE), act("type", "two", content="a")]
    first, second, _ = take_one(page(page.session([both, act("finished")]))).trajectory.steps
    assert first.observation.frame == second.observation.frame
    assert (first.outcome.frame, second.outcome.frame is None) == (None, False)


@pytest.mark.parametrize("content", ["find me\n", "find me\\n", " find me \\n "])
def test_a_line_end_at_the_end_of_typing_is_the_return_key(page, take_one, content):
    taken = take_one(page(page.session([act("type", content=content)])))
    assert actions(taken) == [TypeText("find me"), PressKeys(("Return",))]


@pytest.mark.parametrize(("way", "turn"), [("down", Scroll(dy=5)), ("UP", Scroll(dy=-5)), ("left", Scroll(dx=-5))])
def test_scrolling_has_a_direction_and_the_remark_that_its_amount_is_the_tools(page, take_one, way, turn):
    taken = take_one(page(page.session([act("scroll", direction=way, start_box=MIDDLE), act("scroll", direction=way)])))
    assert actions(taken) == [turn, turn]
    assert taken.trajectory.steps[0].target.point == Point(160, 100)
    assert taken.trajectory.steps[1].target is None
    assert [remark.step for remark in taken.remarks if "notches" in remark.what] == [1, 2]


@pytest.mark.parametrize(
    "odd",
    [
        act("click"), act("click", start_box="[2,2]"), act("click", start_box="[[[["),
        act("click", start_box="[1,2,3]"),
        act("click", start_box="x" * 3000), act("drag", start_box=MIDDLE), act("scroll", direction="inwards"),
        act("hotkey", key="no such key"), act("hotkey"), act("type", content=""), act("long_press"), act("navigate"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_here_is_dropped_with_a_remark_at_its_place(page, take_one, odd):
    taken = take_one(page(page.session([act("wait"), odd, act("finished")])))
    assert actions(taken) == [Wait(5.0), Finish()]
    assert [remark.step for remark in taken.remarks if remark.step] == [2]


def test_remarks_never_quote_what_stands_in_the_file(page, take_one):
    taken = take_one(page(page.session([act("open my mail hunter2"), act("wait")])))
    assert not any("hunter2" in remark.what for remark in taken.remarks)


def test_keys_held_down_are_pressed_and_released_with_a_remark(page, take_one):
    taken = take_one(page(page.session([act("press", key="shift")])))
    assert actions(taken) == [PressKeys(("shift",))]
    assert "held" in taken.remarks[-1].what or "holds" in taken.remarks[-1].what


@pytest.mark.parametrize("status", ["error", "max_loop"])
def test_a_session_that_failed_is_imported_as_failed(page, take_one, status):
    taken = take_one(page(page.session([act("wait")], status=status, error={"code": -100099, "error": "x"})))
    assert actions(taken) == [Wait(5.0), Fail(f"the session ended with {status} -100099")]


def test_a_session_that_was_stopped_has_no_end_but_a_remark(page, take_one):
    taken = take_one(page(page.session([act("wait")], status="user_stopped")))
    assert actions(taken) == [Wait(5.0)]
    assert taken.remarks[-1].step == 0


def test_what_the_person_said_later_is_a_note(page, take_one):
    session = page.session([act("wait")])
    session["conversations"].append({"from": "human", "value": "and now the other"})
    assert actions(take_one(page(session)))[-1] == Note("and now the other")


def test_the_task_is_the_instruction_and_its_first_line_the_title(page, take_one):
    trajectory = take_one(page(page.session([act("wait")]))).trajectory
    assert (trajectory.title, trajectory.task) == ("Open the files", "Open the files\nplease")
    assert (trajectory.created, trajectory.seconds) == (1e9 + 1, 0.0)
    assert trajectory.screens[0].bounds.width == 320


def test_a_page_may_hold_several_sessions_and_closing_tags_in_their_texts(page, take_all):
    odd = page.session([act("type", content="</script>")], systemPrompt="say </script>")
    taken = take_all(page(odd, page.session([act("wait")])))
    assert [one.name for one in taken] == ["report.html session 1", "report.html session 2"]
    assert actions(taken[0]) == [TypeText("</script>")]


def test_one_damaged_session_does_not_keep_the_next_from_being_taken(page, take_all, library):
    broken = page.session([act("wait"), act("wait")])
    broken["conversations"][3]["screenshotBase64"] = "bm8gcGljdHVyZQ=="
    first, second = take_all(page(broken, page.session([act("wait")])))
    assert isinstance(first, Refused)
    assert "conversation 4" in str(first.why)
    assert actions(second) == [Wait(5.0)]
    assert len(library.summaries()) == 1


@pytest.mark.parametrize("text", ["{}", '{"conversations": 3}', "[", "null", '{"conversations": [{"from": 1}]}', ""])
def test_a_page_without_a_session_is_refused_in_one_line(tmp_path, take_all, text):
    path = tmp_path / "r.html"
    path.write_text(f'<html><script type="ui_tars_web_dump">{text}</script></html>')
    (refused,) = take_all(path)
    assert isinstance(refused, Refused)
    assert "\n" not in str(refused.why)


@pytest.mark.parametrize("text", ["<html>ui_tars_web_dump</html>", VIEWER, "no page", ""])
def test_other_pages_are_none_of_this_format(tmp_path, text):
    path = tmp_path / "r.html"
    path.write_text(text)
    assert recognise(Source(path)) != "ui-tars"


def test_an_export_is_recognised_told_and_goes_round(page, take_one, goes_round, shown):
    path = page(page.session([act("click", start_box=MIDDLE), act("type", content="x"), act("finished")]))
    assert [found.format for found in find(path)] == ["ui-tars"]
    trajectory = take_one(path).trajectory
    goes_round(trajectory)
    assert shown(trajectory)["title"] == "Open the files"
