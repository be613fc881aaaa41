"""What real applications say about themselves, asked while they run, hang and die."""

import importlib.util
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from workbench.desktop.atspi import open_accessibility
from workbench.geometry import Point
from workbench.trajectory import Window

CHROMIUM = "chromium --no-sandbox --force-renderer-accessibility --no-first-run --password-store=basic --disable-gpu"
SECRET = "open sesame"


@pytest.fixture(scope="module")
def chromium(stage: Any, tmp_path_factory: pytest.TempPathFactory) -> Window:
    page = Path(__file__).parent / "page.html"
    profile = tmp_path_factory.mktemp("profile")
    stage.desktop.launch(f"{CHROMIUM} --user-data-dir={profile} {page.as_uri()}")
    (window,) = stage.until(lambda: [window for window in stage.windows.all() if "chromium" in window.app])
    stage.named(window.app, "password text", "Secret word")
    return window


def test_the_element_under_a_point_is_described_with_its_way_down_from_the_window(stage: Any) -> None:
    window = stage.window("galculator")
    seven = stage.named("galculator", "toggle button", "7")
    seen = stage.at(seven.bounds.centre, window)
    assert seen == seven
    assert (seen.app, seen.window, seen.name) == (window.app, window.title, "7")
    assert seen.path[0].role == "frame"
    assert {"enabled", "showing"} <= set(seen.states)
    assert list(seen.states) == sorted(seen.states)


def test_without_a_window_the_one_under_the_point_is_taken(stage: Any) -> None:
    stage.window("galculator")
    seven = stage.named("galculator", "toggle button", "7")
    assert stage.at(seven.bounds.centre, None) == seven


def test_every_button_is_found_at_its_own_centre(stage: Any) -> None:
    window = stage.window("galculator")
    buttons = stage.answered(lambda: stage.accessibility.find(app="galculator", role="toggle button"))
    assert len(buttons) == 27
    assert [stage.at(one.bounds.centre, window) for one in buttons] == buttons


def test_a_text_below_a_tab_that_its_toolkit_does_not_point_to_is_found(stage: Any) -> None:
    window = stage.window("mousepad")
    seen = stage.at(window.bounds.centre, window)
    assert seen.role == "text"
    assert "page tab list" in [node.role for node in seen.path]


def test_an_item_of_an_open_menu_is_found_and_a_closed_menu_has_none(stage: Any) -> None:
    stage.window("galculator")
    menu = stage.named("galculator", "menu", "Edit")
    assert not stage.accessibility.find(app="galculator", role="menu item", name="Preferences...")
    stage.hand.click(menu.bounds.centre)
    item = stage.named("galculator", "menu item", "Preferences...")
    at = item.bounds.centre
    popup = stage.until(lambda: (found := stage.windows.at(at)) and found.bounds.height < 150 and found)
    seen = stage.at(at, popup)
    stage.hand.press("Escape")
    assert stage.until(lambda: not stage.accessibility.find(app="galculator", role="menu item", name="Preferences..."))
    assert seen == item
    assert [node.name for node in seen.path][-1] == "Edit"


def test_typed_text_can_be_read_back(stage: Any) -> None:
    window = stage.window("mousepad")
    field = stage.at(window.bounds.centre, window)
    stage.hand.click(window.bounds.centre)
    for key in "abc":
        stage.hand.press(key)
    assert stage.until(lambda: (seen := stage.accessibility.refresh(field)) and seen.value == "abc")
    focused = stage.until(lambda: stage.answered(stage.accessibility.focused))
    assert (focused.app, focused.value, focused.password) == ("mousepad", "abc", False)


def test_the_focus_is_seen_wherever_it_goes(stage: Any) -> None:
    stage.window("mousepad")
    assert stage.until(lambda: (focus := stage.accessibility.focused()) and focus.app == "mousepad")
    stage.window("galculator")
    stage.hand.click(stage.named("galculator", "toggle button", "7").bounds.centre)
    assert stage.until(
        lambda: (focus := stage.accessibility.focused()) and (focus.app, focus.name) == ("galculator", "7")
    )


def test_where_an_application_says_nothing_the_focus_is_unknown(stage: Any) -> None:
    window = stage.window("xcalc")
    assert stage.accessibility.focused() is None
    assert stage.accessibility.element_at(window.bounds.centre, window) is None
    assert not stage.accessibility.speaks_for("xcalc")


def test_applications_on_the_bus_speak_and_others_do_not(stage: Any) -> None:
    assert stage.until(lambda: stage.accessibility.speaks_for("galculator"))
    assert not stage.accessibility.speaks_for("no-such-application")


def test_a_walk_meets_every_showing_element_once_and_parents_first(stage: Any) -> None:
    elements = stage.answered(lambda: list(stage.accessibility.walk("galculator")))
    refs = [element.ref for element in elements]
    assert len(set(refs)) == len(refs) > 40
    assert elements[0].role == "frame"
    assert all("showing" in element.states for element in elements)
    depths = [len(element.path) for element in elements]
    assert all(deeper <= depth + 1 or depth == 0 for depth, deeper in pairwise(depths))


