"""Barman: two hands, one shaker and some shots; cocktails are mixed from two ingredients and served in shots."""

from collections.abc import Iterator
from itertools import combinations
from random import Random

from agents.evaluation.domains.strips import Domain, Fact, Goal, Operator, State, operator, things

INGREDIENTS = ("gin", "lime", "rum", "tonic")
HANDS = ("left", "right")
SHAKER = "shaker"
FEWEST_SHOTS, MOST_SHOTS = 3, 5

FULL = "2"
"""Parts that the shaker holds at most."""


def _operators(start: State) -> Iterator[Operator]:
    shots = sorted({*things(start, "table"), *things(start, "holds", 2)} - {SHAKER})
    for hand, second in (HANDS, HANDS[::-1]):
        yield from (each for container in (*shots, SHAKER) for each in _holding(hand, container))
        yield from (each for shot in shots for each in _shot(start, shot, (hand, second)))
        yield from _shaker(start, shots, (hand, second))


def _holding(hand: str, container: str) -> Iterator[Operator]:
    stands: list[Fact] = [("table", container), ("free", hand)]
    held: list[Fact] = [("holds", hand, container)]
    yield operator(f"take {container} with the {hand} hand", needs=stands, adds=held, removes=stands)
    yield operator(f"put {container} down, {hand} hand", needs=held, adds=stands, removes=held)


def _shot(start: State, shot: str, hands: tuple[str, str]) -> Iterator[Operator]:
    held: Fact = ("holds", hands[0], shot)
    free: Fact = ("free", hands[1])
    empty, clean = ("empty", shot), ("clean", shot)
    for drink in (*things(start, "tap"), *things(start, "recipe")):
        inside, used = ("contains", shot, drink), ("used", shot, drink)
        where = f"{shot} in the {hands[0]} hand"
        yield operator(f"pour {drink} away from {where}", needs=[held, inside], adds=[empty], removes=[inside])
        yield operator(f"rinse {drink} off {where}", needs=[held, free, empty, used], adds=[clean], removes=[used])
        if ("tap", drink) in start:
            yield operator(
                f"fill {where} with {drink}",
                needs=[held, free, empty, clean],
                adds=[inside, used],
                removes=[empty, clean],
            )
            refill = f"fill {where} with {drink} again"
            yield operator(refill, needs=[held, free, empty, used], adds=[inside], removes=[empty])
            yield from _pouring(shot, drink, held)


def _pouring(shot: str, drink: str, held: Fact) -> Iterator[Operator]:
    """An ingredient from a shot into the shaker, which is clean or has one part unshaken."""
    inside: list[Fact] = [held, ("contains", shot, drink)]
    poured: list[Fact] = [("empty", shot), ("contains", SHAKER, drink)]
    words = f"pour {drink} from {shot} in the {held[1]} hand into the {SHAKER}"
    fresh: list[Fact] = [("empty", SHAKER), ("clean", SHAKER), ("level", SHAKER, "0")]
    more: list[Fact] = [("level", SHAKER, "1")]
    yield operator(
        words,
        needs=[*inside, *fresh],
        adds=[*poured, ("unshaken", SHAKER), ("level", SHAKER, "1")],
        removes=[inside[1], *fresh],
    )
    yield operator(
        words,
        needs=[*inside, *more, ("unshaken", SHAKER)],
        adds=[*poured, ("level", SHAKER, FULL)],
        removes=[inside[1], *more],
    )


def _shaker(start: State, shots: list[str], hands: tuple[str, str]) -> Iterator[Operator]:
    held: Fact = ("holds", hands[0], SHAKER)
    free: Fact = ("free", hands[1])
    empty, clean, shaken = ("empty", SHAKER), ("clean", SHAKER), ("shaken", SHAKER)
    where = f"the {SHAKER} in the {hands[0]} hand"
    yield operator(f"rinse {where}", needs=[held, free, empty], adds=[clean])
    for _, cocktail, first, second in sorted(fact for fact in start if fact[0] == "recipe"):
        inside: Fact = ("contains", SHAKER, cocktail)
        parts: list[Fact] = [("contains", SHAKER, first), ("contains", SHAKER, second), ("unshaken", SHAKER)]
        yield operator(f"shake {cocktail} in {where}", needs=[held, free, *parts], adds=[shaken, inside], removes=parts)
        for level in ("0", "1", FULL):
            before: list[Fact] = [inside, shaken, ("level", SHAKER, level)]
            yield operator(
                f"pour {cocktail} away from {where}",
                needs=[held, *before],
                adds=[empty, ("level", SHAKER, "0")],
                removes=[fact for fact in before if fact != ("level", SHAKER, "0")],
            )
        yield from (each for shot in shots for each in _serving(shot, cocktail, held))


