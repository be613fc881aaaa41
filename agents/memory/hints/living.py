"""What was lived through, step by step: of a run from its log, failures included, of a recording from its steps.

Hints are made of roles and names of controls and titles of windows. What was typed is never among the words; all of it
is told apart, so that a name which holds some of it gives no hint either.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from agents.planning.recorded import target_words, words_of
from workbench import events
from workbench.actions import SILENT, TypeText, kind
from workbench.approval import Decision
from workbench.trajectory import Element, Step, Trajectory

How = Literal["worked", "failed", "unclear", "rejected", "modified"]

SHORT = 3
"""A typed text of so many characters counts as found where it stands as a word, a longer one anywhere."""


@dataclass(frozen=True)
class Lived:
    """One step: what was done or wanted in words, without typed text, and where.

    `number` is its place in the trajectory from 1; of a step that is not in it, the place it would have had. `said` is
    what a person said who rejected it, `instead` the step that a person put in its place.
    """

    kind: str
    words: str
    target: str
    app: str
    window: str
    number: int
    how: How
    said: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Life:
    """The steps of one attempt in their order, the `trajectory` that they are in, and every text that was typed.

    `revision` and `purges` are the trajectory's when it was read.
    """

    trajectory: str
    revision: int
    steps: tuple[Lived, ...]
    typed: frozenset[str] = frozenset()
    purges: int = 0

    def tells(self, words: str) -> bool:
        """Whether the words hold any text that was typed."""
        return any(_holds(words.casefold(), text) for text in self.typed)


def life_of_recording(trajectory: Trajectory) -> Life:
    """What a recording tells: every step of it was done, and had its effect as far as anybody knows."""
    lived = (_lived(step, number, "worked") for number, step in enumerate(trajectory.steps, 1))
    steps = tuple(one for one in lived if one is not None)
    return Life(trajectory.id, trajectory.revision, steps, _typed(trajectory.steps), trajectory.purges)


def life_of_run(trajectory: Trajectory, log: Iterable[events.Event]) -> Life:
    """What the run that became this trajectory tells, steps that failed and steps that people refused among it."""
    episodes = tuple(_episodes(log))
    steps = tuple(found for one in episodes if (found := _of_episode(one, len(trajectory.steps))) is not None)
    said = [step for one in episodes for step in one.steps]
    return Life(trajectory.id, trajectory.revision, steps, _typed((*trajectory.steps, *said)), trajectory.purges)


@dataclass
class _Episode:
    """What the log says of one step; `before` counts the steps that were kept until then."""

    proposed: Step
    before: int
    decision: Decision | None = None
    kept: Step | None = None
    ended: events.StepEnded | None = None

    @property
    def steps(self) -> list[Step]:
        other = self.decision.step if self.decision else None
        return [step for step in (self.proposed, self.kept, other) if step is not None]


@dataclass
class _Reading:
    kept: int = 0
    open: dict[int, _Episode] = field(default_factory=dict)


def _episodes(log: Iterable[events.Event]) -> Iterator[_Episode]:
    reading = _Reading()
    for event in log:
        match event:
            case events.StepProposed(index=index, step=step):
                reading.open[index] = _Episode(step, reading.kept)
            case events.ApprovalDecided(index=index, decision=decision) if index in reading.open:
                reading.open[index].decision = decision
            case events.StepKept(index=index, step=step):
                reading.kept += 1
                if index in reading.open:
                    reading.open[index].kept = step
            case events.StepEnded(index=index) if index in reading.open:
                reading.open[index].ended = event
                yield reading.open.pop(index)


def _of_episode(one: _Episode, steps: int) -> Lived | None:
    how = _how(one)
    found = _lived(one.kept or one.proposed, min(one.before + 1, steps), how) if how is not None and steps else None
    if found is None or one.decision is None or one.decision.by != "person":
        return found
    if how == "modified" and one.decision.step is not None:
        wanted = _lived(one.proposed, found.number, "modified")
        other = _lived(one.decision.step, found.number, "worked")
        return replace(wanted, instead=other.words) if wanted and other else found
    return replace(found, said=one.decision.words) if how == "rejected" else found


def _how(one: _Episode) -> How | None:
    """How the step went; None for one that nobody can say anything of."""
    ended = one.ended
    assert ended is not None, "an episode is told of when it has ended"
    word = one.decision.word if one.decision and one.decision.by == "person" else "approve"
    if word == "reject":
        return "rejected"
    if ended.status == "failed" or ended.verified is False:
        return "failed"
    if ended.status not in ("done", "repaired") or word == "take-over":
        return None
    if word == "modify":
        return "modified"
    return "worked" if ended.verified else "unclear"


def _lived(step: Step, number: int, how: How) -> Lived | None:
    """The step as it was lived; None for what does nothing, what was masked, and what has to do with secrets."""
    element = _element(step)
    secret = isinstance(step.action, TypeText) and step.action.secret is not None
    if isinstance(step.action, SILENT) or step.masked or secret or (element is not None and element.password):
        return None
    window = (step.target.window if step.target else None) or step.observation.window
    words = _words(step)
    return Lived(
        kind=kind(step.action),
        words=words,
        target=target_words(step.target) or _target_in(words),
        app=(window.app if window else "") or (element.app if element else ""),
        window=window.title if window else "",
        number=number,
        how=how,
    )


def _words(step: Step) -> str:
    """The step without typed text; of one that was only proposed, in the words of whoever proposed it."""
    located = step.target is not None and bool(target_words(step.target))
    words = words_of(step) if located or not step.description else step.description
    if not isinstance(step.action, TypeText):
        return words
    into = target_words(step.target) or (words.rpartition(" into ")[2] if " into " in words else "")
    return f"type into {into}" if into else "type"


def _target_in(words: str) -> str:
    return words.partition(" ")[2] if words.startswith(("click ", "double-click ", "right-click ")) else ""


def _element(step: Step) -> Element | None:
    return (step.target.element if step.target else None) or step.observation.focused


def _typed(steps: Sequence[Step]) -> frozenset[str]:
    texts = (step.action.text for step in steps if isinstance(step.action, TypeText))
    return frozenset(text.strip().casefold() for text in texts if text.strip())


def _holds(words: str, text: str) -> bool:
    if len(text) > SHORT:
        return text in words
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", words) is not None
