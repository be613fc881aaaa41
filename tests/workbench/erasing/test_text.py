"""A text that is erased is nowhere afterwards: in no byte of the folder, and in no picture."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import Click, TypeText
from workbench.desktop.ports import Frame
from workbench.erasing.spotting import spots
from workbench.erasing.text import erase, look
from workbench.errors import BadInputError, StoppedError
from workbench.events import Progress, RunStarted, StepEnded
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.library.store import MASK, Library, RecordingOpening
from workbench.locate.ocr import Printed, read_text
from workbench.trajectory import Element, Observation, Step, Target, TextWitness, Trajectory, Variable, Window

WORD = "Swordfish-4711"


def _showing(library: Library) -> list[str]:
    """The pictures of the folder in which the word, or a large piece of it, can be read."""
    pictures = {frame: library.frames.load(frame) for frame in library.frames.all()}
    return [f for f, one in pictures.items() if spots(WORD, read_text(one.pixels, one.origin))]


def test_looking_tells_how_many_places_there_are_in_words_that_do_not_say_the_text(erased):
    found, frames = erased.found, erased.told.frames
    assert found.steps == 4, "title, typed text, description, printed text"
    assert set(found.pictures) == {frames[name] for name in ("half", "typed", "moved")}
    assert len(found.looked_at) == 5
    assert found.kept > 6
    assert WORD not in found.sentence + repr(found)
    assert "in 3 of 5 pictures" in found.sentence


def test_looking_changes_nothing(small, library, kept):
    library.revise(replace(small, title=f"Be {WORD}"), note="named")
    before = library.history(small.id)
    assert look(library, small.id, WORD).steps == 1
    assert library.history(small.id) == before
    assert WORD.encode() in kept(library)


def test_an_erased_text_is_in_no_byte_of_the_folder_and_the_library_verifies(erased, kept):
    assert erased.records > 0
    folder = kept(erased.told.library)
    assert WORD.encode() not in folder
    assert WORD.lower().encode() not in folder, "the index folds case"
    assert erased.told.library.verify() == []


def test_an_erased_text_is_in_no_picture_that_is_left(erased):
    store = erased.told.library.frames
    assert len(list(store.all())) == 5
    assert _showing(erased.told.library) == []
    for frame in store.all():
        picture = store.load(frame)
        assert not any((picture.part(part.bounds).pixels == part.pixels).all() for part in erased.parts)


def test_the_tiles_that_showed_an_erased_text_are_gone(erased):
    store = erased.told.library.frames
    needed = {address for frame in store.all() for address in store.tile_list(frame).tiles}
    assert {path.stem for path in store.folder.rglob("*.tile")} == needed
    assert not any(store.has(erased.told.frames[name]) for name in ("half", "typed", "moved"))


def test_what_stands_beside_the_text_stays(erased, draw):
    told = erased.told
    kept = told.library.get(told.trajectory.id)
    assert kept.steps[0].observation.frame == told.frames["before"]
    assert kept.steps[3] == told.trajectory.steps[3]
    covered = told.library.frames.load(kept.steps[1].outcome.frame).pixels
    differs = (covered[..., :3] != draw(("Account", 40, 120), (WORD, 200, 120))[..., :3]).any(axis=2)
    assert differs.any()
    assert not differs[:90].any()
    assert not differs[:, :150].any(), "the label in the same row"


def test_no_revision_no_run_and_nothing_learned_tells_an_erased_text(erased):
    library, identifier = erased.told.library, erased.told.trajectory.id
    assert [revision.number for revision in library.history(identifier)] == [1, 2]
    assert WORD not in repr(library.history(identifier))
    assert WORD not in repr(library.run_events("r1"))
    assert WORD not in repr(library.learning.lessons("hint"))


def test_an_erased_text_is_found_nowhere_the_second_time(erased):
    again = look(erased.told.library, erased.told.trajectory.id, WORD)
    assert not again.anywhere
    with pytest.raises(BadInputError, match="nowhere"):
        erase(erased.told.library, again, erased.told.trajectory.id)


def test_a_picture_that_comes_after_the_look_is_covered_too(small, library, draw):
    found = look(library, small.id, WORD)
    frame = library.frames.put(draw((WORD, 40, 50))[:70, :320], origin=Point(0, 0))
    late = [RunStarted(run="r2", trajectory=small.id, title=""), StepEnded(index=1, status="done", frame=frame)]
    library.save_run("r2", late)
    assert len(_showing(library)) == 2
    erase(library, found, small.id)
    assert _showing(library) == []


def test_a_picture_that_cannot_be_read_goes(small, library):
    library.frames.path(small.steps[0].observation.frame).write_bytes(b"damaged")
    library.revise(replace(small, task=WORD), note="task")
    found = look(library, small.id, WORD)
    assert "1 picture cannot be read" in found.sentence
    erase(library, found, small.id)
    assert library.get(small.id).steps[0].observation.frame is None
    assert library.verify() == []


@pytest.mark.parametrize(
    ("text", "why"), [("abc", "too much else"), ("    ", "too much else"), ("a b\nc d", "too much")]
)
def test_a_text_that_is_too_short_is_refused(told, text, why):
    with pytest.raises(BadInputError, match=why):
        look(told.library, told.trajectory.id, text)


def test_looking_can_be_stopped(told):
    def stop(done: int, of: int) -> None:
        raise StoppedError(f"{done} of {of}")

    with pytest.raises(StoppedError, match="1 of 5"):
        look(told.library, told.trajectory.id, WORD, told=stop)


def test_words_that_were_read_with_letters_that_look_alike_go_too(small, library, monkeypatch):
    read = WORD.replace("o", "0")
    monkeypatch.setattr(
        "workbench.locate.ocr.read_text", lambda _pixels, _origin: [Printed(f"As {read}!", Rect(20, 40, 200, 30), 0.9)]
    )
    witness = Target(Point(30, 50), text=TextWitness(f"As {read}!", Rect(20, 40, 200, 30)))
    library.revise(replace(small, steps=(replace(small.steps[0], target=witness),)), note="read")
    erase(library, look(library, small.id, WORD), small.id)
    assert library.get(small.id).steps[0].target.text.text == f"As {MASK}!"


def test_only_what_changed_is_read_again(draw, monkeypatch):
    from workbench.erasing.reading import Reader

    read = []
    monkeypatch.setattr("workbench.locate.ocr.read_text", lambda pixels, origin: read.append(pixels.shape[0]) or [])
    reader, first, second = Reader(), draw(), draw(("typed", 100, 160))
    for pixels in (first, first, second, np.full_like(first, 7)):
        reader.lines(Frame(pixels, Point(0, 0), 0))
    assert read[0] == 200
    assert 70 < read[1] < 140
    assert read[2:] == [200]


_TEXTS = st.text(alphabet="qxZé🙂 \"\\%_'<\n", max_size=12).map(lambda text: f"Ωжфщ{text}ж")
_PLACES = ("title", "task", "typed", "described", "thought", "window", "value", "variable", "note", "run", "keys")


@given(text=_TEXTS, places=st.sets(st.sampled_from(_PLACES), min_size=1))
@settings(max_examples=25, deadline=None)
def test_whatever_the_text_and_wherever_it_was_written_no_byte_of_it_is_left(text, places):
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "library") as library:
        identifier = _written(library, text, places)
        undone = library.get(identifier)
        library.undo(identifier)
        found = look(library, identifier, text)
        assert found.kept + found.steps >= len(places)
        erase(library, found, identifier)
        library.redo(identifier)
        assert library.get(identifier).revision == undone.revision
        kept = b"".join(path.read_bytes() for path in library.path.rglob("*") if path.is_file())
        for form in (text, text.lower(), json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
            assert form.encode() not in kept
        assert library.verify() == []


def _written(library: Library, text: str, places: set[str]) -> str:
    """A recording with the text at these places of its second revision."""

    def at(place: str) -> str:
        return f"before {text} behind" if place in places else ""

    writer = library.begin_recording(RecordingOpening("Letter"))
    keys = text if "keys" in places else "abc"
    writer.append([InputEvent(n, n, "key_down", text=key) for n, key in enumerate(keys, 1)], [])
    first = writer.finish(Trajectory(writer.id, "Letter", (Step("s1", Click()),)))
    field = Element("app", "w", "text", "f", Rect(0, 0, 1, 1), value=at("value"))
    seen = Observation(window=Window("app", at("window"), Rect(0, 0, 1, 1)), focused=field)
    typing = Step("s2", TypeText(at("typed") or "x"), seen, description=at("described"), thought=at("thought"))
    variables = (Variable("v", at("variable")),)
    changed = replace(first, title=at("title") or "T", task=at("task"), steps=(typing,), variables=variables)
    library.revise(changed, note=at("note"))
    library.save_run("r", [RunStarted(run="r", trajectory=first.id, title=""), Progress(text=at("run"))])
    return first.id
