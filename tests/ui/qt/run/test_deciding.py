"""A person decides about the steps of a real run, with keys and clicks in the room."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from agents.memory.tree import Fact, walk
from workbench import events
from workbench.actions import Click
from workbench.geometry import Point
from workbench.library.store import Library

pytestmark = pytest.mark.slow

PATIENCE_S = 90.0


class Person:
    """Somebody at the room, with a mouse and a keyboard."""

    def __init__(self, room, until) -> None:
        self.room, self.until, self.heard = room, until, []
        room.helm.heard.connect(self.heard.append)

    def begin(self, task: str, model: str) -> None:
        """Fill in the brief and begin with the keyboard."""
        brief = self.room.brief
        self.room.entered()
        self.until(lambda: brief._model.findText(model) >= 0)
        brief._model.setCurrentText(model)
        self.room.open(task)
        brief._apps.setText("galculator")
        brief._size.setText("640x480")
        QTest.keyClick(brief._task, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: self.room.helm.running, within_s=PATIENCE_S)

    def waited_for(self, kind: str = "decision", index: int | None = None) -> None:
        """Wait until the question is there and may be answered."""

        def holds() -> bool:
            waiting, question = self.room.helm.waiting, self.room.stage.question
            wanted = waiting is not None and waiting.kind == kind and index in (None, waiting.index)
            return wanted and question._pages.isEnabled()

        self.until(holds, within_s=PATIENCE_S)

    def key(self, key: Qt.Key) -> None:
        self.room.stage.list.setFocus()
        QTest.keyClick(self.room.stage.list, key)

    def write(self, line: QLineEdit, words: str) -> None:
        QTest.keyClicks(line, words)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def click(self, widget, words: str = "") -> None:
        found = [each for each in widget.findChildren(QPushButton) if each.text() == words and each.isVisible()]
        QTest.mouseClick(found[0] if words else widget, Qt.MouseButton.LeftButton)

    def over(self) -> None:
        self.until(lambda: not self.room.helm.running, within_s=PATIENCE_S)
        self.until(self.room.stage.outcome.isVisible)

    @property
    def decisions(self) -> list[str]:
        decided = [each.decision for each in self.heard if isinstance(each, events.ApprovalDecided)]
        return [decision.word for decision in decided if decision.by == "person"]

    @property
    def ends(self) -> list[str]:
        return [each.status for each in self.heard if isinstance(each, events.StepEnded)]


@pytest.fixture
def person(room, until):
    return Person(room, until)


def kept(core):
    with Library.open(core.library_folder) as library:
        (one,) = library.summaries()
        return library.get(one.id)


def test_each_step_is_approved_changed_refused_or_done_by_the_person_with_keys_alone(
    person, room, mind, script, until, core
):
    model = mind(script.seven, script.six, script.seven, script.six, script.finish)
    question, panel = room.stage.question, room.stage.memory
    person.begin("press 7", "planned")

    person.waited_for(index=1)
    QTest.mouseClick(panel._tools["pin"], Qt.MouseButton.LeftButton)
    person.write(panel._line, "only odd numbers count")
    assert person.decisions == [], "the Enter that pinned a fact has approved the step too"
    person.key(Qt.Key.Key_Return)

    person.waited_for(index=2)
    facts = [node for node in walk(panel.memory.root) if isinstance(node, Fact)]
    assert [(fact.words, fact.by) for fact in facts] == [("only odd numbers count", "person")]
    assert ("only odd numbers count" in model.prompts[0], "only odd numbers count" in model.prompts[1]) == (False, True)
    QTest.mouseClick(panel._tools["see"], Qt.MouseButton.LeftButton)
    assert panel._text.toPlainText() in model.prompts[1]
    person.key(Qt.Key.Key_M)
    form = question._form
    form._element.setCurrentIndex(form._element.findText("9", Qt.MatchFlag.MatchContains))
    person.click(form, "Do this instead")

    person.waited_for(index=3)
    person.key(Qt.Key.Key_R)
    person.write(question._instead, "once is enough")

    person.waited_for(index=4)
    assert "once is enough" in model.prompts[3]
    person.key(Qt.Key.Key_T)
    person.waited_for("hands")
    person.key(Qt.Key.Key_Return)

    person.over()
    assert person.decisions == ["approve", "modify", "reject", "take-over"]
    assert person.ends == ["done", "done", "skipped", "repaired", "done"]
    assert [step.target.element.name for step in kept(core).steps[:2]] == ["7", "9"]
    assert room.stage.steps.rowCount() == 5


def test_a_place_that_was_pointed_at_too_late_is_not_taken_for_the_next_step(person, room, mind, script, until, core):
    mind(script.seven, script.six, script.finish)
    person.begin("press 7", "planned")
    person.waited_for(index=1)
    go, made = threading.Event(), []
    core.tasks.with_library(lambda _: go.wait(PATIENCE_S))
    room.stage.question.pointed.emit(Point(5, 5))
    core.tasks.with_library(lambda _: None, made.append)
    person.key(Qt.Key.Key_Return)
    person.waited_for(index=2)
    go.set()
    until(lambda: made)
    assert (room.helm.waiting.index, person.decisions) == (2, ["approve"])
    room.helm.stop()
    person.over()


def test_a_run_that_was_stopped_with_escape_is_gone_on_with_and_then_opened_and_replayed(
    person, room, mind, script, until, core
):
    mind(script.seven, script.six, script.six, script.six, script.finish)
    opened, replayed = [], []
    core.trajectory_wanted.connect(lambda one, number: opened.append((one, number)))
    core.replay_wanted.connect(replayed.append)
    person.begin("press 7", "planned")
    person.waited_for()
    person.key(Qt.Key.Key_Escape)
    assert (room.helm.running, room.helm.stopping) == (True, False)
    room.stage._ticking.timeout.emit()
    assert room.stage._status.text() == "Escape once more stops the run"
    person.key(Qt.Key.Key_Escape)
    person.over()
    assert person.heard[-1].outcome == "stopped"
    first = person.heard[0].run
    person.click(room.stage.outcome, "Resume")
    person.waited_for()
    person.key(Qt.Key.Key_N)
    room.stage.question._count.setValue(2)
    person.key(Qt.Key.Key_Return)
    person.over()
    assert person.heard[-1].outcome == "finished"
    assert [each.resumes for each in person.heard if isinstance(each, events.RunStarted)] == ["", first]
    assert len([each for each in person.heard if isinstance(each, events.ApprovalAsked)]) == 2
    verdict = room.stage.outcome.verdict
    until(lambda: "It reached its task, as far as its last effect tells" in verdict.words.text())
    person.click(room.stage.outcome, "It did not")
    until(lambda: "It did not reach its task" in verdict.words.text())
    with Library.open(core.library_folder) as library:
        last = [each.run for each in person.heard if isinstance(each, events.RunStarted)][-1]
        assert [use.success for use in library.learning.uses(run=last)] == [False]
    person.click(room.stage.outcome, "Open trajectory")
    person.click(room.stage.outcome, "Replay")
    assert replayed == [person.heard[-1] and opened[0][0]]
    assert opened[0][1] == 1


def test_a_point_that_was_dragged_is_where_the_step_goes_and_a_question_is_answered_in_words(
    person, room, mind, script, until, core
):
    model = mind(script.step("ask", question="Which number?"), script.seven, script.finish)
    person.begin("press my number", "planned")
    person.waited_for("answer")
    assert room.stage.question._words.text() == "Which number?"
    person.write(room.stage.question._asked.findChild(QLineEdit), "eight")
    person.waited_for()
    assert "eight" in model.prompts[-1]
    view = room.stage.pane.view
    until(lambda: view._ring is not None)
    eight = next(one for one in room.helm.waiting.asked.event.elements if one.name == "8").bounds.centre
    start, goal = view.mapFromScene(view._ring.pos()), view.mapFromScene(float(eight.x), float(eight.y))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view.viewport(), goal)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=goal)
    person.click(room.stage.question._form, "Do this instead")
    person.over()
    assert person.decisions == ["modify"]
    assert [one.target.element.name for one in kept(core).steps if one.target] == ["8"]


def test_the_model_that_comes_with_the_program_carries_out_a_task_under_approval(person, room, until, core):
    person.begin("click 7", "built-in")
    person.waited_for()
    until(lambda: room.stage.memory._told.way == "choices")
    assert room.stage.memory._text.toPlainText() == "task: click 7"
    person.key(Qt.Key.Key_Return)
    person.over()
    assert person.heard[-1].outcome == "finished"
    assert kept(core).steps[0].action == Click()
