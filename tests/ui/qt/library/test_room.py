"""The list of trajectories, by mouse and by keyboard, on a real library."""

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QColor, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
)

from ui.qt.exporting.dialog import ExportDialog
from ui.qt.library.dialogs import LineDialog
from ui.qt.library.entries import grouped
from ui.qt.library.models import ENTRY, EntriesModel, FoundModel
from workbench.events import RunEnded, RunStarted
from workbench.inputs import InputEvent
from workbench.library.bundle import export_bundle
from workbench.library.learning import Lesson, Span
from workbench.library.records import RecordingOpening
from workbench.trajectory import Trajectory


def _titles(room):
    model = room.trajectories.model()
    return [model.index(row).data() for row in range(model.rowCount())]


def _choose(room, *titles):
    selection = room.trajectories.selectionModel()
    selection.clear()
    for title in titles:
        index = room.trajectories.model().index(_titles(room).index(title))
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)


def _button(room, words):
    return next(each for each in room.findChildren(QPushButton) if each.text().replace("&", "") == words)


def _notices(core):
    return [notice.text for notice in core.notices.shown]


def _dialog(room, kind):
    return next(each for each in room.findChildren(kind) if each.isVisible())


def test_an_empty_library_teaches_and_leads_to_a_recording(room, heard):
    made = room()
    wanted = heard("record_wanted")
    QTest.mouseClick(_button(made, "Record…"), Qt.MouseButton.LeftButton)
    assert wanted == [()]
    assert not made.shelf.field.isVisible()


def test_the_sample_comes_in_unreviewed_and_opens(room, until, heard, core):
    made = room()
    QTest.mouseClick(_button(made, "Add a sample to look around"), Qt.MouseButton.LeftButton)
    until(lambda: _titles(made) == ["Add two numbers"])
    entry = made.trajectories.model().index(0).data(ENTRY)
    assert (entry.steps, entry.reviewed) == (8, False)
    opened = heard("trajectory_wanted")
    made.trajectories.setFocus()
    QTest.keyClick(made.trajectories, Qt.Key.Key_Down)
    QTest.keyClick(made.trajectories, Qt.Key.Key_Return)
    assert opened == [(entry.id, 1)]


def test_arrow_keys_lead_through_the_list_and_enter_opens(add, room, heard):
    one, two = add("One", created=1.0), add("Two", created=2.0)
    made, opened = room(), heard("trajectory_wanted")
    made.trajectories.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(made.trajectories, key)
    assert opened == [(two.id, 1), (one.id, 1)]


def test_the_list_is_sorted_as_the_person_wants_and_keeps_what_is_chosen(add, room):
    add("Beta", created=1.0, steps=5)
    add("alpha", created=2.0)
    made = room()
    assert _titles(made) == ["alpha", "Beta"]
    _choose(made, "Beta")
    order = next(box for box in made.findChildren(QComboBox) if box.accessibleName() == "Order")
    order.setCurrentIndex(order.findData("steps"))
    assert _titles(made) == ["Beta", "alpha"]
    assert [index.data() for index in made.trajectories.selectedIndexes()] == ["Beta"]


def test_each_line_shows_the_first_frame_of_its_steps(add, room, until):
    add("Green", colour=0)
    made = room()

    def colour():
        shot = made.trajectories.viewport().grab().toImage()
        return QColor(shot.pixel(60, 50))

    add("Blue", colour=255)
    until(lambda: colour().lightness() < 20)


