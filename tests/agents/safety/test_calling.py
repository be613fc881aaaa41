"""Who approves the call of a workflow approves its steps, but for those that are risky or not sure."""

from collections.abc import Callable

import numpy as np
import pytest

from agents.safety.calling import PART, CallApprover
from workbench.actions import Call, Click, TypeText
from workbench.approval import Decision, Mode
from workbench.desktop.ports import Frame
from workbench.events import ApprovalAsked
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict
from workbench.session.approving import PolicyApprover
from workbench.session.roles import Grounding, Proposal
from workbench.trajectory import Element, Step

SIGHT = Sight(Frame(np.zeros((2, 2, 3), np.uint8), Point(0, 0), 7), (), None, (), None, lambda _: pytest.fail("a load"))


def _proposed(step: Step) -> Proposal:
    return Proposal(1, step)


def _grounding(name: str = "New") -> Grounding:
    element = Element("shop", "Customers", "push button", name, Rect(0, 0, 10, 10))
    return Grounding(True, Verdict(point=Point(1, 1), confidence=0.99), SIGHT, element=element)


@pytest.fixture
def asked() -> list[ApprovalAsked]:
    """What a person was asked."""
    return []


@pytest.fixture
def approver(asked: list[ApprovalAsked]) -> Callable[..., CallApprover]:
    """A person's approver who always answers so."""

    def make(word: str = "approve", mode: Mode = "ask") -> CallApprover:
        def ask(question: ApprovalAsked) -> Decision:
            asked.append(question)
            return Decision(word, "person")  # type: ignore[arg-type]  # words of a test

        return CallApprover(PolicyApprover(mode, "model", ask))

    return make


CALL = Step("s1", Call("Add customer …"), description="carry out the workflow")


def test_a_person_is_asked_once_about_a_call_and_not_about_its_harmless_steps(approver, asked) -> None:
    made = approver()
    made.decide(_proposed(CALL), _grounding())
    decisions = [
        made.decide(_proposed(step), _grounding()) for step in (Step("s1-1", Click()), Step("s1-2", TypeText("x")))
    ]
    assert len(asked) == 1
    assert [(one.word, one.by, one.reason) for one in decisions] == [("approve", "policy", PART)] * 2


def test_a_person_is_asked_about_the_risky_steps_of_a_call_that_they_approved(approver, asked) -> None:
    made = approver()
    made.decide(_proposed(CALL), _grounding())
    made.decide(_proposed(Step("s1-1", Click())), _grounding("Delete everything"))
    assert [question.risk for question in asked] == ["reversible", "irreversible"]


def test_a_person_is_asked_about_steps_that_belong_to_no_call_or_to_one_that_was_rejected(approver, asked) -> None:
    made = approver("reject")
    made.decide(_proposed(CALL), _grounding())
    made.decide(_proposed(Step("s1-1", Click())), _grounding())
    made.decide(_proposed(Step("s2", Click())), _grounding())
    assert len(asked) == 3


def test_the_next_step_behind_a_call_is_asked_about_again(approver, asked) -> None:
    made = approver()
    made.decide(_proposed(CALL), _grounding())
    made.decide(_proposed(Step("s2", Click())), _grounding())
    made.decide(_proposed(Step("s1-2", Click())), _grounding())
    assert len(asked) == 3


def test_where_nobody_is_to_be_asked_the_policy_decides_about_every_step_of_a_call(approver, asked) -> None:
    made = approver(mode="never")
    words = [
        made.decide(_proposed(step), _grounding(name)).word
        for step, name in ((CALL, "New"), (Step("s1-1", Click()), "New"), (Step("s1-2", Click()), "Delete everything"))
    ]
    assert (words, asked) == (["approve", "approve", "reject"], [])
