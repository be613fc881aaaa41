"""The planning prompt changes as late as it can, holds what was read between quotation marks, and stays small."""

import re
from dataclasses import replace
from typing import get_args

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.changes import CloseSubgoal, Note, OpenSubgoal, Pin, Remember
from agents.memory.editing import apply
from agents.memory.serialising import Mode
from agents.memory.tree import remembering
from agents.planning.ports import Moment
from agents.prompts.choosing import Example, ShownStep
from agents.prompts.judging import JUDGING, Judged, judging
from agents.prompts.planning import (
    INSTRUCTIONS,
    ClickOn,
    Plan,
    PlannedStep,
    PlanningStyle,
    estimated_tokens,
    planning,
    planning_prompt,
)
from agents.runtime.prompt import Picture, Prompt
from agents.screen.listing import ElementList, Line
from agents.screen.reading import Read

STYLE = PlanningStyle()
SHOWN = ElementList("shop", "Customers", (Line("e1", "field", "Name"), Line("e2", "button", "Save")))
MOMENT = Moment(
    apply(remembering("add customer Eve"), Pin(words="Eve lives in Rome")),
    Read(SHOWN, {}),
    trouble="nothing changed",
    banned=('click button "Go"',),
    corrections=("rather ctrl+s than the button",),
    examples=(Example("add customer Bob", (ShownStep(-1, "click New"), ShownStep(0, "type Bob"))),),
    secrets=("bank", "mail"),
    steps_left=7,
)


def _text(prompt: Prompt) -> str:
    return "".join(part for message in prompt for part in message.parts if isinstance(part, str))


def test_everything_is_told_in_the_order_of_how_rarely_it_changes():
    filled = Line("e1", "field", "Name", "Bob", ("focused",), mark="changed")
    shown = msgspec.structs.replace(SHOWN, lines=(filled, SHOWN.lines[1]))
    text = _text(planning_prompt(replace(MOMENT, read=Read(shown, {})), STYLE))
    wanted = [
        "You operate a computer",
        "secrets that may be typed: bank, mail",
        'window "Customers" of shop',
        'button "Save" [e2]',
        "task: add customer Eve",
        "Eve lives in Rome",
        "recorded: add customer Bob\n-1: click New\n0: type Bob",
        "a person said before: rather ctrl+s",
        '[e1] = "Bob" focused changed',
        "trouble: nothing changed",
        'do not propose it: click button "Go"',
        "steps left: 7",
        "Which step comes next?",
    ]
    places = [text.index(words) for words in wanted]
    assert places == sorted(places)


@given(st.text("ab", max_size=3), st.text("ab", min_size=1, max_size=3))
def test_what_fields_hold_changes_nothing_of_the_prompt_before_it(value, later):
    lines = [Line("e1", "field", "Name", text, ("focused",)) for text in (value, later)]
    shown = [Read(ElementList("shop", "Customers", (line, SHOWN.lines[1])), {}) for line in lines]
    one, other = (_text(planning_prompt(replace(MOMENT, read=read), STYLE)) for read in shown)
    shared = one[: one.index("[e1] ", one.index("a person said before"))]
    assert 'button "Save" [e2]' in shared
    assert other.startswith(shared)


def test_a_picture_stands_behind_the_list_and_before_the_question():
    picture = Picture(np.zeros((2, 2, 3), np.uint8))
    parts = planning_prompt(MOMENT, STYLE, picture)[1].parts
    assert parts[1] is picture
    assert 'button "Save" [e2]' in str(parts[0])
    assert "Which step" in str(parts[2])


@given(st.lists(st.text("ab ", min_size=1).filter(str.strip), max_size=6), st.text(max_size=9), st.integers(1, 9))
def test_what_was_told_of_the_memory_stays_told_the_same_when_a_step_is_added(done, trouble, left):
    memory = remembering("a task")
    for words in done:
        memory = apply(memory, Remember(words=words, verified=True))
    before = replace(MOMENT, memory=memory, examples=(), corrections=(), banned=())
    after = replace(before, memory=apply(memory, Remember(words="one more")), trouble=trouble, steps_left=left)
    one, other = _text(planning_prompt(before, STYLE)), _text(planning_prompt(after, STYLE))
    shared = one[: one.index("trouble: ")]
    assert shared.endswith("".join(f"done: {' '.join(words.split())}\n" for words in done))
    assert other.startswith(shared)


