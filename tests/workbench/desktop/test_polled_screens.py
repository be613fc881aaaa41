"""Screens of systems that do not announce changes."""

import numpy as np

from workbench.desktop.covering import GREY
from workbench.desktop.polled_screens import PolledScreens
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect, Screen
from workbench.trajectory import Window


class Monitor:
    """A screen in memory: what it shows, and the windows on it."""

    def __init__(self) -> None:
        self.shown = [7]
        self.windows: list[tuple[Window, ...]] = [()]

    def capture(self) -> Frame:
        value = self.shown.pop(0) if len(self.shown) > 1 else self.shown[0]
        return Frame(np.full((10, 10, 4), value, np.uint8), Point(-4, 0), 0)

    def listed(self) -> tuple[Window, ...]:
        return self.windows.pop(0) if len(self.windows) > 1 else self.windows[0]

    def screens(self) -> PolledScreens:
        layout = (Screen("one", Rect(-4, 0, 10, 10)),)
        return PolledScreens(self.capture, lambda: layout, self.listed)


def _window(handle: int, bounds: Rect) -> Window:
    return Window("app", "title", bounds, handle=handle)


def test_waiting_without_a_picture_to_compare_with_says_that_things_may_have_changed() -> None:
    assert Monitor().screens().wait_for_change(0.0)


def test_a_part_is_cut_out_of_the_screen_where_it_stands() -> None:
    part = Monitor().screens().grab_part(Rect(-6, 8, 5, 5))
    assert part.bounds == Rect(-4, 8, 3, 2)
    assert (part.pixels == 7).all()


def test_a_still_screen_is_reported_as_still() -> None:
    screens = Monitor().screens()
    screens.grab()
    assert not screens.wait_for_change(0.0)


def test_a_change_while_waiting_ends_the_wait() -> None:
    monitor = Monitor()
    monitor.shown = [7, 7, 8]
    screens = monitor.screens()
    screens.grab()
    assert screens.wait_for_change(60.0)


def test_a_hidden_window_is_painted_only_where_it_can_be_seen() -> None:
    monitor = Monitor()
    monitor.windows = [(_window(1, Rect(-4, 0, 3, 3)), _window(2, Rect(-4, 0, 6, 6)))]
    screens = monitor.screens()
    screens.hide([2])
    pixels = screens.grab().pixels
    assert tuple(pixels[0, 0]) == (7, 7, 7, 7), "the window above was painted over"
    assert tuple(pixels[5, 5]) == GREY
    assert tuple(pixels[6, 6]) == (7, 7, 7, 7)


def test_a_hidden_window_that_moves_during_the_capture_is_painted_in_both_places() -> None:
    monitor = Monitor()
    monitor.windows = [(_window(1, Rect(-4, 0, 2, 2)),), (_window(1, Rect(2, 6, 2, 2)),)]
    screens = monitor.screens()
    screens.hide([1])
    pixels = screens.grab().pixels
    assert tuple(pixels[0, 0]) == GREY
    assert tuple(pixels[6, 6]) == GREY
