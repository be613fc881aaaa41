"""Two attempts side by side: which step of one answers to which of the other, and in what they differ.

Attempts are trajectories, or runs told as trajectories. Steps are aligned as lines of text are: what is equal in both
holds the rest in place (Ratcliff and Obershelp, as `difflib` does it). Pure functions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from msgspec.structs import replace

from workbench.actions import TypeText, kind
from workbench.report.story import RunStory, StepStory
from workbench.report.words import describe_target
from workbench.trajectory import Step, Target, Trajectory

Change = Literal["same", "changed", "left", "right"]


@dataclass(frozen=True)
class Pair:
    """Steps that answer to each other, by their numbers from 1; None where one side has nothing.

    `differs` names in words what is not the same in both.
    """

    left: int | None
    right: int | None
    differs: tuple[str, ...] = ()

    @property
    def change(self) -> Change:
        """Whether both sides have it, and have it the same."""
        if self.left is None or self.right is None:
            return "right" if self.left is None else "left"
        return "changed" if self.differs else "same"


def aligned(left: Sequence[Step], right: Sequence[Step]) -> tuple[Pair, ...]:
    """Every step of both sides once, in order."""
    found: list[Pair] = []
    matcher = SequenceMatcher(None, [_key(step) for step in left], [_key(step) for step in right], autojunk=False)
    for tag, i, until_i, j, until_j in matcher.get_opcodes():
        ones, others = range(i, until_i), range(j, until_j)
        pairs = zip(ones, others, strict=True) if tag == "equal" else _likeliest(left, right, ones, others)
        found += [_pair(left, right, one, other) for one, other in pairs]
    return tuple(found)


def of_run(story: RunStory) -> Trajectory:
    """The run as the steps that it did, with what was seen then; their ids are their numbers."""
    title = f"{story.started.title} (run)"
    steps = tuple(_done(each) for each in story.steps)
    return Trajectory(id=story.started.run, title=title, task=story.started.task, steps=steps, source="agent")


def _done(story: StepStory) -> Step:
    step = story.step
    seen = replace(step.observation, frame=story.before)
    after = replace(step.outcome, frame=story.after, verified_by=story.ended.verified_by if story.ended else "")
    return replace(step, id=str(story.index), observation=seen, outcome=after)


def _likeliest(
    left: Sequence[Step], right: Sequence[Step], ones: range, others: range
) -> Iterator[tuple[int | None, int | None]]:
    """Steps of the same kind beside each other where sides differ, the rest alone; the order of both is kept."""
    kinds = [kind(left[i].action) for i in ones], [kind(right[j].action) for j in others]
    for tag, i, until_i, j, until_j in SequenceMatcher(None, *kinds, autojunk=False).get_opcodes():
        mine, theirs = ones[i:until_i], others[j:until_j]
        if tag == "equal":
            yield from zip_longest(mine, theirs)
        else:
            yield from ((one, None) for one in mine)
            yield from ((None, other) for other in theirs)


def _pair(left: Sequence[Step], right: Sequence[Step], one: int | None, other: int | None) -> Pair:
    differs = tuple(_differences(left[one], right[other])) if one is not None and other is not None else ()
    return Pair(None if one is None else one + 1, None if other is None else other + 1, differs)


def _differences(one: Step, other: Step) -> Iterator[str]:
    if one.action != other.action:
        yield "text" if isinstance(one.action, TypeText) else "action"
    if _place(one.target) != _place(other.target):
        yield "target"
    if _place(one.destination) != _place(other.destination):
        yield "destination"
    if _app(one) != _app(other):
        yield "application"


def _key(step: Step) -> tuple[object, ...]:
    return kind(step.action), step.action, _place(step.target), _app(step)


def _place(target: Target | None) -> tuple[str, ...]:
    """What the target is called; where it has no name, all places are alike: pixels move from day to day."""
    if target is None:
        return ()
    element = target.element
    if element is not None and (element.name or element.label):
        return element.role, element.name or element.label
    return ("named", describe_target(target)) if target.text else ("somewhere", element.role if element else "")


def _app(step: Step) -> str:
    window = step.observation.window
    return window.app if window else ""