def _serving(shot: str, cocktail: str, held: Fact) -> Iterator[Operator]:
    ready: list[Fact] = [("empty", shot), ("clean", shot)]
    for level in (1, 2):
        yield operator(
            f"pour {cocktail} from the {SHAKER} in the {held[1]} hand into {shot}",
            needs=[held, ("shaken", SHAKER), ("contains", SHAKER, cocktail), ("level", SHAKER, str(level)), *ready],
            adds=[("contains", shot, cocktail), ("used", shot, cocktail), ("level", SHAKER, str(level - 1))],
            removes=[("level", SHAKER, str(level)), *ready],
        )


def _generate(random: Random) -> tuple[State, Goal]:
    shots = [f"shot{number}" for number in range(1, random.randint(FEWEST_SHOTS, MOST_SHOTS) + 1)]
    recipes = random.sample(list(combinations(INGREDIENTS, 2)), 3)
    cocktails: list[Fact] = [("recipe", f"cocktail{number}", *parts) for number, parts in enumerate(recipes, 1)]
    start: list[Fact] = [*(("free", hand) for hand in HANDS), *(("tap", drink) for drink in INGREDIENTS)]
    for container in (*shots, SHAKER):
        start += [("table", container), ("clean", container), ("empty", container)]
    drinks = [*random.sample([fact[1] for fact in cocktails], 3), *random.sample(INGREDIENTS, 2)]
    goal = tuple(("contains", shot, drink) for shot, drink in zip(shots, drinks, strict=False))
    return frozenset([*start, *cocktails, ("level", SHAKER, "0")]), goal


def _subgoals(goal: Goal) -> tuple[Goal, ...]:
    """Shot by shot."""
    return tuple((fact,) for fact in sorted(goal))


def _aim(state: State, goal: Goal) -> Goal:
    _, shot, drink = goal[0]
    recipe = next((fact[2:] for fact in state if fact[:2] == ("recipe", drink)), ())
    if not recipe:
        return _ready(state, shot) or goal
    if ("contains", SHAKER, drink) in state and ("level", SHAKER, "0") not in state:
        return _ready(state, shot) or goal
    missing = [part for part in recipe if ("contains", SHAKER, part) not in state]
    if not missing:
        return (("contains", SHAKER, drink),)
    if len(missing) == len(recipe) and not {("empty", SHAKER), ("clean", SHAKER)} <= state:
        return (("empty", SHAKER), ("clean", SHAKER)) if ("empty", SHAKER) in state else (("empty", SHAKER),)
    if ("contains", shot, missing[0]) in state:
        return (("contains", SHAKER, missing[0]),)
    return _ready(state, shot) or (("contains", shot, missing[0]),)


def _ready(state: State, shot: str) -> Goal:
    """What comes next until the shot is empty and clean; nothing where it is."""
    if ("empty", shot) not in state:
        return (("empty", shot),)
    return () if ("clean", shot) in state else (("clean", shot),)


BARMAN = Domain(
    name="barman",
    rules=(
        "Two hands serve drinks. A cocktail is two ingredients shaken in a clean shaker, filled by shots. Filling, "
        "rinsing and shaking need the other hand empty; a shot has to be clean and empty before another drink."
    ),
    phrases={
        "table": "{} is on the table",
        "holds": "the {} hand holds {}",
        "free": "the {} hand is empty",
        "contains": "{} contains {}",
        "empty": "{} is empty",
        "clean": "{} is clean",
        "used": "{} was used for {}",
        "tap": "there is {} on tap",
        "recipe": "{} is made of {} and {}",
        "level": "{} has {} parts",
        "unshaken": "{} is unshaken",
        "shaken": "{} is shaken",
    },
    operators=_operators,
    generate=_generate,
    subgoals=_subgoals,
    aim=_aim,
)
