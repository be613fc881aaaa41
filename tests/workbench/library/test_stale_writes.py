"""What was read before a purge is not written again: the bytes of the folder are searched for what was purged."""

import threading

import pytest
from msgspec.structs import replace

from workbench.actions import Note, TypeText
from workbench.errors import BadInputError
from workbench.events import Progress, RunStarted, StepEnded, StepProposed
from workbench.geometry import Point
from workbench.library.learning import Lesson, Span
from workbench.library.memories import Entry
from workbench.library.store import Library, RecordingOpening
from workbench.trajectory import Step, Trajectory, frames_of

WORD = "Xylophonqueue"
TYPED = Step("s1", TypeText(WORD), description=f"Type {WORD}")


@pytest.fixture
def one(library) -> Trajectory:
    return library.save(Trajectory("one", f"About {WORD}", (TYPED,), task=f"type {WORD}"))


@pytest.fixture
def clean(library, bytes_in):
    """Purge the word, and afterwards see that it is nowhere, whatever was tried meanwhile."""
    library_path = library.path

    def purge(identifier: str = "one") -> None:
        library.purge_text(identifier, WORD)
        assert bytes_in(library_path, WORD) == []

    yield purge
    assert bytes_in(library_path, WORD) == []
    assert library.verify() == []


def workflow(trajectory: Trajectory, **fields: object) -> Lesson:
    span = Span(trajectory.id, 1, 1, trajectory.revision, trajectory.purges)
    return replace(Lesson("w", "workflow", "shop", f"type {WORD}", (span,), created=1.0), **fields)


REFUSED = pytest.raises(BadInputError, match="read it again and repeat this")


def test_an_edit_of_what_was_read_before_a_purge_is_refused(library, one, clean):
    clean()
    with REFUSED:
        library.revise(replace(one, title=f"Renamed: {WORD}"), note=f"about {WORD}")
    again = library.get("one")
    assert again.purges == 1
    assert library.revise(replace(again, title="Renamed"), note="title").purges == 1
    assert library.undo("one") == again


def test_an_older_revision_that_was_read_before_a_purge_is_refused_too(library, one, clean):
    library.revise(replace(one, title="Now"), note="title")
    older = library.get("one", revision=1)
    clean()
    with REFUSED:
        library.revise(older, note="back")


def test_what_was_read_from_another_library_connection_is_refused(library, one, clean):
    with Library.open(library.path) as elsewhere:
        read = elsewhere.get("one")
        clean()
        with REFUSED:
            elsewhere.revise(replace(read, title="Edited"), note="title")


def test_a_purge_that_finds_nothing_refuses_nobody(library, one):
    assert library.purge_text("one", "nowhere in it") == 0
    library.revise(replace(one, title="Edited"), note="title")


@pytest.mark.parametrize("how", ["forget", "keys", "frames"])
def test_every_kind_of_purge_refuses_what_was_read_before(library, picture, typing_events, how):
    frame = library.frames.put(picture(1), origin=Point(0, 0))
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append(typing_events("ab"), [])
    observed = replace(TYPED.observation, frame=frame)
    saved = writer.finish(Trajectory(writer.id, "Morning", (replace(TYPED, observation=observed),)))
    if how == "forget":
        library.forget(saved.id, since_ns=0)
    elif how == "keys":
        library.purge_keys(saved.id, first_seq=1, last_seq=4)
    else:
        library.purge_frames(saved.id, {frame: None})
    with REFUSED:
        library.revise(saved, note="again")


def test_steps_that_were_made_from_events_before_a_purge_are_not_saved(library, typing_events, clean):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append(typing_events(WORD), [])
    writer.close()
    made = Trajectory(writer.id, "Morning", (TYPED,))
    clean(writer.id)
    with REFUSED:
        library.complete_recording(made)
    assert library.complete_recording(replace(made, steps=(), purges=library.purges(writer.id))).steps == ()


def test_steps_of_another_trajectory_that_was_purged_meanwhile_are_not_taken_over(library, one, clean):
    holder = library.save(Trajectory("holder", "Holder"))
    clean()
    with REFUSED:
        library.revise(replace(holder, steps=one.steps), note="merged", read={one.id: one.purges})
    with REFUSED:
        library.save(Trajectory("copy", "Copy", one.steps), read={one.id: one.purges})
    assert "copy" not in library


