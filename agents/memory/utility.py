"""What an exemplar is worth: how often runs reached their task with it, against those that were lent nothing.

Shares are shrunk towards the middle by Laplace's rule, so that one lucky run proves nothing. What does worse with
enough evidence retires; a person can take that back, and what a person has said is never overruled (self-generated
exemplars, arXiv 2505.00234, keep what helps in this way).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.evaluation.intervals import of_share
from agents.memory.retrieval.words import Wanted, Weights, terms_of
from workbench.library.learning import Ran, Standing

if TYPE_CHECKING:
    from workbench.library.store import Library

LEAST_RUNS = 5
"""So many runs with it, and so many without anything, have to be known before something retires."""

ALIKE = 0.5
"""Tasks at least this alike are compared with each other rather than with all there are."""

MOST_COMPARED = 200
"""So many of the newest runs are looked through for alike tasks."""


@dataclass(frozen=True)
class Tally:
    """Runs of which is known how they went: how many, how many reached their task, and the steps of one on average."""

    runs: int = 0
    reached: int = 0
    steps: float = 0.0

    @property
    def share(self) -> float:
        """The share that reached their task, by Laplace's rule: one half where nothing is known."""
        return (self.reached + 1) / (self.runs + 2)


@dataclass(frozen=True)
class Merit:
    """How runs went with a trajectory or a lesson, and without anything; of `unknown` runs nobody knows."""

    lent: str
    having: Tally = Tally()
    without: Tally = Tally()
    unknown: int = 0

    @property
    def utility(self) -> float:
        """How many more of a hundred runs reach their task with it, as a share: from -1 to 1."""
        return self.having.share - self.without.share

    @property
    def loses(self) -> bool:
        """Whether it does worse with enough evidence.

        At least `LEAST_RUNS` runs with it and without anything, and even the upper end of the 95 % interval of success
        with it (Wilson, 1927) is below the share of success without.
        """
        enough = min(self.having.runs, self.without.runs) >= LEAST_RUNS
        return enough and of_share(self.having.reached, self.having.runs).high < self.without.share


def merits_of(runs: Sequence[Ran]) -> dict[str, Merit]:
    """The merit of everything that was ever lent, against all runs that were lent nothing."""
    alone = tally([ran for ran in runs if not ran.use.lent])
    lent: dict[str, list[Ran]] = defaultdict(list)
    for ran in runs:
        if ran.use.lent:
            lent[ran.use.lent].append(ran)
    return {name: merit_of(name, with_it, alone) for name, with_it in lent.items()}


def merit_of(name: str, having: Sequence[Ran], without: Tally) -> Merit:
    """The merit of one thing that was lent to these runs."""
    return Merit(name, tally(having), without, sum(ran.use.success is None for ran in having))


def tally(runs: Iterable[Ran]) -> Tally:
    """The runs counted, each once, without those of which nobody knows how they went."""
    known = {ran.use.run: ran for ran in runs if ran.use.success is not None}
    steps = sum(ran.steps for ran in known.values())
    reached = sum(ran.use.success is True for ran in known.values())
    return Tally(len(known), reached, steps / len(known) if known else 0.0)


def retire_losers(library: "Library") -> tuple[Standing, ...]:
    """Retire what loses (`Merit.loses`); those that a person has spoken about are left alone.

    Where enough runs without anything had tasks like those it was lent for, only these are compared with: a
    trajectory that is only ever lent for hard tasks would else pay for their being hard.
    """
    runs, standings = library.learning.runs(), library.learning.standings()
    retired = []
    for merit in merits_of(runs).values():
        if merit.loses and merit.lent not in standings:
            merit = _against_alike(merit, runs)
        if merit.loses and _is_free(standings.get(merit.lent)):
            retired.append(Standing(merit.lent, active=False, by="merit", reason=in_words(merit)))
    for standing in retired:
        library.learning.stand(standing)
    return tuple(retired)


def in_words(merit: Merit) -> str:
    """The comparison in a line."""
    having, without = merit.having, merit.without
    return (
        f"{having.reached} of {having.runs} runs with it reached their task, "
        f"{without.reached} of {without.runs} without any"
    )


def _is_free(standing: Standing | None) -> bool:
    """Whether merit may have a say: a person has not spoken, and it is not retired already."""
    return standing is None or (standing.by == "merit" and standing.active)


def _against_alike(merit: Merit, runs: Sequence[Ran]) -> Merit:
    tasks = {ran.task for ran in runs if ran.use.lent == merit.lent}
    alone = [ran for ran in runs if not ran.use.lent and ran.use.success is not None][-MOST_COMPARED:]
    alike = tally(ran for ran in alone if _is_alike(ran.task, tasks))
    if alike.runs < LEAST_RUNS:
        return merit
    return Merit(merit.lent, merit.having, alike, merit.unknown)


def _is_alike(task: str, others: Iterable[str]) -> bool:
    weights: Mapping[str, int] = dict.fromkeys(terms_of(task), 1)
    wanted = Wanted(task, Weights(1, weights))
    return any(wanted.likeness(other) >= ALIKE for other in others)
