"""Replay with repair: where a recorded step does not fit, a model does what it meant, then the recording goes on.

One step at a time is handed over. It counts as repaired on evidence only: what the recording shows after it has to be
seen, or what kept it from its place has gone, so that it is done as recorded. Otherwise the run ends as it would have
without a model, with the reasons of both.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from agents.planning.planner import AgentPlanner
from agents.prompts.repairing import SEEN, trouble_of
from agents.runtime.ports import ModelError
from workbench.actions import SILENT, Activate, Click, Drag, Fail, Finish, Hover, PressKeys, Scroll, TypeText
from workbench.errors import BadInputError, UnavailableError
from workbench.session.replay import RecordedPlanner
from workbench.session.roles import Ending, Grounding, Proposal, Taken, Verification
from workbench.trajectory import Step

MOST_STEPS = 5
"""How many small steps a model may take in place of a recorded one."""

REPAIRABLE = (Click, Hover, Drag, Scroll, TypeText, PressKeys, Activate)
"""Actions that a model may do in another way; a check that does not hold is a finding, not a defect."""

STILL_THERE = ("disabled", "covered", "wrong-window", "wrong-application", "unsteady")
"""Causes with which the recorded target is there, so that another control is none that has only been renamed."""


class Evidence(Protocol):
    """What today's screen says about a recorded step."""

    def fits(self, step: Step) -> bool:
        """Whether the step could be carried out now as it was recorded."""
        ...

    def missing(self, step: Step, since: Grounding, acted: Grounding, *, anywhere: bool) -> tuple[str, ...]:
        """What the recording shows after the step and this screen does not (yet), in words.

        `since` is the moment before anything was done for it, `acted` where its work was done last. With `anywhere` a
        change in another place of the window is as good as one in the recorded place.
        """
        ...

    def rebased(self, step: Step, since: Grounding) -> Grounding:
        """The moment to compare with: now, where another window stood before the recorded one and has gone."""
        ...

    def strong(self, step: Step, acted: Grounding) -> bool:
        """Whether what should follow is more than changed pixels: a text, a state, another window."""
        ...


@dataclass(frozen=True)
class Ears:
    """Who is told: how a repair ended that had no last step, and which steps took the place of a recorded one."""

    ended: Callable[[Taken], None]
    mended: Callable[[int, tuple[Step, ...]], None]
    kept: Callable[[Taken], Step | None]


@dataclass
class _Repair:
    """One recorded step that was handed over.

    `since` is the moment before, `last` the one of the newest step with an effect, `kept` are those steps. `seen` says
    that what the recording shows can be seen, though not by what it came.
    """

    proposal: Proposal
    since: Grounding
    agent: AgentPlanner
    reason: str
    performed: bool
    tried: int = 0
    last: Grounding | None = None
    worked: bool = False
    seen: bool = False
    proposed: bool = False
    failed: str = ""
    remark: str = ""
    kept: list[Step] = field(default_factory=list)

    @property
    def trouble(self) -> str:
        """What the model is told before each of its steps."""
        told = trouble_of(self.proposal.step, self.reason, performed=self.performed)
        return " ".join(filter(None, [told, SEEN if self.seen else "", self.remark]))


