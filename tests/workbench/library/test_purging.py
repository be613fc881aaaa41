"""What was forgotten, purged or deleted is nowhere in the folder any more: its bytes are searched for."""

import os
import sqlite3
import threading
import time

import pytest
from msgspec.structs import replace

from workbench.actions import Note, TypeText
from workbench.errors import BadInputError
from workbench.events import (
    ApprovalAsked,
    EventsPurged,
    Progress,
    RunEnded,
    RunStarted,
    StepEnded,
    StepLocated,
    StepProposed,
)
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.library.frames import ORPHAN_GRACE_S
from workbench.library.store import Library, RecordingOpening
from workbench.locate.verdict import Verdict, Vote
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Window

WORD = "Xylophonqueue"


@pytest.fixture
def recorded(library, picture, typing_events, sighting_of) -> tuple[Library, str, dict[str, str]]:
    """`before` typed, then WORD in the window from 1 s to 2 s, then `after`; three revisions and a run."""
    writer = library.begin_recording(RecordingOpening("Morning"))
    frames = {
        name: library.frames.put(picture(seed), origin=Point(0, 0))
        for seed, name in enumerate(("before", "secret", "after", "shared"))
    }
    steps, seq = [], 1
    for second, text in enumerate(("before", WORD, "after")):
        start_ns = second * 1_000_000_000
        name = "secret" if text == WORD else text
        events = typing_events(text, first=seq, start_ns=start_ns)
        seen = [sighting_of(events[0], frames[name]), sighting_of(events[-1], frames["shared"], value=text)]
        writer.append(events, seen)
        observation = Observation(
            events[0].monotonic_ns, frame=frames[name], window=Window("app", f"About {text}", Rect(0, 0, 1, 1))
        )
        field = Element("app", f"About {text}", "text", f"field of {text}", Rect(0, 0, 1, 1))
        steps.append(
            Step(
                f"s{second}",
                TypeText(text),
                observation,
                Target(Point(0, 0), element=field),
                outcome=Outcome(frames[name], element=replace(field, value=text)),
                description=f"Type {text}",
                first_event=seq,
                last_event=seq + len(events) - 1,
            )
        )
        seq += len(events)
    steps[0] = replace(
        steps[0], outcome=Outcome(frames["secret"], element=Element("app", "w", "text", WORD, Rect(0, 0, 1, 1)))
    )
    saved = writer.finish(Trajectory(writer.id, "Morning", tuple(steps)))
    revised = library.revise(replace(saved, steps=(*steps, Step("n", Note("remark")))), note="remark added")
    library.revise(replace(revised, title="Noon"), note="renamed")
    library.undo(writer.id)
    library.save_run("r1", _run(writer.id, steps, frames))
    return library, writer.id, frames


def _run(trajectory: str, steps: list[Step], frames: dict[str, str]) -> list:
    events: list = [RunStarted(run="r1", trajectory=trajectory, title="Morning")]
    for index, step in enumerate(steps, 1):
        text = step.action.text
        events += [
            Progress(text="looking"),
            StepProposed(index=index, step=step, frame=frames["shared"], why=f"to type {text}"),
            Progress(text=f"typing {text}"),
            StepLocated(
                index=index, verdict=Verdict(reason=f"field of {text}", votes=(Vote("text", "found", reason=text),))
            ),
            ApprovalAsked(index=index, risk="harmless", reason=text),
            StepEnded(
                index=index, status="done", message=f"typed {text}", differed=(text,), expected=step.outcome.frame
            ),
        ]
    return [*events, RunEnded(outcome="finished", reason="after all")]


def test_before_anything_is_purged_the_word_is_found(recorded, bytes_in):
    library, _, _ = recorded
    assert bytes_in(library.path, WORD) != []


def test_a_forgotten_stretch_is_nowhere_in_the_folder(recorded, bytes_in):
    library, identifier, frames = recorded
    assert library.forget(identifier, since_ns=1_000_000_000, until_ns=1_999_999_999) == 2 * len(WORD)
    assert bytes_in(library.path, WORD) == []
    assert bytes_in(library.path, WORD.lower()) == [], "the index folds case"
    assert bytes_in(library.path, frames["secret"]) == []
    assert not library.frames.has(frames["secret"])
    assert library.frames.has(frames["shared"]), "a frame that was seen at another time too stays"
    assert library.verify() == []


