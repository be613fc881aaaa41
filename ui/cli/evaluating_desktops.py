"""Carrying out `workbench-cli eval miniwob` and `eval desktop`: tasks on private desktops, played by an agent."""

from argparse import Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ui.cli.console import Console
from ui.cli.evaluation_tables import conclusions, rows_table, totals_table
from ui.cli.opening import chosen_path, open_library
from ui.cli.progress import Progress
from ui.cli.values import names
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.evaluation.harness.casting import Casting
    from agents.evaluation.harness.conditions import Condition
    from agents.evaluation.harness.evaluation import Crew, Evaluated
    from agents.evaluation.harness.identity import Identity
    from agents.evaluation.harness.plan import Plan
    from agents.evaluation.harness.player import Outcome
    from agents.evaluation.suites import Limits, Suite
    from agents.session.messages import Minds

SUITES = ("miniwob", "desktop")
EVALUATIONS = "evaluations"
"""The folder in that of the library in which evaluations are kept."""

DEMONSTRATIONS, ATTEMPTS = "demonstrations", "attempts"
MOST_STEPS, MOST_SECONDS = 30, 180.0

WAYS = ("whole", "steps")
SWITCH = {"off": False, "on": True}
MEMORY = ("hierarchical", "flat")
"""The values of each part of a condition, the usual one first: an ablation begins with it where it is wanted at all."""


def carry_out(args: Namespace, console: Console) -> int:
    """Play what is missing of the evaluation, print all of it, and return the exit code."""
    from agents.evaluation.harness.casting import suite_named
    from agents.evaluation.harness.evaluation import evaluate
    from agents.evaluation.harness.results import Results

    suite = suite_named(args.suite)
    wanted = _wanted(args, suite, console)
    folder = args.out or evaluations_folder(console) / wanted.identity.name
    with Results.begin(folder, wanted.identity.plain()) as results:
        known = results.played()
        before = sum(one.key in known for one in wanted.plan.episodes())
        again = f"; {before} of them were played before, another --out plays them anew" if before else ""
        console.say(f"{len(wanted.plan)} episodes, kept in {folder}{again}")
        lends_from = _demonstrated(args, wanted, suite, folder, console=console) or wanted.lends_from
        casting = _casting(wanted, lends_from)
        evaluated = evaluate(wanted.plan, results, _crew(args, casting), _Telling(console, wanted.plan))
    return _report(wanted, evaluated, folder, console=console)


def evaluations_folder(console: Console) -> Path:
    """Where evaluations are kept whose folder nobody names."""
    from workbench.library.store import default_path

    return (chosen_path(console) or default_path()) / EVALUATIONS


@dataclass(frozen=True)
class _Wanted:
    """What the words of the command line ask for; `lends_from` is empty where that has to be made first."""

    plan: "Plan"
    minds: "Minds"
    limits: "Limits"
    identity: "Identity"
    lends_from: str


def _wanted(args: Namespace, suite: "Suite", console: Console) -> _Wanted:
    from agents.evaluation.harness.identity import Identity
    from agents.evaluation.harness.plan import Plan, chosen_tasks, seeds_from
    from agents.evaluation.suites import Limits
    from agents.runtime.models.registry import Registry
    from ui.orders.agent import minds_for

    tasks = chosen_tasks(suite, names(args.tasks) if args.tasks is not None else None)
    plan = Plan(tasks, seeds_from(args.seed or 0, args.episodes or 1), _conditions(args))
    minds = minds_for(args.model, Registry.usual())
    limits = Limits(args.max_steps or MOST_STEPS, args.max_seconds or MOST_SECONDS)
    lent, lends_from = _lent(args, plan, console)
    identity = Identity.of(suite.name, minds, limits=limits, lent=lent)
    return _Wanted(plan, minds, limits, identity, lends_from)


def _conditions(args: Namespace) -> "tuple[Condition, ...]":
    from agents.evaluation.harness.conditions import Factors, every_combination, one_at_a_time

    plain = {
        "exemplars": sorted({_number(name) for name in names(args.exemplars or "0")}),
        "lend": _of(WAYS, args.lend, "way to lend"),
        "workflows": [SWITCH[name] for name in _of(tuple(SWITCH), args.workflows, "switch for workflows")],
        "hints": [SWITCH[name] for name in _of(tuple(SWITCH), args.hints, "switch for hints")],
        "memory": _of(MEMORY, args.memory, "kind of memory"),
    }
    factors = msgspec.convert(plain, Factors)
    return one_at_a_time(factors) if args.ablate else every_combination(factors)


def _of(known: tuple[str, ...], given: str | None, what: str) -> tuple[str, ...]:
    """The names that were given, in the order in which they are known; the first of those where none was."""
    if given is None:
        return known[:1]
    found = names(given)
    for name in found or (given,):
        if name not in known:
            raise BadInputError(f"there is no {what} “{name}”; there are {', '.join(known)}")
    return tuple(name for name in known if name in found)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 3:
        raise BadInputError(f"“{text}” is no number of exemplars such as 0, 1 or 3")
    return int(text)


