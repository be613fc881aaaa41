import threading

import numpy as np
import pytest

from workbench.desktop.dry import Deed, DryDesktop
from workbench.desktop.ports import Desktop
from workbench.geometry import Point, Rect, Screen
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Window

SMALL = Screen("small", Rect(-10, 0, 30, 20), primary=True)
FRONT = Window("editor", "front", Rect(0, 0, 10, 10), handle=1)
BACK = Window("browser", "back", Rect(5, 5, 10, 10), handle=2)
BOX = Element("editor", "front", "panel", "box", Rect(0, 0, 10, 10))
BUTTON = Element("editor", "front", "push button", "OK", Rect(2, 2, 4, 4), states=("focused",), ref=(":1", "/1"))


def _picture(value: int) -> np.ndarray:
    return np.full((20, 30, 4), value, np.uint8)


def _act(desktop: Desktop) -> None:
    desktop.pointer.move(Point(3, 4))
    desktop.pointer.press("left")
    desktop.pointer.release("left")
    desktop.pointer.scroll(0, 2)
    desktop.keyboard.press("ctrl")
    desktop.keyboard.release("ctrl")
    desktop.keyboard.type_text("hello")
    desktop.keyboard.release_all()
    desktop.windows.activate(BACK)


DEEDS = [
    Deed("pointer.move", Point(3, 4)),
    Deed("pointer.press", Point(3, 4), "left"),
    Deed("pointer.release", Point(3, 4), "left"),
    Deed("pointer.scroll", Point(3, 4), dy=2),
    Deed("keyboard.press", name="ctrl"),
    Deed("keyboard.release", name="ctrl"),
    Deed("keyboard.type_text", text="hello"),
    Deed("windows.activate", name="back"),
]


def test_every_deed_is_written_down_in_order():
    dry = DryDesktop(windows=(FRONT, BACK))
    _act(dry.desktop)
    assert dry.deeds == DEEDS


def test_the_pointer_is_where_it_would_be():
    dry = DryDesktop(screens=(SMALL,))
    assert dry.desktop.pointer.position() == SMALL.bounds.centre
    dry.desktop.pointer.move(Point(3, 4))
    assert dry.desktop.pointer.position() == Point(3, 4)


def test_typed_text_is_not_part_of_a_deeds_representation():
    assert "hello" not in repr(DEEDS[6])


def test_frames_are_served_in_turn_and_the_last_one_stays():
    screens = DryDesktop(frames=(_picture(1), _picture(2)), screens=(SMALL,)).desktop.screens
    assert [screens.grab().pixels[0, 0, 0] for _ in range(3)] == [1, 2, 2]


def test_a_frame_belongs_to_whoever_grabbed_it():
    screens = DryDesktop(frames=(_picture(1),), screens=(SMALL,)).desktop.screens
    frame = screens.grab()
    assert frame.origin == Point(-10, 0)
    frame.pixels[:] = 9
    assert screens.grab().pixels[0, 0, 0] == 1


def test_without_frames_there_is_a_picture_of_the_right_size():
    assert DryDesktop(screens=(SMALL,)).desktop.screens.grab().bounds == SMALL.bounds


def test_hidden_windows_are_painted_over():
    screens = DryDesktop(frames=(_picture(1),), screens=(SMALL,), windows=(FRONT,)).desktop.screens
    screens.hide([1, 99])
    frame = screens.grab()
    assert (frame.crop(FRONT.bounds)[:, :, :3] == 128).all()
    assert (frame.crop(Rect(-10, 0, 10, 20)) == 1).all()


def test_waiting_ends_when_another_picture_is_shown():
    dry = DryDesktop(frames=(_picture(1),), screens=(SMALL,))
    screens = dry.desktop.screens
    assert screens.wait_for_change(0)
    screens.grab()
    assert not screens.wait_for_change(0.01)
    threading.Timer(0.01, dry.screens.show, [_picture(2)]).start()
    assert screens.wait_for_change(20)
    assert [screens.grab().pixels[0, 0, 0] for _ in range(2)] == [1, 2]


def test_windows_are_topmost_first_and_activating_brings_to_the_top():
    windows = DryDesktop(windows=(FRONT, BACK)).desktop.windows
    assert (windows.active(), windows.at(Point(6, 6)), windows.at(Point(99, 99))) == (FRONT, FRONT, None)
    windows.activate(BACK)
    assert (windows.active(), windows.at(Point(6, 6)), windows.all()) == (BACK, BACK, (BACK, FRONT))


def test_elements_are_found_by_place_name_and_focus():
    accessibility = DryDesktop(elements=(BOX, BUTTON)).desktop.accessibility
    assert accessibility.element_at(Point(3, 3), FRONT) == BUTTON
    assert accessibility.element_at(Point(9, 9), None) == BOX
    assert accessibility.element_at(Point(3, 3), BACK) is None
    assert accessibility.focused() == BUTTON
    assert accessibility.find(app="editor", role="push button", name="OK") == [BUTTON]
    assert accessibility.find(app="editor", limit=1) == [BOX]
    assert list(accessibility.walk("browser")) == []
    assert accessibility.refresh(BUTTON) == BUTTON
    assert accessibility.speaks_for("editor")
    assert not accessibility.speaks_for("browser")


def test_the_observer_hears_what_it_is_told_until_it_is_stopped():
    dry, heard = DryDesktop(), []
    event = InputEvent(0, 1, "move", Point(1, 1))
    dry.observer.emit(event)
    dry.desktop.observer.start(heard.append)
    dry.observer.emit(event)
    dry.desktop.close()
    dry.observer.emit(event)
    assert heard == [event]


def test_over_a_real_desktop_everything_is_seen_and_nothing_done():
    real = DryDesktop(frames=(_picture(7),), screens=(SMALL,), windows=(FRONT, BACK), elements=(BUTTON,))
    dry = DryDesktop(real.desktop)
    assert dry.desktop.backend == "dry"
    assert dry.desktop.screens.grab().pixels[0, 0, 0] == 7
    assert dry.desktop.accessibility.focused() == BUTTON
    assert dry.desktop.pointer.position() == real.desktop.pointer.position()
    _act(dry.desktop)
    assert dry.deeds == DEEDS
    assert real.deeds == []
    assert dry.desktop.windows.active() == FRONT


def test_closing_over_a_real_desktop_closes_that_too():
    real, heard = DryDesktop(), []
    dry = DryDesktop(real.desktop)
    dry.desktop.observer.start(heard.append)
    dry.desktop.close()
    real.observer.emit(InputEvent(0, 1, "move"))
    assert heard == []


@pytest.mark.parametrize("button", ["left", "middle", "right", "back", "forward"])
def test_every_button_can_be_pressed(button):
    dry = DryDesktop()
    dry.desktop.pointer.press(button)
    assert dry.deeds[0].name == button
