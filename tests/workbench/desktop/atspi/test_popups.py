"""What Qt shows in windows that it does not list: seen in its place while open, and not at all while closed."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.geometry import Point
from workbench.trajectory import Element, Window

pytest.importorskip("PySide6.QtCore", reason="the window is an extra: pip install .[window]")

PROGRAM = Path(__file__).resolve().parents[3] / "apps" / "qt_popups.py"
APP = "qt_popups"
RIGHT = 3


@pytest.fixture(scope="module")
def program(stage: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    log = tmp_path_factory.mktemp("popups") / "log"
    launched = stage.desktop.launch(shlex.join([sys.executable, str(PROGRAM), str(log)]))
    yield stage.window(APP)
    stage.end(launched.pid)


def popup_at(stage: Any, point: Point, program: Window) -> Window:
    """The pop-up window that opens there."""
    found = stage.until(lambda: (seen := stage.windows.at(point)) and seen.handle != program.handle and seen)
    assert found, "nothing opened"
    return found  # type: ignore[no-any-return]  # what the stage answers has no type


def shown(stage: Any, role: str, name: str) -> list[Element]:
    found: list[Element] = stage.accessibility.find(app=APP, role=role, name=name)
    return found


def combo(stage: Any, value: str) -> Element:
    """The combo box that shows this value; a walk that ran out of time is repeated."""

    def shown() -> Element | None:
        return next((one for one in stage.accessibility.walk(APP) if one.value == value), None)

    found: Element = stage.until(shown)
    return found


def close(stage: Any, role: str, name: str) -> None:
    """Press Escape until it is gone."""

    def gone() -> bool:
        stage.hand.press("Escape")
        return not stage.answered(lambda: shown(stage, role, name))

    assert stage.until(gone)


def assert_seen(stage: Any, element: Element, popup: Window, program: Window) -> None:
    """The element is found at its own place, whichever window is asked about, inside the pop-up that shows it."""
    assert popup.bounds.intersection(element.bounds) == element.bounds
    for window in (popup, program, None):
        assert stage.at(element.bounds.centre, window) == element


def test_a_line_of_an_open_combo_box_is_where_it_is_seen_and_a_closed_one_has_none(stage: Any, program: Window) -> None:
    assert not shown(stage, "list item", "Blue")
    box = combo(stage, "Red")
    stage.hand.click(box.bounds.centre)
    blue = stage.named(APP, "list item", "Blue")
    assert [node.role for node in blue.path[-2:]] == ["combo box", "list"]
    assert blue.window == program.title
    assert_seen(stage, blue, popup_at(stage, blue.bounds.centre, program), program)
    walked = stage.answered(lambda: list(stage.accessibility.walk(APP)))
    assert [(one.bounds, one.index) for one in walked if one.name == "Blue"] == [(blue.bounds, 2)]
    close(stage, "list item", "Blue")


def test_lines_that_a_long_list_does_not_show_have_no_place(stage: Any, program: Window) -> None:
    stage.hand.click(combo(stage, "Athens").bounds.centre)
    bergen = stage.named(APP, "list item", "Bergen")
    popup = popup_at(stage, bergen.bounds.centre, program)
    lines = stage.answered(lambda: stage.accessibility.find(app=APP, role="list item"))
    assert [one.name for one in lines if popup.bounds.intersection(one.bounds) != one.bounds] == []
    assert "Lyon" not in [one.name for one in lines]
    close(stage, "list item", "Bergen")


def test_the_menu_of_a_button_is_found_though_qt_lists_it_nowhere(stage: Any, program: Window) -> None:
    stage.hand.click(stage.named(APP, "push button", "More").bounds.centre)
    beta = stage.named(APP, "menu item", "Beta")
    assert (beta.window, [node.role for node in beta.path]) == ("", ["popup menu"])
    assert_seen(stage, beta, popup_at(stage, beta.bounds.centre, program), program)
    walked = stage.answered(lambda: list(stage.accessibility.walk(APP)))
    assert len([one for one in walked if one.name == "Beta"]) == 1
    close(stage, "menu item", "Beta")
    assert "Beta" not in [one.name for one in stage.accessibility.walk(APP)]


def test_a_context_menu_and_the_menu_in_it_are_found(stage: Any, program: Window) -> None:
    for _ in range(2):
        stage.hand.click(stage.named(APP, "label", "Here").bounds.centre, RIGHT)
        deeper = stage.named(APP, "menu item", "Deeper")
        assert_seen(stage, deeper, popup_at(stage, deeper.bounds.centre, program), program)
        stage.hand.click(deeper.bounds.centre)
        deep = stage.named(APP, "menu item", "Deep")
        assert [node.name for node in deep.path if node.role == "menu item"] == ["Deeper"]
        assert_seen(stage, deep, popup_at(stage, deep.bounds.centre, program), program)
        close(stage, "menu item", "Deeper")


def test_an_item_of_a_menu_bar_is_found_also_where_its_main_window_is_asked_about(stage: Any, program: Window) -> None:
    stage.hand.click(stage.named(APP, "menu item", "File").bounds.centre)
    new = stage.named(APP, "menu item", "New")
    assert [node.name for node in new.path if node.role == "menu item"] == ["File"]
    assert_seen(stage, new, popup_at(stage, new.bounds.centre, program), program)
    close(stage, "menu item", "New")
