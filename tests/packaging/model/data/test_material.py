"""The words, sentences and layouts that cases are made of, and how they are kept apart."""

from itertools import combinations
from pathlib import Path
from random import Random

import msgspec
import pytest
from builtin_model.case import Split
from builtin_model.data import screens
from builtin_model.data.phrases import Marked, filled, marked, templates
from builtin_model.data.programs import LAYOUTS
from builtin_model.data.vocabulary import LANGUAGES, english, foreign, held_out, nouns, people, shared, synonyms

from agents.prompts.folding import folded
from agents.screen.listing import ElementList, Line, numbered

BARE = {"{n}", "the {n}", "the {n} {r}", '"{n}"'}
"""Naming a thing by its name alone, with or without what it is, has no other form that could be held out."""

SKELETON = ElementList(
    "app",
    "Alpha",
    numbered(
        (
            Line("e1", "heading", "Bravo"),
            Line("e1", "button", "Charlie", near="Bravo"),
            Line("e1", "button", "Charlie", near="Delta", states=("disabled",)),
            Line("e1", "field", "Echo", value="Foxtrot"),
            Line("e1", "button", "7"),
        )
    ),
)


def test_there_are_as_many_words_and_groups_as_a_model_needs() -> None:
    assert len(english()) >= 2500
    assert len(synonyms()) >= 150
    for language in LANGUAGES:
        assert len(foreign(language, "train")) + len(foreign(language, "test")) >= 150


def test_no_word_is_in_both_splits() -> None:
    assert not set(nouns("train")) & set(nouns("test"))
    assert not set(people("train")) & set(people("test"))
    for language in LANGUAGES:
        assert not set(foreign(language, "train")) & set(foreign(language, "test"))


def test_about_a_quarter_of_the_words_is_held_out() -> None:
    words = [word for word in english() if word not in shared()]
    assert 0.2 < sum(map(held_out, words)) / len(words) < 0.3


def test_no_sentence_is_in_both_splits() -> None:
    train, test = templates("train"), templates("test")
    assert set(train) == set(test)
    for section in set(train) - {"act", "named"}:
        assert not set(train[section]) & set(test[section]), section
    assert set(train["named"]) & set(test["named"]) <= BARE


def test_there_are_as_many_sentences_as_promised() -> None:
    train = templates("train")
    assert len(train["click"]) + len(train["act"]) * len(train["framing"]) >= 250
    assert len(train["type"]) >= 150
    others = ("double", "right", "press", "choose", "tick", "untick", "open")
    assert sum(len(train[section]) for section in others) >= 60


def test_no_layout_is_in_both_splits() -> None:
    assert not set(LAYOUTS["train"]) & set(LAYOUTS["test"])


def test_the_labels_of_a_group_of_synonyms_are_different_words() -> None:
    for group in synonyms():
        assert group.labels
        assert all(folded(one) != folded(other) for one, other in combinations(group.labels, 2)), group


def test_marks_move_along_when_templates_are_filled() -> None:
    inner = filled("the {n} {r}", n=marked("Save all", "m"), r="button")
    outer = filled("now press {x}, {v}", x=inner, v=marked("Bob", "v"))
    assert outer == Marked("now press the Save all button, Bob", {"m": (14, 22), "v": (31, 34)})
    assert inner.without_article() == Marked("Save all button", {"m": (0, 8)})


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_captured_screen_keeps_roles_states_and_doubles_under_fresh_names(
    split: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "skeletons", lambda split: (SKELETON,))
    monkeypatch.setattr(screens, "_CAPTURED", 1.0)
    shown = screens.stage(Random(5), split).shown
    assert [line.role for line in shown.lines] == [line.role for line in SKELETON.lines]
    assert [line.states for line in shown.lines] == [line.states for line in SKELETON.lines]
    first, second = shown.lines[1:3]
    assert first.name == second.name != "Charlie"
    assert first.near == shown.lines[0].name != second.near
    assert shown.lines[4].name == "7"
    assert shown.lines[3].value not in ("", "Foxtrot")


def test_captured_screens_of_the_test_are_not_trained_on(tmp_path: Path) -> None:
    other = msgspec.structs.replace(SKELETON, app="other")
    (tmp_path / "train_qt_1.json").write_bytes(msgspec.json.encode([SKELETON]))
    (tmp_path / "test_qt_1.json").write_bytes(msgspec.json.encode([other]))
    assert screens.skeletons("train", tmp_path) == (SKELETON,)
    assert screens.skeletons("test", tmp_path) == (other,)
