"""Following an exemplar: which of its recorded steps corresponds to the one that is due now.

Steps are told in words, so that those of a recording and those of this run can be compared. The recorded steps around
the due one are shown with marks of their order (TRAD, arXiv 2403.06221), which tolerates being off by one.
"""

from collections.abc import Sequence
from functools import lru_cache

from agents.planning.recorded import words_of
from agents.prompts.choosing import Example, ShownStep
from agents.screen.alike import likeness, split
from workbench.actions import Finish, Note
from workbench.trajectory import Target, Trajectory

ALIKE = 0.7
"""Targets whose names are at least this alike, each seen from the other, are the same one."""

OTHER_VALUE = 0.6
"""What a step costs that goes to a control of another name: a changed value, or another control altogether."""

UNTOLD = (Note, Finish)
"""Recorded steps that nobody is shown: remarks, and the end."""

LEFT_OUT, ADDED = 0.9, 1.0
"""What it costs that a recorded step was left out, or that one was done which nobody recorded."""


def told_steps(exemplar: Trajectory) -> tuple[str, ...]:
    """The exemplar's steps in words, but for remarks and its end."""
    return tuple(words_of(step) for step in exemplar.steps if not isinstance(step.action, UNTOLD))


def due(steps: Sequence[str], done: Sequence[str]) -> int:
    """The index of the recorded step that comes next after what was done; the number of steps when all are.

    Both are aligned as a whole, by the edit distance of all that was done from the steps up to each place: steps that
    were left out or added lead astray by a step or two, and not for good. More steps done never lead back.
    """
    costs = [LEFT_OUT * place for place in range(len(steps) + 1)]
    furthest = 0
    for words in done:
        costs = _after(costs, [_difference(step, words) for step in steps])
        furthest = max(furthest, costs.index(min(costs)))
    return furthest


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


def recorded_target(exemplars: Sequence[Trajectory], done: Sequence[str], words: str) -> Target | None:
    """Where the due step of an exemplar went, if it is the one of these words but for the text that is typed.

    That of the first exemplar which has one; None where none has.
    """
    for exemplar in exemplars:
        steps = [step for step in exemplar.steps if not isinstance(step.action, UNTOLD)]
        place = due(told_steps(exemplar), done)
        if place < len(steps) and steps[place].target and _parts(words_of(steps[place])) == _parts(words):
            return steps[place].target
    return None


def _after(costs: Sequence[float], differences: Sequence[float]) -> list[float]:
    """What it costs to have come to each place with one more step done; it differs so much from each recorded one."""
    found = [costs[0] + ADDED]
    for place, difference in enumerate(differences, 1):
        found.append(min(costs[place] + ADDED, costs[place - 1] + difference, found[-1] + LEFT_OUT))
    return found


@lru_cache(maxsize=4096)
def _difference(recorded: str, done: str) -> float:
    """How much two steps in words differ, whatever is typed: 0 for one kind of step at one place."""
    (kind, target), (other_kind, other) = _parts(recorded), _parts(done)
    if kind != other_kind:
        return LEFT_OUT + ADDED
    if target == other:
        return 0.0
    (role, name), (other_role, other_name) = _named(target), _named(other)
    if name and other_name and _alike(name, other_name):
        return 0.0
    return OTHER_VALUE if role and role == other_role else LEFT_OUT + ADDED


def _parts(words: str) -> tuple[str, str]:
    kind, _, rest = words.partition(" ")
    if kind == "type":
        return kind, rest.rpartition(" into ")[2] if " into " in rest else ""
    return kind, rest


def _named(target: str) -> tuple[str, str]:
    """Role and name of a target; where people said it in other words than a list, only these."""
    role, mark, name = target.partition(' "')
    return (role, name.removesuffix('"')) if mark else ("", target)


def _alike(one: str, other: str) -> bool:
    words, others = split(one), split(other)
    return min(likeness(words, others), likeness(others, words)) >= ALIKE
