"""Two runs of the open trajectory are chosen and compared."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.qt.trajectory.runs import RunsDialog
from workbench.events import RunEnded, RunStarted
from workbench.library.store import Library


@pytest.fixture
def run(core, trajectory):
    def kept(name: str, outcome: str | None = "finished") -> str:
        begun = RunStarted(number=1, run=name, trajectory=trajectory.id, title=trajectory.title, epoch_s=time.time())
        told = [begun, RunEnded(number=2, outcome=outcome, elapsed_ms=4200)] if outcome else [begun]
        with Library.open(core.library_folder) as library:
            library.save_run(name, told)
        return name

    return kept


@pytest.fixture
def asked(room, until):
    """Asks as the menu does; the dialog."""

    def ask() -> RunsDialog:
        room.acts["runs"].trigger()
        until(lambda: room.findChildren(RunsDialog))
        return room.findChildren(RunsDialog)[0]

    return ask


@pytest.fixture
def wanted(core):
    heard = []
    core.comparison_wanted.connect(lambda *ids: heard.append(ids))
    return heard


def test_the_two_newest_runs_are_offered_the_older_one_on_the_left(run, asked, wanted, until):
    run("R1", "failed")
    run("R2")
    dialog = asked()
    words = [dialog.sides[0].itemText(row) for row in range(dialog.sides[0].count())]
    assert ["finished" in words[0], "failed" in words[1], "4.2 s" in words[0], len(words)] == [True, True, True, 3]
    QTest.mouseClick(dialog.compare, Qt.MouseButton.LeftButton)
    until(lambda: wanted == [("R1", "R2")])


def test_a_run_is_compared_with_what_is_kept_where_there_is_only_one(run, asked, wanted, trajectory, until):
    run("R1", None)
    dialog = asked()
    assert "did not end" in dialog.sides[1].currentText()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    until(lambda: wanted == [(trajectory.id, "R1")])


def test_nothing_is_compared_with_itself(run, asked, wanted):
    run("R1")
    dialog = asked()
    dialog.sides[0].setCurrentIndex(0)
    assert not dialog.compare.isEnabled()
    dialog.sides[1].setCurrentIndex(1)
    assert dialog.compare.isEnabled()
    dialog.reject()
    assert not wanted


def test_a_trajectory_that_was_never_run_says_so(room, core, until):
    room.acts["runs"].trigger()
    until(lambda: [each for each in core.notices.shown if "not been run yet" in each.text])
    assert not room.findChildren(RunsDialog)
