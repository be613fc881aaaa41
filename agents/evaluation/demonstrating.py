"""A demonstration: whoever can do a task does it on a stage, and what was done becomes a trajectory of a library."""

from agents.evaluation.suites import Actor, Limits, Stage
from workbench.errors import UnavailableError
from workbench.library.store import Library
from workbench.trajectory import Trajectory

LIMITS = Limits(steps=100, seconds=300.0)


def demonstrated(stage: Stage, task: str, seed: int, *, actor: Actor, library: Library) -> Trajectory:
    """Have the actor do the task, which keeps its run in that library; the trajectory, with all that is kept of steps.

    Raises `UnavailableError` where the task was not solved: nothing is left of it in the library then.
    """
    score = stage.play(task, seed, actor, LIMITS)
    made = next((run.trajectory for run in library.runs() if run.id == score.run), None)
    if made is None:
        raise UnavailableError(f"{task} with seed {seed} was not demonstrated: {score.reason or 'no run was kept'}")
    if not score.success:
        library.delete(made)
        why = score.reason or "its goals were not reached"
        raise UnavailableError(f"{task} with seed {seed} was not solved: {why}")
    return library.get(made)
