"""A model that only chooses carries out a task: clause by clause, with what a person said, and never by guessing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from agents.memory.changes import Abandon, CloseSubgoal, MemoryChange, Note, OpenSubgoal, Pin, Remember
from agents.memory.editing import apply, replayed
from agents.memory.tree import TASK, Subgoal, current, remembering
from agents.planning.choosing_thinker import PATIENCE_S, ChoosingThinker
from agents.planning.ports import Idea, Moment
from agents.planning.scripted import ScriptedModel, said
from agents.prompts.choosing import BUILT_IN, Example, ShownStep
from agents.runtime.ports import ModelError
from agents.screen.listing import ElementList, Line, numbered
from agents.screen.reading import Read
from workbench.actions import Ask, Click, Fail, Finish, PressKeys, TypeText, Wait

NONE, FINISH = {"action": "none"}, {"action": "finish"}
EXAMPLE = Example(
    "add customer Bob", (ShownStep(0, 'type "Bob" into field "Name"'), ShownStep(1, 'click button "Save"'))
)


def click(ref: str, how: str = "click") -> dict[str, str]:
    return {"action": how, "element": ref}


def typed(text: str, ref: str = "e1") -> dict[str, str]:
    return {"action": "type", "element": ref, "text": text}


Thinks = Callable[..., tuple[Idea, str]]


@pytest.fixture
def thinks(moment: Moment) -> Thinks:
    """Lets a thinker have one idea; tells it and the prompt that the model was shown."""

    def think(task: str, *answers: object, changes: Sequence[MemoryChange] = (), **fields: Any) -> tuple[Idea, str]:
        model = ScriptedModel([said(answer) for answer in answers])
        idea = ChoosingThinker(model).think(replace(moment, memory=replayed(task, changes), **fields))
        return idea, str(model.prompts[-1][-1].parts[0]) if model.prompts else ""

    return think


def test_what_an_exemplar_says_clearly_is_done_again_and_nobody_is_asked(thinks: Thinks) -> None:
    clear = replace(EXAMPLE, today='click button "Save"')
    idea, prompt = thinks("add customer Eve", examples=(clear,))
    assert (idea.action, idea.target, idea.ref, prompt) == (Click(), 'button "Save"', "e3", "")
    banned, prompt = thinks("add customer Eve", FINISH, examples=(clear,), banned=('click button "Save"',))
    assert (banned.action, "task: add customer Eve" in prompt) == (Finish(), True)


@pytest.mark.parametrize(
    ("answer", "action"),
    [
        (click("e3"), Click()),
        (click("e3", "double-click"), Click(count=2)),
        (click("e3", "right-click"), Click(button="right")),
    ],
)
def test_a_choice_becomes_a_click_on_the_line_that_was_chosen(thinks: Thinks, answer: object, action: Click) -> None:
    idea, prompt = thinks("save it", answer)
    assert (idea.action, idea.target, idea.ref) == (action, 'button "Save"', "e3")
    assert "task: save it" in prompt
    assert idea.timings


def test_what_was_said_is_typed_in_the_letters_in_which_it_was_said(thinks: Thinks) -> None:
    idea, _ = thinks("add customer Zoë van der Berg", typed("zoë van der berg"))
    assert (idea.action, idea.target, idea.ref) == (TypeText("Zoë van der Berg"), 'field "Name"', "e1")


def test_a_field_that_holds_something_is_typed_over_and_an_empty_one_is_not(thinks: Thinks) -> None:
    assert thinks("add customer Eve", typed("Eve", "e1"))[0].replaces is True
    assert thinks("add customer Eve", typed("Eve", "e2"))[0].replaces is False


def test_text_that_nobody_said_is_asked_for_and_never_typed(thinks: Thinks) -> None:
    idea, _ = thinks("add a customer", typed("Mallory"))
    assert idea.action == Ask('What should go into field "Name"?')


def test_an_answer_is_typed_once_it_was_given(thinks: Thinks) -> None:
    asked = Remember(words="ask \"What should go into field 'Name'?\"")
    changes = (asked, Pin(words="Eve Miller", by="person"))
    idea, prompt = thinks("add a customer", typed("eve miller"), changes=changes)
    assert idea.action == TypeText("Eve Miller")
    assert "task: add a customer ; What should go into field 'Name'? Eve Miller" in prompt
    assert "done:" not in prompt


def test_a_missing_value_is_asked_for(thinks: Thinks) -> None:
    assert thinks("add a customer", click("e1", "ask"))[0].action == Ask('What should go into field "Name"?')


def test_what_a_person_remarked_is_told_as_a_part_of_the_task(thinks: Thinks) -> None:
    changes = (Note(words="use the form below", by="person"), Note(words="my own", by="planner"))
    _, prompt = thinks("add a customer", click("e3"), changes=changes)
    assert prompt.endswith("task: add a customer ; use the form below")
    assert "my own" not in prompt


def test_facts_that_the_planner_pinned_are_no_answers(thinks: Thinks) -> None:
    _, prompt = thinks("add a customer", click("e3"), changes=(Pin(words="from the screen"),))
    assert "from the screen" not in prompt


def test_a_secret_is_typed_by_its_name(thinks: Thinks) -> None:
    task = "log in with {{secret:bank}}"
    idea, _ = thinks(task, typed("{{secret:bank}}", "e2"))
    assert idea.action == TypeText(secret="bank")


@pytest.mark.parametrize("answer", [typed("{{secret:bank}}", "e2"), click("e2", "ask")])
def test_nobody_is_asked_for_a_password_which_would_then_stand_in_the_log(thinks: Thinks, answer: object) -> None:
    idea, _ = thinks("log in", answer)
    assert isinstance(idea.action, Fail)
    assert "workbench-cli secrets set" in idea.action.reason


def test_keys_are_pressed(thinks: Thinks) -> None:
    idea, _ = thinks("save with ctrl s", {"action": "press", "keys": "Ctrl+S"})
    assert idea.action == PressKeys(("ctrl", "s"))


def test_keys_that_nobody_knows_are_waited_for_once_and_then_failed_with_what_is_wrong(thinks: Thinks) -> None:
    answer = {"action": "press", "keys": "hyper+z"}
    assert thinks("press it", answer)[0].action == Wait(PATIENCE_S)
    action = thinks("press it", answer, changes=(Remember(words="wait 1 s"),))[0].action
    assert isinstance(action, Fail)
    assert "hyper" in action.reason


def test_where_nothing_fits_it_looks_once_more_and_then_fails_with_what_was_meant(thinks: Thinks) -> None:
    assert thinks("fly", NONE)[0].action == Wait(PATIENCE_S)
    action = thinks("fly", NONE, changes=(Remember(words="wait 1 s"),))[0].action
    assert isinstance(action, Fail)
    assert "nothing on the screen is what “fly” means" in action.reason
    assert "larger model" in action.reason


def test_a_step_in_between_makes_it_patient_again(thinks: Thinks) -> None:
    changes = (Remember(words="wait 1 s"), Remember(words='click button "Save"', verified=True))
    assert thinks("fly", NONE, changes=changes)[0].action == Wait(PATIENCE_S)


def test_a_line_that_is_not_on_the_list_fits_nothing(thinks: Thinks) -> None:
    assert thinks("save it", click("e77"))[0].action == Wait(PATIENCE_S)


def test_a_line_whose_click_had_no_effect_is_not_offered_again(thinks: Thinks) -> None:
    _, before = thinks("save it", click("e1"))
    idea, prompt = thinks("save it", click("e3"), banned=('click button "Save"',))
    assert 'button "Save" [e3]' in before
    assert "e3" not in prompt
    assert 'field "Name"' in prompt
    assert idea.action == Wait(PATIENCE_S)


def test_only_steps_of_this_subgoal_that_did_not_fail_are_told_as_done(thinks: Thinks) -> None:
    changes = (
        OpenSubgoal(words="open it"),
        Remember(words='click menu "File"', verified=True),
        CloseSubgoal(),
        OpenSubgoal(words="save it"),
        Remember(words='click button "Cancel"', verified=False),
        Remember(words='click button "Yes"', verified=True),
    )
    _, prompt = thinks("open it, then save it", click("e3"), changes=changes)
    assert [line for line in prompt.splitlines() if line.startswith("done:")] == ['done: click button "Yes"']
    assert "goal: save it" in prompt


# --- the whole task


def test_a_task_of_one_instruction_has_no_subgoals_and_ends_with_it(thinks: Thinks) -> None:
    idea, prompt = thinks("save the customer", FINISH)
    assert (idea.action, idea.changes) == (Finish(), ())
    assert "goal:" not in prompt


def test_the_clauses_of_a_task_are_its_subgoals_one_after_the_other(moment: Moment) -> None:
    task = "type Eve into the name, then save it; close the window"
    model = ScriptedModel([said(each) for each in (typed("Eve"), FINISH, click("e3"), FINISH, FINISH)])
    thinker, memory, opened = ChoosingThinker(model), remembering(task), []
    for _ in range(20):
        idea = thinker.think(replace(moment, memory=memory))
        for change in idea.changes:
            memory = apply(memory, change)
        opened += [change.words for change in idea.changes if isinstance(change, OpenSubgoal)]
        if idea.action is not None:
            memory = apply(memory, Remember(words="did it", verified=True))
        if isinstance(idea.action, Finish):
            break
    assert isinstance(idea.action, Finish)
    assert opened == ["type Eve into the name", "save it", "close the window"]
    assert [child.state for child in memory.root.children if isinstance(child, Subgoal)] == ["met"] * 3
    assert current(memory).id == TASK


def test_an_instruction_that_is_met_already_counts_as_met_with_a_word_about_it(thinks: Thinks) -> None:
    changes = (OpenSubgoal(words="open it"),)
    idea, _ = thinks("open it, then save it", FINISH, changes=changes)
    assert idea.action is None
    memory = replayed("open it, then save it", (*changes, *idea.changes))
    (clause,) = memory.root.children
    assert isinstance(clause, Subgoal)
    assert clause.state == "met"


def test_no_model_is_asked_where_a_clause_begins_or_all_are_met(thinks: Thinks) -> None:
    task = "open it, then save it"
    assert thinks(task)[0].changes == (OpenSubgoal(words="open it"),)
    met = [OpenSubgoal(words="open it"), Remember(words="so"), CloseSubgoal()]
    assert thinks(task, changes=met)[0].changes == (OpenSubgoal(words="save it"),)
    assert thinks(task, changes=met * 2)[0].action == Finish()


@pytest.mark.parametrize("rest", [0, 1])
def test_a_task_with_a_part_that_was_given_up_fails_and_says_which(thinks: Thinks, rest: int) -> None:
    met = [OpenSubgoal(words="save it"), Remember(words="so"), CloseSubgoal()] * rest
    given_up = [OpenSubgoal(words="open it"), Abandon(reason="3 steps did not work")]
    action = thinks("open it, then save it", changes=[*given_up, *met])[0].action
    assert isinstance(action, Fail)
    assert "“open it”" in action.reason
    assert "3 steps did not work" in action.reason


# --- exemplars


def test_an_exemplar_leads_and_the_task_is_not_split(thinks: Thinks) -> None:
    idea, prompt = thinks("type Eve into the name, then save it", typed("Eve"), examples=(EXAMPLE,))
    assert (idea.action, idea.changes) == (TypeText("Eve"), ())
    assert 'example: add customer Bob\n0: type "Bob" into field "Name"\n+1: click button "Save"\ntask: ' in prompt


def test_at_the_end_of_an_exemplar_the_task_is_not_begun_anew(thinks: Thinks) -> None:
    done = (Remember(words='type "Eve" into field "Name"', verified=True), Remember(words='click button "Save"'))
    idea, prompt = thinks("type Eve into the name, then save it", FINISH, changes=done)
    assert (idea.action, idea.changes) == (Finish(), ())
    assert 'done: type "Eve" into field "Name"\ndone: click button "Save"' in prompt


def test_a_value_of_the_exemplar_may_be_typed_where_the_model_takes_it_from_there(thinks: Thinks) -> None:
    idea, _ = thinks("add a customer", typed("bob"), examples=(EXAMPLE,))
    assert idea.action == TypeText("Bob")


# --- models


def test_a_model_that_was_trained_on_the_prompt_reads_it_folded_and_without_instructions(form: Read) -> None:
    model = ScriptedModel([said(typed("zoë"))])
    shown = ElementList("shop", "Customers", numbered((Line("", "field", "Full Name"),)))
    moment = Moment(remembering("add customer Zoë"), Read(shown, {}))
    idea = ChoosingThinker(model, BUILT_IN).think(moment)
    assert [message.role for message in model.prompts[0]] == ["user"]
    assert 'field " full name "' in str(model.prompts[0][0].parts[0])
    assert (idea.action, idea.target) == (TypeText("Zoë"), 'field "Full Name"')


def test_an_answer_that_is_none_is_asked_for_again_and_in_the_end_an_error(moment: Moment) -> None:
    model = ScriptedModel(["I would click Save", said(click("e3"))])
    assert ChoosingThinker(model).think(moment).ref == "e3"
    assert len(model.prompts) == 2
    with pytest.raises(ModelError, match="no usable answer in 3 attempts"):
        ChoosingThinker(ScriptedModel(lambda _: "{}")).think(moment)


FOCUSED = Read(ElementList("mousepad", "Untitled", numbered([Line("", "text area", states=("focused",))])), {})


@pytest.mark.parametrize("task", ['type "Hello, Zoë"', "Please write “Hello, Zoë” here.", "enter 'Hello, Zoë' now"])
def test_typing_that_names_no_field_goes_to_the_one_with_the_focus_and_needs_no_model(
    thinks: Thinks, task: str
) -> None:
    idea, prompt = thinks(task, read=FOCUSED)
    assert (idea.action, idea.target, prompt) == (TypeText("Hello, Zoë"), "", "")


def test_a_goal_of_plain_typing_is_met_once_it_was_typed(thinks: Thinks) -> None:
    task = 'type "Hello", then save it'
    begun = (OpenSubgoal(words='type "Hello"'),)
    assert thinks(task, changes=begun, read=FOCUSED)[0].action == TypeText("Hello")
    done = (*begun, Remember(words='type "Hello"', verified=True))
    assert thinks(task, changes=done, read=FOCUSED)[0].changes == (CloseSubgoal(),)


def test_the_name_of_a_secret_is_never_typed_for_it(thinks: Thinks) -> None:
    idea, _ = thinks('type "{{secret:bank}}"', NONE, read=FOCUSED, secrets=("bank",))
    assert not isinstance(idea.action, TypeText)


def test_typing_without_a_focused_field_is_left_to_the_model(thinks: Thinks) -> None:
    assert thinks('type "Hello"', NONE)[0].action == Wait(PATIENCE_S)
