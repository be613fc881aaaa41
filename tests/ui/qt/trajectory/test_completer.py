"""Completing the open trajectory in the window."""

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox

from ui.qt.trajectory.completer import CompleteDialog
from workbench.library.store import Library


def head_of(core, trajectory):
    with Library.open(core.library_folder) as library:
        return library.get(trajectory.id)


def test_completing_by_rules_shows_thoughts_and_keeps_those_of_a_person(room, core, trajectory, until):
    room.acts["complete"].trigger()
    until(lambda: room.findChild(CompleteDialog))
    dialog = room.findChild(CompleteDialog)
    assert dialog.model == ""
    assert dialog.findChild(QComboBox).accessibleName() == "Who writes"
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    until(lambda: room.edited.trajectory.revision == 2 or head_of(core, trajectory).revision > 2)
    until(lambda: any("is complete" in notice.text for notice in core.notices.shown))
    until(lambda: room.edited.trajectory == head_of(core, trajectory))
    thoughts = [step.thought for step in room.edited.trajectory.steps]
    assert all(thoughts)
    assert thoughts[1] == "because"
    assert core.running == ()


def test_what_is_written_in_the_inspector_after_completing_stays(room, core, trajectory, until):
    room.completer.begin(trajectory, "")
    until(lambda: room.edited.trajectory == head_of(core, trajectory) and room.edited.trajectory.revision > 1)
    room.hands.word(trajectory.steps[0].id, "my words", "my thought")
    until(lambda: head_of(core, trajectory).steps[0].thought == "my thought")
    before = head_of(core, trajectory).revision
    room.completer.begin(trajectory, "")
    until(lambda: any("nothing was missing" in notice.text for notice in core.notices.shown))
    assert head_of(core, trajectory).revision == before


def test_completing_that_is_stopped_changes_nothing(room, core, trajectory, until):
    room.completer.begin(trajectory, "")
    core.stop_wanted.emit()
    until(lambda: core.running == ())
    assert head_of(core, trajectory).revision == 1
    assert any("stopped" in notice.text for notice in core.notices.shown)


def test_the_dialog_can_be_left_without_doing_anything(room, core, trajectory, until):
    room.acts["complete"].trigger()
    until(lambda: room.findChild(CompleteDialog))
    dialog: QDialog = room.findChild(CompleteDialog)
    dialog.reject()
    until(lambda: room.findChild(CompleteDialog) is None or not room.findChild(CompleteDialog).isVisible())
    assert head_of(core, trajectory).revision == 1
