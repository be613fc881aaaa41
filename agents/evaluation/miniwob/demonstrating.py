"""Demonstrations of MiniWoB++ pages by the scripted solver, for those tasks that it knows."""

from agents.evaluation.demonstrating import demonstrated
from agents.evaluation.miniwob.solving import solver_actor
from agents.evaluation.suites import Stage
from workbench.library.store import Library
from workbench.trajectory import Trajectory


def demonstrate(stage: Stage, task: str, seed: int, library: Library) -> Trajectory:
    """The solver's trajectory; raises `UnavailableError` where it does not solve the task."""
    actor = solver_actor(library.frames_folder, library=library.path)
    return demonstrated(stage, task, seed, actor=actor, library=library)
