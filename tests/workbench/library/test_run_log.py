"""The log of a run: durable before anything is done, chained, kept whole by purging, and usable after any death."""

import os
import signal
import sqlite3
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import Click, TypeText
from workbench.errors import BadInputError
from workbench.events import (
    EventsPurged,
    MemoryChanged,
    Progress,
    RunEnded,
    RunStarted,
    StepActing,
    StepEnded,
    StepKept,
    StepProposed,
)
from workbench.geometry import Point
from workbench.library import chain
from workbench.library.run_log import RunLog
from workbench.library.store import Library
from workbench.trajectory import Observation, Step, Trajectory

WORD = "Xylophonqueue"
BECOMES = Trajectory("t1", "Add numbers", task="add", source="agent", created=5.0, platform="linux", commands=("calc",))
STARTED = RunStarted(number=1, run="r1", trajectory="t1", title="Add numbers", task="add", becomes=BECOMES)
REPLAYED = RunStarted(number=1, run="r1", trajectory="t1", title="Add numbers")


def kept(index: int, text: str = "seven", *, frame: str | None = None) -> StepKept:
    step = Step(f"s{index}", TypeText(text), Observation(frame=frame), description=f"type {text}")
    return StepKept(index=index, step=step, status="done", at_ms=index * 1000.0)


@pytest.fixture
def purged(library) -> Library:
    """A finished run of three steps, of which the second typed a word that was purged."""
    log = library.begin_run(STARTED)
    for index, text in enumerate(("one", WORD, "two"), 1):
        log.append(StepActing(index=index, step=kept(index, text).step))
        log.append(kept(index, text))
        log.append(StepEnded(index=index, status="done", message=f"typed {text}"))
    log.append(RunEnded(outcome="finished"))
    log.finish()
    library.purge_text("t1", WORD)
    return library


def test_the_trajectory_of_a_run_is_listed_with_its_steps_while_the_run_goes_on(library):
    log = library.begin_run(STARTED)
    for index in (1, 2):
        log.append(kept(index))
        log.append(StepEnded(index=index, status="done"))
    (listed,) = library.summaries()
    assert (listed.id, listed.source, listed.steps, listed.state, listed.seconds) == (
        "t1",
        "agent",
        2,
        "recording",
        2.0,
    )
    assert library.unfinished() == library.unfinished_runs() == []
    assert library.is_running("r1")
    log.close()
    assert library.summaries()[0].state == "broken"
    assert library.unfinished_runs() == ["r1"]


def test_finishing_makes_the_first_revision_of_the_kept_steps(library):
    log = library.begin_run(STARTED)
    log.append(kept(1))
    log.append(StepEnded(index=1, status="done"))
    log.append(RunEnded(outcome="finished", at_ms=4000.0))
    saved = log.finish()
    assert saved == library.get("t1") == replace(BECOMES, steps=(kept(1).step,), seconds=4.0, revision=1)
    assert not library.is_running("r1")
    assert [hit.step for hit in library.search("seven")] == [1]
    assert library.verify() == []


def test_a_run_that_becomes_nothing_makes_no_trajectory(library):
    log = library.begin_run(REPLAYED)
    log.append(RunEnded(outcome="finished"))
    assert log.finish() is None
    assert library.summaries() == []


def test_what_counts_is_written_at_once_and_the_rest_with_it(library):
    log = library.begin_run(REPLAYED)
    log.append(Progress(number=2, text="looking"))
    log.append(StepProposed(number=3, index=1, step=Step("s1", Click())))
    assert len(library.run_events("r1")) == 1
    log.append(StepActing(number=4, index=1, step=Step("s1", Click())))
    assert [event.number for event in library.run_events("r1")] == [1, 2, 3, 4]
    log.close()


