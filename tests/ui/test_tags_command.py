"""Tags on the command line."""

import pytest

from workbench.actions import Click
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory


@pytest.fixture
def letter(library_path) -> str:
    with Library.open(library_path) as library:
        return library.save(Trajectory(library.new_id(), "Write a letter", (Step(id="s1", action=Click()),))).id


def test_tags_come_and_go_without_a_revision(letter, cli):
    answer = cli("edit", letter, "--tag", "weekly", "--tag", "mail", "--json")
    assert (answer.code, answer.json["revision"]) == (0, 1)
    assert cli("list", "--json").json[0]["tags"] == ["mail", "weekly"]
    assert "mail, weekly" in cli("list").out
    assert cli("edit", letter, "--untag", "mail", "--title", "A letter", "--json").json["revision"] == 2
    assert cli("list", "--json").json[0]["tags"] == ["weekly"]


def test_list_shows_only_what_has_all_the_tags(letter, cli):
    cli("edit", letter, "--tag", "weekly", "--tag", "mail")
    assert len(cli("list", "--tag", "WEEKLY", "--tag", "mail", "--json").json) == 1
    assert cli("list", "--tag", "weekly", "--tag", "home", "--json").json == []
    assert "no trajectory has these tags" in cli("list", "--tag", "home").out


@pytest.mark.parametrize(
    "arguments", [("--tag", "a,b"), ("--untag", "weekly"), ("--tag", ""), ("--tag", "x", "--undo")]
)
def test_a_wrong_tag_is_one_line_and_changes_nothing(arguments, letter, cli):
    answer = cli("edit", letter, *arguments)
    assert (answer.code, len(answer.lines)) == (2, 1)
    assert cli("list", "--json").json[0]["tags"] == []


def test_a_wrong_tag_to_list_by_is_refused(cli):
    assert cli("list", "--tag", "a,b").code == 2
