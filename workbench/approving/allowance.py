"""Approving the next N steps of the same kind: what a person allowed ahead, and when it ends."""

from dataclasses import dataclass, replace

from workbench.actions import kind
from workbench.approval import RISKS, SURENESSES, Assessment, Risk, Sureness
from workbench.trajectory import Step


@dataclass(frozen=True)
class Allowance:
    """`left` further steps with this kind of action in this application, not riskier and no less sure than `risk`
    and `sureness`, are approved."""

    left: int
    action: str
    app: str
    risk: Risk
    sureness: Sureness

    @classmethod
    def of(cls, step: Step, app: str, assessment: Assessment, *, sureness: Sureness, left: int) -> "Allowance":
        """What a person allows by approving this step and `left` more."""
        return cls(left, kind(step.action), app, assessment.risk, sureness)

    def outlives(self, assessment: Assessment) -> bool:
        """Whether it still stands when a step of this risk comes along: it ends as soon as the risk rises."""
        return self.left > 0 and RISKS.index(assessment.risk) <= RISKS.index(self.risk)

    def covers(self, step: Step, app: str, sureness: Sureness) -> bool:
        """Whether the step is one of those that were meant."""
        same = (kind(step.action), app) == (self.action, self.app)
        return same and SURENESSES.index(sureness) <= SURENESSES.index(self.sureness)

    def used(self) -> "Allowance":
        """The same with one step less."""
        return replace(self, left=self.left - 1)
