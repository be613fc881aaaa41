"""Proposing workflows, and what a person makes of a proposal: a trajectory that can be called, or nothing."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agents.memory.workflows.drafts import DraftStep, draft_of
from agents.memory.workflows.inducing import induced
from workbench.errors import BadInputError
from workbench.library.learning import Lesson, Standing
from workbench.report.words import describe
from workbench.session.variables import filled_with, text_of
from workbench.trajectory import Element, Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.records import Summary
    from workbench.library.store import Library

TAG = "workflow"
"""The tag of the trajectories of approved workflows."""

CALLED = "it is a workflow, which is called and not shown"
"""Why no model is shown such a trajectory as an exemplar: it has variables where values stood."""

Find = Callable[[str], Trajectory]
"""Gives the trajectory of an id, whole: with what its recording left for later."""


@dataclass(frozen=True)
class Proposed:
    """What a search for workflows came to: the new proposals, and in how many trajectories was looked."""

    lessons: tuple[Lesson, ...]
    looked_at: int


def propose(library: "Library", *, app: str = "", find: Find | None = None) -> Proposed:
    """Look for workflows in what was done successfully, and keep those as proposals that are not known yet.

    Looked at are people's trajectories that somebody has reviewed, and those of runs that finished. A routine that was
    proposed before is not proposed again, whatever was decided; while nobody has decided it gets the sources of today.
    """
    kept = library.learning.lessons("workflow")
    known = {draft_of(lesson).spelled: lesson for lesson in kept}
    own = {lesson.trajectory for lesson in kept}
    read = find or library.get
    trajectories = [read(one.id) for one in library.summaries() if one.id not in own and _succeeded(one)]
    new: list[Lesson] = []
    for lesson in induced(trajectories, app=app):
        before = known.get(draft_of(lesson).spelled)
        if before is None:
            library.learning.put(lesson)
            new.append(lesson)
        elif before.status == "proposed":
            library.learning.put(replace(lesson, id=before.id, created=before.created))
    return Proposed(tuple(new), len(trajectories))


def approve(library: "Library", lesson: Lesson, find: Find | None = None) -> Lesson:
    """Make a trajectory of a proposed workflow, which can be called from now on; a retired one may be called again.

    Raises `BadInputError` where the recording that its steps come from is gone.
    """
    if lesson.trajectory is not None and lesson.trajectory in library:
        return _kept(library, replace(lesson, status="approved"))
    if not lesson.sources or lesson.sources[0].trajectory not in library:
        raise BadInputError(f"the recording that “{lesson.words}” was learned from is gone; remove it and propose anew")
    span = lesson.sources[0]
    source = find(span.trajectory) if find else library.get(span.trajectory)
    if source.revision != span.revision:
        source = library.get(span.trajectory, revision=span.revision)
    made = trajectory_of(lesson, source, library.new_id())
    made = replace(made, title=_free_title(library, made.title))
    kept = library.learning.embody(replace(lesson, status="approved"), made, read={source.id: source.purges})
    library.tag(made.id, TAG)
    library.learning.stand(Standing(made.id, active=False, by="person", reason=CALLED))
    return kept


def retire(library: "Library", lesson: Lesson) -> Lesson:
    """Keep the lesson, and call or lend it no more."""
    return _kept(library, replace(lesson, status="retired"))


def trajectory_of(lesson: Lesson, source: Trajectory, identifier: str) -> Trajectory:
    """The workflow as a trajectory: the steps of the source that it was found in, with the variables in their places.

    Its variables have no defaults: what one of the recordings had typed is nobody's usual value.
    """
    draft = draft_of(lesson)
    last = max(step.number for step in draft.steps)
    if last > len(source.steps):
        raise BadInputError(f"“{source.title}” has no step {last} any more; remove the workflow and propose anew")
    typed = {text_of(source.steps[step.number - 1]) for step in draft.steps if step.text}
    steps = tuple(_unfilled(_step(source, step, number), typed) for number, step in enumerate(draft.steps, 1))
    return Trajectory(
        id=identifier,
        title=draft.title,
        steps=steps,
        task=lesson.words,
        source=source.source,
        created=time.time(),
        platform=source.platform,
        variables=draft.variables,
        screens=source.screens,
        reviewed=True,
    )


def _step(source: Trajectory, draft: DraftStep, number: int) -> Step:
    """A step of its own, no part of the recording that it comes from."""
    step = source.steps[draft.number - 1]
    if draft.text:
        step = filled_with(step, draft.text)
    own = replace(step, id=f"s{number}", first_event=None, last_event=None, recorded_in="", thought="")
    return replace(own, description=describe(own))


def _unfilled(step: Step, typed: Collection[str]) -> Step:
    """The step without what its fields held of values that are another every time."""

    def bare(element: Element | None) -> Element | None:
        held = element is not None and element.value is not None and any(text in element.value for text in typed)
        return replace(element, value=None) if element is not None and held else element

    target = step.target and replace(step.target, element=bare(step.target.element))
    observation = replace(step.observation, focused=bare(step.observation.focused))
    outcome = replace(step.outcome, element=bare(step.outcome.element))
    return replace(step, target=target, observation=observation, outcome=outcome)


def _kept(library: "Library", lesson: Lesson) -> Lesson:
    library.learning.put(lesson)
    return lesson


def _succeeded(one: "Summary") -> bool:
    if one.state != "complete" or not one.reviewed or not one.steps:
        return False
    return one.outcome == "finished" if one.source == "agent" else True


def _free_title(library: "Library", title: str) -> str:
    """The title, numbered where another trajectory is called so: it is the name by which the workflow is called."""
    taken = {summary.title for summary in library.summaries()}
    numbered = (f"{title} ({number})" for number in range(2, len(taken) + 3))
    return next(one for one in (title, *numbered) if one not in taken)
