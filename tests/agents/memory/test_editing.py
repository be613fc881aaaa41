"""What makes sense of a working memory and what is refused, with a line for the planner."""

import pytest

from agents.memory.changes import (
    KINDS,
    Abandon,
    CloseSubgoal,
    Collapse,
    Edit,
    Note,
    OpenSubgoal,
    Pin,
    Remember,
    Retrieve,
    Summarise,
    Unpin,
)
from agents.memory.editing import MOST_NESTED, apply, replayed
from agents.memory.serialising import render
from agents.memory.tree import current, found, remembering
from workbench.errors import BadInputError

FOLDER = (
    OpenSubgoal(words="open the folder"),
    Remember(words='click "Invoices"', observed="window Invoices", verified=True),
)
PAY = (OpenSubgoal(words="pay 4711"), Remember(words='click "Pay"', verified=False))


def _memory(*changes):
    return replayed("pay the invoices", changes)


def _lines(memory, mode="hierarchical"):
    return [piece.text for piece in render(memory, mode)][1:]


def _refused(memory, change):
    with pytest.raises(BadInputError) as refused:
        apply(memory, change)
    return str(refused.value)


def test_a_finished_subgoal_is_one_line_that_says_it_was_met():
    assert _lines(_memory(*FOLDER, CloseSubgoal(summary="the folder is open"))) == [
        "met 1: open the folder | the folder is open"
    ]


def test_a_pruned_subgoal_is_one_line_with_the_reason_and_work_goes_on_above_it():
    memory = _memory(*FOLDER, OpenSubgoal(words="log in"), Remember(words="click Login"), Abandon(reason="no password"))
    assert current(memory).words == "open the folder"
    assert _lines(memory)[-1] == "abandoned 3: log in (because no password) | click Login"


def test_abandoning_an_outer_subgoal_abandons_what_is_open_below_it():
    memory = _memory(*FOLDER, *PAY, Abandon(reason="wrong folder", subgoal=1))
    assert current(memory).id == 0
    assert [(found(memory, node).state, found(memory, node).reason) for node in (1, 3)] == [
        ("abandoned", "wrong folder")
    ] * 2


def test_the_summary_of_an_abandoned_subgoal_is_not_that_of_the_ones_below_it():
    memory = _memory(*FOLDER, *PAY, Abandon(reason="wrong folder", subgoal=1, summary="looked in vain"))
    assert [found(memory, node).summary for node in (1, 3)] == ["looked in vain", 'click "Pay"; 1 failed']


def test_the_planner_does_a_step_before_its_next_subgoal_but_a_person_need_not():
    memory = _memory(OpenSubgoal(words="open the folder"))
    assert "nothing was done yet for subgoal 1 (open the folder)" in _refused(memory, OpenSubgoal(words="pay"))
    assert current(apply(memory, OpenSubgoal(words="pay", by="person"))).words == "pay"


def test_the_planner_calls_no_subgoal_met_for_which_nothing_was_done():
    assert "do a step for it" in _refused(_memory(OpenSubgoal(words="pay")), CloseSubgoal())


def test_nothing_is_closed_where_nothing_is_open():
    assert _refused(_memory(), CloseSubgoal()) == _refused(_memory(), Abandon(reason="x"))
    assert "no subgoal is open" in _refused(_memory(), CloseSubgoal())


def test_a_summary_needs_a_closed_subgoal():
    memory = _memory(*FOLDER)
    assert "node 2 of the working memory is no subgoal" in _refused(memory, Summarise(subgoal=2, summary="s"))
    assert "is still open" in _refused(memory, Summarise(subgoal=1, summary="s"))
    assert "has no node 9" in _refused(memory, Summarise(subgoal=9, summary="s"))


def test_a_models_summary_replaces_the_one_by_rules_once_and_is_kept():
    memory = apply(_memory(*FOLDER, CloseSubgoal()), Summarise(subgoal=1, summary="the folder is open"))
    assert _lines(memory) == ["met 1: open the folder | the folder is open"]
    assert "summaries are made once" in _refused(memory, Summarise(subgoal=1, summary="another"))


def test_what_a_person_wrote_the_planner_does_not_write_over():
    memory = _memory(
        *FOLDER,
        Note(words="not that one", by="person"),
        Pin(words="limit 90", by="person"),
        CloseSubgoal(),
        Edit(node=1, summary="it is open", by="person"),
    )
    for change in (
        Edit(node=0, words="pay me"),
        Edit(node=3, words="that one"),
        Edit(node=4, words="limit 900"),
        Unpin(fact=4),
        Edit(node=1, summary="s"),
    ):
        assert "only a person changes that" in _refused(memory, change)


def test_a_person_changes_everything_that_has_words():
    memory = _memory(*FOLDER, Pin(words="limit 90"), CloseSubgoal())
    for node in range(4):
        memory = apply(memory, Edit(node=node, words=f"words {node}", by="person"))
    assert [piece.text for piece in render(memory, "flat")] == [
        "task: words 0",
        "goal 1: words 1",
        "done: words 2 -> window Invoices",
        "pinned 3: words 3",
        "met 1",
    ]


def test_an_edit_that_says_nothing_is_refused():
    memory = _memory(*FOLDER)
    assert "changes nothing" in _refused(memory, Edit(node=1))
    assert "needs words" in _refused(memory, Edit(node=1, words=" \n"))
    assert "has no summary" in _refused(memory, Edit(node=2, summary="s"))


