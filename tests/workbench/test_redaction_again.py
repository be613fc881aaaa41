"""What was recorded again is purged there too, and a stretch of one recording takes nothing of another."""

import msgspec
import numpy as np
import pytest

from workbench.actions import Click, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent, Sighting
from workbench.library.store import Library, RecordingOpening
from workbench.redaction import GREY, cover_area, forget_step, hide_typed_text, into_secret, remove_text
from workbench.rerecording import Stretch, spliced
from workbench.trajectory import Element, Observation, Outcome, Step, Trajectory, frames_of

FIELD = Element(app="Notes", window="Notes", role="text", name="Name", bounds=Rect(10, 10, 20, 5))
WORD = "swordfish"


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library") as opened:
        yield opened


def recorded(library: Library, title: str, text: str, *, shade: int) -> Trajectory:
    """A recording of a click and of a text typed, each with events, sightings and pictures of its own."""
    writer = library.begin_recording(RecordingOpening(title))
    frames = [library.frames.put(np.full((40, 60, 4), shade + n, np.uint8), origin=Point(0, 0)) for n in range(3)]
    keys = [InputEvent(n, n * 1000, "key_down", keysym=key, text=key) for n, key in enumerate(text, 2)]
    seen = [Sighting(n, n * 1000, frame=frame) for n, frame in enumerate(frames, 1)]
    writer.append([InputEvent(1, 1000, "button_down", button="left"), *keys], seen)
    click = Step("s1", Click(), Observation(1000, frame=frames[0]), first_event=1, last_event=1)
    typing = Step(
        "s2",
        TypeText(text),
        Observation(2000, frame=frames[1], focused=FIELD),
        outcome=Outcome(frame=frames[2]),
        first_event=2,
        last_event=keys[-1].seq,
    )
    return writer.finish(Trajectory(writer.id, title, (click, typing)))


@pytest.fixture
def again(library) -> tuple[Trajectory, Trajectory]:
    """A trajectory whose second step was recorded again, and the recording that it came from."""
    old = recorded(library, "Log in", "harmless", shade=10)
    new = recorded(library, "Log in again", WORD, shade=50)
    return library.revise(spliced(old, Stretch(2), Trajectory(new.id, "", new.steps[1:])), note="again"), new


def test_a_text_that_was_recorded_again_is_nowhere_in_the_folder_afterwards(library, again):
    trajectory, recording = again
    seen = {sighting.frame for sighting in library.sightings(recording.id)[1:]}
    hide_typed_text(library, trajectory, 2)
    assert WORD.encode() not in _bytes(library)
    assert not [event for event in library.events(recording.id) if event.text]
    assert not any(library.frames.has(frame) for frame in seen)
    for frame in frames_of(Trajectory("", "", library.get(recording.id).steps[1:])):
        assert (library.frames.load(frame).pixels[10:15, 10:30, :3] == GREY).all()
    assert library.verify() == []


def _bytes(library: Library) -> bytes:
    return b"".join(path.read_bytes() for path in library.path.rglob("*") if path.is_file())


@pytest.mark.parametrize("held_by", [0, 1], ids=["the trajectory", "the recording"])
def test_a_text_that_is_removed_from_one_of_them_is_removed_from_the_other(library, again, held_by):
    remove_text(library, again[held_by].id, WORD)
    assert WORD.encode() not in _bytes(library)
    assert library.verify() == []


def test_what_becomes_a_secret_in_the_recording_is_in_no_trajectory_that_took_it_over(library, again):
    trajectory, recording = again
    seen = frames_of(Trajectory("", "", trajectory.steps[1:]))
    into_secret(library, library.get(recording.id), 2, name="notes.name")
    assert WORD.encode() not in _bytes(library)
    assert not any(library.frames.has(frame) for frame in seen)
    assert library.verify() == []


