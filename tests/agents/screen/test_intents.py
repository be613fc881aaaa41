"""Which controls a sentence usually means."""

import pytest

from agents.screen.applications import VALUE, applications
from agents.screen.intents import MOST, meant
from agents.screen.listing import Line, numbered

MENU = numbered([Line("e1", "menu item", name) for name in ("Save", "Print…", "Word wrap", "Zoom in", "Quit")])


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("i need this on paper", "Print…"),
        ("make it all bigger to read", "Zoom in"),
        ("let me out of this program", "Quit"),
    ],
)
def test_a_sentence_without_any_word_of_the_name_finds_the_command(words, name):
    found = meant(words, MENU)
    assert found
    assert next(line.name for line in MENU if line.ref == found[0].ref) == name


def test_words_that_no_application_knows_mean_nothing():
    assert meant("glomb the frotz", MENU) == ()
    assert meant("", MENU) == ()
    assert meant("print it", ()) == ()


def test_a_sentence_that_is_known_as_it_stands_counts_only_where_it_may():
    command = next(
        command
        for application in applications()
        for command in application.commands
        if "print" in command.labels and command.sentences
    )
    sentence = command.sentences[0].replace(VALUE, "")
    whole = {one.ref: one.score for one in meant(sentence, MENU)}
    similar = {one.ref: one.score for one in meant(sentence, MENU, word_for_word=False)}
    assert whole["e2"] == 9
    assert similar.get("e2", 0) < 9


def test_a_control_without_a_name_goes_by_the_label_beside_it():
    beside = numbered([Line("e1", "text", "Find what"), Line("e1", "field", "", near="Find")])
    assert [one.ref for one in meant("look for the word cellar", beside)][:1] == ["e2"]


def test_few_are_told_and_the_likeliest_first():
    everything = numbered(
        [Line("e1", "menu item", label) for label in ("Print", "Print preview", "Print setup", "Page setup")]
    )
    found = meant("i need a printout on paper", everything)
    assert len(found) <= MOST
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
