"""What was learned from trajectories, for people: proposing it, showing it, and their word on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.orders.completing import writing_model
from ui.orders.finding import Say, find_complete
from workbench.errors import BadInputError
from workbench.library.learning import Lesson

if TYPE_CHECKING:
    from workbench.library.store import Library


@dataclass(frozen=True)
class Source:
    """Steps `first` to `last` of a trajectory that something was learned from, counted from 1."""

    trajectory: str
    title: str
    first: int
    last: int


@dataclass(frozen=True)
class WorkflowStep:
    """One step of a workflow in words; `number` counts from 1 in it."""

    number: int
    words: str


@dataclass(frozen=True)
class WorkflowVariable:
    """What a workflow has to be told."""

    name: str
    description: str


@dataclass(frozen=True)
class ShownLesson:
    """A workflow or a hint with all there is to see of it; a hint has no title, steps and variables.

    `runs` is in how many runs it was called or told, `reached` how many of those are known to have reached their task.
    """

    lesson: Lesson
    title: str
    sources: tuple[Source, ...]
    steps: tuple[WorkflowStep, ...] = ()
    variables: tuple[WorkflowVariable, ...] = ()
    runs: int = 0
    reached: int = 0


@dataclass(frozen=True)
class Learned:
    """What a search came to: new proposals, and in how many trajectories workflows were looked for."""

    workflows: tuple[Lesson, ...]
    hints: tuple[Lesson, ...]
    looked_at: int


def propose(library: "Library", say: Say, *, app: str = "", model: str = "") -> Learned:
    """Look for workflows and hints that nobody was told of yet; recordings are completed first where they have to be.

    The named `model` puts hints in better words, where it adds nothing. Takes a quarter of a minute with a thousand
    trajectories that are complete, without a model. Raises as `writing_model` does, and `ModelError`.
    """
    from agents.memory.hints.phrasing import Phrasing
    from agents.memory.hints.proposing import propose_hints
    from agents.memory.workflows.curating import propose as propose_workflows

    found = propose_workflows(library, app=app, find=lambda one: find_complete(one, library, say))
    with writing_model(model, say, lambda: None) as writer:
        hints = propose_hints(library, app=app, phrasing=Phrasing(writer) if writer else None)
    return Learned(found.lessons, hints, found.looked_at)


def lessons(library: "Library") -> list[Lesson]:
    """All workflows and hints: proposals first, then what is lent, then what is retired; workflows before hints."""
    order = ("proposed", "approved", "retired")
    found = [*library.learning.lessons("workflow"), *library.learning.lessons("hint")]
    return sorted(found, key=lambda one: order.index(one.status))


def find_lesson(library: "Library", name: str) -> Lesson:
    """The workflow or hint of that id, the beginning of one, or the title of a workflow; raises `BadInputError`."""
    found = [one for one in lessons(library) if name in (one.id, title_of(one))]
    found = found or [one for one in lessons(library) if name and one.id.startswith(name)]
    if len(found) > 1:
        raise BadInputError(f"more than one workflow or hint is called “{name}”; give the id that the list shows")
    return found[0] if found else library.learning.lesson(name)


def shown(library: "Library", lesson: Lesson) -> ShownLesson:
    """All there is to see of a lesson."""
    uses = library.learning.uses(lent=lesson.id)
    return ShownLesson(
        lesson,
        title_of(lesson),
        _sources(library, lesson),
        _steps(lesson),
        _variables(lesson),
        runs=len(uses),
        reached=sum(use.success is True for use in uses),
    )


def title_of(lesson: Lesson) -> str:
    """What a workflow is called; what a hint says."""
    from agents.memory.workflows.drafts import draft_of

    return draft_of(lesson).title if lesson.kind == "workflow" else lesson.words


def approve(library: "Library", lesson: Lesson, say: Say) -> Lesson:
    """Let it be lent: a workflow becomes a trajectory that can be called; raises `BadInputError` where it cannot."""
    from agents.memory.hints.proposing import approve_hint
    from agents.memory.workflows import curating

    if lesson.kind == "hint":
        return approve_hint(library, lesson.id)
    return curating.approve(library, lesson, lambda one: find_complete(one, library, say))


def retire(library: "Library", lesson: Lesson) -> Lesson:
    """Keep it, and lend it no more."""
    from agents.memory.hints.proposing import retire_hint
    from agents.memory.workflows import curating

    return retire_hint(library, lesson.id) if lesson.kind == "hint" else curating.retire(library, lesson)


def _sources(library: "Library", lesson: Lesson) -> tuple[Source, ...]:
    titles = {summary.id: summary.title for summary in library.summaries()}
    return tuple(Source(one.trajectory, titles.get(one.trajectory, ""), one.first, one.last) for one in lesson.sources)


def _steps(lesson: Lesson) -> tuple[WorkflowStep, ...]:
    from agents.memory.workflows.drafts import draft_of

    steps: Sequence[str] = [step.words for step in draft_of(lesson).steps] if lesson.kind == "workflow" else ()
    return tuple(WorkflowStep(number, words) for number, words in enumerate(steps, 1))


def _variables(lesson: Lesson) -> tuple[WorkflowVariable, ...]:
    from agents.memory.workflows.drafts import draft_of

    variables = draft_of(lesson).variables if lesson.kind == "workflow" else ()
    return tuple(WorkflowVariable(one.name, one.description) for one in variables)
