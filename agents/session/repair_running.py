"""A replay with repair in its process: the recorded players, an agent for single steps, and the screen as the judge."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from agents.grounding.finding import Finder
from agents.grounding.grounder import AgentGrounder
from agents.grounding.outcome import AgentVerifier
from agents.grounding.wishes import Wish
from agents.memory.tree import remembering
from agents.planning.planner import AgentPlanner, Surroundings
from agents.planning.ports import Idea, Moment, Shown
from agents.planning.recovery import Limits
from agents.prompts.repairing import exemplar_of, task_of
from agents.runtime.ports import ModelError
from agents.safety.judging import second_look
from agents.safety.scoping import SecretApprover
from agents.safety.wariness import WaryThinker
from agents.session.experience import Experience
from agents.session.messages import AgentOrder, RepairOrder
from agents.session.minds import Opened, minds_of
from agents.session.repairing import Ears, RepairingPlanner
from agents.session.running import Looking
from workbench import events
from workbench.actions import TypeText
from workbench.approval import Decision, Origin
from workbench.errors import BadInputError, UnavailableError
from workbench.library.frames import FrameStore
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict
from workbench.report.words import describe_target
from workbench.session.approving import PolicyApprover
from workbench.session.child import Pipe, Questions
from workbench.session.emergency import watch_emergency
from workbench.session.expecting import TELLING_STATES, Expectation, PixelsChange, WindowInFront, expectations
from workbench.session.eyes import Eyes
from workbench.session.focus import same_window
from workbench.session.grounding import WitnessGrounder
from workbench.session.loop import Players
from workbench.session.performing import DesktopPerformer
from workbench.session.recording import TakenRecorder, begun
from workbench.session.replay import RecordedPlanner
from workbench.session.roles import Approver, Grounder, Grounding, Proposal, Taken, Verification, Verifier
from workbench.session.running import Asking, Ready, Told, expecting, ran
from workbench.session.variables import filled
from workbench.session.verifying import OutcomeVerifier
from workbench.trajectory import Step, Target

FITS_S = 0.6
"""How long is looked whether a recorded step fits by now."""

FOLLOWS_S = 2.0
"""How long what should follow a repaired step may take, after its own effect was seen."""


def carry_out(order: RepairOrder, pipe: Pipe, ready: Ready) -> None:
    """Run the steps, repair what does not fit, and say everything."""
    watch_emergency(ready.guard, ready.desktop, order.emergency_hotkey, pipe)
    library = Path(order.library) if order.library is not None else None
    told = Told(pipe, Eyes(ready.desktop, FrameStore(Path(order.frames)), pipe.check), library, order.read)
    try:
        with minds_of(_as_agent(order, ""), pipe.check) as minds:
            players = _Wiring(order, told, ready, minds).players()
            told.started(begun(order, steps=len(order.trajectory.steps)))
            told.over(ran(order, players, told))
    finally:
        told.close()


@dataclass(frozen=True)
class ScreenEvidence:
    """What today's screen says about a recorded step; see `agents.session.repairing.Evidence`."""

    eyes: Eyes

    def fits(self, step: Step) -> bool:
        """Whether the witnesses find its place now."""
        return WitnessGrounder(self.eyes, FITS_S).ground(step).ok

    def missing(self, step: Step, since: Grounding, acted: Grounding, *, anywhere: bool) -> tuple[str, ...]:
        """Wait at most `FOLLOWS_S` for what the recording shows."""
        expected = expectations(step, acted)
        if anywhere:
            expected = tuple(_anywhere(one) for one in expected)
        before = replace(acted, sight=since.sight)
        until_s = time.monotonic() + FOLLOWS_S
        now = self.eyes.look()
        while missing := [one.missing for one in expected if not one.met(before, now)]:
            if not self.eyes.wait(until_s):
                break
            now = self.eyes.look()
        return (*missing, *_opened(step, acted, now))

    def rebased(self, step: Step, since: Grounding) -> Grounding:
        """This moment, where the recorded window is in front and was not before."""
        recorded = step.observation.window
        if recorded is None or same_window(recorded, since.sight.active):
            return since
        now = self.eyes.look()
        return replace(since, sight=now) if same_window(recorded, now.active) else since

    def strong(self, step: Step, acted: Grounding) -> bool:
        """Whether a text, a state or another window is expected."""
        return any(_is_strong(one) for one in expectations(step, acted))


def _opened(step: Step, acted: Grounding, now: Sight) -> tuple[str, ...]:
    """What was clicked last is open or switched on since, which the recorded step did to nothing."""
    was = acted.element
    element = now.accessibility.refresh(was) if was is not None and now.accessibility is not None else None
    if was is None or element is None:
        return ()
    recorded, after = step.target.element if step.target else None, step.outcome.element
    if recorded is not None and after is not None and _told(after.states) != _told(recorded.states):
        return ()
    since = _told(element.states) - _told(was.states)
    return (f"{describe_target(Target(was.bounds.centre, element=was))} is {sorted(since)[0]} only",) if since else ()


def _told(states: tuple[str, ...]) -> frozenset[str]:
    return TELLING_STATES & set(states)


def _is_strong(expected: Expectation) -> bool:
    if isinstance(expected, WindowInFront):
        return not expected.stays
    return not isinstance(expected, PixelsChange)


def _anywhere(expected: Expectation) -> Expectation:
    if isinstance(expected, PixelsChange) and expected.window is not None:
        return replace(expected, regions=(expected.window.bounds,))
    return expected


