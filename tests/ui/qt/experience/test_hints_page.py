"""The page of hints on a real library: looking for them, approving, retiring, opening, forgetting."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from ui.qt.experience.room import ExperienceRoom
from workbench.actions import Click, Scroll
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 100, 30)
WINDOW = Window("files", "Home", PLACE)


def _step(action, role, name) -> Step:
    element = Element("files", "Home", role, name, PLACE)
    return Step(f"s-{name}", action, Observation(window=WINDOW), Target(Point(1, 1), WINDOW, element))


@pytest.fixture
def page(core, shown, until):
    with Library.open(core.library_folder) as library:
        steps = (_step(Click(), "push button", "Open"), _step(Scroll(dy=5), "list", "Files"))
        library.save(Trajectory("t-one", "Find a file", (*steps, _step(Click(), "list item", "Zebra"))))
    room = shown(ExperienceRoom(core))
    QAbstractItemModelTester(room.hints.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, room)
    room.open("hints")
    until(lambda: room.hints.stack.isVisible())
    return room.hints


def _cells(page) -> list[list[str]]:
    rows = page.rows
    return [[rows.index(row, column).data() for column in range(rows.columnCount())] for row in range(rows.rowCount())]


def _found(page, until) -> None:
    QTest.mouseClick(page.search, Qt.MouseButton.LeftButton)
    until(lambda: page.rows.rowCount() == 1)


def test_hints_are_found_by_looking_for_them_and_approved_by_a_person(page, until):
    assert page.stack.currentIndex() == 0
    assert not page.approve.isEnabled()
    _found(page, until)
    (row,) = _cells(page)
    assert row[0] == "files"
    assert row[1].startswith('item "Zebra" may be out of sight: scroll down')
    assert row[2:] == ["1 place", "", "proposed"]
    assert page.said.text() == "1 new hint."
    for button, standing in (
        (page.approve, "told to models"),
        (page.retire, "retired"),
        (page.approve, "told to models"),
    ):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        until(lambda standing=standing: _cells(page)[0][4] == standing)
    assert not page.approve.isEnabled()
    QTest.mouseClick(page.search, Qt.MouseButton.LeftButton)
    until(lambda: page.said.text() == "Nothing new.")


def test_the_steps_that_show_a_hint_are_opened_in_the_trajectorys_room(page, until, core):
    wanted = []
    core.trajectory_wanted.connect(lambda one, step: wanted.append((one, step)))
    _found(page, until)
    QTest.mouseClick(page.show_it, Qt.MouseButton.LeftButton)
    assert wanted == [("t-one", 2)]


def test_a_hint_is_forgotten_after_a_yes_only(page, until):
    _found(page, until)
    for answer, left in (("Keep", 1), ("Forget", 0)):
        QTest.mouseClick(page.forget, Qt.MouseButton.LeftButton)
        until(lambda: QApplication.activeModalWidget() is not None)
        buttons = QApplication.activeModalWidget().findChildren(QPushButton)
        next(each for each in buttons if each.text() == answer).click()
        until(lambda left=left: page.rows.rowCount() == left)
