"""Proposals become trajectories that can be called, and go where what they were learned from is purged."""

import pytest
from msgspec.structs import replace

from agents.memory.shelf import refusal_of
from agents.memory.workflows import curating
from agents.memory.workflows.drafts import draft_of
from agents.memory.workflows.shelf import approved
from workbench.actions import Argument, Call, Click, Note, TypeText
from workbench.errors import BadInputError
from workbench.events import ExperienceLent, Loan, RunEnded, RunStarted, StepProposed
from workbench.session.replaying import prepared
from workbench.trajectory import Step, Trajectory

NAMES = {"a": ("Bob Xylophon", "Bonn"), "b": ("Eve Berg", "Rome")}


@pytest.fixture
def kept(library, adding):
    """A library with two recordings of one routine."""
    for identifier, values in NAMES.items():
        library.save(adding(identifier, *values))
    return library


@pytest.fixture
def flow(kept):
    """The workflow of both, approved."""
    (lesson,) = curating.propose(kept).lessons
    return curating.approve(kept, lesson)


def _bytes(library) -> bytes:
    return b"".join(path.read_bytes() for path in library.path.rglob("*") if path.is_file())


def test_a_proposal_is_kept_once_and_gets_the_sources_of_today(kept, adding):
    (lesson,) = curating.propose(kept).lessons
    kept.save(adding("c", "Cem", "Oslo"))
    again = curating.propose(kept)
    assert (again.lessons, again.looked_at) == ((), 3)
    (now,) = kept.learning.lessons("workflow")
    assert (now.id, len(now.sources)) == (lesson.id, 3)


def test_an_approved_workflow_is_a_trajectory_without_any_value_of_a_recording(kept, flow):
    made = kept.get(flow.trajectory)
    assert made.title == "Add customer … from …"
    assert [(one.name, one.default) for one in made.variables] == [("full_name", None), ("city", None)]
    assert [step.action.text for step in made.steps if isinstance(step.action, TypeText)] == [
        "{{full_name}}",
        "{{city}}",
    ]
    assert made.reviewed
    assert refusal_of(made, kept.learning.standings()[made.id]).endswith("which is called and not shown")
    assert all(step.recorded_in == "" and step.first_event is None for step in made.steps)
    assert kept.verify() == []


def test_an_approved_workflow_is_called_with_values_by_a_replay(kept, flow):
    title = kept.get(flow.trajectory).title
    call = Call(title, (Argument("full_name", "Ina"), Argument("city", "Oslo")))
    steps = prepared(Trajectory("t", "Calls", (Step("s1", call),)), {}, kept.find)[0].steps
    assert [step.action.text for step in steps if isinstance(step.action, TypeText)] == ["Ina", "Oslo"]


def test_the_name_of_a_chosen_row_is_filled_in_by_a_replay(library, recording, step_of):
    for identifier, name in (("a", "Letters"), ("b", "Bills")):
        library.save(recording(identifier, f"open {name}", step_of(Click(), "list item", name), "Read"))
    (lesson,) = curating.propose(library).lessons
    made = library.get(curating.approve(library, lesson).trajectory)
    steps = prepared(
        Trajectory("t", "Calls", (Step("s1", Call(made.id, (Argument("item", "Taxes"),))),)), {}, library.find
    )
    assert steps[0].steps[0].target.element.name == "Taxes"
    with pytest.raises(BadInputError, match="'item'"):
        prepared(made, {}, library.find)


def test_a_run_is_lent_approved_workflows_only_and_never_one_whose_trajectory_is_gone(kept, flow):
    assert [one.title for one in approved(kept)] == ["Add customer … from …"]
    assert set(approved(kept)[0].learned_from) == {"Title a", "Title b"}
    retired = curating.retire(kept, flow)
    assert approved(kept) == ()
    again = curating.approve(kept, retired)
    assert (again.trajectory, len(approved(kept))) == (flow.trajectory, 1)
    kept.delete(flow.trajectory)
    assert approved(kept) == ()
    assert kept.learning.lessons("workflow") == []


def test_what_was_decided_is_not_proposed_again_and_a_workflow_is_no_source_of_others(kept, flow):
    curating.retire(kept, flow)
    assert curating.propose(kept).lessons == ()
    assert curating.propose(kept).looked_at == 2


def test_runs_that_did_not_finish_and_what_nobody_reviewed_teach_nothing(library, adding):
    library.save(replace(adding("a", "Bob", "Bonn"), source="agent"))
    library.save(replace(adding("b", "Eve", "Rome"), reviewed=False))
    library.save(adding("c", "Cem", "Oslo"))
    found = curating.propose(library)
    assert (found.lessons, found.looked_at) == ((), 1)


