"""One evaluation from its plan to its results: what is missing is played, and every result is kept at once."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from agents.evaluation.harness.crews import Outcomes, unless_all_fail
from agents.evaluation.harness.plan import Episode, Plan
from agents.evaluation.harness.player import Outcome, Unplayed
from agents.evaluation.harness.results import Played, Results

Crew = Callable[[Sequence[Episode]], Outcomes]
"""Who plays: `agents.evaluation.harness.crews`."""

Heard = Callable[[int, int, Outcome], None]
"""Told of each episode that was played now: how many of the plan are done with it, of how many, and what came of it."""


@dataclass(frozen=True)
class Evaluated:
    """What there is of a plan: `played` in its order, what could not be played, and whether somebody stopped it."""

    played: tuple[Played, ...]
    unplayed: tuple[Unplayed, ...] = ()
    stopped: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything that was planned has been played."""
        return not self.stopped and not self.unplayed


def evaluate(plan: Plan, results: Results, crew: Crew, heard: Heard = lambda _done, _all, _what: None) -> Evaluated:
    """Play what the results have not got yet; KeyboardInterrupt ends it with what was measured.

    Raises `UnavailableError` where one episode after the other cannot be played; what was measured is kept.
    """
    known = results.played()
    missing = [one for one in plan.episodes() if one.key not in known]
    done, unplayed, stopped = len(plan) - len(missing), [], False
    try:
        with closing(unless_all_fail(crew(missing))) as outcomes:
            for outcome in outcomes:
                if isinstance(outcome, Played):
                    results.add(outcome)
                    done += 1
                else:
                    unplayed.append(outcome)
                heard(done, len(plan), outcome)
    except KeyboardInterrupt:
        stopped = True
    return Evaluated(_planned(plan, results.played()), tuple(unplayed), stopped)


def _planned(plan: Plan, known: Mapping[str, Played]) -> tuple[Played, ...]:
    keys = (episode.key for episode in plan.episodes())
    return tuple(known[key] for key in keys if key in known)
