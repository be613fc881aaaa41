"""Two attempts side by side, driven as a person drives it."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from ui.qt.comparing.room import ComparisonRoom
from workbench import editing
from workbench.actions import PressKeys, TypeText, Wait
from workbench.events import RunEnded, RunStarted, StepEnded, StepProposed
from workbench.geometry import Point
from workbench.library.store import Library
from workbench.trajectory import Observation, Step, Trajectory


@pytest.fixture
def both(core):
    """A trajectory, and another with a wait more, a step less and another text."""
    with Library.open(core.library_folder) as library:
        frames = [library.frames.put(np.full((90, 120, 4), 20 * n, np.uint8), origin=Point(0, 0)) for n in range(3)]
        actions = [PressKeys(("ctrl", "n")), TypeText("Ada"), PressKeys(("ctrl", "s"))]
        steps = [
            Step(f"s{n}", action, Observation(frame=frame))
            for n, (action, frame) in enumerate(zip(actions, frames, strict=True))
        ]
        one = library.save(Trajectory(library.new_id(), "One", tuple(steps)))
        changed = editing.with_text(editing.with_inserted(one, 1, Wait(seconds=1)), 3, "Bob")
        changed = editing.without_steps(changed, {4})
        other = library.save(msgspec.structs.replace(changed, id=library.new_id(), title="Other", revision=0))
    return one, other


@pytest.fixture
def room(core, shown, until, both):
    room = shown(ComparisonRoom(core), 1100, 700)
    room.open(both[0].id, both[1].id)
    until(room.model.rowCount)
    return room


def numbers(room) -> list[tuple[int | None, int | None]]:
    pairs = [room.model.pair(row) for row in range(room.model.rowCount())]
    return [(pair.left, pair.right) for pair in pairs]


def test_steps_that_answer_to_each_other_share_a_row(room):
    assert numbers(room) == [(None, 1), (1, 2), (2, 3), (3, None)]
    assert room._sum.toolTip() == "1 the same  ·  1 changed  ·  1 only on the left  ·  1 only on the right"


def test_it_begins_at_the_first_difference_and_keys_lead_to_the_next(room):
    seen = [room.pairs.currentIndex().row()]
    for key in (Qt.Key.Key_N, Qt.Key.Key_N, Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_Up, Qt.Key.Key_J, Qt.Key.Key_Home):
        QTest.keyClick(room.pairs, key)
        seen.append(room.pairs.currentIndex().row())
    assert seen == [0, 2, 3, 3, 2, 1, 2, 0]


def test_both_pictures_follow_the_row(room, until):
    room.pairs.go(2)
    until(lambda: room.left_stage.view.scene().items() and room.right_stage.view.scene().items())
    room.pairs.go(3)
    until(lambda: not room.right_stage.view.scene().items())
    assert room.left_stage.view.scene().items()


def test_both_sides_show_the_same_moment(room):
    room.left_stage.tabs.setCurrentIndex(2)
    assert room.right_stage.tabs.currentIndex() == 2


def test_a_run_can_be_laid_beside_its_trajectory(room, core, both, until):
    one, _ = both
    with Library.open(core.library_folder) as library:
        ended = [StepEnded(number=3, index=1, status="done"), RunEnded(number=4, outcome="finished")]
        begun = [
            RunStarted(number=1, run="R1", trajectory=one.id, title="One"),
            StepProposed(number=2, index=1, step=one.steps[0]),
        ]
        library.save_run("R1", [*begun, *ended])
    room.open(one.id, "R1")
    until(lambda: room._right_title.toolTip() == "One (run)")
    assert numbers(room) == [(1, 1), (2, None), (3, None)]


def test_the_table_keeps_the_rules_of_qt(room, both):
    tester = QAbstractItemModelTester(room.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    room.model.show_pairs((), (), ())
    assert tester.model().rowCount() == 0


def test_without_anything_to_compare_the_room_teaches(core, shown):
    room = shown(ComparisonRoom(core))
    assert room._layers.currentIndex() == 0
