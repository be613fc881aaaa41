"""The events of a run put together again: one account per step, for everything that reports on runs."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from workbench.approval import Decision
from workbench.errors import BadInputError
from workbench.events import (
    ApprovalAsked,
    ApprovalDecided,
    Event,
    ExperienceLent,
    RunEnded,
    RunStarted,
    StepEnded,
    StepLocated,
    StepProposed,
    StepStatus,
)
from workbench.trajectory import FrameId, Step

OfStep = StepProposed | ExperienceLent | StepLocated | ApprovalAsked | ApprovalDecided | StepEnded
"""What is told of single steps."""


@dataclass(frozen=True)
class StepStory:
    """All that happened in one step, newest attempt last and counting; what did not happen is None."""

    proposed: StepProposed
    located: StepLocated | None = None
    asked: ApprovalAsked | None = None
    decided: ApprovalDecided | None = None
    ended: StepEnded | None = None
    lent: ExperienceLent | None = None

    @property
    def index(self) -> int:
        """The step's number, from 1."""
        return self.proposed.index

    @property
    def step(self) -> Step:
        """What was carried out: the approver's version where the proposal was modified."""
        decision = self.decision
        return decision.step if decision and decision.step else self.proposed.step

    @property
    def decision(self) -> Decision | None:
        """Who decided what, if anybody did."""
        return self.decided.decision if self.decided else None

    @property
    def status(self) -> StepStatus:
        """How it ended; a step that never did counts as failed."""
        return self.ended.status if self.ended else "failed"

    @property
    def message(self) -> str:
        """What there is to say about it; empty when all went as it should."""
        return self.ended.message if self.ended else "the run ended before this step did"

    @property
    def before(self) -> FrameId | None:
        """The newest frame of today before the action."""
        return (self.located.frame if self.located else None) or self.proposed.frame

    @property
    def after(self) -> FrameId | None:
        """The frame of today after the action."""
        return self.ended.frame if self.ended else None

    @property
    def expected(self) -> FrameId | None:
        """The recorded frame after the step."""
        return (self.ended.expected if self.ended else None) or self.step.outcome.frame


@dataclass(frozen=True)
class RunStory:
    """A run: how it began, its steps in order, and how it ended (None when it never said so)."""

    started: RunStarted
    steps: tuple[StepStory, ...] = field(default=())
    ended: RunEnded | None = None


def story_of(events: Iterable[Event]) -> RunStory:
    """The account of one run; raises `BadInputError` when the events are not those of a run.

    A step that was proposed again, to be modified or repaired, is told by its newest attempt.
    """
    run: RunStory | None = None
    steps: dict[int, StepStory] = {}
    for event in events:
        if isinstance(event, RunStarted):
            run = RunStory(event)
        elif run is None:
            raise BadInputError("these events are not those of a run: they do not begin with its start")
        elif isinstance(event, RunEnded):
            run = replace(run, ended=event)
        elif isinstance(event, OfStep):
            steps[event.index] = retold(steps.get(event.index), event)
    if run is None:
        raise BadInputError("there are no events of a run to report on")
    return replace(run, steps=tuple(steps[index] for index in sorted(steps)))


def retold(story: StepStory | None, event: OfStep) -> StepStory:
    """The step's account with one more event; raises `BadInputError` for a step that was never proposed."""
    if isinstance(event, StepProposed):
        return StepStory(event)
    if story is None:
        raise BadInputError(f"the events of this run are broken: step {event.index} goes on but was never proposed")
    if isinstance(event, ExperienceLent):
        return replace(story, lent=event)
    if isinstance(event, StepLocated):
        return replace(story, located=event)
    if isinstance(event, ApprovalAsked):
        return replace(story, asked=event)
    return replace(story, decided=event) if isinstance(event, ApprovalDecided) else replace(story, ended=event)
