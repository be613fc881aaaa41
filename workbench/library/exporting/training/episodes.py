"""Runs as episodes: each proposal with what a person said of it, what was done, and how it went.

What leads to preferences between two decisions is in the events: who was overruled by whom, what could not be done,
what did not have its effect, and on which picture each of them was made.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace

from workbench import events
from workbench.actions import Ask, TypeText
from workbench.approval import Decision
from workbench.library.exporting.material import Run
from workbench.library.exporting.training.answers import is_private, told
from workbench.library.reaching import reached
from workbench.locate.verdict import Verdict
from workbench.trajectory import Element, FrameId, Step, Target

How = Literal["worked", "unclear", "failed", "refused", "by-hand", "open"]


@dataclass(frozen=True)
class Episode:
    """One proposal of a run from its beginning to its end.

    `asked` is the proposal with the place that was found for it, `frame` the picture on which it was decided. `done` is
    what was carried out, with the picture on which that happened, or `HANDED_OVER`; None where nothing was. `before`
    tells in words what the run had carried out until then. `kept` is the id of its step in the trajectory that the run
    became, `number` the place there, from 1, that the next step was to have.
    """

    index: int
    asked: Step
    before: tuple[str, ...]
    how: How
    frame: FrameId | None = None
    decision: Decision | None = None
    done: Step | None = None
    kept: str = ""
    number: int = 0

    @property
    def overruled(self) -> str:
        """What a person did with the proposal: `rejected`, `modified` or `took-over`; empty where they did not."""
        by_person = self.decision is not None and self.decision.by == "person"
        return _OVERRULED.get(self.decision.word, "") if self.decision and by_person else ""

    @property
    def said(self) -> str:
        """The words of the person who decided."""
        return self.decision.words.strip() if self.decision else ""

    @property
    def private(self) -> bool:
        """Whether the proposal, or what was done, stays at home."""
        typed = isinstance(self.asked.action, TypeText) and "password" in self.asked.description.casefold()
        return typed or is_private(self.asked) or (self.done is not None and is_private(self.done))

    @property
    def touched(self) -> bool:
        """Whether the desktop may be another one since: hands moved, the model's or a person's."""
        return self.done is not None


HANDED_OVER = Ask("please do the next step by hand")
"""What a model had better said where a person took over: what they did nobody saw, and nobody knew it beforehand."""

_OVERRULED = {"reject": "rejected", "modify": "modified", "take-over": "took-over"}


@dataclass(frozen=True)
class Attempt:
    """One run of a trajectory.

    `made` is whether the trajectory is what the run became, `reached` whether the run reached its task, None where
    nobody can say. `failed` are the ids of the kept steps that did not do what they should.
    """

    run: str
    made: bool
    episodes: tuple[Episode, ...]
    reached: bool | None
    failed: frozenset[str] = frozenset()


def attempt_of(run: Run, trajectory_id: str) -> Attempt:
    """What one run was."""
    started = next((event for event in run.events if isinstance(event, events.RunStarted)), None)
    made = started is not None and started.becomes is not None and started.becomes.id == trajectory_id
    ended = next((event for event in run.events if isinstance(event, events.RunEnded)), None)
    ends = [event for event in run.events if isinstance(event, events.StepEnded)]
    episodes = tuple(_episodes(run.events))
    failed = {event.step.id for event in run.events if isinstance(event, events.StepKept) and event.status == "failed"}
    failed |= {one.kept for one in episodes if one.how == "failed"}
    return Attempt(run.summary.id, made, episodes, reached(ended, ends) if ended else None, frozenset(failed))


def over(step: Step, frame: FrameId | None) -> Step:
    """The step over another picture than it was recorded on, where there is one."""
    return replace(step, observation=replace(step.observation, frame=frame)) if frame else step


@dataclass
class _Open:
    """What was heard of the proposal that is up; `asked` is where it was to go when somebody decided."""

    step: Step
    frame: FrameId | None
    located: events.StepLocated | None = None
    asked: events.StepLocated | None = None
    elements: tuple[Element, ...] = ()
    decision: Decision | None = None
    acting: Step | None = None
    kept: Step | None = None
    by_hand: bool = False


@dataclass
class _Reading:
    before: list[str] = field(default_factory=list)
    kept: int = 0
    up: dict[int, _Open] = field(default_factory=dict)


def _episodes(log: Iterable[events.Event]) -> Iterator[Episode]:
    reading = _Reading()
    for event in log:
        index = getattr(event, "index", 0)
        if isinstance(event, events.StepProposed):
            reading.up[index] = _Open(event.step, event.frame)
        elif isinstance(event, events.StepKept) and index not in reading.up:
            reading.kept += 1  # taken over from the run that this one goes on with
            reading.before.append(told(event.step, failed=event.status == "failed"))
        elif isinstance(event, events.StepEnded) and index in reading.up:
            yield _closed(reading.up.pop(index), event, reading)
        elif index in reading.up:
            _hear(reading.up[index], event)


def _hear(up: _Open, event: events.Event) -> None:
    match event:
        case events.StepLocated():
            up.located = event
            if up.decision is None:
                up.asked, up.frame = event, event.frame or up.frame
        case events.ApprovalAsked():
            up.elements = event.elements
        case events.ApprovalDecided():
            up.decision, up.frame = event.decision, event.frame or up.frame
        case events.StepActing():
            up.acting = over(_placed(event.step, up.located), event.frame)
        case events.StepKept():
            up.kept = event.step
        case events.TakeOverEnded():
            up.by_hand = True
        case _:
            pass


def _closed(up: _Open, ended: events.StepEnded, reading: _Reading) -> Episode:
    """The episode that ends here, which later ones have before them."""
    found = Episode(
        index=ended.index,
        asked=over(_named(_placed(up.step, up.asked), up.elements), up.frame),
        before=tuple(reading.before),
        how=_how(up, ended),
        frame=up.frame,
        decision=up.decision,
        done=_done(up),
        kept=up.kept.id if up.kept else "",
        number=reading.kept + 1,
    )
    reading.kept += bool(found.kept)
    words_of_it = up.kept or found.done
    reading.before += [told(words_of_it, failed=found.how == "failed")] if words_of_it else []
    return found


def _done(up: _Open) -> Step | None:
    """What was carried out; what a person put in the place of a proposal has their words, not the model's thought."""
    if up.by_hand:
        return over(Step(up.step.id, HANDED_OVER), up.frame)
    done = up.kept or up.acting
    if done is not None and up.decision is not None and up.decision.word == "modify":
        done = replace(done, thought=up.decision.words)
    return done if done is None or done.observation.frame else over(done, up.frame)


def _how(up: _Open, ended: events.StepEnded) -> How:
    if up.by_hand:
        return "by-hand"
    if ended.status == "skipped":
        return "refused" if up.decision and up.decision.by == "person" and up.decision.word == "reject" else "open"
    if ended.status == "failed" or ended.verified is False:
        return "failed"
    if ended.status not in ("done", "repaired"):
        return "open"
    return "worked" if ended.verified else "unclear"


def _placed(step: Step, located: events.StepLocated | None) -> Step:
    """The step at the place that was found for it today."""
    if located is None:
        return step
    return replace(step, target=_at(step.target, located.verdict), destination=_at(step.destination, located.end))


def _at(target: Target | None, verdict: Verdict | None) -> Target | None:
    point = verdict.point if verdict else None
    if point is None:
        return target
    return replace(target, point=point) if target else Target(point)


def _named(step: Step, elements: Iterable[Element]) -> Step:
    """The step with the control at its place, where it was proposed in words alone."""
    target = step.target
    if target is None or target.element is not None:
        return step
    there = [element for element in elements if element.bounds.contains(target.point)]
    return replace(step, target=replace(target, element=min(there, key=lambda one: one.bounds.area, default=None)))