def test_forgetting_keeps_everything_else_in_every_revision(recorded, bytes_in):
    library, identifier, frames = recorded
    library.forget(identifier, since_ns=1_000_000_000, until_ns=1_999_999_999)
    assert [[step.id for step in library.get(identifier, revision=n).steps] for n in (1, 2, 3)] == [
        ["s0", "s2"],
        ["s0", "s2", "n"],
        ["s0", "s2", "n"],
    ]
    first, last = library.get(identifier, revision=1).steps
    assert first.outcome == Outcome(), "what followed the step was seen in the forgotten stretch"
    assert (first.action, last.outcome.frame) == (TypeText("before"), frames["after"])
    assert library.redo(identifier).title == "Noon"
    assert "".join(event.text for event in library.events(identifier)) == "beforeafter"
    assert bytes_in(library.path, "typed after") != []


def test_a_run_of_a_forgotten_step_keeps_its_shape(recorded):
    library, identifier, _ = recorded
    before = library.run_events("r1")
    library.forget(identifier, since_ns=1_000_000_000, until_ns=1_999_999_999)
    after = [event for event in library.run_events("r1") if not isinstance(event, EventsPurged)]
    assert [type(event) for event in after] == [type(event) for event in before]
    assert after[8].step.action == Note("forgotten")
    assert after[2].step == replace(before[2].step, outcome=Outcome()), "what followed the step before was seen then"
    assert after[14:] == before[14:], "the step after it is as it was"


def test_forgetting_to_the_end_allows_events_that_were_dropped_before_they_were_written(library, typing_events):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append(typing_events("ab"), [])
    assert writer.forget_since(2_500) == 2
    writer.append(typing_events("cd", first=20), [])
    writer.close()
    assert [event.seq for event in library.events(writer.id)] == [1, 2, 20, 21, 22, 23]
    assert library.verify() == []


def test_numbers_that_were_forgotten_are_not_used_again(library, typing_events):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append(typing_events("ab"), [])
    writer.forget_since(0)
    assert writer.next_seq() == 5
    with pytest.raises(BadInputError, match="comes too late"):
        writer.append(typing_events("c"), [])
    writer.close()


def test_forgetting_while_another_thread_appends_leaves_a_sound_recording(library, typing_events, bytes_in):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append(typing_events(WORD), [])
    writer.append([InputEvent(seq, 10**9 + seq, "move") for seq in range(100, 110)], [])
    appender = threading.Thread(
        target=lambda: [writer.append([InputEvent(seq, 2 * 10**9, "move")], []) for seq in range(110, 160)]
    )
    appender.start()
    library.forget(writer.id, since_ns=0, until_ns=10**8)
    appender.join()
    writer.close()
    assert len(library.events(writer.id)) == 60
    assert bytes_in(library.path, '"seq":3,') == []
    assert library.verify() == []


def test_what_was_not_recorded_here_cannot_be_forgotten(library, a_trajectory):
    library.save(a_trajectory("one"))
    with pytest.raises(BadInputError, match="was not recorded here"):
        library.forget("one", since_ns=0)


def test_a_purged_text_is_nowhere_in_the_folder_and_stands_masked(recorded, bytes_in):
    library, identifier, _ = recorded
    assert library.purge_text(identifier, WORD, replacement="***") > 0
    assert bytes_in(library.path, WORD) == []
    assert bytes_in(library.path, WORD.lower()) == []
    assert library.get(identifier).steps[1].action == TypeText("***")
    assert "".join(event.text for event in library.events(identifier)) == "beforeafter"
    assert {event.keysym for event in library.events(identifier) if 10**9 < event.monotonic_ns < 2 * 10**9} == {""}
    assert library.verify() == []


@pytest.mark.parametrize("text", ['say "hi"\\', "line\nbreak", "späße 🙂", "kind"])
def test_texts_with_any_characters_are_purged(library, bytes_in, text):
    steps = (Step("s", TypeText(f"<{text}>"), description=text),)
    library.save(Trajectory("one", text, steps, task=text))
    library.revise(Trajectory("one", text, steps), note=text)
    library.purge_text("one", text, replacement="***")
    assert library.get("one") == Trajectory(
        "one", "***", (Step("s", TypeText("<***>"), description="***"),), revision=2, purges=1
    )
    assert library.history("one")[1].note == "***"
    assert library.verify() == []
    if text != "kind":
        assert bytes_in(library.path, text) == []


@pytest.mark.parametrize(("text", "replacement"), [("", "x"), ("a", "cat")])
def test_a_purge_that_could_not_succeed_is_refused(library, a_trajectory, text, replacement):
    library.save(a_trajectory("one"))
    with pytest.raises(BadInputError, match="must not be empty or part of its replacement"):
        library.purge_text("one", text, replacement=replacement)


