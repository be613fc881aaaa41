"""What changed on the screen is said as few tight rectangles."""

import numpy as np

from recorder.changes import MOST_REGIONS, changed_regions
from workbench.desktop.ports import Frame, Pixels
from workbench.geometry import Point, Rect


def frame(pixels: Pixels) -> Frame:
    return Frame(pixels, Point(-100, 0), 0)


def blank() -> Pixels:
    return np.zeros((200, 300, 4), np.uint8)


def test_nothing_changed_gives_no_region() -> None:
    assert changed_regions(frame(blank()), frame(blank())) == ()


def test_changes_far_apart_are_regions_of_their_own_in_desktop_pixels() -> None:
    after = blank()
    after[10:20, 10:30] = 200
    after[150:190, 200:290] = 200
    assert changed_regions(frame(blank()), frame(after)) == (Rect(100, 150, 90, 40), Rect(-90, 10, 20, 10))


def test_changes_next_to_each_other_are_one() -> None:
    after = blank()
    after[10:20, 10:18] = 200
    after[10:20, 22:30] = 200
    assert changed_regions(frame(blank()), frame(after)) == (Rect(-90, 10, 20, 10),)


def test_what_compression_or_antialiasing_leave_is_no_change() -> None:
    after = blank()
    after[10:20, 10:30] = 5
    assert changed_regions(frame(blank()), frame(after)) == ()


def test_a_desktop_of_another_size_changed_everywhere() -> None:
    larger = frame(np.zeros((300, 300, 4), np.uint8))
    assert changed_regions(frame(blank()), larger) == (larger.bounds,)


def test_only_the_largest_of_many_regions_are_kept() -> None:
    after = blank()
    for number in range(24):
        x, y = 40 * (number % 6), 45 * (number // 6)
        after[y : y + 4 + number, x : x + 5] = 200
    regions = changed_regions(frame(blank()), frame(after))
    assert len(regions) == MOST_REGIONS
    assert min(region.height for region in regions) > 4
