"""What past work shows to a run: chosen by task, screen and what was done, within a budget, and said with a reason."""

import pytest
from msgspec.structs import replace

from agents.memory.changes import OpenSubgoal
from agents.memory.editing import apply
from agents.memory.lending import NAMED, Lender, Lending
from agents.memory.retrieval.indexing import bring_up_to_date
from agents.memory.retrieval.lexical import LexicalRetriever
from agents.memory.shelf import Shelf
from agents.memory.tree import remembering
from agents.planning.ports import Due
from agents.planning.recorded import words_of
from agents.screen.listing import ElementList, Line, numbered
from agents.screen.reading import Read
from workbench.library.learning import Standing
from workbench.trajectory import Step, Trajectory

NEW, NAME, SAVE = ("push button", "New"), ("text", "Customer name"), ("push button", "Save")
PRINT, CLOSE = ("push button", "Print"), ("push button", "Close")
TASK = "add the customer Eve"
FORM = Read(
    ElementList("shop", "shop window", numbered((Line("e1", "button", "New"), Line("e2", "button", "Save")))), {}
)
CLICK_NEW, TYPE_EVE = 'click button "New"', 'type "Eve" into field "Customer name"'


@pytest.fixture
def lender(library):
    """Who lends from the library as it is when something is first wanted."""

    def make(*named: Trajectory, **options) -> Lender:
        def stock() -> Shelf:
            bring_up_to_date(library)
            return Shelf(library, LexicalRetriever(library.memories), library.learning.standings())

        return Lender(Lending(**options), stock, named)

    return make


def due(task: str = TASK, *done: str, goal: str = "") -> Due:
    memory = remembering(task)
    return Due(apply(memory, OpenSubgoal(words=goal)) if goal else memory, FORM, done)


def zero(shown) -> list[str]:
    return [step.words for example in shown.examples for step in example.steps if step.mark == 0]


def test_a_whole_trajectory_is_chosen_once_and_followed_step_by_step(library, recorded, lender):
    library.save(recorded("bob", "add the customer Bob", NEW, NAME, SAVE))
    library.save(recorded("odd", "print the yearly report", PRINT))
    lends = lender()
    first = lends.lends(due())
    assert zero(first) == [CLICK_NEW]
    assert [(loan.kind, loan.lent, loan.first, loan.last, loan.revision) for loan in first.loans] == [
        ("whole", "bob", 1, 4, 1)
    ]
    assert first.wanted == TASK
    library.save(recorded("eve", TASK, SAVE))
    assert zero(lends.lends(due(TASK, CLICK_NEW))) == ['type "x" into field "Customer name"']
    assert zero(lends.lends(due(TASK, CLICK_NEW, TYPE_EVE))) == ['click button "Save"']
    loan = first.loans[0]
    assert loan.score is not None
    assert 0.5 < loan.score <= 1
    assert "words alike by" in loan.why
    assert loan.tokens > 0


def test_of_equal_tasks_the_one_of_the_program_in_front_is_lent(library, recorded, lender):
    for app in ("bank", "shop", "post"):
        library.save(recorded(app, TASK, NEW, app=app))
    assert [loan.lent for loan in lender().lends(due()).loans] == ["shop"]


def test_a_chapter_is_lent_under_its_own_sentence_with_its_own_steps_only(library, recorded, lender):
    library.save(recorded("long", "prepare the year", "open it", PRINT, "add the customer Bob", NEW, NAME))
    shown = lender().lends(due())
    assert [(loan.lent, loan.first, loan.last) for loan in shown.loans] == [("long", 4, 6)]
    assert (shown.examples[0].task, zero(shown)) == ("add the customer Bob", [CLICK_NEW])


def test_a_step_is_found_by_the_goal_that_is_due_and_shown_between_its_neighbours(library, recorded, lender):
    library.save(recorded("one", "write down whom we met", NEW, NAME, SAVE))
    shown = lender(way="steps").lends(due("do all of it", goal="click the button Save"))
    assert [(loan.kind, loan.lent, loan.first, loan.last) for loan in shown.loans] == [("steps", "one", 3, 3)]
    (example,) = shown.examples
    assert [(step.mark, step.words) for step in example.steps] == [
        (-1, 'type "x" into field "Customer name"'),
        (0, 'click button "Save"'),
    ]
    assert not example.leads
    assert shown.wanted == "click the button Save"


def test_of_equal_steps_the_one_that_follows_what_was_just_done_is_lent(library, recorded, lender):
    library.save(recorded("after", "first task", NEW, SAVE))
    library.save(recorded("other", "second task", PRINT, SAVE))
    library.save(recorded("begins", "third task", SAVE))
    lends = lender(way="steps")
    for done, lent in (((CLICK_NEW,), "after"), (('click button "Print"',), "other"), ((), "begins")):
        (loan,) = lends.lends(due("click the button Save", *done)).loans
        assert (loan.lent, "it follows a step like the last one" in loan.why) == (lent, True)


