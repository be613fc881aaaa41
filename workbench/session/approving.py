"""Approval in a run: what a step could cost, what the policy says, and then whoever listens."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import structs

from workbench.actions import SILENT, PressKeys, TypeText
from workbench.approval import Assessment, Case, Decision, Mode, Origin, Policy, decide
from workbench.approving.allowance import Allowance
from workbench.approving.foresight import Expected, Foresight, Together
from workbench.approving.risk import Scene, assess, named_risk, presses_enter
from workbench.desktop.ports import Accessibility
from workbench.events import ApprovalAsked
from workbench.session.grounding import element_under
from workbench.session.roles import Grounding, Proposal, Taken
from workbench.trajectory import Element, Step, Window

MOST_ELEMENTS = 60
ELEMENTS_S = 0.5
"""How many elements a person is offered as other targets, and how long may be spent on collecting them: they wait."""

_BUTTONS = ("push button", "button")
_OPERABLE = frozenset(
    {"push button", "button", "toggle button", "check box", "radio button", "menu item", "check menu item", "menu"}
    | {"radio menu item", "page tab", "link", "entry", "text", "password text", "combo box", "spin button", "slider"}
    | {"list item", "table cell", "tree item", "switch", "push button menu", "edit"}
)


Second = Callable[[Assessment, float | None], tuple[Assessment, float | None]]
"""A second look at the step that was thought up last, which may only raise its risk and lower its confidence."""


@dataclass(frozen=True)
class Offered:
    """Controls that a step could go to instead; `cut` where there are, or may be, more of them."""

    elements: tuple[Element, ...] = ()
    cut: bool = False


@dataclass
class PolicyApprover:
    """Asks the policy and, where it does not decide alone, a person through `ask`.

    A person may approve the next steps of the same kind ahead. That ends with the first step that is riskier, that
    fails, or that the person does not plainly approve; steps of other kinds in between are asked about. Where a
    `foresight` is sure what comes next, those steps are offered together; any other step ends that, and a risky one.
    """

    mode: Mode
    origin: Origin
    ask: Callable[[ApprovalAsked], Decision]
    policy: Policy = field(default_factory=Policy)
    allowance: Allowance | None = None
    second: Second | None = None
    foresight: Foresight | None = None
    together: Together | None = None
    _offered: Expected | None = None

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
        """Approve, modify, reject, hand over or stop; whoever is asked and does not answer stops it."""
        scene = scene_of(proposal, grounding, self.origin)
        assessment = self._assessed(proposal.step, scene)
        confidence = confidence_of(proposal, grounding)
        if self.second is not None:
            assessment, confidence = self.second(assessment, confidence)
        sureness = None if self.origin == "reviewed" else confidence
        case = Case(assessment, sureness, self.origin, silent=self._is_silent(proposal.step))
        decision = decide(self.mode, case, self.policy)
        expected = self._expects(proposal.step, case)
        if decision is None:
            decision = self._allowed(proposal.step, scene.app, case) or expected
        if decision is None:
            asked = self._question(proposal, grounding, case=case, confidence=confidence)
            decision = self._checked(self.ask(asked), scene)
            self._allow(decision, proposal.step, app=scene.app, case=case)
        return structs.replace(decision, risk=assessment.risk, confidence=confidence)

    def learn(self, taken: Taken) -> None:
        """A step that was not done ends what was allowed ahead."""
        done = taken.status in ("done", "repaired")
        if not done:
            self.allowance = self.together = None
        if done and self.foresight is not None:
            by_hand = taken.verification.by == "person"
            self.foresight.went(None if by_hand else taken.proposal.step)

    def _is_silent(self, step: Step) -> bool:
        """Whether a model wants what does nothing on the desktop; of a replay a person is asked about every step."""
        return self.origin == "model" and isinstance(step.action, SILENT)

    def _assessed(self, step: Step, scene: Scene) -> Assessment:
        return named_risk(step) if self.origin == "reviewed" else assess(step, scene)

    def _allowed(self, step: Step, app: str, case: Case) -> Decision | None:
        allowance = self.allowance
        if allowance is None or not allowance.outlives(case.assessment):
            self.allowance = None
            return None
        if not allowance.covers(step, app, self.policy.sureness(case.confidence)):
            return None
        self.allowance = allowance.used()
        return Decision("approve", "person", f"approved ahead; {self.allowance.left} more of this kind are left")

    def _expects(self, step: Step, case: Case) -> Decision | None:
        """What a person approved ahead of this very step; any step but the expected one ends that."""
        key = self.foresight.key(step) if self.foresight and self.together else ""
        if self.together is None or not key:
            return None
        self.together = self.together.after(key, case.assessment, self.policy.sureness(case.confidence))
        if self.together is None:
            return None
        return Decision("approve", "person", f"approved ahead, as expected; {len(self.together.left)} more are left")

    def _allow(self, decision: Decision, step: Step, *, app: str, case: Case) -> None:
        sureness = self.policy.sureness(case.confidence)
        if decision.word != "approve":
            self.allowance = self.together = None
        elif decision.ahead and self._offered is not None:
            self.together = Together.of(self._offered, decision.ahead, sureness)
        elif decision.next_same:
            self.allowance = Allowance.of(step, app, case.assessment, sureness=sureness, left=decision.next_same)

    def _question(
        self, proposal: Proposal, grounding: Grounding, *, case: Case, confidence: float | None
    ) -> ApprovalAsked:
        offered = elements_around(grounding)
        unreviewed = "nobody has reviewed this trajectory yet" if case.origin == "unreviewed" else ""
        self._offered = self.foresight.expected(proposal.step) if self.foresight else None
        return ApprovalAsked(
            index=proposal.index,
            risk=case.assessment.risk,
            reason="; ".join(filter(None, [unreviewed, case.assessment.reason])),
            confidence=confidence,
            sureness=self.policy.sureness(confidence),
            verdict=grounding.verdict,
            elements=offered.elements,
            elements_cut=offered.cut,
            batch=self._offered.batch if self._offered else None,
        )

    def _checked(self, decision: Decision, scene: Scene) -> Decision:
        """The decision, unless a person's other step is one that the policy blocks."""
        if decision.step is None:
            return decision
        target = decision.step.target
        there = structs.replace(scene, element=(target.element if target else None) or scene.element)
        assessment = self._assessed(decision.step, there)
        refusal = decide("auto", Case(assessment, None, self.origin), self.policy)
        return refusal if refusal is not None and refusal.word == "reject" else decision


