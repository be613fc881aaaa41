"""Gripper: a robot with two grippers carries balls from room to room."""

from collections.abc import Iterator
from itertools import permutations
from random import Random

from agents.evaluation.domains.strips import Domain, Fact, Goal, Operator, State, operator, things

ROOMS = ("kitchen", "hall", "attic")
FEWEST_BALLS, MOST_BALLS = 6, 10


def _operators(start: State) -> Iterator[Operator]:
    balls = sorted({*things(start, "in"), *things(start, "holds", 2)})
    for here, there in permutations(ROOMS, 2):
        robot: list[Fact] = [("robot", here)]
        yield operator(f"go from the {here} to the {there}", needs=robot, adds=[("robot", there)], removes=robot)
    for ball in balls:
        for room in ROOMS:
            for gripper in ("left", "right"):
                yield from _lifting(ball, room, gripper)


def _lifting(ball: str, room: str, gripper: str) -> Iterator[Operator]:
    here: Fact = ("robot", room)
    lies: list[Fact] = [("in", ball, room), ("free", gripper)]
    held: list[Fact] = [("holds", gripper, ball)]
    yield operator(f"pick up {ball} in the {room}, {gripper} gripper", needs=[here, *lies], adds=held, removes=lies)
    yield operator(f"drop {ball} in the {room}, {gripper} gripper", needs=[here, *held], adds=lies, removes=held)


def _generate(random: Random) -> tuple[State, Goal]:
    balls = [f"ball{number}" for number in range(1, random.randint(FEWEST_BALLS, MOST_BALLS) + 1)]
    ways = [(ball, *random.sample(ROOMS, 2)) for ball in balls]
    robot: list[Fact] = [("robot", random.choice(ROOMS)), ("free", "left"), ("free", "right")]
    return frozenset([*robot, *(("in", ball, here) for ball, here, _ in ways)]), tuple(
        ("in", ball, there) for ball, _, there in ways
    )


def _subgoals(goal: Goal) -> tuple[Goal, ...]:
    """Two balls at a time, those for one room together."""
    ordered = sorted(goal, key=lambda fact: (fact[2], fact[1]))
    return tuple(tuple(ordered[place : place + 2]) for place in range(0, len(ordered), 2))


def _aim(state: State, goal: Goal) -> Goal:
    """Fill the grippers with what is missing, then carry it there."""
    missing = [fact for fact in goal if fact not in state]
    carried = set(things(state, "holds", 2))
    lying = [fact for fact in missing if fact[1] not in carried]
    free = things(state, "free")
    return (("holds", free[0], lying[0][1]),) if lying and free else (missing[0],)


GRIPPER = Domain(
    name="gripper",
    rules="A robot with a left and a right gripper carries balls between rooms. Each gripper holds one ball.",
    phrases={
        "robot": "the robot is in the {}",
        "in": "{} is in the {}",
        "free": "the {} gripper is empty",
        "holds": "the {} gripper holds {}",
    },
    operators=_operators,
    generate=_generate,
    subgoals=_subgoals,
    aim=_aim,
)
