"""list, show, search, edit, delete, verify, export and import, on a real library."""

import sqlite3
import zipfile
from contextlib import closing

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.actions import Click, TypeText
from workbench.events import RunStarted, StepActing, StepEnded, StepKept
from workbench.geometry import Point, Rect
from workbench.library.learning import Lesson, Span
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, frames_of

SAVE = Element(app="Notes", window="letter – Notes", role="push button", name="Save", bounds=Rect(10, 10, 80, 30))
STEPS = (
    Step(id="s1", action=TypeText(text="Dear Ms Łukasiewicz"), description="type a greeting"),
    Step(id="s2", action=Click(), target=Target(point=Point(40, 20), element=SAVE)),
)


def _add(library_path, **fields: object) -> Trajectory:
    with Library.open(library_path) as library:
        chosen = {"title": "Write a letter", "task": "Greet somebody", "steps": STEPS, "created": 1_700_000_000.0}
        return library.save(Trajectory(id=library.new_id(), **(chosen | fields)))


@pytest.fixture
def letter(library_path) -> Trajectory:
    return _add(library_path)


def test_an_empty_library_lists_nothing_and_says_how_to_begin(cli):
    assert cli("list", "--json").json == []
    assert "workbench-cli record" in cli("list").out


def test_list_shows_what_the_contract_names(letter, cli):
    (entry,) = cli("list", "--json").json
    assert {"id", "title", "task", "created", "steps", "source", "seconds"} <= set(entry)
    assert (entry["id"], entry["title"], entry["steps"], entry["source"]) == (letter.id, "Write a letter", 2, "human")
    assert "Write a letter" in cli("list").out


@pytest.mark.parametrize("cut", [None, 11])
def test_a_trajectory_is_named_by_its_id_or_a_unique_prefix(cut, letter, cli):
    assert cli("show", letter.id[:cut], "--json").json["id"] == letter.id


def test_a_trajectory_is_named_by_its_exact_title(letter, cli):
    assert cli("show", "Write a letter", "--json").json["id"] == letter.id
    assert cli("show", "write a").code == 2


def test_a_title_that_two_trajectories_have_is_refused_with_both_ids(letter, library_path, cli):
    other = _add(library_path)
    answer = cli("show", "Write a letter")
    assert (answer.code, len(answer.lines)) == (2, 1)
    assert letter.id in answer.err
    assert other.id in answer.err


def test_show_prints_one_line_per_step_in_words(letter, cli):
    lines = cli("show", letter.id).out.splitlines()
    assert lines[-2:] == ["1. type a greeting", "2. click the button “Save” in Notes"]


def test_show_prints_everything_about_one_step(letter, cli):
    assert "push button" in cli("show", letter.id, "--step", "2").out
    assert cli("show", letter.id, "--step", "2", "--json").json["target"]["point"] == {"x": 40, "y": 20}


def test_a_bundle_can_be_shown_without_coming_into_the_library(letter, library_path, tmp_path, cli):
    path = tmp_path / "letter.trajectory"
    cli("export", letter.id, "--to", "bundle", "-o", path)
    cli("delete", letter.id, "--yes")
    assert "Save" in cli("show", path).out
    assert cli("list", "--json").json == []


def test_search_finds_steps_by_what_was_typed_and_what_was_clicked(letter, cli):
    assert [hit["id"] for hit in cli("search", "łukasiew", "--json").json] == [letter.id]
    assert any(hit["step"] == 2 for hit in cli("search", "save", "--json").json)
    assert cli("search", "nowhere", "--json").json == []


def test_several_words_must_all_occur(letter, cli):
    assert cli("search", "write", "letter", "--json").json
    assert cli("search", "write", "nowhere", "--json").json == []


@pytest.mark.parametrize("words", ['"', "AND", "a* OR", "NEAR(", "-", "title:x", "'; --"])
def test_any_words_may_be_searched_for(words, letter, cli):
    assert cli("search", "--", words).code == 0


def test_an_edit_is_a_revision_and_can_be_undone_and_done_again(letter, cli):
    assert cli("edit", letter.id, "--title", "A letter", "--json").json["revision"] == 2
    assert cli("show", letter.id, "--json").json["title"] == "A letter"
    assert cli("edit", letter.id, "--undo").code == 0
    assert cli("show", letter.id, "--json").json["title"] == "Write a letter"
    assert cli("edit", letter.id, "--redo").code == 0
    assert cli("show", letter.id, "--json").json["title"] == "A letter"


