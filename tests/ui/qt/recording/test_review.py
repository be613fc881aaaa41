"""A recording is looked over and changed before it is kept: in the library, and not only on the page."""

import subprocess

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QInputDialog, QLineEdit, QListView, QMessageBox, QPushButton, QSpinBox

from ui.qt.recording.covering import AreaView, CoverDialog
from ui.qt.recording.review import ReviewPage
from ui.qt.recording.steps import CropRole, StepModel
from workbench.actions import TypeText
from workbench.geometry import Rect
from workbench.library.store import Library

BUTTON = Rect(500, 300, 80, 30)
TYPED = "the quick brown fox"


@pytest.fixture
def review(room, recorded, until) -> ReviewPage:
    """The page with the recorded trajectory, complete."""
    room.open(recorded)
    page = room.findChild(ReviewPage)
    until(lambda: page.step is not None and button(page, "Delete step").isEnabled())
    return page


def button(widget, words: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text().replace("&", "") == words)


def press(widget, words: str) -> None:
    QTest.mouseClick(button(widget, words), Qt.MouseButton.LeftButton)


def choose(review: ReviewPage, row: int) -> None:
    steps = review.findChild(QListView)
    steps.setCurrentIndex(steps.model().index(row, 0))


def now(core, trajectory_id: str):
    with Library.open(core.library_folder) as library:
        return library.get(trajectory_id)


def bytes_of(core, text: str) -> list[str]:
    files = [path for path in core.library_folder.rglob("*") if path.is_file()]
    return [path.name for path in files if text.encode() in path.read_bytes()]


def test_the_steps_are_shown_with_captions_and_crops_around_their_targets(review, until) -> None:
    model = review.findChild(StepModel)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.index(0).data() == "1. Click the button “Save” in Mousepad"
    until(lambda: model.index(0).data(CropRole) is not None)
    crop = model.index(0).data(CropRole)
    middle = BUTTON.centre.offset(-crop.origin.x, -crop.origin.y)
    assert crop.image.pixelColor(middle.x, middle.y).getRgb()[:3] == (20, 80, 200)


def test_a_deleted_step_is_gone_from_the_library_and_comes_back_by_undo(review, core, recorded, until) -> None:
    choose(review, 2)
    QTest.keyClick(review.findChild(QListView), Qt.Key.Key_Delete)
    until(lambda: button(review, "Undo").isVisible() and button(review, "Undo").isEnabled())
    assert [step.id for step in now(core, recorded).steps] == ["s1", "s2"]
    press(review, "Undo")
    until(lambda: not button(review, "Undo").isVisible())
    assert [step.id for step in now(core, recorded).steps] == ["s1", "s2", "s3"]


def test_an_area_is_covered_in_all_pictures_and_the_old_ones_are_gone(review, core, recorded, until) -> None:
    before = now(core, recorded).steps[0].observation.frame
    press(review, "Cover area…")
    dialog = review.findChild(CoverDialog)
    until(button(dialog, "Cover it").isEnabled)
    assert dialog.choice.area == BUTTON
    for box in dialog.findChildren(QSpinBox):
        box.setValue({"Left": 490, "Top": 290, "Width": 100, "Height": 50}[box.accessibleName().split()[0]])
    press(dialog, "Cover it")
    until(lambda: now(core, recorded).steps[0].observation.frame != before)
    until(button(review, "Remove text…").isEnabled)
    with Library.open(core.library_folder) as library:
        assert not library.frames.has(before)
        for step in library.get(recorded).steps:
            covered = library.frames.load(step.observation.frame).crop(Rect(490, 290, 100, 50))[..., :3]
            assert (covered == 128).all()
        assert library.verify() == []


def test_an_area_is_covered_in_the_pictures_of_one_step_only_where_that_was_chosen(recorded, core) -> None:
    from ui.qt.recording.reviewing import cover

    with Library.open(core.library_folder) as library:
        second = library.get(recorded).steps[1].observation.frame
        cover(library, recorded, Rect(0, 0, 20, 20), step_id="s2")
        steps = library.get(recorded).steps
        assert (library.frames.load(steps[1].observation.frame).crop(Rect(0, 0, 20, 20))[..., :3] == 128).all()
        assert (library.frames.load(steps[0].observation.frame).crop(Rect(0, 0, 20, 20))[..., :3] == 240).all()
        assert not library.frames.has(second)


