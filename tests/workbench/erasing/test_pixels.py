"""The same pixels are found wherever they show, and painted over for good."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desktop.ports import Frame
from workbench.erasing import region
from workbench.erasing.pixels import GREY, painted, same_pixels
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect

AREA = Rect(195, 100, 170, 30)


def _frame(pixels: np.ndarray, x: int = 0, y: int = 0) -> Frame:
    return Frame(pixels, Point(x, y), 0)


@given(st.integers(0, 2**16), st.integers(0, 60), st.integers(0, 30), st.integers(2, 5))
def test_a_part_is_found_where_it_was_cut_out_and_where_it_was_put(seed, left, top, colours):
    chance = np.random.default_rng(seed)
    pixels = chance.integers(0, colours, (48, 90, 4), dtype=np.uint8)
    part = _frame(pixels, -10, 5).part(Rect(left - 10, top + 5, 20, 12))
    other = chance.integers(0, colours, (48, 90, 4), dtype=np.uint8)
    other[30:42, 60:80] = part.pixels
    assert part.bounds in same_pixels(part, _frame(pixels, -10, 5))
    assert Rect(50, 35, *part.pixels.shape[1::-1]) in same_pixels(part, _frame(other, -10, 5))


def test_a_part_of_one_colour_is_only_looked_for_at_its_own_place(draw):
    plain = _frame(draw()).part(Rect(20, 160, 40, 20))
    assert same_pixels(plain, _frame(draw())) == [Rect(20, 160, 40, 20)]
    assert same_pixels(plain, _frame(draw(("covers it all", 10, 175)))) == []


def test_a_part_is_not_found_in_a_picture_that_is_smaller(draw):
    part = _frame(draw(("word", 100, 100))).part(Rect(90, 80, 200, 40))
    assert same_pixels(part, _frame(draw()[:20, :20])) == []


def test_painting_changes_nothing_outside(draw):
    before = draw(("word", 100, 100))
    after = painted(_frame(before), [Rect(90, 80, 80, 40), Rect(-5, -5, 3, 3), Rect(600, 180, 500, 500)])
    assert (after[80:120, 90:170] == GREY).all()
    after[80:120, 90:170], after[180:, 600:] = before[80:120, 90:170], before[180:, 600:]
    assert (after == before).all()


def test_a_region_goes_wherever_the_same_pixels_show(told):
    library, identifier = told.library, told.trajectory.id
    step = told.trajectory.steps[2]
    part = region.part_of(library, identifier, 3, Rect(35, 60, 70, 30))
    assert part.bounds == Rect(35, 60, 70, 30)
    places = region.look(library, identifier, part)
    assert set(places) == {step.observation.frame}
    assert region.erase(library, identifier, places) == 1
    assert not library.frames.has(step.observation.frame)
    assert library.verify() == []


def test_a_region_of_one_picture_goes_from_others_that_have_it_elsewhere(told, draw):
    from msgspec.structs import replace

    library = told.library
    elsewhere = library.frames.put(draw(("Thank you", 300, 170)), origin=Point(0, 0))
    steps = (*told.trajectory.steps, replace(told.trajectory.steps[3], id="s5"))
    last = replace(steps[4], observation=replace(steps[4].observation, frame=elsewhere))
    library.revise(replace(told.trajectory, steps=(*steps[:4], last)), note="more")
    part = region.part_of(library, told.trajectory.id, 4, Rect(38, 104, 100, 24))
    places = region.look(library, told.trajectory.id, part)
    assert places == {told.frames["after"]: (part.bounds,), elsewhere: (Rect(298, 154, 100, 24),)}
    assert region.erase(library, told.trajectory.id, places) == 2
    for frame in library.frames.all():
        assert same_pixels(part, library.frames.load(frame)) == []


def test_a_picture_that_cannot_be_read_goes_with_the_region(told):
    library = told.library
    part = region.part_of(library, told.trajectory.id, 4, Rect(38, 104, 100, 24))
    library.frames.path(told.frames["moved"]).write_bytes(b"damaged")
    region.erase(library, told.trajectory.id, region.look(library, told.trajectory.id, part))
    assert library.get(told.trajectory.id).steps[2].observation.frame is None
    assert library.verify() == []


@pytest.mark.parametrize(("number", "area"), [(1, Rect(5000, 0, 10, 10)), (1, Rect(0, 0, 0, 5)), (9, AREA)])
def test_a_region_that_is_not_there_is_refused(told, number, area):
    with pytest.raises(BadInputError):
        region.part_of(told.library, told.trajectory.id, number, area)
