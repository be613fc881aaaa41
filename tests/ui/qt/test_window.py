"""The main window around the rooms."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QPlainTextEdit

from ui.qt.window import MainWindow
from workbench.actions import Note, TypeText
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory


@pytest.fixture
def window(core, shown, tmp_path):
    return shown(MainWindow(core, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))


def test_what_is_being_written_when_the_window_closes_is_kept(window, core, until):
    with Library.open(core.library_folder) as library:
        steps = (Step("s1", TypeText("hello")), Step("s2", Note("there")))
        one = library.save(Trajectory(library.new_id(), "A greeting", steps)).id
    core.trajectory_wanted.emit(one, 1)
    room = window._rooms["trajectory"]
    until(lambda: room.inspector.details._step is not None)
    thought = next(each for each in room.findChildren(QPlainTextEdit) if each.accessibleName() == "The step's thought")
    thought.setPlainText("because it is polite")
    window.close()
    core.close()
    with Library.open(core.library_folder) as library:  # closing waits for it a little while only
        until(lambda: library.get(one).steps[0].thought == "because it is polite")
