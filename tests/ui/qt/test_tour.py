"""The first three screens."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ui.qt.tour import SCREENS, Tour, tour_is_due


@pytest.fixture
def state(tmp_path):
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def tour(core, state, shown):
    return shown(Tour(core, state, shown(QWidget())), 560, 320)


def _press(tour, words):
    button = next(each for each in tour.findChildren(QPushButton) if each.text().replace("&", "") == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _headings(tour):
    said = [label.text() for label in tour.findChildren(QLabel) if label.isVisible()]
    return [heading for _, heading, _ in SCREENS if heading in said]


def test_three_screens_end_with_a_recording_and_are_not_shown_again(tour, state, core):
    wanted = []
    core.record_wanted.connect(lambda: wanted.append(1))
    assert tour_is_due(state)
    seen = [_headings(tour)]
    for words in ("Next", "Back", "Next", "Next"):
        _press(tour, words)
        seen.append(_headings(tour))
    names = [heading for _, heading, _ in SCREENS]
    assert seen == [[names[0]], [names[1]], [names[0]], [names[1]], [names[2]]]
    assert wanted == []
    _press(tour, "Record something now")
    assert (wanted, tour_is_due(state)) == ([1], False)


def test_it_can_be_left_by_escape_without_a_recording(tour, state, core):
    wanted = []
    core.record_wanted.connect(lambda: wanted.append(1))
    QTest.keyClick(tour, Qt.Key.Key_Escape)
    assert (wanted, tour.isVisible(), tour_is_due(state)) == ([], False, False)


def test_the_emergency_stop_is_told_as_it_is_set(core, state, shown, until):
    core.change("replay.emergency_hotkey", "ctrl+alt+q")
    until(lambda: core.settings.replay.emergency_hotkey == "ctrl+alt+q")
    tour = shown(Tour(core, state, shown(QWidget())))
    assert any("Ctrl+Alt+Q stops everything" in label.text() for label in tour.findChildren(QLabel))


def test_no_word_of_any_screen_is_cut_however_large_the_letters_are(core, state, shown):
    parent = QWidget(styleSheet="QLabel { font-size: 24px }")
    tour = shown(Tour(core, state, shown(parent)), 560, 200)
    for heading in [heading for _, heading, _ in SCREENS]:
        assert _headings(tour) == [heading]
        words = tour.findChild(QWidget, heading).findChildren(QLabel)[-1]
        assert words.height() >= words.heightForWidth(words.width())
        if heading != SCREENS[-1][1]:
            _press(tour, "Next")
