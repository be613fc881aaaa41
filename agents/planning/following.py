"""Following an exemplar: which of its recorded steps corresponds to the one that is due now.

Steps are told in words, so that those of a recording and those of this run can be compared. The recorded steps around
the due one are shown with marks of their order (TRAD, arXiv 2403.06221), which tolerates being off by one.
"""

from collections.abc import Sequence

from agents.planning.recorded import words_of
from agents.prompts.choosing import Example, ShownStep
from agents.screen.alike import likeness, split
from workbench.actions import Finish, Note
from workbench.trajectory import Trajectory

AHEAD = 3
"""How many recorded steps may be left out between two that correspond."""

SAME = 0.5
"""Steps of one kind whose targets are at least this alike correspond."""


def told_steps(exemplar: Trajectory) -> tuple[str, ...]:
    """The exemplar's steps in words, but for remarks and its end."""
    return tuple(words_of(step) for step in exemplar.steps if not isinstance(step.action, Note | Finish))


def due(steps: Sequence[str], done: Sequence[str]) -> int:
    """The index of the recorded step that comes next after what was done; the number of steps when all are."""
    place = 0
    for words in done:
        place = next((at + 1 for at in range(place, min(place + AHEAD, len(steps))) if _same(steps[at], words)), place)
    return place


def example_for(exemplar: Trajectory, done: Sequence[str]) -> Example | None:
    """What the exemplar shows for this moment: the due step with those beside it; at its end, only its last step.

    None where it has no steps.
    """
    steps = told_steps(exemplar)
    if not steps:
        return None
    place = due(steps, done)
    around = range(max(0, place - 1), min(len(steps), place + 2))
    return Example(exemplar.task or exemplar.title, tuple(ShownStep(at - place, steps[at]) for at in around))


def _same(recorded: str, done: str) -> bool:
    """Whether two steps in words are of one kind and go to one place, whatever is typed."""
    (kind, target), (other_kind, other) = _parts(recorded), _parts(done)
    return kind == other_kind and (target == other or likeness(split(target), split(other)) >= SAME)


def _parts(words: str) -> tuple[str, str]:
    kind, _, rest = words.partition(" ")
    if kind == "type":
        return kind, rest.rpartition(" into ")[2] if " into " in rest else ""
    return kind, rest
