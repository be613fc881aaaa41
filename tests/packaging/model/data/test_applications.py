"""The corpus of applications: how its files are read, drawn as screens, and asked about."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest
from builtin_model.case import Case, Kind, Split
from builtin_model.data.applications import Application, Command, applications, of_split
from builtin_model.data.cases import cases
from builtin_model.data.screens import Stage, stage
from builtin_model.data.sheet import FIELDS, TICKED
from builtin_model.data.unnamed import plural

from agents.prompts.choosing import DoubleClickIt, Finished, NoneFits, TypeInto
from agents.prompts.folding import folded
from agents.screen.listing import Line

SPLITS: tuple[Split, ...] = ("train", "test")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

GOOD = """\
[menu File]
menu item: save, store ; keep it ; do not lose this | write it to the disk, all of it

[page General]
checkbox: wrap, wrap lines ; ; break long lines ; let lines run on
field: name ; title ; call it {v} | {v} is what it is called
"""


def read(tmp_path: Path, text: str) -> Application:
    (tmp_path / "one.txt").write_text(text, "utf-8")
    return applications(tmp_path)[0]


@cache
def drawn(kind: Kind, split: Split) -> tuple[Case, ...]:
    return tuple(case for _, asked in cases(17, split, screens=60, per_screen=2, kinds=[kind]) for case in asked)


@cache
def screens(split: Split) -> tuple[Stage, ...]:
    rng = Random(23)
    return tuple(one for one in (stage(rng, split) for _ in range(300)) if one.application is not None)


def meant(case: Case) -> Line:
    line = case.situation.shown_list.line(case.answer.element)  # type: ignore[union-attr]  # the kinds asked name one
    assert line is not None
    return line


def mention(case: Case) -> str:
    span = case.supervision.mention
    assert span is not None
    return case.situation.task[span.start : span.end].lower()


def test_a_file_tells_parts_controls_and_what_is_said_for_them(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert (found.name, [(part.kind, part.title) for part in found.parts]) == (
        "one",
        [("menu", "File"), ("page", "General")],
    )
    assert found.commands == (
        Command("menu item", ("save", "store"), ("keep it",), ("do not lose this", "write it to the disk, all of it")),
        Command("checkbox", ("wrap", "wrap lines"), (), ("break long lines",), ("let lines run on",)),
        Command("field", ("name",), ("title",), ("call it {v}", "{v} is what it is called")),
    )


@pytest.mark.parametrize(
    "line",
    [
        "button save ; keep it",
        "gadget: save ; keep it",
        "heading: save ; keep it",
        "button: ; keep it",
        "button: save",
        'button: save ; keep "it"',
        "button: save ; keep it ; do it ; undo it",
        "button: save ; keep it ; do it ; undo it ; more",
        "button: save, save ; keep it",
        "button: save ; ; keep {v}",
        "field: name ; ; call it something",
        "field: name ; ; call it {v} or {v}",
        "field: name ; ; {v}",
        "[page General",
        "[]",
    ],
)
def test_a_malformed_line_is_named_with_its_file(line: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"one\.txt, line 8: "):
        read(tmp_path, f"{GOOD}\n{line}\n")


def test_a_control_before_the_first_part_and_a_folder_without_files_are_malformed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no application"):
        applications(tmp_path / "empty")
    with pytest.raises(ValueError, match=r"one\.txt, line 1: "):
        read(tmp_path, "button: save ; keep it\n")


def test_the_corpus_is_as_rich_as_a_model_needs_and_its_sentences_are_parted() -> None:
    commands = [command for application in applications() for command in application.commands]
    assert len(commands) >= 1000
    said = [one for command in commands for one in (*command.sentences, *command.off)]
    test = of_split(tuple(said), "test")
    assert sorted((*test, *of_split(tuple(said), "train"))) == sorted(said)
    assert 0.12 < len(test) / len(said) < 0.22


@pytest.mark.parametrize("split", SPLITS)
def test_about_a_third_of_the_screens_are_of_applications_and_each_of_these_comes_up(split: Split) -> None:
    assert 70 <= len(screens(split)) <= 140
    drawn_on = {one.application.name for one in screens(split) if one.application is not None}
    assert len(drawn_on) >= 0.8 * len(applications())


@pytest.mark.parametrize("split", SPLITS)
def test_the_controls_of_an_application_are_called_by_one_of_their_labels_or_stand_beside_it(split: Split) -> None:
    told = [(one.shown.line(ref), command) for one in screens(split) for ref, command in one.meant.items()]
    assert len(told) > 300
    nameless = 0
    for line, command in told:
        assert line is not None
        assert line.role == command.role
        labels = {folded(label) for label in command.labels}
        shown = folded(line.name or line.near)
        assert not shown or shown.rstrip("…. ") in labels or shown in labels or shown.split(" (ctrl")[0] in labels
        nameless += not line.name
    assert nameless > 5


@pytest.mark.parametrize("split", SPLITS)
def test_one_control_of_a_screen_has_the_focus_at_most(split: Split) -> None:
    for one in screens(split):
        assert sum("focused" in line.states for line in one.lines) <= 1


def test_what_the_splits_say_for_commands_is_apart() -> None:
    said = {split: {mention(case) for case in drawn("command", split) if case.supervision.mention} for split in SPLITS}
    assert all(len(found) > 30 for found in said.values())
    assert not said["train"] & said["test"]


def test_a_command_that_is_so_already_is_finished_and_only_what_can_be_so_is() -> None:
    answers = Counter(type(case.answer) for split in SPLITS for case in drawn("command", split))
    assert answers[Finished] > 2
    for split in SPLITS:
        for case in drawn("command", split):
            roles = {line.role for line in case.situation.shown_list.lines}
            assert case.answer != Finished() or roles & (TICKED | {"option", "dropdown", "slider"})


@pytest.mark.parametrize("split", SPLITS)
def test_what_is_no_name_on_the_screen_is_absent(split: Split) -> None:
    for case in drawn("none_command", split):
        assert case.answer == NoneFits()
        names = {folded(line.name) for line in case.situation.shown_list.lines}
        assert folded(case.situation.task.rstrip(".! ")) not in names


@pytest.mark.parametrize("split", SPLITS)
def test_an_ordinal_counts_the_controls_of_its_kind(split: Split) -> None:
    checked = 0
    for case in drawn("place", split):
        if isinstance(case.answer, Finished):
            continue
        line, words = meant(case), mention(case).split()
        family = FIELDS - {"text area"} if line.role in FIELDS and line.role != "text area" else {line.role}
        if line.role in FIELDS and {"number", "password"} & set(words):
            family = {line.role}
        row = [one for one in case.situation.shown_list.lines if one.role in family]
        place = next((number for number, word in enumerate(ORDINALS) if word in words and "last" not in words), None)
        if place is not None:
            assert row[place] == line
            checked += 1
        elif "last" in words and not {"but", "second", "next"} & set(words):
            assert row[-1] == line
            checked += 1
    assert checked > 40


@pytest.mark.parametrize("split", SPLITS)
def test_what_is_not_named_is_the_only_one_of_its_kind_or_stands_beside_what_is_said_or_has_the_focus(
    split: Split,
) -> None:
    for case in drawn("nameless", split):
        if isinstance(case.answer, Finished):
            continue
        line, lines = meant(case), case.situation.shown_list.lines
        alone = sum(one.role == line.role for one in lines) == 1
        beside = not line.name and folded(line.near) in folded(case.situation.task)
        written_on = isinstance(case.answer, TypeInto) and "focused" in line.states
        assert alone or beside or written_on


def test_a_file_is_opened_by_a_double_click_and_a_menu_by_a_click() -> None:
    opened = [
        (case, meant(case))
        for _, asked in cases(29, "train", screens=400, per_screen=4, kinds=["exact"])
        for case in asked
        if re.search(r"\bopen(?! the (?:context|popup))", case.situation.task.lower())
    ]
    files = [
        case
        for case, line in opened
        if line.role in {"item", "cell"} and line.name.endswith((".txt", ".pdf", ".zip", ".png"))
    ]
    menus = [case for case, line in opened if line.role in {"menu", "tab"}]
    assert len(files) > 3
    assert len(menus) > 3
    assert all(isinstance(case.answer, DoubleClickIt) for case in files)
    assert not [case for case in menus if isinstance(case.answer, DoubleClickIt)]


@pytest.mark.parametrize(
    ("one", "several"), [("box", "boxes"), ("menu entry", "menu entries"), ("item in the list", "items in the list")]
)
def test_the_words_for_kinds_have_plurals(one: str, several: str) -> None:
    assert plural(one) == several
