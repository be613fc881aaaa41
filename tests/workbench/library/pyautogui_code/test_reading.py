"""Code for pyautogui is read as the actions that a person would say it does, and never executed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.actions import (
    Ask,
    Click,
    Drag,
    Fail,
    Finish,
    Hover,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
)
from workbench.errors import BadInputError
from workbench.library.pyautogui_code.arguments import Spot
from workbench.library.pyautogui_code.calls import parse
from workbench.library.pyautogui_code.reading import CodeReader
from workbench.trajectory import Variable


def actions(code):
    return [act.action for act in CodeReader().read(code).acts]


def places(code):
    return [(act.at and (act.at.x, act.at.y), act.to and (act.to.x, act.to.y)) for act in CodeReader().read(code).acts]


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("pyautogui.click(3, 4)", Click()),
        ("pyautogui.click(x=3, y=4, clicks=2, button='right')", Click("right", 2)),
        ("pyautogui.click((3, 4))", Click()),
        ("pyautogui.leftClick(3, 4)", Click()),
        ("pyautogui.doubleClick(3, 4)", Click(count=2)),
        ("pyautogui.doubleClick(3, 4, 0.1, 'right')", Click("right", 2)),
        ("computer.tripleClick(x=3, y=4)", Click(count=3)),
        ("pyautogui.tripleClick(3, 4)", Click(count=3)),
        ("pyautogui.rightClick(3, 4)", Click("right")),
        ("pyautogui.middleClick(3, 4)", Click("middle")),
        ("import pyautogui; pyautogui.click(3, 4)", Click()),
        ("import pyautogui as p\np.click(3, 4)", Click()),
        ("from pyautogui import click as tap\ntap(3, 4)", Click()),
        ("pyautogui.moveTo(3, 4)", Hover()),
        ("pyautogui.moveTo(3, 4); time.sleep(2)", Hover(2000)),
        ("pyautogui.moveTo(3, 4)\npyautogui.click()", Click()),
        ("pyautogui.mouseDown(3, 4)\npyautogui.mouseUp()", Click()),
        ("pyautogui.scroll(-3, 3, 4)", Scroll(0, 3)),
        ("pyautogui.moveTo(3, 4)\npyautogui.scroll(5)", Scroll(0, -5)),
        ("pyautogui.hscroll(2)", Scroll(2, 0)),
        ("pyautogui.scroll(-1); pyautogui.hscroll(2)", Scroll(2, 1)),
        ("pyautogui.keyDown('ctrl')\npyautogui.click(3, 4)\npyautogui.keyUp('ctrl')", Click(modifiers=("ctrl",))),
        ("with pyautogui.hold(['shift', 'ctrl']):\n    pyautogui.click(3, 4)", Click(modifiers=("ctrl", "shift"))),
        ("pyautogui.write('a ' + 'b')", TypeText("a b")),
        ("pyautogui.typewrite(message='ab\\n', interval=0.1)", TypeText("ab\n")),
        ("pyautogui.write(SECRETS['Bank pin'])", TypeText(secret="bank_pin")),
        ("pyautogui.write('to ' + VALUES['city'])", TypeText("to {{city}}")),
        ("pyautogui.press('enter')", PressKeys(("Return",))),
        ("pyautogui.press(keys='down', presses=4)", PressKeys(("Down",), 4)),
        ("pyautogui.press(['tab'], presses=2)", PressKeys(("Tab",), 2)),
        ("pyautogui.hotkey('Ctrl', 'shift', 's')", PressKeys(("ctrl", "shift", "s"))),
        ("pyautogui.hotkey(['cmd', 'c'])", PressKeys(("super", "c"))),
        ("pyautogui.hotkey(keys=['ctrl', 'c'])", PressKeys(("ctrl", "c"))),
        ("for _ in range(3): pyautogui.hotkey('ctrl', 'z')", PressKeys(("ctrl", "z"), 3)),
        ("pyautogui.keyDown('alt')\npyautogui.press('f4')\npyautogui.keyUp('alt')", PressKeys(("alt", "F4"))),
        ("pyautogui.keyDown('a')\npyautogui.keyUp('a')", PressKeys(("a",))),
        ("pyautogui.press('multiply')", PressKeys(("KP_Multiply",))),
        ("time.sleep(1.5)", Wait(1.5)),
        ("pyautogui.sleep(2)", Wait(2.0)),
        ("computer.wait(time=3)", Wait(3.0)),
        ("computer.wait()", Wait()),
        ("computer.terminate(status='success', answer='42')", Finish("42")),
        ("computer.terminate(status='failure')", Fail("")),
        ("pyautogui.prompt('Which?')", Ask("Which?")),
        ("VALUES['city'] = pyautogui.prompt('Which?')", Ask("Which?", "city")),
        ("delay = 0.25 * 2\ntime.sleep(delay)", Wait(0.5)),
        ("if __name__ == '__main__':\n    pyautogui.press('a')", PressKeys(("a",))),
    ],
)
def test_a_call_is_read_as_the_action_that_it_does(code, action):
    assert actions(code) == [action]


@pytest.mark.parametrize(
    ("code", "spots"),
    [
        ("pyautogui.click(x=0.5, y=0.25)", [((0.5, 0.25), None)]),
        ("pyautogui.moveTo(3, 4)\npyautogui.dragTo(7, 9, duration=0.2)", [((3, 4), (7, 9))]),
        ("pyautogui.moveTo(3, 4)\npyautogui.drag(-1, 2)", [((3, 4), (2, 6))]),
        ("pyautogui.moveTo(3, 4)\npyautogui.moveRel(2, 2)\npyautogui.click()", [((3, 4), None), ((5, 6), None)]),
        ("pyautogui.click(3, 4)\npyautogui.click()", [((3, 4), None), ((3, 4), None)]),
        ("pyautogui.click(y=4)", [(None, None)]),
        ("pyautogui.click(3, 4)\npyautogui.click(y=9)", [((3, 4), None), ((3, 9), None)]),
        ("pyautogui.moveTo(1, 1)\npyautogui.click(3, 4)", [((1, 1), None), ((3, 4), None)]),
        ("pyautogui.click()", [(None, None)]),
        ("pyautogui.click(-3, +4)", [((-3, 4), None)]),
    ],
)
def test_places_are_those_of_the_call_or_of_the_pointer(code, spots):
    assert places(code) == spots


def test_a_button_that_goes_down_here_and_up_there_is_a_drag_with_its_path_and_times():
    code = "pyautogui.mouseDown(1, 2)\npyautogui.moveTo(5, 6, duration=0.2)\ntime.sleep(0.1)\npyautogui.mouseUp(7, 8)"
    (act,) = CodeReader().read(code).acts
    assert act.action == Drag()
    assert (act.at, act.to, act.path) == (Spot(1, 2), Spot(7, 8), ((Spot(5, 6), 200),))


def test_what_one_piece_holds_the_next_one_uses():
    reader = CodeReader()
    assert reader.read("pyautogui.keyDown('ctrl')").acts == ()
    assert [act.action for act in reader.read("pyautogui.click(3, 4)").acts] == [Click(modifiers=("ctrl",))]
    assert reader.read("pyautogui.keyUp('ctrl')").acts == ()
    assert [act.at for act in reader.read("pyautogui.click()").acts] == [Spot(3, 4)]
    assert reader.finish().left_out == ()


def test_a_key_or_button_that_never_comes_up_is_said_at_the_end():
    reader = CodeReader()
    reader.read("pyautogui.keyDown('ctrl')\npyautogui.mouseDown(1, 1)")
    assert {one.what for one in reader.finish().left_out} == {
        "a button goes down and never up",
        "a key is held and never let go",
    }


@pytest.mark.parametrize(
    "code",
    [
        "pyautogui.click('button.png')",
        "pyautogui.click(3, 4, clicks=-1)",
        "pyautogui.click(3, 4, button='side')",
        "pyautogui.press('banana')",
        "pyautogui.hotkey('ctrl', 'banana')",
        "pyautogui.hotkey()",
        "pyautogui.press('a', presses=10**9)",
        "pyautogui.press('a', presses=100000)",
        "pyautogui.scroll(100000)",
        "pyautogui.scroll('far')",
        "pyautogui.write(3)",
        "pyautogui.write(open('x').read())",
        "pyautogui.write(f'{secret}')",
        "pyautogui.dragTo(3, 4)",
        "pyautogui.moveTo('here')",
        "pyautogui.moveRel(3, 4)",
        "pyautogui.mouseUp()",
        "pyautogui.keyUp('a')",
        "pyautogui.keyDown('banana')",
        "pyautogui.frobnicate()",
        "time.sleep('long')",
        "os.system('rm -rf /')",
        "__import__('os').system('true')",
        "x = pyautogui.size()",
        "while True: pyautogui.click(1, 1)",
        "for i in range(10**7): pyautogui.click(1, 1)",
        "for i in names: pyautogui.click(1, 1)",
        "def f(): pyautogui.click(1, 1)",
        "with open('x') as f: pyautogui.click(1, 1)",
        "pyautogui.click(width * 0.5, 3)",
        "pyautogui.click(1 / 0, 3)",
        "pyautogui.click(" + "9" * 400 + ", 3)",
        "pyautogui.click(*places)",
        "x: int = 3",
    ],
)
def test_what_cannot_be_read_is_left_out_and_said_with_its_line(code):
    reading = CodeReader().read(f"pass\n{code}")
    assert reading.acts == ()
    assert {one.line for one in reading.left_out} == {2}


@pytest.mark.parametrize(
    "code",
    [
        "pyautogui.click(",
        "click here",
        "(" * 100_000,
        "-" * 100_000 + "1",
        "a" + "+a" * 100_000,
        "a" + ".a" * 50_000,
        "lambda:" * 20_000 + "1",
        "9" * 10_000,
        "\0",
        "x = f'" + "{a}" * 2000 + "'",
        "x" * 600_000,
        "pyautogui.click(1, 1)\n" * 5002,
        "for _ in range(900):\n  for _ in range(900):\n    pyautogui.click(1, 1)\n    pyautogui.click(2, 2)",
        "for _ in range(1000): pyautogui.click(1, 1)\n" * 8,
        "a = 'x' * 1\na = '" + "x" * 400_000 + "'\npyautogui.write(a)\npyautogui.write(a)",
    ],
)
def test_code_that_is_no_script_of_clicks_is_refused_in_one_line(code):
    with pytest.raises(BadInputError) as refused:
        CodeReader().read(code)
    assert "\n" not in str(refused.value)


def test_texts_that_double_again_and_again_are_left_out():
    code = "a = 'xxxxxxxxxxxxxxxx'\n" + "a = a + a\n" * 60 + "pyautogui.write(a)"
    assert actions(code) == []


def test_values_are_variables_with_their_defaults_and_what_is_asked_has_none():
    program = parse("VALUES = {'city': 'Berlin', 'day': input('day: ')}\npyautogui.write(VALUES['new'])")
    assert program.variables == (Variable("city", "Berlin"), Variable("day"), Variable("new"))


def test_nothing_is_executed(tmp_path):
    made = tmp_path / "made"
    CodeReader().read(f"import pathlib\npathlib.Path({str(made)!r}).touch()\npyautogui.write(open({str(made)!r}, 'w'))")
    assert not made.exists()


_PIECES = st.sampled_from(
    ["pyautogui.", "click", "(", ")", "'", '"', "x=", "0.5", ",", "\n", ";", "press", "write", "for _ in range(", "):",
     "[", "]", "{", "}", "keyDown", "ctrl", "moveTo", "-", "1e999", "\\", "VALUES", "=", "#", "mouseUp", "dragTo"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=5), max_size=30).map("".join))
@example("pyautogui.click(1e999, -1e999)")
@example("pyautogui.scroll(1e999)")
def test_any_text_is_read_or_refused_in_one_line(code):
    reader = CodeReader()
    why = ""
    try:
        reader.read(code)
    except BadInputError as error:
        why = str(error)
    assert "\n" not in why
    reader.finish()
