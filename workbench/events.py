"""Everything that happens in a run, as events: terminal, window, run log and reports are listeners of these.

Events are numbered per run and serialise to JSON; `kind` names them. Frames are referred to by digest. Typed text is
in the step that was proposed, with secrets as names only.
"""

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from workbench.approval import Batch, Decision, Risk, Sureness
from workbench.locate.verdict import Verdict
from workbench.trajectory import Element, FrameId, Step, Trajectory

VERSION = 1

LoanKind = Literal["whole", "steps", "workflow", "hint"]
"""How something is lent to a run: a whole trajectory or a chapter of one, single steps, a workflow, or a hint."""

StepStatus = Literal["done", "failed", "skipped", "repaired", "would-do"]
RunOutcome = Literal["finished", "failed", "stopped"]


class Loan(Struct, frozen=True, omit_defaults=True):
    """One thing that was found for a step: shown to whoever planned it, or `refused` for the reason that stands there.

    `lent` is the id of a trajectory, whose steps `first` to `last` of that `revision` were meant, or of a lesson, which
    has none (0). `score` is 0 to 1, None where it was named; `why` explains that without quoting anything, and `by`
    says which way of searching found it. `tokens` is about what it takes in the prompt, pictures included;
    `crops` is how many pictures of controls are shown with it, which take `crop_tokens` of these. No words of what
    was lent stand here: those stay where it can be purged.
    """

    kind: LoanKind
    lent: str
    revision: int = 0
    first: int = 0
    last: int = 0
    score: float | None = None
    why: str = ""
    tokens: int = 0
    refused: str = ""
    by: str = ""
    crops: int = 0
    crop_tokens: int = 0


class _Event(Struct, frozen=True, tag_field="kind", omit_defaults=True, kw_only=True):
    """What all events share: `number` counts from 1 in a run, `at_ms` is the time since its start."""

    number: int = 0
    at_ms: float = 0.0


class RunStarted(_Event, frozen=True, tag="run-started", kw_only=True):
    """A run begins: of which trajectory at which revision, with how many steps (None when nobody knows).

    `order` is what it was told to do, as plain JSON without secrets. `resumes` is the run that it goes on with, or
    empty. `becomes` is the trajectory that its steps will make, still without any; None where none is kept.
    """

    run: str
    trajectory: str | None
    title: str
    revision: int = 0
    steps: int | None = None
    epoch_s: float = 0.0
    desktop: str = ""
    version: int = VERSION
    task: str = ""
    order: dict[str, Any] = {}
    resumes: str = ""
    becomes: Trajectory | None = None


class StepProposed(_Event, frozen=True, tag="step-proposed", kw_only=True):
    """The planner wants this step next; `index` counts from 1. `frame` is what was seen then.

    `tokens` are what thinking it up cost a model, prompts and answers together.
    """

    index: int
    step: Step
    frame: FrameId | None = None
    why: str = ""
    tokens: int = 0


class ExperienceLent(_Event, frozen=True, tag="experience-lent", kw_only=True):
    """What past work was found for the step that was just proposed, and shown to whoever planned it.

    `wanted` are the words that were searched for, empty where nothing was.
    """

    index: int
    loans: tuple[Loan, ...]
    wanted: str = ""


class StepLocated(_Event, frozen=True, tag="step-located", kw_only=True):
    """The witnesses have answered; `end` is the verdict for the destination of a drag."""

    index: int
    verdict: Verdict
    end: Verdict | None = None
    frame: FrameId | None = None
    elapsed_ms: float = 0.0


class ApprovalAsked(_Event, frozen=True, tag="approval-asked", kw_only=True):
    """A person has to decide; the run waits.

    `confidence`, from 0 to 1, is that of the plan and the place together, `verdict` holds the candidates, `frame` is
    what is seen. `elements` are other controls that the step could go to instead; with `elements_cut` there are more
    of them, which an application was too slow to name or which are too many: a person who misses one can take over.
    `batch` is what can be approved together with the step.
    """

    index: int
    risk: Risk
    reason: str = ""
    confidence: float | None = None
    sureness: Sureness = "sure"
    verdict: Verdict | None = None
    frame: FrameId | None = None
    elements: tuple[Element, ...] = ()
    elements_cut: bool = False
    batch: Batch | None = None


class DriftAsked(_Event, frozen=True, tag="drift-asked", kw_only=True):
    """The witnesses could not settle on a place; a person is asked to point at it. `frame` is what is seen."""

    index: int
    verdict: Verdict
    frame: FrameId | None = None


class PersonAsked(_Event, frozen=True, tag="person-asked", kw_only=True):
    """A step asks the person something and waits for the answer."""

    index: int
    question: str


class Paused(_Event, frozen=True, tag="paused", kw_only=True):
    """The run waits before this step, because it was told to."""

    index: int


class ApprovalDecided(_Event, frozen=True, tag="approval-decided", kw_only=True):
    """Somebody decided, the policy or a person, before anything was done: over what was seen, with which candidates."""

    index: int
    decision: Decision
    verdict: Verdict | None = None
    frame: FrameId | None = None


class TakeOverBegan(_Event, frozen=True, tag="take-over-began", kw_only=True):
    """A person does this step, and whatever they like, with their own hands; the run waits until they go on."""

    index: int
    frame: FrameId | None = None


class TakeOverEnded(_Event, frozen=True, tag="take-over-ended", kw_only=True):
    """The desktop was given back: `words` tell what changed meanwhile, never what was typed."""

    index: int
    words: str
    frame: FrameId | None = None


class StepActing(_Event, frozen=True, tag="step-acting", kw_only=True):
    """The hands are about to move: `step` is what was permitted, `frame` what was seen then.

    A run log holds this before anything happens, so that a step without an end may or may not have been done.
    """

    index: int
    step: Step
    frame: FrameId | None = None


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


class StepKept(_Event, frozen=True, tag="step-kept", kw_only=True):
    """What the step is in the trajectory that the run becomes; `status` is that of its end."""

    index: int
    step: Step
    status: StepStatus


class MemoryChanged(_Event, frozen=True, tag="memory-changed", kw_only=True):
    """The working memory of whoever plans has changed: `change` is plain JSON that only they can read.

    Its values are words; only fields named like those of events hold codes. An empty change was forgotten.
    """

    change: dict[str, Any]


class EventsPurged(_Event, frozen=True, tag="events-purged", kw_only=True):
    """Content was removed from earlier events of this run: their numbers, and what vouches for what is left of each.

    Only the library writes this (`workbench.library.chain`), mostly after the end of the run.
    """

    events: tuple[int, ...]
    payloads: tuple[str, ...]


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
    | ExperienceLent
    | StepLocated
    | ApprovalAsked
    | DriftAsked
    | PersonAsked
    | Paused
    | ApprovalDecided
    | TakeOverBegan
    | TakeOverEnded
    | StepActing
    | StepEnded
    | StepKept
    | MemoryChanged
    | EventsPurged
    | Progress
    | RunEnded
)

Listener = Callable[[Event], None]
