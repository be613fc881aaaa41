"""Whether a run reached its task, as far as its own log can tell; a person or whoever scores it may know better."""

from collections.abc import Iterable

from workbench.events import RunEnded, StepEnded

FELL_SHORT = 1
"""The exit code of a run that failed at its task; others say that something broke, which tells nothing of the task."""


def reached(ended: RunEnded, steps: Iterable[StepEnded]) -> bool | None:
    """Whether a run that ended so reached its task; None where nobody can say.

    To end is not enough: the last of its steps that had anything to prove has to be proven. Nobody can say of a run
    that was stopped, that broke, or in which nothing could be proven.
    """
    if ended.outcome == "failed":
        return False if ended.exit_code == FELL_SHORT else None
    proofs = [step.verified for step in steps if step.verified is not None]
    return proofs[-1] if ended.outcome == "finished" and proofs else None