def test_several_changes_at_once_are_one_revision(letter, cli):
    answer = cli(
        "edit", letter.id, "--title", "A letter", "--task", "Write", "--variable", "1=greeting", "--delete-step", "2"
    )
    assert answer.code == 0
    shown = cli("show", letter.id, "--json").json
    assert (shown["revision"], shown["title"], shown["task"], len(shown["steps"])) == (2, "A letter", "Write", 1)
    assert shown["variables"] == [{"name": "greeting", "default": "Dear Ms Łukasiewicz"}]
    assert shown["steps"][0]["action"] == {"kind": "type_text", "text": "{{greeting}}"}


def test_an_earlier_revision_can_be_named(letter, cli):
    cli("edit", letter.id, "--title", "A letter")
    assert cli("show", f"{letter.id}@1", "--json").json["title"] == "Write a letter"


def test_a_text_that_became_a_secret_is_nowhere_in_the_library(letter, library_path, cli):
    assert cli("edit", letter.id, "--variable", "1=greeting").code == 0
    assert cli("edit", letter.id, "--secret", "1=greeting").code == 3, "nobody agreed"
    assert cli("edit", letter.id, "--secret", "1=greeting", "--yes").code == 0
    assert cli("show", letter.id, "--json").json["steps"][0]["action"] == {"kind": "type_text", "secret": "greeting"}
    needles = [text.encode(code) for text in ("Łukasiewicz", "łukasiewicz") for code in ("utf-8", "utf-16-le")]
    for path in library_path.rglob("*"):
        if path.is_file():
            assert not any(needle in path.read_bytes() for needle in needles), path
    assert cli("search", "łukasiewicz", "--json").json == []
    assert cli("verify", "--json").json["ok"]


def test_delete_needs_a_yes_where_nobody_can_be_asked(letter, cli):
    answer = cli("delete", letter.id)
    assert (answer.code, len(answer.lines)) == (3, 1)
    assert "--yes" in answer.err
    assert len(cli("list", "--json").json) == 1


def test_delete_with_a_yes_leaves_nothing(letter, cli):
    assert cli("delete", letter.id, "--yes", "--json").json["deleted"] == letter.id
    assert cli("list", "--json").json == []
    assert cli("show", letter.id).code == 2


