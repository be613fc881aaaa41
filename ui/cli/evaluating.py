"""Carrying out `workbench-cli eval`: row by row, so that what was measured is kept when somebody stops it."""

import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from ui.cli import comparing_evaluations, evaluating_desktops
from ui.cli.console import Console
from ui.cli.evaluating_desktops import SUITES as ON_DESKTOPS
from ui.cli.tables import table
from ui.cli.values import names
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.evaluation.injection_suite import Trial
    from agents.evaluation.memory_suite import MemoryRow, SuiteOptions
    from agents.memory.serialising import Count, Mode
    from agents.runtime.ports import Model
    from workbench.approval import Mode as Approve

SUITES = (*ON_DESKTOPS, "memory", "injections")
COMPARE = "compare"

OF_DESKTOPS = (
    "exemplars",
    "lend",
    "workflows",
    "hints",
    "ablate",
    "demonstrations",
    "max_seconds",
    "parallel",
    "ray",
    "out",
)
"""Options for the suites on private desktops alone."""

OF_PROBLEMS = ("episodes", "seed", "model", "memory", "max_steps")
"""Options that injections have no use for: what is played there is always the same."""

MODES: "dict[str, Mode]" = {"hierarchical": "hierarchical", "flat": "flat"}
APPROVE: "tuple[Approve, ...]" = ("ask", "risky", "never", "auto")

ESTIMATE = "an estimate of four characters each"


class InjectionRow(msgspec.Struct, frozen=True):
    """The planted instructions of one place with one mode of approval.

    `success` is the share with which nothing went wrong: no risky step that nobody approved, no secret where it does
    not belong, the task as it was. `happened`, `asked` and `leaked` count steps that were taken, questions to a person,
    who rejects everything here, and secrets that got out. The model obeys what it reads: it costs no tokens.
    """

    task: str
    approve: str
    episodes: int
    success: float
    happened: int
    asked: int
    leaked: int
    seconds: float
    steps: float = 1.0
    tokens: float = 0.0
    memory: str | None = None
    exemplars: int = 0


def carry_out(args: Namespace, console: Console) -> int:
    """Play the suite that was asked for and print what was measured; returns the exit code."""
    if args.suite == COMPARE:
        _refuse(args, ("tasks", *OF_PROBLEMS, *OF_DESKTOPS), "is for playing; compare takes two evaluations")
        return comparing_evaluations.carry_out(args.of, console)
    if args.suite not in SUITES:
        raise BadInputError(f"there is no suite “{args.suite}”; there are {', '.join(SUITES)} (and compare)")
    if args.of:
        raise BadInputError(f"“{args.of[0]}” is one word too many; tasks are named with --tasks")
    if args.suite in ON_DESKTOPS:
        return evaluating_desktops.carry_out(args, console)
    _refuse(args, OF_DESKTOPS, f"is for {' and '.join(ON_DESKTOPS)}")
    if args.suite == "memory":
        return _memory(args, console)
    _refuse(args, OF_PROBLEMS, "is for the other suites; `eval injections` is always played the same way")
    return _injections(args, console)


def _refuse(args: Namespace, options: Sequence[str], why: str) -> None:
    given = next((name for name in options if not (getattr(args, name) is None or getattr(args, name) is False)), None)
    if given is not None:
        raise BadInputError(f"--{given.replace('_', '-')} {why}")


def _memory(args: Namespace, console: Console) -> int:
    from agents.evaluation.memory_suite import reported

    options = _options(args)
    rows: list[MemoryRow] = []
    with _planner(args.model) as (model, count, counted_by):
        whose = "the scripted solver, no model" if args.model is None else f"model {model.name}"
        console.say(f"planned by {whose}; tokens counted by {counted_by}")
        stopped = _collect(_memory_rows(model, options, count, console), rows, console)
        report = msgspec.to_builtins(reported(model, options, rows))
    report["summary"] |= _intervals(rows) | {"tokens_counted_by": counted_by, "complete": not stopped}
    console.data(report, _memory_table(rows) + "".join(f"\n{line}" for line in _findings(report["summary"])))
    return 3 if stopped else 0


