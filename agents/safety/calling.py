"""A workflow is decided about as a whole: who approves its call approves its steps, but for those that are risky."""

from dataclasses import dataclass, field

from msgspec import structs

from workbench.actions import Call
from workbench.approval import Decision
from workbench.session.approving import PolicyApprover
from workbench.session.roles import Grounding, Proposal, Taken

PART = "it is part of a workflow that was approved"


@dataclass
class CallApprover:
    """Where a person is asked about every step, asks about a call once, and then only about steps that need it.

    Those are the steps of which the policy is not sure, and those that others would see or nobody could take back.
    """

    first: PolicyApprover
    _called: str = ""
    _within: PolicyApprover = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the more lenient policy for the steps of a call."""
        one = self.first
        self._within = PolicyApprover("risky", one.origin, one.ask, one.policy, second=one.second)

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
        """What the policy or the person says."""
        step = proposal.step
        if self._called and step.id.startswith(f"{self._called}-"):
            decision = self._within.decide(proposal, grounding)
            by_call = decision.by == "policy" and decision.word == "approve"
            return (
                structs.replace(decision, reason="it is part of a workflow that was approved") if by_call else decision
            )
        decision = self.first.decide(proposal, grounding)
        asks = self.first.mode == "ask" and isinstance(step.action, Call)
        self._called = step.id if asks and decision.word == "approve" else ""
        return decision

    def learn(self, taken: Taken) -> None:
        """Hear how the step went."""
        self.first.learn(taken)
        self._within.learn(taken)