def test_of_an_undivided_task_every_part_is_searched_for_and_each_trajectory_gives_one_step(library, recorded, lender):
    library.save(recorded("both", "first", NEW, NAME, SAVE))
    library.save(recorded("print", "second", PRINT))
    shown = lender(way="steps", exemplars=3).lends(due('click "Print", then click "Save"'))
    assert sorted(loan.lent for loan in shown.loans) == ["both", "print"]
    assert shown.wanted == 'click "Print" / click "Save"'


@pytest.mark.parametrize(("exemplars", "lent"), [(0, 0), (1, 1), (3, 3)])
@pytest.mark.parametrize("way", ["whole", "steps"])
def test_no_more_are_lent_than_is_allowed(library, recorded, lender, exemplars, lent, way):
    for number in range(4):
        library.save(recorded(f"t{number}", "click New", NEW))
    shown = lender(exemplars=exemplars, way=way).lends(due("click New"))
    assert (len(shown.examples), len(shown.loans)) == (lent, lent)


def test_what_does_not_fit_the_budget_is_not_shown(library, recorded, lender):
    for number in range(3):
        library.save(recorded(f"t{number}", "click New", NEW))
    one = lender(exemplars=3).lends(due("click New")).loans[0].tokens
    assert len(lender(exemplars=3, tokens=2 * one).lends(due("click New")).examples) == 2
    assert lender(exemplars=3, tokens=one - 1).lends(due("click New")).examples == ()


def test_what_may_not_be_lent_is_told_with_the_reason_and_the_next_one_is_lent(library, recorded, lender):
    for number, name in enumerate(("good", "unread", "retired")):
        library.save(replace(recorded(name, TASK, NEW), reviewed=name != "unread", created=float(number)))
    library.learning.stand(Standing("retired", active=False, by="merit", reason="0 of 9 reached"))
    assert [(loan.lent, loan.refused) for loan in lender().lends(due()).loans] == [
        ("good", ""),
        ("retired", "it is retired: 0 of 9 reached"),
        ("unread", "nobody has reviewed it"),
    ]


def test_what_a_model_did_is_lent_only_once_somebody_allowed_it(library, recorded, lender):
    library.save(replace(recorded("agent", TASK, NEW), source="agent"))
    assert lender().lends(due()).loans == ()
    library.learning.stand(Standing("agent", active=True, by="person"))
    assert [loan.lent for loan in lender().lends(due()).loans] == ["agent"]
    library.learning.stand(Standing("agent", active=False, by="person", reason="no more"))
    assert lender().lends(due()).examples == ()


def test_a_thousand_runs_of_the_same_task_do_not_hide_what_a_person_showed(library, recorded, lender):
    library.save(recorded("shown", TASK, NEW, NAME, SAVE))
    for number in range(500):
        library.save(replace(recorded(f"run{number}", TASK, NEW), source="agent"))
    assert [loan.lent for loan in lender().lends(due()).loans] == ["shown"]


@pytest.mark.parametrize("way", ["whole", "steps"])
def test_what_a_person_named_is_followed_and_nothing_is_searched_for(library, recorded, lender, way):
    library.save(recorded("other", TASK, SAVE))
    named = recorded("named", "something else", NEW, NAME)
    shown = lender(named, way=way, exemplars=0).lends(due(TASK, CLICK_NEW))
    assert zero(shown) == ['type "x" into field "Customer name"']
    assert [(loan.lent, loan.score, loan.why) for loan in shown.loans] == [("named", None, NAMED)]
    assert shown.wanted == ""


def test_the_recorded_place_is_known_for_the_step_that_was_shown(library, recorded, lender):
    kept = library.save(recorded("bob", "add the customer Bob", NEW, NAME, SAVE))
    whole, steps = lender(), lender(way="steps")
    whole.lends(due(TASK, CLICK_NEW))
    assert whole.recorded((CLICK_NEW,), TYPE_EVE) == kept.steps[1].target
    assert whole.recorded((CLICK_NEW,), 'click button "Print"') is None
    steps.lends(due(TASK, goal="click the button Save"))
    assert steps.recorded((), 'click button "Save"') == kept.steps[2].target
    assert steps.recorded((), CLICK_NEW) is None


def test_nothing_alike_lends_nothing_and_a_library_is_not_asked_where_nothing_is_wanted(library, recorded, lender):
    library.save(recorded("odd", "print the yearly report", PRINT))
    assert lender().lends(due("turn the volume up")).loans == ()
    never = Lender(Lending(exemplars=0), lambda: pytest.fail("the library was asked"))
    assert never.lends(due()).loans == ()


def test_a_hidden_text_of_a_password_field_is_in_no_example_and_in_no_index(library, recorded, lender):
    trajectory = recorded("one", "log in", ("text", "Login"), SAVE, typed="hunter2")
    first = trajectory.steps[0]
    element = replace(first.target.element, role="password text", password=True)
    steps: tuple[Step, ...] = (replace(first, target=replace(first.target, element=element)), *trajectory.steps[1:])
    library.save(replace(trajectory, steps=steps))
    assert "hunter2" not in words_of(steps[0])
    shown = lender().lends(due("log in"))
    assert zero(shown) == ['type a hidden text into password field "Login"']
    assert not any("hunter2" in entry.words + entry.terms for entry in library.memories.of("one"))