def test_a_step_that_the_recording_forgets_is_in_no_trajectory_that_took_it_over(library, again):
    trajectory, recording = again
    forget_step(library, library.get(recording.id), 2)
    assert WORD.encode() not in _bytes(library)
    assert library.get(trajectory.id).steps == trajectory.steps[:1]
    assert library.verify() == []


def test_a_place_that_is_covered_in_a_step_is_covered_in_the_recording_that_it_comes_from(library, again):
    trajectory, recording = again
    seen = {sighting.frame for sighting in library.sightings(recording.id)[1:]}
    own = frames_of(Trajectory("", "", trajectory.steps[:1]))
    assert cover_area(library, trajectory, FIELD.bounds, number=2) == len(seen)
    assert not any(library.frames.has(frame) for frame in seen)
    assert own == frames_of(Trajectory("", "", library.get(trajectory.id).steps[:1]))


def test_a_step_is_forgotten_whole_whatever_the_numbers_of_another_recording_are(library):
    old, new = recorded(library, "Log in", "swordfish", shade=10), recorded(library, "Again", "abc", shade=50)
    typing = Trajectory(new.id, "", (msgspec.structs.replace(new.steps[1], first_event=4),))
    mixed = library.revise(spliced(old, Stretch(3), typing), note="again")
    forget_step(library, mixed, 2)
    assert [event.seq for event in library.events(old.id)] == [1]


def test_the_trajectorys_own_events_with_the_same_numbers_stay(library, again):
    trajectory, _ = again
    before = library.events(trajectory.id)
    hide_typed_text(library, trajectory, 2)
    assert library.events(trajectory.id) == before


def test_it_can_be_hidden_where_the_recording_was_deleted(library, again):
    trajectory, recording = again
    library.delete(recording.id)
    hidden = hide_typed_text(library, trajectory, 2)
    assert WORD not in str(hidden.steps)
    assert library.verify() == []


def test_forgetting_a_stretch_takes_no_step_of_another_recording(library, again):
    trajectory, _ = again
    library.forget(trajectory.id, since_ns=1500, until_ns=90_000)
    kept = library.get(trajectory.id)
    assert kept.steps == trajectory.steps
    assert len(library.get(trajectory.id, revision=1).steps) == 1


def test_a_step_whose_input_another_recording_keeps_is_not_forgotten_here(library, again):
    trajectory, recording = again
    with pytest.raises(BadInputError, match=recording.id):
        forget_step(library, trajectory, 2)


def test_what_is_hidden_is_boxed_in_later_pictures_of_whoever_took_the_step_over(library):
    typed = recorded(library, "Log in", WORD, shade=10)
    later = [recorded(library, f"Later {n}", "harmless", shade=50 + 40 * n) for n in range(2)]
    for recording in later:
        holder = library.save(Trajectory(f"T{recording.id}", "Log in elsewhere"))
        taken = spliced(holder, Stretch(1), typed)
        library.revise(spliced(taken, Stretch(3), recording), note="again")
        library.undo(holder.id)
    seen = {sighting.frame for recording in later for sighting in library.sightings(recording.id)}
    hide_typed_text(library, typed, 2)
    assert not any(library.frames.has(frame) for frame in seen)
    for recording in later:
        for frame in frames_of(library.get(f"T{recording.id}", revision=2)) - frames_of(typed):
            assert (library.frames.load(frame).pixels[10:15, 10:30, :3] == GREY).all()
    assert library.verify() == []


def test_pictures_that_were_taken_before_the_step_are_not_boxed_where_it_was_taken_over(library):
    first = recorded(library, "Before", "harmless", shade=50)
    typed = recorded(library, "Log in", WORD, shade=10)
    holder = library.save(Trajectory("holder", "Both"))
    library.revise(spliced(spliced(holder, Stretch(1), first), Stretch(3), typed), note="again")
    hide_typed_text(library, typed, 2)
    assert frames_of(first) <= frames_of(library.get("holder"))
    assert library.get(first.id) == first
