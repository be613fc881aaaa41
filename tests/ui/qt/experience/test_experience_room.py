"""The room of experience on a real library: corrections, exemplars and the merits of ways of finding."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from agents.grounding.merit import learn_merits
from agents.memory.corrections import Correction, CorrectionShelf
from agents.session.experience import MERITS
from ui.qt.experience.room import ExperienceRoom
from workbench.actions import Wait
from workbench.events import ExperienceLent, Loan, RunEnded, RunStarted, StepEnded, StepProposed
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory


def _trajectory(identifier: str, task: str, *, reviewed: bool = True, source: str = "human") -> Trajectory:
    step = Step(id="s1", action=Wait(seconds=1.0), description="wait")
    return Trajectory(
        id=identifier, title=task, task=task, created=1.0, source=source, steps=(step,), reviewed=reviewed
    )


@pytest.fixture
def folder(core) -> Path:
    with Library.open(core.library_folder) as library:
        for each in (
            _trajectory("t-alike", "add the customer Bob"),
            _trajectory("t-unseen", "add the customer Eve", reviewed=False),
            _trajectory("t-other", "mow the lawn"),
            _trajectory("t-agent", "add the customer Joe", source="agent"),
        ):
            library.save(each)
    return core.library_folder


@pytest.fixture
def room(core, shown):
    made = shown(ExperienceRoom(core))
    for rows in (made.corrections.rows, made.exemplars.rows, made.merits.rows):
        QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.entered()
    return made


def _cells(rows) -> list[list[str]]:
    return [[rows.index(row, column).data() for column in range(rows.columnCount())] for row in range(rows.rowCount())]


def test_an_empty_library_teaches_what_each_page_is_for(room, until):
    for name, page in zip(
        ("exemplars", "corrections", "grounding"), (room.exemplars, room.corrections, room.merits), strict=True
    ):
        room.open(name)
        until(lambda page=page: page.stack.isVisible())
        assert page.stack.currentIndex() == 0


def test_what_could_be_shown_to_a_model_is_listed_but_for_runs_of_models(folder, room, until):
    until(lambda: room.exemplars.rows.rowCount() == 3)
    tasks = {cells[0]: cells[-1] for cells in _cells(room.exemplars.rows)}
    assert set(tasks) == {"add the customer Bob", "add the customer Eve", "mow the lawn"}
    assert tasks["add the customer Eve"] == "not shown: nobody has reviewed it"


def test_a_task_finds_the_most_alike_with_why_and_what_it_costs(folder, room, until):
    QTest.keyClicks(room.exemplars.task, "add the customer Bob")
    until(lambda: "shows one of these" in room.exemplars.said.text())
    rows = _cells(room.exemplars.rows)
    assert rows[0][0] == "add the customer Bob"
    assert rows[0][1] == "1.00"
    assert rows[0][-1] == "shown: the most alike"
    assert int(rows[0][2]) > 0
    assert all(row[0] != "mow the lawn" for row in rows)
    room.exemplars.task.setText("water the flowers on the balcony")
    until(lambda: "No recorded task is alike enough" in room.exemplars.said.text())
    assert room.exemplars.rows.rowCount() == 0


def test_an_exemplar_is_opened_in_the_trajectorys_room(folder, room, until, core):
    wanted = []
    core.trajectory_wanted.connect(lambda one, step: wanted.append((one, step)))
    QTest.keyClicks(room.exemplars.task, "mow the lawn")
    until(lambda: _cells(room.exemplars.rows)[:1] and _cells(room.exemplars.rows)[0][0] == "mow the lawn")
    QTest.mouseClick(room.exemplars.show_it, Qt.MouseButton.LeftButton)
    assert wanted == [("t-other", 1)]


def test_a_correction_is_forgotten_after_a_yes_only(folder, room, until):
    shelf = CorrectionShelf(folder)
    for number in (1, 2):
        shelf.add(
            Correction(
                f"c{number}", "pay", "Bank", "", f"click {number}", "reject", "not that", at_s=time.time() + number
            )
        )
    room.open("corrections")
    until(lambda: room.corrections.rows.rowCount() == 2)
    assert "click 2" in _cells(room.corrections.rows)[0][2]
    for answer, left in (("Keep", 2), ("Forget", 1)):
        QTest.mouseClick(room.corrections.forget, Qt.MouseButton.LeftButton)
        until(lambda: QApplication.activeModalWidget() is not None)
        buttons = QApplication.activeModalWidget().findChildren(QPushButton)
        next(each for each in buttons if each.text() == answer).click()
        until(lambda left=left: room.corrections.rows.rowCount() == left)
        assert len(shelf.all()) == left
    assert shelf.all()[0].id == "c1"


def test_the_way_of_finding_that_was_right_most_often_stands_first(folder, room, until):
    for way, hit in (("pointing", False), ("letters", True), ("letters", True)):
        learn_merits(folder / MERITS, lambda merits, way=way, hit=hit: merits.counted(way, hit=hit))
    room.open("grounding")
    until(lambda: room.merits.rows.rowCount() == 2)
    assert _cells(room.merits.rows) == [
        ["Comparing names letter by letter", "2", "2", "75%", "1.00"],
        ["A model that points at the picture", "0", "1", "33%", "0.50"],
    ]


def _ran(library: Library, number: int, lent: str, *, reached: bool) -> None:
    """A run of a model as its own log tells it."""
    becomes = Trajectory(f"run{number}", "pay", task="pay", source="agent")
    started = RunStarted(run=f"r{number}", trajectory=becomes.id, title="pay", becomes=becomes)
    log = library.begin_run(started)
    log.append(StepProposed(index=1, step=Step("s1", Wait(1.0)), tokens=500))
    if lent:
        log.append(ExperienceLent(index=1, loans=(Loan(kind="whole", lent=lent),)))
    log.append(StepEnded(index=1, status="done", verified=reached))
    log.append(RunEnded(outcome="finished"))
    log.finish()


def test_an_exemplar_is_compared_with_runs_without_any_and_retired_and_allowed_by_hand(folder, room, until):
    with Library.open(folder) as library:
        for number, lent in enumerate(("t-alike", "t-alike", "", "")):
            _ran(library, number, lent, reached=number != 1)
    page = room.exemplars
    page.refresh()
    until(lambda: any("+" in row[4] or "-" in row[4] for row in _cells(page.rows)))
    at = next(number for number, row in enumerate(_cells(page.rows)) if row[0] == "add the customer Bob")
    assert _cells(page.rows)[at][3:5] == ["2", "-0.25"]
    page.table.selectRow(at)
    until(lambda: page.compared.text().startswith("With it 1 of 2 runs reached their task"))
    assert "and 500 tokens. Without any 2 of 2 runs reached their task" in page.compared.text()
    for words, why in (("&Retire", "not shown: it is retired: you retired it"), ("&Allow again", "shown where")):
        page.table.selectRow(at)
        until(lambda words=words: page.stand.text() == words)
        QTest.mouseClick(page.stand, Qt.MouseButton.LeftButton)
        until(lambda why=why: _cells(page.rows)[at][-1].startswith(why))
    page.table.selectRow(1 - min(at, 1))
    until(lambda: page.compared.text() == "It was not shown to any run yet.")
