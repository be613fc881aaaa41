"""What people said about a model's steps is listed and forgotten from the command line."""

import pytest

from agents.memory.corrections import Correction, CorrectionShelf
from workbench.library.store import Library

FIRST = Correction("aaaa11112222", "pay", "shop", "Cart", "click Buy", "reject", words="not yet", at_s=1.0)
SECOND = Correction("aaaa33334444", "pay", "shop", "Cart", "click Pay", "modify", instead="click Later", at_s=2.0)


@pytest.fixture
def shelf(library_path) -> CorrectionShelf:
    with Library.open(library_path) as library:
        made = CorrectionShelf(library.path)
    made.add(FIRST)
    made.add(SECOND)
    return made


def test_an_empty_list_says_where_corrections_come_from(cli):
    assert cli("corrections", "list", "--json").json == []
    assert "workbench-cli run" in cli("corrections", "list").out


def test_the_list_shows_the_newest_first_with_what_was_said(shelf, cli):
    assert [one["id"] for one in cli("corrections", "list", "--json").json] == [SECOND.id, FIRST.id]
    newest, oldest = cli("corrections", "list").out.splitlines()
    assert "click Later" in newest
    assert "not yet" in oldest
    assert oldest.startswith(FIRST.id)


def test_one_is_forgotten_by_the_beginning_of_its_id(shelf, cli):
    assert cli("corrections", "forget", "aaaa1", "--json").json == {"forgotten": [FIRST.id]}
    assert shelf.all() == (SECOND,)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["zzzz"], "no correction is kept"),
        (["aaaa"], "more than one correction"),
        (["aa"], "no correction is kept"),
        ([], "by its id, or all with --all"),
        (["aaaa1", "--all"], "by its id, or all with --all"),
    ],
)
def test_what_names_no_single_correction_is_refused_and_nothing_is_forgotten(words, says, shelf, cli):
    answer = cli("corrections", "forget", *words)
    assert (answer.code, len(answer.lines)) == (2, 1)
    assert says in answer.err
    assert len(shelf.all()) == 2


def test_everything_is_forgotten_only_after_a_yes(shelf, cli):
    assert cli("corrections", "forget", "--all").code == 3
    assert len(shelf.all()) == 2
    assert cli("corrections", "forget", "--all", "--yes").code == 0
    assert shelf.all() == ()