@pytest.mark.parametrize(
    ("answer", "code", "left"), [("y\n", 0, 0), ("yes\n", 0, 0), ("n\n", 3, 1), ("\n", 3, 1), ("", 3, 1)]
)
def test_delete_asks_on_a_terminal(answer, code, left, letter, cli, monkeypatch):
    import io

    monkeypatch.setattr("ui.cli.console.Console.interactive", True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert cli("delete", letter.id).code == code
    assert len(cli("list", "--json").json) == left


@pytest.fixture
def flow(library_path) -> tuple[Trajectory, Trajectory]:
    """A recording with a picture, and a workflow that was learned from it and approved."""
    with Library.open(library_path) as library:
        frame = library.frames.put(np.zeros((9, 9, 4), np.uint8), origin=Point(0, 0))
        steps = tuple(replace(step, observation=Observation(frame=frame)) for step in STEPS)
        source = library.save(Trajectory("source", "Write a letter", steps))
        lesson = Lesson("w", "workflow", "notes", "write", (Span("source", 1, 2, 1),), status="approved")
        made = library.learning.embody(lesson, Trajectory("flow", "Write anything", steps), read={})
        return source, library.get(made.trajectory or "")


def test_delete_says_which_workflows_lose_pictures_before_they_do(flow, cli, monkeypatch, library_path):
    import io

    assert "the pictures of it in the workflow “Write anything”" in cli("delete", "source").err
    monkeypatch.setattr("ui.cli.console.Console.interactive", True)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    answer = cli("delete", "source")
    assert answer.code == 3
    assert "Write anything" in answer.out + answer.err
    assert cli("delete", "source", "--yes", "--json").json["workflows_without_pictures"] == ["Write anything"]
    with Library.open(library_path) as library:
        assert frames_of(library.get("flow")) == set()
        assert list(library.frames.all()) == []


def test_verify_is_content_with_a_whole_library_and_with_one_trajectory_of_it(letter, cli):
    assert cli("verify", "--json").json == {"ok": True, "problems": []}
    assert cli("verify", letter.id, "--json").json == {"ok": True, "problems": []}


def test_verify_exits_1_and_names_a_missing_frame(library_path, cli):
    from workbench.trajectory import Observation

    missing = "0" * 64
    _add(library_path, steps=(Step(id="s1", action=Click(), observation=Observation(frame=missing)),))
    answer = cli("verify", "--json")
    assert answer.code == 1
    assert not answer.json["ok"]
    assert missing[:8] in str(answer.json["problems"])


def test_a_bundle_brings_a_trajectory_to_another_library_for_review(letter, tmp_path, cli):
    path = tmp_path / "letter.trajectory"
    exported = cli("export", letter.id, "--to", "bundle", "-o", path, "--json").json
    told = {"trajectory": letter.id, "format": "bundle", "path": str(path), "bytes": path.stat().st_size}
    assert told.items() <= exported.items()
    elsewhere = ("--library", tmp_path / "elsewhere")
    (imported,) = cli("import", path, "--json", *elsewhere).json
    assert (imported["id"], imported["title"], imported["steps"]) == (letter.id, "Write a letter", 2)
    assert cli("show", letter.id, "--json", *elsewhere).json["reviewed"] is False
    assert cli("edit", letter.id, "--reviewed", *elsewhere).code == 0
    assert "reviewed" not in cli("show", letter.id, "--json", *elsewhere).json


def test_export_replaces_a_bundle_but_nothing_else(letter, tmp_path, cli):
    path = tmp_path / "letter.trajectory"
    assert cli("export", letter.id, "-o", path).code == 0
    assert cli("export", letter.id, "-o", path).code == 0
    path.write_text("my diary")
    assert cli("export", letter.id, "-o", path).code == 2
    assert path.read_text() == "my diary"


def test_import_refuses_all_files_when_one_is_no_bundle(letter, tmp_path, cli):
    good, bad = tmp_path / "good.trajectory", tmp_path / "bad.trajectory"
    cli("export", letter.id, "-o", good)
    with zipfile.ZipFile(bad, "w") as other:
        other.writestr("something.txt", "else")
    cli("delete", letter.id, "--yes")
    assert cli("import", good, bad).code == 2
    assert cli("list", "--json").json == []


def test_import_recognises_a_bundle_whatever_it_is_called(letter, tmp_path, cli):
    path = tmp_path / "letter.zip"
    cli("export", letter.id, "-o", tmp_path / "letter.trajectory")
    (tmp_path / "letter.trajectory").rename(path)
    assert cli("import", path).code == 0


def _cut_short(library_path) -> str:
    """A run that kept one step, began another and died; the id of the trajectory that it becomes."""
    step = Step(id="s1", action=TypeText(text="seven"))
    with Library.open(library_path) as library:
        becomes = Trajectory(id=library.new_id(), title="Add numbers", source="agent", created=1_700_000_000.0)
        log = library.begin_run(RunStarted(run="r1", trajectory=becomes.id, title="Add numbers", becomes=becomes))
        log.append(StepKept(index=1, step=step, status="done"))
        log.append(StepEnded(index=1, status="done"))
        log.append(StepActing(index=2, step=step))
        log.close()
    return becomes.id


def test_a_run_that_was_cut_short_is_recovered_named_and_listed(library_path, cli):
    identifier = _cut_short(library_path)
    answer = cli("list", "--json")
    assert f"recovered the trajectory {identifier} of a run" in answer.err
    (entry,) = answer.json
    assert (entry["id"], entry["source"], entry["steps"]) == (identifier, "agent", 1)
    assert "recovered" not in cli("list").err
    assert cli("show", identifier, "--json").json["steps"][0]["action"]["text"] == "seven"


def test_verify_names_the_run_the_event_and_what_is_wrong_in_one_line(library_path, cli):
    _cut_short(library_path)
    assert cli("verify").code == 0
    with closing(sqlite3.connect(library_path / "library.db")) as db:
        db.execute("UPDATE run_events SET body = replace(body, 'seven', 'eight') WHERE position = 2")
        db.commit()
    answer = cli("verify")
    assert answer.code == 1
    (line,) = answer.out.splitlines()
    assert line.startswith("run r1, event 2: it was changed after it was written; ")