def test_steps_of_a_trajectory_that_was_deleted_meanwhile_are_not_taken_over(library, one, bytes_in):
    library.delete("one")
    with REFUSED:
        library.save(Trajectory("copy", "Copy", one.steps), read={one.id: one.purges})
    assert bytes_in(library.path, WORD) == []


def test_a_lesson_that_was_learned_before_a_purge_is_not_kept(library, one, clean):
    clean()
    with REFUSED:
        library.learning.put(workflow(one))
    assert library.learning.lessons("workflow") == []


def test_a_lesson_that_was_read_before_a_purge_is_not_put_back(library, one, clean):
    library.learning.put(workflow(one))
    read = library.learning.lesson("w")
    clean()
    with REFUSED:
        library.learning.put(replace(read, status="approved"))
    today = library.learning.lesson("w")
    library.learning.put(replace(today, status="approved"))
    assert library.learning.lesson("w").status == "approved"


def test_a_lesson_that_is_removed_by_a_purge_does_not_come_back(library, typing_events, bytes_in):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append(typing_events("ab"), [])
    saved = writer.finish(Trajectory(writer.id, "Morning", (replace(TYPED, first_event=1, last_event=4),)))
    library.learning.put(workflow(saved))
    library.forget(saved.id, since_ns=0)
    with REFUSED:
        library.learning.put(workflow(saved, status="approved"))
    assert bytes_in(library.path, WORD) == []


def test_a_workflow_is_not_made_of_what_was_read_before_a_purge(library, one, clean):
    library.learning.put(workflow(one))
    read = library.learning.lesson("w")
    clean()
    flow = Trajectory("flow", f"Flow {WORD}", one.steps)
    with REFUSED:
        library.learning.embody(read, flow, read={one.id: one.purges})
    with REFUSED:  # the source was read anew, the lesson was not
        library.learning.embody(read, flow, read={one.id: library.get("one").purges})
    assert "flow" not in library


def test_a_text_that_is_purged_from_a_workflow_goes_from_the_lesson_that_is_called_by_it(library, one, clean):
    made = library.learning.embody(
        workflow(one, status="approved"), Trajectory("flow", f"Flow {WORD}", one.steps), read={}
    )
    library.purge_text("one", WORD)
    library.revise(replace(library.get("flow"), title=f"Again {WORD}"), note="title")
    library.learning.put(replace(library.learning.lesson("w"), words=f"say {WORD}"))
    clean("flow")
    with REFUSED:
        library.learning.put(made)
    assert library.learning.lesson("w").words == "say ▇▇▇"


def test_entries_of_the_index_that_were_made_before_a_purge_are_not_kept(library, one, clean):
    clean()
    library.memories.put(one, [Entry("one", "whole", 1, 1, WORD, WORD.lower())])
    assert library.memories.of("one") == []
    library.memories.put(library.get("one"), [Entry("one", "whole", 1, 1, "words", "words")])
    assert [entry.words for entry in library.memories.of("one")] == ["words"]


def test_a_run_of_what_was_purged_after_it_was_read_does_not_begin(library, one, clean):
    clean()
    started = RunStarted(run="r1", trajectory="one", title=one.title, task=one.task)
    with REFUSED:
        library.begin_run(started, read={"one": one.purges})
    assert library.runs() == []


def test_a_run_logs_nothing_more_once_something_is_purged_of_it(library, one, clean):
    started = RunStarted(run="r1", trajectory="one", title=one.title)
    log = library.begin_run(started, read={"one": one.purges})
    log.append(StepProposed(index=1, step=TYPED))
    log.append(StepEnded(index=1, status="done", message=f"typed {WORD}"))
    clean()
    log.append(Progress(text=f"typing {WORD}"))  # it waits for the next one
    with REFUSED:
        log.append(StepEnded(index=2, status="done", message=f"typed {WORD}"))
    log.close()


def test_a_run_that_becomes_a_trajectory_logs_nothing_more_once_something_is_purged_of_that(library, clean):
    log = library.begin_run(RunStarted(run="r1", trajectory="t1", title="T", becomes=Trajectory("t1", f"T {WORD}")))
    log.append(StepEnded(index=1, status="done", message=f"typed {WORD}"))
    clean("t1")
    with REFUSED:
        log.append(StepEnded(index=2, status="done", message=f"typed {WORD}"))
    log.close()
    library.recover_runs()


