"""What an evaluation comes to: success by task and condition, what it cost, and how sure all of that is."""

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean
from typing import TypeVar

from msgspec import Struct

from agents.evaluation.harness.conditions import Condition, Lend
from agents.evaluation.harness.results import Played
from agents.evaluation.intervals import Interval, of_mean, of_share, pass_at
from agents.evaluation.suites import Score
from agents.session.messages import Memory

K = TypeVar("K")

MOST_DRAWN = 10
"""pass@k is told up to this k."""


class Row(Struct, frozen=True):
    """One task under one condition: shares and means over its episodes.

    `completion` is the share of key nodes that were reached (WebCanvas, arXiv 2406.12373), None where the suite has
    none; `tokens` None where nobody counted. `asked` is how often a person would have been needed (PARTNR, arXiv
    2411.00081). `pass_at` says by k how likely one of k episodes is a success.
    """

    task: str
    exemplars: int
    lend: Lend
    workflows: bool
    hints: bool
    memory: Memory
    episodes: int
    success: float
    success_95: Interval
    reward: float
    completion: float | None
    steps: float
    tokens: float | None
    seconds: float
    asked: float
    pass_at: dict[str, float]


class Total(Struct, frozen=True):
    """One condition over all its tasks, as `Row` has it; the intervals of means draw whole tasks.

    `ended` counts the episodes by who ended them.
    """

    name: str
    condition: Condition
    tasks: int
    episodes: int
    success: float
    success_95: Interval
    reward: float
    completion: float | None
    steps: float
    steps_95: Interval | None
    tokens: float | None
    tokens_95: Interval | None
    seconds: float
    seconds_95: Interval | None
    asked: float
    pass_at: dict[str, float]
    ended: dict[str, int]


def rows_of(played: Sequence[Played]) -> tuple[Row, ...]:
    """A row for each task under each condition, in the order in which they came first."""
    groups = _grouped(played, lambda one: (one.episode.task, one.episode.condition))
    return tuple(_row(task, condition, scores) for (task, condition), scores in groups.items())


def totals_of(played: Sequence[Played]) -> tuple[Total, ...]:
    """A total for each condition, in the order in which they came first."""
    conditions = dict.fromkeys(one.episode.condition for one in played)
    return tuple(_total(one, [each for each in played if each.episode.condition == one]) for one in conditions)


def _row(task: str, condition: Condition, scores: Sequence[Score]) -> Row:
    solved = sum(score.success for score in scores)
    return Row(
        task=task,
        exemplars=condition.exemplars,
        lend=condition.lend,
        workflows=condition.workflows,
        hints=condition.hints,
        memory=condition.memory,
        episodes=len(scores),
        success=solved / len(scores),
        success_95=of_share(solved, len(scores)),
        reward=fmean(score.reward for score in scores),
        completion=_mean(score.completion for score in scores),
        steps=fmean(score.steps for score in scores),
        tokens=_mean(score.tokens for score in scores),
        seconds=fmean(score.seconds for score in scores),
        asked=fmean(score.asked for score in scores),
        pass_at=_passes([scores]),
    )


def _total(condition: Condition, played: Sequence[Played]) -> Total:
    tasks = list(_grouped(played, lambda one: one.episode.task).values())
    scores = [one.score for one in played]
    solved = sum(score.success for score in scores)
    return Total(
        name=condition.name,
        condition=condition,
        tasks=len(tasks),
        episodes=len(scores),
        success=solved / len(scores),
        success_95=of_share(solved, len(scores)),
        reward=fmean(score.reward for score in scores),
        completion=_mean(score.completion for score in scores),
        steps=fmean(score.steps for score in scores),
        steps_95=of_mean([[score.steps for score in task] for task in tasks]),
        tokens=_mean(score.tokens for score in scores),
        tokens_95=of_mean([[score.tokens for score in task if score.tokens is not None] for task in tasks]),
        seconds=fmean(score.seconds for score in scores),
        seconds_95=of_mean([[score.seconds for score in task] for task in tasks]),
        asked=fmean(score.asked for score in scores),
        pass_at=_passes(tasks),
        ended=_counted(score.ended for score in scores),
    )


def _passes(tasks: Sequence[Sequence[Score]]) -> dict[str, float]:
    """pass@k as the mean over tasks, for every k that all of them have the episodes for."""
    most = min(MOST_DRAWN, *(len(scores) for scores in tasks))
    solved = [(sum(score.success for score in scores), len(scores)) for scores in tasks]
    return {str(drawn): fmean(pass_at(drawn, *each) for each in solved) for drawn in range(1, most + 1)}


def _grouped(played: Sequence[Played], key: Callable[[Played], K]) -> dict[K, list[Score]]:
    groups: dict[K, list[Score]] = {}
    for one in played:
        groups.setdefault(key(one), []).append(one.score)
    return groups


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _counted(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