def test_buttons_lead_to_the_rooms_that_replay_run_and_compare(add, room, heard):
    one, two = add("One", task="do one", created=1.0), add("Two", created=2.0)
    made = room()
    replayed, run, compared = heard("replay_wanted"), heard("run_wanted"), heard("comparison_wanted")
    made.trajectories.clearSelection()
    assert not _button(made, "Replay").isEnabled()
    _choose(made, "One")
    QTest.mouseClick(_button(made, "Replay"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(_button(made, "Run the task"), Qt.MouseButton.LeftButton)
    assert not _button(made, "Compare").isEnabled()
    _choose(made, "One", "Two")
    QTest.mouseClick(_button(made, "Compare"), Qt.MouseButton.LeftButton)
    assert (replayed, run, compared) == ([(one.id,)], [("do one",)], [(two.id, one.id)])
    assert not _button(made, "Open").isEnabled()


def test_a_new_title_is_a_revision_and_an_empty_one_is_refused(add, room, until, library):
    one = add("One")
    made = room()
    _choose(made, "One")
    made.trajectories.setFocus()
    QTest.keyClick(made.trajectories, Qt.Key.Key_F2)
    dialog = _dialog(made, LineDialog)
    dialog.field.setText("  ")
    assert not next(each for each in dialog.findChildren(QPushButton) if "Save" in each.text()).isEnabled()
    dialog.field.setText("Another")
    dialog.accept()
    until(lambda: _titles(made) == ["Another"])
    assert (library.get(one.id).revision, library.undo(one.id).title) == (2, "One")


def test_tags_are_given_taken_and_sift_the_list(add, room, until, library):
    one, two = add("One", created=1.0), add("Two", created=2.0)
    library.tag(two.id, "home")
    made = room()
    _choose(made, "One", "Two")
    made.deeds.do("tags")
    dialog = _dialog(made, LineDialog)
    assert dialog.field.text() == ""
    dialog.field.setText("weekly, mail")
    dialog.accept()
    until(lambda: library.tags() == ["home", "mail", "weekly"])
    _choose(made, "Two")
    until(lambda: made.trajectories.model().index(0).data(ENTRY).tags == ("home", "mail", "weekly"))
    _choose(made, "Two")
    made.deeds.do("tags")
    _dialog(made, LineDialog).field.setText("home")
    _dialog(made, LineDialog).accept()
    until(lambda: made.trajectories.model().index(0).data(ENTRY).tags == ("home",))
    box = next(box for box in made.findChildren(QComboBox) if box.accessibleName() == "Show only this tag")
    box.setCurrentIndex(box.findData("mail"))
    assert _titles(made) == ["One"]
    library.untag(one.id, "mail")
    made.core.library_changed.emit("")
    until(lambda: _titles(made) == ["Two", "One"])


def test_deleting_asks_once_says_what_is_lost_and_keeps_without_a_yes(add, room, until, library, core):
    add("One", created=1.0)
    add("Two", created=2.0)
    made = room()
    _choose(made, "One", "Two")
    made.trajectories.setFocus()
    QTest.keyClick(made.trajectories, Qt.Key.Key_Delete)
    until(lambda: any(box.isVisible() for box in made.findChildren(QMessageBox)))
    box = _dialog(made, QMessageBox)
    assert all(words in box.text() + box.informativeText() for words in ("“One”", "“Two”", "runs", "Nothing brings"))
    box.defaultButton().click()
    assert len(library.summaries()) == 2
    made.deeds.do("delete")
    until(lambda: any(box.isVisible() for box in made.findChildren(QMessageBox)))
    box = _dialog(made, QMessageBox)
    next(button for button in box.buttons() if button is not box.defaultButton()).click()
    until(lambda: library.summaries() == [])
    until(lambda: _button(made, "Record…").isVisible())


def test_the_question_says_which_workflows_lose_the_pictures_of_what_is_deleted(add, room, until, library):
    one = add("One")
    lesson = Lesson("w", "workflow", "notes", "write", (Span(one.id, 1, 2, 1),), status="approved")
    library.learning.embody(lesson, Trajectory("flow", "Write anything", one.steps), read={})
    made = room()
    _choose(made, "One")
    made.deeds.do("delete")
    until(lambda: any(box.isVisible() for box in made.findChildren(QMessageBox)))
    assert "The workflow “Write anything” loses the pictures" in _dialog(made, QMessageBox).informativeText()
    _dialog(made, QMessageBox).defaultButton().click()


def test_dropped_files_come_in_and_each_that_does_not_is_one_notice(add, room, until, library, core, tmp_path):
    one = add("One")
    export_bundle(library, one.id, tmp_path / "one.trajectory")
    library.delete(one.id)
    (tmp_path / "diary.txt").write_text("dear diary")
    made = room()
    data = QMimeData()
    paths = [tmp_path / "diary.txt", tmp_path / "one.trajectory", tmp_path / "absent.trajectory"]
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    made.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, buttons, keys))
    until(lambda: _titles(made) == ["One"] and any("Imported “One”" in text for text in _notices(core)))
    assert library.get(one.id).reviewed is False
    said = _notices(core)
    assert sum("diary.txt" in text for text in said) == 1
    assert sum("absent.trajectory" in text for text in said) == 1
    assert sum("Imported “One”" in text for text in said) == 1
    assert core.running == ()


