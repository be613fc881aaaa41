"""Tags, and what else the list says of a trajectory without opening it."""

import sqlite3
from contextlib import closing

import pytest
from msgspec.structs import replace

from workbench.errors import BadInputError
from workbench.events import RunEnded, RunStarted
from workbench.geometry import Point
from workbench.library.bundle import export_bundle, import_bundle
from workbench.library.store import Library


@pytest.fixture
def one(library, a_trajectory):
    return library.save(a_trajectory("one"))


def _listed(library, identifier="one"):
    return next(summary for summary in library.summaries() if summary.id == identifier)


def test_tags_are_listed_in_order_once_each_and_make_no_revision(library, one):
    for tag in ("weekly", "Mail", "weekly", "  two   words "):
        library.tag("one", tag)
    assert _listed(library).tags == ("Mail", "two words", "weekly")
    assert library.get("one").revision == one.revision
    assert library.verify() == []


def test_one_spelling_of_a_tag_holds_for_the_whole_library(library, one, a_trajectory):
    library.save(a_trajectory("two"))
    library.tag("one", "Weekly")
    library.tag("two", "weekly")
    assert library.tags() == ["Weekly"]
    library.untag("two", "WEEKLY")
    assert _listed(library, "two").tags == ()


@pytest.mark.parametrize("tag", ["", "  ", "a,b", "x" * 41, "a\x00b"])
def test_what_cannot_be_a_tag_is_refused(library, one, tag):
    with pytest.raises(BadInputError, match="cannot be a tag"):
        library.tag("one", tag)
    assert library.tags() == []


def test_a_tag_that_it_has_not_cannot_be_taken_and_an_unknown_one_cannot_be_given_any(library, one):
    with pytest.raises(BadInputError, match="has no tag"):
        library.untag("one", "weekly")
    with pytest.raises(BadInputError, match="no trajectory"):
        library.tag("two", "weekly")


def test_tags_go_with_their_trajectory_and_with_a_purged_text(library, one, bytes_in):
    library.tag("one", "for zebra")
    library.purge_text("one", "zebra")
    assert _listed(library).tags == ("for ▇▇▇",)
    assert bytes_in(library.path, "zebra") == []
    library.delete("one")
    assert library.tags() == []


def test_tags_stay_with_their_person_when_a_bundle_leaves(library, one, tmp_path):
    library.tag("one", "private")
    export_bundle(library, "one", tmp_path / "one.trajectory")
    with Library.open(tmp_path / "other") as other:
        import_bundle(other, tmp_path / "one.trajectory")
        assert other.tags() == []


def test_the_list_knows_the_first_picture_and_whether_somebody_looked(library, a_trajectory, picture):
    frames = tuple(library.frames.put(picture(seed), origin=Point(0, 0)) for seed in (1, 2))
    saved = library.save(a_trajectory("one", frames=frames, reviewed=False))
    assert (_listed(library).cover, _listed(library).reviewed) == (frames[0], False)
    library.revise(replace(saved, reviewed=True, steps=saved.steps[2:]), note="looked")
    assert (_listed(library).cover, _listed(library).reviewed) == (None, True)
    library.undo("one")
    library.purge_frames("one", {frames[0]: frames[1]})
    assert (_listed(library).cover, _listed(library).reviewed) == (frames[1], False)
    assert library.verify() == []


def test_the_list_knows_how_the_last_run_that_ended_came_out(library, one):
    assert _listed(library).outcome is None
    for number, outcome in enumerate(("finished", "failed", None)):
        events = [RunStarted(run=f"r{number}", trajectory="one", title="", epoch_s=100.0 + number)]
        library.save_run(f"r{number}", events + ([RunEnded(outcome=outcome)] if outcome else []))
    assert _listed(library).outcome == "failed"


def test_a_library_from_before_tags_learns_the_first_picture_and_whether_somebody_looked(
    library, a_trajectory, picture
):
    frame = library.frames.put(picture(1), origin=Point(0, 0))
    library.save(a_trajectory("one", frames=(frame,), reviewed=False))
    library.save(a_trajectory("two"))
    library.close()
    with closing(sqlite3.connect(library.path / "library.db")) as db:
        newer = ["lesson_sources", "lessons", "uses", "standings"]
        newer += ["memory_vectors", "memory_terms", "memorised", "memory_ids", "memories_fts", "memories"]
        db.executescript(
            "".join(f"DROP TABLE {table};" for table in newer)
            + "DROP TABLE tags; ALTER TABLE trajectories DROP COLUMN reviewed;"
            "ALTER TABLE trajectories DROP COLUMN cover; ALTER TABLE trajectories DROP COLUMN purges;"
            "PRAGMA user_version=4;"
        )
    with Library.open(library.path) as upgraded:
        assert (_listed(upgraded).cover, _listed(upgraded).reviewed) == (frame, False)
        assert (_listed(upgraded, "two").cover, _listed(upgraded, "two").reviewed) == (None, True)
        assert upgraded.verify() == []


def test_verify_notices_a_list_that_shows_another_picture(library, one):
    with closing(sqlite3.connect(library.path / "library.db")) as db:
        db.execute("UPDATE trajectories SET cover = 'x'")
        db.commit()
    assert [problem.where for problem in library.verify()] == ["one"]
