"""What a repairing replay did in place of recorded steps becomes a trajectory, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import Call, Click, TypeText
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


def nobody(name: str) -> Trajectory:
    raise AssertionError(f"no workflow is called, and {name} was looked for")


def only(trajectory: Trajectory, mends: list[Mend]) -> Trajectory:
    """The trajectory with the repairs, which are all its own."""
    (changed,) = mended(trajectory, mends, nobody)
    return changed


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
    changed = only(ORDERS, [Mend(1, ONE, (MENU, NEW))])
    assert [each.id for each in changed.steps] == ["s1-1", "s1", "s2", "s3"]
    assert changed.steps[1].target == NEW.target
    assert changed.steps[2:] == ORDERS.steps[1:]


def test_a_recorded_step_that_fitted_in_the_end_stays_exactly_as_it_was() -> None:
    assert only(ORDERS, [Mend(2, FILLED, (MENU, TWO))]).steps[2] is TWO


def test_a_typed_variable_stays_a_variable() -> None:
    other = Step("x", TypeText("Ada"), target=NEW.target)
    assert only(ORDERS, [Mend(2, FILLED, (other,))]).steps[1].action == TypeText("{{who}}")


def test_a_step_that_was_edited_since_is_refused_with_its_number() -> None:
    with pytest.raises(BadInputError, match="step 9 of the run"):
        mended(ORDERS, [Mend(9, step("s9"), (NEW,))], nobody)


# --- workflows

SHIP = Trajectory("w1", "ship", (step("a1"), step("a2", "{{who}}")), variables=(Variable("who"),))
BILL = Trajectory("w2", "bill", (step("b1"), Step("b2", Call("ship"))))
DAY = Trajectory("t2", "day", (ONE, Step("c1", Call("bill")), Step("c2", Call("ship"))))
CALLED = {"ship": SHIP, "bill": BILL}
SHIPPED = step("a2", "Ada")


def test_a_repair_belongs_to_the_workflow_whose_step_it_is() -> None:
    mends = [Mend(1, ONE, (NEW,)), Mend(2, BILL.steps[0], (MENU, NEW)), Mend(3, SHIPPED, (MENU, SHIPPED))]
    day, bill, ship = mended(DAY, mends, CALLED.__getitem__)
    assert [(one.id, len(one.steps)) for one in (day, bill, ship)] == [("t2", 3), ("w2", 3), ("w1", 3)]
    assert [one.id for one in ship.steps] == ["a1", "a2-1", "a2"]
    assert ship.steps[2].action == TypeText("{{who}}")
    assert day.steps[1:] == DAY.steps[1:]


def test_a_trajectory_without_a_repair_of_its_own_is_not_changed() -> None:
    assert [one.id for one in mended(DAY, [Mend(2, BILL.steps[0], (NEW,))], CALLED.__getitem__)] == ["w2"]


def test_a_workflow_that_was_repaired_at_every_call_is_repaired_as_at_first() -> None:
    first, second = Mend(4, SHIP.steps[0], (MENU, NEW)), Mend(7, SHIP.steps[0], (NEW,))
    assert mended(DAY, [first, second], CALLED.__getitem__) == mended(DAY, [first], CALLED.__getitem__)


def test_a_step_that_two_workflows_have_alike_is_refused_with_their_names() -> None:
    twin = replace(BILL, steps=(SHIP.steps[0], *BILL.steps))
    with pytest.raises(BadInputError, match="“bill” and “ship” alike; replay the one that is meant by itself"):
        mended(DAY, [Mend(2, SHIP.steps[0], (NEW,))], {"ship": SHIP, "bill": twin}.__getitem__)


def test_a_step_of_the_replayed_trajectory_is_its_own_whatever_it_calls() -> None:
    day = replace(DAY, steps=(SHIP.steps[0], *DAY.steps))
    assert [one.id for one in mended(day, [Mend(1, SHIP.steps[0], (NEW,))], CALLED.__getitem__)] == ["t2"]


def test_the_difference_says_what_goes_what_comes_and_what_stays() -> None:
    assert [line[:2] for line in difference(Mend(1, ONE, (MENU, NEW)))] == ["- ", "+ ", "+ "]
    assert [line[:2] for line in difference(Mend(1, ONE, (MENU, ONE)))] == ["+ ", "  "]


@given(st.lists(st.integers(1, 3), unique=True), st.integers(1, 4))
def test_any_repairs_keep_the_other_steps_and_give_every_step_an_id_of_its_own(places: list[int], count: int) -> None:
    recorded = {1: ONE, 2: FILLED, 3: THREE}
    mends = [Mend(at, recorded[at], (*[MENU] * (count - 1), NEW)) for at in places]
    changed = only(ORDERS, mends) if mends else ORDERS
    ids = [each.id for each in changed.steps]
    assert len(ids) == len(set(ids)) == 3 + len(places) * (count - 1)
    assert [each for at, each in enumerate(ORDERS.steps, 1) if at not in places and each not in changed.steps] == []
