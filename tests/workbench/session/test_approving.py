"""The approver of a run: what it asks, what it allows ahead, and what it never lets through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from workbench.actions import Action, Ask, Click, Fail, Finish, Note, PressKeys, TypeText, Wait
from workbench.approval import Decision, Mode, Origin, Policy
from workbench.events import ApprovalAsked
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict
from workbench.session.approving import MOST_ELEMENTS, Offered, PolicyApprover, elements_around
from workbench.session.roles import Grounding, Proposal, Taken
from workbench.trajectory import Element, Step, Target, Window

MAIL = Window("thunderbird", "Write: Hello", Rect(0, 0, 200, 100), handle=1)
NOTES = Window("mousepad", "notes", Rect(0, 0, 200, 100), handle=2)
YES = Decision("approve", "person")


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listing what stands around ends when its time is up, which on a busy machine may be at once."""
    monkeypatch.setattr("workbench.session.approving.time", SimpleNamespace(monotonic=lambda: 0.0))


def element(name: str, role: str = "push button", *, app: str = "mousepad", password: bool = False) -> Element:
    return Element(app, "notes", role, name, Rect(10, 10, 20, 10), password=password, value="private", ref=("a", name))


@dataclass
class Asked:
    """A person who gives the decisions of a list, and what they were asked."""

    decisions: list[Decision] = field(default_factory=list)
    questions: list[ApprovalAsked] = field(default_factory=list)

    def __call__(self, question: ApprovalAsked) -> Decision:
        self.questions.append(question)
        return self.decisions.pop(0) if self.decisions else YES


@dataclass
class Run:
    """An approver and the moments in which it is asked."""

    look: Callable[..., Sight]
    elements: Callable[..., object]
    person: Asked
    approver: PolicyApprover
    index: int = 0

    def decide(
        self,
        action: Action,
        *names: str,
        window: Window = NOTES,
        confidence: float | None = None,
        focused: Element | None = None,
    ) -> Decision:
        """Propose a step on the first of the named buttons of a window."""
        known = [element(name, app=window.app) for name in names]
        sight = self.look(window, self.elements(known))
        self.index += 1
        target = Target(Point(15, 15), window, known[0]) if known and isinstance(action, Click) else None
        point = Point(15, 15) if target else None
        verdict = Verdict(point, ("element",) if point else (), confidence=1.0 if point else 0.0)
        proposal = Proposal(self.index, Step(f"s{self.index}", action, target=target), confidence=confidence)
        found = focused or (known[0] if target else None)
        return self.approver.decide(proposal, Grounding(True, verdict, sight, element=found))


@pytest.fixture
def start(look: Callable[..., Sight], elements: Callable[..., object]) -> Callable[..., Run]:
    def started(
        *decisions: Decision, mode: Mode = "risky", origin: Origin = "model", policy: Policy | None = None
    ) -> Run:
        person = Asked(list(decisions))
        return Run(look, elements, person, PolicyApprover(mode, origin, person, policy or Policy()))

    return started


def failed(run: Run) -> None:
    step = Proposal(run.index, Step("f", Click()))
    run.approver.learn(Taken(step, "failed"))


def test_a_sure_small_step_happens_and_says_at_which_risk_it_was_decided(start: Callable[..., Run]) -> None:
    run = start()
    decision = run.decide(Click(), "Bold", confidence=0.9)
    assert (decision.word, decision.by, decision.risk, decision.confidence) == ("approve", "policy", "reversible", 0.9)
    assert run.person.questions == []


def test_an_unsure_plan_is_asked_about_though_its_place_is_sure(start: Callable[..., Run]) -> None:
    run = start()
    assert run.decide(Click(), "Bold", confidence=0.5).by == "person"
    question = run.person.questions[0]
    assert (question.confidence, question.sureness) == (0.5, "unsure")
    assert question.verdict is not None
    assert question.verdict.located_by == ("element",)


