import subprocess
import sys
import threading

import pytest
from Xlib import X

from workbench.desktop.tips import outlast_tip
from workbench.desktop.x11 import hands
from workbench.errors import UnavailableError
from workbench.geometry import Point


def test_the_pointer_goes_where_it_is_put(desktop):
    for place in (Point(0, 0), Point(1279, 799), Point(640, 400), Point(641, 400)):
        desktop.pointer.move(place)
        assert desktop.pointer.position() == place


def test_a_place_off_the_screen_is_refused(desktop):
    with pytest.raises(UnavailableError, match=r"instead of \(5000, 10\)"):
        desktop.pointer.move(Point(5000, 10))


def test_the_pointer_arrives_once_a_window_manager_has_looked_at_the_press(desktop, canvas):
    window = canvas(100, 100)
    window.hold_presses()
    desktop.pointer.move(Point(150, 160))
    desktop.pointer.press("left")
    letting_go = threading.Timer(0.1, window.let_pass)
    letting_go.start()
    desktop.pointer.move(Point(170, 160))
    desktop.pointer.release("left")
    letting_go.join()
    assert desktop.pointer.position() == Point(170, 160)


def _tip(link, canvas):
    kind = link.get_atom("_NET_WM_WINDOW_TYPE_TOOLTIP")
    return canvas(120, 120, 80, 80, properties={"_NET_WM_WINDOW_TYPE": kind})


def test_a_tooltip_under_the_pointer_is_noticed_until_it_has_gone(desktop, canvas, link):
    canvas(100, 100)
    desktop.pointer.move(Point(150, 160))
    assert not desktop.pointer.on_tip()
    tip = _tip(link, canvas)
    assert desktop.pointer.on_tip()
    tip.hide()
    assert not desktop.pointer.on_tip()


def test_a_tooltip_is_waited_for_until_it_has_gone(desktop, canvas, link):
    tip, waits = _tip(link, canvas), []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            tip.hide()

    desktop.pointer.move(Point(150, 160))
    outlast_tip(desktop.pointer, pause)
    assert len(waits) == 3


def test_a_tooltip_that_stays_is_not_waited_for_for_ever(desktop, canvas, link):
    _tip(link, canvas)
    desktop.pointer.move(Point(150, 160))
    outlast_tip(desktop.pointer)
    assert desktop.pointer.on_tip()


@pytest.mark.parametrize(("button", "number"), [("left", 1), ("middle", 2), ("right", 3), ("back", 8), ("forward", 9)])
def test_every_button_is_pressed_and_released_in_place(desktop, canvas, button, number):
    window = canvas(100, 100)
    desktop.pointer.move(Point(150, 160))
    desktop.pointer.press(button)
    desktop.pointer.release(button)
    events = window.events(X.ButtonPress, X.ButtonRelease)
    assert [(event.type, event.detail) for event in events] == [(X.ButtonPress, number), (X.ButtonRelease, number)]
    assert {(event.root_x, event.root_y) for event in events} == {(150, 160)}


@pytest.mark.parametrize(("dx", "dy", "notches"), [(0, 2, [5, 5]), (0, -1, [4]), (2, 0, [7, 7]), (-1, 1, [5, 6])])
def test_the_wheel_turns_by_notches(desktop, canvas, dx, dy, notches):
    window = canvas(100, 100)
    desktop.pointer.move(Point(150, 160))
    desktop.pointer.scroll(dx, dy)
    assert [event.detail for event in window.events(X.ButtonPress)] == notches


def test_a_process_that_moved_the_pointer_of_one_display_refuses_another(desktop):
    desktop.pointer.move(Point(1, 1))
    with pytest.raises(UnavailableError, match="start another process"):
        hands.load(":4711")


def test_moving_loads_neither_opencv_nor_pillow_nor_tkinter(display):
    script = (
        "import sys; from workbench.desktop.x11 import hands; hands.load(sys.argv[1]).moveTo(3, 4); "
        "print(*(name for name in ('cv2', 'PIL', 'tkinter', 'pyscreeze', 'mouseinfo') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script, display], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_what_the_hands_leave_out_can_be_imported_afterwards(desktop):
    desktop.pointer.move(Point(1, 1))
    assert not [
        name for name in ("pyscreeze", "mouseinfo", "pymsgbox") if name in sys.modules and not sys.modules[name]
    ]
