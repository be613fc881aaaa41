"""Whatever was recorded and done: the step that is due is found, with steps left out, added or with other values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.planning.following import due, example_for, told_steps
from agents.prompts.choosing import Example, ShownStep
from workbench.actions import Click, Finish, Note, PressKeys, TypeText
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, Step, Target, Trajectory

NAMES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel")
STEPS = tuple(f'click button "{name}"' for name in NAMES)
WORDS = st.sampled_from([*STEPS, 'click button "Zulu"', 'type "x" into field "Alpha"', "press ctrl+s", 'note "so"'])


def on(role: str, name: str) -> Target:
    return Target(Point(5, 5), element=Element("shop", "Customers", role, name, Rect(0, 0, 10, 10)))


RECORDED = Trajectory(
    "t1",
    "Add a customer",
    (
        Step("n", Note("begins")),
        Step("1", Click(), target=on("push button", "New")),
        Step("2", TypeText("Bob"), target=on("entry", "Name")),
        Step("3", Click(), target=on("push button", "Save")),
        Step("f", Finish()),
    ),
    task="add customer Bob",
)
NEW, NAME, SAVE = told_steps(RECORDED)


@settings(deadline=None, max_examples=60)
@given(st.lists(WORDS, max_size=8, unique=True), st.lists(WORDS, max_size=12))
def test_what_is_done_next_never_leads_back(steps: list[str], done: list[str]) -> None:
    places = [due(steps, done[:count]) for count in range(len(done) + 1)]
    assert places == sorted(places)
    assert all(0 <= place <= len(steps) for place in places)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(STEPS), unique=True))
def test_steps_done_as_recorded_are_followed_one_by_one_to_the_end(steps: list[str]) -> None:
    assert [due(steps, steps[:count]) for count in range(len(steps) + 1)] == list(range(len(steps) + 1))


@pytest.mark.parametrize("left_out", range(len(STEPS) - 2))
def test_a_step_that_is_left_out_leads_astray_by_one_and_not_for_good(left_out: int) -> None:
    done = [*STEPS[:left_out], *STEPS[left_out + 1 :]]
    for count in range(len(done) + 1):
        assert abs(due(STEPS, done[:count]) - count - (count > left_out)) <= 1
    assert due(STEPS, done) == len(STEPS)


@pytest.mark.parametrize("place", range(len(STEPS)))
def test_a_step_that_is_added_leads_astray_by_one_and_not_for_good(place: int) -> None:
    done = [*STEPS[:place], 'click button "Zulu"', *STEPS[place:]]
    for count in range(len(done) + 1):
        assert abs(due(STEPS, done[:count]) - count + (count > place)) <= 1
    assert due(STEPS, done) == len(STEPS)


@settings(deadline=None, max_examples=60)
@given(st.permutations(("1", "22", "333", "4444", "55555", "666666", "7777777", "88888888")))
def test_other_values_on_controls_of_one_kind_are_followed_step_by_step(names: list[str]) -> None:
    others = [f'click button "{name}"' for name in names]
    assert [due(STEPS, others[:count]) for count in range(9)] == list(range(9))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=8), st.text(max_size=8))
def test_what_was_typed_makes_no_difference_and_where_it_went_does(one: str, other: str) -> None:
    steps = [*STEPS, f'type {one} into field "Street"', "press ctrl+s"]
    assert due(steps, [*STEPS, f'type {other} into field "Street"']) == len(steps) - 1
    assert due(steps, [*STEPS, 'click field "Street"']) == len(STEPS)


@pytest.mark.parametrize(
    ("done", "place"),
    [
        ('click button "Save the customer"', 1),
        ('click button "save customers"', 1),
        ('click link "Save customer"', 1),
        ("click save customer", 1),
        ('double-click button "Save customer"', 0),
        ('click link "Cancel"', 0),
        ("click cancel", 0),
        ("press ctrl+a", 0),
    ],
)
def test_a_step_corresponds_to_one_of_its_kind_at_a_control_that_is_called_alike(done: str, place: int) -> None:
    assert due(['click button "Save customer"', "press ctrl+s"], [done]) == place


def test_keys_correspond_only_to_the_same_keys() -> None:
    assert [due(["press ctrl+s"], [f"press {keys}"]) for keys in ("ctrl+s", "ctrl+a", "s")] == [1, 0, 0]


def test_a_step_that_was_not_needed_today_is_passed_over_at_once() -> None:
    steps = ('click button "New"', 'click button "Dismiss tip"', 'type "Bob" into field "Name"')
    assert due(steps, ('click button "New"', 'type "Eve" into field "Name"')) == 3


def test_recorded_steps_are_told_in_the_words_of_a_run_without_remarks_and_end() -> None:
    assert told_steps(RECORDED) == ('click button "New"', 'type "Bob" into field "Name"', 'click button "Save"')


@pytest.mark.parametrize(
    ("done", "shown"),
    [
        ((), ((0, NEW), (1, NAME))),
        ((NEW,), ((-1, NEW), (0, NAME), (1, SAVE))),
        ((NEW, 'type "Eve" into field "Name"'), ((-1, NAME), (0, SAVE))),
        ((NEW, NAME, SAVE), ((-1, SAVE),)),
        (('click menu "Help"', NEW), ((-1, NEW), (0, NAME), (1, SAVE))),
    ],
)
def test_the_due_step_is_shown_with_those_beside_it(done: tuple[str, ...], shown: tuple[tuple[int, str], ...]) -> None:
    assert example_for(RECORDED, done) == Example("add customer Bob", tuple(ShownStep(*step) for step in shown))


def test_an_exemplar_without_a_task_is_told_by_its_title_and_one_without_steps_not_at_all() -> None:
    untold = Trajectory("t3", "Save", (Step("1", PressKeys(("ctrl", "s"))),))
    assert example_for(untold, ()) == Example("Save", (ShownStep(0, "press ctrl+s"),))
    assert example_for(Trajectory("t2", "Nothing", task="nothing"), ()) is None
