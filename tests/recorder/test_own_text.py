"""Completion takes no text from a window that the step may have nothing to do with."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from recorder.complete import complete, completed, draft
from workbench.actions import Click, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent, Sighting
from workbench.library.store import Library, RecordingOpening
from workbench.trajectory import Observation, Step, Target, Trajectory, Window

WORD = "Delete"
ON_IT, BESIDE_IT = Point(225, 116), Point(225, 145)
NOTES = Window("notes", "Letter", Rect(100, 50, 420, 300))


def picture() -> np.ndarray:
    """A window with one word in it."""
    pixels = np.full((600, 800, 4), 90, np.uint8)
    pixels[50:350, 100:520] = 235
    cv2.putText(pixels, WORD, (200, 121), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20,) * 3, 1, cv2.LINE_AA)
    return pixels


@pytest.mark.parametrize(
    ("point", "window", "text"),
    [(BESIDE_IT, NOTES, WORD), (ON_IT, None, WORD), (BESIDE_IT, None, None)],
    ids=["beside it in its window", "on it in any window", "beside it in any window"],
)
def test_a_text_beside_the_place_counts_only_where_its_window_is_known(
    tmp_path: Path, point: Point, window: Window | None, text: str | None
) -> None:
    with Library.open(tmp_path) as library:
        frame = library.frames.put(picture(), origin=Point(0, 0))
        step = Step("s1", Click(), Observation(frame=frame), target=Target(point, window))
        target = completed(step, library).target
    assert target is not None
    assert (target.text.text if target.text else None) == text


def test_what_is_purged_while_witnesses_are_completed_is_not_written_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(tmp_path) as library:
        step = Step("s1", TypeText("Xylophonqueue"))
        library.save(Trajectory("one", "Typing", (step,)))
        asked = []
        sightings = library.sightings

        def purged_first(identifier: str) -> list[Sighting]:
            if not asked:
                library.purge_text(identifier, "Xylophonqueue")
            asked.append(identifier)
            return sightings(identifier)

        monkeypatch.setattr(library, "sightings", purged_first)
        done = complete(library, "one")
        assert len(asked) == 2, "what was made of the old text is made anew"
        assert done.steps[0].description
        assert done == library.get("one")
        assert b"Xylophonqueue" not in b"".join(path.read_bytes() for path in tmp_path.glob("library.db*"))


def test_a_recording_whose_events_are_purged_while_its_steps_are_made_gets_no_steps_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(tmp_path) as library:
        writer = library.begin_recording(RecordingOpening("Typing"))
        keys = [InputEvent(n, n * 10**6, "key_down", keysym=key, text=key) for n, key in enumerate("swordfish", 1)]
        writer.append(keys, [])
        writer.close()
        sightings = library.sightings

        def purged_first(identifier: str) -> list[Sighting]:
            library.purge_text(identifier, "swordfish")
            return sightings(identifier)

        monkeypatch.setattr(library, "sightings", purged_first)
        with pytest.raises(BadInputError, match="read it again"):
            draft(library, writer.id)
        monkeypatch.undo()
        assert "swordfish" not in str(draft(library, writer.id).steps)
