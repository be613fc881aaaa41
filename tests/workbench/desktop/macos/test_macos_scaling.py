"""Points and desktop pixels with mixed scales and displays on every side."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.macos.scaling import Display, PointSpace, composed, resized
from workbench.geometry import Point, Rect

SCALES = st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0])
SIDES = st.integers(-5000, 5000)
RETINA = Display("built-in", 0, 0, 8, 6, 2.0, primary=True)
PLAIN = Display("desk", -4, -2, 4, 3, 1.0)
MIXED = PointSpace((RETINA, PLAIN))


def _space(*scales: float) -> PointSpace:
    return PointSpace(tuple(Display(str(place), 1000.0 * place, 0, 1000, 800, s) for place, s in enumerate(scales)))


@given(st.lists(SCALES, min_size=1, max_size=3), SIDES, SIDES)
def test_a_pixel_comes_back_from_points_as_itself(scales: list[float], x: int, y: int) -> None:
    space = _space(*scales)
    assert space.to_pixel(*space.to_points(Point(x, y))) == Point(x, y)


@given(st.lists(SCALES, min_size=1, max_size=3), SIDES, SIDES, st.integers(0, 900), st.integers(0, 900))
def test_neighbours_in_points_are_neighbours_in_pixels(
    scales: list[float], x: int, y: int, width: int, height: int
) -> None:
    space = _space(*scales)
    left = space.to_rect(x, y, width, height)
    right = space.to_rect(x + width, y, 7, height)
    assert left.right == right.x
    assert left.y == right.y


def test_one_scale_means_physical_pixels() -> None:
    space = PointSpace((RETINA,))
    assert space.screens()[0].bounds == Rect(0, 0, 16, 12)
    assert PointSpace((PLAIN,)).screens()[0].bounds == Rect(-4, -2, 4, 3)


def test_mixed_scales_use_the_pixels_of_the_sharpest_display_everywhere() -> None:
    built_in, desk = MIXED.screens()
    assert (built_in.bounds, desk.bounds) == (Rect(0, 0, 16, 12), Rect(-8, -4, 8, 6))
    assert built_in.scale == desk.scale == 2.0
    assert built_in.primary
    assert not desk.primary


def test_a_frame_shows_every_display_at_its_place_and_black_between() -> None:
    sharp = np.full((12, 16, 4), 9, np.uint8)
    coarse = np.arange(3 * 4, dtype=np.uint8).reshape(3, 4, 1).repeat(4, axis=2)
    frame = composed(MIXED, [sharp, coarse], 5)
    assert frame.bounds == Rect(-8, -4, 24, 16)
    assert (frame.crop(Rect(0, 0, 16, 12)) == 9).all()
    assert frame.crop(Rect(-8, -4, 1, 1))[0, 0, 0] == frame.crop(Rect(-7, -3, 1, 1))[0, 0, 0] == 0
    assert frame.crop(Rect(-1, 1, 1, 1))[0, 0, 0] == 11
    assert (frame.crop(Rect(0, -4, 16, 4)) == 0).all()


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 30), st.integers(1, 30))
def test_enlarging_invents_no_colours_and_keeps_the_corners(w: int, h: int, width: int, height: int) -> None:
    picture = np.random.default_rng(w * h).integers(0, 255, (h, w, 4), np.uint8)
    found = resized(picture, width, height)
    assert found.shape == (height, width, 4)
    assert (found[0, 0] == picture[0, 0]).all()
    assert {tuple(p) for p in found.reshape(-1, 4)} <= {tuple(p) for p in picture.reshape(-1, 4)}


@pytest.mark.parametrize(("x", "y"), [(1.4999, 0.0), (1.5, 0.49)])
def test_a_place_that_falls_just_short_of_a_pixel_means_that_pixel(x: float, y: float) -> None:
    assert MIXED.to_pixel(x, y) == Point(3, 0)
