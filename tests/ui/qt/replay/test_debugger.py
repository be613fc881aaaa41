"""What the debugger does without anything on a screen: rows of values, questions, setting up, repairs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from ui.orders.replay import ReplayWish, Steps
from ui.qt.replay.debugger import Ended
from ui.qt.replay.values import VALUE, ValuesModel
from ui.qt.replay.wish import Setup, load, orders_of
from workbench import events
from workbench.actions import Ask, Note, TypeText, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.bundle import export_bundle
from workbench.locate.verdict import Verdict, Vote
from workbench.mending import Mend
from workbench.report.words import caption
from workbench.session.messages import Order
from workbench.trajectory import Step, Trajectory, Variable

RUN_S = 60


def saved(library, *actions, **fields) -> Trajectory:
    steps = tuple(Step(f"s{number}", action) for number, action in enumerate(actions, 1))
    return library.save(Trajectory(library.new_id(), "Write it down", steps, **fields))


def choice(room, words: str) -> QPushButton:
    return next(one for one in room.card.findChildren(QPushButton) if one.text().replace("&", "") == words)


def test_a_table_runs_row_after_row_and_a_question_is_answered(opened, library, until, tmp_path):
    trajectory = saved(library, Note("hello"), Ask("which colour?", "colour"), variables=(Variable("colour", "red"),))
    table = tmp_path / "rows.csv"
    table.write_text("colour\nblue\ngreen\n", encoding="utf-8")
    room = opened(trajectory)
    room.form.data.setText(str(table))
    QTest.mouseClick(room.controls.buttons["run"], Qt.MouseButton.LeftButton)
    ended = []
    room.debugger.ended.connect(ended.append)
    for row in (1, 2):
        until(lambda row=row: room.debugger.row == row and room.debugger.state == "asking", RUN_S)
        assert room.card.field.accessibleName() == "Your answer"
        QTest.keyClicks(room.card.field, "violet")
        QTest.keyClick(room.card.field, Qt.Key.Key_Return)
    until(lambda: len(ended) == 2 and room.debugger.state == "ready", RUN_S)
    assert [one.order.values["colour"] for one in ended] == ["blue", "green"]
    assert all(one.outcome == "finished" for one in ended)
    assert "Row 2 of 2" in room.card.accessibleDescription()


def test_a_replay_that_asks_calls_the_person_and_what_stops_everything_stops_it(opened, library, until):
    room = opened(saved(library, Ask("which colour?", "colour")))
    ended, needs = [], []
    room.core.person_needed.connect(needs.append)
    room.debugger.ended.connect(ended.append)
    QTest.mouseClick(room.controls.buttons["run"], Qt.MouseButton.LeftButton)
    until(lambda: room.debugger.state == "asking", RUN_S)
    room.core.stop_wanted.emit()
    until(lambda: room.debugger.state == "ready", RUN_S)
    assert [one.outcome for one in ended] == ["stopped"]
    assert needs == ["A replay asks you something."]


def test_what_is_wrong_with_the_values_is_a_notice_and_the_room_is_free_again(opened, library, until, tmp_path):
    room = opened(saved(library, TypeText("{{name}}"), variables=(Variable("name"),)))
    QTest.mouseClick(room.controls.buttons["run"], Qt.MouseButton.LeftButton)
    until(lambda: room.core.notices.shown)
    assert "the variable 'name'" in room.core.notices.shown[0].text
    assert room.debugger.state == "ready"
    assert not room.core.running


def test_values_are_edited_in_their_column_only_and_empty_ones_are_not_given():
    model = ValuesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_variables((Variable("amount", "12"), Variable("name")))
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    assert model.flags(model.index(0, VALUE)) & Qt.ItemFlag.ItemIsEditable
    assert [model.index(row, VALUE).data() for row in (0, 1)] == ["same", "needed"]
    assert model.setData(model.index(0, VALUE), "13")
    assert model.values == {"amount": "13"}
    assert model.setData(model.index(0, VALUE), "")
    assert model.values == {}


def test_the_form_says_what_the_order_becomes(opened, library):
    room = opened(saved(library, Note("one"), Note("two"), Note("three")))
    room.form.first.setValue(2)
    room.form.approve.setCurrentText("Approve everything")
    room.controls.speed.setCurrentText("Half the pace")
    room.controls.dry.setChecked(True)
    room.debugger.toggle_break(3)
    (order,) = orders_of(library, room.debugger.loaded.trajectory.id, room.setup(), Steps(breaks=(3,), single=True))
    pace = order.pace
    assert (pace.first, pace.last, pace.breaks, pace.single, pace.speed, pace.dry) == (2, None, (3,), True, 0.5, True)
    assert order.approve == "auto"
    assert room.setup().size is None


def test_the_model_that_was_chosen_stays_when_the_models_are_read_anew(room):
    room.form.show_models(("small", "large"))
    room.form.model.setCurrentText("large")
    room.form.show_models(("medium", "large"))
    assert room.form.model.currentText() == "large"
    room.form.show_models(("medium",))
    assert room.form.model.currentText() == "The usual one"


def test_a_model_that_has_nothing_to_repair_is_refused(library):
    trajectory = saved(library, Note("one"))
    with pytest.raises(BadInputError, match="repairs nothing"):
        orders_of(library, trajectory.id, Setup(wish=ReplayWish(model="m", drift="halt")), Steps())


def test_secrets_are_told_by_name_and_loading_lays_out_calls(library):
    loaded = load(library, saved(library, TypeText(secret="pin"), TypeText(secret="pin")).id)
    assert loaded.secrets == ("pin",)


def test_missing_secrets_are_shown_beside_the_values(opened, library, until):
    room = opened(saved(library, TypeText(secret="pin")))
    room.form.show_secrets({"pin": False})
    assert room.form._secrets.text() == "pin: not in the keyring"
    assert room.form._secrets_part.isVisibleTo(room.form)


@pytest.mark.parametrize(("words", "revisions"), [("Keep the repairs", 2), ("Leave as it was", 1)])
def test_repairs_are_kept_only_when_somebody_says_so(opened, library, until, words, revisions):
    trajectory = saved(library, Note("old"))
    room = opened(trajectory)
    step = trajectory.steps[0]
    new = Step("x", Note("new"), description="note “new”")
    mend = Mend(1, step, (new,))
    told = [
        events.RunStarted(run="r1", trajectory=trajectory.id, title=trajectory.title, revision=1, steps=1),
        events.StepProposed(index=1, step=step),
        events.StepKept(index=1, step=new, status="repaired"),
        events.RunEnded(outcome="finished"),
    ]
    order = Order("r1", trajectory, str(library.frames_folder), drift="repair")
    room.debugger._orders, room.debugger.row = [order], 1
    room.debugger._has_ended(Ended(order, told, "finished", "finished", (mend,), 1, 1))
    assert room.debugger.state == "offering"
    assert f"- {caption(step)}" in room.card.accessibleDescription()
    QTest.mouseClick(choice(room, words), Qt.MouseButton.LeftButton)
    until(lambda: room.debugger.state == "ready")
    assert len(library.history(trajectory.id)) == revisions


def test_the_report_of_a_run_is_written_and_opened(opened, library, until, monkeypatch):
    from ui.qt.replay import room as module

    shown = []
    monkeypatch.setattr(module.QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    room = opened(saved(library, Note("hello")))
    QTest.mouseClick(room.controls.buttons["run"], Qt.MouseButton.LeftButton)
    until(lambda: room.card.isVisible() and room.debugger.state == "ready", RUN_S)
    QTest.mouseClick(choice(room, "Report"), Qt.MouseButton.LeftButton)
    until(lambda: shown)
    assert "Write it down" in Path(shown[0]).read_text(encoding="utf-8")


def test_witnesses_are_drawn_where_they_say_and_dashed_where_nobody_followed_them(core):
    from ui.qt.replay.evidence import chips, todays_marks
    from ui.qt.replay.progress import StepProgress

    votes = (
        Vote("element", "found", Point(5, 5), confidence=0.9),
        Vote("crop", "found", Point(50, 50), confidence=0.4),
        Vote("text", "absent"),
    )
    verdict = Verdict(Point(5, 5), ("element",), 0.9, votes)
    element, crop, decided = todays_marks(StepProgress(verdict=verdict), core.dress.colours)
    assert (element.dashed, crop.dashed) == (False, True)
    assert crop.point == Point(50, 50)
    assert decided.point == Point(5, 5)
    assert [chip.words for chip in chips(verdict, core.dress.colours)] == [
        "element 0.90",
        "picture 0.40",
        "decided 0.90",
    ]


def test_an_empty_room_says_what_it_is_for_and_another_run_is_not_pushed_aside(room, library, until):
    wanted = []
    room.core.room_wanted.connect(wanted.append)
    (button,) = [one for one in room.findChildren(QPushButton) if one.text() == "Go to the library"]
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wanted == ["library"]
    room.debugger.state = "running"
    room.open("anything")
    assert "stop it before another one" in room.core.notices.shown[0].text
    room.debugger.state = "empty"


def test_a_bundle_that_is_dropped_is_imported_and_ready_to_be_replayed(room, core, library, until, tmp_path):
    file = tmp_path / "written.trajectory"
    one = saved(library, Note("hello"))
    export_bundle(library, one.id, file)
    library.delete(one.id)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(5, 5), *how)
    QApplication.sendEvent(room, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(room, QDropEvent(QPointF(5, 5), *how))
    until(lambda: room.debugger.state == "ready")
    assert room.debugger.loaded.trajectory.title == "Write it down"
    assert room.debugger.loaded.trajectory.id in library
    assert not core.running


def test_a_private_desktop_is_watched_live_while_the_replay_goes_on(room, library, until):
    long, asking = saved(library, Wait(seconds=2 * RUN_S)), saved(library, Ask("which colour?", "colour"))
    seen = []
    room.pictures._live.seen.connect(lambda picture: seen.append(room.pictures.watch.isChecked()))
    room.open(long.id)
    until(lambda: room.debugger.state == "ready")
    QTest.mouseClick(room.controls.buttons["run"], Qt.MouseButton.LeftButton)
    until(lambda: seen, RUN_S)
    assert seen[0]
    room.debugger.stop()
    until(lambda: room.debugger.state == "ready", RUN_S)
    assert room.pictures.watch.isHidden()
    room.open(asking.id)
    until(lambda: room.debugger.loaded.trajectory.id == asking.id)
    QTest.mouseClick(room.controls.buttons["run"], Qt.MouseButton.LeftButton)
    until(lambda: room.debugger.state == "asking", RUN_S)
    assert not room.pictures.watch.isChecked()
    assert not room.pictures.watch.isHidden()
    room.debugger.stop()
    until(lambda: room.debugger.state == "ready", RUN_S)
    assert room.pictures.watch.isHidden()
