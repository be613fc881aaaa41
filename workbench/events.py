"""Everything that happens in a run, as events: terminal, window, run log and reports are listeners of these.

Events are numbered per run and serialise to JSON; `kind` names them. Frames are referred to by digest. Typed text is
in the step that was proposed, with secrets as names only.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from workbench.approval import Decision, Risk
from workbench.locate.verdict import Verdict
from workbench.trajectory import FrameId, Step

VERSION = 1

StepStatus = Literal["done", "failed", "skipped", "repaired", "would-do"]
RunOutcome = Literal["finished", "failed", "stopped"]


class _Event(Struct, frozen=True, tag_field="kind", omit_defaults=True, kw_only=True):
    """What all events share: `number` counts from 1 in a run, `at_ms` is the time since its start."""

    number: int = 0
    at_ms: float = 0.0


class RunStarted(_Event, frozen=True, tag="run-started", kw_only=True):
    """A run begins: of which trajectory at which revision, with how many steps (None when nobody knows)."""

    run: str
    trajectory: str | None
    title: str
    revision: int = 0
    steps: int | None = None
    epoch_s: float = 0.0
    desktop: str = ""
    version: int = VERSION


class StepProposed(_Event, frozen=True, tag="step-proposed", kw_only=True):
    """The planner wants this step next; `index` counts from 1. `frame` is what was seen then."""

    index: int
    step: Step
    frame: FrameId | None = None
    why: str = ""


class StepLocated(_Event, frozen=True, tag="step-located", kw_only=True):
    """The witnesses have answered; `end` is the verdict for the destination of a drag."""

    index: int
    verdict: Verdict
    end: Verdict | None = None
    frame: FrameId | None = None
    elapsed_ms: float = 0.0


class ApprovalAsked(_Event, frozen=True, tag="approval-asked", kw_only=True):
    """A person has to decide; the run waits."""

    index: int
    risk: Risk
    reason: str = ""


class DriftAsked(_Event, frozen=True, tag="drift-asked", kw_only=True):
    """The witnesses could not settle on a place; a person is asked to point at it."""

    index: int
    verdict: Verdict


class PersonAsked(_Event, frozen=True, tag="person-asked", kw_only=True):
    """A step asks the person something and waits for the answer."""

    index: int
    question: str


class Paused(_Event, frozen=True, tag="paused", kw_only=True):
    """The run waits before this step, because it was told to."""

    index: int


class ApprovalDecided(_Event, frozen=True, tag="approval-decided", kw_only=True):
    """Somebody decided."""

    index: int
    decision: Decision


class StepEnded(_Event, frozen=True, tag="step-ended", kw_only=True):
    """A step is over. `verified` is null for actions without an effect; `verified_by` says what proved it.

    `expected` is the recorded frame after the step, `frame` the one of today. `differed` says in words what was
    expected and not seen.
    """

    index: int
    status: StepStatus
    verified: bool | None = None
    verified_by: str = ""
    message: str = ""
    differed: tuple[str, ...] = ()
    frame: FrameId | None = None
    expected: FrameId | None = None
    elapsed_ms: float = 0.0
    waited_ms: float = 0.0


class Progress(_Event, frozen=True, tag="progress", kw_only=True):
    """A sentence about what is going on now."""

    text: str


class RunEnded(_Event, frozen=True, tag="run-ended", kw_only=True):
    """The run is over: how, and why in a sentence when it did not finish."""

    outcome: RunOutcome
    reason: str | None = None
    exit_code: int = 0
    elapsed_ms: float = 0.0


Event = (
    RunStarted
    | StepProposed
    | StepLocated
    | ApprovalAsked
    | DriftAsked
    | PersonAsked
    | Paused
    | ApprovalDecided
    | StepEnded
    | Progress
    | RunEnded
)

Listener = Callable[[Event], None]
