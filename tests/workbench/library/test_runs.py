"""Runs: appended as they happen, chained, and listed with their trajectory."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.actions import Click
from workbench.errors import BadInputError
from workbench.events import Event, Progress, RunEnded, RunStarted, StepEnded, StepProposed
from workbench.geometry import Point
from workbench.library.store import Library
from workbench.trajectory import Step

STARTED = RunStarted(number=1, run="r1", trajectory="one", title="Add numbers", revision=3, epoch_s=50.0)


def test_events_are_appended_and_come_back_in_order(library):
    library.save_run("r1", [STARTED])
    library.save_run("r1", [Progress(number=2, text="a"), Progress(number=3, text="b")])
    library.save_run("r1", [])
    assert [event.number for event in library.run_events("r1")] == [1, 2, 3]
    assert library.verify() == []


def test_a_summary_says_how_it_began_and_ended(library):
    library.save_run("r1", [STARTED])
    (live,) = library.runs("one")
    assert (live.trajectory, live.revision, live.title, live.started, live.outcome) == (
        "one",
        3,
        "Add numbers",
        50.0,
        None,
    )
    library.save_run("r1", [RunEnded(outcome="failed", reason="missing", elapsed_ms=7.0)])
    (ended,) = library.runs("one")
    assert (ended.outcome, ended.reason, ended.elapsed_ms) == ("failed", "missing", 7.0)


def test_runs_are_listed_by_trajectory_newest_first(library):
    for number, trajectory in enumerate(("one", "two", "one", None)):
        library.save_run(
            f"r{number}", [RunStarted(run=f"r{number}", trajectory=trajectory, title="", epoch_s=number + 1.0)]
        )
    assert [run.id for run in library.runs("one")] == ["r2", "r0"]
    assert [run.id for run in library.runs()] == ["r3", "r2", "r1", "r0"]


def test_frames_of_a_run_are_kept_while_the_run_is(library, picture, a_trajectory):
    library.save(a_trajectory("one"))
    library.save(a_trajectory("two"))
    seen, expected = (library.frames.put(picture(seed), origin=Point(0, 0)) for seed in (1, 2))
    library.save_run("r1", [STARTED, StepProposed(index=1, step=Step("s", Click()), frame=seen)])
    library.save_run("r1", [StepEnded(index=1, status="done", expected=expected)])
    library.delete("two")
    assert library.verify() == []
    library.delete("one")
    assert list(library.frames.all()) == []
    assert library.runs() == []


def test_an_unknown_run_is_said(library):
    with pytest.raises(BadInputError, match="no run 'nope'"):
        library.run_events("nope")
    with pytest.raises(BadInputError, match="cannot be an id"):
        library.save_run("../r", [])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_event_comes_back_unchanged(any_of, tmp_path_factory, data):
    events = data.draw(st.lists(any_of(Event, st.sampled_from(["a" * 32, "b" * 32])), min_size=1, max_size=3))
    with Library.open(tmp_path_factory.getbasetemp() / "any-run") as library:
        run = library.new_id()
        library.save_run(run, events)
        assert library.run_events(run) == events
