"""Two evaluations, or two conditions of one, task by task and seed by seed: what one gains over the other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from msgspec import Struct

from agents.evaluation.harness.conditions import Condition
from agents.evaluation.harness.results import Played, Results
from agents.evaluation.intervals import Interval, of_mean, sign_test
from agents.evaluation.suites import Score
from workbench.errors import BadInputError

MEASURES: Mapping[str, Callable[[Score], float | None]] = {
    "success": lambda score: float(score.success),
    "completion": lambda score: score.completion,
    "steps": lambda score: float(score.steps),
    "tokens": lambda score: score.tokens,
    "seconds": lambda score: score.seconds,
    "asked": lambda score: float(score.asked),
}
"""What is compared of an episode; None where it is not known."""


class Difference(Struct, frozen=True):
    """A mean before and after over the same episodes, what it grew by, and the 95 % interval of that.

    The interval draws whole tasks with all their seeds; None for fewer than two tasks.
    """

    before: float
    after: float
    grew: float
    grew_95: Interval | None


class Changed(Struct, frozen=True):
    """A task that went otherwise: how many of its episodes were solved before and after."""

    task: str
    episodes: int
    before: int
    after: int


class Comparison(Struct, frozen=True):
    """What the same episodes came to, `before` and `after` in the names of their conditions.

    `better` and `worse` count episodes that were solved only after, or only before; `sign_p` is how likely so uneven a
    count is by chance (sign test). `unpaired` counts episodes that only one side has.
    """

    before: str
    after: str
    pairs: int
    unpaired: int
    differences: dict[str, Difference]
    better: int
    worse: int
    sign_p: float
    changed: tuple[Changed, ...]


def compare(before: Results, after: Results) -> tuple[Comparison, ...]:
    """Condition by condition; where each has only one, those two, whatever they are.

    Raises `BadInputError` where the suites differ, or nothing was played by both.
    """
    suites = before.identity.get("suite"), after.identity.get("suite")
    if suites[0] != suites[1]:
        raise BadInputError(f"{suites[0]} and {suites[1]} are different suites; only the same tasks can be compared")
    left, right = _by_condition(before.played().values()), _by_condition(after.played().values())
    pairs = [(one, one) for one in left if one in right]
    if not pairs and len(left) == len(right) == 1:
        pairs = [(next(iter(left)), next(iter(right)))]
    found = [compared((one, left[one]), (other, right[other])) for one, other in pairs]
    if not any(one.pairs for one in found):
        raise BadInputError("no task was played with the same seed in both; play both with the same --tasks and --seed")
    return tuple(one for one in found if one.pairs)


def against_first(played: Iterable[Played]) -> tuple[Comparison, ...]:
    """Every condition of one evaluation against its first."""
    groups = list(_by_condition(played).items())
    found = [compared(groups[0], other) for other in groups[1:]]
    return tuple(one for one in found if one.pairs)


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What else differs between two identities."""
    names = sorted({*before, *after})
    pairs = {name: (before.get(name, "none"), after.get(name, "none")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def compared(before: tuple[Condition, Sequence[Played]], after: tuple[Condition, Sequence[Played]]) -> Comparison:
    """Two conditions, paired by task and seed."""
    left, right = _by_episode(before[1]), _by_episode(after[1])
    both = [key for key in left if key in right]
    pairs = [(left[key], right[key]) for key in both]
    better = sum(two.success and not one.success for one, two in pairs)
    worse = sum(one.success and not two.success for one, two in pairs)
    found = {name: _difference(both, pairs, measure) for name, measure in MEASURES.items()}
    return Comparison(
        before=before[0].name,
        after=after[0].name,
        pairs=len(both),
        unpaired=len(left) + len(right) - 2 * len(both),
        differences={name: one for name, one in found.items() if one is not None},
        better=better,
        worse=worse,
        sign_p=sign_test(better, worse),
        changed=_changed(both, pairs),
    )


_Key = tuple[str, int]
_Pair = tuple[Score, Score]


def _difference(
    keys: Sequence[_Key], pairs: Sequence[_Pair], measure: Callable[[Score], float | None]
) -> Difference | None:
    by_task: dict[str, list[float]] = {}
    known: list[tuple[float, float]] = []
    for (task, _), (one, two) in zip(keys, pairs, strict=True):
        before, after = measure(one), measure(two)
        if before is not None and after is not None:
            by_task.setdefault(task, []).append(after - before)
            known.append((before, after))
    if not known:
        return None
    before, after = fmean(one for one, _ in known), fmean(two for _, two in known)
    return Difference(before, after, after - before, of_mean(list(by_task.values())))


def _changed(keys: Sequence[_Key], pairs: Sequence[_Pair]) -> tuple[Changed, ...]:
    """The tasks that went otherwise, the one that gained most first."""
    counts: dict[str, tuple[int, int, int]] = {}
    for (task, _), (one, two) in zip(keys, pairs, strict=True):
        episodes, before, after = counts.get(task, (0, 0, 0))
        counts[task] = (episodes + 1, before + one.success, after + two.success)
    found = [Changed(task, *each) for task, each in counts.items() if each[1] != each[2]]
    return tuple(sorted(found, key=lambda one: (one.before - one.after, one.task)))


def _by_condition(played: Iterable[Played]) -> dict[Condition, list[Played]]:
    groups: dict[Condition, list[Played]] = {}
    for one in played:
        groups.setdefault(one.episode.condition, []).append(one)
    return groups


def _by_episode(played: Iterable[Played]) -> dict[_Key, Score]:
    return {(one.episode.task, one.episode.seed): one.score for one in played}
