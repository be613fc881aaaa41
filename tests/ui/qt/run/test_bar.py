"""The approval bar above other programs, and the list of steps, without a run."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from ui.qt.conducting import Asked
from ui.qt.run.bar import ApprovalBar
from ui.qt.run.helm import Helm, Waiting
from ui.qt.run.question import Question
from ui.qt.run.steps import CROPS_KEPT, StepsModel, status_of
from workbench import events
from workbench.actions import Click
from workbench.approval import Batch, Decision
from workbench.geometry import Point
from workbench.locate.verdict import Verdict
from workbench.trajectory import Step

PROPOSED = events.StepProposed(index=1, step=Step("s1", Click(), description="click “Pay”"), why="it is due")
QUESTION = events.ApprovalAsked(index=1, risk="irreversible", reason="it pays", confidence=0.61, sureness="unsure")


@pytest.fixture
def bar(core, tmp_path, application):
    helm = Helm(core)
    made = ApprovalBar(core, helm, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    made.helm, made.given = helm, []
    helm._decide = made.given.append
    yield made
    made.hide()
    made.deleteLater()
    application.processEvents()


def ask(bar, until, waiting=None):
    bar.helm._set(waiting or Waiting("decision", 1, asked=Asked(1, QUESTION, PROPOSED)))
    bar.set_wanted(wanted=True)
    until(bar._row.isEnabled)


def test_it_says_what_is_asked_with_risk_and_sureness_and_takes_a_key(bar, until):
    ask(bar, until)
    assert bar._caption.text() == "Step 1: click “Pay”"
    assert "nobody can take it back; it pays; confidence 0.61, unsure" in bar._risk.text()
    QTest.keyClick(bar, Qt.Key.Key_Return)
    assert [each.word for each in bar.given] == ["approve"]


def test_words_of_a_rejection_are_written_on_the_bar_itself(bar, until):
    ask(bar, until)
    QTest.keyClick(bar, Qt.Key.Key_R)
    assert not bar._approve.isVisible()
    QTest.keyClicks(bar._words, "not today")
    QTest.keyClick(bar._words, Qt.Key.Key_Return)
    assert [(each.word, each.words) for each in bar.given] == [("reject", "not today")]


def test_keys_count_only_once_a_person_could_have_read_what_is_asked(bar, until):
    bar.helm._set(Waiting("decision", 1, asked=Asked(1, QUESTION, PROPOSED)))
    bar.set_wanted(wanted=True)
    QTest.keyClick(bar, Qt.Key.Key_Return)
    assert bar.given == []


def test_some_more_steps_of_the_kind_are_approved_on_the_bar_and_escape_leaves_that(bar, until):
    ask(bar, until)
    QTest.keyClick(bar, Qt.Key.Key_N)
    assert (bar._count.isVisible(), bar._approve.isVisible()) == (True, False)
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert (bar._count.isVisible(), bar._approve.isVisible()) == (False, True)
    QTest.mouseClick(bar._ahead, Qt.MouseButton.LeftButton)
    bar._count.setValue(5)
    QTest.keyClick(bar, Qt.Key.Key_Return)
    assert [(each.word, each.next_same) for each in bar.given] == [("approve", 5)]


def test_another_step_is_made_in_the_window(bar, until):
    ask(bar, until)
    wanted = []
    bar.modify_wanted.connect(lambda: wanted.append(True))
    QTest.mouseClick(bar._modify, Qt.MouseButton.LeftButton)
    QTest.keyClick(bar, Qt.Key.Key_M)
    assert (wanted, bar.given) == ([True, True], [])


def test_it_names_the_keys_that_work_everywhere_while_there_are_some(bar):
    bar.show_keys({"approve": "ctrl+alt+Return", "stop": "ctrl+alt+Escape"})
    assert bar._approve.toolTip() == "Approve (Enter; Ctrl+Alt+Return everywhere)"
    assert bar._stop.toolTip() == "End the run; what was done is kept; Ctrl+Alt+Escape everywhere"
    assert bar._take.toolTip() == "Do this step yourself (T)"
    bar.show_keys({})
    assert bar._approve.toolTip() == "Approve (Enter)"


def test_it_comes_back_where_it_was_dragged_to_and_goes_when_nothing_is_asked(bar, until):
    ask(bar, until)
    place = bar.pos()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    QTest.mouseMove(bar, QPoint(44, 64))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    moved = bar.pos()
    assert moved - place == QPoint(40, 60)
    bar.helm._set(None)
    bar.set_wanted(wanted=True)
    assert not bar.isVisible()
    ask(bar, until)
    assert bar.pos() == moved


def test_a_step_is_followed_from_its_proposal_to_its_end(core):
    model = StepsModel(core.pictures)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    seen = []
    for event in (
        PROPOSED,
        events.StepLocated(index=1, verdict=Verdict(point=Point(5, 5))),
        QUESTION,
        events.ApprovalDecided(index=1, decision=Decision("approve", "person")),
        events.StepEnded(index=1, status="failed"),
    ):
        model.hear(event)
        seen.append(status_of(model.story(0)))
    assert seen == ["looking", "looking", "asks you", "acting", "failed"]
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Step 1: click “Pay”, failed"


def test_five_hundred_steps_keep_no_more_pictures_than_are_looked_at(core, until):
    import numpy as np

    from workbench.library.store import Library

    with Library.open(core.library_folder) as library:
        frame = library.frames.put(np.zeros((200, 600, 4), np.uint8), origin=Point(0, 0))
    from ui.qt.run.steps import CROP

    model = StepsModel(core.pictures)
    for index in range(1, 501):
        model.hear(events.StepProposed(index=index, step=Step(f"s{index}", Click())))
        model.hear(events.StepLocated(index=index, frame=frame, verdict=Verdict(point=Point(index, 100))))
    assert model.rowCount() == 500
    for row in range(500):
        model.data(model.index(row), CROP)
    until(lambda: not model._asked)
    assert len(model._crops) == CROPS_KEPT
    assert model.index(499).data(CROP).width() == 360


def test_a_batch_that_history_is_sure_of_is_offered_with_why_and_approved_with_one_key(bar, until):
    ask(bar, until)
    assert not bar._batch.isVisible()
    QTest.keyClick(bar, Qt.Key.Key_B)
    assert bar.given == []
    batch = Batch(2, 0.79, ("click “New”", "type a text"), "as in “Add Bob” and 2 more")
    ask(bar, until, Waiting("decision", 1, asked=Asked(1, replace(QUESTION, batch=batch), PROPOSED)))
    assert bar._batch.isVisible()
    assert bar._batch.text() == "Approve it and 2 more"
    assert "as in “Add Bob” and 2 more: 1. click “New”; 2. type a text" in bar._batch.toolTip()
    QTest.keyClick(bar, Qt.Key.Key_B)
    assert [(each.word, each.ahead, each.next_same) for each in bar.given] == [("approve", 2, 0)]


def test_the_room_s_question_shows_the_steps_of_a_batch_and_approves_them_together(bar, until, shown):
    question = shown(Question(bar.helm))
    batch = Batch(1, 0.8, ("type a text",), "as in “Add Bob” and 1 more")
    for offered in (None, batch):
        bar.helm._set(Waiting("decision", 1, asked=Asked(1, replace(QUESTION, batch=offered), PROPOSED)))
        until(lambda: question.answerable)
        assert question._batch.isVisible() == (offered is not None)
        question.approve_batch()
    assert question._batch_words.text() == "Next, 1 more step as in “Add Bob” and 1 more: 1. type a text"
    assert [(each.word, each.ahead) for each in bar.given] == [("approve", 1)]
