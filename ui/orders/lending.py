"""What past work lends to a model for a task: the trajectories that would be shown, why, and what that costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.library.records import Summary
    from workbench.library.store import Library

MOST_SHOWN = 20


@dataclass(frozen=True)
class Lent:
    """One recorded trajectory as an exemplar.

    `likeness` of its task to the one that was asked for is 0 to 1, None without a task. `chosen` says that a run would
    show it to the model; `why` says why, or why not. `tokens` is about what it adds to every prompt.
    """

    id: str
    title: str
    task: str
    likeness: float | None
    chosen: bool
    why: str
    tokens: int


def lent_for(library: "Library", task: str) -> tuple[Lent, ...]:
    """The trajectories whose tasks are alike, the best first; all that could be shown for an empty task."""
    from agents.memory.exemplars import MOST, most_alike

    if not task.strip():
        usable = [one for one in library.summaries() if one.source != "agent" and one.task and one.steps]
        return tuple(_lent(library, one, None, place=0) for one in usable)
    alike = most_alike(task.strip(), library.summaries(), most=MOST_SHOWN)
    return tuple(_lent(library, one.summary, one.likeness, place=place - MOST) for place, one in enumerate(alike, 1))


def example_tokens(task: str, words: Sequence[str]) -> int:
    """About how many tokens an example of these lines takes in a prompt."""
    from agents.prompts.planning import estimated_tokens

    return sum(estimated_tokens(f"{line}\n") for line in (f"recorded: {task}", *(f"+0: {each}" for each in words)))


def _lent(library: "Library", summary: "Summary", likeness: float | None, *, place: int) -> Lent:
    """`place` above 0 is behind those that a run shows."""
    from agents.planning.following import example_for

    example = example_for(library.get(summary.id), ())
    tokens = example_tokens(example.task, [step.words for step in example.steps]) if example else 0
    return Lent(
        id=summary.id,
        title=summary.title,
        task=summary.task,
        likeness=likeness,
        chosen=likeness is not None and summary.reviewed and place <= 0,
        why=_why(summary, likeness, place),
        tokens=tokens,
    )


def _why(summary: "Summary", likeness: float | None, place: int) -> str:
    if not summary.reviewed:
        return "not shown: nobody has reviewed it"
    if likeness is None:
        return "shown where a task is like this one"
    return "shown: the most alike" if place <= 0 else "not shown: another one is more alike"