def test_finding_and_walking_name_the_same_elements_in_the_same_order(stage: Any) -> None:
    walked = stage.answered(lambda: list(stage.accessibility.walk("galculator")))
    found = stage.answered(lambda: stage.accessibility.find(app="galculator", role="toggle button"))
    assert [one.ref for one in found] == [one.ref for one in walked if one.role == "toggle button"]


def test_finding_stops_at_its_limit_and_knows_no_role_that_there_is_not(stage: Any) -> None:
    found = stage.answered(lambda: stage.accessibility.find(app="galculator", role="toggle button", limit=3))
    assert len(found) == 3
    assert stage.accessibility.find(app="galculator", role="no such role") == []
    assert stage.accessibility.find(app="galculator", role="toggle button", name="no such name") == []


def test_a_lazy_walk_can_be_left_and_others_asked_meanwhile(stage: Any) -> None:
    def left_and_gone_on() -> tuple[Any, Any, list[Any]]:
        walk = stage.accessibility.walk("galculator")
        return next(walk, None), stage.named("galculator", "toggle button", "7"), [element.ref for element in walk]

    first, seven, refs = stage.answered(left_and_gone_on)
    assert first.role == "frame"
    assert seven.ref in refs


@pytest.mark.parametrize("toolkit", ["gtk", "qt"])
def test_a_password_field_is_known_as_one_and_its_value_is_never_told(stage: Any, toolkit: str) -> None:
    if toolkit == "qt" and not importlib.util.find_spec("PySide6"):
        pytest.skip("PySide6 (extra: window) is not installed")
    pid, app = stage.form(toolkit)
    (secret,) = stage.until(lambda: stage.answered(lambda: stage.accessibility.find(app=app, role="password text")))
    assert secret.password
    assert secret.value is None
    assert "Secret word" in (secret.name, secret.label)
    walked = stage.answered(lambda: list(stage.accessibility.walk(app)))
    assert SECRET not in repr(walked)
    user = next(one for one in walked if one.value == "ann")
    assert (user.role, user.password) == ("text", False)
    assert "User" in (user.name, user.label)
    stage.hand.click(secret.bounds.centre)
    assert stage.until(lambda: (focus := stage.accessibility.focused()) and focus.password)
    stage.hand.click(user.bounds.centre)
    assert stage.until(lambda: (focus := stage.accessibility.focused()) and not focus.password)
    stage.end(pid)


def test_headers_of_a_qt_table_are_found_though_qt_does_not_point_to_them(stage: Any) -> None:
    if not importlib.util.find_spec("PySide6"):
        pytest.skip("PySide6 (extra: window) is not installed")
    pid, app = stage.form("qt")
    header = stage.named(app, "table column header", "Amount")
    window = next(window for window in stage.windows.all() if window.app == app)
    assert stage.at(header.bounds.centre, window).name == "Amount"
    stage.end(pid)


def test_a_page_in_a_browser_is_seen_below_its_document(stage: Any, chromium: Window) -> None:
    window = stage.window(chromium.app)
    user = stage.named(window.app, "entry", "User name")
    assert stage.at(user.bounds.centre, window) == user
    assert "document web" in [node.role for node in user.path]
    assert user.value == "ann"
    closes = stage.answered(lambda: stage.accessibility.find(app=window.app, role="push button", name="Close"))
    inside = [close for close in closes if "document web" in [node.role for node in close.path]]
    assert len(inside) == 1 < len(closes)


def test_a_choice_in_a_page_can_be_read_and_its_open_list_pointed_at(stage: Any, chromium: Window) -> None:
    window = stage.window(chromium.app)
    colour = stage.named(window.app, "combo box", "Colour")
    assert colour.value == "green"
    stage.hand.click(colour.bounds.centre)
    red = stage.named(window.app, "menu item", "red")
    at = red.bounds.centre
    popup = stage.until(lambda: (seen := stage.windows.at(at)) and seen.bounds.height < window.bounds.height and seen)
    assert stage.until(lambda: (seen := stage.accessibility.element_at(at, popup)) and seen.name == "red")
    stage.hand.press("Escape")
    assert stage.until(lambda: stage.windows.at(at).bounds.height == window.bounds.height)


def test_a_combo_box_is_not_called_after_what_is_chosen_in_it(stage: Any) -> None:
    pid, app = stage.form("gtk")
    colour = stage.named(app, "combo box", "")
    stage.end(pid)
    assert (colour.name, colour.label, colour.value) == ("", "Colour", "green")