def test_a_rectangle_drawn_with_the_mouse_is_the_one_that_is_covered(review, until) -> None:
    press(review, "Cover area…")
    dialog = review.findChild(CoverDialog)
    until(button(dialog, "Cover it").isEnabled)
    view = dialog.findChild(AreaView)
    begin, end = view.mapFromScene(100, 120), view.mapFromScene(300, 220)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    area = dialog.choice.area
    assert abs(area.x - 100) <= 3
    assert abs(area.y - 120) <= 3
    assert abs(area.right - 300) <= 3
    assert abs(area.bottom - 220) <= 3
    dialog.reject()


def test_hidden_text_is_in_no_file_any_more_and_the_step_types_a_secret(review, core, recorded, until) -> None:
    choose(review, 1)
    assert bytes_of(core, TYPED)
    press(review, "Hide typed text…")
    dialog = review.findChild(QInputDialog)
    assert dialog.textValue() == "mousepad.name"
    dialog.accept()
    until(lambda: now(core, recorded).steps[1].action == TypeText(secret="mousepad.name"))
    until(button(review, "Remove text…").isEnabled)
    assert bytes_of(core, TYPED) == []


def test_a_text_is_removed_from_title_and_steps_and_from_the_fields_of_the_page(review, core, recorded, until) -> None:
    press(review, "Remove text…")
    dialog = review.findChild(QInputDialog)
    dialog.setTextValue("Save a note")
    dialog.accept()
    until(lambda: now(core, recorded).title != "Save a note")
    title = review.findChildren(QLineEdit)[0]
    until(lambda: "Save a note" not in title.text() and button(review, "Remove text…").isEnabled())
    assert bytes_of(core, "Save a note") == []


def test_a_text_that_is_too_short_to_be_purged_is_refused_in_words(review, core, recorded, until) -> None:
    press(review, "Remove text…")
    dialog = review.findChild(QInputDialog)
    dialog.setTextValue("fox")
    dialog.accept()
    until(lambda: core.notices.shown)
    assert "too much else" in core.notices.shown[0].text
    assert now(core, recorded).steps[1].action == TypeText(text=TYPED)


def test_kept_means_reviewed_under_the_title_and_task_of_the_page(review, core, recorded, until) -> None:
    went: list[str] = []
    core.room_wanted.connect(went.append)
    title, task = review.findChildren(QLineEdit)[:2]
    title.setText("  ")
    assert not button(review, "Keep").isEnabled()
    title.setText("A better title")
    task.setText("What it is for")
    press(review, "Keep")
    until(lambda: went == ["library"])
    kept = now(core, recorded)
    assert (kept.title, kept.task, kept.reviewed) == ("A better title", "What it is for", True)


def test_keep_and_open_shows_the_trajectory(review, core, recorded, until) -> None:
    opened: list[tuple[str, int]] = []
    core.trajectory_wanted.connect(lambda one, step: opened.append((one, step)))
    press(review, "Keep and open")
    until(lambda: opened == [(recorded, 1)])


@pytest.mark.parametrize(("answer", "left"), [("Discard", 0), ("Keep looking", 1)])
def test_a_recording_is_discarded_only_after_a_question(review, core, until, answer, left) -> None:
    press(review, "Discard…")
    box = review.findChild(QMessageBox)
    press(box, answer)
    until(lambda: core.notices.shown or left)
    with Library.open(core.library_folder) as library:
        assert len(library.summaries()) == left


def test_a_recording_that_was_cut_short_is_mended_and_offered_for_review(room, core, recorded, until) -> None:
    from workbench.library.records import RecordingOpening

    with Library.open(core.library_folder) as library:
        writer = library.begin_recording(RecordingOpening(title="Cut short", started_ns=1, epoch_s=1.0))
        writer.close()
    room.entered()
    until(lambda: core.notices.shown)
    (notice,) = core.notices.shown
    notice.act()
    assert room.findChild(ReviewPage).isVisibleTo(room)
    until(lambda: room.findChild(ReviewPage).findChildren(QLineEdit)[0].text() == "Cut short")


