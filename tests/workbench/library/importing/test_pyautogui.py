"""Scripts for pyautogui are taken as what they would do."""

import pytest

from workbench.actions import Click, PressKeys, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.importing import known
from workbench.library.importing.taking import Refused
from workbench.trajectory import Variable

OMNIACT = 'Task: Open the mail of "Ada"\nOutput Script:\npyautogui.click(1212.0,22.0)\npyautogui.press("enter")\n'


@pytest.fixture
def script(tmp_path):
    def write(text, name="script.py", *, newline="\n"):
        (tmp_path / name).write_text(text, newline=newline)
        return tmp_path / name

    return write


def test_a_task_of_omniact_has_what_was_asked_before_its_script(script, take_one):
    taken = take_one(script(OMNIACT, "task_1.30.txt"))
    assert taken.format == "pyautogui"
    assert (taken.trajectory.title, taken.trajectory.task) == ('Open the mail of "Ada"',) * 2
    one, two = taken.trajectory.steps
    assert (one.action, one.target.point, two.action) == (Click(), Point(1212, 22), PressKeys(("Return",)))
    assert (taken.remarks, taken.trajectory.screens) == ((), ())


def test_lines_are_counted_in_the_file_and_not_in_the_script(script, take_one):
    taken = take_one(script(OMNIACT + "pyautogui.frobnicate()\n", newline="\r\n"))
    assert [(remark.step, remark.what) for remark in taken.remarks] == [
        (3, "line 5: it calls a function that is not read")
    ]


def test_a_script_has_its_title_task_and_variables(script, take_one):
    head = '"""Write to the city\n\nTask: say hello\n"""\nimport pyautogui\nVALUES = {"city": "Bonn"}\n'
    text = head + 'pyautogui.write("to " + VALUES["city"])\n'
    trajectory = take_one(script(text)).trajectory
    assert (trajectory.title, trajectory.task) == ("Write to the city", "say hello")
    assert trajectory.variables == (Variable("city", "Bonn"),)
    assert trajectory.steps[0].action == TypeText("to {{city}}")


def test_a_secret_is_named_and_said(script, take_one):
    (step,) = take_one(script("pyautogui.write(SECRETS['bank'])")).trajectory.steps
    assert (step.action, step.masked) == (TypeText(secret="bank"), "a secret that is asked for")


def test_a_script_without_words_is_called_like_its_file(script, take_one):
    assert take_one(script("pyautogui.press('a')", "greet.py")).trajectory.title == "greet"


def test_a_place_beyond_all_desktops_is_left_out_and_said(script, take_one):
    taken = take_one(script("pyautogui.click(99999, 3)\npyautogui.click(-99999.5, 1e999)\npyautogui.click(0.5, 0.5)"))
    assert [step.target for step in taken.trajectory.steps] == [None] * 2
    assert [remark.step for remark in taken.remarks] == [1, 2, 2]


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.system('pyautogui.click()')\n",
        "def f():\n    pyautogui.click(1, 1)\n",
        "plain words",
        "",
        "pyautogui",
    ],
)
def test_other_texts_are_not_taken_for_a_script(script, text):
    with pytest.raises(BadInputError, match="no format"):
        known.find(script(text))


def test_a_file_of_another_kind_is_not_taken_for_a_script(script):
    with pytest.raises(BadInputError, match="no format"):
        known.find(script("pyautogui.click(1, 1)\n", "notes.md"))


def test_what_is_no_python_is_refused_with_its_line(script, take_all):
    (refused,) = take_all(script("pyautogui.click(1, 1)\npyautogui.click(\n"))
    assert isinstance(refused, Refused)
    assert "script.py: line 2 is no Python" in str(refused.why)


def test_what_came_in_shows_and_goes_out_as_a_bundle(script, take_one, goes_round):
    goes_round(take_one(script(OMNIACT)).trajectory)


def test_several_keys_of_one_call_are_pressed_in_turn_and_over_again(script, take_one):
    steps = take_one(script("pyautogui.press(['a', 'b'], presses=2)\npyautogui.press('c', presses=3)")).trajectory.steps
    pressed = [PressKeys((key,)) for key in "abab"]
    assert [step.action for step in steps] == [*pressed, PressKeys(("c",), 3)]


def test_a_loop_within_a_loop_is_done_as_often_as_it_says(script, take_one):
    loops = "for a in range({}):\n    for b in range(50):\n        pyautogui.press('x')\n"
    steps = take_one(script("pyautogui.press('y')\n" + loops.format(40))).trajectory.steps
    assert sum(step.action.count for step in steps) == 2001


def test_loops_that_do_more_than_any_script_are_refused(script, take_all):
    text = "pyautogui.press('y')\nfor a in range(1000):\n    for b in range(1000):\n        pyautogui.press('x')\n"
    (refused,) = take_all(script(text))
    assert isinstance(refused, Refused)
    assert "more than 5000 calls" in str(refused.why)
