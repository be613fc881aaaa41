"""Hidden windows are unreadable in frames, and nothing else is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.covering import GREY, paint_over, visible_parts
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect

RECTS = st.builds(Rect, st.integers(-9, 20), st.integers(-9, 20), st.integers(0, 20), st.integers(0, 20))


def _pixels(rect: Rect) -> set[Point]:
    return {Point(x, y) for x in range(rect.x, rect.right) for y in range(rect.y, rect.bottom)}


@given(RECTS, st.lists(RECTS, max_size=4))
def test_visible_parts_are_exactly_the_pixels_that_no_window_above_covers(window: Rect, above: list[Rect]) -> None:
    parts = visible_parts(window, above)
    expected = _pixels(window).difference(*map(_pixels, above))
    found = [pixel for part in parts for pixel in _pixels(part)]
    assert set(found) == expected
    assert len(found) == len(expected), "parts overlap"


@given(st.lists(RECTS, max_size=4))
def test_painting_changes_the_regions_and_nothing_else(regions: list[Rect]) -> None:
    frame = Frame(np.zeros((20, 30, 4), np.uint8), Point(-5, -5), 0)
    paint_over(frame, regions)
    painted = set().union(*map(_pixels, regions)) if regions else set()
    for pixel in _pixels(frame.bounds):
        value = tuple(frame.pixels[pixel.y + 5, pixel.x + 5])
        assert value == (GREY if pixel in painted else (0, 0, 0, 0))
