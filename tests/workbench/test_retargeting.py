"""Another place in the picture of a step, on real pixels."""

import numpy as np
import pytest

from workbench.actions import Click
from workbench.desktop.ports import Frame
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.inputs import Sighting
from workbench.retargeting import Known, element_at, known_in, target_at, told
from workbench.trajectory import Element, Observation, Step, Target, TextWitness, Trajectory, Window

WINDOW = Window("notes", "Notes", Rect(0, 0, 300, 200))


def element(name: str, box: Rect) -> Element:
    return Element("notes", "Notes", "push button", name, box)


OUTER, INNER = element("Bar", Rect(0, 40, 300, 40)), element("Save", Rect(40, 45, 80, 30))


@pytest.fixture
def picture() -> Frame:
    pixels = np.full((200, 300, 4), 230, np.uint8)
    pixels[45:75, 40:120] = 120
    pixels[56:64, 60:100:3] = 10
    return Frame(pixels, Point(0, 0), 0)


def test_what_the_recording_saw_in_that_picture_is_known_and_nothing_of_other_pictures():
    here = Step("s1", Click(), Observation(frame="f1", window=WINDOW), Target(Point(9, 50), element=OUTER))
    elsewhere = Step(
        "s2", Click(), Observation(frame="f2"), Target(Point(1, 1), element=element("X", Rect(0, 0, 9, 9)))
    )
    sightings = [
        Sighting(1, 1, frame="f1", element=INNER),
        Sighting(2, 2, frame="f3", element=elsewhere.target.element),
    ]
    known = known_in(Trajectory("T", "T", (here, elsewhere)), here, sightings)
    assert known == Known("f1", (OUTER, INNER), WINDOW)


def test_the_smallest_element_at_the_place_is_the_one_meant():
    known = Known("f1", (OUTER, INNER), WINDOW)
    assert element_at(known, Point(60, 60)) == INNER
    assert element_at(known, Point(200, 60)) == OUTER
    assert element_at(known, Point(60, 150)) is None


def test_the_new_target_has_every_witness_that_can_be_made(picture):
    target = target_at(Known("f1", (OUTER, INNER), WINDOW), Point(80, 60), picture)
    assert (target.point, target.element, target.window) == (Point(80, 60), INNER, WINDOW)
    assert target.crop is not None
    assert target.crop.frame == "f1"
    assert target.crop.region.contains(target.point)


def test_a_place_outside_the_picture_is_refused(picture):
    with pytest.raises(BadInputError, match="outside the picture"):
        target_at(Known("f1"), Point(300, 60), picture)


def test_a_step_whose_picture_was_purged_cannot_be_pointed_at():
    with pytest.raises(BadInputError, match="no picture"):
        known_in(Trajectory("T", "T"), Step("s1", Click()))


def test_it_is_said_which_witnesses_are_new_and_which_are_not_known_any_more():
    old = Target(Point(1, 1), element=INNER, text=TextWitness("Save", INNER.bounds))
    words = told(old, Target(Point(7, 8), element=OUTER))
    assert words == "The step now acts at 7, 8. Made anew: element. Not known there: printed text."