def test_whatever_the_order_of_an_edit_and_a_purge_nothing_of_what_was_purged_stays(library, one, clean):
    refused = []

    def edit() -> None:
        for number in range(20):
            try:
                library.revise(replace(one, title=f"{number} {WORD}"), note=WORD)
            except BadInputError:
                refused.append(number)

    editor = threading.Thread(target=edit)
    editor.start()
    library.purge_text("one", WORD)
    editor.join()
    clean()
    assert refused == sorted(refused)


def test_values_of_a_run_are_purged_whatever_their_variables_are_called(library, one, clean):
    order = {"values": {"source": WORD, "id": WORD, WORD: "x"}, "approve": "auto"}
    library.save_run("r1", [RunStarted(run="r1", trajectory="one", title="T", order=order)])
    clean()
    [started, *_] = library.run_events("r1")
    assert started.order == {"values": {"source": "▇▇▇", "id": "▇▇▇", "▇▇▇": "x"}, "approve": "auto"}


def test_a_lesson_is_purged_whatever_the_names_in_its_body_are(library, one, clean):
    names = ("kind", "id", "by", "source", "state", "status", "word", "trajectory", "frame", "lent")
    body = {name: f"{WORD} {name}" for name in names} | {"more": [{"run": WORD, "n": 3}, WORD, None]}
    library.learning.put(workflow(one, body=body))
    clean()
    cleaned = library.learning.lesson("w").body
    assert cleaned == {name: f"▇▇▇ {name}" for name in names} | {"more": [{"run": "▇▇▇", "n": 3}, "▇▇▇", None]}


def test_a_purge_of_a_word_that_records_use_leaves_lessons_readable(library, one):
    library.learning.put(workflow(one, words="a workflow", body={"by": "proposed", "said": "workflow"}))
    library.purge_text("one", "workflow")
    lesson = library.learning.lesson("w")
    assert (lesson.kind, lesson.words, lesson.body["said"]) == ("workflow", "a ▇▇▇", "▇▇▇")


def test_a_workflow_loses_the_pictures_of_a_source_that_is_deleted_and_it_is_said_before(
    library, picture, a_trajectory, bytes_in
):
    own, shared = (library.frames.put(picture(seed), origin=Point(0, 0)) for seed in (1, 2))
    source = library.save(a_trajectory("source", frames=(own, shared)))
    library.save(a_trajectory("second", frames=(shared,)))
    flow = replace(a_trajectory("flow", frames=(own, shared)), title="Fill a form")
    made = library.learning.embody(workflow(source, words="fill", status="approved"), flow, read={})
    assert library.losing_pictures(["source"]) == ["Fill a form"]
    assert library.losing_pictures(["second"]) == []
    assert library.losing_pictures(["source", "flow"]) == []
    library.delete("source")
    assert bytes_in(library.path, own) == []
    assert not library.frames.has(own)
    assert library.frames.has(shared)
    assert frames_of(library.get("flow")) == {shared}
    assert library.learning.lesson(made.id).sources == ()
    assert library.verify() == []


def test_undoing_in_a_workflow_brings_no_pictures_of_a_deleted_source_back(library, picture, a_trajectory, bytes_in):
    frame = library.frames.put(picture(1), origin=Point(0, 0))
    source = library.save(a_trajectory("source", frames=(frame,)))
    library.learning.embody(workflow(source, status="approved"), a_trajectory("flow", frames=(frame,)), read={})
    read = library.get("flow")
    library.revise(replace(read, steps=(Step("n", Note("nothing")),)), note="emptied")
    library.delete("source")
    assert bytes_in(library.path, frame) == []
    assert library.undo("flow").steps[0].observation.frame is None
    with REFUSED:
        library.revise(read, note="back")


def test_a_text_of_a_called_workflow_is_purged_from_the_replays_of_its_callers(library, one, clean):
    library.save(Trajectory("caller", "Caller"))
    started = RunStarted(run="r1", trajectory="caller", title="C", order={"read": {"caller": 0, "one": 0}})
    library.save_run("r1", [started, StepProposed(index=1, step=TYPED)])
    clean()
    assert library.run_events("r1")[1].step.action == TypeText("▇▇▇")