def test_pinned_facts_and_a_persons_words_outlive_their_subgoal_until_they_are_unpinned():
    memory = _memory(
        *FOLDER, Pin(words="limit 90"), Note(words="hurry", by="person"), Note(words="mine"), CloseSubgoal(summary="s")
    )
    assert _lines(memory) == ["met 1: open the folder | s", "pinned 3: limit 90", "person: hurry"]
    assert _lines(apply(memory, Unpin(fact=3))) == ["met 1: open the folder | s", "person: hurry"]
    assert "is no pinned fact" in _refused(memory, Unpin(fact=4))


def test_what_is_retrieved_stands_at_the_end_until_the_next_subgoal_begins():
    memory = _memory(*FOLDER, CloseSubgoal(summary="s"), *PAY, Retrieve(subgoals=(1,)))
    recalled = 'recalled 1: done: click "Invoices" -> window Invoices'
    assert _lines(memory)[-1] == recalled
    memory = apply(memory, Remember(words="wait"))
    assert _lines(memory)[-2:] == [recalled, "did: wait"]
    assert recalled not in _lines(apply(memory, OpenSubgoal(words="scroll")))


def test_what_is_retrieved_again_is_one_level_deep():
    inner = _memory(
        *FOLDER, *PAY, CloseSubgoal(summary="paid"), CloseSubgoal(summary="all done"), Retrieve(subgoals=(1,))
    )
    assert _lines(inner)[1:] == [
        'recalled 1: done: click "Invoices" -> window Invoices',
        "recalled 1: met 3: pay 4711 | paid",
    ]
    assert _lines(apply(inner, Retrieve(subgoals=(3,))))[-1] == 'recalled 3: failed: click "Pay"'


def test_only_closed_subgoals_are_retrieved_and_only_once():
    memory = _memory(*FOLDER, CloseSubgoal(), *PAY)
    assert "unfolded already" in _refused(memory, Retrieve(subgoals=(3,)))
    assert "no subgoal" in _refused(memory, Retrieve(subgoals=(0,)))
    assert "nothing is named" in _refused(memory, Retrieve(subgoals=()))
    assert "unfolded already" in _refused(apply(memory, Retrieve(subgoals=(1,))), Retrieve(subgoals=(1,)))


def test_a_person_folds_the_steps_so_far_and_later_ones_are_shown():
    memory = _memory(*FOLDER, Remember(words="scroll"), Collapse(node=1, by="person"), Remember(words="wait"))
    assert _lines(memory) == [
        "goal 1: open the folder",
        'so far: click "Invoices", then scroll; last seen: window Invoices',
        "did: wait",
    ]
    assert "nothing to fold" in _refused(_memory(OpenSubgoal(words="x")), Collapse(node=1))


def test_folding_and_recalling_show_what_is_pinned_or_said_by_a_person_once():
    said = (Pin(words="limit 90"), Note(words="hurry", by="person"))
    folded = _memory(Remember(words="scroll"), *said, Collapse(node=0, by="person"))
    assert _lines(folded) == ["so far: scroll", "pinned 2: limit 90", "person: hurry"]
    recalled = _memory(*FOLDER, *said, CloseSubgoal(summary="s"), Retrieve(subgoals=(1,)))
    assert [line.split(":")[0] for line in _lines(recalled)] == ["met 1", "pinned 3", "person", "recalled 1"]


def test_folding_the_task_spares_the_open_subgoal():
    memory = _memory(*FOLDER, CloseSubgoal(), *PAY, Collapse(node=0, by="person"))
    assert [line.split(":")[0] for line in _lines(memory)] == ["so far", "goal 3", "failed"]


def test_collapsing_ends_a_retrieval_and_there_is_nothing_else_to_collapse_in_what_is_closed():
    memory = _memory(*FOLDER, CloseSubgoal(), *PAY, CloseSubgoal(), Retrieve(subgoals=(1, 3)))
    memory = apply(memory, Collapse(node=1, by="person"))
    assert [line.split(":")[0] for line in _lines(memory)] == ["met 1", "met 3", "recalled 3"]
    assert "is folded already" in _refused(memory, Collapse(node=1))
    assert "is folded already" not in _lines(apply(memory, Collapse(node=3)))


def test_unpinning_what_was_folded_keeps_what_came_later_unfolded():
    memory = _memory(Pin(words="a"), Remember(words="b"), Collapse(node=0), Remember(words="c"), Unpin(fact=1))
    assert _lines(memory) == ["so far: b", "did: c"]


def test_subgoals_are_not_nested_without_end():
    changes = [each for _ in range(MOST_NESTED) for each in (OpenSubgoal(words="deeper"), Remember(words="dig"))]
    assert f"nested {MOST_NESTED} deep" in _refused(_memory(*changes), OpenSubgoal(words="deeper"))


def test_a_step_before_the_first_is_refused():
    assert "has no step -1" in _refused(_memory(), Remember(words="x", step=-1))


def test_long_words_are_cut_in_the_middle():
    memory = _memory(Remember(words="a" * 1000, observed="b" * 1000))
    entry = found(memory, 1)
    assert (len(entry.words), len(entry.observed)) == (400, 400)
    assert "…" in entry.words


def test_a_task_has_words():
    with pytest.raises(BadInputError, match="a task needs words"):
        remembering(" \n ")


def test_what_is_no_change_is_refused_by_name():
    assert _refused(_memory(), remembering).startswith("function is no change")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_change_is_known(kind):
    known = apply.__globals__["_applied"].registry
    assert kind in known