def test_import_and_export_ask_for_files(add, room, until, library, core, tmp_path):
    one = add("One: a/b")
    made = room()
    _choose(made, "One: a/b")
    made.deeds.do("export")
    dialog = _dialog(made, ExportDialog)
    assert dialog.choice.path.text().rpartition("/")[2] == "One_ a_b.trajectory"
    dialog.choice.path.setText(str(tmp_path / "one.trajectory"))
    dialog.go_on.click()
    until(lambda: (tmp_path / "one.trajectory").exists())
    until(lambda: any("Exported" in text for text in _notices(core)))
    library.delete(one.id)
    made.open("import")
    dialog = _dialog(made, QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([str(tmp_path / "one.trajectory")])
    dialog.reject()
    until(lambda: one.id in library)


def test_export_over_something_else_is_refused_in_the_dialog(add, room, until, core, tmp_path):
    add("One")
    (tmp_path / "diary.txt").write_text("dear diary")
    made = room()
    made.deeds.do("export")
    dialog = _dialog(made, ExportDialog)
    dialog.choice.path.setText(str(tmp_path / "diary.txt"))
    dialog.go_on.click()
    until(lambda: dialog.choice.wrong.isVisible())
    assert "is something else already" in dialog.choice.wrong.text()
    assert (tmp_path / "diary.txt").read_text() == "dear diary"


def test_entering_mends_what_was_cut_short_and_says_so(room, library, core, until):
    writer = library.begin_recording(RecordingOpening("Cut short", started_ns=1, epoch_s=1.0))
    writer.append([InputEvent(1, 10, "key_down", keysym="a", text="a"), InputEvent(2, 20, "key_up", keysym="a")], ())
    writer.close()
    made = room()
    until(lambda: [one.state for one in library.summaries()] == ["complete"])
    assert "Recovered “Cut short”" in _notices(core)[0]
    until(lambda: len(_titles(made)) == 1)


def test_a_recording_that_goes_on_is_seen_and_cannot_be_deleted_or_replayed(room, library, heard):
    writer = library.begin_recording(RecordingOpening("Now"))
    made, rooms = room(), heard("room_wanted")
    _choose(made, "Now")
    assert "recording" in made.trajectories.model().index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    actions = made.deeds.actions
    assert not any(actions[name].isEnabled() for name in ("open", "replay", "export", "delete", "rename"))
    made.trajectories.activated.emit(made.trajectories.model().index(0))
    assert rooms == [("recording",)]
    writer.close()


def test_what_others_change_is_shown_and_what_is_chosen_stays_chosen(add, room, until, library, core):
    one = add("One", created=1.0)
    made = room()
    _choose(made, "One")
    add("Two", created=2.0)
    library.save_run("r1", [RunStarted(run="r1", trajectory=one.id, title=""), RunEnded(outcome="failed")])
    core.library_changed.emit("")
    until(lambda: _titles(made) == ["Two", "One"])
    assert [index.data() for index in made.trajectories.selectedIndexes()] == ["One"]
    assert made.trajectories.model().index(1).data(ENTRY).outcome == "failed"


def test_a_library_that_is_unplugged_is_one_notice_and_the_list_stays(add, room, until, core, tmp_path):
    add("One")
    made = room()
    core.library_folder.rename(tmp_path / "away")
    for _ in range(3):
        core.library_changed.emit("")
    until(lambda: _notices(core))
    assert _titles(made) == ["One"]
    assert "is gone" in _notices(core)[0]
    assert not core.library_folder.exists()
    (tmp_path / "away").rename(core.library_folder)
    core.notices.shown[0].act()
    until(lambda: _notices(core) == [] or made.trajectories.model().rowCount() == 1)
    add("Two")
    core.library_changed.emit("")
    until(lambda: len(_titles(made)) == 2)


def test_a_picture_that_is_lost_is_an_empty_box_and_no_notice(add, room, until, library, core):
    add("One")
    for file in library.frames_folder.rglob("*"):
        if file.is_file():
            file.unlink()
    made = room()
    until(lambda: made._thumbnails._lost)
    assert _notices(core) == []


@pytest.mark.parametrize("kind", [EntriesModel, FoundModel])
def test_the_models_keep_qts_rules(kind, add, library, application):
    add("One", created=1.0)
    model = kind()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    rows = library.summaries() if kind is EntriesModel else grouped(library.search("save"))
    model.show(rows)
    model.show(rows)
    model.show([])
    assert (len(rows) > 0, model.rowCount()) == (True, 0)
    tester.deleteLater()


def test_every_widget_of_the_room_has_a_name(add, room):
    add("One")
    made = room()
    kinds = (QAbstractButton, QAbstractItemView, QLineEdit, QComboBox)
    unnamed = [each for kind in kinds for each in made.findChildren(kind) if each.isVisible() and not _said(each)]
    assert [type(each).__name__ for each in unnamed] == []


def _said(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
