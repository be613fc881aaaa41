"""Tasks lose their values and get them back: what a pattern says is found in a sentence, or nothing is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.workflows.patterns import fitted, pattern_of, tells

SAVED = "write {{text}} and save it as {{name}}"
VALUES = st.text(st.characters(codec="ascii", categories=("L", "N"), exclude_characters=""), min_size=1, max_size=9)


def test_the_values_of_a_task_give_place_to_variables_and_quotation_marks_go_with_them():
    found = pattern_of(
        'write "Dear Ada" and save it as /letters/ada.txt',
        {"text": "Dear Ada", "name": "/letters/ada.txt"},
        whole=True,
    )
    assert found == SAVED


def test_only_the_clause_with_the_values_is_kept_of_a_longer_task():
    task = "open the file, then set the width to 30 and then close it"
    assert pattern_of(task, {"width": "30"}, whole=False) == "set the width to {{width}}"
    assert (
        pattern_of(task, {"width": "30"}, whole=True)
        == "open the file, then set the width to {{width}} and then close it"
    )


@pytest.mark.parametrize(
    ("task", "values"),
    [
        ("add Bob and Bob", {"name": "Bob"}),
        ("add a customer", {"name": "Bob"}),
        ("Bob", {"name": "Bob"}),
        ('"Bob" "Berlin"', {"name": "Bob", "city": "Berlin"}),
        ("type Bob Berlin", {"name": "Bob", "city": "Berlin"}),
    ],
    ids=["twice", "not there", "nothing else", "no words", "side by side"],
)
def test_no_pattern_is_made_where_values_cannot_be_told_from_the_words(task, values):
    assert pattern_of(task, values, whole=True) is None


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ('write "Dear Eve" and save it as e.txt', {"text": "Dear Eve", "name": "e.txt"}),
        ("Please write Dear Eve and save it as e.txt.", {"text": "Dear Eve", "name": "e.txt"}),
        (
            'Write “salt and save it as sugar” and save it as "my file"',
            {"text": "salt and save it as sugar", "name": "my file"},
        ),
    ],
)
def test_the_values_of_a_sentence_that_follows_a_pattern_are_found_as_they_were_said(sentence, values):
    assert fitted(SAVED, sentence) == values


@pytest.mark.parametrize(
    "sentence",
    [
        "write Dear Eve and mail it as e.txt",
        "do not write Dear Eve and save it as e.txt",
        "write Dear Eve and save it as e.txt and print it",
        "write a and save it as b and save it as c",
        'write "Dear Eve" and save it',
        "write and save it as e.txt",
        "save it as e.txt",
        "",
        "write " + "very " * 80 + "and save it as x",
    ],
)
def test_a_sentence_that_says_anything_else_or_leaves_a_choice_has_no_values(sentence):
    assert fitted(SAVED, sentence) is None


def test_a_variable_that_is_said_twice_has_to_be_the_same_both_times():
    assert fitted("copy {{a}} beside {{a}}", "copy x beside x") == {"a": "x"}
    assert fitted("copy {{a}} beside {{a}}", "copy x beside y") is None


def test_a_pattern_without_variables_is_followed_by_the_same_words_only():
    assert fitted("open the settings", "Please open settings.") == {}
    assert fitted("open the settings", "close the settings") is None


def test_how_much_of_a_pattern_a_sentence_says_is_a_share_of_its_telling_words():
    assert tells(SAVED, "write a letter and save it") == 1.0
    assert tells(SAVED, "write a letter") == 0.5
    assert tells(SAVED, "compute a sum") == 0.0


@given(VALUES, VALUES)
def test_quoted_values_come_back_as_they_are_whatever_they_say(text, name):
    assert fitted(SAVED, f'write "{text}" and save it as "{name}"') == {"text": text, "name": name}
