"""How alike words and names are."""

from hypothesis import given
from hypothesis import strategies as st

from agents.screen.alike import alike, likeness
from agents.screen.listing import Line, numbered
from agents.screen.meanings import FILE, meant_by, said_in
from agents.screen.words import bare, split, stem


def _scores(words, *lines):
    shown = numbered([Line("e1", *(line if isinstance(line, tuple) else ("button", line))) for line in lines])
    found = {one.ref: one.score for one in alike(words, shown)}
    return [found.get(line.ref, 0) for line in shown]


def test_a_name_that_is_said_whole_gets_the_highest_score_however_a_program_dresses_it():
    assert _scores("save the file as you like", "Save the file...", "Result:", "Print") == [9, 0, 0]


def test_the_longest_of_names_within_each_other_is_told_as_the_most_alike():
    short, long = _scores("a new window please", "New", "New Window")
    assert long == 9 > short


def test_words_that_mean_the_same_are_evidence_and_the_same_word_is_more():
    other, same, none = _scores("delete it", "Remove", "Delete", "Print")
    assert same == 9 > other > none == 0


def test_signs_are_found_by_the_words_for_them():
    assert _scores("multiply by", "×", "6", "+") == [7, 0, 0]
    assert _scores("take the square root of it", "√", "7") == [7, 0]


def test_an_ending_does_not_make_another_word():
    assert _scores("deleting files", "Delete file") == [9]


def test_a_word_that_every_sentence_has_means_no_sign():
    assert _scores("this and that, no less", "+", "-", "No") == [0, 0, 9]


def test_a_control_without_a_name_is_found_by_the_label_beside_it():
    label, control, other = _scores(
        "pick a color scheme", ("text", "Color scheme"), ("dropdown", "", "none", (), "Color scheme"), ("dropdown", "")
    )
    assert label >= control > 5
    assert other == 0


def test_of_two_controls_of_one_name_the_one_in_the_place_that_is_told_is_more_alike():
    address, billing = _scores(
        "the save button in billing", ("button", "Save", "", (), "Address"), ("button", "Save", "", (), "Billing")
    )
    assert billing == 9 > address


def test_every_label_of_a_group_of_synonyms_is_meant_by_every_other():
    for line in FILE.read_text("utf-8").splitlines():
        labels = [label.strip() for label in line.split(";")[0].split(",")]
        groups = [meant_by(split(label)) for label in labels]
        assert frozenset.intersection(*groups), line


def test_phrases_are_found_with_their_places():
    said = said_in(split("please get rid of the row"))
    assert any(places == frozenset({1, 2, 3}) for places in said.values())


def test_a_name_of_signs_keeps_them():
    assert bare(split("(")) == ("(",)
    assert bare(split("Save as...")) == ("save", "as")


def test_endings_fall_off_alike():
    assert {stem(word) for word in ("delete", "deleted", "deleting", "deletes")} == {"delet"}
    assert stem("copies") == stem("copy")
    assert stem("class") == "class"


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_whatever_is_compared(words, name):
    assert 0 <= likeness(split(words), split(name)) <= 1


@given(st.text("abcdefgh ", min_size=1, max_size=30).filter(str.strip))
def test_every_name_is_wholly_like_itself(name):
    assert likeness(split(name), split(name)) > 0.9
