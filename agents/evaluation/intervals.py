"""How sure a measured share is: 95 % intervals for successes and for what one way saves over another."""

from collections.abc import Sequence
from math import comb, sqrt
from random import Random

from msgspec import Struct

Z = 1.959964
"""The quantile of the normal distribution for 95 %."""

RESAMPLES = 2000


class Interval(Struct, frozen=True):
    """The shares between which the true one lies with 95 % confidence."""

    low: float
    high: float


def of_share(successes: int, trials: int) -> Interval:
    """The interval of a share of independent trials (Wilson, 1927); without trials it is everything from 0 to 1."""
    if not trials:
        return Interval(0.0, 1.0)
    share, spread = successes / trials, Z * Z / trials
    middle = share + spread / 2
    side = Z * sqrt(share * (1 - share) / trials + spread / trials / 4)
    low = (middle - side) / (1 + spread) if successes else 0.0
    return Interval(low, (middle + side) / (1 + spread) if successes < trials else 1.0)


def of_savings(pairs: Sequence[tuple[float, float]]) -> Interval | None:
    """The interval of what is saved in all by the first of each pair over the second.

    The same problems are drawn again and again with others left out (percentile bootstrap, Efron, 1979), with numbers
    that are the same every time. None for fewer than two pairs, or where there was nothing to save.
    """
    if len(pairs) < 2 or not all(before for _, before in pairs):
        return None
    random = Random(0)  # noqa: S311 - to be the same again, not secret
    shares = sorted(saved(random.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return Interval(shares[round(0.025 * (RESAMPLES - 1))], shares[round(0.975 * (RESAMPLES - 1))])


def saved(pairs: Sequence[tuple[float, float]]) -> float:
    """Which share of the second numbers the first ones save, in all; the second must not be all 0."""
    return 1 - sum(after for after, _ in pairs) / sum(before for _, before in pairs)


def of_mean(groups: Sequence[Sequence[float]]) -> Interval | None:
    """The interval of the mean of all values, of which those of one group belong together, as episodes of one task.

    Whole groups are drawn again and again (cluster bootstrap, Davison and Hinkley, 1997), the same ones every time.
    None for fewer than two groups with values.
    """
    full = [group for group in groups if group]
    if len(full) < 2:
        return None
    random = Random(0)  # noqa: S311 - to be the same again, not secret
    sums = [(sum(group), len(group)) for group in full]
    means = sorted(_mean(random.choices(sums, k=len(sums))) for _ in range(RESAMPLES))
    return Interval(means[round(0.025 * (RESAMPLES - 1))], means[round(0.975 * (RESAMPLES - 1))])


def sign_test(better: int, worse: int) -> float:
    """How likely so uneven a count is where better and worse are equally likely: exact, two-sided, without ties."""
    trials, fewer = better + worse, min(better, worse)
    tail = sum(comb(trials, count) for count in range(fewer + 1))
    return min(1.0, 2 * tail / float(2**trials))


def pass_at(drawn: int, successes: int, trials: int) -> float:
    """How likely one of so many drawn trials is a success, estimated from more of them (Chen et al., arXiv 2107.03374).

    `drawn` is at most `trials`.
    """
    return 1 - comb(trials - successes, drawn) / comb(trials, drawn)


def _mean(sums: Sequence[tuple[float, int]]) -> float:
    return sum(total for total, _ in sums) / sum(number for _, number in sums)
