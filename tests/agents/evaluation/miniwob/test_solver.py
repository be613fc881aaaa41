"""What the scripted solver makes of a task in words, and how it is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.evaluation.miniwob.solver import Deed, after_click, find, find_wrong, plan_for
from agents.screen.listing import Line, numbered
from workbench.actions import PressKeys, TypeText

SCREEN = numbered(
    [
        Line("", "button", "ONE"),
        Line("", "button", "ONE"),
        Line("", "button", "TWO"),
        Line("", "field"),
        Line("", "field"),
        Line("", "dropdown", value="Spain"),
        Line("", "button", "Submit"),
    ]
)
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@pytest.mark.parametrize("told", ["", "Draw a line.", "Click the button. Then rest.", "Click on the link"])
def test_a_task_that_the_solver_does_not_know_has_no_plan(told):
    assert plan_for(told) is None


@given(names=st.lists(WORDS.filter(lambda word: word != "nothing"), min_size=1, max_size=6))
def test_every_box_that_is_named_is_clicked_once_and_submit_comes_last(names):
    plan = plan_for(f"Select {', '.join(names)} and click Submit.")
    assert [deed.name for deed in plan] == [*names, "Submit"]
    assert [deed.matters for deed in plan] == [True] * len(names) + [False]


def test_nothing_to_select_leaves_only_submit():
    assert [deed.name for deed in plan_for("Select nothing and click Submit.")] == ["Submit"]


@pytest.mark.parametrize(
    ("told", "deeds"),
    [
        ("Click button TWO.", [("click", "TWO", "")]),
        ("Click button ONE, then click button TWO.", [("click", "ONE", ""), ("click", "TWO", "")]),
        ("Select Peru from the list and click Submit.", [("choose", None, "Peru"), ("click", "Submit", "")]),
        (
            'Type "Ab" in all upper case letters in the text input and press Submit.',
            [("write", None, "AB"), ("click", "Submit", "")],
        ),
    ],
)
def test_words_become_deeds(told, deeds):
    assert [(deed.kind, deed.name, deed.text) for deed in plan_for(told)] == deeds


def test_the_number_counts_the_controls_that_fit_from_the_top():
    assert find(Deed("click", ("field",), number=2), SCREEN).ref == "e5"
    assert find(Deed("click", ("button",), "ONE", number=3), SCREEN) is None


@pytest.mark.parametrize(
    ("deed", "ref"),
    [
        (Deed("click", ("button",), "ONE"), "e3"),  # the other ONE would do as well
        (Deed("click", ("field",), number=1), "e5"),
        (Deed("click", ("button",), "TWO"), "e1"),
    ],
)
def test_a_wrong_control_is_of_the_same_kind_and_never_as_good_nor_submit(deed, ref):
    assert find_wrong(deed, SCREEN).ref == ref


def test_where_all_of_a_kind_are_right_or_there_is_one_only_none_is_wrong():
    assert find_wrong(Deed("click", ("button",), number=0), SCREEN) is None
    assert find_wrong(Deed("choose", ("dropdown",)), SCREEN) is None


@given(text=st.text(max_size=20))
def test_a_wrong_answer_is_never_the_right_one(text):
    deed = Deed("write", ("field",), text=text)
    assert after_click(deed, None) == (TypeText(text),)
    assert after_click(deed, None, wrong=True) != (TypeText(text),)


def test_a_wrong_choice_leaves_an_entry_that_is_wrong_and_moves_on_from_the_right_one():
    peru, spain = (Deed("choose", ("dropdown",), text=text) for text in ("Peru", "Spain"))
    dropdown = SCREEN[5]
    assert after_click(peru, dropdown) == (TypeText("Peru\n"),)
    assert after_click(peru, dropdown, wrong=True) == (PressKeys(("Escape",)),)
    assert after_click(spain, dropdown, wrong=True) == (PressKeys(("Down",)), PressKeys(("Return",)))
