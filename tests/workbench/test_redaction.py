"""A text that becomes a secret is taken out of everything, pictures included."""

import numpy as np
import pytest

from workbench.actions import Click, TypeText
from workbench.errors import BadInputError
from workbench.events import RunStarted, StepEnded
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.library.records import RecordingOpening
from workbench.library.store import Library
from workbench.redaction import GREY, forget_step, hide_typed_text, into_secret, remove_text
from workbench.trajectory import Element, Observation, Outcome, Step, Trajectory, frames_of

FIELD = Element(app="Notes", window="Notes", role="text", name="Name", bounds=Rect(10, 10, 20, 5))
ORIGIN = Point(0, 0)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library") as opened:
        yield opened


def _picture(library: Library, shade: int) -> str:
    return library.frames.put(np.full((40, 60, 4), shade, np.uint8), origin=ORIGIN)


@pytest.fixture
def typed(library) -> Trajectory:
    before, after, later = (_picture(library, shade) for shade in (10, 20, 30))
    steps = (
        Step(id="s1", action=Click(), observation=Observation(frame=before)),
        Step(
            id="s2",
            action=TypeText(text="swordfish"),
            observation=Observation(frame=before, focused=FIELD),
            outcome=Outcome(frame=after),
        ),
        Step(id="s3", action=Click(), observation=Observation(frame=later)),
    )
    return library.save(Trajectory(id=library.new_id(), title="Log in with swordfish", steps=steps))


def _bytes(library: Library) -> bytes:
    return b"".join(path.read_bytes() for path in library.path.rglob("*") if path.is_file())


def test_the_text_is_nowhere_in_the_folder_afterwards(library, typed):
    library.revise(typed, note="typed swordfish")
    hide_typed_text(library, typed, 2)
    assert b"swordfish" not in _bytes(library)
    assert library.verify() == []


def test_pictures_from_the_step_on_have_a_grey_box_where_the_field_was(library, typed):
    old = frames_of(typed)
    hidden = hide_typed_text(library, typed, 2)
    for frame in frames_of(Trajectory(id="", title="", steps=hidden.steps[1:])):
        pixels = library.frames.load(frame).pixels
        assert (pixels[10:15, 10:30, :3] == GREY).all()
        assert (pixels[:10, :, :3] != GREY).all()
    assert not any(library.frames.has(frame) for frame in old - frames_of(hidden))


def test_pictures_go_where_nobody_knows_the_place_of_the_field(library, typed):
    steps = tuple(Step(id=s.id, action=s.action, outcome=s.outcome) for s in typed.steps)
    blind = library.revise(Trajectory(id=typed.id, title="Log in", steps=steps), note="blind")
    hidden = hide_typed_text(library, blind, 2)
    assert frames_of(hidden) == set()


def test_pictures_of_replays_go_from_the_step_on(library, typed):
    first, second = _picture(library, 40), _picture(library, 50)
    library.save_run("r1", [RunStarted(run="r1", trajectory=typed.id, title=""), *_ends(first, second)])
    hide_typed_text(library, typed, 2)
    assert [getattr(event, "frame", None) for event in library.run_events("r1")[1:3]] == [first, None]
    assert not library.frames.has(second)


def _ends(*frames: str) -> list[StepEnded]:
    return [StepEnded(index=index, status="done", frame=frame) for index, frame in enumerate(frames, 1)]


def test_hiding_can_be_done_again_after_an_interruption(library, typed):
    once = hide_typed_text(library, typed, 2)
    assert hide_typed_text(library, once, 2).steps == once.steps


def test_a_text_too_short_to_be_told_from_others_is_refused(library, typed):
    short = library.revise(
        Trajectory(id=typed.id, title="Short", steps=(Step(id="s1", action=TypeText(text="abc")),)), note="short"
    )
    with pytest.raises(BadInputError, match="too little"):
        hide_typed_text(library, short, 1)


def test_a_text_becomes_a_secret_in_one_revision_and_is_nowhere_afterwards(library, typed):
    changed = into_secret(library, typed, 2, name="mail.password")
    assert changed.steps[1].action == TypeText(secret="mail.password")
    assert library.history(typed.id)[-1].note == "secret"
    assert b"swordfish" not in _bytes(library)


@pytest.mark.parametrize(("number", "name"), [(2, "No Name"), (1, "mail.password")])
def test_what_cannot_become_a_secret_is_refused_before_anything_is_purged(library, typed, number, name):
    with pytest.raises(BadInputError):
        into_secret(library, typed, number, name=name)
    assert library.get(typed.id) == typed


@pytest.mark.parametrize(("text", "why"), [("log", "too much else"), ("octopus", "no such text")])
def test_a_text_that_cannot_be_removed_is_refused_in_words(library, typed, text, why):
    with pytest.raises(BadInputError, match=why):
        remove_text(library, typed.id, text)
    assert library.get(typed.id) == typed


def test_a_removed_text_is_in_no_title_and_no_step(library, typed):
    assert remove_text(library, typed.id, "swordfish") > 0
    assert b"swordfish" not in _bytes(library)


def test_a_step_that_was_made_of_no_input_is_not_forgotten_but_to_be_deleted(library, typed):
    with pytest.raises(BadInputError, match="delete it instead"):
        forget_step(library, typed, 1)
    assert library.get(typed.id) == typed


def _recorded(library: Library, first_events: tuple[int, ...]) -> Trajectory:
    """Clicks that begin with these events, of two events each, 1 ms apart."""
    writer = library.begin_recording(RecordingOpening(title="Clicks", started_ns=0, epoch_s=1.0))
    kinds = ("button_down", "button_up") * len(first_events)
    events = [InputEvent(seq, seq * 10**6, kind, button="left") for seq, kind in enumerate(kinds, 1)]
    writer.append(events, [])
    steps = [Step(id=f"s{one}", action=Click(), first_event=one, last_event=one + 1) for one in first_events]
    return writer.finish(Trajectory(id=writer.id, title="Clicks", steps=tuple(steps)))


def test_a_forgotten_step_takes_its_own_events_with_it_even_where_steps_were_moved(library):
    moved = _recorded(library, (5, 3, 1))
    left = forget_step(library, moved, 2)
    assert [step.id for step in left.steps] == ["s5", "s1"]
    assert [event.seq for event in library.events(moved.id)] == [1, 2, 5, 6]
