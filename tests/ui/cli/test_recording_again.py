"""What `record --again` refuses before it starts anything."""

import pytest

from workbench.actions import Click
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory


@pytest.fixture
def saved(library_path) -> str:
    with Library.open(library_path) as library:
        return library.save(Trajectory(library.new_id(), "Two clicks", (Step("s1", Click()), Step("s2", Click())))).id


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2"), "--from"),
        (("--to", "2"), "--again T"),
        (("--var", "a=b"), "--var"),
        (("--again", "Two clicks"), "from which step"),
        (("--again", "nothing", "--from", "1"), "nothing"),
        (("--again", "Two clicks", "--from", "4"), "step 1 to 3, not from 4"),
        (("--again", "Two clicks", "--from", "2", "--to", "1"), "not 1"),
        (("--again", "Two clicks", "--from", "2", "--to", "3"), "not 3"),
        (("--again", "Two clicks", "--from", "2", "--var", "a=b"), "'a'"),
        (("--again", "Two clicks", "--from", "1", "--var", "a=b"), "leave out --var"),
        (("--again", "Two clicks", "--from", "1", "--timeout", "3"), "leave out --timeout"),
        (("--again", "Two clicks", "--from", "2", "--private-desktop", "big"), "1280x800"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line_and_nothing_is_recorded(cli, library_path, saved, words, said):
    answer = cli("record", *words)
    assert answer.code == 2
    assert len(answer.lines) == 1
    assert said in answer.err
    with Library.open(library_path) as library:
        assert [each.id for each in library.summaries()] == [saved]
        assert library.get(saved).revision == 1
