"""The picture is always today's, however little of it was taken anew."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.dry import DryScreens
from workbench.desktop.ports import Frame, desktop_bounds
from workbench.geometry import Point, Rect, Screen
from workbench.session.keeping_up import Picture, differing, is_caret

WIDTH, HEIGHT = 32, 24

Painted = Any
"""The class of screens, as the fixture gives it."""


@st.composite
def places(draw: st.DrawFn) -> Rect:
    x, y = draw(st.integers(0, WIDTH - 1)), draw(st.integers(0, HEIGHT - 1))
    return Rect(x, y, draw(st.integers(1, WIDTH - x)), draw(st.integers(1, HEIGHT - y)))


deeds = st.lists(st.tuples(places(), st.integers(0, 3)), max_size=4)


@given(looks=st.lists(deeds, min_size=1, max_size=6))
def test_after_any_changes_the_picture_is_the_screen_and_tells_where_it_differs(
    painted: Painted,
    looks: list[list[tuple[Rect, int]]],
) -> None:
    screens = painted()
    picture = Picture(screens)
    picture.renew(screens.bounds)
    for paintings in looks:
        was = screens.pixels.copy()
        for place, shade in paintings:
            screens.paint(place, shade)
        change = picture.renew(screens.bounds)
        assert np.array_equal(picture.frame.pixels, screens.pixels)
        assert change.anywhere == change.elsewhere == _truly_differing(was, screens.pixels)


@given(paintings=deeds, apart=st.lists(places(), max_size=2))
def test_what_differs_in_places_apart_is_in_the_picture_and_not_told_of_elsewhere(
    painted: Painted, paintings: list[tuple[Rect, int]], apart: list[Rect]
) -> None:
    screens = painted()
    picture = Picture(screens)
    picture.renew(screens.bounds)
    was = screens.pixels.copy()
    for place, shade in paintings:
        screens.paint(place, shade)
    change = picture.renew(screens.bounds, apart)
    covered = screens.pixels.copy()
    for one in apart:
        covered[one.y : one.bottom, one.x : one.right] = was[one.y : one.bottom, one.x : one.right]
    assert change.anywhere == _truly_differing(was, screens.pixels)
    assert change.elsewhere == _truly_differing(was, covered)
    assert np.array_equal(picture.frame.pixels, screens.pixels)


def test_a_frame_that_was_handed_out_never_changes(painted: Painted) -> None:
    screens = painted()
    picture = Picture(screens)
    kept = []
    for shade in range(3):
        screens.paint(Rect(2, 2, 3, 3), shade)
        picture.renew(screens.bounds)
        kept.append((picture.frame, picture.frame.pixels.copy()))
    assert all(np.array_equal(frame.pixels, then) for frame, then in kept)


@pytest.fixture
def never_whole_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now and then a whole picture is taken all the same: on a busy machine that may be at every look."""
    monkeypatch.setattr("workbench.session.keeping_up.WHOLE_S", float("inf"))


@pytest.mark.usefixtures("never_whole_again")
def test_of_a_screen_on_which_nothing_happens_one_whole_picture_is_taken(painted: Painted) -> None:
    screens = painted()
    picture = Picture(screens)
    frames = []
    for _ in range(5):
        picture.renew(screens.bounds)
        frames.append(picture.frame)
    assert (screens.wholes, screens.parts) == (1, [])
    assert all(one.monotonic_ns < other.monotonic_ns for one, other in pairwise(frames))


@pytest.mark.usefixtures("never_whole_again")
def test_of_a_small_change_only_that_part_is_taken(painted: Painted) -> None:
    screens = painted()
    picture = Picture(screens)
    picture.renew(screens.bounds)
    screens.paint(Rect(4, 5, 6, 2), 3)
    picture.renew(screens.bounds)
    assert (screens.wholes, screens.parts) == (1, [Rect(4, 5, 6, 2)])


def test_a_screen_that_does_not_notice_every_change_is_always_taken_whole(painted: Painted) -> None:
    screens = painted(notices_all=False)
    picture = Picture(screens)
    for _ in range(3):
        picture.renew(screens.bounds)
    assert screens.wholes == 3


@pytest.mark.parametrize("wider", [0, 8])
def test_a_desktop_of_another_size_differs_everywhere(wider: int) -> None:
    sizes = [(WIDTH, HEIGHT), (WIDTH + wider, HEIGHT)]
    frames = [np.zeros((height, width, 4), np.uint8) for width, height in sizes]
    picture = Picture(DryScreens((Screen("one", Rect(0, 0, WIDTH, HEIGHT)),), frames))
    changes = [picture.renew(Rect(0, 0, *size)) for size in sizes]
    assert changes[0].anywhere == desktop_bounds(picture.screens.layout())
    assert changes[1].anywhere == (Rect(0, 0, WIDTH + wider, HEIGHT) if wider else None)


def test_only_what_is_as_small_as_a_caret_is_one() -> None:
    assert is_caret(Rect(5, 5, 2, 17))
    assert not is_caret(Rect(5, 5, 9, 17))
    assert not is_caret(Rect(5, 5, 2, 60))


def _truly_differing(was: np.ndarray, now: np.ndarray) -> Rect | None:
    rows, columns = np.nonzero((was != now).any(axis=2))
    if not rows.size:
        return None
    x, y = int(columns.min()), int(rows.min())
    box = Rect(x, y, int(columns.max()) - x + 1, int(rows.max()) - y + 1)
    assert differing(Frame(was, Point(0, 0), 0), Frame(now.copy(), Point(0, 0), 0)) == box
    return box
