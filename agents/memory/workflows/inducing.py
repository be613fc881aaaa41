"""Inducing workflows: routines that recur across trajectories, with what differs each time as variables.

After Agent Workflow Memory (arXiv 2409.07429): trajectories are cleaned of what does nothing, what was done alike in
everything counts once, steps lose what is only of their day, and what is left is searched for what repeats. By rule, so
that it takes no model and a person can tell why a workflow was proposed.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agents.memory.workflows.abstracting import Abstract, Token, abstracted, app_of, window_of
from agents.memory.workflows.drafts import Draft, DraftStep, body_of
from agents.memory.workflows.patterns import PLACE, pattern_of
from agents.memory.workflows.repeating import Place, Repeat, repeats
from agents.memory.workflows.values import Values, values_of
from agents.planning.recorded import words_of
from workbench.library.learning import Lesson, Span
from workbench.library.naming import new_id
from workbench.session.variables import filled_with
from workbench.trajectory import Trajectory

LONGEST_TITLE = 80
MOST_PATTERNS = 6
MOST_TIMES = 200
"""Of so many times that a routine was done the values are compared, the best sources first."""

MOST_SOURCES = 12
"""Of so many times that a routine was done the sources are named, the best first."""


@dataclass
class _Numbers:
    """Tokens by number; gaps are below 0."""

    known: dict[Token, int] = field(default_factory=dict)

    def of(self, token: Token) -> int:
        return self.known.setdefault(token, len(self.known)) if token else -1


@dataclass(frozen=True)
class _Done:
    """One trajectory, as it is searched."""

    trajectory: Trajectory
    steps: tuple[Abstract, ...]

    @property
    def task(self) -> str:
        return self.trajectory.task or self.trajectory.title


@dataclass(frozen=True)
class _Time:
    """One of the times that a routine was done."""

    done: _Done
    steps: tuple[Abstract, ...]

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing else in the trajectory."""
        return len(self.steps) == len(self.done.steps)

    @property
    def span(self) -> Span:
        trajectory = self.done.trajectory
        first, last = self.steps[0].number, self.steps[-1].number
        return Span(trajectory.id, first, last, trajectory.revision, trajectory.purges)


def induced(trajectories: Iterable[Trajectory], *, app: str = "") -> tuple[Lesson, ...]:
    """The workflows that are found in what was done, as proposals, the best first; only those of `app` if it is named.

    Every one stands in two trajectories at least, which are its sources; a thousand trajectories take seconds.
    """
    done = _distinct(_Done(one, abstracted(one)) for one in trajectories)
    numbers = _Numbers()
    found = repeats([[numbers.of(step.token) for step in one.steps] for one in done])
    proposed = [_proposal(repeat, done) for repeat in found]
    return tuple(one for one in proposed if not app or one.app.casefold() == app.casefold())


def _distinct(all_done: Iterable[_Done]) -> list[_Done]:
    """Without what was done for the same task in the same way with the same values, as by the runs of an evaluation."""
    kept: dict[object, _Done] = {}
    for one in all_done:
        kept.setdefault((one.task, tuple((step.token, step.value) for step in one.steps)), one)
    return list(kept.values())


def _proposal(repeat: Repeat, done: Sequence[_Done]) -> Lesson:
    size = len(repeat.tokens)
    found = (_time(done[place.sequence], place, size) for place in repeat.places)
    times = sorted(found, key=_worth, reverse=True)[:MOST_TIMES]
    values = values_of([one.steps for one in times], [one.done.task for one in times])
    patterns = _patterns(times, values)
    best = times[0]
    draft = Draft(
        key=tuple(step.told for step in best.steps),
        title=_title(best, patterns, values),
        steps=_steps(best, values),
        variables=values.variables,
        patterns=patterns,
        window=_window(times),
    )
    apps = Counter(app_of(one.step) for one in best.steps)
    return Lesson(
        id=new_id(),
        kind="workflow",
        app=apps.most_common(1)[0][0],
        words=patterns[0] if patterns else _needing(draft),
        sources=tuple(one.span for one in times[:MOST_SOURCES]),
        body=body_of(draft),
        created=time.time(),
    )


def _time(done: _Done, place: Place, size: int) -> _Time:
    return _Time(done, done.steps[place.start : place.start + size])


def _worth(one: _Time) -> tuple[bool, int, float]:
    """How good a source it is: people's recordings first, then those with the most witnesses, then newer ones."""
    targets = [step.step.target for step in one.steps if step.step.target is not None]
    witnesses = sum(bool(target.element) + bool(target.crop) + bool(target.text) for target in targets)
    return one.done.trajectory.source == "human", witnesses, one.done.trajectory.created


def _patterns(times: Sequence[_Time], values: Values) -> tuple[str, ...]:
    """The tasks that it was done for without their values, each once; those that most were done for come first."""
    told = [
        pattern_of(one.done.task, given, whole=one.is_whole) for one, given in zip(times, values.given, strict=True)
    ]
    counted = Counter(pattern for pattern in told if pattern is not None)
    return tuple(pattern for pattern, _ in counted.most_common(MOST_PATTERNS))


def _steps(best: _Time, values: Values) -> tuple[DraftStep, ...]:
    texts = {slot.at: slot.text for slot in values.slots if slot.variable is not None}
    return tuple(_step(one, texts.get(at, "")) for at, one in enumerate(best.steps))


def _step(one: Abstract, text: str) -> DraftStep:
    return DraftStep(one.number, words_of(filled_with(one.step, text) if text else one.step), text)


def _title(best: _Time, patterns: Sequence[str], values: Values) -> str:
    """What a person would call it: the task without its values, else its first and its last step."""
    if patterns:
        title = PLACE.sub("…", patterns[0])
    else:
        steps = _steps(best, values)
        title = f"{steps[0].words} … {steps[-1].words}"
    title = " ".join(title.split())
    title = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
    return title[:1].upper() + title[1:]


def _needing(draft: Draft) -> str:
    given = ", ".join(f"{{{{{variable.name}}}}}" for variable in draft.variables)
    return f"{draft.title} (with {given})" if given else draft.title


def _window(times: Sequence[_Time]) -> str:
    """The title of the window in which it begins, where that was the same each time."""
    windows = [window_of(one.steps[0].step) for one in times]
    titles = {window.title if window else "" for window in windows}
    return titles.pop() if len(titles) == 1 else ""
