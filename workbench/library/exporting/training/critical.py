"""Which steps decide over success, by rules: the others follow from them.

After ATLaS (training on critical steps alone: plan creation, critical observation, critical action, self-correction),
where a model chose them. Here a step is critical for each of these reasons that holds:

* `first`: it is the first one to learn from: what was planned shows in it
* `window`: it goes to another window than the one before it, by application and title
* `reads`: it looks at the screen for something: reading, checking, waiting until something appears
* `branch`: in its state a person rejected, modified or took over a proposal
* `corrects`: the step before it failed, or a proposal in its state did
* `risky`: it was judged to leave the machine or to be irreversible
* `last`: it is the last one that does something, or says how the task ended
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from workbench.actions import SILENT, Check, Fail, Finish, Read, Wait
from workbench.approval import RISKY
from workbench.library.exporting.training.episodes import Attempt, Episode
from workbench.library.exporting.training.study import Example, same_state
from workbench.trajectory import Step, Trajectory

Reason = Literal["first", "window", "reads", "branch", "corrects", "risky", "last"]


def critical(
    trajectory: Trajectory, examples: Sequence[Example], made: Attempt | None
) -> Iterator[tuple[Example, tuple[Reason, ...]]]:
    """The critical ones among the examples of a trajectory, each with all of its reasons; `made` is its run."""
    groups = {group[-1].kept: group for group in same_state(made.episodes)} if made else {}
    failed = made.failed if made else frozenset()
    last = next((one.id for one in reversed(examples) if not isinstance(one.step.action, SILENT)), "")
    for place, example in enumerate(examples):
        number = example.state.number
        before = trajectory.steps[number - 2] if number > 1 else None
        found: dict[Reason, bool] = {
            "first": place == 0,
            "window": before is not None and _elsewhere(before, example.step),
            "reads": _reads(example.step),
            **_by_run(groups.get(example.step.id, ())),
            "last": example.id == last or isinstance(example.step.action, Finish | Fail),
        }
        found["corrects"] = found.get("corrects", False) or (before is not None and before.id in failed)
        reasons = tuple(reason for reason, holds in found.items() if holds)
        if reasons:
            yield example, reasons


def _by_run(group: Sequence[Episode]) -> dict[Reason, bool]:
    """What the run says of the state in which a step was taken."""
    decision = group[-1].decision if group else None
    return {
        "branch": any(one.overruled for one in group),
        "corrects": any(one.how == "failed" for one in group[:-1]),
        "risky": decision is not None and decision.risk in RISKY,
    }


def _elsewhere(before: Step, now: Step) -> bool:
    """Whether both say in which window they are, and these are two."""
    windows = [(step.target.window if step.target else None) or step.observation.window for step in (before, now)]
    names = [(window.app, window.title) for window in windows if window]
    return len(names) == 2 and names[0] != names[1]


def _reads(step: Step) -> bool:
    return isinstance(step.action, Read | Check) or (isinstance(step.action, Wait) and step.action.until is not None)
