"""What episodes come to: rows, totals, and what one condition or evaluation gains over another."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_suite import CASTING, TASKS

from agents.evaluation.harness.comparing import Changed, against_first, compare, compared, differing
from agents.evaluation.harness.conditions import Condition
from agents.evaluation.harness.crews import alone
from agents.evaluation.harness.evaluation import evaluate
from agents.evaluation.harness.plan import Episode, Plan, seeds_from
from agents.evaluation.harness.results import Played, Results
from agents.evaluation.harness.summary import rows_of, totals_of
from agents.evaluation.intervals import of_mean, pass_at, sign_test
from agents.evaluation.suites import Score
from workbench.errors import BadInputError

PLAIN, HELPED = Condition(), Condition(1)
IDENTITY = {"suite": "toy", "model": "none", "version": "1"}


def score(task, seed, *, success=True, **others):
    return Score(task, seed, "", float(success), success, others.pop("steps", 3), 1.0, "actor", **others)


def played(condition, *, solved, seeds=range(4)):
    """Episodes of two tasks, of which those of these seeds are solved."""
    return [
        Played(Episode(task, seed, condition), score(task, seed, success=seed in solved))
        for task in ("a", "b")
        for seed in seeds
    ]


@pytest.fixture
def toy_played(toys, tmp_path):
    with Results.begin(tmp_path / "out", IDENTITY) as results:
        plan = Plan(TASKS, seeds_from(1, 4), (PLAIN, HELPED))
        yield evaluate(plan, results, partial(alone, CASTING)).played


def test_a_row_tells_of_one_task_under_one_condition(toy_played):
    rows = {(row.task, row.exemplars): row for row in rows_of(toy_played)}
    assert len(rows) == 2 * len(TASKS)
    even = rows["even", 0]
    assert (even.episodes, even.success, even.reward, even.completion, even.asked) == (4, 0.5, 0.5, None, 0)
    assert even.success_95.low < 0.5 < even.success_95.high
    assert even.tokens == 100 * even.steps
    assert even.pass_at == pytest.approx({"1": 0.5, "2": 5 / 6, "3": 1.0, "4": 1.0})
    assert (rows["helped", 0].success, rows["helped", 1].success) == (0.0, 1.0)


def test_a_total_tells_of_all_tasks_under_one_condition(toy_played):
    plain, helped = totals_of(toy_played)
    assert (plain.tasks, plain.episodes, plain.success) == (5, 20, 0.4)
    assert helped.success == 0.6
    assert plain.success_95.low < 0.4 < plain.success_95.high
    for total in (plain, helped):
        for mean, within in ((total.steps, total.steps_95), (total.tokens, total.tokens_95)):
            assert within.low < mean < within.high
    assert plain.pass_at["1"] == pytest.approx(0.4)
    assert list(plain.pass_at) == ["1", "2", "3", "4"]
    assert plain.ended == {"task": 20}


def test_what_nobody_counted_is_not_taken_for_nothing():
    one = Played(Episode("a", 1), score("a", 1, tokens=None, completion=0.5))
    other = Played(Episode("a", 2), score("a", 2, tokens=80))
    row = rows_of([one, other])[0]
    assert (row.tokens, row.completion) == (80, 0.5)
    assert rows_of([one])[0].tokens is None


def test_conditions_are_compared_with_the_first_by_task_and_seed(toy_played):
    (found,) = against_first(toy_played)
    assert (found.before, found.after, found.pairs, found.unpaired) == (PLAIN.name, HELPED.name, 20, 0)
    assert (found.better, found.worse, found.sign_p) == (4, 0, 0.125)
    assert found.differences["success"].grew == pytest.approx(0.2)
    assert found.differences["success"].grew_95.low <= 0.2 <= found.differences["success"].grew_95.high
    assert found.changed == (Changed("helped", 4, 0, 4),)
    assert "completion" not in found.differences


def test_a_task_that_lost_is_told_behind_those_that_gained():
    before = (PLAIN, played(PLAIN, solved={0}))
    after = [Played(Episode("a", seed, HELPED), score("a", seed, success=True)) for seed in range(4)]
    after += [Played(Episode("b", seed, HELPED), score("b", seed, success=False)) for seed in range(4)]
    found = compared(before, (HELPED, after))
    assert found.changed == (Changed("a", 4, 1, 4), Changed("b", 4, 1, 0))
    assert (found.better, found.worse) == (3, 1)


def test_only_episodes_that_both_have_are_compared():
    found = compared((PLAIN, played(PLAIN, solved={0, 1, 2})), (HELPED, played(HELPED, solved={2}, seeds=range(2, 6))))
    assert (found.pairs, found.unpaired, found.better, found.worse) == (4, 8, 0, 0)
    assert found.differences["success"].grew == 0


def test_two_evaluations_are_compared_condition_by_condition(tmp_path):
    with Results.begin(tmp_path / "a", IDENTITY) as one, Results.begin(tmp_path / "b", IDENTITY) as other:
        for each in played(PLAIN, solved={0}) + played(HELPED, solved={0}):
            one.add(each)
        for each in played(HELPED, solved={0, 1}):
            other.add(each)
        (found,) = compare(one, other)
    assert (found.before, found.after, found.better, found.worse) == (HELPED.name, HELPED.name, 2, 0)


def test_evaluations_of_one_condition_each_are_compared_whatever_these_are(tmp_path):
    with Results.begin(tmp_path / "a", IDENTITY) as one, Results.begin(tmp_path / "b", IDENTITY) as other:
        for each in played(PLAIN, solved={0}):
            one.add(each)
        for each in played(HELPED, solved={0, 1}):
            other.add(each)
        (found,) = compare(one, other)
    assert (found.before, found.after) == (PLAIN.name, HELPED.name)


def test_what_has_nothing_in_common_is_not_compared(tmp_path):
    with Results.begin(tmp_path / "a", IDENTITY) as one, Results.begin(tmp_path / "b", IDENTITY) as other:
        one.add(Played(Episode("a", 1), score("a", 1)))
        other.add(Played(Episode("a", 2), score("a", 2)))
        with pytest.raises(BadInputError, match="no task was played with the same seed in both"):
            compare(one, other)
    with Results.begin(tmp_path / "c", {**IDENTITY, "suite": "chess"}) as third, Results.read(tmp_path / "a") as one:
        with pytest.raises(BadInputError, match="toy and chess are different suites"):
            compare(one, third)
        assert differing(one.identity, third.identity) == {"suite": ("toy", "chess")}


def test_the_sign_test_is_the_exact_binomial_one():
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 0) == pytest.approx(2 / 32)
    assert sign_test(8, 2) == sign_test(2, 8) == pytest.approx(2 * (1 + 10 + 45) / 1024)
    assert sign_test(3, 3) == 1.0


@given(st.integers(0, 8), st.integers(1, 8))
def test_one_of_more_draws_is_a_success_at_least_as_likely(successes, trials):
    successes = min(successes, trials)
    shares = [pass_at(drawn, successes, trials) for drawn in range(1, trials + 1)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(successes / trials)
    assert shares[-1] == (1.0 if successes else 0.0)


@given(st.lists(st.lists(st.floats(-100, 100), min_size=1, max_size=4), min_size=2, max_size=6))
def test_the_interval_of_a_mean_lies_among_the_means_of_groups_and_is_always_the_same(groups):
    found = of_mean(groups)
    means = [sum(group) / len(group) for group in groups]
    assert min(means) - 1e-9 <= found.low <= found.high <= max(means) + 1e-9
    assert of_mean(groups) == found


def test_one_group_alone_has_no_interval():
    assert of_mean([[1.0, 2.0, 3.0], []]) is None
