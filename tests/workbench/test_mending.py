"""What a repairing replay did in place of recorded steps becomes a trajectory, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.actions import Click, TypeText
from workbench.errors import BadInputError
from workbench.events import Event, RunEnded, StepKept, StepProposed
from workbench.geometry import Point, Rect
from workbench.mending import Mend, difference, mended, mends_of
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Variable


def step(name: str, text: str = "", *, label: str = "") -> Step:
    element = Element("shop", "Orders", "push button", label or name, Rect(0, 0, 10, 10))
    action = TypeText(text) if text else Click()
    return Step(name, action, Observation(monotonic_ns=hash(name) % 1000), Target(Point(5, 5), element=element))


ONE, TWO, THREE = step("s1"), step("s2", "{{who}}"), step("s3")
FILLED = step("s2", "Ada")
ORDERS = Trajectory("t1", "orders", (ONE, TWO, THREE), variables=(Variable("who", "Ada"),))
NEW = step("new", label="Store")
MENU = step("menu", label="More")
END = RunEnded(outcome="finished")


def kept(index: int, *steps: Step) -> list[Event]:
    return [StepKept(index=index, step=each, status="repaired") for each in steps]


def proposed(*steps: Step) -> list[Event]:
    return [StepProposed(index=index, step=each) for index, each in enumerate(steps, 1)]


def test_what_was_kept_for_an_index_is_the_repair_of_the_step_first_proposed_there() -> None:
    events = [*proposed(ONE), StepProposed(index=1, step=MENU), *kept(1, MENU, NEW), END]
    assert mends_of(events) == (Mend(1, ONE, (MENU, NEW)),)


def test_a_repair_behind_which_the_run_broke_off_is_none() -> None:
    assert mends_of([*proposed(ONE), *kept(1, MENU)]) == ()


def test_a_run_without_repairs_has_none() -> None:
    assert mends_of([*proposed(ONE, FILLED, THREE), END]) == ()


def test_a_recorded_step_that_only_had_to_be_tried_again_is_no_repair() -> None:
    assert mends_of([*proposed(ONE), *kept(1, ONE), END]) == ()


def test_steps_take_the_place_of_the_recorded_one_and_its_id_stays_with_the_last() -> None:
    changed = mended(ORDERS, [Mend(1, ONE, (MENU, NEW))])
    assert [each.id for each in changed.steps] == ["s1-1", "s1", "s2", "s3"]
    assert changed.steps[1].target == NEW.target
    assert changed.steps[2:] == ORDERS.steps[1:]


def test_a_recorded_step_that_fitted_in_the_end_stays_exactly_as_it_was() -> None:
    assert mended(ORDERS, [Mend(2, FILLED, (MENU, TWO))]).steps[2] is TWO


def test_a_typed_variable_stays_a_variable() -> None:
    other = Step("x", TypeText("Ada"), target=NEW.target)
    assert mended(ORDERS, [Mend(2, FILLED, (other,))]).steps[1].action == TypeText("{{who}}")


def test_a_step_that_was_edited_since_is_refused_with_its_number() -> None:
    with pytest.raises(BadInputError, match="step 9 of the run"):
        mended(ORDERS, [Mend(9, step("s9"), (NEW,))])


def test_the_difference_says_what_goes_what_comes_and_what_stays() -> None:
    assert [line[:2] for line in difference(Mend(1, ONE, (MENU, NEW)))] == ["- ", "+ ", "+ "]
    assert [line[:2] for line in difference(Mend(1, ONE, (MENU, ONE)))] == ["+ ", "  "]


@given(st.lists(st.integers(1, 3), unique=True), st.integers(1, 4))
def test_any_repairs_keep_the_other_steps_and_give_every_step_an_id_of_its_own(places: list[int], count: int) -> None:
    recorded = {1: ONE, 2: FILLED, 3: THREE}
    mends = [Mend(at, recorded[at], (*[MENU] * (count - 1), NEW)) for at in places]
    changed = mended(ORDERS, mends)
    ids = [each.id for each in changed.steps]
    assert len(ids) == len(set(ids)) == 3 + len(places) * (count - 1)
    assert [each for at, each in enumerate(ORDERS.steps, 1) if at not in places and each not in changed.steps] == []
