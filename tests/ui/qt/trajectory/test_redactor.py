"""Taking a text out of the open trajectory, with everything that is kept of it."""

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QMessageBox

from ui.qt.trajectory.forms import Form
from workbench.geometry import Point
from workbench.library.store import Library
from workbench.trajectory import Observation, frames_of

WORD = "Swordfish-4711"


@pytest.fixture
def trajectory(core):
    """One click and one text, of which the second is typed, and shown in a small picture."""
    from workbench.actions import Click, TypeText
    from workbench.trajectory import Step, Trajectory

    pixels = np.full((80, 320, 4), 240, np.uint8)
    cv2.putText(pixels, WORD, (20, 50), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (10,) * 3, 1, cv2.LINE_AA)
    with Library.open(core.library_folder) as library:
        frame = library.frames.put(pixels, origin=Point(0, 0))
        steps = (Step("s1", Click(), Observation(frame=frame)), Step("s2", TypeText(WORD)), Step("s3", Click()))
        saved = library.save(Trajectory(library.new_id(), "Write a letter", steps))
        return library.revise(replace(saved, task=f"Tell {WORD}"), note="task")


def _asked(room, text: str) -> None:
    room.acts["redact"].trigger()
    form = next(child for child in room.findChildren(Form) if child.isVisible())
    form.field("text").setText(text)
    form.accept()


def _box(room) -> QMessageBox | None:
    return next((child for child in room.findChildren(QMessageBox) if child.isVisible()), None)


def _press(room, words: str) -> None:
    next(button for button in _box(room).buttons() if button.text() == words).click()


def test_a_text_goes_from_words_and_pictures_once_a_person_has_seen_where_it_stands(room, core, trajectory, until):
    shown = frames_of(trajectory)
    _asked(room, WORD)
    until(lambda: _box(room) is not None)
    assert "2 places in its words" in _box(room).text()
    assert "1 place in 1 of 1 picture" in _box(room).text()
    assert WORD not in _box(room).text()
    assert not [notice for notice in core.notices.shown if notice.action == "Stop"]
    _press(room, "Take it out")
    until(lambda: core.running == () and WORD not in str(room.edited.trajectory))
    assert not shown & frames_of(room.edited.trajectory)
    assert not shown & set(room.filmstrip._thumbs)
    folder = b"".join(path.read_bytes() for path in core.library_folder.rglob("*") if path.is_file())
    assert WORD.encode() not in folder
    with Library.open(core.library_folder) as library:
        assert library.verify() == []


def test_a_text_stays_where_the_person_leaves_it(room, core, trajectory, until):
    _asked(room, WORD)
    until(lambda: _box(room) is not None)
    _press(room, "Leave it")
    with Library.open(core.library_folder) as library:
        assert library.get(trajectory.id) == trajectory
    assert core.running == ()


def test_a_text_that_stands_nowhere_is_said_to_and_nothing_is_asked(room, core, until):
    _asked(room, "octopus")
    until(lambda: any("nowhere" in notice.text for notice in core.notices.shown))
    assert _box(room) is None
    assert "octopus" not in str([notice.text for notice in core.notices.shown])


def test_a_text_that_is_too_short_is_refused_in_the_dialog(room, core):
    _asked(room, " abc ")
    assert next(child for child in room.findChildren(Form)).isVisible()
    assert core.running == ()


def test_looking_for_a_text_can_be_stopped(room, core, trajectory, until):
    room.redactor.begin(trajectory, WORD)
    core.stop_wanted.emit()
    until(lambda: core.running == ())
    assert any("nothing was changed" in notice.text for notice in core.notices.shown)
    assert _box(room) is None
