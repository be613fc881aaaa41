"""Replay as a planner: the recorded steps, one after the other."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.actions import Fail, Finish
from workbench.session.messages import Pace, Resume, Steer
from workbench.session.replaying import check_pace
from workbench.session.roles import Ending, Proposal, Taken
from workbench.session.variables import filled, unset_variable
from workbench.trajectory import Step, Trajectory

LONGEST_PAUSE_S = 60.0
"""A recorded pause is replayed at most this long: people go for coffee."""


@dataclass
class RecordedPlanner:
    """Proposes the recorded steps from `pace.first` to `pace.last`, at the recorded pace where one is wanted.

    `pause` lets time pass; `hold` waits before a step until somebody says how to go on. `steered` is asked for what
    people have said meanwhile about where to pause.
    """

    trajectory: Trajectory
    values: dict[str, str]
    pace: Pace
    pause: Callable[[float], None]
    hold: Callable[[int], Resume]
    steered: Callable[[], Steer | None] = lambda: None
    _next: int = 0
    _breaks: tuple[int, ...] = ()
    _single: bool = field(default=False)
    _proposed_s: float = 0.0
    _failed: int = 0

    def __post_init__(self) -> None:
        """Refuse step numbers that the trajectory does not have."""
        check_pace(self.pace, self.trajectory)
        self._next, self._single, self._breaks = self.pace.first, self.pace.single, self.pace.breaks

    @property
    def index(self) -> int:
        """The number of the step that was proposed last."""
        return self._next - 1

    def propose(self) -> Proposal | Ending:
        """The next recorded step, filled with today's values."""
        index = self._next
        last = len(self.trajectory.steps) if self.pace.last is None else self.pace.last
        if index > last or not self.trajectory.steps:
            return self._end()
        if self._pauses(index) and not self._go_on(index):
            return _ended_at(index)
        step = filled(self.trajectory.steps[index - 1], self.values)
        unset = unset_variable(step, self.trajectory, self.values)
        if unset is not None:
            return Ending("failed", f"step {index}: the variable {unset!r} has no value yet; give it one with --var")
        if self._keep_pace(index) and self._wanted_meanwhile() and not self._go_on(index):
            return _ended_at(index)
        self._next += 1
        return Proposal(index, step)

    def remember(self, taken: Taken) -> Ending | None:
        """Go on after a step that was done; end after one that was not, or that says so itself."""
        action, index = taken.proposal.step.action, taken.proposal.index
        if self.pace.dry:
            self._failed += taken.status == "failed"
            return None
        if taken.status == "skipped":
            return Ending("stopped", f"step {index}: {taken.message}")
        if taken.status == "failed":
            return Ending("failed", f"step {index}: {taken.message}")
        if isinstance(action, Fail):
            return Ending("failed", f"step {index}: {action.reason}")
        return Ending("finished") if isinstance(action, Finish) else None

    def _end(self) -> Ending:
        if self._failed:
            return Ending("failed", f"{self._failed} of the steps could not be located")
        return Ending("finished")

    def _pauses(self, index: int) -> bool:
        wanted = self._wanted_meanwhile()
        return wanted or self._single or index in self._breaks

    def _wanted_meanwhile(self) -> bool:
        """Whether somebody asked for a pause, whatever the step; takes over what they said about others."""
        steer = self.steered()
        if steer is None:
            return False
        self._breaks = steer.breaks
        return steer.pause

    def _go_on(self, index: int) -> bool:
        word = self.hold(index)
        self._single = word == "step"
        return word != "stop"

    def _keep_pace(self, index: int) -> bool:
        """Wait as long as the person did; whether that was any time at all."""
        waits = self.pace.speed > 0 and index > self.pace.first
        if waits:
            recorded_s = _gap_s(self.trajectory.steps[index - 2], self.trajectory.steps[index - 1]) / self.pace.speed
            self.pause(max(0.0, min(recorded_s, LONGEST_PAUSE_S) - (time.monotonic() - self._proposed_s)))
        self._proposed_s = time.monotonic()
        return waits


def _ended_at(index: int) -> Ending:
    return Ending("stopped", f"ended at the pause before step {index}")


def _gap_s(earlier: Step, later: Step) -> float:
    """How long a person waited between the steps; not known, and so 0, where two recordings meet."""
    if earlier.recorded_in != later.recorded_in:
        return 0.0
    return max(0.0, (later.observation.monotonic_ns - earlier.observation.monotonic_ns) / 1e9)
