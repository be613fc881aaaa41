"""Demonstrations of desktop tasks by the scripted solver, which knows a way for all of them."""

from agents.evaluation.demonstrating import demonstrated
from agents.evaluation.desktop.catalogue import task_named
from agents.evaluation.desktop.solving import way_actor
from agents.evaluation.suites import Stage
from workbench.library.store import Library
from workbench.trajectory import Trajectory


def demonstrate(stage: Stage, task: str, seed: int, library: Library) -> Trajectory:
    """The solver's trajectory.

    Raises `BadInputError` for an unknown task, `UnavailableError` where it is not solved.
    """
    actor = way_actor(task_named(task).problem(seed).way, library.frames_folder, library=library.path)
    return demonstrated(stage, task, seed, actor=actor, library=library)
