"""The roles of the step loop: who proposes, places, permits, acts, proves and remembers.

Replay and agent are the same loop with other players; each role is a Protocol, implemented on the floor that knows
how and wired together in one place per face.
"""

from dataclasses import dataclass, field
from typing import Protocol

from workbench.approval import Decider, Decision
from workbench.events import Loan, RunOutcome, StepStatus
from workbench.geometry import Point
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict
from workbench.trajectory import Element, FrameId, Outcome, Step


@dataclass(frozen=True)
class Proposal:
    """The step that a planner wants next; `index` counts from 1 in the run.

    `confidence` is how sure the planner is, from 0 to 1; None where it does not doubt. A step that `repairs` stands in
    for a recorded one that did not fit. `loans` are what past work was found for it,
    by a search for the words `wanted`. `tokens` are what thinking it up cost, prompts and answers together.
    """

    index: int
    step: Step
    why: str = ""
    confidence: float | None = None
    repairs: bool = False
    loans: tuple[Loan, ...] = ()
    wanted: str = ""
    tokens: int = 0


@dataclass(frozen=True)
class Grounding:
    """Where a step goes on today's screen; when `ok` is false it must not be performed.

    Keyboard actions have no point: their grounding says whether the focus is where it has to be. `element` is the
    accessible element found at the place or holding the focus. With `later` the step cannot be judged yet, because
    earlier steps have not been done (dry runs). `step` is the step as it was grounded, its target filled in, where it
    had only words for it: from then on it stands for the one that was proposed.
    """

    ok: bool
    verdict: Verdict
    sight: Sight
    end: Verdict | None = None
    element: Element | None = None
    waited_ms: float = 0.0
    later: bool = False
    step: Step | None = None

    @property
    def point(self) -> Point | None:
        """Where to act."""
        return self.verdict.point


@dataclass(frozen=True)
class Verification:
    """Whether a step did what was expected: `ok` is None where there was nothing to expect of this action.

    `observed` says in one line what changed, and `outcome` what followed as a recording would keep it, where the
    verifier had to find that out without one. `sight` is the moment in which it was seen.
    """

    ok: bool | None
    by: str = ""
    differed: tuple[str, ...] = ()
    frame: FrameId | None = None
    waited_ms: float = 0.0
    observed: str = ""
    outcome: Outcome | None = None
    sight: Sight | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Taken:
    """One step that was taken, or not, and how it went."""

    proposal: Proposal
    status: StepStatus
    decision: Decision | None = None
    grounding: Grounding | None = None
    verification: Verification = field(default_factory=lambda: Verification(None))
    message: str = ""

    @property
    def decided_by(self) -> Decider | None:
        """Who permitted it."""
        return self.decision.by if self.decision else None


@dataclass(frozen=True)
class Ending:
    """How a run ended, in a word and, unless it finished, a sentence.

    `exit_code` is that of the error which ended it; None is the one of its outcome.
    """

    outcome: RunOutcome
    reason: str | None = None
    exit_code: int | None = None


class Planner(Protocol):
    """Which action next, and why."""

    def propose(self) -> Proposal | Ending:
        """The next step, or how the run ends."""
        ...

    def remember(self, taken: Taken) -> Ending | None:
        """Learn how the step went; an ending stops the run here."""
        ...


class Grounder(Protocol):
    """Where on this screen."""

    def ground(self, step: Step) -> Grounding:
        """Wait for the step's place until it is sure or the time is up."""
        ...


class Approver(Protocol):
    """May it happen."""

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
        """A decision; when nobody can decide, it is to stop."""
        ...

    def learn(self, taken: Taken) -> None:
        """Hear how the step went, in which what was approved ahead may end."""
        ...


@dataclass(frozen=True)
class Returned:
    """A person has given the desktop back: what changed meanwhile, in words for the planner, and what is seen now."""

    words: str
    frame: FrameId | None = None


class Person(Protocol):
    """Who takes over."""

    def take_over(self, proposal: Proposal, decision: Decision, grounding: Grounding) -> Returned:
        """Wait while the person acts; raises `StoppedError` when they end the run instead of going on."""
        ...


class Performer(Protocol):
    """The hands."""

    def perform(self, step: Step, grounding: Grounding) -> str:
        """Carry it out and return a remark, mostly empty; raises `StepFailed` or `StoppedError`."""
        ...


class Verifier(Protocol):
    """Did it do what was expected."""

    def verify(self, step: Step, grounding: Grounding) -> Verification:
        """Wait until what was expected can be seen or the time is up."""
        ...
