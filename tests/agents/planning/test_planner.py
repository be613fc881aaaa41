"""The agent as a planner of the step loop: what it proposes of an idea, what it keeps of a step, and where it ends."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from agents.memory.changes import Abandon, CloseSubgoal, MemoryChange, Note, OpenSubgoal, Pin, Remember
from agents.memory.editing import replayed
from agents.memory.tree import Fact, Remark, current, entries, remembering, walk
from agents.planning.planner import MOST_REJECTIONS, MOST_THOUGHTS, AgentPlanner, Seen, Surroundings
from agents.planning.ports import Due, Idea, Shown
from agents.planning.recovery import Limits
from agents.planning.scripted import ScriptedThinker
from agents.prompts.choosing import Example, ShownStep
from agents.runtime.ports import ModelError, Timings
from agents.screen.reading import Read
from workbench.actions import Ask, Click, Fail, Finish, PressKeys, TypeText, Wait
from workbench.approval import Decision, Word
from workbench.desktop.ports import Frame
from workbench.events import Loan, StepStatus
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.session.roles import Ending, Proposal, Taken, Verification
from workbench.trajectory import Element, Step, Target

TASK = "add customer Eve"
USUAL = Limits()
NAME, SAVE = 'field "Name"', 'button "Save"'
CLICK_SAVE = Idea(Click(), target=SAVE, ref="e3", thought="it is filled in", expect="it closes", sureness=0.8)
SIGHT = Sight(Frame(np.zeros((2, 2, 3), np.uint8), Point(0, 0), 7), (), None, (), None, lambda _: pytest.fail("a load"))


@dataclass
class Run:
    """A planner with a scripted thinker in front of one form, and what it told those around it."""

    planner: AgentPlanner
    thinker: ScriptedThinker
    values: dict[str, str]
    changes: list[MemoryChange]
    told: list[tuple[str, str]]
    looks: list[tuple[str, Read | None]] = field(default_factory=list)

    def proposal(self) -> Proposal:
        proposal = self.planner.propose()
        assert isinstance(proposal, Proposal), proposal
        return proposal

    def take(self, status: StepStatus = "done", *, ok: bool | None = True, message: str = "") -> Ending | None:
        """Propose a step and let it go like this."""
        proof = Verification(ok, observed="the form closed" if ok else "")
        return self.planner.remember(Taken(self.proposal(), status, verification=proof, message=message))

    def refuse(self, decision: Decision) -> Ending | None:
        return self.planner.remember(Taken(self.proposal(), "skipped", decision, message=decision.reason))

    @property
    def entries(self) -> list[tuple[str, str, bool | None]]:
        return [(each.words, each.observed, each.verified) for each in entries(self.planner.memory.root)]

    @property
    def remarks(self) -> list[str]:
        return [node.words for node in walk(self.planner.memory.root) if isinstance(node, Remark)]


Start = Callable[..., Run]


@pytest.fixture
def start(form: Read) -> Start:
    """Begins a run whose thinker has these ideas."""

    def begin(*ideas: Idea, limits: Limits = USUAL, trouble: str = "") -> Run:
        thinker = ScriptedThinker(ideas)
        values: dict[str, str] = {}
        changes: list[MemoryChange] = []
        told: list[tuple[str, str]] = []
        looks: list[tuple[str, Read | None]] = []

        def look(wanted: str, before: Read | None) -> Seen:
            looks.append((wanted, before))
            return Seen(SIGHT, form)

        around = Surroundings(
            look=look,
            taken=lambda _taken, task, words, _read: told.append((task, words)),
            changed=changes.append,
            corrections=lambda _memory, _read: ("use the menu",),
            values=values,
            secrets=("bank",),
        )
        planner = AgentPlanner(thinker, around, remembering(TASK), limits, trouble)
        return Run(planner, thinker, values, changes, told, looks)

    return begin


def reject(words: str = "", reason: str = "refused by the person") -> Decision:
    return Decision("reject", "person", reason, words=words)


# --- what is proposed


def test_a_click_is_one_step_in_words_with_its_thought_its_sureness_and_what_was_seen(start: Start) -> None:
    proposal = start(CLICK_SAVE).proposal()
    step = proposal.step
    assert (proposal.index, proposal.why, proposal.confidence) == (1, "it is filled in", 0.8)
    assert (step.action, step.description, step.thought) == (Click(), f"click {SAVE}", "it is filled in")
    assert step.observation.monotonic_ns == 7


def test_a_proposal_says_what_all_thoughts_since_the_one_before_have_cost(start: Start) -> None:
    thought = Idea(changes=(OpenSubgoal(words="fill it in"),), timings=(Timings(prompt_tokens=100, answer_tokens=10),))
    step = replace(CLICK_SAVE, timings=(Timings(prompt_tokens=60, answer_tokens=5), Timings(prompt_tokens=40)))
    run = start(thought, step, CLICK_SAVE)
    assert run.proposal().tokens == 215
    run.planner.remember(Taken(Proposal(1, Step("s1", Click())), "done", verification=Verification(True)))
    assert run.proposal().tokens == 0


def test_typing_into_a_named_field_is_a_click_and_the_text(start: Start) -> None:
    run = start(Idea(TypeText("Eve"), target=NAME, ref="e1"))
    first = run.proposal()
    run.planner.remember(Taken(first, "done", verification=Verification(True)))
    second = run.proposal()
    assert [each.step.action for each in (first, second)] == [Click(), TypeText("Eve")]
    assert [each.index for each in (first, second)] == [1, 2]
    assert first.step.id != second.step.id
    assert [each.step.description for each in (first, second)] == [f"click {NAME}", f'type "Eve" into {NAME}']


def test_what_a_field_holds_is_selected_before_it_is_typed_over(start: Start) -> None:
    run = start(Idea(TypeText("Eve"), target=NAME, ref="e1", replaces=True), Idea(Finish()))
    actions = []
    for _ in range(4):
        proposal = run.proposal()
        actions.append(proposal.step.action)
        run.planner.remember(Taken(proposal, "done"))
    assert actions == [Click(), PressKeys(("ctrl", "a")), TypeText("Eve"), Finish()]


def test_text_without_a_target_goes_where_the_focus_is(start: Start) -> None:
    run = start(Idea(TypeText("Eve")))
    proposal = run.proposal()
    assert proposal.step.action == TypeText("Eve")
    assert run.planner.wish(proposal.step) is None


def test_all_steps_of_typing_are_meant_for_the_field_that_was_named(start: Start, form: Read) -> None:
    run = start(Idea(TypeText("Eve"), target=NAME, ref="e1", replaces=True, sureness=0.4))
    wishes = []
    for _ in range(3):
        proposal = run.proposal()
        wishes.append(run.planner.wish(proposal.step))
        run.planner.remember(Taken(proposal, "done"))
    click, select, text = wishes
    assert click is not None
    assert click == select == text
    assert (click.words, click.ref, click.sureness, click.replaces, click.read) == (NAME, "e1", 0.4, True, form)


def test_keys_that_a_person_put_in_place_of_a_click_are_not_meant_for_what_would_have_been_clicked(
    start: Start,
) -> None:
    run = start(CLICK_SAVE)
    step = run.proposal().step
    assert run.planner.wish(step) is not None
    assert run.planner.wish(Step(step.id, PressKeys(("ctrl", "s")))) is None


def test_every_step_of_a_run_has_an_id_of_its_own(start: Start) -> None:
    run = start(*[CLICK_SAVE] * 3)
    ids = []
    for _ in range(3):
        proposal = run.proposal()
        ids.append(proposal.step.id)
        run.planner.remember(Taken(proposal, "done", verification=Verification(True)))
    assert len(set(ids)) == 3


def test_a_run_that_is_resumed_counts_on(start: Start) -> None:
    run = start(CLICK_SAVE, trouble="step 4 may have been done")
    run.planner.index = 4
    assert run.proposal().index == 5
    assert run.thinker.moments[0].trouble == "step 4 may have been done"


def test_what_an_earlier_run_had_no_time_to_remember_is_known_before_the_first_thought(start: Start) -> None:
    run = start(CLICK_SAVE)
    run.planner.owed = (Remember(words="press f5", observed="nobody knows", step=2),)
    run.proposal()
    assert [entry.words for entry in entries(run.thinker.moments[0].memory.root)] == ["press f5"]
    assert run.changes == [Remember(words="press f5", observed="nobody knows", step=2)]


# --- what the thinker is told


def test_a_thinker_is_told_task_screen_corrections_secrets_and_the_steps_that_are_left(start: Start) -> None:
    run = start(CLICK_SAVE, CLICK_SAVE, limits=Limits(steps=9))
    run.take()
    run.proposal()
    first, second = run.thinker.moments
    assert first.memory == remembering(TASK)
    assert (first.corrections, first.secrets, first.trouble) == (("use the menu",), ("bank",), "")
    assert (first.steps_left, second.steps_left) == (9, 8)
    assert [words for words, _ in run.looks] == [TASK, TASK]
    assert [before is None for _, before in run.looks] == [True, False]


def test_the_look_is_for_the_subgoal_that_is_due(start: Start) -> None:
    run = start(Idea(changes=(OpenSubgoal(words="fill in the name"),)), CLICK_SAVE)
    run.proposal()
    assert [words for words, _ in run.looks] == [TASK, "fill in the name"]


def test_a_step_that_repeats_a_recorded_one_is_wished_where_that_one_went(start: Start) -> None:
    run, place = start(CLICK_SAVE, replace(CLICK_SAVE, target=NAME)), Target(Point(1, 1))
    asked: list[tuple[tuple[str, ...], str]] = []

    def recorded(done: tuple[str, ...], words: str) -> Target | None:
        asked.append((done, words))
        return place if len(asked) == 1 else None

    run.planner.around = replace(run.planner.around, recorded=recorded)
    for exemplar in (place, None):
        proposal = run.proposal()
        wish = run.planner.wish(proposal.step)
        assert wish is not None
        assert wish.exemplar is exemplar
        run.planner.remember(Taken(proposal, "done", verification=Verification(True)))
    assert asked == [((), f"click {SAVE}"), ((f"click {SAVE}",), f"click {NAME}")]


def test_past_work_is_asked_for_with_the_steps_that_worked_and_goes_with_the_proposal(start: Start, form: Read) -> None:
    run = start(CLICK_SAVE, Idea(PressKeys(("Return",))), Idea(Finish()))
    asked: list[tuple[str, ...]] = []
    example, loan = Example("save it", (ShownStep(0, f"click {SAVE}"),)), Loan(kind="whole", lent="one")

    def lends(due: Due) -> Shown:
        asked.append(due.done)
        assert due.read is form
        return Shown((example,), loans=(loan,), wanted=due.memory.root.words)

    run.planner.around = replace(run.planner.around, lends=lends)
    run.take()
    run.take("failed", ok=False)
    proposal = run.proposal()
    assert asked == [(), (f"click {SAVE}",), (f"click {SAVE}",)]
    assert [moment.examples for moment in run.thinker.moments] == [(example,)] * 3
    assert (proposal.loans, proposal.wanted) == ((loan,), run.planner.memory.root.words)


def test_a_step_without_effect_is_trouble_and_banned_in_this_state(start: Start) -> None:
    run = start(CLICK_SAVE, Idea(Finish()))
    run.take("failed", ok=False, message="nothing changed")
    run.proposal()
    moment = run.thinker.moments[1]
    assert f"click {SAVE}" in moment.trouble
    assert moment.banned == (f"click {SAVE}",)


def test_a_change_that_the_memory_refuses_is_told_once_and_its_step_is_not_taken(start: Start) -> None:
    unfit = Idea(Click(), target=SAVE, changes=(CloseSubgoal(),))
    run = start(unfit, Idea(Wait(1)), Idea(Finish()))
    assert run.proposal().step.action == Wait(1)
    run.planner.remember(Taken(Proposal(1, Step("w", Wait(1))), "done"))
    run.proposal()
    assert [bool(moment.trouble) for moment in run.thinker.moments] == [False, True, False]
    assert "no subgoal is open" in run.thinker.moments[1].trouble
    assert not any(isinstance(change, CloseSubgoal) for change in run.changes)


def test_changes_are_made_before_the_step_and_told_in_their_order(start: Start) -> None:
    opened, pinned = OpenSubgoal(words="fill it in"), Pin(words="number 7")
    run = start(Idea(Click(), target=SAVE, changes=(opened, pinned)))
    run.take()
    assert run.changes[:2] == [opened, pinned]
    assert current(run.planner.memory).words == "fill it in"
    assert replayed(TASK, run.changes) == run.planner.memory


# --- what is remembered


def test_a_step_that_worked_is_remembered_in_words_with_what_was_seen_after_it(start: Start) -> None:
    run = start(CLICK_SAVE)
    assert run.take() is None
    assert run.entries == [(f"click {SAVE}", "the form closed", True)]
    assert run.told == [(TASK, f"click {SAVE}")]
    (entry,) = entries(run.planner.memory.root)
    assert entry.step == 0


def test_typing_is_remembered_once_by_its_last_step(start: Start) -> None:
    run = start(Idea(TypeText("Eve"), target=NAME, replaces=True))
    for expected in (0, 0, 1):
        run.take()
        assert len(run.entries) == expected
    assert run.entries[0][0] == f'type "Eve" into {NAME}'


def test_a_failed_step_drops_the_rest_of_its_idea_and_is_remembered_with_the_reason(start: Start) -> None:
    run = start(Idea(TypeText("Eve"), target=NAME), Idea(Wait(1)))
    run.take("failed", ok=None, message="no field is called so")
    assert run.entries == [(f'type "Eve" into {NAME}', "no field is called so", False)]
    assert run.proposal().step.action == Wait(1)


def test_a_secret_is_remembered_by_its_name(start: Start) -> None:
    run = start(Idea(TypeText(secret="bank")))
    run.take()
    assert run.entries[0][0] == 'type the secret "bank"'


def test_a_step_that_a_person_did_is_remembered_as_done(start: Start) -> None:
    run = start(CLICK_SAVE)
    words = "the person took over: “Done” is in front now"
    proof = Verification(True, by="person", observed=words)
    taken = Taken(run.proposal(), "repaired", Decision("take-over", "person"), verification=proof, message=words)
    assert run.planner.remember(taken) is None
    assert run.entries == [(f"click {SAVE}", words, True)]


def test_a_step_that_a_person_changed_is_remembered_as_it_was_done(start: Start) -> None:
    run = start(CLICK_SAVE)
    proposal = run.proposal()
    button = Element("shop", "Customers", "push button", "Cancel", Rect(0, 0, 9, 9))
    changed = Step(proposal.step.id, Click(), target=Target(Point(4, 4), element=button))
    taken = Taken(
        Proposal(1, changed),
        "done",
        Decision("modify", "person", "changed by the person", changed),
        verification=Verification(True, observed="it closed"),
    )
    run.planner.remember(taken)
    assert run.entries == [('click button "Cancel"', "it closed", True)]
    assert run.told == [(TASK, f"click {SAVE}")]


def test_an_answer_is_pinned_by_the_person_who_gave_it(start: Start) -> None:
    run = start(Idea(Ask("Which street?", "answer")))
    proposal = run.proposal()
    run.values["answer"] = "Elm Street 7"
    run.planner.remember(Taken(proposal, "done"))
    assert [(node.words, node.by) for node in walk(run.planner.memory.root) if isinstance(node, Fact)] == [
        ("Elm Street 7", "person")
    ]


def test_a_question_of_a_model_that_names_no_variable_still_gets_its_answer(start: Start) -> None:
    run = start(Idea(Ask("Which street?")))
    proposal = run.proposal()
    assert isinstance(proposal.step.action, Ask)
    assert proposal.step.action.variable is not None
    run.values[proposal.step.action.variable] = "Elm Street 7"
    run.planner.remember(Taken(proposal, "done"))
    assert [node.words for node in walk(run.planner.memory.root) if isinstance(node, Fact)] == ["Elm Street 7"]


@pytest.mark.parametrize("answer", ["", "   ", "\n"])
def test_an_answer_without_words_is_none(start: Start, answer: str) -> None:
    run = start(Idea(Ask("Which street?", "answer")))
    proposal = run.proposal()
    run.values["answer"] = answer
    run.planner.remember(Taken(proposal, "done"))
    assert [node.words for node in walk(run.planner.memory.root) if isinstance(node, Fact)] == ["(no answer)"]


def test_an_earlier_answer_is_not_pinned_again_for_a_question_that_a_person_took_over(start: Start) -> None:
    run = start(Idea(Ask("Which street?")))
    run.values["answer"] = "Bob"
    proof = Verification(True, by="person", observed="the person took over")
    run.planner.remember(Taken(run.proposal(), "repaired", Decision("take-over", "person"), verification=proof))
    assert not [node for node in walk(run.planner.memory.root) if isinstance(node, Fact)]


def test_a_question_that_failed_pins_nothing(start: Start) -> None:
    run = start(Idea(Ask("Which street?", "answer")))
    run.take("failed", ok=None)
    assert not [node for node in walk(run.planner.memory.root) if isinstance(node, Fact)]


# --- rejections


def test_a_rejection_is_remembered_with_the_person_s_words_and_drops_the_rest(start: Start) -> None:
    run = start(Idea(TypeText("Eve"), target=NAME), Idea(Wait(1)))
    assert run.refuse(reject("ask Ada first")) is None
    assert run.entries == [(f'type "Eve" into {NAME}', "a person rejected this", False)]
    assert run.remarks == ["ask Ada first"]
    assert run.proposal().step.action == Wait(1)
    moment = run.thinker.moments[1]
    assert "ask Ada first" in moment.trouble
    assert moment.banned == (f'type "Eve" into {NAME}',)


@pytest.mark.parametrize(
    ("decision", "said"), [(reject("", ""), "no reason was given"), (reject("  \n"), "refused by")]
)
def test_a_rejection_without_words_is_remembered_and_puts_none_into_a_person_s_mouth(
    start: Start, decision: Decision, said: str
) -> None:
    run = start(CLICK_SAVE, Idea(Wait(1)))
    assert run.refuse(decision) is None
    run.proposal()
    assert run.entries == [(f"click {SAVE}", "a person rejected this", False)]
    assert run.remarks == []
    assert said in run.thinker.moments[1].trouble


def test_a_step_rejected_without_words_is_banned_for_one_thought_only_and_is_no_step_without_effect(
    start: Start,
) -> None:
    run = start(*[CLICK_SAVE] * 3)
    assert run.refuse(reject("", "")) is None
    assert run.refuse(reject("", "")) is None
    run.proposal()
    _, second, third = run.thinker.moments
    assert (second.banned, third.banned) == ((f"click {SAVE}",), ())
    for moment in (second, third):
        assert "a person rejected" in moment.trouble
        assert "nothing changed" not in moment.trouble


def test_after_three_rejections_in_a_row_the_person_is_asked_and_the_answer_is_remembered(start: Start) -> None:
    run = start(*[CLICK_SAVE] * 4)
    for _ in range(3):
        assert run.refuse(reject()) is None
    asked = run.proposal()
    assert isinstance(asked.step.action, Ask)
    assert f"the last one: click {SAVE}. What should be done instead?" in asked.step.action.question
    run.values[asked.step.action.variable or ""] = "press Cancel"
    assert run.planner.remember(Taken(asked, "done", verification=Verification(None))) is None
    assert [node.words for node in walk(run.planner.memory.root) if isinstance(node, Fact)] == ["press Cancel"]
    assert run.proposal().step.action == Click()
    assert len(run.thinker.moments) == 4


def test_many_rejections_in_a_row_end_the_run_and_a_step_between_begins_anew(start: Start) -> None:
    run = start(*[CLICK_SAVE] * 2 * MOST_REJECTIONS, limits=Limits(failures=0, repeats=0, subgoal_failures=0))
    for _ in range(MOST_REJECTIONS - 1):
        assert run.refuse(reject("no")) is None
    run.take()
    for _ in range(MOST_REJECTIONS - 1):
        assert run.refuse(reject("no")) is None
    ending = run.refuse(reject("never"))
    assert ending is not None
    assert ending.outcome == "stopped"
    assert (ending.reason or "").endswith("the last one: never")


@pytest.mark.parametrize("word", ["reject", "stop"])
def test_what_the_policy_forbids_ends_the_run_with_its_reason(start: Start, word: Word) -> None:
    run = start(CLICK_SAVE)
    assert run.refuse(Decision(word, "policy", "it sends")) == Ending("stopped", "step 1: it sends")
    assert run.entries == []


def test_a_person_who_stops_a_step_leaves_the_ending_to_the_loop(start: Start) -> None:
    run = start(CLICK_SAVE)
    assert run.refuse(Decision("stop", "person", "the person stopped it")) is None
    assert run.entries == []


# --- how it ends


@pytest.mark.parametrize(
    ("action", "ending"),
    [(Finish("42"), Ending("finished")), (Fail("no such field"), Ending("failed", "no such field"))],
)
def test_the_task_s_end_is_the_run_s_end(start: Start, action: Finish | Fail, ending: Ending) -> None:
    assert start(Idea(action)).take(ok=None) == ending


def test_thoughts_without_a_step_end_the_run_after_a_few(start: Start) -> None:
    run = start(*[Idea(changes=(Note(words=f"thought {number}"),)) for number in range(20)])
    ending = run.planner.propose()
    assert isinstance(ending, Ending)
    assert ending.outcome == "failed"
    assert len(run.thinker.moments) == MOST_THOUGHTS


def test_thoughts_are_counted_between_steps_only(start: Start) -> None:
    thoughts = [Idea(changes=(Note(words="so"),))] * (MOST_THOUGHTS - 1)
    run = start(*thoughts, CLICK_SAVE, *thoughts, Idea(Finish()))
    run.take()
    assert run.take(ok=None) == Ending("finished")


def test_the_steps_a_run_was_given_end_it_before_the_model_is_asked_again(start: Start) -> None:
    run = start(*[CLICK_SAVE] * 3, limits=Limits(steps=2))
    run.take()
    run.take()
    ending = run.planner.propose()
    assert isinstance(ending, Ending)
    assert "the 2 steps it was given are used up" in (ending.reason or "")
    assert len(run.thinker.moments) == 2


def test_the_tokens_a_run_was_given_end_it(start: Start) -> None:
    costly = Idea(Click(), target=SAVE, timings=(Timings(prompt_tokens=60, answer_tokens=5), Timings(prompt_tokens=40)))
    run = start(costly, costly, limits=Limits(tokens=100))
    run.take()
    ending = run.planner.propose()
    assert isinstance(ending, Ending)
    assert "the 100 tokens it was given are used up" in (ending.reason or "")


def test_steps_that_keep_failing_end_the_run(start: Start) -> None:
    run = start(*each_other(6), limits=Limits(failures=4, subgoal_failures=0))
    for _ in range(4):
        assert run.take("failed", ok=False) is None
    ending = run.planner.propose()
    assert isinstance(ending, Ending)
    assert "4 steps in a row did not work, the last of them: press f4" in (ending.reason or "").casefold()


def test_a_subgoal_whose_steps_keep_failing_is_abandoned_and_the_next_idea_is_for_what_is_above(start: Start) -> None:
    opens = Idea(PressKeys(("F9",)), changes=(OpenSubgoal(words="open the menu"),))
    run = start(opens, *each_other(4), limits=Limits(failures=9, subgoal_failures=3))
    for _ in range(3):
        run.take("failed", ok=False)
    run.proposal()
    assert current(run.planner.memory).words == TASK
    assert [type(change) for change in run.changes][-1] is Abandon
    assert run.thinker.moments[-1].memory == run.planner.memory


def test_a_task_is_never_abandoned(start: Start) -> None:
    run = start(*each_other(5), limits=Limits(failures=9, subgoal_failures=2))
    for _ in range(4):
        run.take("failed", ok=False)
    assert not any(isinstance(change, Abandon) for change in run.changes)


def test_what_the_thinker_raises_ends_the_proposing(start: Start) -> None:
    with pytest.raises(ModelError, match="the script has no idea"):
        start().planner.propose()


def test_there_is_no_thought_before_the_first(start: Start) -> None:
    run = start(CLICK_SAVE)
    with pytest.raises(ValueError, match="nothing was thought up yet"):
        _ = run.planner.thought
    run.proposal()
    assert run.planner.thought == (run.thinker.moments[0], CLICK_SAVE)


def test_the_changes_that_were_told_lead_to_the_memory_that_the_run_has(start: Start) -> None:
    ideas = [Idea(changes=(OpenSubgoal(words="one"),)), *each_other(2), Idea(Ask("Which?", "answer"))]
    run = start(*ideas, CLICK_SAVE, limits=Limits(failures=9, subgoal_failures=9))
    run.take("failed", ok=False)
    run.refuse(reject("not so"))
    run.take(ok=None)
    run.take()
    assert replayed(TASK, run.changes) == run.planner.memory
    assert sum(isinstance(change, Remember) for change in run.changes) == 4


def each_other(count: int) -> Iterable[Idea]:
    """Ideas that differ."""
    return [Idea(PressKeys((f"F{number}",))) for number in range(1, count + 1)]