@dataclass(frozen=True)
class _Sides:
    """Which of two players a step is for: the recording's, or the agent's where its planner repairs."""

    planner: RepairingPlanner

    @property
    def repairing(self) -> bool:
        """Whether the step that is up is the agent's."""
        return self.planner.agent is not None


@dataclass(frozen=True)
class _Grounder(_Sides):
    eyes: Eyes
    recorded: Grounder
    agents: Grounder

    def ground(self, step: Step) -> Grounding:
        if not self.repairing:
            return self.recorded.ground(step)
        try:
            return self.agents.ground(step)
        except (ModelError, BadInputError, UnavailableError) as error:
            return Grounding(False, Verdict(cause="weak", reason=str(error)), self.eyes.look())


@dataclass(frozen=True)
class _Verifier(_Sides):
    recorded: Verifier
    agents: Verifier

    def verify(self, step: Step, grounding: Grounding) -> Verification:
        return (self.agents if self.repairing else self.recorded).verify(step, grounding)


@dataclass(frozen=True)
class _Approver(_Sides):
    recorded: Approver
    agents: Approver

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
        return self._one(proposal).decide(proposal, grounding)

    def learn(self, taken: Taken) -> None:
        self._one(taken.proposal).learn(taken)

    def _one(self, proposal: Proposal) -> Approver:
        if not self.repairing:
            return self.recorded
        recorded = self.planner.recorded.trajectory.steps[proposal.index - 1]
        return SecretApprover(self.agents, (task_of(recorded),), _secret(recorded))


def _secret(step: Step) -> tuple[str, ...]:
    """The secret that a recorded step types, and so whoever repairs it may type."""
    return (step.action.secret,) if isinstance(step.action, TypeText) and step.action.secret else ()


@dataclass(frozen=True)
class _Wiring:
    """What the players of one run are made of."""

    order: RepairOrder
    told: Told
    ready: Ready
    minds: Opened

    def players(self) -> Players:
        """The recording's players, with the agent's behind them."""
        order, eyes = self.order, self.told.eyes
        values, timeout_s = dict(order.values), order.pace.timeout_s
        asking = Asking(self.told, Questions(self.told.pipe))
        expect = expecting(self.ready.guard, eyes)
        performer = DesktopPerformer(eyes, timeout_s, asking.secret, asking.question, values, expect)
        recorded = RecordedPlanner(
            order.trajectory, values, order.pace, eyes.pause, asking.hold, steered=self.told.pipe.steered
        )
        experience = Experience(order.library)

        def helper(proposal: Proposal) -> AgentPlanner:
            return self._helper(proposal, values, experience)

        planner = RepairingPlanner(recorded, helper, ScreenEvidence(eyes), self._ears())
        asking.planner, asking.performer = planner, performer
        finder = Finder(self.minds.chooser, self.minds.pointer, experience.merits())
        agents = AgentGrounder(eyes, lambda step: _wish(planner, step), finder, timeout_s)
        experience.grounder = agents
        verifier = AgentVerifier(eyes, lambda: agents.read)
        return Players(
            planner,
            _Grounder(planner, eyes, WitnessGrounder(eyes, timeout_s), agents),
            self._approver(planner, asking),
            performer,
            _Verifier(planner, OutcomeVerifier(eyes, timeout_s), verifier),
            person=asking,
        )

    def _ears(self) -> Ears:
        recorder = TakenRecorder(self.told.eyes)

        def kept(taken: Taken) -> Step | None:
            assert taken.grounding is not None
            return recorder.add(taken, taken.grounding.sight, taken.verification.sight)

        def mended(index: int, steps: tuple[Step, ...]) -> None:
            for step in steps:
                self.told.say(events.StepKept(index=index, step=step, status="repaired"))

        return Ears(self.told.ended, mended, kept)

    def _helper(self, proposal: Proposal, values: dict[str, str], experience: Experience) -> AgentPlanner:
        """An agent for the one step."""
        trajectory = self.order.trajectory
        steps = tuple(filled(step, values) for step in trajectory.steps)
        exemplar = exemplar_of(structs.replace(trajectory, steps=steps), proposal.index - 1)
        task = task_of(proposal.step)
        around = Surroundings(
            look=Looking(self.told.eyes),
            lends=lambda _due: Shown((exemplar,)),
            corrections=experience.told,
            taken=experience.taken,
            values=values,
            secrets=_secret(proposal.step),
        )
        return AgentPlanner(WaryThinker(self.minds.thinker), around, remembering(task), Limits(steps=0))

    def _approver(self, planner: RepairingPlanner, asking: Asking) -> Approver:
        """The policy for recorded steps and for the agent's, which of an unreviewed recording are asked about too."""
        order = self.order
        reviewed = order.trajectory.reviewed

        def thought() -> tuple[Moment, Idea]:
            assert planner.agent is not None
            return planner.agent.thought

        origins: tuple[Origin, Origin] = ("reviewed", "model") if reviewed else ("unreviewed", "unreviewed")
        recorded = PolicyApprover(order.approve, origins[0], asking.decision, order.policy)
        second = second_look(self.minds.judge, thought)
        agents = PolicyApprover(order.approve, origins[1], asking.decision, order.policy, second=second)
        return _Approver(planner, recorded, agents)


def _wish(planner: RepairingPlanner, step: Step) -> Wish | None:
    return planner.agent.wish(step) if planner.agent is not None else None


def _as_agent(order: RepairOrder, task: str) -> AgentOrder:
    """The models, library and task of a repair as those of an agent's run."""
    return AgentOrder(run=order.run, task=task, library=order.library, frames=order.frames, minds=order.minds)
