"""A person takes over on a private desktop and acts in its live picture."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.qt.parts.pictures import Picture
from ui.qt.run.acting import ActingInPicture
from ui.qt.run.point_view import PointView
from workbench import events
from workbench.desktop.hand import KeyDown, KeyUp, LetGo, Move, Press, Release, Scroll, Write
from workbench.geometry import Point

PATIENCE_S = 90.0
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Recorded(list):
    """A hand that only remembers."""

    do = list.append


@pytest.fixture
def view(shown):
    made = shown(PointView("Screen"), 400, 300)
    made.show_point(Picture(QImage(800, 600, QImage.Format.Format_RGB32), Point(0, 0)), None, colour="")
    return made


@pytest.fixture
def acts(view):
    hand, acting = Recorded(), ActingInPicture(view)
    acting.lend(hand)
    view.acting = acting
    return hand


def place(view, x: int, y: int) -> QPoint:
    return view.mapFromScene(QPointF(x, y))


def test_a_click_goes_to_the_place_of_the_desktop_that_the_picture_shows_there(view, acts):
    QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=place(view, 200, 100))
    at, press, again, release = acts
    assert (press, release, again) == (Press("right"), Release("right"), at)
    assert Point(at.x_px, at.y_px).distance(Point(200, 100)) <= 2


def test_a_drag_that_leaves_the_picture_stays_at_its_edge_and_off_the_corner_that_stops_everything(view, acts):
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place(view, 20, 20))
    QTest.mouseMove(view.viewport(), place(view, -50, -50))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=place(view, -50, -50))
    assert acts[-2:] == [Move(1, 0), Release("left")]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(view, -50, 900))
    assert [act for act in acts if isinstance(act, Press)] == [Press("left")]


def test_characters_are_typed_and_other_keys_are_pressed_and_held(view, acts):
    QTest.keyClicks(view, "aß")
    QTest.keyClick(view, Qt.Key.Key_C, CTRL)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    typed = [act for act in acts if isinstance(act, Write)]
    assert typed == [Write("a"), Write("ß")]
    pressed = [(type(act), act.key) for act in acts if isinstance(act, KeyDown | KeyUp)]
    chord = [(KeyDown, "ctrl"), (KeyDown, "c"), (KeyUp, "c"), (KeyUp, "ctrl")]
    assert pressed == [*chord, (KeyDown, "Tab"), (KeyUp, "Tab"), (KeyDown, "Next"), (KeyUp, "Next")]
    assert QApplication.focusWidget() in (view, None), "Tab has left the view"


def test_small_turns_of_the_wheel_add_up_to_notches_with_down_as_positive(view, acts):
    for turn in (-80, -80, 240):
        event = QWheelEvent(
            QPointF(9, 9), QPointF(9, 9), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, NONE,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)
    assert acts == [Scroll(0, 1), Scroll(0, -1)]


def test_one_key_gives_the_keyboard_back_and_what_is_held_is_let_go(view, acts):
    given = []
    view.acting.left.connect(lambda: given.append(True))
    QTest.keyPress(view, Qt.Key.Key_Alt, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(view, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    assert given == [True]
    assert acts == [KeyDown("alt"), KeyDown("shift"), LetGo()]


def test_without_a_hand_the_view_is_the_windows_again(view, acts):
    view.acting.lend(None)
    assert acts == [LetGo()]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(view, 200, 100))
    QTest.keyClicks(view, "a")
    assert acts == [LetGo()]


@pytest.mark.slow
def test_a_person_who_took_over_clicks_and_types_in_the_live_picture_and_the_agent_is_told_what_changed(
    room, mind, script, until
):
    model = mind(script.seven, script.finish)
    heard, pane = [], room.stage.pane
    room.helm.heard.connect(heard.append)
    room.entered()
    until(lambda: room.brief._model.findText("planned") >= 0)
    room.brief._model.setCurrentText("planned")
    room.open("press 8 and then 5")
    room.brief._apps.setText("galculator")
    room.brief._size.setText("640x480")
    QTest.keyClick(room.brief._task, Qt.Key.Key_Return, CTRL)

    def waits(kind: str) -> None:
        until(lambda: room.helm.waiting and room.helm.waiting.kind == kind, within_s=PATIENCE_S)
        if kind == "decision":
            until(room.stage.question._pages.isEnabled)

    waits("decision")
    elements = room.helm.waiting.asked.event.elements
    eight, erase = (next(one for one in elements if one.name == name).bounds for name in ("8", "<-"))
    QTest.keyClick(room.stage.list, Qt.Key.Key_T)
    waits("hands")
    until(lambda: pane.view.covers(pane.view.rect().center()) and pane._toggle.isChecked())
    assert pane._words.text() == "Click and type here. Shift+F12 gives the keyboard back."
    spot = pane.view.mapFromScene(QPointF(eight.centre.x, eight.centre.y))
    number = (erase.x, erase.y - 2 * erase.height, erase.width, erase.height)
    shown = pane.view.mapFromScene(*number).boundingRect()
    zero = pane.view.grab(shown).toImage()
    QTest.mouseMove(pane.view.viewport(), spot)
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    until(lambda: not room.stage.question._settling.isActive())
    assert room.window().focusWidget() is pane.view, "what is typed next would answer the question"
    until(lambda: pane.view.grab(shown).toImage() != zero, within_s=PATIENCE_S)  # as a person sees that it arrived
    eight = pane.view.grab(shown).toImage()
    QTest.keyClicks(pane.view, "5")
    until(lambda: pane.view.grab(shown).toImage() != eight, within_s=PATIENCE_S)
    room.helm.go_on()
    assert room.helm.hand is None
    until(lambda: not room.helm.running, within_s=PATIENCE_S)

    (told,) = [event for event in heard if isinstance(event, events.TakeOverEnded)]
    assert "the person took over" in told.words
    assert "of the picture changed" in told.words
    assert told.words in model.prompts[-1]
    assert "85" in model.prompts[-1]
    assert heard[-1].outcome == "finished"
    assert room.core.notices.shown == []