def test_a_memory_that_is_too_long_is_cut_but_task_and_facts_stay():
    memory = MOMENT.memory
    for number in range(200):
        memory = apply(memory, Remember(words=f"click the button of row {number}", verified=True))
    text = _text(planning_prompt(replace(MOMENT, memory=memory), PlanningStyle(memory_tokens=400)))
    assert "task: add customer Eve" in text
    assert "Eve lives in Rome" in text
    assert "row 199" in text
    assert "row 1\n" not in text
    assert estimated_tokens(text) < 1400


WORDS = st.sampled_from([*'"“”\n\r\t [e1]{}:', "task: ", "person: ", "pinned 1: ", "\u2028", "\x85", "\x0b", "ab"])
NASTY = st.lists(WORDS, min_size=1).map("".join)


def _unquoted(text: str) -> list[str]:
    return [re.sub(r'"[^"]*"', "Q", line) for line in text.splitlines()]


@given(name=NASTY, value=NASTY, title=NASTY, app=NASTY)
def test_nothing_from_the_screen_stands_outside_quotation_marks(name, value, title, app):
    line = Line("e1", "field", "x", "x", near="x")
    quiet = Read(ElementList("app", "x", (line,)), {})
    loud = Read(
        ElementList(f"app {app}", title, (msgspec.structs.replace(line, name=name, value=value, near=name),)), {}
    )
    one, other = (_unquoted(_text(planning_prompt(replace(MOMENT, read=read), STYLE))) for read in (quiet, loud))
    place = one.index("window Q of app")
    assert other[:place] + other[place + 2 :] == one[:place] + one[place + 2 :]
    assert re.fullmatch(r"window Q of app( [\w.+#-]+)* ?…?[ \w.+#-]*", other[place])
    assert other[place + 1] == "field Q in Q [e1]"
    assert "[e1] = Q" in other


def test_the_memory_can_be_told_flat_too():
    memory = remembering("task")
    for change in (OpenSubgoal(words="open"), Remember(words="click x"), CloseSubgoal(summary="it is open")):
        memory = apply(memory, change)
    told = [_text(planning_prompt(replace(MOMENT, memory=memory), PlanningStyle(mode))) for mode in get_args(Mode)]
    assert ["did: click x" in text for text in told] == [False, True]


def test_the_instructions_are_short():
    assert estimated_tokens(INSTRUCTIONS) * 3 / 4 <= 450
    assert estimated_tokens(JUDGING) * 3 / 4 <= 160


def _actions() -> dict[str, str]:
    """The line of the instructions about each action."""
    block = INSTRUCTIONS.split("as needed:\n")[1].split("\nBefore")[0]
    return {line.split()[0]: line for line in block.splitlines()}


def test_the_instructions_name_every_action_that_a_plan_may_take_with_all_its_fields():
    told = _actions()
    assert set(told) == {kind.__struct_config__.tag for kind in PlannedStep.__args__}
    for kind in PlannedStep.__args__:
        missing = {name for name in kind.__struct_fields__ if name not in told[kind.__struct_config__.tag]}
        assert not missing


def test_the_example_of_the_instructions_is_a_plan_that_is_understood():
    example = re.search(r'^\{"thought":.*\}$', INSTRUCTIONS, re.M)
    assert example
    plan = msgspec.json.decode(example[0], type=Plan)
    assert plan.step == ClickOn('button "Save" [e7]')


@pytest.mark.parametrize("asking", [planning(), judging()])
def test_answers_have_a_grammar_and_a_schema(asking):
    assert asking.grammar.startswith("root ::= ")
    assert msgspec.json.decode(asking.schema)


@pytest.mark.parametrize("feasible", [-0.1, 1.1])
def test_a_judge_cannot_be_surer_than_sure(feasible):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(f'{{"feasible":{feasible},"risk":"harmless","why":""}}', type=Judged)


def test_a_note_of_the_planner_is_told_as_a_note():
    memory = apply(remembering("task"), Note(words="7 left"))
    assert "note: 7 left" in _text(planning_prompt(replace(MOMENT, memory=memory), STYLE))


@given(st.sampled_from([*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))]), st.text("ab\n", max_size=4))
def test_only_text_that_a_keyboard_can_type_is_planned(control, before):
    answer = msgspec.json.encode({"thought": "", "step": {"action": "type", "text": f"{before}{control}b"}})
    if control in "\t\n":
        assert isinstance(msgspec.json.decode(answer, type=Plan), Plan)
    else:
        with pytest.raises(msgspec.ValidationError, match=f"U\\+{ord(control):04X}"):
            msgspec.json.decode(answer, type=Plan)
