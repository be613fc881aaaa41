"""The page of workflows on a real library: looking for them, approving, retiring, opening, forgetting."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from ui.qt.experience.room import ExperienceRoom
from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 100, 30)
WINDOW = Window("shop", "Customers", PLACE)


def _step(action, role, name) -> Step:
    element = Element("shop", "Customers", role, name, PLACE)
    return Step(f"s-{name}", action, Observation(window=WINDOW), Target(Point(1, 1), WINDOW, element), description="so")


def _added(identifier: str, name: str) -> Trajectory:
    steps = (
        _step(Click(), "push button", "New"),
        _step(TypeText(name), "text", "Full name"),
        _step(Click(), "push button", "Save"),
    )
    return Trajectory(identifier, f"Add {name}", steps, task=f"add customer {name}")


@pytest.fixture
def page(core, shown, until):
    with Library.open(core.library_folder) as library:
        for number, name in enumerate(("Bob", "Eve")):
            library.save(_added(f"t-{number}", name))
    room = shown(ExperienceRoom(core))
    for rows in (room.workflows.rows, room.workflows.step_rows, room.workflows.source_rows):
        QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal, room)
    room.open("workflows")
    until(lambda: room.workflows.stack.isVisible())
    return room.workflows


def _cells(rows) -> list[list[str]]:
    return [[rows.index(row, column).data() for column in range(rows.columnCount())] for row in range(rows.rowCount())]


def _click(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _found(page, until) -> None:
    _click(page.search)
    until(lambda: page.rows.rowCount() == 1)


def test_a_workflow_is_found_with_its_steps_variables_and_sources(page, until):
    assert page.stack.currentIndex() == 0
    assert not page.approve.isEnabled()
    _found(page, until)
    assert _cells(page.rows) == [["shop", "Add customer …", "", "proposed"]]
    assert [words for _, words in _cells(page.step_rows)] == [
        'click button "New"',
        'type "{{full_name}}" into field "Full name"',
        'click button "Save"',
    ]
    assert sorted(_cells(page.source_rows)) == [["Add Bob", "1–3"], ["Add Eve", "1–3"]]
    assert "full_name" in page.needs.text()
    assert page.said.text() == "1 new workflow."


def test_an_approved_workflow_is_a_trajectory_that_is_opened_here_and_a_retired_one_says_so(page, until, core):
    wanted = []
    core.trajectory_wanted.connect(lambda one, step: wanted.append((one, step)))
    _found(page, until)
    assert not page.show_it.isEnabled()
    _click(page.approve)
    until(lambda: _cells(page.rows)[0][3] == "may be called")
    _click(page.show_it)
    _click(page.show_source)
    (made, first), (source, _) = wanted
    assert first == 1
    assert source in ("t-0", "t-1")
    with Library.open(core.library_folder) as library:
        assert library.get(made).title == "Add customer …"
    _click(page.retire)
    until(lambda: _cells(page.rows)[0][3] == "retired")
    _click(page.search)
    until(lambda: page.said.text() == "Nothing new.")


def test_a_workflow_is_forgotten_after_a_yes_only(page, until):
    _found(page, until)
    for answer, left in (("Keep", 1), ("Forget", 0)):
        _click(page.forget)
        until(lambda: QApplication.activeModalWidget() is not None)
        buttons = QApplication.activeModalWidget().findChildren(QPushButton)
        next(each for each in buttons if each.text() == answer).click()
        until(lambda left=left: page.rows.rowCount() == left)
