"""The one step loop: observe, propose, ground, approve, act, verify, remember."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.approval import Decision, Word
from workbench.errors import StoppedError, WorkbenchError
from workbench.events import StepStatus
from workbench.session.roles import (
    Approver,
    Ending,
    Grounder,
    Grounding,
    Performer,
    Person,
    Planner,
    Proposal,
    Taken,
    Verification,
    Verifier,
)

STOPPING: tuple[Word, ...] = ("stop", "take-over")
"""Decisions that end the run when the step was skipped; after a mere rejection the planner says how to go on."""


STALE_S = 0.5
"""A place that was found longer ago than this is looked for again: deciding may have meant to ask a model."""


class StepFailed(Exception):  # noqa: N818 - it names what happened to a step, and never leaves the loop
    """A step could not be carried out; the text says why in a sentence."""


@dataclass(frozen=True)
class Watch:
    """What is told of a run while it happens; `acting` comes right before the hands move (a rehearsal has none)."""

    proposed: Callable[[Proposal], None]
    grounded: Callable[[Proposal, Grounding], None]
    ended: Callable[[Taken], None]
    acting: Callable[[Proposal], None] = lambda _: None
    decided: Callable[[Proposal, Decision], None] = lambda *_: None


@dataclass(frozen=True)
class Players:
    """One of each role; without a `person` a decision to take over ends the run."""

    planner: Planner
    grounder: Grounder
    approver: Approver
    performer: Performer
    verifier: Verifier
    done: StepStatus = "done"
    person: Person | None = None


def run(players: Players, watch: Watch) -> Ending:
    """Take steps until the planner ends it, a step fails, or somebody stops it.

    Whatever else a player cannot do is raised as its `WorkbenchError`, once the step that was up is told as failed.
    """
    while True:
        proposal = players.planner.propose()
        if isinstance(proposal, Ending):
            return proposal
        watch.proposed(proposal)
        try:
            taken = take(proposal, players, watch)
        except StoppedError as stop:
            watch.ended(Taken(proposal, "skipped", message=str(stop)))
            return Ending("stopped", str(stop))
        except WorkbenchError as error:
            watch.ended(Taken(proposal, "failed", message=str(error)))
            raise
        watch.ended(taken)
        players.approver.learn(taken)
        ending = players.planner.remember(taken)
        if ending is None and taken.status == "skipped" and taken.decision and taken.decision.word in STOPPING:
            ending = Ending("stopped", taken.message)
        if ending is not None:
            return ending


def take(proposal: Proposal, players: Players, watch: Watch) -> Taken:
    """One step, from its place to its proof; raises `StoppedError` when somebody stops the run.

    After a person decided, or anybody took their time over it, the step is grounded anew: the focus may be where they
    answered, the screen another one.
    """
    proposal, grounding = _grounded(proposal, players, watch)
    if not grounding.ok:
        status: StepStatus = "skipped" if grounding.later else "failed"
        return Taken(proposal, status, grounding=grounding, message=grounding.verdict.reason)
    asked_s = time.monotonic()
    decision = players.approver.decide(proposal, grounding)
    watch.decided(proposal, decision)
    if decision.word == "take-over" and players.person is not None:
        return _by_person(proposal, decision, grounding, players.person)
    if decision.word not in ("approve", "modify"):
        return Taken(proposal, "skipped", decision, grounding, message=decision.reason or "nobody permitted it")
    if decision.by == "person" or time.monotonic() - asked_s > STALE_S:
        proposal = replace(proposal, step=decision.step or proposal.step)
        proposal, grounding = _grounded(proposal, players, watch)
        if not grounding.ok:
            return Taken(proposal, "failed", decision, grounding, message=grounding.verdict.reason)
    if players.done != "would-do":
        watch.acting(proposal)
    return _act(proposal, decision, grounding, players)


def _grounded(proposal: Proposal, players: Players, watch: Watch) -> tuple[Proposal, Grounding]:
    """The proposal as it was grounded, and its place."""
    grounding = players.grounder.ground(proposal.step)
    if grounding.step is not None:
        proposal = replace(proposal, step=grounding.step)
    watch.grounded(proposal, grounding)
    return proposal, grounding


def _by_person(proposal: Proposal, decision: Decision, grounding: Grounding, person: Person) -> Taken:
    """The person does it in the step's place and vouches for it."""
    returned = person.take_over(proposal, decision, grounding)
    vouched = Verification(True, by="person", frame=returned.frame, observed=returned.words)
    return Taken(proposal, "repaired", decision, grounding, vouched, returned.words)


def _act(proposal: Proposal, decision: Decision, grounding: Grounding, players: Players) -> Taken:
    try:
        remark = players.performer.perform(proposal.step, grounding)
    except StepFailed as failure:
        failed = Verification(False, differed=(str(failure),))
        return Taken(proposal, "failed", decision, grounding, failed, str(failure))
    verification = players.verifier.verify(proposal.step, grounding)
    repaired = proposal.repairs or "person" in grounding.verdict.located_by
    done: StepStatus = "repaired" if repaired else players.done
    status: StepStatus = "failed" if verification.ok is False else done
    return Taken(proposal, status, decision, grounding, verification, "; ".join(verification.differed) or remark)
