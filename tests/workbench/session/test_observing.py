"""What an action changed on the screen is said as few tight rectangles, without what comes and goes by itself."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.ports import Frame, Pixels
from workbench.geometry import Point, Rect
from workbench.session.observing import LEAST_LEVELS, MOST_REGIONS, Moments, is_clearer_earlier, lasting_changes

EFFECT = Rect(20, 20, 60, 30)
TOOLTIP = Rect(100, 100, 80, 40)


def frame(pixels: Pixels) -> Frame:
    return Frame(pixels, Point(-100, 0), 0)


def blank() -> Pixels:
    return np.zeros((200, 300, 4), np.uint8)


def showing(*parts: Rect) -> Frame:
    """A frame with these parts of the desktop painted."""
    shown = frame(blank())
    for part in parts:
        shown.crop(part)[:] = 200
    return shown


def changes(before: Frame, after: Frame, earlier: Frame | None = None, later: Frame | None = None) -> tuple[Rect, ...]:
    return lasting_changes(Moments(before, after, earlier, later))


def test_nothing_changed_gives_no_region() -> None:
    assert changes(showing(), showing()) == ()


def test_changes_far_apart_are_regions_of_their_own_in_desktop_pixels() -> None:
    wide, small = Rect(100, 150, 90, 40), Rect(-90, 10, 20, 10)
    assert changes(showing(), showing(small, wide)) == (wide, small)


def test_changes_next_to_each_other_are_one() -> None:
    after = showing(Rect(-90, 10, 8, 10), Rect(-78, 10, 8, 10))
    assert changes(showing(), after) == (Rect(-90, 10, 20, 10),)


def test_what_compression_or_antialiasing_leave_is_no_change() -> None:
    after = blank()
    after[10:20, 10:30] = 5
    assert changes(showing(), frame(after)) == ()


def test_a_desktop_of_another_size_changed_everywhere() -> None:
    larger = frame(np.zeros((300, 300, 4), np.uint8))
    assert changes(showing(), larger) == (larger.bounds,)


def test_only_the_largest_of_many_regions_are_kept() -> None:
    places = [(-100 + 40 * (number % 6), 45 * (number // 6), number) for number in range(24)]
    regions = changes(showing(), showing(*(Rect(x, y, 5, 4 + number) for x, y, number in places)))
    assert len(regions) == MOST_REGIONS
    assert min(region.height for region in regions) > 4


def test_a_tooltip_that_stood_there_only_just_before_the_action_is_no_effect() -> None:
    before, after = showing(TOOLTIP), showing(EFFECT)
    assert set(changes(before, after)) == {EFFECT, TOOLTIP}
    assert changes(before, after, earlier=showing()) == (EFFECT,)


def test_what_is_gone_when_the_next_action_begins_is_no_effect() -> None:
    before, after = showing(), showing(EFFECT, TOOLTIP)
    assert changes(before, after, later=showing(EFFECT)) == (EFFECT,)


def test_closing_what_an_earlier_action_opened_is_an_effect() -> None:
    closed, opened = showing(), showing(TOOLTIP)
    assert changes(opened, closed, earlier=opened, later=closed) == (TOOLTIP,)


def test_an_effect_under_a_tooltip_that_went_counts() -> None:
    before, after = showing(TOOLTIP), showing()
    after.crop(TOOLTIP.grown(-10))[:] = 100
    assert changes(before, after, earlier=showing()) == (TOOLTIP,)


def test_an_effect_that_grows_until_the_next_action_counts() -> None:
    assert changes(showing(), showing(EFFECT), later=showing(EFFECT.grown(5))) == (EFFECT,)


def test_a_caret_is_no_effect() -> None:
    caret, narrow_list = Rect(0, 50, 2, 18), Rect(60, 20, 3, 120)
    assert changes(showing(), showing(caret, narrow_list)) == (narrow_list,)


def test_neighbours_of_another_size_explain_nothing() -> None:
    smaller = frame(np.zeros((50, 50, 4), np.uint8))
    assert changes(showing(TOOLTIP), showing(), smaller, smaller) == (TOOLTIP,)


def button(*others: Rect, surface: int = 60) -> Frame:
    """A button with a label, as bright as it is while the pointer is on it or not, and other things painted."""
    shown = showing()
    shown.crop(EFFECT)[:] = surface
    shown.crop(EFFECT.grown(-12))[:] = surface + 120
    for part in others:
        shown.crop(part)[:] = 250
    return shown


def test_the_place_is_seen_better_before_its_tooltip_came() -> None:
    tooltip = Rect(40, 46, 60, 30)
    moments = Moments(button(tooltip, surface=80), button(surface=80), button())
    assert is_clearer_earlier(moments, EFFECT.centre)


def test_what_covers_the_point_itself_is_what_was_meant() -> None:
    submenu = Rect(0, 0, 120, 90)
    assert not is_clearer_earlier(Moments(button(submenu), button(), button()), EFFECT.centre)


def test_an_earlier_picture_without_the_place_shows_nothing_better() -> None:
    tooltip = Rect(40, 46, 60, 30)
    assert not is_clearer_earlier(Moments(button(tooltip), button(), showing()), EFFECT.centre)


def test_where_nothing_came_and_went_the_picture_before_is_the_best() -> None:
    assert not is_clearer_earlier(Moments(button(), showing(), button()), EFFECT.centre)
    assert not is_clearer_earlier(Moments(button(TOOLTIP), button()), EFFECT.centre)


@given(
    parts=st.lists(
        st.builds(Rect, st.integers(-100, 150), st.integers(0, 150), st.integers(1, 49), st.integers(1, 49)), max_size=5
    ),
    gone=st.lists(
        st.builds(Rect, st.integers(-100, 150), st.integers(0, 150), st.integers(1, 49), st.integers(1, 49)), max_size=2
    ),
)
def test_the_same_changes_are_the_same_regions_on_a_larger_desktop(parts: list[Rect], gone: list[Rect]) -> None:
    before, after, earlier = showing(*gone), showing(*parts), showing(*parts[:1])
    found = changes(before, after, earlier)
    wide = [
        Frame(np.pad(one.pixels, ((40, 40), (60, 60), (0, 0))), Point(-160, -40), 0) for one in (before, after, earlier)
    ]
    assert changes(*wide) == found
    # a difference of less than is counted, far away, makes nothing but the area that is compared larger
    wide[1].pixels[:1, :1] = LEAST_LEVELS - 1
    assert changes(*wide) == found