def test_a_reviewed_recording_is_not_asked_about_because_a_witness_is_weak(start: Callable[..., Run]) -> None:
    run = start(origin="reviewed")
    assert run.decide(Click(), "Bold", confidence=0.1).by == "policy"
    assert run.decide(PressKeys(("Return",)), "Submit").by == "policy"
    assert run.decide(TypeText(secret="mail"), focused=element("Search", "entry")).by == "person"
    assert run.decide(Click(), "Delete").by == "person"


def test_an_unreviewed_trajectory_says_so_when_it_asks(start: Callable[..., Run]) -> None:
    run = start(origin="unreviewed")
    run.decide(Click(), "Bold")
    assert run.person.questions[0].reason.startswith("nobody has reviewed this trajectory yet")


def test_enter_asks_because_of_the_buttons_that_stand_around(start: Callable[..., Run]) -> None:
    run = start()
    assert run.decide(PressKeys(("Return",)), "Cancel", "Submit").by == "person"
    assert run.person.questions[0].risk == "leaves-machine"
    assert "submit" in run.person.questions[0].reason


def test_a_person_is_offered_the_other_controls_without_what_they_hold(start: Callable[..., Run]) -> None:
    run = start(mode="ask")
    run.decide(Click(), "Bold", "Italic")
    offered = run.person.questions[0].elements
    assert [one.name for one in offered] == ["Bold", "Italic"]
    assert all(one.value is None for one in offered)


def around(look: Callable[..., Sight], known: object) -> Grounding:
    return Grounding(True, Verdict(), look(NOTES, known))


@pytest.mark.parametrize(("more", "cut"), [(0, False), (1, True)])
def test_of_very_many_controls_the_first_are_offered_and_it_is_said_that_there_are_more(
    look: Callable[..., Sight], elements: Callable[..., object], more: int, cut: bool
) -> None:
    names = [f"Button {number}" for number in range(MOST_ELEMENTS + more)]
    label = replace(element("Last word"), role="label")
    offered = elements_around(around(look, elements([*map(element, names), label])))
    assert ([one.name for one in offered.elements], offered.cut) == (names[:MOST_ELEMENTS], cut)


def test_controls_that_could_not_be_read_in_time_are_said_to_be_missing(
    look: Callable[..., Sight], elements: Callable[..., object]
) -> None:
    known = elements([element("Bold"), element("Italic")])
    assert elements_around(around(look, known)).cut is False
    assert elements_around(around(look, known), within_s=-1.0) == Offered((), cut=True)


def test_an_application_that_leaves_questions_unanswered_may_have_more_controls(
    look: Callable[..., Sight], elements: Any, start: Callable[..., Run]
) -> None:
    class Busy(elements):  # type: ignore[misc]  # the fixture's class is only known when the test runs
        def walk(self, app: str) -> Iterator[Element]:
            yield from super().walk(app)
            self.unanswered += 1

    run = start(mode="ask")
    run.elements = Busy
    run.decide(Click(), "Bold")
    assert run.person.questions[0].elements_cut is True
    run.elements = elements
    run.decide(Click(), "Bold")
    assert run.person.questions[1].elements_cut is False


@pytest.mark.parametrize("mode", ["ask", "auto", "risky", "never"])
def test_a_secret_outside_a_password_field_is_blocked_in_every_mode(start: Callable[..., Run], mode: Mode) -> None:
    run = start(mode=mode)
    decision = run.decide(TypeText(secret="mail"), focused=element("Search", "entry"))
    assert (decision.word, decision.by) == ("reject", "policy")
    assert run.person.questions == []


def test_a_secret_in_a_password_field_is_asked_about(start: Callable[..., Run]) -> None:
    run = start()
    field = element("Password", "password text", password=True)
    assert run.decide(TypeText(secret="mail"), focused=field).by == "person"


def test_a_person_cannot_move_a_secret_to_where_the_policy_blocks_it(start: Callable[..., Run]) -> None:
    search = element("Search", "entry")
    moved = Step("m", TypeText(secret="mail"), target=Target(Point(15, 15), element=search))
    run = start(Decision("modify", "person", step=moved))
    field = element("Password", "password text", password=True)
    decision = run.decide(TypeText(secret="mail"), focused=field)
    assert (decision.word, decision.by) == ("reject", "policy")