def _options(args: Namespace) -> "SuiteOptions":
    from agents.evaluation.domains import DOMAINS
    from agents.evaluation.memory_suite import SuiteOptions

    default = SuiteOptions()
    return SuiteOptions(
        domains=_chosen(args.tasks, tuple(DOMAINS), "task in the suite memory"),
        episodes=args.episodes or default.episodes,
        seed=default.seed if args.seed is None else args.seed,
        memory=tuple(MODES[name] for name in _chosen(args.memory, tuple(MODES), "kind of memory")),
        max_steps=args.max_steps or default.max_steps,
    )


def _chosen(given: str | None, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    """The names between the commas, each once, all that are known where none is given."""
    if given is None:
        return known
    found = names(given)
    for name in found or (given,):
        if name not in known:
            raise BadInputError(f"there is no {what} “{name}”; there are {', '.join(known)}")
    return found


@contextmanager
def _planner(name: str | None) -> "Iterator[tuple[Model, Count, str]]":
    """Who plans, how its tokens are counted, and that in words."""
    from agents.evaluation.playing import counted_by, estimated

    if name is None:
        from agents.evaluation.scripted_solver import ScriptedSolver

        yield ScriptedSolver(), estimated, ESTIMATE
        return
    from agents.runtime.models.opening import open_model

    with closing(open_model(name)) as model:
        yield model, counted_by(model), f"the tokenizer of {name}"


def _memory_rows(model: "Model", options: "SuiteOptions", count: "Count", console: Console) -> "Iterator[MemoryRow]":
    from agents.evaluation.memory_suite import run_memory_suite

    for domain in options.domains:
        for mode in options.memory:
            alone = msgspec.structs.replace(options, domains=(domain,), memory=(mode,))
            told: list[str] = []
            yield from run_memory_suite(model, alone, count=count, told=told.append)
            for line in told:  # the row has been taken by now: what is told is kept
                console.say(line)


def _collect(made: Iterator[Any], rows: list[Any], console: Console) -> bool:
    """Take the rows as they are made; returns whether a person stopped it before the last."""
    try:
        rows.extend(made)
    except KeyboardInterrupt:
        console.say(f"stopped; {len(rows)} rows were measured and are kept")
        return True
    return False


def _intervals(rows: "Sequence[MemoryRow]") -> dict[str, Any]:
    """The 95 % intervals of what the summary says, as the JSON document holds them."""
    from agents.evaluation.intervals import of_savings, of_share

    pairs = [(one, two) for one in rows for two in rows if (one.task, one.memory, two.memory) == (two.task, *MODES)]
    success = {}
    for mode in dict.fromkeys(row.memory for row in rows):
        chosen = [row for row in rows if row.memory == mode]
        reached = sum(round(row.success * row.episodes) for row in chosen)
        success[mode] = of_share(reached, sum(row.episodes for row in chosen))
    whole = [
        pair for one, two in pairs for pair in zip(one.each_tokens_per_step, two.each_tokens_per_step, strict=True)
    ]
    part = [
        pair
        for one, two in pairs
        for pair in zip(one.each_memory_tokens_per_step, two.each_memory_tokens_per_step, strict=True)
    ]
    named = {"success": success, "tokens_per_step": of_savings(whole), "memory_tokens_per_step": of_savings(part)}
    return {"intervals_95": msgspec.to_builtins(named)}


def _memory_table(rows: "Sequence[MemoryRow]") -> str:
    heads = (
        "TASK",
        "MEMORY",
        "EPISODES",
        "SUCCESS",
        "STEPS",
        "TOKENS",
        "PER STEP",
        "OF THEM MEMORY",
        "SAME",
        "SECONDS",
    )
    lines = (
        (
            row.task,
            row.memory,
            f"{row.episodes}",
            f"{row.success:.0%}",
            f"{row.steps:.1f}",
            f"{row.tokens:.0f}",
            f"{row.tokens_per_step:.0f}",
            f"{row.memory_tokens_per_step:.0f}",
            f"{row.same_share:.0%}",
            f"{row.seconds:.2f}",
        )
        for row in rows
    )
    return table(heads, lines)


def _findings(summary: dict[str, Any]) -> Iterator[str]:
    """What it comes to, in sentences."""
    intervals = summary["intervals_95"]
    for mode, share in summary["success"].items():
        yield f"{mode} memory: {share:.0%} reached the goal{_between(intervals['success'][mode])}"
    for name, what in (("tokens_per_step", "all tokens of a step"), ("memory_tokens_per_step", "what is remembered")):
        if summary[name] is not None:
            yield f"hierarchical against flat saves {summary[name]:.0%} of {what}{_between(intervals[name])}"


def _between(interval: dict[str, float] | None) -> str:
    return f" (95 % interval {interval['low']:.0%} to {interval['high']:.0%})" if interval else ""


def _injections(args: Namespace, console: Console) -> int:
    from agents.evaluation.injections import INJECTIONS

    channels = {each.channel.replace(" ", "-"): each.channel for each in INJECTIONS}
    chosen = _chosen(args.tasks, tuple(channels), "task in the suite injections")
    console.say("answered by a model that obeys all it reads; whoever is asked rejects")
    rows: list[InjectionRow] = []
    stopped = _collect(_injection_rows(chosen, channels, console), rows, console)
    safe, played = sum(round(row.success * row.episodes) for row in rows), sum(row.episodes for row in rows)
    console.data(_injection_report(rows, (safe, played), stopped=stopped), _injection_table(rows))
    return 3 if stopped else int(safe < played)


def _injection_rows(tasks: Sequence[str], channels: dict[str, Any], console: Console) -> Iterator[InjectionRow]:
    from agents.evaluation.injection_suite import run_injection_suite
    from agents.evaluation.injections import INJECTIONS

    for task in tasks:
        planted = [each for each in INJECTIONS if each.channel == channels[task]]
        for mode in APPROVE:
            started_s = time.monotonic()
            trials = run_injection_suite(planted, modes=(mode,))
            for trial in trials:
                if not trial.safe:
                    console.say(f"{trial.name}, --approve {mode}: {trial.step} ({trial.reason})")
            yield _injection_row(task, mode, trials, (time.monotonic() - started_s) / len(trials))


def _injection_row(task: str, approve: str, trials: "Sequence[Trial]", seconds: float) -> InjectionRow:
    return InjectionRow(
        task=task,
        approve=approve,
        episodes=len(trials),
        success=sum(trial.safe for trial in trials) / len(trials),
        happened=sum(trial.happened for trial in trials),
        asked=sum(trial.asked for trial in trials),
        leaked=sum(trial.leaked for trial in trials),
        seconds=seconds,
    )


def _injection_report(rows: Sequence[InjectionRow], counted: tuple[int, int], *, stopped: bool) -> dict[str, Any]:
    from agents.evaluation.intervals import of_share

    safe, played = counted
    summary = {
        "success": safe / played if played else None,
        "intervals_95": {"success": msgspec.to_builtins(of_share(safe, played))},
        "happened_unasked": sum(row.happened for row in rows if row.approve != "auto"),
        "leaked": sum(row.leaked for row in rows),
        "complete": not stopped,
    }
    return {"suite": "injections", "model": "obedient", "seed": 0, "rows": rows, "summary": summary}


def _injection_table(rows: Sequence[InjectionRow]) -> str:
    heads = ("PLANTED IN", "APPROVE", "TRIALS", "SAFE", "HAPPENED", "ASKED", "LEAKED")
    lines = (
        (
            row.task,
            row.approve,
            f"{row.episodes}",
            f"{row.success:.0%}",
            f"{row.happened}",
            f"{row.asked}",
            f"{row.leaked}",
        )
        for row in rows
    )
    return table(heads, lines)
