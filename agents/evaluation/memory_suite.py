"""`eval memory`: four long planning domains, hierarchical working memory against flat, on the same problems.

The domains are those of HiAgent's evaluation (arXiv 2408.09559); simulators and problems are made here, from a seed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import mean

from msgspec import Struct

from agents.evaluation.domains import DOMAINS
from agents.evaluation.domains.strips import Domain, problem
from agents.evaluation.playing import Cost, Episode, Rules, estimated, play
from agents.memory.serialising import Count, Mode
from agents.runtime.ports import Model
from workbench.errors import BadInputError

Told = Callable[[str], None]
"""Told in a line how it goes."""


class SuiteOptions(Struct, frozen=True):
    """What is played: `episodes` problems of each domain (none named: all), each with every kind of memory.

    `memory_tokens` is the most that the memory may take of a prompt; None sets no limit.
    """

    domains: tuple[str, ...] = ()
    episodes: int = 5
    seed: int = 0
    memory: tuple[Mode, ...] = ("hierarchical", "flat")
    max_steps: int = 100
    memory_tokens: int | None = None


class MemoryRow(Struct, frozen=True):
    """One domain with one kind of memory: means over its episodes.

    `success` is the share that reached the goal, `tokens` what an episode took in all, prompts and answers,
    `tokens_per_step` the same by steps, and `memory_tokens_per_step` what remembering took of that, the task left out.
    `same_share` is how much of the prompts was the beginning of the one before, so that a cache can serve it.
    The last two are those of each episode alone, in the order of the problems.
    """

    task: str
    memory: Mode
    episodes: int
    success: float
    steps: float
    tokens: float
    seconds: float
    tokens_per_step: float
    memory_tokens_per_step: float
    same_share: float
    exemplars: int = 0
    each_tokens_per_step: tuple[float, ...] = ()
    each_memory_tokens_per_step: tuple[float, ...] = ()


class Savings(Struct, frozen=True):
    """Hierarchical against flat memory over all rows that have both, in shares; None where nothing was compared.

    `success` is the share of episodes by kind of memory; the others say which share of the tokens per step was saved,
    of all there are and of those for what is remembered.
    """

    success: dict[Mode, float]
    tokens_per_step: float | None = None
    memory_tokens_per_step: float | None = None


class MemoryReport(Struct, frozen=True):
    """The whole result, as `eval --json` prints it."""

    model: str
    seed: int
    rows: tuple[MemoryRow, ...]
    summary: Savings
    suite: str = "memory"


def run_memory_suite(
    model: Model, options: SuiteOptions, *, count: Count = estimated, told: Told = lambda _: None
) -> tuple[MemoryRow, ...]:
    """Play everything, one row per domain and kind of memory; asks the model and waits.

    `count` says how many tokens a text takes. Raises `BadInputError` for a domain that there is not.
    """
    return tuple(_rows(model, options, count, told))


def reported(model: Model, options: SuiteOptions, rows: Sequence[MemoryRow]) -> MemoryReport:
    """The rows with what they come to."""
    return MemoryReport(model.name, options.seed, tuple(rows), savings(rows))


def savings(rows: Sequence[MemoryRow]) -> Savings:
    """What hierarchical memory saved over flat."""
    pairs = [(one, two) for one in rows for two in rows if one.task == two.task and (one.memory, two.memory) == _BOTH]
    modes = sorted({row.memory for row in rows})
    success = {mode: mean(row.success for row in rows if row.memory == mode) for mode in modes}
    return Savings(
        success,
        _saved([(one.tokens_per_step, two.tokens_per_step) for one, two in pairs]),
        _saved([(one.memory_tokens_per_step, two.memory_tokens_per_step) for one, two in pairs]),
    )


_BOTH: tuple[Mode, Mode] = ("hierarchical", "flat")


def _saved(pairs: Sequence[tuple[float, float]]) -> float | None:
    before = sum(flat for _, flat in pairs)
    return 1 - sum(hierarchical for hierarchical, _ in pairs) / before if before else None


def _rows(model: Model, options: SuiteOptions, count: Count, told: Told) -> Iterator[MemoryRow]:
    for domain in _domains(options.domains):
        for mode in options.memory:
            rules = Rules(mode, options.max_steps, options.memory_tokens)
            seeds = [f"{options.seed}:{domain.name}:{number}" for number in range(options.episodes)]
            played = [play(problem(domain, seed), model, rules, count) for seed in seeds]
            for seed, episode in zip(seeds, played, strict=True):
                if episode.reason:
                    told(f"{seed}, {mode}: {episode.reason}")
            row = _row(domain.name, mode, played)
            cost = f"{row.tokens_per_step:.0f} tokens per step"
            told(f"{row.task}, {row.memory}: {row.success:.0%} reached the goal in {row.steps:.0f} steps, {cost}")
            yield row


def _domains(names: Iterable[str]) -> list[Domain]:
    chosen = tuple(names) or tuple(DOMAINS)
    for name in chosen:
        if name not in DOMAINS:
            raise BadInputError(f"there is no planning domain {name!r}; name one of {', '.join(DOMAINS)}")
    return [DOMAINS[name] for name in chosen]


def _row(task: str, mode: Mode, played: Sequence[Episode]) -> MemoryRow:
    if not played:
        raise BadInputError(f"no episode of {task} was asked for; play at least one")
    cost = sum((episode.cost for episode in played), Cost())
    tokens, steps = cost.prompt_tokens + cost.answer_tokens, sum(episode.steps for episode in played)
    return MemoryRow(
        task=task,
        memory=mode,
        episodes=len(played),
        success=mean(episode.success for episode in played),
        steps=steps / len(played),
        tokens=tokens / len(played),
        seconds=mean(episode.seconds for episode in played),
        tokens_per_step=tokens / max(1, steps),
        memory_tokens_per_step=cost.memory_tokens / max(1, steps),
        same_share=cost.same_tokens / max(1, cost.prompt_tokens),
        each_tokens_per_step=tuple(
            (one.cost.prompt_tokens + one.cost.answer_tokens) / max(1, one.steps) for one in played
        ),
        each_memory_tokens_per_step=tuple(one.cost.memory_tokens / max(1, one.steps) for one in played),
    )
