import os
import subprocess
from pathlib import Path

import pytest
from Xlib import X

from workbench.desktop.x11.connection import ask_all
from workbench.desktop.x11.windows import X11Windows
from workbench.geometry import Point, Rect


@pytest.fixture
def windows(link):
    return X11Windows(link)


def _titles(found) -> list[str]:
    return [window.title for window in found]


def test_managed_windows_are_told_topmost_first_with_application_title_and_process(windows, canvas, wait_until):
    for number in (1, 2):
        canvas(100 * number, 100, managed=True, name=f"window {number}", properties={"_NET_WM_PID": os.getpid()})
    wait_until(lambda: len(windows.all()) == 2, "both windows")
    found = windows.all()
    assert sorted(_titles(found)) == ["window 1", "window 2"]
    assert {(window.app, window.pid) for window in found} == {("canvas", os.getpid())}
    wait_until(lambda: windows.active() == windows.all()[0], "the focus on the topmost window")


def test_bounds_include_the_decorations(windows, canvas, wait_until):
    window = canvas(200, 200, 300, 100, managed=True)
    wait_until(lambda: windows.active() is not None, "an active window")
    frame = window.frame.get_geometry()
    found = windows.all()[0]
    assert found.bounds == Rect(frame.x, frame.y, frame.width, frame.height)
    assert found.bounds.height > 100


def test_shadows_do_not_count(windows, canvas, link):
    window = canvas(200, 200, 300, 100)
    atom = link.get_atom("_GTK_FRAME_EXTENTS")
    window.window.change_property(atom, link.get_atom("CARDINAL"), 32, [10, 10, 5, 15])
    assert windows.at(Point(250, 250)).bounds == Rect(210, 205, 280, 80)


def test_an_activated_window_comes_to_the_front(windows, canvas, wait_until):
    for number in (1, 2):
        canvas(100, 100, managed=True, name=f"window {number}")
    wait_until(lambda: len(windows.all()) == 2, "both windows")
    back = windows.all()[-1]
    windows.activate(back)
    wait_until(lambda: windows.active() == back, "the focus")
    wait_until(lambda: windows.all()[0] == back, "the order")


def test_the_topmost_window_under_a_point_is_found_pop_ups_included(windows, canvas, wait_until):
    canvas(100, 100, 300, 300, managed=True, name="below")
    wait_until(lambda: windows.active() is not None, "an active window")
    below = windows.all()[0].bounds
    inside = Point(below.x + 50, below.y + 60)
    assert windows.at(inside).title == "below"
    canvas(inside.x - 5, inside.y - 5, 20, 20, name="menu")
    assert windows.at(inside).title == "menu"
    assert windows.at(Point(below.x + 5, below.y + 2)).title == "below"
    assert windows.at(Point(1270, 790)) is None


def test_a_pop_up_that_lets_clicks_through_is_not_there(windows, canvas):
    canvas(100, 100, 100, 100, name="real")
    ghost = canvas(100, 100, 100, 100, name="ghost")
    assert windows.at(Point(150, 150)).title == "ghost"
    ghost.window.shape_rectangles(0, 2, 0, 0, 0, [])
    ghost.connection.sync()
    assert windows.at(Point(150, 150)).title == "real"


def test_titles_in_any_encoding_are_read(windows, canvas, link):
    window = canvas(100, 100)
    utf8 = link.get_atom("UTF8_STRING")
    window.window.change_property(link.get_atom("_NET_WM_NAME"), utf8, 8, "日本 – ä".encode())
    assert windows.at(Point(110, 110)).title == "日本 – ä"
    window.window.change_property(link.get_atom("_NET_WM_NAME"), utf8, 8, b"\xe4")
    assert windows.at(Point(110, 110)).title == "ä"


def test_a_window_without_a_class_is_called_after_its_process(windows, canvas, link):
    window = canvas(100, 100, properties={"_NET_WM_PID": os.getpid()})
    window.window.delete_property(link.get_atom("WM_CLASS"))
    name = Path("/proc/self/comm").read_text().strip().lower()
    assert windows.at(Point(110, 110)).app == name


