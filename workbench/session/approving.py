"""Approval in a run: the policy first, then whoever listens."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.approval import Decision, Mode, Risk, decide, risk_of
from workbench.session.roles import Grounding, Proposal


@dataclass(frozen=True)
class PolicyApprover:
    """Asks the policy and, where it does not decide alone, a person through `ask`."""

    mode: Mode
    reviewed: bool
    ask: Callable[[int, Risk, str], Decision]

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:  # noqa: ARG002 - the role's signature
        """Approve, modify, reject or stop; whoever is asked and does not answer stops it."""
        decision = decide(self.mode, proposal.step, reviewed=self.reviewed)
        if decision is not None:
            return decision
        reason = "" if self.reviewed else "nobody has reviewed this trajectory yet"
        return self.ask(proposal.index, risk_of(proposal.step), reason)
