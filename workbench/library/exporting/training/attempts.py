"""Whole attempts at a task as conversations: those that reached it over those that did not.

After ETO (trajectory-level pairs): what was asked is the same, the ways are whole. A way is told turn by turn: the
model's answer, then what was seen, in words; a picture belongs to every answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.actions import Fail, Note
from workbench.library.exporting.coding import defaults
from workbench.library.exporting.training.answers import KEPT_BACK, answer, filled, is_private, unsayable
from workbench.library.exporting.training.splitting import common_split
from workbench.library.exporting.training.study import Study, task_key
from workbench.report.words import quoted, tidy
from workbench.trajectory import FrameId, Step, Trajectory

MOST_PAIRS = 9
"""So many better attempts a failed one is set beside, in the order of the trajectories."""


@dataclass(frozen=True)
class Turn:
    """One answer of a model with the picture over which it is said, and what is said to it next; empty at the end."""

    answer: str
    frame: FrameId
    then: str


@dataclass(frozen=True)
class Way:
    """One attempt from its first picture to its end."""

    trajectory: str
    run: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class WayPair:
    """A task, a way that reached it, and one that did not."""

    task: str
    chosen: Way
    rejected: Way


def way_pairs(study: Study) -> Iterator[WayPair]:
    """Every failed attempt beside those that reached the same task, on the same side of the split.

    A run reached its task if its log says so: its last provable step was proven. A recording of a person did, unless
    it ends by giving up. Of an import nobody knows.
    """
    trajectories = study.material.trajectories
    for failed in (one for one in trajectories if _reached(study, one) is False and task_key(one)):
        rejected = way_of(study, failed)
        better = (one for one in trajectories if _is_better(study, one, failed))
        pairs = (WayPair(failed.task.strip(), way, rejected) for one in better if (way := way_of(study, one)).turns)
        if rejected.turns:
            yield from (pair for pair, _ in zip(pairs, range(MOST_PAIRS), strict=False))


def way_of(study: Study, trajectory: Trajectory) -> Way:
    """All that can be said of a trajectory; of what cannot, the model is told that there was a step."""
    made, values = study.made(trajectory), defaults(trajectory)
    failed = made.failed if made else frozenset()
    turns: list[Turn] = []
    for step in (filled(one, values) for one in trajectory.steps if not isinstance(one.action, Note)):
        said = _said(study, step)
        if said is not None and step.observation.frame:
            turns.append(Turn(said, step.observation.frame, _then(step, failed=step.id in failed)))
        elif turns:
            turns[-1] = Turn(turns[-1].answer, turns[-1].frame, f"{turns[-1].then} Then there was {_hole(step)}.")
    ends = [Turn(one.answer, one.frame, "") for one in turns[-1:]]
    return Way(trajectory.id, made.run if made else "", (*turns[:-1], *ends))


def _reached(study: Study, trajectory: Trajectory) -> bool | None:
    made = study.made(trajectory)
    if made is not None:
        return made.reached
    gave_up = bool(trajectory.steps) and isinstance(trajectory.steps[-1].action, Fail)
    return not gave_up if trajectory.source == "human" and trajectory.reviewed else None


def _is_better(study: Study, one: Trajectory, failed: Trajectory) -> bool:
    if task_key(one) != task_key(failed) or not _reached(study, one):
        return False
    return common_split((one.id, failed.id), study.material.test_share) is not None


def _said(study: Study, step: Step) -> str | None:
    frame = step.observation.frame
    if frame is None or is_private(step):
        return None
    bounds = study.album.bounds(frame)
    return None if unsayable(step, bounds) else answer(step, bounds)


def _hole(step: Step) -> str:
    return KEPT_BACK if is_private(step) else "a step of which there is no picture, or not the place"


def _then(step: Step, *, failed: bool) -> str:
    """What followed, as far as it was seen."""
    window = step.outcome.window
    went = "This failed." if failed else "This was done."
    return f"{went} In front is {quoted(tidy(window.title or window.app))}." if window else went
