"""The planning domains: what can be done in them, in words, and that their problems can be solved."""

import itertools
from random import Random

import pytest

from agents.evaluation.domains import DOMAINS
from agents.evaluation.domains.barman import BARMAN
from agents.evaluation.domains.blocksworld import BLOCKSWORLD
from agents.evaluation.domains.gripper import GRIPPER
from agents.evaluation.domains.strips import Problem, parsed, problem
from agents.evaluation.domains.tyreworld import TYREWORLD
from workbench.errors import BadInputError

EVERY = pytest.mark.parametrize("domain", DOMAINS.values(), ids=DOMAINS)


def _wandered(one, steps=60):
    """States that are reached by doing anything at all."""
    random, state = Random(7), one.start
    for _ in range(steps):
        yield state
        state = one.done(state, random.choice(one.possible(state))).state


def _after(one, *actions):
    state = one.start
    for action in actions:
        effect = one.done(state, action)
        assert effect.possible, action
        state = effect.state
    return state


@EVERY
def test_a_problem_is_the_same_for_the_same_seed_and_another_for_another(domain):
    assert problem(domain, "1").task == problem(domain, "1").task
    assert len({problem(domain, str(seed)).task for seed in range(10)}) > 5


@EVERY
def test_no_problem_is_solved_from_the_start(domain):
    assert not any((one := problem(domain, str(seed))).met(one.start) for seed in range(50))


@EVERY
def test_a_problem_is_found_again_from_its_words(domain):
    one = problem(domain, "3")
    again = parsed(DOMAINS.values(), one.task)
    assert (again.domain, again.start, again.goal) == (one.domain, one.start, one.goal)
    assert "\n" not in one.task


@EVERY
def test_every_fact_that_can_come_about_is_found_again_from_its_words(domain):
    for state in _wandered(problem(domain, "4")):
        assert frozenset(domain.understood(domain.say(sorted(state)))) == state


@EVERY
def test_no_two_things_that_can_be_done_now_have_the_same_words(domain):
    one = problem(domain, "5")
    for state in _wandered(one):
        possible = one.possible(state)
        assert len(possible) == len(set(possible)) > 0


@EVERY
def test_what_cannot_be_done_changes_nothing_and_says_so(domain):
    one = problem(domain, "6")
    effect = one.done(one.start, "fly to the moon")
    assert (effect.state, effect.possible, effect.seen) == (one.start, False, "this cannot be done now")


@EVERY
def test_the_parts_of_a_goal_are_all_of_the_goal(domain):
    one = problem(domain, "7")
    parts = domain.subgoals(one.goal)
    assert set(one.goal) <= set(itertools.chain.from_iterable(parts))


def test_a_block_under_another_is_not_taken():
    towers = frozenset([("free",), ("table", "b1"), ("on", "b2", "b1"), ("clear", "b2")])
    one = Problem(BLOCKSWORLD, towers, (("on", "b1", "b2"),))
    assert one.possible(one.start) == ("take b2 off b1",)
    assert one.met(_after(one, "take b2 off b1", "put b2 on the table", "pick up b1", "put b1 on b2"))


def test_each_gripper_carries_one_ball():
    balls = [("in", f"ball{number}", "hall") for number in (1, 2, 3)]
    start = frozenset([*balls, ("robot", "hall"), ("free", "left"), ("free", "right")])
    one = Problem(GRIPPER, start, (("in", "ball1", "attic"), ("in", "ball2", "attic")))
    loaded = _after(one, "pick up ball1 in the hall, left gripper", "pick up ball2 in the hall, right gripper")
    assert not [action for action in one.possible(loaded) if action.startswith("pick up")]
    assert one.met(
        _after(
            Problem(GRIPPER, loaded, one.goal),
            "go from the hall to the attic",
            "drop ball1 in the attic, left gripper",
            "drop ball2 in the attic, right gripper",
        )
    )


def test_a_wheel_is_changed_in_the_one_order_that_works():
    one = problem(TYREWORLD, "8")
    spare = next(fact[1] for fact in one.goal if fact[0] == "on" and fact[2] == "hub1")
    before = ("open the boot", "fetch wrench from the boot", "fetch jack from the boot")
    raised = _after(one, *before, "jack up hub1")
    assert "undo nuts1 on hub1" not in one.possible(raised)
    changed = (
        "loosen nuts1 on hub1",
        "jack up hub1",
        "undo nuts1 on hub1",
        "remove flat1 from hub1",
        f"fetch {spare} from the boot",
        f"put {spare} on hub1",
        "do up nuts1 on hub1",
        "jack down hub1",
        "tighten nuts1 on hub1",
    )
    assert {("on", spare, "hub1"), ("tight", "nuts1", "hub1")} <= _after(one, *before, *changed)


def test_a_cocktail_is_two_ingredients_shaken_in_a_clean_shaker():
    one = problem(BARMAN, "9")
    _, name, first, second = next(fact for fact in sorted(one.start) if fact[0] == "recipe")
    mixed = _after(
        one,
        "take shot1 with the left hand",
        f"fill shot1 in the left hand with {first}",
        f"pour {first} from shot1 in the left hand into the shaker",
        f"rinse {first} off shot1 in the left hand",
        f"fill shot1 in the left hand with {second}",
        f"pour {second} from shot1 in the left hand into the shaker",
        f"rinse {second} off shot1 in the left hand",
        "take shaker with the right hand",
    )
    shake = f"shake {name} in the shaker in the right hand"
    assert shake not in one.possible(mixed)
    served = _after(
        Problem(BARMAN, mixed, one.goal),
        "put shot1 down, left hand",
        shake,
        f"pour {name} from the shaker in the right hand into shot1",
    )
    assert ("contains", "shot1", name) in served
    assert {("contains", "shaker", first), ("contains", "shaker", second)}.isdisjoint(served)


@pytest.mark.parametrize("task", ["", "chess; start: x; goal: y", "gripper; start: the cat is in the hall; goal: "])
def test_a_task_that_is_no_problem_is_refused(task):
    with pytest.raises(BadInputError):
        parsed(DOMAINS.values(), task)