def _lent(args: Namespace, plan: "Plan", console: Console) -> tuple[str, str]:
    """What past work is lent, as results say it, and the library that it comes from, where that is there already."""
    from agents.evaluation.harness.demonstrating import FIRST_SEED
    from agents.evaluation.harness.identity import library_digest

    lends = any(condition.lends for condition in plan.conditions)
    if not lends and args.demonstrations:
        raise BadInputError("no condition lends the demonstrations; add --exemplars 1, --workflows on or --hints on")
    if not lends:
        return "nothing", ""
    if args.demonstrations and max(plan.seeds) >= FIRST_SEED:
        raise BadInputError(f"seeds from {FIRST_SEED} on are those of demonstrations; choose a smaller --seed")
    if args.demonstrations:
        hints = ", and what an attempt at each teaches" if _tells_hints(plan) else ""
        return f"{args.demonstrations} demonstrations of each of {', '.join(plan.tasks)}{hints}", ""
    with open_library(console) as library:
        return f"the library {library_digest(library)}", str(library.path)


def _demonstrated(args: Namespace, wanted: _Wanted, suite: "Suite", folder: Path, *, console: Console) -> str:
    """The library of demonstrations, made where they are missing; empty where none are wanted."""
    if not args.demonstrations:
        return ""
    from agents.evaluation.harness.demonstrating import Demonstrations, learn_workflows

    progress = Progress(console)
    demonstrations = Demonstrations(folder / DEMONSTRATIONS, args.demonstrations)
    counts = demonstrations.make(
        suite, wanted.plan.tasks, lambda done, of, task: progress.done(done, of, f"demonstrations of {task}")
    )
    none = [task for task, number in counts.items() if not number]
    console.say(f"{sum(counts.values())} demonstrations of {len(counts) - len(none)} of {len(counts)} tasks")
    if any(condition.workflows for condition in wanted.plan.conditions):
        console.say(f"{learn_workflows(demonstrations.folder)} workflows learned from them")
    if _tells_hints(wanted.plan):
        _attempted(wanted, suite, folder, console=console)
    return str(demonstrations.folder)


def _attempted(wanted: _Wanted, suite: "Suite", folder: Path, *, console: Console) -> None:
    """Have every task attempted once, where that was not done, and learn hints from it for the demonstrations."""
    from agents.evaluation.harness.attempting import Attempts, learn_hints

    progress = Progress(console)
    attempts = Attempts(folder / ATTEMPTS, wanted.minds, wanted.limits)
    attempts.make(suite, wanted.plan.tasks, lambda done, of, task: progress.done(done, of, f"an attempt at {task}"))
    console.say(f"{learn_hints(attempts.folder, folder / DEMONSTRATIONS)} hints learned from the attempts")


def _tells_hints(plan: "Plan") -> bool:
    return any(condition.hints for condition in plan.conditions)


def _casting(wanted: _Wanted, lends_from: str) -> "Casting":
    from agents.evaluation.harness.agent_cast import AgentTold
    from agents.evaluation.harness.casting import Casting

    told = msgspec.json.encode(AgentTold(wanted.minds, lends_from))
    return Casting(wanted.identity.suite, told=msgspec.Raw(told), limits=wanted.limits)


def _crew(args: Namespace, casting: "Casting") -> "Crew":
    from agents.evaluation.harness import crews

    if args.ray is not None:
        return partial(crews.on_cluster, casting, address=args.ray, players=args.parallel or 1)
    if (args.parallel or 1) > 1:
        return partial(crews.side_by_side, casting, processes=args.parallel)
    return partial(crews.alone, casting)


class _Telling:
    """Tells of each episode as it is played."""

    def __init__(self, console: Console, plan: "Plan") -> None:
        self._console = console
        self._progress = Progress(console)
        self._numbers = {condition: number for number, condition in enumerate(plan.conditions, 1)}

    def __call__(self, done: int, of: int, outcome: "Outcome") -> None:
        from agents.evaluation.harness.player import Unplayed

        episode = outcome.episode
        which = f" ({self._numbers[episode.condition]})" if len(self._numbers) > 1 else ""
        name = f"{episode.task} #{episode.seed}{which}"
        if isinstance(outcome, Unplayed):
            self._console.say(f"{name} was not played: {outcome.why}")
            return
        score = outcome.score
        how = "solved" if score.success else f"not solved (ended by {score.ended})"
        steps = "1 step" if score.steps == 1 else f"{score.steps} steps"
        self._progress.done(done, of, f"{name}: {how}, {steps}, {score.seconds:.1f} s")


def _report(wanted: _Wanted, evaluated: "Evaluated", folder: Path, *, console: Console) -> int:
    from agents.evaluation.harness.comparing import against_first
    from agents.evaluation.harness.summary import rows_of, totals_of

    rows, totals = rows_of(evaluated.played), totals_of(evaluated.played)
    compared = against_first(evaluated.played)
    summary = {
        "conditions": totals,
        "against_first": compared,
        "episodes": len(evaluated.played),
        "planned": len(wanted.plan),
        "complete": evaluated.complete,
        "unplayed": [
            {"task": one.episode.task, "seed": one.episode.seed, "why": one.why} for one in evaluated.unplayed
        ],
        "played_by": wanted.identity.plain(),
        "out": str(folder),
    }
    report = {"suite": wanted.identity.suite, "model": wanted.minds.planner, "seed": wanted.plan.seeds[0]}
    blocks = [rows_table(rows, totals), totals_table(totals), "\n".join(conclusions(compared))] if rows else []
    console.data({**report, "rows": rows, "summary": summary}, "\n\n".join(filter(None, blocks)))
    if evaluated.stopped:
        console.say(f"stopped; {len(evaluated.played)} of {len(wanted.plan)} episodes were measured and are kept")
        return 3
    return int(not evaluated.complete)