KEPT_AND_ACTING = """
import sys
from pathlib import Path
from workbench.actions import Click
from workbench.events import RunStarted, StepActing, StepEnded, StepKept
from workbench.library.run_log import RunLog
from workbench.trajectory import Step, Trajectory

becomes = Trajectory("t1", "Add numbers", source="agent")
log = RunLog.begin(Path(sys.argv[1]), RunStarted(run="r1", trajectory="t1", title="Add numbers", becomes=becomes))
for index in (1, 2, 3, 4):
    step = Step(f"s{index}", Click())
    log.append(StepActing(index=index, step=step))
    if index < 4:
        log.append(StepKept(index=index, step=step, status="done"))
        log.append(StepEnded(index=index, status="done"))
print("acting", flush=True)
sys.stdin.read()
"""


def test_a_killed_writer_leaves_a_run_that_recovers_with_every_kept_step(library, python):
    writer = subprocess.Popen(
        [python, "-c", KEPT_AND_ACTING, str(library.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"acting\n"
        assert library.is_running("r1")
        assert library.recover_runs() == []
        os.kill(writer.pid, signal.SIGKILL)
    (recovered,) = library.recover_runs()
    assert [step.id for step in recovered.steps] == ["s1", "s2", "s3"]
    assert isinstance(library.run_events("r1")[-1], StepActing)
    assert library.recover_runs() == []
    assert library.verify() == []


def test_the_end_of_a_run_whose_process_died_is_said_once_by_another(library):
    log = library.begin_run(STARTED)
    log.append(kept(1))
    ended = RunEnded(outcome="failed", reason="the process of the run ended with signal 9")
    library.end_run("r1", ended)
    assert library.runs()[0].outcome is None, "a process that lives says it itself"
    log.close()
    library.end_run("r1", ended)
    library.end_run("r1", RunEnded(outcome="finished"))
    assert library.runs()[0].reason == ended.reason
    assert len(library.get("t1").steps) == 1
    library.end_run("unknown", ended)
    assert [run.id for run in library.runs()] == ["r1"]


def test_a_run_has_one_writer_and_its_id_is_used_once(library):
    log = library.begin_run(REPLAYED)
    with pytest.raises(BadInputError, match="going on already"):
        library.begin_run(REPLAYED)
    with pytest.raises(BadInputError, match="going on and writes its log itself"):
        library.save_run("r1", [Progress(text="a")])
    log.close()
    with pytest.raises(BadInputError, match="there is a run r1 already"):
        library.begin_run(REPLAYED)
    assert not library.is_running("r1")


def test_a_trajectory_that_a_run_uses_is_deleted_only_after_the_run(library, a_trajectory):
    library.save(a_trajectory("t1"))
    log = library.begin_run(REPLAYED)
    with pytest.raises(BadInputError, match="in use by a run; stop the run first"):
        library.delete("t1")
    log.close()
    library.delete("t1")
    assert library.runs() == []


def test_a_log_is_begun_in_a_library_that_exists_and_is_up_to_date(tmp_path, library):
    with pytest.raises(BadInputError, match="there is no library in"):
        RunLog.begin(tmp_path / "nowhere", STARTED)
    library.close()
    db = sqlite3.connect(library.path / "library.db")
    db.execute("PRAGMA user_version=3")
    db.close()
    with pytest.raises(BadInputError, match="older version 3: `workbench-cli list` brings it up to date"):
        RunLog.begin(library.path, STARTED)


def test_beginning_a_log_loads_nothing_heavy(library, python):
    script = (
        "import sys; from pathlib import Path; from workbench.library.run_log import RunLog;"
        "from workbench.events import RunStarted;"
        "RunLog.begin(Path(sys.argv[1]), RunStarted(run='r9', trajectory=None, title='')).close();"
        "print({'sqlite_utils', 'numpy', 'cv2'} & set(sys.modules))"
    )
    done = subprocess.run([python, "-c", script, str(library.path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_frames_of_a_run_that_goes_on_are_in_use(library, picture):
    frame = library.frames.put(picture(1), origin=Point(0, 0))
    log = library.begin_run(STARTED)
    log.append(kept(1, frame=frame))
    log.append(StepActing(index=2, step=kept(2).step, frame=frame))
    library.frames.path(frame).unlink()
    (problem,) = library.verify()
    assert problem.where == f"frame {frame}"
    assert "run r1 refers to it in event 2" in problem.what
    log.close()


def test_purging_keeps_the_chain_whole_and_leaves_no_byte(purged, bytes_in):
    assert purged.verify() == []
    assert bytes_in(purged.path, WORD) == []
    assert [step.action.text for step in purged.get("t1").steps] == ["one", "▇▇▇", "two"]
    last = purged.run_events("r1")[-1]
    assert isinstance(last, EventsPurged)
    assert last.events == (5, 6, 7)


def test_purging_twice_leaves_whole_what_was_purged_before(purged, bytes_in):
    purged.purge_text("t1", "two")
    purged.purge_text("t1", "▇▇▇", replacement="(removed)")
    assert purged.verify() == []
    assert bytes_in(purged.path, "two") == []
    assert purged.run_events("r1")[5].step.action.text == "(removed)"


def test_a_guess_of_what_was_purged_is_not_proven_by_what_is_left(library):
    log = library.begin_run(REPLAYED)
    log.append(MemoryChanged(change={"words": WORD}))
    log.close()
    db = sqlite3.connect(library.path / "library.db")
    rows = "SELECT body, salt, payload FROM run_events WHERE position = 2"
    body, salt, payload = db.execute(rows).fetchone()
    assert chain.payload_of(salt, body) == payload
    library.save(Trajectory("t1", "Add numbers"))
    library.purge_text("t1", WORD)
    assert db.execute("SELECT count(*) FROM run_events WHERE instr(salt, ?)", [salt]).fetchone() == (0,)
    assert db.execute(rows).fetchone()[2] == payload
    db.close()


def test_content_changed_after_it_was_purged_is_found(purged):
    db = sqlite3.connect(purged.path / "library.db")
    db.execute("UPDATE run_events SET body = replace(body, '▇▇▇', 'sent') WHERE position = 5")
    db.commit()
    db.close()
    (problem,) = purged.verify()
    assert (problem.where, problem.what) == ("run r1, event 5", "it was changed after it was written")


def links_of(bodies: list[str]) -> list[chain.Link]:
    found: list[chain.Link] = []
    for position, body in enumerate(bodies, 1):
        sealed = chain.seal(body)
        previous = found[-1].digest if found else ""
        link = chain.link(previous, position, sealed.payload)
        found.append(chain.Link(position, body, sealed.salt, sealed.payload, link))
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_event_can_be_changed_dropped_or_moved_unnoticed(data):
    bodies = data.draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=2, max_size=6))
    whole = links_of([f'{{"kind":"progress","text":"{body}"}}' for body in bodies])
    last = whole[-1].digest
    assert list(chain.flaws(whole, last)) == []
    at = data.draw(st.integers(0, len(whole) - 1))
    match data.draw(st.sampled_from(["change", "drop", "move", "cut"])):
        case "change":
            forged = chain.Link(whole[at].position, whole[at].body + " ", *list(vars(whole[at]).values())[2:])
            broken = [*whole[:at], forged, *whole[at + 1 :]]
        case "drop":
            broken = [*whole[:at], *whole[at + 1 :]]
        case "move":
            other = (at + 1) % len(whole)
            swapped = {at: whole[other], other: whole[at]}
            broken = [
                chain.Link(one.position, *list(vars(swapped.get(place, one)).values())[1:])
                for place, one in enumerate(whole)
            ]
        case _:
            broken = whole[:at]
    assert list(chain.flaws(broken, last)) != []


def test_the_numbers_that_events_give_themselves_rise(library):
    library.save_run("r1", [replace(REPLAYED, number=1), Progress(number=3, text="a"), Progress(number=2, text="b")])
    (problem,) = library.verify()
    assert problem.where == "run r1, event 3"
    assert "says that it is number 2, after number 3" in problem.what
