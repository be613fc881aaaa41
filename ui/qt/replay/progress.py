"""How far a replay has come, step by step, put together from its events."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from workbench import events
from workbench.locate.verdict import Verdict
from workbench.report.words import duration
from workbench.trajectory import FrameId

Mood = Literal["", "now", "good", "warning", "bad"]
"""How a step's line is coloured: nothing is known, it is up, it went well, nearly, or not."""

STATUSES: dict[events.StepStatus, tuple[str, Mood]] = {
    "done": ("done", "good"),
    "repaired": ("repaired", "warning"),
    "would-do": ("would do", "good"),
    "failed": ("failed", "bad"),
    "skipped": ("skipped", "warning"),
}


@dataclass(frozen=True)
class StepProgress:
    """What is known of one step in this run; `frame` is what was seen when it was located."""

    begun: bool = False
    verdict: Verdict | None = None
    end: Verdict | None = None
    frame: FrameId | None = None
    located_ms: float = 0.0
    ended: events.StepEnded | None = None

    @property
    def mood(self) -> Mood:
        """How its line is coloured."""
        if self.ended is not None:
            return STATUSES[self.ended.status][1]
        return "now" if self.begun else ""

    @property
    def words(self) -> str:
        """How it went, in a few words; empty before it was up."""
        if self.ended is None:
            return "at work" if self.begun else ""
        ended = self.ended
        verified = f"verified: {ended.verified_by}" if ended.verified else ""
        not_verified = "not verified" if ended.verified is False else ""
        parts = (STATUSES[ended.status][0], verified, not_verified, duration(ended.elapsed_ms))
        return " · ".join(part for part in parts if part)

    @property
    def halted(self) -> bool:
        """Whether it failed because its place was not found."""
        unsure = self.verdict is not None and bool(self.verdict.cause)
        return unsure and self.ended is not None and self.ended.status == "failed"


NOTHING = StepProgress()


@dataclass
class Progress:
    """All steps of a run; `current` is the number of the one that is up, or that the run pauses before; 0 is none."""

    current: int = 0
    steps: dict[int, StepProgress] = field(default_factory=dict)

    def of(self, index: int) -> StepProgress:
        """What is known of the step with that number."""
        return self.steps.get(index, NOTHING)

    def hear(self, event: events.Event) -> int:
        """Take the event in; the number of the step that it changed, 0 where it changed none."""
        match event:
            case events.StepProposed():
                return self._set(event.index, replace(self.of(event.index), begun=True, ended=None), now=True)
            case events.StepLocated():
                located = replace(self.of(event.index), verdict=event.verdict, end=event.end, frame=event.frame)
                return self._set(event.index, replace(located, located_ms=event.elapsed_ms))
            case events.DriftAsked():
                asked = replace(self.of(event.index), verdict=event.verdict)
                return self._set(event.index, replace(asked, frame=event.frame or asked.frame))
            case events.StepEnded():
                return self._set(event.index, replace(self.of(event.index), ended=event))
            case events.Paused():
                return self._set(event.index, self.of(event.index), now=True)
            case _:
                return 0

    def located(self) -> Sequence[tuple[int, StepProgress]]:
        """The steps that have a place, by number: what a rehearsal found."""
        return [(index, one) for index, one in sorted(self.steps.items()) if one.verdict and one.verdict.point]

    def _set(self, index: int, progress: StepProgress, *, now: bool = False) -> int:
        self.steps[index] = progress
        if now:
            self.current = index
        return index