def test_purged_keys_and_the_values_seen_meanwhile_are_gone_and_the_events_stay(recorded):
    library, identifier, _ = recorded
    events = library.events(identifier)
    first, last = 13, 11 + 2 * len(WORD)  # the last key is released in the event after it
    library.purge_keys(identifier, first_seq=first, last_seq=last)
    assert [event.seq for event in library.events(identifier)] == [event.seq for event in events]
    blank = [event for event in library.events(identifier) if first <= event.seq <= last + 1]
    assert {(event.keycode, event.keysym, event.text) for event in blank} == {(0, "", "")}
    assert [seen.focused.value for seen in library.sightings(identifier)] == [None, "before", None, None, None, "after"]
    assert library.verify() == []


def test_a_purged_frame_is_replaced_everywhere_and_removed(recorded, picture, bytes_in):
    library, identifier, frames = recorded
    masked = library.frames.put(picture(77), origin=Point(0, 0))
    assert library.purge_frames(identifier, {frames["secret"]: masked, frames["after"]: None}) > 0
    assert bytes_in(library.path, frames["secret"]) == bytes_in(library.path, frames["after"]) == []
    assert not library.frames.has(frames["secret"])
    assert not library.frames.has(frames["after"])
    assert library.get(identifier, revision=1).steps[1].observation.frame == masked
    assert library.get(identifier, revision=1).steps[2].observation.frame is None
    assert masked in [seen.frame for seen in library.sightings(identifier)]
    assert library.verify() == []


def test_a_crop_of_a_purged_frame_goes_with_it(library, picture, a_trajectory):
    frame, other = (library.frames.put(picture(seed), origin=Point(0, 0)) for seed in (1, 2))
    library.save(a_trajectory("one", frames=(frame, other)))
    library.purge_frames("one", {frame: None})
    assert library.get("one").steps[0].target.crop is None
    assert library.verify() == []


def test_a_frame_that_another_trajectory_uses_is_not_removed(library, picture, a_trajectory):
    frame = library.frames.put(picture(1), origin=Point(0, 0))
    library.save(a_trajectory("one", frames=(frame,)))
    library.save(a_trajectory("two", frames=(frame,)))
    library.purge_frames("one", {frame: None})
    assert library.frames.has(frame)
    library.delete("two")
    assert not library.frames.has(frame)


def test_a_deleted_trajectory_is_nowhere_in_the_folder(recorded, a_trajectory, bytes_in):
    library, identifier, frames = recorded
    library.save(a_trajectory("other"))
    library.delete(identifier)
    for text in (WORD, WORD.lower(), identifier, "remark added", frames["before"], "typed before"):
        assert bytes_in(library.path, text) == []
    assert not list(library.path.rglob(f"{identifier}*"))
    assert list(library.frames.all()) == []
    assert [summary.id for summary in library.summaries()] == ["other"]
    assert library.verify() == []


def test_purging_one_trajectory_leaves_others_alone(recorded, a_trajectory):
    library, identifier, _ = recorded
    other = library.save(a_trajectory("other", title=WORD))
    library.purge_text(identifier, WORD)
    assert library.get("other") == other
    assert [hit.trajectory for hit in library.search(WORD)] == ["other"]


def test_digests_made_anew_do_not_prove_a_guess_of_what_was_purged(recorded):
    library, identifier, _ = recorded
    before = {revision.digest for revision in library.history(identifier)}
    library.purge_text(identifier, WORD)
    assert before.isdisjoint({revision.digest for revision in library.history(identifier)})


def test_frames_of_a_run_long_after_its_trajectory_go_with_it(library, picture, a_trajectory):
    library.save(a_trajectory("one"))
    db = sqlite3.connect(library.path / "library.db")
    db.execute("UPDATE trajectories SET touched = touched - 5000")
    db.commit()
    db.close()
    frame = library.frames.put(picture(1), origin=Point(0, 0))
    started = RunStarted(run="r1", trajectory="one", title="")
    library.save_run("r1", [started, StepEnded(index=1, status="done", frame=frame)])
    library.delete("one")
    assert not library.frames.has(frame)


def test_deleting_sweeps_up_old_frames_nobody_refers_to_and_spares_new_ones(library, picture, a_trajectory):
    old, new = (library.frames.put(picture(seed), origin=Point(0, 0)) for seed in (1, 2))
    before_s = time.time() - 2 * ORPHAN_GRACE_S
    os.utime(library.frames.path(old), (before_s, before_s))
    library.save(a_trajectory("one"))
    library.delete("one")
    assert list(library.frames.all()) == [new]
