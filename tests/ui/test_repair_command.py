"""Repairs on the command line that need no desktop: keeping one, and everything that keeps one from being kept."""

import msgspec
import pytest

from ui.cli.console import Console
from ui.cli.mending import offer
from ui.cli.naming import Opened
from workbench.actions import Call, Click
from workbench.events import RunEnded, RunStarted, StepKept, StepProposed
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.session.messages import Order
from workbench.trajectory import Element, Observation, Step, Target, Trajectory


def step(name: str, label: str) -> Step:
    element = Element("shop", "Orders", "push button", label, Rect(0, 0, 10, 10))
    return Step(
        name, Click(), Observation(epoch_s=1.0), Target(Point(5, 5), element=element), description=f"click {label}"
    )


SAVE, STORE = step("s1", "Save"), step("x", "Store")
RUN = "r1"


@pytest.fixture
def orders(library_path) -> Trajectory:
    """A trajectory of one step, and a run that repaired it."""
    with Library.open(library_path) as library:
        made = library.save(Trajectory(library.new_id(), "Orders", (SAVE,), created=1.0))
        library.save_run(
            RUN,
            [
                RunStarted(run=RUN, trajectory=made.id, title="Orders", revision=1, steps=1),
                StepProposed(index=1, step=SAVE),
                StepKept(index=1, step=STORE, status="repaired"),
                RunEnded(outcome="finished"),
            ],
        )
        return made


def test_a_repair_is_kept_as_one_revision_that_undo_takes_back(orders, cli):
    kept = cli("edit", "Orders", "--repair", RUN, "--json").json
    assert (kept["revision"], kept["steps"]) == (2, 1)
    assert "Store" in cli("show", "Orders").out
    cli("edit", "Orders", "--undo")
    assert "click Save" in cli("show", "Orders").out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--repair", "r9"], "no run 'r9' here"),
        (["--repair", RUN, "--title", "Other"], "--repair stands alone"),
        (["--repair", RUN, "--undo"], "stands alone"),
    ],
)
def test_a_repair_that_cannot_be_kept_is_refused_in_a_line(words, says, orders, cli):
    answer = cli("edit", "Orders", *words)
    assert (answer.code, len(answer.lines)) == (2, 1)
    assert says in answer.err


def test_the_repair_of_another_trajectory_is_refused(orders, library_path, cli):
    with Library.open(library_path) as library:
        other = library.save(Trajectory(library.new_id(), "Bills", (SAVE,), created=1.0))
    answer = cli("edit", other.id, "--repair", RUN)
    assert (answer.code, orders.id in answer.err) == (2, True)


def test_a_repair_is_kept_only_once(orders, cli):
    cli("edit", "Orders", "--repair", RUN)
    answer = cli("edit", "Orders", "--repair", RUN)
    assert (answer.code, "any more" in answer.err) == (2, True)


def test_repairing_without_any_model_says_how_to_get_one(orders, cli, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr("agents.runtime.models.built_in.comes_along", lambda: False)
    answer = cli("replay", "Orders", "--on-drift", "repair")
    assert (answer.code, len(answer.lines)) == (4, 1)
    assert "workbench-cli models get" in answer.err


def test_an_unknown_model_is_refused_before_anything_happens(orders, cli, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))
    answer = cli("replay", "Orders", "--on-drift", "repair", "--model", "nobody")
    assert (answer.code in (2, 4), len(answer.lines)) == (True, 1)
    assert "nobody" in answer.err


def test_a_model_beside_another_way_with_drift_is_refused(orders, cli):
    answer = cli("replay", "Orders", "--on-drift", "halt", "--model", "any")
    assert (answer.code, "--on-drift halt repairs nothing" in answer.err) == (2, True)


class Answering(Console):
    """A terminal at which somebody gives this answer."""

    interactive = True

    def __init__(self, answer: str) -> None:
        super().__init__()
        self.answer = answer
        self.asked: list[str] = []

    def ask(self, question: str) -> str:
        self.asked.append(question)
        return self.answer


@pytest.mark.parametrize(("answer", "revision"), [("y", 2), ("yes", 2), ("n", 1), ("", 1)])
def test_a_person_at_the_terminal_is_shown_the_difference_and_only_a_yes_keeps_it(
    answer, revision, orders, library_path, capsys
):
    console = Answering(answer)
    with Library.open(library_path) as library:
        order = Order(RUN, orders, "", approve="risky", drift="repair")
        offer(Opened(library, orders), order, library.run_events(RUN), console)
        assert library.get(orders.id).revision == revision
    said = capsys.readouterr().err
    assert "  - click Save\n  + click Store\n" in said
    assert (f"--repair {RUN}" in said) == (revision == 1)
    assert console.asked == ["keep this in “Orders”? [y/N]"]


@pytest.mark.parametrize(("outcome", "revision"), [("finished", 2), ("failed", 1)])
def test_what_is_approved_in_advance_is_kept_only_after_a_run_that_finished(outcome, revision, orders, library_path):
    with Library.open(library_path) as library:
        order = Order(RUN, orders, "", approve="auto", drift="repair")
        told = [*library.run_events(RUN)[:-1], RunEnded(outcome=outcome)]
        offer(Opened(library, orders), order, told, Console())
        assert library.get(orders.id).revision == revision


@pytest.fixture
def day(orders, library_path) -> Trajectory:
    """A trajectory that only calls “Orders”, and a run of it that repaired the step of that."""
    with Library.open(library_path) as library:
        made = library.save(Trajectory(library.new_id(), "Day", (Step("c1", Call(orders.id)),), created=1.0))
        start = RunStarted(run="r2", trajectory=made.id, title="Day", revision=1, steps=2)
        library.save_run("r2", [start, *library.run_events(RUN)[1:]])
        return made


def test_a_repair_inside_a_called_workflow_is_kept_in_the_workflow(orders, day, cli, library_path):
    answer = cli("edit", "Day", "--repair", "r2", "--json")
    assert (answer.json["trajectory"], answer.json["revision"]) == (day.id, 1)
    assert f"repaired in “Orders”, which it calls: {orders.id}@2" in answer.err
    with Library.open(library_path) as library:
        assert [each.target.element.name for each in library.get(orders.id).steps] == ["Store"]
        assert library.get(day.id).steps == day.steps


def test_a_workflow_that_is_called_in_an_older_revision_is_repaired_in_its_newest(orders, day, cli, library_path):
    with Library.open(library_path) as library:
        library.revise(msgspec.structs.replace(orders, title="New orders"), note="called anew")
        library.revise(msgspec.structs.replace(day, steps=(Step("c1", Call(f"{orders.id}@1")),)), note="pinned")
    assert f"“New orders”, which it calls: {orders.id}@3" in cli("edit", "Day", "--repair", "r2").err
    with Library.open(library_path) as library:
        assert [each.target.element.name for each in library.get(orders.id).steps] == ["Store"]


def test_who_keeps_a_repair_inside_a_called_workflow_is_told_which_one_and_how_to_undo_it(
    orders, day, library_path, capsys
):
    with Library.open(library_path) as library:
        order = Order("r2", day, "", approve="auto", drift="repair")
        assert offer(Opened(library, day), order, library.run_events("r2"), Console()) == library.get(day.id)
    said = capsys.readouterr().err
    undone = f"`workbench-cli edit {orders.id} --undo` takes it back"
    assert f"kept as {orders.id}@2 of “Orders”, which it calls; {undone}" in said
