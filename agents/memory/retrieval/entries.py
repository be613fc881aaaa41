"""What exemplar memory keeps of a trajectory: one entry for all of it, for each chapter, and for each step."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from agents.memory.retrieval.situations import controls_of, written
from agents.memory.retrieval.words import terms_of
from agents.planning.retelling import UNTOLD, Retold, retold
from workbench.actions import Note
from workbench.library.memories import Entry, Level
from workbench.trajectory import Step, Trajectory

MOST_CONTROLS = 40
"""Of how many controls a whole trajectory keeps the names."""


def entries_of(trajectory: Trajectory) -> tuple[Entry, ...]:
    """The entries, the whole first; none for a trajectory without steps or without a task in words."""
    told = retold(trajectory)
    about = (trajectory.task or trajectory.title).strip()
    if not told or not about:
        return ()
    whole = _entry(trajectory, "whole", (1, len(trajectory.steps)), about)
    steps = (_entry(trajectory, "step", (one.first, one.last), step_words(one)) for one in told)
    return (whole, *_spans(trajectory), *steps)


def step_words(step: Retold) -> str:
    """A step in words, with its thought where it has one: what a thought that is due is compared with."""
    return ". ".join(filter(None, (step.thought, step.words)))


def chapters_of(trajectory: Trajectory) -> tuple[tuple[int, int, str], ...]:
    """The chapters: first and last step, counted from 1, and the sentence with which a remark opens them.

    A remark opens a chapter that lasts until the next one; what comes before the first belongs to none.
    """
    steps = trajectory.steps
    opened = [(number, step.action.text) for number, step in enumerate(steps, 1) if isinstance(step.action, Note)]
    ends = pairwise([*opened, (len(steps) + 1, "")])
    return tuple((at + 1, after - 1, text) for (at, text), (after, _) in ends if after > at + 1 and text.strip())


def _spans(trajectory: Trajectory) -> Iterator[Entry]:
    for first, last, words in chapters_of(trajectory):
        if any(not isinstance(step.action, UNTOLD) for step in trajectory.steps[first - 1 : last]):
            yield _entry(trajectory, "span", (first, last), words)


def _entry(trajectory: Trajectory, level: Level, span: tuple[int, int], words: str) -> Entry:
    steps = trajectory.steps[span[0] - 1 : span[1]]
    controls = sorted(controls_of(steps))[:MOST_CONTROLS]
    app, window = _place(steps)
    named = " ".join(name for _, name in controls)
    return Entry(
        trajectory=trajectory.id,
        level=level,
        first=span[0],
        last=span[1],
        words=words,
        terms=" ".join(terms_of(f"{words} {named}")),
        app=app,
        window=window,
        controls=written(controls),
    )


def _place(steps: Sequence[Step]) -> tuple[str, str]:
    """The program that most of the steps are in, and the title of the first window."""
    windows = [(step.target.window if step.target else None) or step.observation.window for step in steps]
    known = [window for window in windows if window is not None]
    if not known:
        return "", ""
    return Counter(window.app for window in known).most_common(1)[0][0], known[0].title
