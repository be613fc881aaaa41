"""The room for one trajectory, driven as a person drives it."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractScrollArea, QMessageBox, QWidget

from ui.qt.trajectory.forms import Form
from workbench import editing
from workbench.actions import Drag, Note, PathPoint, TypeText, Wait
from workbench.geometry import Point
from workbench.library.store import Library
from workbench.trajectory import Observation, Step, Trajectory, frames_of


@pytest.fixture
def saved(core, trajectory, settled):
    """What the library has, once nothing is being saved any more and the room has heard of it."""

    def read():
        settled()
        with Library.open(core.library_folder) as library:
            return library.get(trajectory.id)

    return read


def form(room) -> Form:
    return next(child for child in room.findChildren(Form) if child.isVisible())


def test_keys_step_through_and_stop_at_both_ends(room):
    seen = []
    for key in (Qt.Key.Key_K, Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_J):
        QTest.keyClick(room.steps, key)
        seen.append(room.number)
    assert seen == [1, 2, 3, 2, 4, 4]


def test_stepping_shows_the_picture_that_belongs_to_the_step(room, until):
    shades = []
    room.stage.tabs.setCurrentIndex(0)
    for number in (1, 2, 3):
        room.go(number)
        until(lambda: room.stage.view.scene().items() and not room.stage._feed._reading)
        image = room.stage.view.scene().items()[-1].pixmap().toImage()
        shades.append(image.pixelColor(110, 85).blue())
    assert shades == [20, 30, 40]


def test_the_place_is_drawn_with_a_mark_for_each_witness(room, until):
    until(lambda: len(room.stage.view.scene().items()) > 1)
    said = set(room.stage._legend.accessibleName().split(", "))
    assert {"element", "picture", "printed text", "point"} <= said


def test_a_click_on_the_timeline_goes_to_the_step_nearest_to_it(room):
    strip = room.filmstrip
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 20, 70))
    assert room.number == 4
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(20, 70))
    QTest.mouseMove(strip, QPoint(strip.width() // 3 + 10, 70))
    assert room.number in (1, 2)


def test_a_recording_without_pictures_has_a_line_of_steps_and_no_empty_frames(room, core, until):
    high = room.filmstrip.sizeHint().height()
    bare = tuple(Step(f"s{n}", Note("look"), Observation(monotonic_ns=n + 1)) for n in range(3))
    with Library.open(core.library_folder) as library:
        library.save(Trajectory("bare", "Bare", bare))
    room.open("bare", 2)
    until(lambda: room.edited.trajectory.id == "bare" and room.number == 2)
    assert room.filmstrip._slots() == []
    assert room.filmstrip.sizeHint().height() < high
    until(lambda: room.stage._words.text() == "There is no picture of this step.")


def test_each_edit_is_one_revision_that_undo_takes_back_and_redo_brings_again(room, saved, until, trajectory):
    room.go(2)
    QTest.keyClick(room.steps, Qt.Key.Key_Delete)
    assert [step.id for step in saved().steps] == ["s0", "s2", "s3"]
    QTest.keyClick(room.steps, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [step.id for step in saved().steps] == ["s2", "s0", "s3"]
    assert saved().revision == 3
    for _ in range(2):
        until(lambda: room.acts["undo"].isEnabled())
        QTest.keyClick(room, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        saved()
    assert saved().steps == trajectory.steps
    until(lambda: not room.acts["undo"].isEnabled() and room.acts["redo"].isEnabled())
    room.acts["redo"].trigger()
    assert [step.id for step in saved().steps] == ["s0", "s2", "s3"]


def test_two_edits_in_quick_succession_are_both_kept(room, saved):
    room.go(4)
    QTest.keyClick(room.steps, Qt.Key.Key_Delete)
    QTest.keyClick(room.steps, Qt.Key.Key_Delete)
    assert ([step.id for step in saved().steps], saved().revision) == (["s0", "s1"], 3)


def test_a_step_is_dropped_between_others(room, saved):
    data = room.model.mimeData([room.model.index(0)])
    room.model.dropMimeData(data, Qt.DropAction.MoveAction, 3, 0, room.model.index(-1))
    assert [step.id for step in saved().steps] == ["s1", "s2", "s0", "s3"]


def test_a_wait_is_inserted_and_what_is_wrong_with_it_is_said_in_the_dialog(room, saved):
    room.acts["wait"].trigger()
    asked = form(room)
    asked.field("seconds").setText("soon")
    asked.accept()
    assert asked.isVisible()
    assert "1.5" in asked._wrong.text()
    asked.field("seconds").setText("2,5")
    asked.accept()
    assert saved().steps[1].action == Wait(seconds=2.5)
    assert room.number == 2


def test_a_note_heads_the_steps_that_follow(room, saved):
    room.go(3)
    room.acts["note"].trigger()
    form(room).field("note").setPlainText("Send it")
    form(room).accept()
    assert saved().steps[2].action == Note(text="Send it")
    assert room.model.index(2).data() == "Send it"


@pytest.mark.parametrize(
    ("text", "marked", "parts"), [("ab", "a|b", ("a", "b")), ("ls | wc", "ls | |wc", ("ls | ", "wc"))]
)
def test_typed_text_is_cut_where_the_bar_was_put_and_not_at_one_of_its_own(room, saved, text, marked, parts):
    room.edited.edit(lambda shown: editing.with_text(shown, 2, text), "text")
    room.go(2)
    room.acts["split"].trigger()
    form(room).field("text").setPlainText(marked)
    form(room).accept()
    assert tuple(step.action for step in saved().steps[1:3]) == tuple(TypeText(text=part) for part in parts)


def test_typed_text_becomes_a_variable(room, saved):
    room.go(2)
    room.acts["variable"].trigger()
    form(room).field("name").setText("greeting")
    form(room).accept()
    assert saved().steps[1].action == TypeText(text="{{greeting}}")
    assert saved().variables[0].default == "text 1"


def test_a_secret_leaves_nothing_of_the_text_in_the_library(room, saved, until, core, trajectory):
    room.go(2)
    room.acts["secret"].trigger()
    form(room).field("name").setText("mail.password")
    form(room).accept()
    box = next(child for child in room.findChildren(QMessageBox) if child.isVisible())
    next(button for button in box.buttons() if button.text() == "Take it out").click()
    before = set(room.filmstrip._thumbs)
    until(lambda: room.edited.trajectory.revision == 2)
    assert not before & set(room.filmstrip._thumbs) - frames_of(room.edited.trajectory)
    assert saved().steps[1].action == TypeText(secret="mail.password")
    with Library.open(core.library_folder) as library:
        assert "text 1" not in repr(library.history(trajectory.id))


def test_an_edit_that_was_made_while_a_text_was_being_taken_out_does_not_bring_it_back(room, saved, core):
    room.edited.hide_text(2, "mail.password")
    room.edited.edit(lambda shown: editing.without_steps(shown, {4}), "delete step")
    kept = saved()
    assert (len(kept.steps), kept.steps[1].action) == (4, TypeText(secret="mail.password"))
    assert any("purged after it was read" in notice.text for notice in core.notices.shown)
    assert "text 1" not in str(room.edited.trajectory)
    assert b"text 1" not in b"".join(path.read_bytes() for path in core.library_folder.glob("library.db*"))


def test_words_that_were_written_are_kept_when_the_focus_goes_elsewhere(room, saved, until):
    thought = room.inspector.details._thought
    until(lambda: room.inspector.details._step is not None)
    thought.setPlainText("The letter comes first.")
    room.go(3)
    assert saved().steps[0].thought == "The letter comes first."
    assert room.number == 3


def test_a_click_in_the_picture_gives_the_step_another_place_with_witnesses_of_its_own(room, saved, until, core):
    until(lambda: room.stage.view.scene().items())
    room.acts["point"].trigger()
    view = room.stage.view
    place = view.mapFromScene(360.5, 95.5)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    until(lambda: room.edited.trajectory.steps[0].target.point != Point(160, 95), 120)
    target = saved().steps[0].target
    assert target.point.distance(Point(360, 95)) <= 2
    assert target.element is None
    assert target.crop is not None
    assert target.crop.region.contains(target.point)
    assert any("Not known there: element" in notice.text for notice in core.notices.shown)


def test_a_drag_can_be_given_another_destination_and_stays_where_it_begins(room, saved, until, core, trajectory):
    first = trajectory.steps[0]
    assert not room.acts["end"].isEnabled()
    drag = replace(first, action=Drag(path=(PathPoint(50, 0, 100),)), destination=first.target)
    room.edited.edit(lambda shown: editing.with_step(shown, 1, drag), "a drag")
    until(lambda: room.acts["end"].isEnabled() and room.stage.view.scene().items())
    room.acts["end"].trigger()
    view = room.stage.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(360.5, 95.5))
    until(lambda: room.edited.trajectory.steps[0].destination.point != Point(160, 95), 120)
    step = saved().steps[0]
    assert step.destination.point.distance(Point(360, 95)) <= 2
    assert step.target == first.target
    assert any("drags to a place at" in notice.text for notice in core.notices.shown)


def test_escape_leaves_the_place_as_it_is(room, until, trajectory):
    until(lambda: room.stage.view.scene().items())
    room.acts["point"].trigger()
    assert room.stage.view.picking
    QTest.keyClick(room.stage.view, Qt.Key.Key_Escape)
    assert not room.stage.view.picking
    assert room.edited.trajectory.steps == trajectory.steps


def test_what_cannot_be_merged_is_not_offered(room):
    room.go(1)
    assert not room.acts["merge"].isEnabled()
    assert not room.acts["retype"].isEnabled()


def test_the_buttons_tell_other_rooms_what_is_wanted(room, core, trajectory):
    heard = []
    core.replay_wanted.connect(heard.append)
    core.run_wanted.connect(heard.append)
    room.head.replay.click()
    room.acts["run"].trigger()
    assert heard == [trajectory.id, "Write to Ada"]


def test_an_exported_trajectory_can_be_imported(room, until, tmp_path, trajectory):
    from workbench.library.bundle import import_bundle

    path = tmp_path / "letter.trajectory"
    room.export_to(path)
    until(path.exists)
    with Library.open(tmp_path / "other") as other:
        assert import_bundle(other, path).steps == trajectory.steps


def test_an_export_has_what_was_changed_just_before_and_destroys_no_other_file(room, until, tmp_path, trajectory, core):
    from workbench.library.bundle import import_bundle

    path, diary = tmp_path / "letter.trajectory", tmp_path / "diary.txt"
    diary.write_text("dear diary")
    room.acts["delete"].trigger()
    room.export_to(path)
    room.export_to(diary)
    until(lambda: path.exists() and not core.running and core.notices.shown)
    with Library.open(tmp_path / "other") as other:
        assert len(import_bundle(other, path).steps) == len(trajectory.steps) - 1
    until(lambda: any("is something else already" in notice.text for notice in core.notices.shown))
    assert diary.read_text() == "dear diary"


def test_a_trajectory_that_was_changed_elsewhere_is_not_overwritten(room, saved, core, trajectory):
    with Library.open(core.library_folder) as library:
        library.revise(library.get(trajectory.id), note="elsewhere")
    room.acts["delete"].trigger()
    assert len(saved().steps) == 4
    assert any("changed elsewhere" in notice.text for notice in core.notices.shown)
    assert room.model.rowCount() == 4


def test_what_was_purged_elsewhere_is_not_written_back(room, saved, core, trajectory):
    with Library.open(core.library_folder) as library:
        library.purge_text(trajectory.id, "text 1")
    room.acts["delete"].trigger()
    assert len(saved().steps) == 4
    assert any("changed elsewhere" in notice.text for notice in core.notices.shown)
    assert "text 1" not in str(room.edited.trajectory)
    assert b"text 1" not in b"".join(path.read_bytes() for path in core.library_folder.glob("library.db*"))


def test_what_the_window_purges_elsewhere_is_shown_no_more(room, core, until, trajectory):
    purged = []
    room.edited.purged.connect(lambda: purged.append(True))
    with Library.open(core.library_folder) as library:
        library.purge_text(trajectory.id, "text 1")
    core.library_changed.emit("")
    until(lambda: purged)
    assert "text 1" not in str(room.edited.trajectory)


def test_a_deleted_trajectory_leaves_an_empty_room(room, core, until, trajectory):
    with Library.open(core.library_folder) as library:
        library.delete(trajectory.id)
    core.library_changed.emit(trajectory.id)
    until(lambda: room.edited.trajectory is None)
    assert room._layers.currentIndex() == 0


def test_the_list_keeps_the_rules_of_qt_through_edits(room, saved):
    tester = QAbstractItemModelTester(room.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    room.acts["delete"].trigger()
    room.acts["undo"].trigger()
    saved()
    assert tester.model() is room.model


def test_every_widget_that_takes_the_focus_has_a_name(room):
    nameless = [
        child
        for child in room.findChildren(QWidget)
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not child.objectName().startswith("qt_")
        and not (child.accessibleName() or getattr(child, "text", str)())
    ]
    assert [child for child in nameless if not isinstance(child.parent(), QAbstractScrollArea)] == []


@pytest.fixture
def twin(core, trajectory):
    """Another trajectory with the same steps, as a copy has them."""
    with Library.open(core.library_folder) as library:
        return library.save(replace(trajectory, id=library.new_id(), title="A copy", revision=0))


def test_what_is_written_while_another_trajectory_loads_stays_with_the_one_it_was_written_about(
    room, saved, until, core, twin
):
    until(lambda: room.inspector.details._step is not None)
    room.open(twin.id, 1)
    room.inspector.details._thought.setPlainText("The letter comes first.")
    until(lambda: room.edited.trajectory.id == twin.id and room.inspector.details._step is not None)
    room.go(2)
    assert saved().steps[0].thought == "The letter comes first."
    with Library.open(core.library_folder) as library:
        assert library.get(twin.id).steps == twin.steps
    assert core.notices.shown == []


def test_what_is_written_about_a_trajectory_that_is_deleted_goes_to_no_other(
    room, until, settled, core, trajectory, twin
):
    until(lambda: room.inspector.details._step is not None)
    with Library.open(core.library_folder) as library:
        library.delete(trajectory.id)
    core.library_changed.emit(trajectory.id)
    room.inspector.details._thought.setPlainText("The letter comes first.")
    until(lambda: room.edited.trajectory is None)
    room.open(twin.id, 1)
    until(lambda: room.edited.trajectory is not None and room.edited.history)
    room.go(2)
    settled()
    with Library.open(core.library_folder) as library:
        assert library.get(twin.id).steps == twin.steps


def test_a_dialog_about_one_trajectory_changes_no_other_that_was_opened_under_it(room, until, core, twin):
    room.go(2)
    room.acts["retype"].trigger()
    asked = form(room)
    room.open(twin.id, 1)
    until(lambda: room.edited.trajectory.id == twin.id)
    asked.field("text").setPlainText("something else")
    asked.accept()
    assert "another trajectory" in asked._wrong.text()
    assert room.edited.trajectory.steps == twin.steps
    asked.reject()
