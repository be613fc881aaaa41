"""A judge can only make people more careful, is asked shortly and apart from the history, and may fail."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.memory.changes import Remember
from agents.memory.editing import apply
from agents.planning.ports import Idea
from agents.planning.scripted import ScriptedModel, said
from agents.prompts.judging import Question
from agents.runtime.ports import ModelError
from agents.safety.judging import REMEMBERED, UNJUDGED, Judge, nearest, question_about, second_look
from agents.screen.listing import ElementList, Line
from agents.screen.reading import Read
from workbench.actions import Click, PressKeys, TypeText
from workbench.approval import RISKS, Assessment, Case, Policy, decide
from workbench.errors import BadInputError, StoppedError, UnavailableError

SEND = Idea(Click(), target='button "Send"', ref="e7")
FIRST = ["Inbox", "Drafts", "Sent", "To", "Subject"]
RULES = Assessment("reversible", "it can be undone")
QUESTION = Question("write a draft", "thunderbird", "Write", (Line("e7", "button", "Send"),))


def _verdict(feasible: float, risk: str, why: str = "it goes out") -> str:
    return said({"feasible": feasible, "risk": risk, "why": why})


def _raising(error: Exception) -> ScriptedModel:
    def says(_prompt: object) -> str:
        raise error

    return ScriptedModel(says)


@given(st.sampled_from(RISKS), st.sampled_from(RISKS), st.floats(0, 1), st.none() | st.floats(0, 1))
def test_risk_only_rises_and_confidence_only_falls(by_rules, by_judge, feasible, confidence):
    judge = Judge(ScriptedModel([_verdict(feasible, by_judge)]))
    found = judge.judge(QUESTION, "click Send", Assessment(by_rules, "so"), confidence=confidence)
    assert found.assessment.risk == max(by_rules, by_judge, key=RISKS.index)
    assert found.confidence <= (1.0 if confidence is None else confidence)
    assert found.confidence <= feasible
    assert found.failed == ""


def test_a_raised_risk_says_that_the_judge_says_so_and_an_equal_one_keeps_the_reason_of_the_rules():
    judge = Judge(ScriptedModel([_verdict(1, "irreversible"), _verdict(1, "harmless")]))
    assert judge.judge(QUESTION, "x", RULES).assessment.reason == "the judge says: it goes out"
    assert judge.judge(QUESTION, "y", RULES).assessment == RULES


def test_the_steps_that_one_idea_becomes_are_judged_by_one_question(moment):
    idea = Idea(TypeText("Bob"), target='button "Send"', ref="e7", replaces=True)
    model = ScriptedModel([_verdict(0.9, "irreversible")])
    look = second_look(model, lambda: (moment, idea))
    for rules, confidence in ((RULES, 0.95), (Assessment("harmless"), 0.8), (RULES, None)):
        assessment, sure = look(rules, confidence)
        assert (assessment.risk, sure) == ("irreversible", min(0.9, 1.0 if confidence is None else confidence))
    assert len(model.prompts) == 1


def test_another_step_or_another_screen_is_a_question_of_its_own(moment):
    model = ScriptedModel(lambda _: _verdict(1, "harmless"))
    thoughts = [(moment, SEND), (moment, replace(SEND, target='button "Save"', ref="e8"))]
    shown = msgspec.structs.replace(moment.read.shown, window="Write: to all")
    thoughts.append((replace(moment, read=replace(moment.read, shown=shown)), SEND))
    told = iter([*thoughts, *thoughts])
    look = second_look(model, lambda: next(told))
    for _ in range(2 * len(thoughts)):
        look(RULES, None)
    assert len(model.prompts) == len(thoughts)


def test_a_judge_that_failed_is_asked_again():
    judge = Judge(ScriptedModel(["no idea", "no idea", _verdict(1, "irreversible")]))
    assert judge.judge(QUESTION, "x", RULES).failed
    assert judge.judge(QUESTION, "x", RULES).assessment.risk == "irreversible"


def test_a_long_run_forgets_what_was_judged_first():
    model = ScriptedModel(lambda _: _verdict(1, "harmless"))
    judge = Judge(model)
    for number in (*range(REMEMBERED + 1), REMEMBERED, 0):
        judge.judge(QUESTION, f"click {number}", RULES)
    assert len(model.prompts) == REMEMBERED + 2


def test_without_a_model_nobody_takes_a_second_look(moment):
    assert second_look(None, lambda: (moment, SEND)) is None


def test_a_misplaced_secret_stays_misplaced_whatever_the_judge_says():
    rules = Assessment("leaves-machine", "no password field", misplaced=True)
    found = Judge(ScriptedModel([_verdict(1, "irreversible")])).judge(QUESTION, "x", rules)
    assert found.assessment.misplaced
    assert found.assessment.risk == "irreversible"


@pytest.mark.parametrize(
    "model",
    [
        ScriptedModel(["no idea"] * 2),
        ScriptedModel([_verdict(2, "harmless")] * 2),
        ScriptedModel([_verdict(1, "none at all")] * 2),
        _raising(ModelError("its process died")),
        _raising(UnavailableError("there is no memory for it")),
        _raising(BadInputError("the question does not fit")),
    ],
)
def test_a_judge_that_fails_leaves_the_risk_and_makes_the_policy_ask(model):
    found = Judge(model).judge(QUESTION, "x", RULES, confidence=0.99)
    assert found.assessment.risk == RULES.risk
    assert "nobody judged it" in found.assessment.reason
    assert found.confidence == UNJUDGED
    assert found.failed
    assert decide("risky", Case(found.assessment, found.confidence), Policy()) is None


def test_a_question_that_is_stopped_is_no_failure_of_the_judge():
    with pytest.raises(StoppedError):
        Judge(_raising(StoppedError("stopped"))).judge(QUESTION, "x", RULES)


def test_the_judge_is_told_nothing_of_the_history(moment):
    for words in ("click swordfish", "type swordfish"):
        moment = replace(moment, memory=apply(moment.memory, Remember(words=words)), trouble="swordfish")
    model = ScriptedModel([_verdict(1, "harmless")])
    Judge(model).judge(question_about(moment, SEND), 'click button "Send"', RULES)
    text = "".join(str(part) for message in model.prompts[0] for part in message.parts)
    assert "swordfish" not in text
    assert "write a draft to Bob" in text
    assert model.count(model.prompts[0]) < 300


def test_the_lines_around_the_target_are_told_and_no_others(mail):
    assert [line.name for line in nearest(mail, SEND)] == ["Subject", "Body", "Send", "Save", "Discard"]
    by_words = replace(SEND, ref="")
    assert nearest(mail, by_words) == nearest(mail, SEND)
    assert [line.name for line in nearest(mail, Idea(PressKeys(("Return",))))] == FIRST


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(target=st.text(max_size=20), ref=st.sampled_from(["", "e1", "e10", "e77"]), most=st.integers(0, 12))
def test_the_lines_that_are_told_stand_in_the_order_of_the_list(mail, target, ref, most):
    found = nearest(mail, Idea(Click(), target=target, ref=ref), most)
    assert len(found) == min(most, 10)
    numbers = [int(line.ref[1:]) for line in found]
    assert numbers == sorted(numbers)


def test_lines_without_a_known_place_count_by_their_order():
    lines = tuple(Line(f"e{number}", "button", f"b{number}") for number in range(1, 9))
    read = Read(ElementList("x", "x", lines), {})
    assert [line.ref for line in nearest(read, Idea(Click(), ref="e6"), 3)] == ["e5", "e6", "e7"]


def test_a_question_that_is_too_long_loses_lines_first_and_is_not_asked_at_all_when_it_still_is():
    long = replace(QUESTION, lines=tuple(Line(f"e{n}", "button", f"{n}" * 50) for n in range(1, 6)))
    whole, short = ScriptedModel([_verdict(1, "harmless")]), ScriptedModel([_verdict(1, "harmless")])
    assert not Judge(whole, 800).judge(long, "x", RULES).failed
    assert not Judge(short, 370).judge(long, "x", RULES).failed
    assert short.count(short.prompts[0]) < whole.count(whole.prompts[0])
    never = ScriptedModel([])
    assert "allow more" in Judge(never, 200).judge(long, "x", RULES).failed
    assert never.prompts == []
