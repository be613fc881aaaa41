"""Steps that are approved together: as expected, in their order, none of them risky, and nothing beyond."""

from dataclasses import dataclass, field

import pytest

from workbench.actions import Action, Click, PressKeys, Scroll, TypeText
from workbench.approval import Batch, Decision, Mode
from workbench.approving.foresight import Expected, without_words
from workbench.events import ApprovalAsked
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict
from workbench.session.approving import PolicyApprover
from workbench.session.roles import Grounding, Proposal, Taken, Verification
from workbench.trajectory import Element, Step, Target, Window

NOTES = Window("mousepad", "notes", Rect(0, 0, 200, 100), handle=2)
BATCH = Batch(3, 0.8, ("click “New”", "type a text", "click “Close tab”"), "as in “Notes” and 2 more", ("one", "two"))


@dataclass
class Known:
    """A history in which these steps come next, whatever came before."""

    keys: tuple[str, ...] = ("New", "text", "Close tab")
    heard: list[Step | None] = field(default_factory=list)

    def key(self, step: Step) -> str:
        if isinstance(step.action, Scroll):
            return ""
        return "text" if isinstance(step.action, TypeText) else step.id

    def expected(self, step: Step) -> Expected | None:
        return Expected(BATCH, self.keys) if step.id == "Begin" else None

    def went(self, step: Step | None) -> None:
        self.heard.append(step)


@dataclass
class Asked:
    decisions: list[Decision]
    questions: list[ApprovalAsked] = field(default_factory=list)

    def __call__(self, question: ApprovalAsked) -> Decision:
        self.questions.append(question)
        return self.decisions.pop(0) if self.decisions else Decision("approve", "person")


@dataclass
class Run:
    """Decisions about one step after the other, each of which is then done."""

    person: Asked
    known: Known = field(default_factory=Known)
    mode: Mode = "ask"

    def __post_init__(self) -> None:
        self.approver = PolicyApprover(self.mode, "model", self.person, foresight=self.known)

    def decide(self, name: str, action: Action | None = None, *, confidence: float | None = 0.9) -> Decision:
        element = Element("mousepad", "notes", "push button", name, Rect(10, 10, 20, 10))
        step = Step(name, action or Click(), target=Target(Point(20, 15), NOTES, element))
        sight = Sight(None, (NOTES,), NOTES, (), None, lambda _: pytest.fail("a load"))  # type: ignore[arg-type]  # no frame is looked at
        proposal = Proposal(1, step, confidence=confidence)
        grounding = Grounding(
            True, Verdict(Point(20, 15), confidence=1.0, located_by=("element",)), sight, element=element
        )
        decision = self.approver.decide(proposal, grounding)
        self.approver.learn(Taken(proposal, "done", decision, grounding))
        return decision

    @property
    def asked(self) -> int:
        return len(self.person.questions)


def run(*, ahead: int = 3, **fields: object) -> Run:
    begun = Run(Asked([Decision("approve", "person", ahead=ahead)]), **fields)  # type: ignore[arg-type]  # fields of a test
    begun.decide("Begin")
    return begun


def test_what_was_approved_together_happens_without_another_question_and_what_follows_is_asked() -> None:
    begun = run()
    assert begun.person.questions[0].batch == BATCH
    decisions = [begun.decide("New"), begun.decide("a field", TypeText("hello")), begun.decide("Close tab")]
    assert [(one.word, one.by) for one in decisions] == [("approve", "person")] * 3
    assert decisions[0].reason == "approved ahead, as expected; 2 more are left"
    assert begun.asked == 1
    begun.decide("New")
    assert begun.asked == 2


def test_only_as_many_as_the_person_took_are_approved() -> None:
    begun = run(ahead=1)
    begun.decide("New")
    assert begun.asked == 1
    begun.decide("a field", TypeText("hello"))
    assert begun.asked == 2


@pytest.mark.parametrize(
    ("name", "action", "confidence"),
    [
        ("Open", None, 0.9),
        ("Close tab", None, 0.9),
        ("New", None, 0.5),
        ("other keys", PressKeys(("ctrl", "n")), 0.9),
    ],
)
def test_any_other_step_and_a_less_sure_one_is_asked_about_and_ends_it(
    name: str, action: Action | None, confidence: float
) -> None:
    begun = run()
    begun.decide(name, action, confidence=confidence)
    assert begun.asked == 2
    begun.decide("New")
    assert begun.asked == 3


def test_an_expected_step_that_has_become_risky_is_asked_about() -> None:
    begun = run(known=Known(("Delete all", "text", "Close tab")))
    begun.decide("Delete all")
    assert begun.asked == 2
    assert begun.person.questions[-1].risk == "irreversible"
    begun.decide("a field", TypeText("hello"))
    assert begun.asked == 3


def test_looking_around_in_between_is_asked_about_and_ends_nothing() -> None:
    begun = run()
    begun.decide("list", Scroll(dy=3))
    assert begun.asked == 2
    begun.decide("New")
    assert begun.asked == 2


def test_in_a_mode_that_asks_only_about_risks_the_policys_steps_count_as_well() -> None:
    begun = Run(Asked([Decision("approve", "person", ahead=3)]), mode="risky")
    begun.decide("Begin", confidence=0.5)
    assert begun.decide("New").by == "policy"
    assert begun.decide("a field", TypeText("hello"), confidence=0.5).reason.startswith("approved ahead, as expected")
    assert begun.asked == 1


@pytest.mark.parametrize("status", ["failed", "skipped"])
def test_a_step_that_was_not_done_ends_it_and_is_no_history(status: str) -> None:
    begun = run()
    begun.approver.learn(Taken(Proposal(2, Step("New", Click())), status))  # type: ignore[arg-type]  # a status
    begun.decide("New")
    assert begun.asked == 2
    assert [step.id for step in begun.known.heard if step] == ["Begin", "New"]


def test_what_a_person_did_by_hand_is_told_as_something_unknown() -> None:
    begun = run()
    by_hand = Taken(Proposal(2, Step("New", Click())), "repaired", verification=Verification(True, by="person"))
    begun.approver.learn(by_hand)
    assert begun.known.heard[-1] is None


def test_a_log_keeps_neither_the_words_nor_the_titles_of_other_recordings() -> None:
    kept = without_words(BATCH)
    assert kept == Batch(3, 0.8, lent=("one", "two"))
    assert without_words(None) is None


def test_a_batch_that_was_not_offered_approves_nothing_ahead() -> None:
    begun = Run(Asked([Decision("approve", "person", ahead=3)]))
    begun.decide("Somewhere")
    begun.decide("New")
    assert begun.asked == 2
