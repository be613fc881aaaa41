"""Blocksworld: a hand that holds one block at a time builds towers."""

from collections.abc import Iterator
from itertools import pairwise, permutations
from random import Random

from agents.evaluation.domains.strips import Domain, Fact, Goal, Operator, State, operator, things

FEWEST_BLOCKS, MOST_BLOCKS = 8, 12

FREE: Fact = ("free",)


def _operators(start: State) -> Iterator[Operator]:
    blocks = sorted({*things(start, "on"), *things(start, "table"), *things(start, "hold")})
    for block in blocks:
        lies: list[Fact] = [("table", block), ("clear", block), FREE]
        yield operator(f"pick up {block}", needs=lies, adds=[("hold", block)], removes=lies)
        yield operator(f"put {block} on the table", needs=[("hold", block)], adds=lies, removes=[("hold", block)])
    for block, below in permutations(blocks, 2):
        stands: list[Fact] = [("on", block, below), ("clear", block), FREE]
        held: list[Fact] = [("hold", block), ("clear", below)]
        yield operator(f"take {block} off {below}", needs=stands, adds=held, removes=stands)
        yield operator(f"put {block} on {below}", needs=held, adds=stands, removes=held)


def _generate(random: Random) -> tuple[State, Goal]:
    blocks = [f"b{number}" for number in range(1, random.randint(FEWEST_BLOCKS, MOST_BLOCKS) + 1)]
    start, goal = _towers(blocks, random), _towers(blocks, random)
    free = [("clear", tower[-1]) for tower in start]
    return frozenset([FREE, *free, *_standing(start)]), tuple(_standing(goal))


def _towers(blocks: list[str], random: Random) -> list[list[str]]:
    """All blocks in two or three towers, each named from below."""
    shuffled = random.sample(blocks, len(blocks))
    cuts = sorted(random.sample(range(1, len(blocks)), random.randint(1, 2)))
    return [shuffled[low:high] for low, high in pairwise([0, *cuts, len(blocks)])]


def _standing(towers: list[list[str]]) -> Iterator[Fact]:
    for tower in towers:
        yield ("table", tower[0])
        yield from (("on", upper, lower) for lower, upper in pairwise(tower))


def _subgoals(goal: Goal) -> tuple[Goal, ...]:
    """Every block by itself, those that others stand on first."""
    return tuple((fact,) for fact in sorted(goal, key=lambda fact: (_depth(goal, fact), fact)))


def _depth(goal: Goal, fact: Fact) -> int:
    return 0 if fact[0] == "table" else 1 + max((_depth(goal, each) for each in goal if each[1] == fact[2]), default=0)


def _aim(state: State, goal: Goal) -> Goal:
    """Free the block and its place from what stands on them, one at a time, then move it."""
    for thing in goal[0][1:]:
        if top := _top(state, thing):
            return (("table", top),)
    held = things(state, "hold")
    if held and held[0] != goal[0][1]:
        return (("table", held[0]),)
    return (goal[0],) if held else (("hold", goal[0][1]),)


def _top(state: State, thing: str) -> str:
    """The uppermost of the blocks on the thing; empty where nothing is on it."""
    upper = next((fact[1] for fact in sorted(state) if fact[0] == "on" and fact[2] == thing), "")
    return (_top(state, upper) or upper) if upper else ""


BLOCKSWORLD = Domain(
    name="blocksworld",
    rules="A hand moves blocks. It holds one at a time and takes only blocks that nothing is on.",
    phrases={
        "on": "{} is on {}",
        "table": "{} is on the table",
        "clear": "{} is clear",
        "hold": "the hand holds {}",
        "free": "the hand is empty",
    },
    operators=_operators,
    generate=_generate,
    subgoals=_subgoals,
    aim=_aim,
)
