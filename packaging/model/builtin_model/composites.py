"""What an exemplar is worth: tasks of several steps in simulated programs, with and without a recorded one beside it.

The product's own planner and thinker act, on the same programs and values in both turns; the recording is of the same
program with other values. A task succeeds where exactly its values were stored, once.
"""

from dataclasses import dataclass
from random import Random

import msgspec
import numpy as np

from agents.memory.tree import remembering
from agents.planning.choosing_thinker import ChoosingThinker
from agents.planning.following import example_for
from agents.planning.planner import AgentPlanner, Seen, Surroundings
from agents.planning.ports import Shown, Thinker
from agents.planning.recovery import Limits
from agents.prompts.choosing import BUILT_IN, Example
from agents.runtime.ports import Model
from builtin_model.figures import Share, share
from builtin_model.simulated import ORIGIN, Program, Stage, Values, program, recorded, values_for
from workbench.actions import Click, TypeText
from workbench.desktop.ports import Frame
from workbench.locate.sight import Sight
from workbench.session.roles import Ending, Proposal, Taken, Verification
from workbench.trajectory import Trajectory

SEED = 5151
MOST_STEPS = 20


class Following(msgspec.Struct, frozen=True):
    """Tasks that succeeded without and with one exemplar; `ended` counts those that the model also called done."""

    without: Share
    with_one: Share
    ended_without: Share
    ended_with_one: Share

    def told(self) -> list[str]:
        """The figures in lines."""
        rows = (("0 exemplars", self.without, self.ended_without), ("1 exemplar", self.with_one, self.ended_with_one))
        return [
            f"{name:>12}: {100 * done.share:.1f} % ({100 * done.low:.1f}-{100 * done.high:.1f}) of {done.of} tasks "
            f"done, {100 * ended.share:.1f} % and said so"
            for name, done, ended in rows
        ]


@dataclass(frozen=True)
class Episode:
    """How one attempt went: whether the task was done, whether the model said so, after how many steps, and why not."""

    reached: bool
    finished: bool
    steps: int
    reason: str


def followed(model: Model, *, episodes: int, seed: int = SEED) -> Following:
    """The same tasks without and with an exemplar."""
    thinker = ChoosingThinker(model, BUILT_IN)
    pairs = [_pair(thinker, Random(f"{seed} {number}")) for number in range(episodes)]  # noqa: S311 - seeded
    bare, shown = [one for one, _ in pairs], [other for _, other in pairs]
    return Following(
        share([one.reached for one in bare]),
        share([one.reached for one in shown]),
        share([one.reached and one.finished for one in bare]),
        share([one.reached and one.finished for one in shown]),
    )


def play(made: Program, values: Values, thinker: Thinker, exemplar: Trajectory | None) -> Episode:
    """One attempt by the product's planner; raises what the thinker raises."""
    stage = Stage(made, values)
    around = Surroundings(
        look=lambda _words, _before: Seen(_NOWHERE, stage.read()),
        lends=lambda due: Shown(_examples(exemplar, due.done)),
    )
    planner = AgentPlanner(thinker, around, remembering(made.told(values)), Limits(steps=MOST_STEPS))
    ending: Ending | None = None
    steps = 0
    while ending is None:
        proposal = planner.propose()
        if isinstance(proposal, Ending):
            ending = proposal
        else:
            steps += 1
            ending = planner.remember(_taken(proposal, planner, stage))
    return Episode(stage.reached, ending.outcome == "finished", steps, ending.reason or "")


def _pair(thinker: Thinker, rng: Random) -> tuple[Episode, Episode]:
    made, then, now = program(rng), values_for(rng), values_for(rng)
    return play(made, now, thinker, None), play(made, now, thinker, recorded(made, then))


def _taken(proposal: Proposal, planner: AgentPlanner, stage: Stage) -> Taken:
    """Do the step at the line that the planner wished for."""
    step = proposal.step
    wish = planner.wish(step)
    line = stage.read().shown.line(wish.ref) if wish is not None else None
    worked = stage.act(step.action, line) if isinstance(step.action, Click | TypeText) else None
    return Taken(proposal, "done", verification=Verification(worked))


def _examples(exemplar: Trajectory | None, done: tuple[str, ...]) -> tuple[Example, ...]:
    found = example_for(exemplar, done) if exemplar is not None else None
    return (found,) if found is not None else ()


def _no_frame(frame: str) -> Frame:
    raise KeyError(frame)


_NOWHERE = Sight(Frame(np.zeros((1, 1, 3), np.uint8), ORIGIN, 0), (), None, (), None, _no_frame)
"""A moment of no desktop at all: what is on the screen only the element list tells."""
