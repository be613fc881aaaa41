"""Title and task of a recording, worked out from its steps and proposed to a person (user goals from UI trajectories).

The steps become clauses, such as “fill in “Name” with “Ada””; the most telling of them, in their order, are the task.
Infers what was wanted from what was done, after arXiv 2406.14314; here by rules, with a model where there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from agents.completion.clauses import Clause, clauses_of
from agents.completion.veiling import veiled
from workbench.report.words import sentence, tidy
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

LONGEST_TITLE = 80
MOST_IN_TASK, MOST_IN_TITLE, MOST_IN_CHAPTER = 4, 1, 2
"""How many clauses each is made of."""

MOST_PROGRAMS = 2


@dataclass(frozen=True)
class Proposal:
    """A title and a task that a person may take; each is empty where the one that is there was given by a person."""

    title: str = ""
    task: str = ""

    def __bool__(self) -> bool:
        """Whether anything is proposed."""
        return bool(self.title or self.task)


NOTHING = Proposal()
"""Nothing to propose."""


def offered(library: "Library", trajectory: Trajectory) -> Proposal:
    """What to propose: only in the place of what nobody wrote, and only what is not there already."""
    found = proposal(trajectory)
    title = found.title if _is_title_inferred(library, trajectory) and found.title != trajectory.title else ""
    return Proposal(title, "" if trajectory.task.strip() else found.task)


def proposal(trajectory: Trajectory) -> Proposal:
    """Title and task by what was done; empty for a recording in which nothing was."""
    steps = [_with_defaults(step, trajectory) for step in veiled(trajectory).steps]
    clauses = clauses_of(steps)
    if not clauses:
        return NOTHING
    title, task = (_told(clauses, most) for most in (MOST_IN_TITLE, MOST_IN_TASK))
    return Proposal(_capital(tidy(title, LONGEST_TITLE)), sentence(task))


def chapter_words(steps: Sequence[Step]) -> str:
    """A sentence for a stretch of steps; empty where nothing telling was done in it. The steps are veiled."""
    clauses = clauses_of(steps)
    return sentence(_told(clauses, MOST_IN_CHAPTER)) if clauses else ""


def most_telling(clauses: Sequence[Clause], most: int) -> list[Clause]:
    """The clauses of most weight, in the order in which they were done; of the same weight the later ones."""
    best = sorted(range(len(clauses)), key=lambda at: (-clauses[at].weight, -at))[:most]
    return [clauses[at] for at in sorted(best)]


def listed(clauses: Sequence[Clause]) -> str:
    """The clauses as one: “click “a” and “b”, then save”; what is done twice in a row is said once."""
    told = []
    for verb, group in groupby(clauses, lambda clause: clause.verb):
        things = list(dict.fromkeys(clause.what for clause in group if clause.what))
        told.append(" ".join(filter(None, [verb, _enumerated(things)])))
    return ", then ".join(told)


def _enumerated(things: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(things[:-1]), *things[-1:]]))


def _told(clauses: Sequence[Clause], most: int) -> str:
    """The most telling clauses, and in which programs they were done."""
    chosen = most_telling(clauses, most)
    programs = _enumerated(list(dict.fromkeys(clause.app for clause in chosen if clause.app))[:MOST_PROGRAMS])
    return f"{listed(chosen)} in {programs}" if programs else listed(chosen)


def _with_defaults(step: Step, trajectory: Trajectory) -> Step:
    """The step with the recorded values in the place of its variables."""
    from workbench.session.variables import filled

    return filled(step, {each.name: each.default for each in trajectory.variables if each.default is not None})


def _is_title_inferred(library: "Library", trajectory: Trajectory) -> bool:
    """Whether the title was made by the recorder and nobody has changed it since."""
    from workbench.errors import BadInputError

    try:
        opening = library.opening(trajectory.id)
    except BadInputError:
        return not trajectory.title.strip()
    first = library.get(trajectory.id, revision=1)
    return not opening.title.strip() and not opening.task.strip() and trajectory.title == first.title


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
