"""What was found, as examples for a prompt, in rank order as long as there is room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.memory.retrieval.ports import Found
from agents.planning.following import example_for
from agents.planning.retelling import retold, retold_at
from agents.prompts.choosing import Example, ShownStep
from agents.prompts.planning import estimated_tokens
from workbench.trajectory import Trajectory

BEFORE, AFTER = 1, 1
"""How many steps before and after a found one are shown with it (temporal expansion, TRAD, arXiv 2403.06221)."""

Count = Callable[[str], int]
"""How many tokens a text takes."""


@dataclass(frozen=True)
class Lent:
    """Something that was found, as a model is shown it, and about how many tokens that takes.

    `crops` of its steps are shown with pictures, which take `crop_tokens` of these.
    """

    found: Found
    example: Example
    tokens: int
    crops: int = 0
    crop_tokens: int = 0


def packed(
    found: Sequence[Found],
    example_of: Callable[[Found], Example | None],
    budget_tokens: int,
    count: Count = estimated_tokens,
) -> tuple[Lent, ...]:
    """The first of what was found that fit the budget together; at the first that does not, it ends (Synapse).

    What has no example, because its trajectory has nothing to tell, is passed over.
    """
    lent: list[Lent] = []
    left = budget_tokens
    for one in found:
        example = example_of(one)
        if example is None:
            continue
        tokens = tokens_of(example, count)
        if tokens > left:
            break
        left -= tokens
        lent.append(Lent(one, example, tokens))
    return tuple(lent)


def tokens_of(example: Example, count: Count = estimated_tokens) -> int:
    """About how many tokens an example takes in a prompt."""
    lines = (f"recorded: {example.task}", *(f"{step.mark:+d}: {step.words}" for step in example.steps))
    return sum(count(f"{line}\n") for line in lines)


def whole_example(trajectory: Trajectory, done: Sequence[str], today: str = "") -> Example | None:
    """What a trajectory shows for this moment of today's task: the step that is due after `done`, with neighbours."""
    return example_for(trajectory, done, today)


def step_example(trajectory: Trajectory, number: int) -> Example | None:
    """The step of that number, counted from 1, with its neighbours and marks of their order; None where it is gone."""
    told = retold(trajectory)
    place = retold_at(told, number)
    if place is None:
        return None
    around = range(max(0, place - BEFORE), min(len(told), place + AFTER + 1))
    shown = tuple(ShownStep(at - place, told[at].words, (told[at].first, told[at].last)) for at in around)
    return Example(trajectory.task or trajectory.title, shown, leads=False)
