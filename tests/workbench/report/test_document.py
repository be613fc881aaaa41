"""The JSON document of a run."""

import json

import pytest

from workbench.actions import Click
from workbench.approval import Decision
from workbench.errors import BadInputError
from workbench.events import (
    ApprovalAsked,
    ApprovalDecided,
    Event,
    Paused,
    Progress,
    RunEnded,
    StepEnded,
    StepProposed,
)
from workbench.report.document import document_of, rows_of, to_plain
from workbench.report.story import story_of
from workbench.trajectory import Step

CONTRACT = ("outcome", "reason", "trajectory", "run", "steps", "elapsed_ms", "report")
STEP_CONTRACT = (
    "index",
    "action",
    "status",
    "point",
    "located_by",
    "confidence",
    "verified",
    "approval",
    "elapsed_ms",
    "message",
)


def test_a_document_has_the_fields_that_scripts_rely_on(finished_run: list[Event]) -> None:
    plain = to_plain(document_of(finished_run))
    assert tuple(plain)[: len(CONTRACT)] == CONTRACT
    steps = plain["steps"]
    assert isinstance(steps, list)
    assert tuple(steps[0])[: len(STEP_CONTRACT)] == STEP_CONTRACT
    assert steps[0] | {"description": ""} == {
        "index": 1,
        "action": {"kind": "click"},
        "status": "done",
        "point": [102, 82],
        "located_by": ["element", "crop", "text"],
        "confidence": 0.97,
        "verified": True,
        "approval": "person",
        "elapsed_ms": 250.0,
        "message": None,
        "description": "",
        "lent": [],
    }


def test_a_document_survives_any_json_writer(halted_run: list[Event]) -> None:
    plain = to_plain(document_of(halted_run))
    assert json.loads(json.dumps(plain)) == plain


def test_a_halted_step_has_no_point_and_the_reason(halted_run: list[Event]) -> None:
    step = document_of(halted_run).steps[2]
    assert (step.status, step.point, step.located_by) == ("failed", None, ())
    assert step.message == "it is called “Store” now"


def test_a_step_that_never_ended_counts_as_failed(finished_run: list[Event]) -> None:
    document = document_of(finished_run[:3])
    assert document.outcome == "failed"
    assert document.reason == "the run ended without saying how"
    assert document.steps[0].status == "failed"
    assert document.steps[0].message == "the run ended before this step did"


def test_a_modified_step_is_reported_as_it_was_carried_out(finished_run: list[Event]) -> None:
    other = Step("z", Click("right"))
    changed = [
        *finished_run[:3],
        ApprovalAsked(index=1, risk="reversible"),
        ApprovalDecided(index=1, decision=Decision("modify", "person", step=other)),
        *finished_run[4:],
    ]
    assert document_of(changed).steps[0].action == Click("right")


def test_a_step_proposed_again_is_told_by_its_newest_attempt(finished_run: list[Event]) -> None:
    again = [
        *finished_run[:-1],
        StepProposed(index=2, step=Step("z", Click())),
        StepEnded(index=2, status="repaired", verified=True),
        finished_run[-1],
    ]
    step = document_of(again).steps[1]
    assert (step.status, step.action, step.approval) == ("repaired", Click(), None)


def test_pauses_and_progress_change_nothing(finished_run: list[Event]) -> None:
    chatty = [finished_run[0], Progress(text="starting"), Paused(index=1), *finished_run[1:]]
    assert document_of(chatty) == document_of(finished_run)


def test_events_that_are_not_a_run_are_refused(finished_run: list[Event]) -> None:
    with pytest.raises(BadInputError, match="no events of a run"):
        story_of([])
    with pytest.raises(BadInputError, match="do not begin with its start"):
        story_of(finished_run[1:])
    with pytest.raises(BadInputError, match="step 1 goes on but was never proposed"):
        story_of([finished_run[0], finished_run[2]])


def test_rows_are_summed_up(finished_run: list[Event], halted_run: list[Event]) -> None:
    stopped = [*finished_run[:-1], RunEnded(outcome="stopped", reason="the pointer moved", elapsed_ms=10)]
    plain = to_plain(rows_of([document_of(run) for run in (finished_run, halted_run, stopped)]))
    assert plain["summary"] == {"rows": 3, "finished": 1, "failed": 1, "stopped": 1, "elapsed_ms": 22244.6}