def test_windows_that_vanish_are_left_out_silently(windows, canvas, capfd, wait_until):
    window = canvas(100, 100, managed=True, name="short-lived")
    wait_until(lambda: windows.all(), "the window")
    seen = windows.all()[0]
    window.destroy()
    assert windows._asked([seen.handle]) == [None]
    windows.activate(seen)
    wait_until(lambda: windows.all() == (), "the end of the window")
    wait_until(lambda: windows.at(Point(110, 110)) is None, "the end of its frame")
    assert capfd.readouterr().err == ""


def test_a_real_application_is_seen_at_once(windows, display, wait_until):
    process = subprocess.Popen(["xcalc", "-geometry", "+300+200"], env={**os.environ, "DISPLAY": display})
    try:
        wait_until(lambda: windows.active() is not None, "xcalc")
        found = windows.all()[0]
        assert (found.app, found.title) == ("xcalc", "Calculator")
        assert windows.at(found.bounds.centre) == found
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: windows.all() == (), "the end of xcalc")


def test_without_a_window_manager_the_bare_windows_count(servers, wait_until):
    from workbench.desktop.x11.connection import close, connect

    link = connect(servers("640x480x24"))
    windows = X11Windows(link)
    assert (windows.all(), windows.active(), windows.at(Point(5, 5))) == ((), None, None)
    made = []
    for number in (1, 2):
        window = link.screen().root.create_window(10 * number, 10, 50, 50, 0, 24, X.InputOutput, X.CopyFromParent)
        window.set_wm_name(f"bare {number}")
        window.map()
        made.append(window)
    link.sync()
    assert _titles(windows.all()) == ["bare 2", "bare 1"]
    windows.activate(windows.all()[-1])
    assert _titles(windows.all()) == ["bare 1", "bare 2"]
    assert windows.active().title == "bare 1"
    close(link)


def test_what_was_asked_before_is_told_anew_after_every_change(windows, canvas, link, wait_until):
    wait_until(lambda: windows.all() == (), "an empty desktop")
    window = canvas(100, 100, 200, 150, name="first")
    place = Point(150, 150)
    assert windows.at(place).title == "first"
    window.window.set_wm_name("second")
    assert windows.at(place).title == "second"
    window.window.configure(x=400)
    assert windows.at(place) is None
    assert windows.at(Point(450, 150)).bounds.x == 400
    above = canvas(420, 100, 200, 150, name="above")
    assert windows.at(Point(450, 150)).title == "above"
    window.raise_()
    assert windows.at(Point(450, 150)).title == "second"
    window.window.unmap()
    assert windows.at(Point(450, 150)).title == "above"
    above.destroy()
    assert windows.at(Point(450, 150)) is None


def test_the_active_window_is_told_anew_when_another_one_takes_the_focus(windows, canvas, wait_until):
    for number in (1, 2):
        canvas(100 * number, 100, managed=True, name=f"window {number}")
    wait_until(lambda: len(windows.all()) == 2, "both windows")
    wait_until(lambda: windows.active() == windows.all()[0], "an active window")
    other = windows.all()[1]
    windows.activate(other)
    wait_until(lambda: windows.active() == other, "the focus")


def test_nothing_is_asked_again_while_nothing_changes(windows, canvas, monkeypatch, wait_until):
    canvas(100, 100, managed=True, name="still")
    wait_until(lambda: windows.active() is not None, "an active window")
    asked = []
    monkeypatch.setattr(
        "workbench.desktop.x11.windows.ask_all", lambda questions: asked.extend(questions) or ask_all(questions)
    )

    def rounds_without_questions() -> bool:
        asked.clear()
        active = windows.active()
        assert windows.at(active.bounds.centre).handle == windows.all()[0].handle == active.handle
        return not asked

    wait_until(rounds_without_questions, "a desktop at rest that nothing is asked about")
