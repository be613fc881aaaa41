"""The window at the smallest size it may have."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QWidget

from ui.qt.parts.legend import Legend
from ui.qt.window import BEHIND, RAIL, SMALLEST, MainWindow
from workbench.actions import Note, TypeText
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory

ENTRIES = [("#4f46e5", "element"), ("#9a5b00", "picture"), ("#17734a", "printed text"), ("#c62a2f", "point")]


@pytest.fixture
def window(core, shown, tmp_path):
    made = MainWindow(core, QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat))
    return shown(made, SMALLEST.width(), SMALLEST.height())


@pytest.mark.parametrize("room", [*RAIL, *BEHIND])
def test_every_room_fits_into_the_smallest_window(window, room, until):
    made = window.go(room)
    until(lambda: made.isVisible())
    assert window.size() == SMALLEST
    least = made.minimumSizeHint()
    assert least.width() <= made.width()
    assert least.height() <= made.height()


def test_the_rail_has_words_only_where_there_is_room_for_them(window, until):
    button = window._rail._buttons["library"]
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    assert button.toolTip() == "Library"
    narrow = window._rail.width()
    window.resize(1240, 800)
    until(lambda: button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    assert button.toolTip() == ""
    until(lambda: window._rail.width() > narrow)


def test_a_legend_takes_another_line_rather_than_cutting_a_word(shown):
    legend = shown(Legend(), 600, 60)
    legend.show_entries(ENTRIES)
    line = QLabel("x").sizeHint().height()
    assert legend.heightForWidth(600) < 2 * line
    assert legend.heightForWidth(200) >= 2 * line
    assert legend.accessibleName() == "element, picture, printed text, point"


def reached_by_tab(application, window) -> list[QWidget]:
    """What Tab leads to, one after the other, until it comes round."""
    order: list[QWidget] = []
    while (now := application.focusWidget()) is None or now not in order:
        order += [now] if now is not None else []
        assert len(order) < 200, "Tab never comes round"
        QTest.keyClick(now or window, Qt.Key.Key_Tab)
    return order


def part(widget: QWidget) -> bool:
    """Whether it is the line of a box, which has the focus for it."""
    return isinstance(widget.parent(), QAbstractSpinBox | QComboBox)


@pytest.mark.parametrize("room", [*RAIL, *BEHIND])
def test_tab_reaches_every_control_of_every_room(window, room, application, core, until, settled):
    with Library.open(core.library_folder) as library:
        steps = (Step("s1", TypeText("hello")), Step("s2", Note("there")))
        ones = [library.save(Trajectory(library.new_id(), title, steps)).id for title in ("One", "Other")]
    made = window.go(room)
    if room in BEHIND:
        made.open(*ones[: 2 if room == "comparison" else 1])
    settled()
    window.activateWindow()
    until(window.isActiveWindow)
    order = reached_by_tab(application, window)
    wanted = [
        each
        for each in made.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert wanted
    missed = [each for each in wanted if each not in order and each.focusProxy() not in order and not part(each)]
    assert [(type(each).__name__, each.accessibleName()) for each in missed] == []
    assert {*window._rail._buttons.values(), window._rail._record} <= set(order)
