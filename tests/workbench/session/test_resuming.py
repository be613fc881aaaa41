"""What a resumed run is told: what is done, what nobody can know, and what was planned."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from workbench.actions import Click, TypeText
from workbench.errors import BadInputError
from workbench.events import (
    Event,
    MemoryChanged,
    Progress,
    RunEnded,
    RunStarted,
    StepActing,
    StepEnded,
    StepKept,
    StepProposed,
)
from workbench.library.store import Library
from workbench.session.resuming import carried, named_run, resumable, resumption_of
from workbench.trajectory import Step, Trajectory

BECOMES = Trajectory("t1", "Say hello", task="say hello", source="agent")
STARTED = RunStarted(run="r1", trajectory="t1", title="Say hello", task="say hello", becomes=BECOMES)


def acting(index: int) -> StepActing:
    return StepActing(index=index, step=Step(f"s{index}", TypeText(f"word {index}")))


def ended(index: int, status: str = "done") -> StepEnded:
    return StepEnded(index=index, status=status, verified=status == "done", message=status)  # type: ignore[arg-type]  # a status as words


def kept(index: int, status: str = "done") -> StepKept:
    return StepKept(index=index, step=Step(f"s{index}", TypeText(f"kept {index}")), status=status)  # type: ignore[arg-type]  # a status as words


def test_steps_that_are_over_are_known_as_the_trajectory_kept_them() -> None:
    found = resumption_of([STARTED, acting(1), kept(1), ended(1), acting(2), ended(2)])
    assert [(step.index, step.step.action) for step in found.done] == [(1, TypeText("kept 1")), (2, TypeText("word 2"))]
    assert (found.unsure, found.warning, found.next_index, found.outcome) == (None, "", 3, None)


@pytest.mark.parametrize("end", [[], [ended(2, "skipped"), RunEnded(outcome="stopped")]])
def test_a_step_that_had_begun_and_did_not_come_to_its_end_may_or_may_not_have_happened(end: list[Event]) -> None:
    found = resumption_of([STARTED, acting(1), kept(1), ended(1), acting(2), *end])
    assert [step.index for step in found.done] == [1]
    assert found.unsure is not None
    assert found.unsure.index == 2
    assert found.warning.startswith("step 2 (type “word 2”) may or may not have happened")
    assert found.next_index == 3


def test_a_step_that_was_proposed_and_not_begun_did_not_happen() -> None:
    proposed = StepProposed(index=2, step=Step("s2", Click()))
    found = resumption_of([STARTED, acting(1), ended(1), proposed, ended(2, "skipped")])
    assert found.unsure is None
    assert [step.index for step in found.done] == [1]
    assert found.next_index == 2


def test_a_step_without_its_effect_is_neither_done_nor_unsure() -> None:
    found = resumption_of([STARTED, acting(1), kept(1, "failed"), ended(1, "failed")])
    assert (found.done, found.unsure) == ((), None)
    assert [(step.index, step.message) for step in found.failed] == [(1, "failed")]


def test_what_the_planner_remembered_comes_back_in_order_with_a_gap_for_what_was_forgotten() -> None:
    changes = [MemoryChanged(change={"words": str(number)} if number else {}) for number in (1, 0, 2)]
    assert resumption_of([STARTED, *changes]).changes == ({"words": "1"}, {}, {"words": "2"})


def test_a_resumed_run_can_be_resumed_without_the_first_one() -> None:
    first = resumption_of([STARTED, MemoryChanged(change={"a": 1}), acting(1), kept(1), ended(1), acting(2)])
    again = resumption_of([STARTED, *carried(first), acting(3), kept(3), ended(3)])
    assert [step.index for step in again.done] == [1, 3]
    assert (again.changes, again.next_index) == (first.changes, 4)


def test_events_that_are_not_those_of_a_run_are_refused() -> None:
    with pytest.raises(BadInputError, match="do not begin with its start"):
        resumption_of([Progress(text="a")])


def test_only_a_run_that_is_whole_over_and_not_finished_is_resumed(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        log = library.begin_run(STARTED)
        with pytest.raises(BadInputError, match="still going on; stop it first"):
            resumable(library, "r1")
        log.append(acting(1))
        log.close()
        assert resumable(library, "r1").unsure is not None
        library.end_run("r1", RunEnded(outcome="finished"))
        with pytest.raises(BadInputError, match="finished; there is nothing"):
            resumable(library, "r1")
        with pytest.raises(BadInputError, match="no run 'r2' here"):
            resumable(library, "r2")


AGAIN = replace(STARTED, run="r2", resumes="r1", becomes=replace(BECOMES, id="t2"), trajectory="t2")


def test_a_run_is_gone_on_with_once_and_the_refusal_names_who_did(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.begin_run(STARTED).close()
        log = library.begin_run(AGAIN)
        with pytest.raises(BadInputError, match="the run r2 is going on with r1 already; wait for its end, or stop it"):
            resumable(library, "r1")
        with pytest.raises(BadInputError, match="the run r1 was gone on with by run r2; go on with that one"):
            library.begin_run(replace(AGAIN, run="r3", becomes=replace(BECOMES, id="t3")))
        assert [run.id for run in library.runs()] == ["r2", "r1"]
        log.close()
        with pytest.raises(BadInputError, match=r"r2 went on with r1 already; .* workbench-cli run --resume r2"):
            resumable(library, "r1")
        assert resumable(library, "r2").run == "r2"
        library.end_run("r2", RunEnded(outcome="finished"))
        with pytest.raises(BadInputError, match="r2 went on with r1 and finished; there is nothing to go on with"):
            resumable(library, "r1")


def test_a_run_is_found_by_its_id_or_by_its_trajectory_s_id_beginning_or_title(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.begin_run(replace(STARTED, epoch_s=1.0)).close()
        assert [named_run(library, name) for name in ("r1", "t1", "t", "Say hello")] == ["r1"] * 4
        library.begin_run(replace(AGAIN, epoch_s=2.0)).close()
        assert (named_run(library, "Say hello"), named_run(library, "r1")) == ("r2", "r1")
        assert [run.id for run in library.broken_off()] == ["r2"]
        library.end_run("r2", RunEnded(outcome="finished"))
        assert library.broken_off() == []
        with pytest.raises(BadInputError, match="no run of 't2' broke off; there is nothing to go on with"):
            named_run(library, "t2")
        with pytest.raises(BadInputError, match="no run 'Rome' here, and no trajectory is called 'Rome'"):
            named_run(library, "Rome")


def test_a_replay_of_a_trajectory_is_not_one_of_its_runs_that_can_be_gone_on_with(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.begin_run(STARTED).close()
        library.save_run("r9", [replace(STARTED, run="r9", becomes=None), RunEnded(outcome="failed")])
        assert [run.id for run in library.broken_off("t1")] == ["r1"]


def test_a_run_whose_log_was_changed_is_not_resumed(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.save_run("r1", [STARTED, Progress(number=3, text="a"), Progress(number=2, text="b")])
        with pytest.raises(BadInputError, match="cannot be trusted: run r1, event 3: it says that it is number 2"):
            resumable(library, "r1")
