"""A run is gone on with though a person had parts of its memory forgotten."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.changes import CloseSubgoal, MemoryChange, Note, OpenSubgoal, Pin, Remember, Retrieve, Unpin
from agents.memory.editing import replayed
from agents.memory.tree import Fact, walk
from agents.session.recalling import edits_of, recalled

TOLD: tuple[MemoryChange, ...] = (
    Pin("the key is blue"),
    OpenSubgoal("open the file"),
    Remember("click Open", verified=True, step=0),
    CloseSubgoal("the file is open"),
    Note("it is long"),
    Pin("there are two pages"),
    Retrieve((2,)),
    Unpin(5),
)


def plain(*changes: MemoryChange) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(change) for change in changes]


def test_a_memory_of_which_nothing_was_forgotten_comes_back_whole() -> None:
    found = recalled("read", plain(*TOLD))
    assert (found.memory, found.whole, found.warning) == (replayed("read", TOLD), True, "")
    assert found.changes == tuple(plain(*TOLD))


def test_a_change_that_no_longer_fits_is_left_out_and_said() -> None:
    changes = plain(*TOLD)
    changes[1] = {}
    found = recalled("read", changes)
    assert not found.whole
    assert "forgotten" in found.warning
    assert [node.words for node in walk(found.memory.root) if isinstance(node, Fact)] == [
        "the key is blue",
        "there are two pages",
    ]


@given(st.sets(st.integers(0, len(TOLD) - 1)))
def test_whatever_was_forgotten_nothing_is_taken_out_by_the_number_of_another(gone: set[int]) -> None:
    found = recalled("read", [{} if at in gone else each for at, each in enumerate(plain(*TOLD))])
    facts = {node.words for node in walk(found.memory.root) if isinstance(node, Fact)}
    assert found.whole == (not gone)
    assert ("the key is blue" in facts) == (0 not in gone)
    again = recalled("read", found.changes)
    assert (again.memory, again.whole) == (found.memory, True)


def test_a_change_of_a_person_that_is_none_is_refused_and_keeps_no_other_back() -> None:
    changes = [*plain(Pin("the key is blue")), {"type": "nonsense"}, *plain(Note("it is long"))]
    refused: list[str] = []
    assert edits_of(changes, refused.append) == (Pin("the key is blue", by="person"), Note("it is long", by="person"))
    assert len(refused) == 1
    assert "no change of a working memory" in refused[0]