def confidence_of(proposal: Proposal, grounding: Grounding) -> float | None:
    """The lower of how sure the planner is of the step and the grounder of its place; None where neither says."""
    place = grounding.verdict.confidence if grounding.point is not None else None
    return min((value for value in (proposal.confidence, place) if value is not None), default=None)


def scene_of(proposal: Proposal, grounding: Grounding, origin: Origin) -> Scene:
    """What stands around the step now; of a reviewed recording only application and title are asked for."""
    step, sight = proposal.step, grounding.sight
    window = _window(step, grounding)
    app, title = (window.app, window.title) if window else ("", "")
    element = grounding.element
    if origin == "reviewed":
        return Scene(app, title, element)
    if element is None and grounding.point is not None:
        element = element_under(grounding.point, sight)
    enter = presses_enter(step)
    names = _button_names(sight.accessibility, app) if enter and sight.accessibility else ()
    lines = (element.value or "").rstrip().splitlines() if enter and element and not element.password else []
    return Scene(app, title, element, buttons=names, line=lines[-1] if lines else "", said=proposal.why)


def elements_around(grounding: Grounding, within_s: float = ELEMENTS_S) -> Offered:
    """The named controls of the window in front, without what they hold, in their order.

    They are cut after `MOST_ELEMENTS`, after `within_s`, and where the application leaves a question unanswered.
    """
    accessibility, active = grounding.sight.accessibility, grounding.sight.active
    if accessibility is None or active is None:
        return Offered()
    found: list[Element] = []
    unanswered, until_s = accessibility.unanswered, time.monotonic() + within_s
    for element in accessibility.walk(active.app):
        if time.monotonic() > until_s:
            return Offered(tuple(found), cut=True)
        if element.role in _OPERABLE and (element.name or element.label).strip():
            if len(found) == MOST_ELEMENTS:
                return Offered(tuple(found), cut=True)
            found.append(structs.replace(element, value=None))
    return Offered(tuple(found), cut=accessibility.unanswered != unanswered)


def _window(step: Step, grounding: Grounding) -> Window | None:
    """The window that the step goes to today: under the pointer, or with the focus."""
    sight, point = grounding.sight, grounding.point
    if point is not None and not isinstance(step.action, TypeText | PressKeys):
        under = next((window for window in sight.windows if window.bounds.contains(point)), None)
        if under is not None:
            return under
    return sight.active or step.observation.window


def _button_names(accessibility: Accessibility, app: str) -> tuple[str, ...]:
    return tuple(e.name for role in _BUTTONS for e in accessibility.find(app=app, role=role) if e.name)
