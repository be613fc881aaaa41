"""The workflows of a library, as a run gets them: approved ones only, with their steps."""

from pathlib import Path
from typing import TYPE_CHECKING

from agents.memory.tree import WorkingMemory, current
from agents.memory.workflows.drafts import draft_of
from agents.memory.workflows.matching import offered
from agents.memory.workflows.ports import Workflow
from agents.screen.reading import Read
from workbench.actions import Call
from workbench.errors import BadInputError
from workbench.library.learning import Lesson

if TYPE_CHECKING:
    from workbench.library.store import Library


def approved(library: "Library") -> tuple[Workflow, ...]:
    """All workflows that a run may call, the newest first; one that calls others cannot be laid out and is left out."""
    lessons = library.learning.lessons("workflow", status="approved")
    found = [_workflow(library, lesson) for lesson in lessons if lesson.trajectory and lesson.trajectory in library]
    return tuple(one for one in found if not any(isinstance(step.action, Call) for step in one.trajectory.steps))


class WorkflowShelf:
    """The workflows of the library folder `library` for one run; without a folder there are none.

    They are read when the first is asked for, and stay what they were then.
    """

    def __init__(self, library: str | None) -> None:
        self._folder = Path(library) if library is not None else None
        self._known: tuple[Workflow, ...] | None = None

    def offered(self, memory: WorkingMemory, read: Read) -> tuple[Workflow, ...]:
        """The workflows worth offering in front of this screen; raises as the library does."""
        if self._known is None:
            self._known = self._read()
        return offered(self._known, read.shown.app, (memory.root.words, current(memory).words))

    def _read(self) -> tuple[Workflow, ...]:
        from workbench.library.store import Library

        if self._folder is None:
            return ()
        with Library.open(self._folder) as library:
            return approved(library)


def _workflow(library: "Library", lesson: Lesson) -> Workflow:
    assert lesson.trajectory is not None
    return Workflow(
        id=lesson.id,
        app=lesson.app,
        words=lesson.words,
        patterns=draft_of(lesson).patterns,
        learned_from=titles_of(library, lesson),
        trajectory=library.get(lesson.trajectory),
    )


def titles_of(library: "Library", lesson: Lesson) -> tuple[str, ...]:
    """What the trajectories are called that a lesson was learned from, each once."""
    return tuple(dict.fromkeys(_title(library, span.trajectory) for span in lesson.sources))


def _title(library: "Library", trajectory_id: str) -> str:
    try:
        return library.get(trajectory_id).title
    except BadInputError:
        return trajectory_id
