"""The index of exemplars: it follows its trajectories, counts its terms, and forgets with them."""

from pathlib import Path

import pytest

from workbench.library.memories import Coded, Entry

SECRET = "xylophonqueue"


def entry(trajectory, words, level="step", number=1):
    return Entry(trajectory, level, number, number, words, " ".join(dict.fromkeys(words.split())), app="shop")


@pytest.fixture
def two(library, a_trajectory):
    """Two trajectories in the index, one with the secret word."""
    for name, words in (("one", f"save {SECRET}"), ("two", "save all")):
        saved = library.save(a_trajectory(name))
        library.memories.put(saved, [entry(name, words), entry(name, words, "whole"), entry(name, words, number=2)])
    return library


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_entries_are_found_by_their_terms_within_their_level_the_newest_first(two):
    assert [(one.trajectory, one.first) for one in two.memories.having("save", "step", limit=9)] == [
        ("two", 2),
        ("two", 1),
        ("one", 2),
        ("one", 1),
    ]
    assert [one.trajectory for one in two.memories.having("save AND all", "whole", limit=9)] == ["two"]
    assert two.memories.having("save", "span", limit=9) == []
    assert [one.trajectory for one in two.memories.having("save", "step", limit=1)] == ["two"]


def test_terms_are_counted_by_level_and_counted_down_again(two):
    assert two.memories.counts(["save", "all", "nothing"], "step") == {"save": 4, "all": 2}
    assert two.memories.beginning("sa", "whole", limit=3) == {"save": 2}
    two.delete("two")
    assert two.memories.counts(["save", "all"], "step") == {"save": 2}


def test_an_edited_trajectory_is_stale_until_it_is_put_anew_and_an_old_revision_is_not_kept(two, a_trajectory):
    assert two.memories.stale() == []
    before, after = two.get("one"), two.revise(a_trajectory("one"), note="edited")
    assert two.memories.stale() == ["one"]
    two.memories.put(before, [entry("one", "too late")])
    assert two.memories.stale() == ["one"]
    two.memories.put(after, [entry("one", "again")])
    assert two.memories.stale() == []
    assert [one.words for one in two.memories.of("one")] == ["again"]


@pytest.mark.parametrize("purge", ["delete", "purge_text"])
def test_what_is_purged_is_in_no_byte_of_the_index(two, purge):
    two.memories.put_vectors("embedder", [Coded(one.id, b"v", b"c") for one in two.memories.of("one")])
    assert SECRET.encode() in _bytes(two.path)
    getattr(two, purge)(*(("one",) if purge == "delete" else ("one", SECRET)))
    assert SECRET.encode() not in _bytes(two.path)
    assert two.memories.having(SECRET, "step", limit=9) == []
    assert two.memories.codes("embedder", "step") == []
    assert two.verify() == []


def test_what_was_read_before_a_purge_is_not_put_after_it(two, a_trajectory):
    read = two.save(a_trajectory("three", title=f"Order a {SECRET}"))
    two.purge_text("three", SECRET)
    two.purge_text("one", SECRET)
    two.memories.put(read, [entry("three", SECRET)])
    assert "three" in two.memories.stale()
    assert SECRET.encode() not in _bytes(two.path)


def test_no_id_is_given_twice(two, a_trajectory):
    ids = {one.id for one in two.memories.of("two")}
    two.memories.put(two.revise(a_trajectory("two"), note="edited"), [entry("two", "save all")])
    two.delete("two")
    two.memories.put(two.save(a_trajectory("three")), [entry("three", "save all"), entry("three", "all", "whole")])
    assert not ids & {one.id for one in two.memories.of("three")}
    assert max(ids) < max(one.id for one in two.memories.of("three"))


def test_vectors_belong_to_one_embedder_and_to_entries_that_are_there(two):
    ids = [one.id for one in two.memories.of("one")]
    assert len(two.memories.uncoded("a", limit=99)) == 6
    two.memories.put_vectors("a", [Coded(one, b"v", b"c") for one in (*ids, 999_999)])
    assert two.memories.vectors("a", [*ids, 999_999]) == dict.fromkeys(ids, b"v")
    assert two.memories.vectors("b", ids) == {}
    assert [one for one, _ in two.memories.codes("a", "step", after=ids[0])] == [
        one for one in ids[1:] if one < 1 << 40
    ]
    two.memories.put_vectors("b", [Coded(ids[0], b"w", b"d")])
    assert ids[0] not in two.memories.vectors("a", ids)