def test_a_title_that_is_taken_is_numbered_because_workflows_are_called_by_it(kept):
    (lesson,) = curating.propose(kept).lessons
    kept.save(Trajectory("other", draft_of(lesson).title, ()))
    assert kept.get(curating.approve(kept, lesson).trajectory).title == "Add customer … from … (2)"


def test_a_proposal_goes_with_the_recording_that_it_was_learned_from(kept):
    (lesson,) = curating.propose(kept).lessons
    kept.delete(lesson.sources[0].trajectory)
    assert kept.learning.lessons("workflow") == []
    with pytest.raises(BadInputError, match="is gone"):
        curating.approve(kept, lesson)


def test_an_approved_workflow_outlives_its_sources_and_says_so(kept, flow):
    for identifier in NAMES:
        kept.delete(identifier)
    (left,) = approved(kept)
    assert left.learned_from == ()
    assert b"Xylophon" not in _bytes(kept)


def test_a_purged_text_is_in_no_workflow_and_in_no_run_that_called_one(library, adding):
    for identifier in ("d", "e"):
        library.save(adding(identifier, f"Person {identifier}", "Xylostadt"))
    flow = curating.approve(library, curating.propose(library).lessons[0])
    title = library.get(flow.trajectory).title
    ran = library.save(Trajectory("ran", "Something else", (Step("s1", Note(title)),), source="agent"))
    call = Step("s1", Call(title, (Argument("full_name", "Ina"),)))
    library.save_run(
        "r1",
        [
            RunStarted(run="r1", trajectory=ran.id, title=ran.title, number=1),
            StepProposed(index=1, step=call, number=2),
            ExperienceLent(index=1, loans=(Loan("workflow", flow.id),), number=3),
            RunEnded(outcome="finished", number=4),
        ],
    )
    assert b"Xylostadt" in _bytes(library)
    for identifier in ("d", "e"):
        library.purge_text(identifier, "Xylostadt")
    assert b"Xylostadt" not in _bytes(library)
    assert library.verify() == []


def test_a_routine_is_known_again_after_a_name_in_it_was_purged_and_no_digest_of_the_name_stays(
    library, adding, recording, step_of
):
    for identifier, task in (("a", "call"), ("b", "ring")):
        step = step_of(Click(), "push button", "Call Xylophon")
        library.save(recording(identifier, task, step, step_of(Click(), "push button", "Hang up")))
    (lesson,) = curating.propose(library).lessons
    curating.retire(library, lesson)
    before = {str(value) for value in _strings(library.learning.lesson(lesson.id).body)}
    for identifier in ("a", "b"):
        library.purge_text(identifier, "Xylophon")
    assert b"xylophon" not in _bytes(library).lower()
    after = {str(value) for value in _strings(library.learning.lesson(lesson.id).body)}
    assert after == {value.replace("Xylophon", "▇▇▇") for value in before}, "nothing else is made of the name"
    assert curating.propose(library).lessons == ()


def _strings(value):
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)


def test_a_proposal_that_was_read_before_a_purge_becomes_no_workflow(kept):
    (lesson,) = curating.propose(kept).lessons
    stale = kept.learning.lesson(lesson.id)
    kept.purge_text("a", "Xylophon")
    with pytest.raises(BadInputError, match="read it again"):
        curating.approve(kept, stale)
    assert b"Xylophon" not in _bytes(kept)
    assert [one.id for one in kept.summaries()] == ["b", "a"]
    assert curating.approve(kept, kept.learning.lesson(lesson.id)).status == "approved"


def test_a_source_that_is_purged_while_it_is_read_makes_no_workflow(kept):
    (lesson,) = curating.propose(kept).lessons

    def find(name):
        found = kept.get(name)
        kept.purge_text("a", "Xylophon")
        return found

    with pytest.raises(BadInputError, match="read it again"):
        curating.approve(kept, lesson, find)
    assert b"Xylophon" not in _bytes(kept)
    assert len(kept.summaries()) == 2


def test_a_routine_that_was_read_before_a_purge_is_not_proposed(kept):
    def find(name):
        found = kept.get(name)
        if name == "a":
            kept.purge_text("a", "Xylophon")
        return found

    with pytest.raises(BadInputError, match="read it again"):
        curating.propose(kept, find=find)
    assert b"Xylophon" not in _bytes(kept)
