"""Conditions and plans: what is combined, what is changed one at a time, in which order it is played."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_suite import TASKS, Toy

from agents.evaluation.harness.conditions import Condition, Factors, every_combination, one_at_a_time
from agents.evaluation.harness.plan import Episode, Plan, chosen_tasks, seeds_from
from workbench.errors import BadInputError

ALL = Factors((0, 1, 3), ("whole", "steps"), (True, False), ("hierarchical", "flat"), (False, True))

factors = st.builds(
    Factors,
    st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(st.sampled_from(["whole", "steps"]), min_size=1, unique=True).map(tuple),
    st.lists(st.booleans(), min_size=1, unique=True).map(tuple),
    st.lists(st.sampled_from(["hierarchical", "flat"]), min_size=1, unique=True).map(tuple),
    st.lists(st.booleans(), min_size=1, unique=True).map(tuple),
)


def test_all_combinations_differ_and_how_nothing_is_lent_counts_once():
    assert len(every_combination(ALL)) == (1 + 2 * 2) * 2 * 2 * 2


def test_an_ablation_changes_one_factor_of_the_default_and_lends_every_number_of_exemplars_in_every_way():
    base = Condition(0, "whole", True, "hierarchical")
    assert one_at_a_time(ALL) == (
        base,
        Condition(1, "whole", True, "hierarchical"),
        Condition(3, "whole", True, "hierarchical"),
        Condition(1, "steps", True, "hierarchical"),
        Condition(3, "steps", True, "hierarchical"),
        Condition(0, "whole", False, "hierarchical"),
        Condition(0, "whole", True, "hierarchical", hints=True),
        Condition(0, "whole", True, "flat"),
    )


@given(factors)
def test_an_ablation_is_a_part_of_all_combinations_and_begins_with_the_default(factors):
    some = one_at_a_time(factors)
    assert set(some) <= set(every_combination(factors))
    assert len(set(some)) == len(some)
    assert some[0] == every_combination(factors)[0]


@given(factors)
def test_no_two_conditions_have_one_name(factors):
    found = every_combination(factors)
    assert len({one.name for one in found}) == len(found)


def test_a_plan_is_played_seed_by_seed_with_all_conditions_of_a_task_together():
    plan = Plan(("a", "b"), seeds_from(7, 2), (Condition(), Condition(1)))
    told = [(one.seed, one.task, one.condition.exemplars) for one in plan.episodes()]
    assert told == [
        (7, "a", 0),
        (7, "a", 1),
        (7, "b", 0),
        (7, "b", 1),
        (8, "a", 0),
        (8, "a", 1),
        (8, "b", 0),
        (8, "b", 1),
    ]
    assert len(plan) == len({one.key for one in plan.episodes()}) == 8


def test_the_key_of_an_episode_stays_what_results_were_kept_under():
    episode = Episode("click-test", 3, Condition(3, "steps", True, "flat"))
    assert episode.key == "click-test#3 3 exemplars by steps, workflows, flat memory"
    hinted = Episode("click-test", 3, Condition(hints=True))
    assert hinted.key == "click-test#3 no exemplars, no workflows, hints, hierarchical memory"


def test_tasks_are_chosen_by_name_each_once_and_all_of_them_by_default():
    assert chosen_tasks(Toy(), None) == TASKS
    assert chosen_tasks(Toy(), ["hard", "easy", "hard"]) == ("hard", "easy")
    with pytest.raises(BadInputError, match="no task “harder” in toy; there are easy, even"):
        chosen_tasks(Toy(), ["harder"])
    with pytest.raises(BadInputError, match="no task is named"):
        chosen_tasks(Toy(), [])