AHEAD = Decision("approve", "person", next_same=2)


def test_so_many_further_steps_of_the_same_kind_are_approved_ahead(start: Callable[..., Run]) -> None:
    run = start(AHEAD, mode="ask")
    decisions = [run.decide(Click(), "Bold") for _ in range(4)]
    assert [decision.by for decision in decisions] == ["person"] * 4
    assert len(run.person.questions) == 2
    assert "1 more" in decisions[1].reason


def test_another_kind_of_step_or_application_is_asked_about(
    start: Callable[..., Run],
) -> None:
    for other in (lambda run: run.decide(TypeText("a")), lambda run: run.decide(Click(), "Bold", window=MAIL)):
        run = start(AHEAD, mode="ask")
        run.decide(Click(), "Bold")
        other(run)
        run.decide(Click(), "Bold")
        assert len(run.person.questions) == 2


def test_what_was_allowed_ahead_ends_with_the_next_step_that_the_person_does_not_approve(
    start: Callable[..., Run],
) -> None:
    run = start(AHEAD, Decision("reject", "person"), mode="ask")
    for action in (Click(), TypeText("a"), Click()):
        run.decide(action, "Bold")
    assert len(run.person.questions) == 3


def test_what_was_allowed_ahead_ends_as_soon_as_the_risk_rises(start: Callable[..., Run]) -> None:
    run = start(AHEAD, mode="ask")
    for name in ("Bold", "Delete", "Bold"):
        run.decide(Click(), name)
    assert [question.risk for question in run.person.questions] == ["reversible", "irreversible", "reversible"]


def test_what_was_allowed_ahead_ends_as_soon_as_a_step_fails(start: Callable[..., Run]) -> None:
    run = start(AHEAD, mode="ask")
    run.decide(Click(), "Bold")
    failed(run)
    run.decide(Click(), "Bold")
    assert len(run.person.questions) == 2


def test_what_was_allowed_ahead_covers_no_step_that_is_less_sure(start: Callable[..., Run]) -> None:
    run = start(AHEAD)
    run.decide(Click(), "Send", confidence=0.9)
    run.decide(Click(), "Send", confidence=0.5)
    assert len(run.person.questions) == 2


def test_what_the_policy_blocks_is_blocked_though_the_kind_was_approved_ahead(start: Callable[..., Run]) -> None:
    run = start(AHEAD, mode="ask", policy=Policy(irreversible=("ask", "ask", "block")))
    run.decide(Click(), "Delete", confidence=0.9)
    assert run.decide(Click(), "Delete", confidence=0.1).word == "reject"


def test_agreeing_to_a_window_costs_what_its_title_asks(start: Callable[..., Run]) -> None:
    dialog = Window("mousepad", "Delete 3 files?", Rect(0, 0, 200, 100), handle=3)
    assert start().decide(Click(), "OK", window=dialog).risk == "irreversible"


@pytest.mark.parametrize("action", [Ask("Which?"), Note("seen"), Wait(0.1), Finish("42"), Fail("gone")])
@pytest.mark.parametrize("mode", ["ask", "risky", "never"])
def test_what_does_nothing_on_the_desktop_is_never_asked_about(
    start: Callable[..., Run], mode: Mode, action: Action
) -> None:
    run = start(mode=mode)
    decision = run.decide(action, confidence=0.1)
    assert (decision.word, decision.by, run.person.questions) == ("approve", "policy", [])


def test_a_kind_that_was_approved_ahead_stays_so_across_a_note(start: Callable[..., Run]) -> None:
    run = start(Decision("approve", "person", next_same=1), mode="ask")
    words = [run.decide(action, "Save").by for action in (Click(), Note("half done"), Click(), Click())]
    assert words == ["person", "policy", "person", "person"]
    assert len(run.person.questions) == 2
