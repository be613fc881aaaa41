"""Following an exemplar: which of its recorded steps corresponds to the one that is due now.

Steps are told in words, so that those of a recording and those of this run can be compared. The recorded steps around
the due one are shown with marks of their order (TRAD, arXiv 2403.06221), which tolerates being off by one.
"""

from collections.abc import Sequence
from functools import lru_cache

from agents.planning.adapting import adapted
from agents.planning.retelling import retold
from agents.prompts.choosing import Example, ShownStep
from agents.screen.alike import likeness, split
from workbench.trajectory import Target, Trajectory

ALIKE = 0.7
"""Targets whose names are at least this alike, each seen from the other, are the same one."""

OTHER_VALUE = 0.6
"""What a step costs that goes to a control of another name: a changed value, or another control altogether."""

FINISHED = "finish"
"""What is due after the last step, in words."""

LEFT_OUT, ADDED = 0.9, 1.0
"""What it costs that a recorded step was left out, or that one was done which nobody recorded."""


def told_steps(exemplar: Trajectory) -> tuple[str, ...]:
    """The exemplar's steps in words, as a run would take them, but for remarks and its end."""
    return tuple(one.words for one in retold(exemplar))


def due(steps: Sequence[str], done: Sequence[str]) -> int:
    """The index of the recorded step that comes next after what was done; the number of steps when all are.

    Both are aligned as a whole, by the edit distance of all that was done from the steps up to each place: steps that
    were left out or added lead astray by a step or two, and not for good. More steps done never lead back.
    """
    return _walked(steps, done)[0]


def example_for(exemplar: Trajectory, done: Sequence[str], today: str = "") -> Example | None:
    """What the exemplar shows for this moment: the due step with those beside it; at its end, only its last step.

    With the task of `today` what was done is compared with what the exemplar means today, and the step that is due is
    told in the words of today too, where that is clear. None where it has no steps.
    """
    steps, task = retold(exemplar), exemplar.task or exemplar.title
    if not steps:
        return None
    place, words = _meant([one.words for one in steps], done, task, today=today)
    around = range(max(0, place - 1), min(len(steps), place + 2))
    shown = tuple(ShownStep(at - place, steps[at].words, (steps[at].first, steps[at].last)) for at in around)
    return Example(task, shown, today=words)


def _meant(steps: Sequence[str], done: Sequence[str], recorded: str, *, today: str) -> tuple[int, str]:
    """The index of the recorded step that is due, and what it is in the words of today; empty where that is not clear.

    That the end is reached is only clear where all was done as it was meant, and nothing else.
    """
    meant = adapted(steps, recorded, today)
    at, cost = _walked([one.words or steps[one.place] for one in meant], done)
    if at < len(meant):
        return meant[at].place, meant[at].words
    return len(steps), FINISHED if not cost and all(one.words for one in meant) else ""


def recorded_target(exemplars: Sequence[Trajectory], done: Sequence[str], words: str) -> Target | None:
    """Where the due step of an exemplar went, if it is the one of these words but for the text that is typed.

    That of the first exemplar which has one; None where none has.
    """
    for exemplar in exemplars:
        steps = retold(exemplar)
        place = due([one.words for one in steps], done)
        if place < len(steps) and steps[place].target and goes_there(steps[place].words, words):
            return steps[place].target
    return None


def goes_there(recorded: str, words: str) -> bool:
    """Whether a recorded step in words is the one of these words but for the text that is typed."""
    return _parts(recorded) == _parts(words)


def differs(recorded: str, done: str) -> bool:
    """Whether two steps in words are of another kind or go to another control, whatever is typed."""
    return _difference(recorded, done) > 0


def _walked(steps: Sequence[str], done: Sequence[str]) -> tuple[int, float]:
    """The index of the step that is due, and what it costs that it was reached in another way than recorded."""
    costs = [LEFT_OUT * place for place in range(len(steps) + 1)]
    furthest = 0
    for words in done:
        costs = _after(costs, [_difference(step, words) for step in steps])
        furthest = max(furthest, costs.index(min(costs)))
    return furthest, costs[furthest]


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
