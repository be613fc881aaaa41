"""Trajectories in the library: saved, revised, undone, found and listed."""

import subprocess
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import Click
from workbench.codec import from_json, to_json
from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point, Rect
from workbench.library.revisions import OF_ITSELF
from workbench.library.store import Library, default_path
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory

FRAMES = st.sampled_from(["a" * 32, "b" * 32])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_trajectory_comes_back_from_json_unchanged(trajectories, data):
    trajectory = data.draw(trajectories(FRAMES))
    assert from_json(to_json(trajectory), Trajectory, what="it") == trajectory


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_trajectory_comes_back_from_the_library_unchanged(trajectories, tmp_path_factory, data):
    drawn = data.draw(trajectories(FRAMES))
    with Library.open(tmp_path_factory.getbasetemp() / "any") as library:
        trajectory = replace(drawn, id=library.new_id(), revision=1)
        assert library.save(trajectory) == trajectory
        assert library.get(trajectory.id) == trajectory
        assert [problem for problem in library.verify(trajectory.id) if "frame" not in problem.where] == []


def test_saving_makes_revision_1_and_revising_the_next(library, a_trajectory):
    saved = library.save(a_trajectory("one"))
    revised = library.revise(replace(saved, title="Other"), note="renamed")
    assert (saved.revision, revised.revision) == (1, 2)
    assert library.get("one") == revised
    assert library.get("one", revision=1) == saved
    assert [revision.note for revision in library.history("one")] == ["", "renamed"]


def test_undo_and_redo_move_the_head_and_stop_at_the_ends(library, a_trajectory):
    first = library.save(a_trajectory("one"))
    second = library.revise(replace(first, title="Other"), note="renamed")
    assert library.undo("one") == first
    with pytest.raises(BadInputError, match="nothing to undo"):
        library.undo("one")
    assert library.redo("one") == second
    with pytest.raises(BadInputError, match="nothing to redo"):
        library.redo("one")


def test_what_the_program_completed_is_undone_and_done_again_with_the_edit_before_it(library, a_trajectory):
    first = library.save(a_trajectory("one"))
    completed = library.revise(replace(first, task="T"), note=OF_ITSELF)
    edited = library.revise(replace(completed, title="Other"), note="renamed")
    completed_again = library.revise(replace(edited, task="U"), note=OF_ITSELF)
    assert library.undo("one") == completed
    with pytest.raises(BadInputError, match="nothing to undo"):
        library.undo("one")
    assert library.get("one") == completed
    assert library.redo("one") == completed_again
    assert library.undo("one") == completed


def test_what_the_program_completes_after_an_undo_keeps_the_undone_edit_within_reach_of_redo(library, a_trajectory):
    first = library.save(a_trajectory("one"))
    edited = library.revise(replace(first, title="Other"), note="renamed")
    library.undo("one")
    completed = library.revise(replace(first, task="T"), note=OF_ITSELF)
    assert library.redo("one") == edited
    assert library.undo("one") == first
    assert library.redo("one") == edited
    library.undo("one")
    library.revise(replace(first, task="U"), note=OF_ITSELF)
    newest = library.revise(replace(completed, title="Newest"), note="renamed")
    library.undo("one")
    assert library.redo("one") == newest


def test_what_the_program_completed_is_no_edit_that_could_be_done_again(library, a_trajectory):
    first = library.save(a_trajectory("one"))
    library.revise(replace(first, title="Other"), note="renamed")
    library.undo("one")
    library.revise(replace(first, task="T"), note=OF_ITSELF)
    library.redo("one")
    with pytest.raises(BadInputError, match="nothing to redo"):
        library.redo("one")


def test_an_edit_after_an_undo_is_what_redo_leads_to_and_the_undone_one_stays_readable(library, a_trajectory):
    first = library.save(a_trajectory("one"))
    undone = library.revise(replace(first, title="Undone"), note="")
    library.undo("one")
    other = library.revise(replace(first, title="Other"), note="")
    assert other.revision == 3
    assert library.undo("one") == first
    assert library.redo("one") == other
    assert library.get("one", revision=2) == undone


def test_addresses_of_living_elements_are_not_stored(library):
    element = Element("app", "w", "button", "B", Rect(0, 0, 1, 1), ref=(":1.5", "/a/b"))
    target = Target(Point(0, 0), element=element)
    step = Step("s", Click(), Observation(focused=element), target, target, Outcome(element=element))
    saved = library.save(Trajectory("one", "T", (step,)))
    assert ":1.5" not in to_json(saved).decode()
    assert library.get("one") == saved


@pytest.mark.parametrize("identifier", ["", "a/b", "..", "a" * 65, "ä", "a b", "a\n"])
def test_impossible_ids_are_refused(library, a_trajectory, identifier):
    with pytest.raises(BadInputError, match="cannot be an id"):
        library.save(a_trajectory(identifier))


@pytest.mark.parametrize("fields", [{"title": "\ud800"}, {"seconds": float("nan")}, {"created": float("inf")}])
def test_what_json_cannot_hold_is_refused_before_it_is_stored(library, a_trajectory, fields):
    with pytest.raises(BadInputError, match="trajectory one"):
        library.save(a_trajectory("one", **fields))
    assert library.summaries() == []


def test_an_id_is_saved_only_once(library, a_trajectory):
    library.save(a_trajectory("one"))
    with pytest.raises(BadInputError, match="there is a trajectory one already"):
        library.save(a_trajectory("one"))


@pytest.mark.parametrize(
    "call", ["get", "undo", "redo", "delete", "events", "sightings", "opening", "history", "verify"]
)
def test_an_unknown_id_is_named_with_what_to_do(library, call):
    with pytest.raises(BadInputError, match=r"no trajectory 'nope'.*workbench-cli list"):
        getattr(library, call)("nope")


