"""Which recorded step is due, by what was done so far."""

import pytest

from agents.planning.following import example_for, recorded_target
from workbench.actions import Click, Finish, TypeText
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, Step, Target, Trajectory


def _step(number, action, role, name):
    element = Element("shop", "Customers", role, name, Rect(0, 0, 9, 9))
    return Step(f"s{number}", action, target=Target(Point(1, 1), element=element))


@pytest.fixture
def exemplar():
    steps = (
        _step(1, Click(), "push button", "New"),
        _step(2, TypeText("Bob"), "entry", "Name"),
        _step(3, Click(), "push button", "Save"),
        Step("s4", Finish()),
    )
    return Trajectory("t", "t", steps, task="add customer Bob")


DONE = ('click button "New"', 'type "Eve" into field "Name"', 'click button "Save"')


@pytest.mark.parametrize(
    ("count", "marks"), [(0, [0, 1]), (1, [-1, 0, 1]), (2, [-1, 0]), (3, [-1])], ids=["begin", "amid", "last", "over"]
)
def test_the_due_step_stands_between_its_neighbours_and_at_the_end_the_last_one_stands_alone(exemplar, count, marks):
    example = example_for(exemplar, DONE[:count])
    assert [step.mark for step in example.steps] == marks
    assert example.task == "add customer Bob"


def test_a_recording_without_steps_shows_nothing():
    assert example_for(Trajectory("t", "t", task="x"), ()) is None


@pytest.mark.parametrize(
    ("count", "words", "place"),
    [
        (0, 'click button "New"', 0),
        (1, 'type "Eve" into field "Name"', 1),
        (1, 'click field "Name"', None),
        (1, 'click button "Save"', None),
        (2, 'click button "Save"', 2),
        (3, 'click button "Save"', None),
    ],
)
def test_a_recorded_place_is_known_for_the_due_step_alone_whatever_it_types(exemplar, count, words, place):
    target = None if place is None else exemplar.steps[place].target
    assert recorded_target([exemplar], DONE[:count], words) is target
    assert recorded_target([Trajectory("e", "e"), exemplar], DONE[:count], words) is target
    assert recorded_target([], DONE[:count], words) is None
