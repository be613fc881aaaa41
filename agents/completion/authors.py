"""Who wrote the words of a trajectory: only what rules or a model wrote is ever replaced."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.actions import Note
from workbench.report.words import describe
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.revisions import Revision
    from workbench.library.store import Library

NOTE = "completed:"
"""How the notes of the revisions begin that completing made."""

CHAPTERS = "chapters"
"""What such a note says where chapters were set."""


@dataclass(frozen=True)
class Authors:
    """What earlier completions wrote, by the ids of the steps; `has_chapters` says whether one set chapters.

    Chapters are counted only where the revision that is shown came from that one: undone, they were not set.
    """

    meanings: dict[str, set[str]] = field(default_factory=dict)
    thoughts: dict[str, set[str]] = field(default_factory=dict)
    has_chapters: bool = False

    def may_describe(self, step: Step, *, better: bool) -> bool:
        """Whether the description may be written anew; with `better` also over one of an earlier completion.

        A step without any description waits for its witnesses, which come first.
        """
        if step.description == describe(step):
            return True
        return better and step.description in self.meanings.get(step.id, ())

    def may_think(self, step: Step, *, better: bool) -> bool:
        """Whether the thought may be written anew; with `better` also over one of an earlier completion."""
        return not step.thought.strip() or (better and step.thought in self.thoughts.get(step.id, ()))


def authors(library: "Library", trajectory: Trajectory) -> Authors:
    """What completions have written of the trajectory so far: the words that differ from the revision before."""
    history = {revision.number: revision for revision in library.history(trajectory.id)}
    line = _line(history, trajectory.revision)
    made = [revision for revision in history.values() if revision.note.startswith(NOTE)]
    found = Authors(has_chapters=any(one.number in line and CHAPTERS in one.note for one in made))
    for revision in made:
        earlier = {step.id: step for step in _steps(history[revision.parent])} if revision.parent in history else {}
        for step in _steps(revision):
            was = earlier.get(step.id)
            if was is None or was.description != step.description:
                found.meanings.setdefault(step.id, set()).add(step.description)
            if was is None or was.thought != step.thought:
                found.thoughts.setdefault(step.id, set()).add(step.thought)
    return found


def has_notes(trajectory: Trajectory) -> bool:
    """Whether remarks head its steps already."""
    return any(isinstance(step.action, Note) for step in trajectory.steps)


def _steps(revision: "Revision") -> tuple[Step, ...]:
    return revision.decode(what=f"revision {revision.number}").steps


def _line(history: "Mapping[int, Revision]", head: int) -> set[int]:
    """The revision and all that it was made from."""
    found: set[int] = set()
    while head in history and head not in found:
        found.add(head)
        head = history[head].parent
    return found