def test_a_change_that_arrives_when_another_recording_is_looked_over_does_not_show_itself(
    review, room, core, recorded, until
) -> None:
    with Library.open(core.library_folder) as library:
        other = library.save(replace(library.get(recorded), id=library.new_id(), title="Another", revision=0)).id
    choose(review, 2)
    press(review, "Delete step")
    room.open(other)
    until(lambda: len(now(core, recorded).steps) == 2)
    until(lambda: review.step is not None and button(review, "Delete step").isEnabled())
    assert review.findChild(StepModel).rowCount() == 3
    assert not button(review, "Undo").isVisible()


def test_keeping_one_recording_leaves_the_other_under_review_that_was_opened_meanwhile(
    review, room, core, recorded, until
) -> None:
    with Library.open(core.library_folder) as library:
        other = library.save(replace(library.get(recorded), id=library.new_id(), title="Another", revision=0)).id
    press(review, "Keep")
    room.open(other)
    until(lambda: now(core, recorded).reviewed)
    until(lambda: review.step is not None and button(review, "Delete step").isEnabled())
    assert review.isVisible()


@pytest.fixture
def completing(core, recorded, tmp_path):
    """A recording's session whose process has ended the recording and still completes it, and dies but slowly."""
    from recorder.session import RecordingChild
    from ui.qt.recording.session import RecordingSession
    from ui.qt.recording.wish import Wish

    dies = "touch told; while [ ! -e go ]; do sleep 0.05; done; exit"
    script = f"trap '{dies}' TERM; echo; while [ ! -e done ]; do sleep 0.05; done"
    process = subprocess.Popen(["sh", "-c", script], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()
    session = RecordingSession(core, Wish())
    session._child = RecordingChild(process, core.library_folder, lambda _event: None)
    yield session, tmp_path / "done"
    process.kill()
    process.wait()
    session._child._close()


def test_a_recording_is_kept_only_once_its_steps_are_complete_and_says_what_it_waits_for(
    room, recorded, until, completing
) -> None:
    session, done = completing
    page = room.findChild(ReviewPage)
    room._pages.setCurrentWidget(page)
    room._reviewer.begin(recorded, session)
    until(lambda: page.step is not None)
    keep, to_open = button(page, "Keep"), button(page, "Keep and open")
    assert not keep.isEnabled()
    assert not to_open.isEnabled()
    assert "then they can be changed and kept" in keep.toolTip()
    assert "then they can be changed and kept" in keep.accessibleDescription()
    done.touch()
    until(lambda: keep.isEnabled() and to_open.isEnabled())
    assert not keep.accessibleDescription()


def test_a_discarded_recording_is_deleted_only_once_nobody_completes_it_any_more(
    room, core, recorded, until, completing
) -> None:
    session, done = completing
    page = room.findChild(ReviewPage)
    room._pages.setCurrentWidget(page)
    room._reviewer.begin(recorded, session)
    until(lambda: page.step is not None)
    lock = core.library_folder / f"completing-{recorded}.lock"
    lock.touch()
    press(page, "Discard…")
    press(page.findChild(QMessageBox), "Discard")
    until(done.with_name("told").exists)
    with Library.open(core.library_folder) as library:
        assert library.summaries()
        done.with_name("go").touch()
        until(lambda: not library.summaries())
    assert session._child.process.poll() is not None
    until(lambda: core.notices.shown)
    assert [notice.text for notice in core.notices.shown] == ["The recording was discarded"]
    assert not lock.exists()


def test_the_task_that_the_steps_amount_to_is_offered_until_a_person_writes_one(review, core, recorded, until) -> None:
    title, task = review.findChildren(QLineEdit)[:2]
    assert title.text() == "Save a note"
    assert TYPED in task.text()
    task.clear()
    QTest.keyClicks(task, "What it is for")
    choose(review, 0)
    press(review, "Delete step")
    until(lambda: len(now(core, recorded).steps) < 3 and button(review, "Delete step").isEnabled())
    assert task.text() == "What it is for"


def test_an_offered_task_does_not_keep_what_was_purged(review, core, recorded, until) -> None:
    task = review.findChildren(QLineEdit)[1]
    assert TYPED in task.text()
    QTest.keyClicks(task, " and more")
    choose(review, 1)
    press(review, "Hide typed text…")
    review.findChild(QInputDialog).accept()
    until(lambda: now(core, recorded).steps[1].action == TypeText(secret="mousepad.name"))
    until(button(review, "Remove text…").isEnabled)
    assert TYPED not in task.text()