@dataclass
class RepairingPlanner:
    """Proposes recorded steps, and those of the agent that `helper` gives where one does not fit.

    All steps of a repair have the number of the recorded one.
    """

    recorded: RecordedPlanner
    helper: Callable[[Proposal], AgentPlanner]
    evidence: Evidence
    ears: Ears
    _repair: _Repair | None = None
    _again: bool = False

    @property
    def index(self) -> int:
        """The number of the recorded step that was proposed last."""
        return self.recorded.index

    @property
    def agent(self) -> AgentPlanner | None:
        """Whose step was proposed last; None for a recorded one."""
        return self._repair.agent if self._repair is not None and not self._again else None

    def propose(self) -> Proposal | Ending:
        """The next recorded step, the next one of a repair, or the recorded step that fits by now."""
        repair = self._repair
        if repair is None:
            return self.recorded.propose()
        if self._again:
            return replace(repair.proposal, repairs=True)
        return self._next(repair)

    def remember(self, taken: Taken) -> Ending | None:
        """Hand a step over that did not fit; go on with the recording once its work is done."""
        repair = self._repair
        if repair is None:
            return self._recorded(taken)
        if self._again:
            return self._tried_again(repair, taken)
        ending = repair.agent.remember(taken)
        if ending is not None:
            return self._give_up(repair, ending.reason or "") if ending.outcome == "failed" else ending
        if taken.status != "skipped":
            self._judge(repair, taken)
        return None

    def _recorded(self, taken: Taken) -> Ending | None:
        ending = self.recorded.remember(taken)
        proposal, grounding = taken.proposal, taken.grounding
        if ending is None or taken.status != "failed" or grounding is None:
            return ending
        if not isinstance(proposal.step.action, REPAIRABLE):
            return ending
        self._repair = _Repair(proposal, grounding, self.helper(proposal), taken.message, performed=grounding.ok)
        return None

    def _next(self, repair: _Repair) -> Proposal | Ending:
        """The next small step; the next recorded one when the model says, and the screen shows, that it is done."""
        while repair.tried < MOST_STEPS:
            repair.agent.trouble, repair.remark = repair.trouble, ""
            try:
                proposal = repair.agent.propose()
            except (ModelError, BadInputError, UnavailableError) as error:
                return self._give_up(repair, str(error))
            if isinstance(proposal, Ending):
                return self._give_up(repair, proposal.reason or "it does not know how to go on")
            if isinstance(proposal.step.action, Fail):
                return self._give_up(repair, proposal.step.action.reason)
            if not isinstance(proposal.step.action, Finish):
                repair.proposed = True
                return replace(proposal, index=repair.proposal.index, repairs=True)
            missing = self._unfinished(repair)
            if not missing:
                return self._done(repair)
            repair.tried += 1
            repair.remark = f"It is not finished: {missing}."
        return self._give_up(repair, f"{MOST_STEPS} steps did not do it")

    def _unfinished(self, repair: _Repair) -> str:
        """Why the model is wrong in thinking that the work is done; empty where it is right."""
        if repair.failed:
            return f"the last step did not work: {repair.failed}"
        if not repair.worked and not repair.performed:
            return "nothing was done for it"
        acted = repair.last or repair.since
        return "; ".join(self.evidence.missing(repair.proposal.step, repair.since, acted, anywhere=True))

    def _judge(self, repair: _Repair, taken: Taken) -> None:
        """Whether this step did it, or made the recorded one possible; otherwise the model goes on."""
        repair.tried += 1
        repair.failed = taken.message if taken.status == "failed" else ""
        if repair.failed or taken.grounding is None:
            return
        kept = None if isinstance(taken.proposal.step.action, SILENT) else self.ears.kept(taken)
        repair.kept.extend([kept] if kept is not None else [])
        if kept is not None:
            repair.worked, repair.last = True, taken.grounding
            repair.since = self.evidence.rebased(repair.proposal.step, repair.since)
        if taken.verification.by == "person":
            self._close(repair)
            return
        strong = kept is not None and self.evidence.strong(repair.proposal.step, taken.grounding)
        if strong and not self._missing(repair, taken.grounding):
            self._close(repair)
        elif not repair.performed and self.evidence.fits(repair.proposal.step):
            self._again = True
        elif kept is not None and not strong:
            repair.seen = not self._missing(repair, taken.grounding)
            if repair.seen and _is_alike(taken, repair):
                self._close(repair)

    def _missing(self, repair: _Repair, acted: Grounding) -> tuple[str, ...]:
        return self.evidence.missing(repair.proposal.step, repair.since, acted, anywhere=False)

    def _tried_again(self, repair: _Repair, taken: Taken) -> Ending | None:
        """The recorded step itself was tried once more, after something was done for it."""
        self._again = False
        if taken.status != "failed":
            repair.kept.append(self._stored(repair))
            self._close(repair)
            return self.recorded.remember(taken)
        repair.performed = repair.performed or bool(taken.grounding and taken.grounding.ok)
        repair.reason = taken.message
        return None

    def _stored(self, repair: _Repair) -> Step:
        """The recorded step as the trajectory has it."""
        return self.recorded.trajectory.steps[repair.proposal.index - 1]

    def _done(self, repair: _Repair) -> Proposal | Ending:
        if not repair.kept:
            seen = Verification(True, "its effect came late")
            self.ears.ended(Taken(repair.proposal, "repaired", verification=seen, message=seen.by))
        self._close(repair)
        return self.recorded.propose()

    def _close(self, repair: _Repair) -> None:
        """The recording goes on; what took the step's place is a proposal for the trajectory."""
        self._repair = None
        if repair.kept:
            self.ears.mended(repair.proposal.index, tuple(repair.kept))

    def _give_up(self, repair: _Repair, why: str) -> Ending:
        """End as without a model, with the reasons of both."""
        self._repair = None
        if repair.proposed:
            self.ears.ended(Taken(repair.proposal, "failed", message=repair.reason))
        reason = f"{repair.reason}; the model could not repair it: {why}"
        return Ending("failed", f"step {repair.proposal.index}: {reason}")


def _is_alike(taken: Taken, repair: _Repair) -> bool:
    """Whether the step is of the recorded kind, on a control of the recorded kind, which may have been renamed."""
    step, done = repair.proposal.step, taken.proposal.step
    if type(done.action) is not type(step.action) or repair.since.verdict.cause in STILL_THERE:
        return False
    was = step.target.element if step.target else None
    now = taken.grounding.element if taken.grounding else None
    return was is not None and now is not None and was.role == now.role
