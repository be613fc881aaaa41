"""The room and its pill steer a real recording of a real desktop."""

import os
import re
import signal

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton, QToolButton

from recorder.options import Counters
from ui.qt.recording.before import BeforePage
from ui.qt.recording.during import DuringPage
from ui.qt.recording.pill import Pill
from ui.qt.recording.review import ReviewPage
from ui.qt.recording.reviewing import Glance
from ui.qt.recording.standing import Standing
from ui.qt.recording.wish import wish_of
from workbench.actions import Note, TypeText
from workbench.errors import BadInputError
from workbench.library.store import Library

BEGINS_S = 60.0
"""A recorder that comes up or saves while the machine has much else to do."""


def page(room, kind):
    return room.findChild(kind)


def click(widget, kind, name: str) -> None:
    found = next(b for b in widget.findChildren(kind) if name in (b.accessibleName(), b.text().replace("&", "")))
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def button(widget, words: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text().replace("&", "") == words)


def texts(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def begin(room, until, *, command: str = "", title: str = "") -> None:
    fields = {field.accessibleName(): field for field in page(room, BeforePage).findChildren(QLineEdit)}
    fields["A title"].setText(title)
    fields["The application to start"].setText(command)
    click(page(room, BeforePage), QPushButton, "Record")
    until(room.pill.isVisible, BEGINS_S)


def reviewed(room, until) -> ReviewPage:
    review = page(room, ReviewPage)
    until(lambda: review.isVisibleTo(room) and review.step is not None, BEGINS_S)
    return review


def type_and_wait(room, hand, until, text: str, *, kept: bool = True) -> None:
    """Type on the desktop, and wait until the recorder has told its counters twice since, with those keys kept."""
    told: list[Counters] = []
    room.session.counted.connect(told.append)
    until(lambda: told)
    least = told[-1].events + (2 * len(text) if kept else 0)
    hand("type", "--delay", "20", text)
    QApplication.processEvents()  # what was told while it was typed says nothing of it
    told.clear()
    until(lambda: len(told) >= 2 and told[-1].events >= least)


@pytest.mark.filterwarnings("ignore:Exception ignored in.*Popen.__del__")  # what the room starts stays open
def test_the_pill_steers_a_recording_from_beginning_to_review(room, core, until, there, hand) -> None:
    begin(room, until, command="mousepad --disable-server", title="Two words")
    assert core.running == ("a recording",)
    assert "Recording" in room.windowTitle()
    pill = room.pill
    type_and_wait(room, hand, until, "hello")
    until(lambda: re.search(r"\b[1-9]\d* steps?\b", texts(pill)), BEGINS_S)  # the slower counting is, the rarer it is
    click(pill, QToolButton, "Pause")
    until(lambda: "Paused" in texts(pill))
    type_and_wait(room, hand, until, "unseen", kept=False)
    click(pill, QToolButton, "Resume")
    until(lambda: "Paused" not in texts(pill))
    type_and_wait(room, hand, until, "world")
    click(pill, QToolButton, "Add a note")
    QTest.keyClicks(pill.findChild(QLineEdit), "half way")
    QTest.keyClick(pill.findChild(QLineEdit), Qt.Key.Key_Return)
    until(lambda: "Noted" in texts(pill))
    click(pill, QToolButton, "Stop and save")
    review = reviewed(room, until)
    assert not pill.isVisible()
    assert core.running == ()
    assert review.isVisibleTo(room)
    with Library.open(core.library_folder) as library:
        (summary,) = library.summaries()
        assert summary.title == "Two words"
        steps = library.get(summary.id).steps
    typed = "".join(step.action.text for step in steps if isinstance(step.action, TypeText))
    assert "hello" in typed
    assert "world" in typed
    assert "unseen" not in typed
    assert [step.action.text for step in steps if isinstance(step.action, Note)] == ["half way"]


def test_a_recording_ended_by_its_hotkey_is_looked_over_and_a_forgotten_step_leaves_nothing(
    room, core, until, there, hand
) -> None:
    begin(room, until)
    hand("key", "a")
    hand("key", "ctrl+alt+s")
    review = reviewed(room, until)
    assert not room.pill.isVisible()
    until(lambda: button(review, "Forget step…").isEnabled())
    frame = review.step.observation.frame
    click(review, QPushButton, "Forget step…")
    click(review.findChild(QMessageBox), QPushButton, "Forget")
    until(lambda: "Nothing was recorded" in texts(review))
    with Library.open(core.library_folder) as library:
        (summary,) = library.summaries()
        assert library.get(summary.id).steps == ()
        assert not [event for event in library.events(summary.id) if event.keysym == "a"]
        assert not library.frames.has(frame)
        assert library.verify() == []


def test_a_recorder_that_dies_leaves_what_was_written_and_says_so(room, core, until, there, hand) -> None:
    begin(room, until)
    type_and_wait(room, hand, until, "kept")
    os.kill(room.session.process_id, signal.SIGKILL)
    review = reviewed(room, until)
    assert isinstance(review.step.action, TypeText)
    assert [notice.text for notice in core.notices.shown if "signal 9" in notice.text]


def test_a_recording_that_cannot_begin_says_why_beside_the_button(room, core, until, monkeypatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    before = page(room, BeforePage)
    click(before, QPushButton, "Record")
    assert not room.pill.isVisible()
    until(lambda: ":987" in texts(before))
    assert core.running == ()
    assert any(button.isEnabled() for button in before.findChildren(QPushButton) if "Record" in button.text())


def test_what_the_settings_leave_out_stands_in_the_field_and_hotkeys_are_told(room, core, until) -> None:
    core.change("record.exclude", "keepassxc")
    core.change("record.stop_hotkey", "ctrl+alt+q")
    before = page(room, BeforePage)
    until(lambda: "Ctrl+Alt+Q" in texts(before))
    field = next(each for each in before.findChildren(QLineEdit) if "leave out" in each.accessibleName())
    assert field.text() == "keepassxc"


def test_the_wish_is_refused_where_the_quotes_of_its_command_do_not_match() -> None:
    with pytest.raises(BadInputError, match="quotes"):
        wish_of("", "", "mousepad 'a", "")
    assert wish_of(" a ", "", " mousepad ", "x, ,y ").exclude == ("x", "y")


def test_a_state_that_changes_what_is_recorded_comes_first_on_the_pill() -> None:
    counters = Counters(seconds=3725, paused=True, dropped=2)
    standing = Standing(counters, Glance(7, 2, 1)).said("the disk is slow", alarming=True).said("Noted")
    assert (standing.time, standing.steps) == ("1:02:05", "7 steps")
    said = standing.words.split(" · ")
    assert said[0].startswith("Paused")
    assert said[1:] == [
        "the disk is slow",
        "1 password hidden",
        "excluded windows left out 2 times",
        "2 inputs lost",
    ]


def test_the_pill_comes_back_where_it_was_dragged_to(core, tmp_path, until) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    pill = Pill(core, state)
    pill.appear()
    begin_at = pill.pos()
    QTest.mousePress(pill, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    QTest.mouseMove(pill, QPoint(34, 54))
    QTest.mouseRelease(pill, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    dragged = pill.pos()
    pill.disappear()
    other = Pill(core, state)
    other.appear()
    assert dragged == begin_at + QPoint(30, 50)
    assert other.pos() == dragged
    other.disappear()


def test_every_button_of_the_pill_has_a_name_and_can_be_reached_by_tab(core, tmp_path) -> None:
    pill = Pill(core, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    buttons = pill.findChildren(QToolButton)
    assert len(buttons) == 5
    assert all(button.accessibleName() and button.toolTip() for button in buttons)
    assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in buttons)


def test_the_page_in_the_window_pauses_and_stops_as_the_pill_does(core, shown) -> None:
    during = shown(DuringPage(core))
    asked: list[str] = []
    during.asked.connect(lambda command: asked.append(type(command).__name__))
    click(during, QPushButton, "Pause")
    during.show_standing(Standing(Counters(paused=True)))
    click(during, QPushButton, "Resume")
    click(during, QPushButton, "Stop and review")
    assert asked == ["Pause", "Resume", "Stop"]
