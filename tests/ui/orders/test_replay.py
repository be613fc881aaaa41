"""Orders of replays: what the settings fill in, what is refused, and how a replay is summed up."""

import pytest

from ui.orders.mending import agreed_in_advance
from ui.orders.replay import ReplayWish, Steps, filled, module_of, order_of, summary, with_kept
from workbench import settings
from workbench.actions import Note, TypeText
from workbench.errors import BadInputError
from workbench.events import RunEnded, RunStarted, StepEnded, StepProposed
from workbench.library.store import Library
from workbench.report.document import document_of
from workbench.session.starting import REPLAYING
from workbench.trajectory import Step, Trajectory, Variable


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def trajectory(library) -> Trajectory:
    steps = (Step("s1", Note("one")), Step("s2", TypeText("{{name}}")))
    return library.save(Trajectory(library.new_id(), "Two steps", steps, variables=(Variable("name", "Ada"),)))


def test_what_is_not_wished_comes_from_the_settings(library, trajectory):
    settings.store("replay.approve", "ask")
    settings.store("replay.speed", "2")
    order = order_of(ReplayWish(timeout_s=3.0), trajectory, library)
    assert (order.approve, order.pace.speed, order.pace.timeout_s, order.drift) == ("ask", 2.0, 3.0, "halt")
    assert order.library == str(library.path)
    assert module_of(order) == REPLAYING


def test_a_rehearsal_never_repairs_and_a_bundle_is_never_logged(library, trajectory):
    settings.store("replay.on_drift", "repair")
    assert order_of(ReplayWish(dry=True), trajectory, library).drift == "halt"
    assert order_of(ReplayWish(drift="ask"), trajectory, library, logged=False).library is None


def test_a_filled_order_has_its_values_and_a_run_of_its_own(library, trajectory):
    order = order_of(ReplayWish(), trajectory, library)
    one, other = (filled(order, {"name": name}, library) for name in ("Grace", "Alan"))
    assert (one.values, other.values) == ({"name": "Grace"}, {"name": "Alan"})
    assert one.run != other.run
    with pytest.raises(BadInputError, match="no step 9"):
        filled(order_of(ReplayWish(steps=Steps(breaks=(9,))), trajectory, library), {}, library)


def test_orders_after_a_repair_are_of_the_repaired_trajectory(library, trajectory):
    order = filled(order_of(ReplayWish(), trajectory, library), {"name": "Grace"}, library)
    kept = Trajectory(trajectory.id, "Two steps", (Step("s3", Note("three")),), variables=trajectory.variables)
    (changed,) = with_kept([order], kept, library)
    assert [step.id for step in changed.trajectory.steps] == ["s3"]
    assert (changed.run, changed.values) == (order.run, order.values)


def test_the_summary_counts_the_steps_that_were_wished_for(library, trajectory):
    order = filled(order_of(ReplayWish(steps=Steps(first=2)), trajectory, library), {}, library)
    told = [
        RunStarted(run=order.run, trajectory=trajectory.id, title="Two steps"),
        StepProposed(index=2, step=trajectory.steps[1]),
        StepEnded(index=2, status="failed"),
        RunEnded(outcome="failed", reason="step 2: gone", elapsed_ms=1200),
    ]
    assert summary(document_of(told), order) == "failed: step 2: gone (0 of 1 steps, 1.2 s)"


@pytest.mark.parametrize(
    ("approve", "outcome", "agreed"),
    [("auto", "finished", True), ("auto", "failed", False), ("ask", "finished", False)],
)
def test_only_approving_everything_in_advance_agrees_to_repairs_of_a_finished_run(
    library, trajectory, approve, outcome, agreed
):
    order = order_of(ReplayWish(approve=approve), trajectory, library)
    assert agreed_in_advance(order, [RunEnded(outcome=outcome)]) is agreed
    assert not agreed_in_advance(order, [])
