"""Tyreworld: flat wheels are replaced by spare ones, with tools that lie in the boot and go back there."""

from collections.abc import Iterator
from random import Random

from agents.evaluation.domains.strips import Domain, Fact, Goal, Operator, State, operator, things

FEWEST_HUBS, MOST_HUBS = 2, 4
TOOLS = ("jack", "pump", "wrench")

OPENED: Fact = ("opened",)
SHUT: Fact = ("shut",)
WRENCH: Fact = ("have", "wrench")
JACK: Fact = ("have", "jack")


def _operators(start: State) -> Iterator[Operator]:
    hubs, spares, flats = things(start, "ground"), things(start, "airless"), things(start, "on")
    yield operator("open the boot", needs=[SHUT], adds=[OPENED], removes=[SHUT])
    yield operator("close the boot", needs=[OPENED], adds=[SHUT], removes=[OPENED])
    for thing in (*TOOLS, *spares, *flats, *things(start, "tight")):
        inside, had = [("boot", thing)], [("have", thing)]
        yield operator(f"fetch {thing} from the boot", needs=[OPENED, *inside], adds=had, removes=inside)
        yield operator(f"put {thing} into the boot", needs=[OPENED, *had], adds=inside, removes=had)
    for spare in spares:
        flat, full = [("airless", spare)], [("inflated", spare)]
        yield operator(f"inflate {spare}", needs=[("have", "pump"), *flat], adds=full, removes=flat)
    for hub in hubs:
        yield from _jacking(hub)
        yield from (each for nuts in things(start, "tight") for each in _fastening(nuts, hub))
        yield from (each for wheel in (*spares, *flats) for each in _mounting(wheel, hub))


def _jacking(hub: str) -> Iterator[Operator]:
    down: list[Fact] = [("ground", hub), JACK]
    up: list[Fact] = [("raised", hub)]
    yield operator(f"jack up {hub}", needs=down, adds=up, removes=down)
    yield operator(f"jack down {hub}", needs=up, adds=down, removes=up)


def _fastening(nuts: str, hub: str) -> Iterator[Operator]:
    tight, loose = [("tight", nuts, hub)], [("loose", nuts, hub)]
    lowered: list[Fact] = [WRENCH, ("ground", hub)]
    raised: list[Fact] = [WRENCH, ("raised", hub)]
    on: list[Fact] = [*loose, ("fastened", hub)]
    off: list[Fact] = [("have", nuts), ("unfastened", hub)]
    yield operator(f"loosen {nuts} on {hub}", needs=[*lowered, *tight], adds=loose, removes=tight)
    yield operator(f"tighten {nuts} on {hub}", needs=[*lowered, *loose], adds=tight, removes=loose)
    yield operator(f"undo {nuts} on {hub}", needs=[*raised, *on], adds=off, removes=on)
    yield operator(f"do up {nuts} on {hub}", needs=[*raised, *off], adds=on, removes=off)


def _mounting(wheel: str, hub: str) -> Iterator[Operator]:
    bare: list[Fact] = [("raised", hub), ("unfastened", hub)]
    on: list[Fact] = [("on", wheel, hub)]
    off: list[Fact] = [("have", wheel), ("empty", hub)]
    yield operator(f"remove {wheel} from {hub}", needs=[*bare, *on], adds=off, removes=on)
    yield operator(f"put {wheel} on {hub}", needs=[*bare, *off], adds=on, removes=off)


def _generate(random: Random) -> tuple[State, Goal]:
    numbers = range(1, random.randint(FEWEST_HUBS, MOST_HUBS) + 1)
    spares = dict(zip(numbers, random.sample(list(numbers), len(numbers)), strict=True))
    start: list[Fact] = [SHUT, *(("boot", tool) for tool in TOOLS)]
    goal: list[Fact] = []
    for number, spare in spares.items():
        start += [("boot", f"spare{spare}"), ("airless", f"spare{spare}"), *_mounted(f"flat{number}", number)]
        goal += [("on", f"spare{spare}", f"hub{number}"), ("inflated", f"spare{spare}")]
        goal += [("tight", f"nuts{number}", f"hub{number}"), ("boot", f"flat{number}")]
    return frozenset(start), (*goal, *(("boot", tool) for tool in TOOLS), SHUT)


def _mounted(wheel: str, number: int) -> list[Fact]:
    hub = f"hub{number}"
    return [("on", wheel, hub), ("ground", hub), ("fastened", hub), ("tight", f"nuts{number}", hub)]


def _subgoals(goal: Goal) -> tuple[Goal, ...]:
    """Wheel by wheel, then everything back into the boot, which is shut last."""
    wheels = [(on, ("inflated", on[1]), ("tight", _nuts(goal, on[2]), on[2])) for on in sorted(goal) if on[0] == "on"]
    tidy = tuple(sorted(fact for fact in goal if fact[0] == "boot"))
    return (*wheels, tidy, (SHUT,))


def _nuts(goal: Goal, hub: str) -> str:
    """The nuts that are to be tight on the hub."""
    return next(fact[1] for fact in goal if fact[0] == "tight" and fact[2] == hub)


def _aim(state: State, goal: Goal) -> Goal:
    missing = [fact for fact in goal if fact not in state]
    if missing[0][0] in ("boot", "shut"):
        return (missing[0],)
    (_, spare, hub), _, (_, nuts, _) = goal
    if ("on", spare, hub) not in state:
        return (_off(state, hub, nuts) or _on(state, hub, spare),)
    return (_finished(state, hub, nuts) or _held(state, "pump") or ("inflated", spare),)


def _off(state: State, hub: str, nuts: str) -> Fact | None:
    """What comes next until the old wheel is off; None where it is."""
    if ("tight", nuts, hub) in state:
        return _held(state, "wrench") or ("loose", nuts, hub)
    if ("ground", hub) in state:
        return _held(state, "jack") or ("raised", hub)
    if ("fastened", hub) in state:
        return _held(state, "wrench") or ("have", nuts)
    return None if ("empty", hub) in state else ("empty", hub)


def _on(state: State, hub: str, spare: str) -> Fact:
    return _held(state, spare) or ("on", spare, hub)


def _finished(state: State, hub: str, nuts: str) -> Fact | None:
    """What comes next until the new wheel is tight; None where it is."""
    if ("unfastened", hub) in state:
        return _held(state, "wrench") or ("fastened", hub)
    if ("raised", hub) in state:
        return ("ground", hub)
    return (_held(state, "wrench") or ("tight", nuts, hub)) if ("loose", nuts, hub) in state else None


def _held(state: State, thing: str) -> Fact | None:
    """That the thing is at hand, where it is not yet."""
    had: Fact = ("have", thing)
    return None if had in state else had


TYREWORLD = Domain(
    name="tyreworld",
    rules=(
        "Wheels are changed with wrench, jack and pump from the boot. Nuts are loosened and tightened on the ground, "
        "undone and done up on a raised hub."
    ),
    phrases={
        "opened": "the boot is open",
        "shut": "the boot is closed",
        "boot": "{} is in the boot",
        "have": "{} is at hand",
        "tight": "{} is tight on {}",
        "loose": "{} is loose on {}",
        "ground": "{} is on the ground",
        "raised": "{} is raised",
        "fastened": "{} is fastened",
        "unfastened": "{} is unfastened",
        "empty": "{} has no wheel",
        "on": "{} is mounted on {}",
        "airless": "{} has no air",
        "inflated": "{} is inflated",
    },
    operators=_operators,
    generate=_generate,
    subgoals=_subgoals,
    aim=_aim,
)
