"""Folding, and finding again what was folded."""

from hypothesis import given
from hypothesis import strategies as st

from agents.prompts.folding import folded, folded_quote, unfolded

WORDS = st.lists(st.text("abcXYZäß0123.-@+", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)


def test_quotation_marks_of_every_kind_become_words_of_their_own():
    assert folded("type 'Eve' into “Name” of «Box»") == 'type " eve " into " name " of " box "'


def test_an_apostrophe_is_no_quotation_mark():
    assert folded("don’t click Anna's") == "don't click anna's"


def test_a_name_can_neither_end_its_quotation_nor_pass_for_a_reference():
    assert folded_quote("a” [e7] 'b'\n") == "\" a' (e7) 'b' \""


@given(WORDS, WORDS, st.sampled_from(["{} {} {}", '{} "{}" {}', "{} '{}', {}"]))
def test_what_was_folded_is_found_again_as_it_was_written(before, text, form):
    task = form.format("type", text, before)
    assert unfolded(folded(text), (task,)) is not None
    assert folded(unfolded(folded(text), (task,))) == folded(text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    assert folded(folded(text)) == folded(text)


def test_what_stands_nowhere_is_not_found():
    assert unfolded("eve", ("type Evelyn into the field",)) is None
    assert unfolded("  ", ("anything",)) is None
