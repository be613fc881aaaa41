"""Real replays on a private desktop, driven by the room's own buttons and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton

from ui.qt.replay.steps import BREAK, CURRENT, GUTTER_PX, SECOND
from workbench import editing
from workbench.actions import Wait

RUN_S = 60


def press(room, name: str) -> None:
    button = room.controls.buttons[name]
    assert button.isEnabled(), f"{name} cannot be pressed while {room.debugger.state}"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choice(room, words: str) -> QPushButton:
    found = [one for one in room.card.findChildren(QPushButton) if one.text().replace("&", "") == words]
    assert found, f"the card does not offer {words}"
    return found[-1]


def line(room, number: int, role: int) -> object:
    return room.steps.index(number - 1).data(role)


def words_of_card(room) -> str:
    return f"{room.card.accessibleDescription()}"


def over(room) -> bool:
    return room.debugger.state == "ready"


@pytest.fixture(autouse=True)
def hasty(tmp_path, monkeypatch):
    """Steps wait four seconds at most: what is missing here stays missing."""
    file = tmp_path / "settings.toml"
    file.write_text("[replay]\ntimeout_s = 4\n", encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_SETTINGS", str(file))


def test_breakpoints_steps_and_run_to_here_pause_where_they_should(opened, library, calculator, until):
    room = opened(calculator.recorded(library, "7", "+", "8", "=", "1"))
    QAbstractItemModelTester(room.steps, QAbstractItemModelTester.FailureReportingMode.Fatal)
    second = room.list.visualRect(room.steps.index(1))
    QTest.mouseClick(room.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(GUTTER_PX // 2, second.center().y()))
    assert line(room, 2, BREAK)
    room.form.place.setCurrentText("A private desktop")
    room.form.private_size.setText("800x600")
    QTest.mouseClick(room.form.as_recorded, Qt.MouseButton.LeftButton)
    press(room, "run")
    until(lambda: room.debugger.state == "paused", RUN_S)
    assert line(room, 2, CURRENT)
    assert "done" in line(room, 1, SECOND)
    room.list.setFocus()
    QTest.keyClick(room.list, Qt.Key.Key_F10)
    until(lambda: room.debugger.state == "paused" and line(room, 3, CURRENT), RUN_S)
    room.list.choose(5)
    press(room, "run_to")
    until(lambda: room.debugger.state == "paused" and line(room, 5, CURRENT), RUN_S)
    assert "done" in line(room, 4, SECOND)
    assert line(room, 5, SECOND) == "next"
    press(room, "run")
    until(lambda: over(room), RUN_S)
    assert "finished (5 of 5 steps" in words_of_card(room).lower()
    assert library.runs()[0].outcome == "finished"
    assert not room.core.running


def test_a_rehearsal_finds_every_place_and_presses_nothing(opened, library, calculator, until):
    room = opened(calculator.recorded(library, "7", "8"))
    room.controls.dry.setChecked(True)
    press(room, "run")
    until(lambda: over(room) and room.card.isVisible(), RUN_S)
    assert "2 of 2 steps located, nothing was done" in words_of_card(room)
    found = room.debugger.progress.located()
    assert [index for index, _ in found] == [1, 2]
    for (_, one), name in zip(found, ("7", "8"), strict=True):
        assert calculator.buttons[name].bounds.contains(one.verdict.point)
    assert line(room, 1, SECOND).startswith("would do")


def test_drift_halts_with_the_evidence_on_show(opened, library, calculator, until):
    room = opened(calculator.recorded(library, "7", "Cube root of pi"))
    press(room, "run")
    until(lambda: over(room) and room.card.isVisible(), RUN_S)
    assert "failed" in line(room, 2, SECOND)
    said = words_of_card(room)
    assert "Cube root of pi" in said
    assert "element – " in said
    room.list.choose(2)
    until(lambda: room.pictures.today.view.sceneRect().width() == 800)


def test_a_person_shows_the_place_in_the_picture_where_drift_asks(opened, library, calculator, until):
    room = opened(calculator.recorded(library, "Cube root of pi"))
    room.form.drift.setCurrentText("Ask me for the place")
    press(room, "run")
    until(lambda: room.debugger.state == "asking", RUN_S)
    assert "Where does step 1 go" in words_of_card(room)
    view = room.pictures.today.view
    until(lambda: view.sceneRect().width() == 800)
    QTest.mouseClick(choice(room, "Choose it in the picture"), Qt.MouseButton.LeftButton)
    assert view.picking
    nine = calculator.buttons["9"].bounds.centre
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(nine.x, nine.y))
    until(lambda: over(room), RUN_S)
    ((_, one),) = room.debugger.progress.located()
    assert one.ended.status == "repaired"
    assert one.verdict.located_by == ("person",)
    assert one.verdict.point.distance(nine) < 5


def test_steps_wait_for_approval_are_taken_over_and_refused(opened, library, calculator, until):
    room = opened(calculator.recorded(library, "7", "8", "9"))
    room.form.approve.setCurrentText("Ask about every step")
    press(room, "run")
    until(lambda: room.debugger.state == "asking" and room.card.isVisible(), RUN_S)
    assert "May step 1 happen" in words_of_card(room)
    QTest.keyClick(choice(room, "Approve"), Qt.Key.Key_Return)
    until(lambda: "May step 2 happen" in words_of_card(room) and room.debugger.state == "asking", RUN_S)
    QTest.mouseClick(choice(room, "Take over"), Qt.MouseButton.LeftButton)
    until(lambda: "The desktop is yours" in words_of_card(room), RUN_S)
    QTest.mouseClick(choice(room, "Continue behind it"), Qt.MouseButton.LeftButton)
    until(lambda: "May step 3 happen" in words_of_card(room) and room.debugger.state == "asking", RUN_S)
    QTest.mouseClick(choice(room, "Reject"), Qt.MouseButton.LeftButton)
    until(lambda: over(room), RUN_S)
    assert [line(room, number, SECOND).split(" ·")[0] for number in (1, 2, 3)] == ["done", "repaired", "skipped"]
    assert "was stopped" in words_of_card(room)


def test_a_paused_run_is_begun_anew_and_a_running_one_pauses_and_stops(opened, library, calculator, until):
    recorded = calculator.recorded(library, "7", "8", "9")
    slow = editing.with_inserted(recorded, 2, Wait(seconds=3))  # so long it can be paused before the step behind it
    room = opened(library.revise(slow, note="a wait"))
    press(room, "step")
    until(lambda: room.debugger.state == "paused", RUN_S)
    room.debugger.toggle_break(2)
    press(room, "restart")
    until(lambda: room.debugger.state == "paused" and line(room, 2, CURRENT), RUN_S)
    room.debugger.toggle_break(2)
    press(room, "run")
    press(room, "pause")
    until(lambda: room.debugger.state == "paused" and line(room, 3, CURRENT), RUN_S)
    press(room, "stop")
    until(lambda: over(room), RUN_S)
    assert "stopped in the window (2 of 4 steps" in words_of_card(room)
    assert [run.outcome for run in library.runs()] == ["stopped", "stopped"]