def test_an_unknown_revision_is_named_with_those_there_are(library, a_trajectory):
    library.save(a_trajectory("one"))
    with pytest.raises(BadInputError, match="one has no revision 7; it has 1 to 1"):
        library.get("one", revision=7)


def test_a_trajectory_is_found_by_id_beginning_title_and_revision(library, a_trajectory):
    first = library.save(a_trajectory("abc1", title="Pay"))
    library.revise(replace(first, title="Pay @ home"), note="")
    library.save(a_trajectory("abd2", title="Other@1"))
    assert library.find("abc1").title == "Pay @ home"
    assert library.find("abc").id == "abc1"
    assert library.find("Pay @ home").id == "abc1"
    assert library.find("abc@1") == first
    assert library.find("Other@1").id == "abd2", "a title that ends like a revision is a title"


@pytest.mark.parametrize(
    "name", ["", "zzz", "abc@9", "@1", "abc@", "Pay@99999999999999999999", "'", "%", "_", "\0", "x" * 10_000]
)
def test_a_name_that_means_nothing_is_said_in_one_short_line(library, a_trajectory, name):
    library.save(a_trajectory("abc1", title="Pay"))
    with pytest.raises(BadInputError) as caught:
        library.find(name)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_an_ambiguous_name_lists_its_candidates(library, a_trajectory):
    library.save(a_trajectory("abc1", title="Pay"))
    library.save(a_trajectory("abc2", title="Pay"))
    for name in ("Pay", "abc", "a"):
        with pytest.raises(BadInputError, match=r"2 trajectories.*abc1, abc2"):
            library.find(name)


def test_summaries_say_what_the_heads_say_newest_first(library, a_trajectory):
    library.save(a_trajectory("old", created=1.0, seconds=2.5, source="agent"))
    head = library.save(a_trajectory("new", created=2.0))
    library.revise(replace(head, steps=head.steps[:1], title="Shorter"), note="")
    new, old = library.summaries()
    assert (new.id, new.title, new.steps, new.state) == ("new", "Shorter", 1, "complete")
    assert (old.id, old.source, old.seconds, old.steps) == ("old", "agent", 2.5, 3)


def test_ids_sort_by_time_and_do_not_repeat(library):
    ids = [library.new_id() for _ in range(500)]
    assert sorted(set(ids)) == ids
    assert {len(identifier) for identifier in ids} == {12}


def test_two_processes_may_save_at_once(library, a_trajectory, python):
    script = (
        "import sys\nfrom pathlib import Path\nfrom workbench.library.store import Library\n"
        "from workbench.trajectory import Trajectory\n"
        "with Library.open(Path(sys.argv[1])) as library:\n"
        "    for n in range(40):\n"
        "        saved = library.save(Trajectory(f'{sys.argv[2]}-{n}', 'T'))\n"
        "        library.revise(saved, note='')\n"
    )
    children = [subprocess.Popen([python, "-c", script, str(library.path), name]) for name in ("left", "right")]
    for n in range(40):
        library.save(a_trajectory(f"middle-{n}"))
    assert [child.wait() for child in children] == [0, 0]
    assert len(library.summaries()) == 120
    assert library.verify() == []


def test_threads_may_share_a_library(library, a_trajectory):
    def work(name: str) -> None:  # pytest fails the test for what a thread raises
        for n in range(20):
            library.save(a_trajectory(f"{name}{n}"))
            library.search("seven")

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(library.summaries()) == 60


def test_processes_that_open_a_new_library_at_once_all_succeed(tmp_path, python):
    script = (
        "import sys\nfrom pathlib import Path\nfrom workbench.library.store import Library\n"
        "Library.open(Path(sys.argv[1])).close()"
    )
    children = [subprocess.Popen([python, "-c", script, str(tmp_path / "new")]) for _ in range(4)]
    assert [child.wait() for child in children] == [0, 0, 0, 0]


def test_the_folder_is_chosen_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBENCH_LIBRARY", str(tmp_path / "here"))
    assert default_path() == tmp_path / "here"
    monkeypatch.delenv("WORKBENCH_LIBRARY")
    assert default_path().name == "gui-agent-workbench"


def test_nobody_else_may_read_the_library(library):
    assert library.path.stat().st_mode & 0o077 == 0
    assert (library.path / "library.db").stat().st_mode & 0o077 == 0


def test_a_closed_library_says_so(tmp_path):
    library = Library.open(tmp_path / "library")
    library.close()
    library.close()
    with pytest.raises(UnavailableError, match="closed already"):
        library.summaries()


@pytest.mark.parametrize("content", [b"hello", b"\0" * 5000, b"PK\x03\x04" * 10, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_library_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "library" / "library.db"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=r"not a library|damaged"):
        Library.open(path.parent)
    assert path.read_bytes() == content
    assert not list(path.parent.glob("library.db-*"))


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(BadInputError, match="is a file"):
            Library.open(path)


def test_a_folder_in_the_place_of_the_database_is_refused(tmp_path):
    (tmp_path / "library.db").mkdir()
    with pytest.raises(BadInputError, match="is a folder"):
        Library.open(tmp_path)


def test_a_place_where_no_folder_can_be_made_is_unavailable():
    with pytest.raises(UnavailableError, match="cannot make /proc/nowhere"):
        Library.open(Path("/proc/nowhere/library"))


def test_importing_the_library_loads_neither_sqlite_utils_nor_opencv(python):
    script = (
        "import sys, workbench.library.store, workbench.library.bundle\n"
        "print({'sqlite_utils', 'cv2', 'PIL'} & set(sys.modules))"
    )
    assert subprocess.run([python, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "set()"
