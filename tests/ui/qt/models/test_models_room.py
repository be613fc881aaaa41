"""The room of the models on the tiny real model: listed, looked at, checked, asked, given roles, removed."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from agents.memory.retrieval.embedding import key_of
from agents.runtime.models.registry import Registry
from agents.runtime.pointing.calibrating import Profile
from ui.orders.model_facts import facts_of, sized
from ui.orders.model_trials import Calibrated
from ui.orders.models import Fetch, assign
from ui.qt.models.adding import AddDialog
from ui.qt.models.getting import GetDialog
from ui.qt.models.listing import FACTS
from ui.qt.models.room import ModelsRoom
from workbench.actions import Click
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Step, Target, Trajectory

TINY = Path(__file__).resolve().parents[3] / "data" / "tiny_vlm"
PLACE = Rect(0, 0, 9, 9)


@pytest.fixture
def room(core, shown, until):
    made = shown(ModelsRoom(core))
    QAbstractItemModelTester(made.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.entered()
    until(lambda: made.rows.rowCount())
    yield made
    made.trials.stop()
    made.downloads.stop()
    until(lambda: not made.trials.running and (made.downloads.now is None or made.downloads.now.state == "stopped"))


def _names(room) -> list[str]:
    return [room.rows.index(row, 0).data() for row in range(room.rows.rowCount())]


def _choose(room, name: str) -> None:
    room.list.setCurrentIndex(room.rows.index(_names(room).index(name), 0))


def _click(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _answer(words: str, until) -> None:
    until(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    _click(next(each for each in box.findChildren(QPushButton) if each.text() == words))


def test_the_built_in_model_stands_first_and_cannot_be_removed(add, core, shown, until):
    add("a-model")
    room = shown(ModelsRoom(core))
    room.entered()
    until(lambda: room.rows.rowCount() == 2)
    assert _names(room) == ["built-in", "a-model"]
    assert room.details.name.text() == "built-in"
    assert not room.details.remove.isEnabled()
    assert "Comes with the program" in room.details.title.text()
    _choose(room, "a-model")
    assert room.details.remove.isEnabled()


def test_what_the_files_say_of_a_model_is_told_before_it_is_loaded(add):
    add("eyes", "grounder")
    registry = Registry.usual()
    facts = facts_of(registry.get("eyes"), registry)
    told = dict(facts.lines)
    size = (TINY / "lm.gguf").stat().st_size
    assert told["Size"] == sized(size)
    assert (told["Quantisation"], told["Parameters"]) == ("Q8_0", "639 552")
    assert told["Context"] == "4096 tokens, trained with 4096"
    tokens = 4096 * 3 * 2 * 64 * 2  # context x layers x heads x lengths of key and value x two bytes
    assert told["Memory"] == f"about {sized(size + (TINY / 'mmproj.gguf').stat().st_size + tokens)} once it is loaded"
    assert told["Roles"] == "grounder"
    assert facts.sees
    built_in = facts_of(registry.get("built-in"), registry)
    assert dict(built_in.lines)["Roles"] == "planner and grounder, where no other model is"


def test_a_model_whose_file_is_gone_says_so_instead_of_being_tried(add, room, until, models):
    add("lost")
    document = models / "lost.json"
    document.write_text(document.read_text().replace("lm.gguf", "gone.gguf"))
    room.refresh("lost")
    until(lambda: room.details.facts.name == "lost")
    assert "has lost its file" in room.details.trouble.text()
    assert not room.details.check.isEnabled()
    assert not room.details.trying.isVisible()


def test_a_damaged_entry_is_told_and_does_not_hide_the_others(room, until, models, core, add):
    add("whole")
    (models / "broken.json").write_text("{")
    room.refresh()
    until(lambda: _names(room) == ["built-in", "whole"])
    assert "broken.json" in core.notices.shown[-1].text


def test_adding_files_enters_the_model_and_shows_it(room, until, core):
    room.ask_files()
    dialog = room.findChild(AddDialog)
    dialog.files.model.field.setText(str(TINY / "lm.gguf"))
    assert dialog.name.text() == "lm"
    dialog.files.mmproj.field.setText(str(TINY / "mmproj.gguf"))
    dialog.roles["judge"].setChecked(True)
    _click(dialog.action)
    until(lambda: room.details.facts.name == "lm")
    entry = Registry.usual().get("lm")
    assert (entry.roles, entry.mmproj) == (("judge",), str(TINY / "mmproj.gguf"))
    assert room.roles.choices["judge"].currentData() == "lm"
    assert "Added the model lm" in core.notices.shown[-1].text


def test_what_cannot_be_added_is_refused_in_the_dialog_in_the_command_lines_words(room, until, tmp_path):
    page = tmp_path / "page.gguf"
    page.write_bytes(b"<html>log in</html>")
    room.ask_files()
    dialog = room.findChild(AddDialog)
    _click(dialog.action)
    assert dialog.wrong == "choose the model's GGUF file"
    dialog.files.model.field.setText(str(page))
    _click(dialog.action)
    until(lambda: "web page" in dialog.wrong)
    dialog.files.model.field.setText(str(TINY / "lm.gguf"))
    dialog.name.setText("Not A Name")
    _click(dialog.action)
    until(lambda: "cannot name a model" in dialog.wrong)
    dialog.tabs.setCurrentIndex(1)
    dialog.name.setText("far")
    dialog.server.url.setText("http://models.example/v1")
    _click(dialog.action)
    until(lambda: "without TLS" in dialog.wrong)
    assert Registry.usual().names() == []
    dialog.reject()


def _held(core):
    """Whatever is asked of the threads for files waits until this is set."""
    held = threading.Event()
    for _ in range(2):
        core.tasks.soon(lambda: held.wait(20))
    return held


def test_a_model_whose_dialog_is_left_while_it_is_added_is_shown_all_the_same(room, until, core):
    room.ask_files()
    dialog = room.findChild(AddDialog)
    dialog.files.model.field.setText(str(TINY / "lm.gguf"))
    held = _held(core)
    _click(dialog.action)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    held.set()
    until(lambda: room.details.facts.name == "lm")
    assert "Added the model lm" in core.notices.shown[-1].text
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert room.findChildren(AddDialog) == []


def test_what_is_wrong_with_a_model_whose_dialog_was_left_is_told_as_a_notice(room, until, core):
    room.ask_files()
    dialog = room.findChild(AddDialog)
    dialog.files.model.field.setText(str(TINY / "nothing.gguf"))
    held = _held(core)
    _click(dialog.action)
    dialog.close()
    held.set()
    until(lambda: core.notices.shown)
    assert "nothing.gguf" in core.notices.shown[-1].text
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert room.findChildren(AddDialog) == []


def test_a_server_gets_no_screens_until_a_person_allows_it(room, until):
    room.ask_files()
    dialog = room.findChild(AddDialog)
    dialog.tabs.setCurrentIndex(1)
    dialog.name.setText("far")
    dialog.server.url.setText("https://models.example/v1")
    _click(dialog.action)
    until(lambda: room.details.facts.name == "far")
    assert Registry.usual().get("far").consent == ""
    room.ask_files()
    again = room.findChildren(AddDialog)[-1]
    again.tabs.setCurrentIndex(1)
    again.name.setText("far")
    again.server.url.setText("https://models.example/v1")
    again.server.allow.setChecked(True)
    again.replaces.setChecked(True)
    _click(again.action)
    until(lambda: "models.example" in Registry.usual().get("far").consent)


def test_a_role_goes_to_one_model_and_back_to_nobody(add, room, until):
    add("one", "planner", "judge")
    add("two")
    room.refresh()
    until(lambda: room.rows.rowCount() == 3)
    box = room.roles.choices["planner"]
    assert box.currentData() == "one"
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    until(lambda: Registry.usual().get("two").roles == ("planner",))
    assert Registry.usual().get("one").roles == ("judge",)
    until(lambda: box.currentData() == "two")
    QTest.keyClick(box, Qt.Key.Key_Home)
    until(lambda: Registry.usual().get("two").roles == ())


def test_a_model_that_only_embeds_gets_no_other_role(add):
    add("vectors", "embedder")
    with pytest.raises(BadInputError, match="either answers or embeds"):
        assign(Registry.usual(), "planner", "vectors")
    assert Registry.usual().get("vectors").roles == ("embedder",)


def test_a_model_is_removed_after_a_yes_only(add, room, until):
    add("mine")
    room.refresh("mine")
    until(lambda: room.details.facts.name == "mine")
    _click(room.details.remove)
    _answer("Keep", until)
    assert Registry.usual().names() == ["mine"]
    _click(room.details.remove)
    _answer("Remove", until)
    until(lambda: _names(room) == ["built-in"])
    assert (TINY / "lm.gguf").exists()


def test_a_question_is_answered_as_the_command_line_answers_it(add, room, until):
    add("eyes")
    room.refresh("eyes")
    until(lambda: room.details.facts.name == "eyes")
    trying, heard = room.details.trying, []
    room.trials.heard.connect(heard.append)
    trying.most.setValue(4)
    _click(trying.ask)
    until(lambda: "the question is empty" in trying.remark.text())
    QTest.keyClicks(trying.question, "click red")
    QTest.keyClick(trying.question, Qt.Key.Key_Return)
    until(lambda: "4 tokens in" in trying.remark.text(), within_s=60)
    assert trying.answer.toPlainText() == "".join(heard) != ""
    assert "cut off" in trying.remark.text()


def test_a_question_with_a_file_that_is_no_picture_is_refused(add, room, until, tmp_path):
    add("eyes")
    room.refresh("eyes")
    until(lambda: room.details.facts.name == "eyes")
    room.details.trying.question.setText("what is that?")
    room.details.trying.picture.field.setText(str(tmp_path / "none.png"))
    _click(room.details.trying.ask)
    until(lambda: "there is no file" in room.details.trying.remark.text())


def test_a_check_can_be_stopped_and_says_so(add, room, until, core):
    add("eyes")
    room.refresh("eyes")
    until(lambda: room.details.facts.name == "eyes")
    _click(room.details.check)
    assert room.trials.running
    assert core.running == ("a model's check",)
    assert not room.details.check.isEnabled()
    _click(room.details.outcome.stop)
    until(lambda: not room.trials.running, within_s=60)
    until(lambda: room.details.outcome.heading.text() == "Stopped")
    assert core.running == ()
    assert room.details.check.isEnabled()


def test_a_check_says_in_words_what_works(add, room, until):
    add("blind", sees=False)
    room.refresh("blind")
    until(lambda: room.details.facts.name == "blind")
    assert not room.details.calibrate.isEnabled()
    _click(room.details.check)
    until(lambda: not room.trials.running, within_s=120)
    until(lambda: "does not work as it should" in room.details.outcome.heading.text())
    assert "it takes no pictures" in room.details.outcome.text.text()


def test_a_download_shows_how_far_it_is_stops_and_goes_on_from_there(room, until, hub, models):
    room.downloads.begin(Fetch("mine", "", "me/tiny"))
    until(lambda: room.downloads.now is not None and room.downloads.now.done_bytes)
    assert room.bar.isVisible()
    _click(room.bar.stop)
    assert room.downloads.now.state == "stopping"
    hub.flows.set()
    until(lambda: room.downloads.now.state == "stopped")
    assert "what has arrived is kept" in room.bar.words.text()
    kept = next(models.rglob("*.part")).stat().st_size
    assert kept > 0
    _click(room.bar.again)
    until(lambda: "mine" in _names(room), within_s=60)
    assert any(each not in ("", "bytes=0-") for each in hub.ranges)
    assert not room.bar.isVisible()
    assert Registry.usual().get("mine").source == "me/tiny"


def test_a_repository_that_is_not_there_is_refused_in_words(room, until, hub):
    hub.flows.set()
    room.ask_hub()
    dialog = room.findChild(GetDialog)
    until(lambda: dialog.catalogue.count())
    dialog.tabs.setCurrentIndex(1)
    dialog.other.name.setText("Bad Name")
    dialog.other.repository.setText("me/none")
    _click(dialog.action)
    assert "cannot name a model" in dialog.wrong
    dialog.other.name.setText("none")
    _click(dialog.action)
    until(lambda: room.downloads.now.state == "stopped")
    assert "none:" in room.bar.words.text()
    _click(room.bar.away)
    assert room.downloads.now is None


def test_what_calibrating_found_is_told_with_its_picture_also_when_the_model_is_chosen_again(add, room, until):
    add("eyes")
    room.refresh("eyes")
    until(lambda: room.details.facts.name == "eyes")
    drawn = QPixmap(40, 30)
    drawn.fill(Qt.GlobalColor.red)
    data = QBuffer()
    drawn.save(data, "PNG")
    file = Registry.usual().keep_picture("eyes", bytes(data.data()))
    room.details._calibrated(Calibrated(Profile("eyes", "2026", None, why="it names no place"), file))
    outcome = room.details.outcome
    assert "nothing explains how it points. it names no place" in outcome.text.text()
    until(lambda: outcome.picture.isVisible() and outcome.picture.pixmap().width())
    _choose(room, "built-in")
    assert not outcome.isVisible()
    until(lambda: room.rows.index(1, 0).data(FACTS).picture)
    _choose(room, "eyes")
    until(lambda: outcome.picture.isVisible())


def test_an_embedder_is_chosen_reads_the_library_in_the_background_and_tells_how_much(add, room, until, core):
    core.library_changed.emit("")
    with Library.open(core.library_folder) as library:
        for number in range(40):
            step = Step("s", Click(), target=Target(Point(1, 1), element=Element("a", "w", "button", "Go", PLACE)))
            library.save(Trajectory(f"t{number}", "any", (step,), task=f"go to page {number}"))
    add("answers")
    add("free", "embedder", sees=False)
    add("other", sees=False)
    room.refresh("free")
    until(lambda: room.details.facts is not None and room.details.facts.name == "free")
    box = room.roles.choices["embedder"]
    assert [box.itemData(at) for at in range(box.count())] == ["", "answers", "free", "other"]
    assert (box.currentData(), room.roles.choices["planner"].findData("free")) == ("free", -1)
    assert (room.details.calibrate.isVisible(), room.details.read.isVisible()) == (False, True)
    told: list[tuple[int, int]] = []
    room.trials.progressed.connect(lambda done, of: told.append((done, of)))
    _click(room.details.read)
    assert room.details.outcome.stop.isVisible()
    until(lambda: "free has read the library" in room.details.outcome.heading.text(), within_s=60)
    assert "80 entries were new to it" in room.details.outcome.text.text()
    assert told == [(0, 80), (32, 80), (64, 80)]
    _click(room.details.read)
    until(lambda: "0 entries were new to it" in room.details.outcome.text.text(), within_s=60)


def test_reading_the_library_can_be_stopped_and_goes_on_there(add, room, until, core):
    with Library.open(core.library_folder) as library:
        library.save(Trajectory("t", "any", tuple(Step(f"s{n}", Click()) for n in range(4000)), task="click on"))
    add("free", "embedder", sees=False)
    room.refresh("free")
    until(lambda: room.details.facts is not None and room.details.facts.name == "free")
    _click(room.details.read)
    until(lambda: room.details.outcome.bar.value() > 0, within_s=60)
    _click(room.details.outcome.stop)
    until(lambda: room.details.outcome.heading.text() == "Stopped", within_s=60)
    registry = Registry.usual()
    with Library.open(core.library_folder) as library:
        assert 0 < library.memories.count_uncoded(key_of("free", registry.fingerprint("free"))) < 4001
