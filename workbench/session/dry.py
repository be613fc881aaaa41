"""A rehearsal: every step is located on today's screen, none is carried out."""

from dataclasses import dataclass, replace

from msgspec import structs

from workbench.actions import PressKeys, TypeText
from workbench.approval import Decision
from workbench.locate.verdict import Verdict
from workbench.session.eyes import Eyes
from workbench.session.focus import same_window
from workbench.session.grounding import WitnessGrounder
from workbench.session.loop import Players
from workbench.session.roles import Grounding, Planner, Proposal, Taken, Verification
from workbench.trajectory import Step

LOOK_S = 0.5
"""Nothing is going to change during a rehearsal, so that a short look says it all."""


@dataclass(frozen=True)
class _Grounder:
    """Locates a step where its window is open; anything else depends on steps that were not done."""

    eyes: Eyes

    def ground(self, step: Step) -> Grounding:
        """The step's place, or that it cannot be judged before the earlier steps have been done."""
        keys = isinstance(step.action, TypeText | PressKeys)
        grounding = WitnessGrounder(self.eyes, 0.0 if keys else LOOK_S).ground(step)
        recorded = (step.target.window if step.target else None) or (step.observation.window if keys else None)
        reachable = recorded is None or any(same_window(recorded, window) for window in grounding.sight.windows)
        if grounding.ok or (reachable and not keys):
            return grounding
        if reachable:
            reason = "its window is there; where the focus will be depends on the earlier steps"
            return replace(grounding, ok=True, verdict=Verdict(reason=reason))
        reason = f"cannot be judged before the earlier steps have been done: {grounding.verdict.reason}"
        return replace(grounding, later=True, verdict=_with_reason(grounding, reason))


@dataclass(frozen=True)
class _Approver:
    """Nothing happens, so nothing needs approval."""

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:  # noqa: ARG002 - the role's signature
        """Yes."""
        return Decision("approve", "policy", "a rehearsal does nothing")

    def learn(self, taken: Taken) -> None:
        """Nothing."""


@dataclass(frozen=True)
class _Performer:
    """Keeps its hands still."""

    def perform(self, step: Step, grounding: Grounding) -> str:  # noqa: ARG002 - the role's signature
        """What the witnesses said, as a remark."""
        return grounding.verdict.reason


@dataclass(frozen=True)
class _Verifier:
    """Nothing was done, so nothing can be verified."""

    def verify(self, step: Step, grounding: Grounding) -> Verification:  # noqa: ARG002 - the role's signature
        """Neither true nor false."""
        return Verification(None)


def dry_players(planner: Planner, eyes: Eyes) -> Players:
    """The players of a rehearsal."""
    return Players(planner, _Grounder(eyes), _Approver(), _Performer(), _Verifier(), done="would-do")


def _with_reason(grounding: Grounding, reason: str) -> Verdict:
    return structs.replace(grounding.verdict, reason=reason)
