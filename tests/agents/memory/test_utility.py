"""What an exemplar is worth is counted against runs without any, shrunk, and only a clear loser retires."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.utility import LEAST_RUNS, Merit, Tally, in_words, merits_of, retire_losers, tally
from workbench.events import ExperienceLent, Loan, RunEnded, RunStarted, StepEnded
from workbench.library.learning import Ran, Standing, Use
from workbench.trajectory import Trajectory

counts = st.integers(0, 60).flatmap(lambda runs: st.tuples(st.just(runs), st.integers(0, runs)))


def ran(run: str, lent: str, success: bool | None, *, task: str = "pay", steps: int = 4) -> Ran:
    return Ran(Use(run, "whole" if lent else "nothing", lent, success), task, steps, 1.0)


def test_the_share_is_shrunk_towards_one_half():
    assert Tally().share == 0.5
    assert Tally(1, 1).share == pytest.approx(2 / 3)
    assert Tally(98, 98).share == pytest.approx(0.99)


def test_utility_compares_with_runs_that_were_lent_nothing_and_unknown_ones_count_for_nobody():
    runs = [
        ran("a", "x", True),
        ran("b", "x", None),
        ran("c", "", False, steps=8),
        ran("d", "", None),
        ran("e", "y", False),
    ]
    merit = merits_of(runs)["x"]
    assert (merit.having.runs, merit.having.reached, merit.unknown) == (1, 1, 1)
    assert (merit.without.runs, merit.without.reached, merit.without.steps) == (1, 0, 8.0)
    assert merit.utility == pytest.approx(2 / 3 - 1 / 3)
    assert set(merits_of(runs)) == {"x", "y"}


def test_a_run_that_was_lent_the_same_in_two_ways_counts_once():
    twice = [ran("a", "x", True), Ran(Use("a", "steps", "x", success=True), "pay", 4, 1.0)]
    assert tally(twice).runs == 1


@given(counts, counts)
def test_nothing_loses_without_enough_evidence_or_while_it_does_no_worse(having, without):
    merit = Merit("x", Tally(*having), Tally(*without))
    assert -1 < merit.utility < 1
    if merit.loses:
        assert min(having[0], without[0]) >= LEAST_RUNS
        assert merit.utility < 0
        assert having[1] < having[0]


@pytest.mark.parametrize(
    ("having", "without", "loses"),
    [
        ((5, 0), (5, 5), True),
        ((4, 0), (5, 5), False),
        ((5, 0), (4, 4), False),
        ((5, 2), (5, 5), True),
        ((5, 3), (5, 5), False),
    ],
)
def test_the_rule_by_example(having, without, loses):
    assert Merit("x", Tally(*having), Tally(*without)).loses is loses


@pytest.fixture
def play(library):
    """Runs as their logs tell them: what was lent, and whether the task was reached."""
    made = iter(range(1000))

    def run(lent: str, reached: bool, task: str = "pay the bill") -> str:
        number = next(made)
        becomes = Trajectory(f"t{number}", task, task=task, source="agent", created=float(number))
        started = RunStarted(run=f"r{number}", trajectory=becomes.id, title=task, epoch_s=number + 1.0, becomes=becomes)
        with_it = [ExperienceLent(index=1, loans=(Loan(kind="whole", lent=lent),))] if lent else []
        log = library.begin_run(started)
        for event in (*with_it, StepEnded(index=1, status="done", verified=reached), RunEnded(outcome="finished")):
            log.append(event)
        log.finish()
        return started.run

    return run


def _played(play, library, recorded) -> None:
    library.save(recorded("bad", "pay the bill"))
    for _ in range(6):
        play("bad", reached=False)
        play("", reached=True)


def test_a_loser_retires_with_the_figures_as_reason_and_stays_so_until_a_person_allows_it(play, library, recorded):
    _played(play, library, recorded)
    (standing,) = retire_losers(library)
    assert standing == library.learning.standings()["bad"]
    assert standing.reason == "0 of 6 runs with it reached their task, 6 of 6 without any"
    assert retire_losers(library) == ()
    library.learning.stand(Standing("bad", active=True, by="person"))
    assert retire_losers(library) == ()
    assert library.learning.standings()["bad"].active


def test_one_that_is_only_lent_for_hard_tasks_is_compared_on_tasks_like_those(play, library, recorded):
    library.save(recorded("brave", "climb the high mountain"))
    for _ in range(6):
        play("brave", reached=False, task="climb the high mountain")
        play("", reached=False, task="climb the high mountain")
        play("", reached=True, task="pay the bill")
        play("", reached=True, task="pay the bill")
    assert merits_of(library.learning.runs())["brave"].loses
    assert retire_losers(library) == ()


def test_what_a_person_says_of_a_run_outweighs_its_log(play, library, recorded):
    library.save(recorded("good", "pay the bill"))
    run = play("good", reached=False)
    library.learning.judge(run, success=True)
    assert merits_of(library.learning.runs())["good"].having == Tally(1, 1, 0.0)
    assert in_words(merits_of(library.learning.runs())["good"]).startswith("1 of 1 runs with it")
