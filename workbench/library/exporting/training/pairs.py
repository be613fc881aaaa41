"""Two decisions in one state, of which one is better: from what people said, and from what failed and what worked.

After IPR (step-level pairs): the better one is not guessed. It is

* `modified`: the step that a person put in the place of a proposal, over that
* `rejected`: what was done after a person had rejected a proposal, nobody having touched the desktop since, over that
* `took-over`: to leave it to the person, over a proposal in whose place they did it by hand (what they did nobody saw)
* `failed`: what worked, with a proof, over what had failed before it: in the same run with the screen as it was to the
  pixel, or in another run or recording of the same task over the same picture

What is better was carried out, nothing showed that it failed, and it is not to give up. Pairs whose sides are said
alike are none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from msgspec.structs import replace

from workbench.actions import Fail
from workbench.library.exporting.coding import defaults
from workbench.library.exporting.training.answers import answer, filled
from workbench.library.exporting.training.episodes import Attempt, Episode, over
from workbench.library.exporting.training.study import Option, Origin, State, Study, origin_of, same_state
from workbench.trajectory import Step, Trajectory


@dataclass(frozen=True)
class Pair:
    """A state, the better decision in it and the worse one, why, and where both come from.

    Both are over the picture of the state. `said` are the words of the person who decided, empty where they said none.
    """

    state: State
    chosen: Step
    rejected: Step
    why: Origin
    run: str
    chosen_from: str
    said: str = ""


def pairs_of(study: Study, trajectory: Trajectory) -> Iterator[Pair]:
    """The pairs of all runs of a trajectory, in their order; a proposal is in one at most."""
    for attempt in study.attempts(trajectory):
        for group in same_state(attempt.episodes):
            for one in group:
                pair = _pair(study, trajectory, attempt, (one, group[-1]))
                if pair is not None:
                    yield pair


def _pair(study: Study, trajectory: Trajectory, attempt: Attempt, of: tuple[Episode, Episode]) -> Pair | None:
    """A proposal beside the first better decision that is said otherwise; `of` is it and what its state ended with."""
    one, _ = of
    why, state = origin_of(one), study.state_of(trajectory, attempt, one)
    if why is None or state is None or one.private:
        return None
    values = defaults(trajectory)
    worse = filled(one.done if why == "failed" and one.done is not None else one.asked, values)
    for better in _betters(study, trajectory, attempt, of):
        sides = _told(study, state, filled(better.step, values), worse)
        if sides is not None:
            return Pair(state, *sides, why, attempt.run, better.trajectory, one.said)
    return None


def _betters(study: Study, trajectory: Trajectory, attempt: Attempt, of: tuple[Episode, Episode]) -> Iterator[Option]:
    one, last = of
    here = last if last is not one or one.overruled else None
    if here is not None and here.done and not here.private and _is_better(here, origin_of(one)):
        yield Option(here.done, "verified", trajectory.id, attempt.run)
    if one.how == "failed":
        yield from _later(trajectory, attempt, one)
        for other in study.worked(trajectory, one.frame):
            if other.run != attempt.run:
                yield other


def _is_better(last: Episode, why: Origin | None) -> bool:
    """Whether what was done is known to be better: with a proof where the other failed, else unless it gave up."""
    if last.done is None or isinstance(last.done.action, Fail):
        return False
    return last.how == "worked" or (why != "failed" and last.how in ("unclear", "by-hand"))


def _later(trajectory: Trajectory, attempt: Attempt, one: Episode) -> Iterator[Option]:
    """What worked after a failure with the screen as it was, to the pixel."""
    after = attempt.episodes[attempt.episodes.index(one) + 1 :]
    for later in takewhile(lambda each: each.frame == one.frame, after):
        if later.how == "worked" and later.done is not None and not later.private:
            yield Option(later.done, "verified", trajectory.id, attempt.run)


def _told(study: Study, state: State, better: Step, worse: Step) -> tuple[Step, Step] | None:
    """Both decisions over the picture of the state; None where one cannot be said there, or both are the same.

    Thoughts are given on both sides or on neither: no model shall learn which side has some.
    """
    if not (better.thought.strip() and worse.thought.strip()):
        better, worse = replace(better, thought=""), replace(worse, thought="")
    sides = over(better, state.frame), over(worse, state.frame)
    if not all(map(study.sayable, sides)):
        return None
    bounds = study.album.bounds(state.frame)
    bare = [answer(replace(side, thought=""), bounds) for side in sides]
    return sides if bare[0] != bare[1] else None
