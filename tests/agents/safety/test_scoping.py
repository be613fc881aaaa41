"""A secret goes only into a password field of an application that the person named, and only if it was offered."""

import pytest

from agents.safety.scoping import SecretApprover, is_named, secret_refusal
from workbench.actions import Click, TypeText
from workbench.approval import Decision
from workbench.geometry import Point, Rect
from workbench.locate.verdict import Verdict
from workbench.session.roles import Grounding, Proposal
from workbench.trajectory import Element, Step, Target

TASK = ("Log in to Thunderbird with the secret mail",)
OFFERED = ("mail",)
STEP = Step("s1", TypeText(secret="mail"))


def _field(app: str = "thunderbird", *, password: bool = True) -> Element:
    return Element(app, "Login", "password text", "Password", Rect(0, 0, 9, 9), password=password)


def _grounding(field: Element | None) -> Grounding:
    return Grounding(True, Verdict(), sight=None, element=field)


class Says:
    """An approver that always says the same, and counts."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.asked = decision, 0

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
        self.asked += 1
        return self.decision


YES = Decision("approve", "person")


def test_a_secret_may_go_into_a_password_field_of_the_application_that_was_named():
    assert secret_refusal("mail", _field(), TASK, OFFERED) == ""


@pytest.mark.parametrize(
    ("secret", "field", "why"),
    [
        ("admin", _field(), "was not offered"),
        ("mail", _field(password=False), "password field"),
        ("mail", None, "password field"),
        ("mail", _field("chromium"), "which the task does not name"),
    ],
)
def test_a_secret_is_refused_anywhere_else(secret, field, why):
    assert why in secret_refusal(secret, field, TASK, OFFERED)


@pytest.mark.parametrize(
    ("app", "said", "named"),
    [
        ("thunderbird", "open Thunderbird", True),
        ("Google Chrome", "log in with chrome", True),
        ("Google Chrome", "search google for it", False),
        ("Chromium Web Browser", "use the web browser", False),
        ("mail", "use the secret mail", True),
        ("Claws Mail", "use the secret mail", False),
        ("xfce4-terminal", "in the terminal", False),
        ("xfce4-terminal", "in xfce4-terminal", True),
        ("python3", "run python3", False),
        ("", "anything", False),
        ("bird", "open Thunderbird", False),
    ],
)
def test_an_application_is_named_by_its_name_or_by_a_word_that_no_other_goes_by(app, said, named):
    assert is_named(app, (said,)) is named


def test_a_misplaced_secret_is_rejected_before_anybody_is_asked():
    person = Says(YES)
    approver = SecretApprover(person, TASK, OFFERED)
    decision = approver.decide(Proposal(1, STEP), _grounding(_field("chromium")))
    assert (decision.word, decision.by) == ("reject", "policy")
    assert person.asked == 0


def test_a_secret_in_its_place_and_every_other_step_are_decided_by_the_next_approver():
    person = Says(YES)
    approver = SecretApprover(person, TASK, OFFERED)
    assert approver.decide(Proposal(1, STEP), _grounding(_field())) is YES
    assert approver.decide(Proposal(1, Step("s2", Click())), _grounding(None)) is YES
    assert person.asked == 2


def test_a_persons_own_step_may_not_misplace_a_secret_either():
    elsewhere = Step("s3", TypeText(secret="mail"), target=Target(Point(1, 1), element=_field("chromium")))
    approver = SecretApprover(Says(Decision("modify", "person", step=elsewhere)), TASK, OFFERED)
    decision = approver.decide(Proposal(1, Step("s1", Click())), _grounding(_field()))
    assert (decision.word, decision.by) == ("reject", "policy")
