"""What a model is told that repairs one step of a recording: its task, why the step does not fit, what followed it."""

from collections.abc import Sequence

from agents.planning.recorded import words_of
from agents.prompts.choosing import Example, ShownStep
from workbench.actions import Finish, Note
from workbench.report.words import describe, quoted
from workbench.session.expecting import TELLING_STATES
from workbench.trajectory import Step, Trajectory

LONGEST = 60
"""Of a text that a field held only so many characters are told."""

SEEN = "What the recording shows afterwards is to be seen by now: finish, unless something of the step is missing."


def task_of(step: Step) -> str:
    """The task of whoever repairs this step: what it does, to what, in which application."""
    return describe(step)


def trouble_of(step: Step, reason: str, *, performed: bool) -> str:
    """Why the step is handed over; `performed` says that it was done and did not have its effect."""
    what = "was done, but its effect was not seen" if performed else "does not fit this screen"
    again = " Look whether it has come by now, before you do anything." if performed else ""
    follows = followed(step)
    after = f" After it the recording shows {'; '.join(follows)}." if follows else ""
    return (
        f"this is one recorded step, and it {what}: {reason}.{again}{after} "
        "Do only this, in the way that the screen offers it today, then finish."
    )


def followed(step: Step) -> tuple[str, ...]:
    """What the recording shows after the step, in words; nothing of password fields."""
    was, after = step.observation.window, step.outcome.window
    element = step.outcome.element
    told: list[str] = []
    if after is not None and was is not None and (was.app, was.title) != (after.app, after.title):
        told.append(f"the window {quoted(after.title or after.app)} in front")
    if element is not None and not element.password:
        told.extend(sorted(set(element.states) & TELLING_STATES))
        told.extend([f"the text {quoted(element.value, LONGEST)}"] if element.value else [])
    return tuple(told)


def exemplar_of(trajectory: Trajectory, place: int) -> Example:
    """The recorded step at `place` (from 0) and its neighbours, with marks of their order."""
    shown = [
        ShownStep(mark, words_of(trajectory.steps[place + mark]))
        for mark in (-1, 0, 1)
        if 0 <= place + mark < len(trajectory.steps) and _tells(trajectory.steps, place + mark)
    ]
    return Example(trajectory.task or trajectory.title, tuple(shown))


def _tells(steps: Sequence[Step], place: int) -> bool:
    return not isinstance(steps[place].action, Note | Finish)
