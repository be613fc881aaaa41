"""A plan in words becomes an idea of what to do on this screen, or goes back to the model with what is wrong."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from agents.memory.changes import Abandon, CloseSubgoal, Note, OpenSubgoal, Pin, Remember, Retrieve
from agents.memory.editing import apply, replayed
from agents.planning.planning_thinker import ATTEMPTS, PlanningThinker
from agents.planning.scripted import ScriptedModel, said
from agents.planning.wording import idea_words
from agents.runtime.ports import ModelError
from agents.runtime.prompt import Picture, pictures_of
from workbench.actions import (
    Activate,
    Ask,
    Click,
    Fail,
    Finish,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
)
from workbench.actions import Note as NoteAction


@pytest.mark.parametrize(
    ("step", "action", "target", "ref"),
    [
        ({"action": "click", "target": 'button "Save" [e3]'}, Click(), 'button "Save"', "e3"),
        ({"action": "click", "target": "e3"}, Click(), 'button "Save"', "e3"),
        ({"action": "click", "target": "[e3]", "button": "right"}, Click("right"), 'button "Save"', "e3"),
        ({"action": "click", "target": "the second Save", "count": 2}, Click(count=2), "the second Save", ""),
        ({"action": "type", "target": 'field "Name" [e1]', "text": "Eve"}, TypeText("Eve"), 'field "Name"', "e1"),
        ({"action": "type", "text": "Eve"}, TypeText("Eve"), "", ""),
        ({"action": "press", "keys": "Ctrl+S"}, PressKeys(("ctrl", "s")), "", ""),
        ({"action": "scroll", "target": "e1", "amount": 3}, Scroll(dy=3), 'field "Name"', "e1"),
        ({"action": "scroll", "target": "e1", "direction": "left"}, Scroll(dx=-5), 'field "Name"', "e1"),
        ({"action": "switch", "window": "mail"}, Activate("thunderbird", "Mail - Thunderbird"), "", ""),
        ({"action": "switch", "window": 'window "Report - Writer"'}, Activate("writer", "Report - Writer"), "", ""),
        ({"action": "switch", "window": "[e6]"}, Activate("writer", "Report 2 - Writer"), "", ""),
        ({"action": "wait", "seconds": 30}, Wait(30.0), "", ""),
        ({"action": "ask", "question": "which?"}, Ask("which?"), "", ""),
        ({"action": "note", "text": "7 left"}, NoteAction("7 left"), "", ""),
        ({"action": "finish", "answer": "4"}, Finish("4"), "", ""),
        ({"action": "fail", "reason": "no"}, Fail("no"), "", ""),
    ],
)
def test_every_step_of_a_plan_becomes_the_action_of_that_name(moment, thinker, step, action, target, ref):
    idea = thinker({"thought": "so", "step": step, "expect": "a dialog"}).think(moment)
    assert (idea.action, idea.target, idea.ref) == (action, target, ref)
    assert (idea.thought, idea.expect) == ("so", "a dialog")


def test_a_secret_is_typed_by_its_name_alone(moment, thinker, plan):
    idea = thinker(plan("type", text="{{secret:bank}}", target="e2", replace=True)).think(moment)
    assert idea.action == TypeText(secret="bank")
    assert idea.replaces
    assert idea_words(idea) == 'type the secret "bank" into password field "Password"'


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"action": "click", "target": "button [e77]"}, "no [e77] on the list"),
        ({"action": "click", "target": "  "}, "needs a target"),
        ({"action": "click", "target": ""}, "length >= 1"),
        ({"action": "press", "keys": "ctrl+banana"}, "no key is called 'banana'"),
        ({"action": "press", "keys": "a+b"}, "one key at a time"),
        ({"action": "type", "text": ""}, "no text to type"),
        ({"action": "type", "text": "it is {{secret:bank}}"}, "a secret is typed alone"),
        ({"action": "type", "text": "{{secret:admin}}"}, "those that may: bank"),
        ({"action": "switch", "window": "Calculator"}, "no window on the list"),
        ({"action": "switch", "window": "report"}, "more than one window"),
        ({"action": "wait", "seconds": 31}, "<= 30"),
        ({"action": "sudo", "command": "x"}, "Invalid value 'sudo'"),
        ({"action": "recall", "subgoals": [5]}, "no node 5"),
    ],
)
def test_a_plan_that_cannot_be_followed_goes_back_with_what_is_wrong(moment, thinker, plan, wrong, told):
    thinks = thinker({"thought": "so", "step": wrong}, plan("click", target="e3"))
    assert thinks.think(moment).ref == "e3"
    first, again = thinks.model.prompts
    assert again[: len(first)] == first
    assert told in str(again[-1].parts[0])


def test_a_model_that_never_gives_a_usable_plan_ends_in_an_error_without_its_words(moment, thinker, plan):
    answers = [plan("click", target="swordfish [e77]")] * ATTEMPTS
    with pytest.raises(ModelError, match="no plan that can be followed in 3 attempts") as caught:
        thinker(*answers).think(moment)
    assert "swordfish" not in str(caught.value)


@pytest.mark.parametrize(
    ("beside", "changes"),
    [
        ({"subgoal": {"begin": "fill in"}}, [OpenSubgoal(words="fill in")]),
        ({"subgoal": {"begin": ""}}, []),
        ({"subgoal": None, "pin": "it is 7"}, [Pin(words="it is 7")]),
    ],
)
def test_subgoals_and_facts_become_changes_of_the_memory(moment, thinker, plan, beside, changes):
    idea = thinker(plan("press", keys="enter", beside=beside)).think(moment)
    assert list(idea.changes) == changes


def test_a_met_subgoal_is_closed_before_the_next_one_begins(moment, thinker, plan):
    memory = replayed("add customer Eve", [OpenSubgoal(words="open"), Remember(words="click x", verified=True)])
    idea = thinker(plan("press", keys="enter", beside={"subgoal": {"met": "it is open", "begin": "fill"}})).think(
        replace(moment, memory=memory)
    )
    assert idea.changes == (CloseSubgoal(summary="it is open"), OpenSubgoal(words="fill"))


def test_a_note_is_kept_in_the_memory_and_recalling_asks_again(moment, thinker, plan):
    noted, recalled = (
        thinker(plan("note", text="7 left")).think(moment),
        thinker(plan("recall", subgoals=[1])).think(
            replace(
                moment,
                memory=replayed(
                    "task", [OpenSubgoal(words="open"), Remember(words="click x"), CloseSubgoal(summary="done")]
                ),
            )
        ),
    )
    assert noted.changes == (Note(words="7 left"),)
    assert (recalled.action, recalled.changes) == (None, (Retrieve(subgoals=(1,)),))


def test_a_subgoal_that_is_met_before_anything_was_done_for_it_is_refused(moment, thinker, plan):
    memory = apply(moment.memory, OpenSubgoal(words="open"))
    early = plan("press", keys="enter", beside={"subgoal": {"met": "all good"}})
    thinks = thinker(early, plan("press", keys="tab"))
    assert thinks.think(replace(moment, memory=memory)).changes == ()
    assert "nothing was done for subgoal 1" in str(thinks.model.prompts[1][-1].parts[0])


def test_a_subgoal_that_is_both_met_and_abandoned_is_refused(moment, thinker, plan):
    both = plan("press", keys="enter", beside={"subgoal": {"met": "yes", "abandon": "no"}})
    thinks = thinker(both, plan("press", keys="tab"))
    assert thinks.think(moment).action == PressKeys(("Tab",))
    assert "not both" in str(thinks.model.prompts[1][-1].parts[0])


def test_a_banned_step_is_asked_for_once_more(moment, thinker, plan):
    banned = replace(moment, banned=('click button "Save"',))
    thinks = thinker(plan("click", target='button "Save" [e3]'), plan("press", keys="ctrl+s"))
    assert thinks.think(banned).action == PressKeys(("ctrl", "s"))
    assert "no effect" in str(thinks.model.prompts[1][-1].parts[0])


def test_a_model_that_insists_on_a_banned_step_fails_the_task(moment, thinker, plan):
    banned = replace(moment, banned=('CLICK  button "Save"',))
    idea = thinker(*[plan("click", target='button "Save" [e3]')] * 2).think(banned)
    assert isinstance(idea.action, Fail)
    assert 'click button "Save"' in idea.action.reason


def test_a_model_that_insists_on_a_banned_step_within_a_subgoal_abandons_the_subgoal(moment, thinker, plan):
    memory = apply(moment.memory, OpenSubgoal(words="save it"))
    banned = replace(moment, memory=memory, banned=('click button "Save"',))
    idea = thinker(*[plan("click", target='button "Save" [e3]')] * 2).think(banned)
    assert idea.action is None
    (change,) = idea.changes
    assert isinstance(change, Abandon)
    assert apply(memory, change).root.children[0].state == "abandoned"


def test_a_banned_step_followed_by_unusable_plans_does_not_end_in_an_error(moment, thinker, plan):
    banned = replace(moment, banned=('click button "Save"',))
    answers = [plan("click", target="e3"), plan("click", target="e77"), plan("click", target="e78")]
    assert isinstance(thinker(*answers).think(banned).action, Fail)


def test_the_answer_is_heard_as_it_comes_and_every_question_is_accounted_for(moment, plan):
    heard: list[str] = []
    answers = [said(plan("click", target="e77")), said(plan("click", target="e3"))]
    idea = PlanningThinker(ScriptedModel(answers), heard=heard.append).think(moment)
    assert "".join(heard) == "".join(answers)
    assert len(heard) > 2
    assert len(idea.timings) == 2
    assert all(each.prompt_tokens > 100 and each.answer_tokens > 5 for each in idea.timings)


def test_the_answer_is_held_to_the_form_of_a_plan_in_both_languages(moment, thinker, plan):
    thinks = thinker(plan("finish"))
    thinks.think(moment)
    (asking,) = thinks.model.askings
    assert "finish" in asking.grammar
    assert "finish" in str(msgspec.json.decode(asking.schema))


def test_a_picture_is_shown_where_the_thinker_has_eyes(moment, plan):
    picture = Picture(np.zeros((4, 4, 3), np.uint8))
    model = ScriptedModel([said(plan("finish"))])
    PlanningThinker(model, look=lambda: picture).think(moment)
    assert pictures_of(model.prompts[0]) == [picture]