def test_the_focus_in_a_page_tells_passwords_from_other_fields(stage: Any, chromium: Window) -> None:
    window = stage.window(chromium.app)
    secret = stage.named(window.app, "password text", "Secret word")
    assert (secret.password, secret.value) == (True, None)
    for role, name, is_secret in (
        ("password text", "Secret word", True),
        ("entry", "User name", False),
        ("password text", "Secret word", True),
        ("entry", "Address and search bar", False),
    ):
        stage.hand.click(stage.named(window.app, role, name).bounds.centre)
        focus = stage.until(lambda name=name: (seen := stage.accessibility.focused()) and seen.name == name and seen)
        assert (focus.role, focus.password) == (role, is_secret)
    assert SECRET not in repr(stage.answered(lambda: list(stage.accessibility.walk(window.app))))


def test_an_application_that_hangs_is_silent_and_does_not_hold_up_the_others(stage: Any) -> None:
    calculator, editor = stage.window("galculator"), stage.window("mousepad")
    seven = stage.named("galculator", "toggle button", "7")
    with stage.halted(calculator.pid):
        assert stage.accessibility.element_at(seven.bounds.centre, calculator) is None
        assert stage.accessibility.refresh(seven) is None
        assert stage.accessibility.find(app="galculator", role="toggle button") == []
        assert stage.accessibility.speaks_for("galculator") is None
        text = stage.until(lambda: stage.accessibility.element_at(editor.bounds.centre, editor))
        assert text.role == "text"
    assert stage.until(lambda: stage.accessibility.refresh(seven)) == seven


def test_an_application_that_died_has_no_elements(stage: Any) -> None:
    pid, app = stage.form("gtk")
    window = next(window for window in stage.windows.all() if window.app == app)
    button = stage.named(app, "push button", "Sign in")
    stage.end(pid)
    assert stage.accessibility.refresh(button) is None
    assert stage.accessibility.element_at(button.bounds.centre, window) is None
    assert list(stage.accessibility.walk(app)) == []
    assert stage.accessibility.find(app=app) == []


def test_without_windows_applications_go_by_their_own_name(stage: Any) -> None:
    stage.window("galculator")
    seven = stage.named("galculator", "toggle button", "7")
    alone = open_accessibility(stage.desktop.bus_address)
    assert alone
    seen = stage.until(lambda: alone.element_at(seven.bounds.centre, None))
    # another application may call its window active for a moment longer
    followed = stage.until(lambda: (focus := alone.focused()) and focus.app == "galculator")
    alone.close()
    assert seen
    assert (seen.app, seen.name) == ("galculator", "7")
    assert followed


def test_after_closing_everything_is_silent(stage: Any) -> None:
    closed = open_accessibility(stage.desktop.bus_address, windows=stage.windows)
    assert closed
    window = stage.window("galculator")
    closed.close()
    assert closed.element_at(window.bounds.centre, window) is None
    assert closed.focused() is None
    assert list(closed.walk("galculator")) == []


def test_a_bus_that_dies_silences_everything_and_raises_nothing(stage: Any) -> None:
    from workbench.desktop.private import PrivateDesktop

    with PrivateDesktop.start((640, 480)) as other:
        orphan = open_accessibility(other.bus_address)
    assert orphan
    assert orphan.element_at(Point(10, 10), None) is None
    assert orphan.focused() is None
    assert not orphan.speaks_for("galculator")
    orphan.close()


def test_windows_whose_process_is_hidden_are_told_by_title_and_place(stage: Any) -> None:
    window = stage.window("galculator")
    hidden = Window(window.app, window.title, window.bounds, pid=None, handle=None)
    bare = open_accessibility(stage.desktop.bus_address)
    assert bare
    seven = stage.named("galculator", "toggle button", "7")
    seen = stage.until(lambda: bare.element_at(seven.bounds.centre, hidden))
    bare.close()
    assert seen
    assert seen.name == "7"


def test_applications_say_by_themselves_that_something_of_theirs_changed(stage: Any) -> None:
    calculator = stage.window("galculator")
    assert stage.until(lambda: stage.accessibility.news() is not None)
    seven = stage.named("galculator", "toggle button", "7")
    before = stage.accessibility.news()
    stage.hand.click(seven.bounds.centre)
    assert stage.until(lambda: (news := stage.accessibility.news()) is not None and news > before)
    assert stage.windows.active().handle == calculator.handle


def test_looking_is_no_news(stage: Any) -> None:
    stage.window("mousepad")
    assert stage.until(lambda: stage.accessibility.news() is not None)
    assert stage.until(lambda: _looked_without_news(stage))


def _looked_without_news(stage: Any) -> bool:
    """Whether the application kept quiet while it was walked; what came before it may still say something."""
    before = stage.accessibility.news()
    assert list(stage.accessibility.walk("mousepad"))
    return bool(stage.accessibility.news() == before)


def test_nobody_is_taken_to_be_quiet_who_may_not_have_begun_to_speak(stage: Any) -> None:
    alone = open_accessibility(stage.desktop.bus_address)
    assert alone
    assert alone.news() is None
    assert stage.until(lambda: alone.news() is not None)
    alone.close()
    assert alone.news() is None
