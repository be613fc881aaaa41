"""Completing a recording: what is added, what stays, and what one revision holds."""

import pytest
from msgspec.structs import replace

from agents.completion.completing import complete
from agents.memory.retrieval.entries import chapters_of
from workbench import editing
from workbench.actions import Note, TypeText
from workbench.errors import BadInputError, StoppedError
from workbench.report.words import describe


def test_one_revision_holds_meanings_thoughts_and_chapters(library, letter):
    done = complete(library, letter.id)
    assert [one.note for one in library.history(letter.id)] == ["", "completed: meanings, thoughts, chapters"]
    assert library.get(letter.id) == done.trajectory
    acting = [step for step in done.trajectory.steps if not isinstance(step.action, Note)]
    assert [step.id for step in acting] == [step.id for step in letter.steps]
    assert all(step.thought and step.description for step in acting)
    assert acting[4].description.startswith("click the button “Save” in the toolbar of Mousepad, which leads to")
    assert acting[2].description.startswith("click the menu item “Save As…” in the menu “File” of Mousepad")


def test_completing_again_changes_nothing(library, letter):
    first = complete(library, letter.id)
    again = complete(library, letter.id)
    assert (again.trajectory, again.meanings, again.thoughts, again.chapters) == (first.trajectory, 0, 0, 0)
    assert len(library.history(letter.id)) == 2


def test_chapters_open_where_the_screen_turns_to_something_else(library, letter):
    done = complete(library, letter.id)
    chapters = chapters_of(done.trajectory)
    assert done.chapters == len(chapters) == len([s for s in done.trajectory.steps if isinstance(s.action, Note)])
    words = [text for _, _, text in chapters]
    assert "Gnumeric" in words[-1]
    assert "letter.txt" in " ".join(words[:-1])
    opened = done.trajectory.steps[chapters[-1][0] - 1]
    assert opened.observation.window.app == "gnumeric" or opened.outcome.window.app == "gnumeric"


def test_a_screen_that_stays_the_same_has_no_chapters(library, build, letter):
    same = [(step.action, step.target, letter.steps[0].observation.window, 0) for step in letter.steps]
    assert complete(library, build(same).id).chapters == 0


def test_chapters_of_a_person_are_all_there_are(library, letter):
    library.revise(editing.with_inserted(letter, 3, Note("My own words")), note="note")
    done = complete(library, letter.id)
    assert [step.action.text for step in done.trajectory.steps if isinstance(step.action, Note)] == ["My own words"]


def test_chapters_that_a_person_took_out_stay_out_unless_completing_is_undone(library, letter):
    done = complete(library, letter.id)
    numbers = {at for at, step in enumerate(done.trajectory.steps, 1) if isinstance(step.action, Note)}
    bare = library.revise(editing.without_steps(done.trajectory, numbers), note="no chapters")
    assert complete(library, letter.id).trajectory == bare
    library.undo(letter.id)
    library.undo(letter.id)
    assert complete(library, letter.id).chapters == done.chapters


def test_what_is_stopped_changes_nothing(library, letter):
    told = []

    def check():
        if len(told) == 3:
            raise StoppedError("stopped")

    with pytest.raises(StoppedError):
        complete(library, letter.id, told=lambda done, of: told.append((done, of)), check=check)
    assert told == [(1, 8), (2, 8), (3, 8)]
    assert len(library.history(letter.id)) == 1


def test_what_is_edited_meanwhile_is_kept(library, letter):
    def told(done, of):
        if done == 2:
            edited = editing.with_words(library.get(letter.id), 1, description="my words", thought="my thought")
            library.revise(editing.without_steps(edited, {7}), note="edited")

    done = complete(library, letter.id, told=told)
    acting = [step for step in done.trajectory.steps if not isinstance(step.action, Note)]
    assert (acting[0].description, acting[0].thought) == ("my words", "my thought")
    assert [step.id for step in acting] == ["s1", "s2", "s3", "s4", "s5", "s6", "s8"]
    assert acting[1].thought


def test_a_step_without_witnesses_keeps_waiting_for_them(library, letter):
    waiting = (replace(letter.steps[0], description=""), *letter.steps[1:])
    library.revise(replace(letter, steps=waiting), note="as a draft is")
    done = complete(library, letter.id)
    first = next(step for step in done.trajectory.steps if step.id == "s1")
    assert first.description == ""
    assert first.thought


def test_a_picture_that_is_damaged_stops_nothing(library, letter):
    library.frames.path(letter.steps[3].observation.frame).unlink()
    assert complete(library, letter.id).thoughts == 8


def test_title_and_task_are_proposed_and_not_written(library, letter):
    done = complete(library, letter.id)
    assert "letter.txt" in done.proposal.task
    assert (done.trajectory.title, done.trajectory.task) == ("A recording", "")
    library.revise(editing.with_heading(done.trajectory, title="Mine", task="My own task"), note="title, task")
    assert not complete(library, letter.id).proposal


def test_what_is_read_from_the_recorder_is_still_its_own_description(letter):
    assert all(step.description == describe(step) for step in letter.steps)


def test_words_about_what_is_purged_meanwhile_are_not_written(library, letter):
    text = next(step.action.text for step in letter.steps if isinstance(step.action, TypeText))

    def purge(done: int, _of: int) -> None:
        if done == len(letter.steps):
            library.purge_text(letter.id, text)

    with pytest.raises(BadInputError, match="read it again"):
        complete(library, letter.id, told=purge)
    assert len(library.history(letter.id)) == 1
    assert text.encode() not in b"".join(path.read_bytes() for path in library.path.glob("library.db*"))
