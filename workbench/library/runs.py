"""Runs: the events of a replay or an agent's run, appended as they happen and chained (`workbench.library.chain`).

A run that becomes a trajectory is listed from its first event, with as many steps as were kept; its first revision is
made of the kept steps when it ends, or when somebody finds that its process has died.
"""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.errors import BadInputError
from workbench.events import (
    ApprovalAsked,
    ApprovalDecided,
    Event,
    EventsPurged,
    ExperienceLent,
    RunEnded,
    RunStarted,
    StepActing,
    StepEnded,
    StepKept,
    StepProposed,
)
from workbench.library import chain, learning, revisions
from workbench.library.chain import Flaw, Link
from workbench.library.reaching import reached
from workbench.library.records import RunSummary, check_id, storable, without_ref, written
from workbench.trajectory import FrameId, Step, Trajectory, frames_of

if TYPE_CHECKING:
    import sqlite_utils

decode = chain.decode

_NEWEST = "SELECT body FROM run_events WHERE run = ? ORDER BY position DESC"


def begin(db: "sqlite_utils.Database", started: RunStarted) -> None:
    """Append the first event and list the trajectory that the run becomes; raises `BadInputError` for a taken id."""
    check_id(started.run)
    if db.execute("SELECT 1 FROM runs WHERE id = ?", [started.run]).fetchone():
        raise BadInputError(f"there is a run {started.run} already; give this one a new id")
    if started.becomes is not None:
        check_id(started.becomes.id)
        revisions.refuse_taken(db, started.becomes.id)
        revisions.insert_row(db, started.becomes)
    later = resumed_by(db, started.resumes) if started.resumes else None
    if later is not None:
        raise BadInputError(f"the run {started.resumes} was gone on with by run {later}; go on with that one")
    append(db, started.run, [started])


def append(db: "sqlite_utils.Database", run_id: str, events: Sequence[Event]) -> None:
    """Append events to the run, which is created by its first ones."""
    check_id(run_id)
    if not db.execute("SELECT 1 FROM runs WHERE id = ?", [run_id]).fetchone():
        _create(db, run_id)
    position, last = _end(db, run_id)
    for event in events:
        position += 1
        body = written(_without_refs(event), Event, what=f"event {position} of run {run_id}")  # type: ignore[arg-type]  # a union is no type[T]
        last = _insert(db, run_id, (position, body), last)
        _summarise(db, run_id, event)
    db.execute("UPDATE runs SET last = ? WHERE id = ?", [last, run_id])
    _count_kept(db, run_id, events)
    _note_loans(db, run_id, events)
    use_frames(db, run_id, events)
    db.execute(
        "UPDATE trajectories SET touched = ? WHERE id = (SELECT trajectory FROM runs WHERE id = ?)",
        [time.time(), run_id],
    )


def read(db: "sqlite_utils.Database", run_id: str) -> list[Event]:
    """All events of the run; raises `BadInputError` for an unknown one."""
    if not db.execute("SELECT 1 FROM runs WHERE id = ?", [run_id]).fetchone():
        raise BadInputError(f"no run {run_id[:80]!r} here; runs of a trajectory are listed with it")
    rows = db.execute("SELECT body FROM run_events WHERE run = ? ORDER BY position", [run_id])
    return [decode(row[0]) for row in rows]


def summaries(db: "sqlite_utils.Database", trajectory_id: str | None) -> list[RunSummary]:
    """The runs of the trajectory, or all, newest first."""
    rows = db.execute(
        "SELECT id, trajectory, revision, title, started, outcome, reason, elapsed_ms FROM runs"
        " WHERE ?1 IS NULL OR trajectory = ?1 ORDER BY started DESC, id DESC",
        [trajectory_id],
    )
    return [RunSummary(*row) for row in rows]


def resumed_by(db: "sqlite_utils.Database", run_id: str) -> str | None:
    """The newest run that goes on with this one, or went on with it; None where there is none."""
    row = db.execute(
        "SELECT runs.id FROM runs JOIN run_events first ON first.run = runs.id AND first.position = 1"
        " WHERE CASE WHEN json_valid(first.body) THEN json_extract(first.body, '$.resumes') END = ?"
        " ORDER BY runs.started DESC, runs.id DESC LIMIT 1",
        [run_id],
    ).fetchone()
    return row[0] if row else None


def broken_off(db: "sqlite_utils.Database", trajectory_id: str | None) -> list[RunSummary]:
    """The runs of a model that did not finish and that no other run went on with, newest first; some may go on."""
    found = [run for run in summaries(db, trajectory_id) if run.outcome != "finished" and _becomes_any(db, run.id)]
    return [run for run in found if resumed_by(db, run.id) is None]


def ids_of(db: "sqlite_utils.Database", trajectory_id: str) -> list[str]:
    """The ids of the trajectory's runs."""
    return [row[0] for row in db.execute("SELECT id FROM runs WHERE trajectory = ?", [trajectory_id])]


def ids_taking(db: "sqlite_utils.Database", trajectory_id: str) -> list[str]:
    """The ids of the trajectory's runs, and of replays of others that called it and so have its steps in their logs."""
    rows = db.execute(
        "SELECT runs.id FROM runs JOIN run_events first ON first.run = runs.id AND first.position = 1"
        " WHERE instr(first.body, :mark) AND json_valid(first.body)"
        " AND json_extract(first.body, :place) IS NOT NULL",
        {"mark": f'"{trajectory_id}":', "place": f'$.order.read."{trajectory_id}"'},
    ).fetchall()
    return list(dict.fromkeys([*ids_of(db, trajectory_id), *(row[0] for row in rows)]))


def remove(db: "sqlite_utils.Database", run_id: str) -> None:
    """Remove the run and its events."""
    db.execute("DELETE FROM run_events WHERE run = ?", [run_id])
    db.execute("DELETE FROM run_frames WHERE run = ?", [run_id])
    db.execute("DELETE FROM uses WHERE run = ?", [run_id])
    db.execute("DELETE FROM runs WHERE id = ?", [run_id])


def rewrite(db: "sqlite_utils.Database", run_id: str, change: Callable[[list[str]], list[str]]) -> int:
    """Replace the bodies of all events by what `change` makes of them; how many differ.

    The chain stays as it is: the replaced bodies go with their salts, and an event at its end vouches for the new ones.
    """
    old = [one.body for one in links(db, run_id)]
    new = change(old)
    changed = [at for at, (before, after) in enumerate(zip(old, new, strict=True), 1) if before != after]
    if not changed:
        return 0
    payloads = tuple(_reseal(db, run_id, at, new[at - 1]) for at in changed)
    db.execute("DELETE FROM run_frames WHERE run = ?", [run_id])
    events = [decode(body) for body in new]
    for event in events:
        _summarise(db, run_id, event)
    use_frames(db, run_id, events)
    append(db, run_id, [EventsPurged(events=tuple(changed), payloads=payloads)])
    return len(changed)


def links(db: "sqlite_utils.Database", run_id: str) -> list[Link]:
    """The run's events as they are stored."""
    rows = db.execute(
        "SELECT position, body, salt, payload, digest FROM run_events WHERE run = ? ORDER BY position", [run_id]
    )
    return [Link(*row) for row in rows]


def flaws(db: "sqlite_utils.Database", run_id: str) -> list[Flaw]:
    """Everything that is wrong with the run's events."""
    stored = links(db, run_id)
    found = list(chain.flaws(stored, db.execute("SELECT last FROM runs WHERE id = ?", [run_id]).fetchone()[0]))
    return found or _flaws_of_frames(db, run_id, stored)


def unfinished(db: "sqlite_utils.Database") -> list[str]:
    """The runs whose trajectory has no revision yet, oldest first; some of them may still go on."""
    rows = db.execute(
        "SELECT runs.id FROM runs JOIN trajectories t ON t.id = runs.trajectory WHERE t.head = 0"
        " AND t.id NOT IN (SELECT trajectory FROM recordings) ORDER BY runs.started, runs.id"
    )
    return [row[0] for row in rows]


def complete(db: "sqlite_utils.Database", run_id: str) -> Trajectory | None:
    """Store the first revision of the trajectory that the run becomes; None where it becomes none or has one."""
    row = db.execute("SELECT body FROM run_events WHERE run = ? AND position = 1", [run_id]).fetchone()
    started = decode(row[0]) if row else None
    if not isinstance(started, RunStarted) or started.becomes is None or revisions.head_of(db, started.becomes.id):
        return None
    last = decode(db.execute(f"{_NEWEST} LIMIT 1", [run_id]).fetchone()[0])
    found = replace(
        started.becomes,
        steps=_kept_steps(db, run_id),
        seconds=round(last.at_ms / 1000, 3),
        purges=revisions.purges_of(db, started.becomes.id) or 0,
    )
    return revisions.append(db, found, parent=0, note="")


def frames(event: Event) -> set[FrameId]:
    """Every frame that the event refers to."""
    found: set[FrameId | None] = {getattr(event, "frame", None)}
    if isinstance(event, StepEnded):
        found.add(event.expected)
    step = _step_of(event)
    if step:
        found |= frames_of(Trajectory("", "", (step,)))
    if isinstance(event, RunStarted) and event.becomes:
        found |= frames_of(event.becomes)
    return {frame for frame in found if frame}


def use_frames(db: "sqlite_utils.Database", run_id: str, events: Sequence[Event]) -> None:
    """Remember which frames the run refers to."""
    rows = sorted({(run_id, frame) for event in events for frame in frames(event)})
    db.conn.executemany("INSERT OR IGNORE INTO run_frames (run, frame) VALUES (?, ?)", rows)


def _kept_steps(db: "sqlite_utils.Database", run_id: str) -> tuple[Step, ...]:
    """The steps of the trajectory, without reading the other events: there are six to a step."""
    rows = db.execute(
        "SELECT body FROM run_events WHERE run = ? AND instr(body, '\"step-kept\"') ORDER BY position", [run_id]
    )
    events = (decode(row[0]) for row in rows)
    return tuple(event.step for event in events if isinstance(event, StepKept))


def _becomes_any(db: "sqlite_utils.Database", run_id: str) -> bool:
    """Whether the run becomes a trajectory, as those of models do and replays do not."""
    row = db.execute(
        "SELECT CASE WHEN json_valid(body) THEN json_extract(body, '$.becomes') END FROM run_events"
        " WHERE run = ? AND position = 1",
        [run_id],
    ).fetchone()
    return row is not None and row[0] is not None


def _end(db: "sqlite_utils.Database", run_id: str) -> tuple[int, str]:
    """Position and digest of the last event; 0 and empty where there is none."""
    row = db.execute(
        "SELECT position, digest FROM run_events WHERE run = ? ORDER BY position DESC LIMIT 1", [run_id]
    ).fetchone()
    return (row[0], row[1]) if row else (0, "")


def _create(db: "sqlite_utils.Database", run_id: str) -> None:
    db.execute(
        "INSERT INTO runs (id, revision, title, started, elapsed_ms) VALUES (?, 0, '', ?, 0.0)", [run_id, time.time()]
    )


def _summarise(db: "sqlite_utils.Database", run_id: str, event: Event) -> None:
    match event:
        case RunStarted():
            db.execute(
                "UPDATE runs SET trajectory = ?, revision = ?, title = ?, started = ? WHERE id = ?",
                [event.trajectory, event.revision, event.title, event.epoch_s or time.time(), run_id],
            )
        case RunEnded():
            db.execute(
                "UPDATE runs SET outcome = ?, reason = ?, elapsed_ms = ? WHERE id = ?",
                [event.outcome, event.reason, event.elapsed_ms, run_id],
            )
        case _:
            pass


def _count_kept(db: "sqlite_utils.Database", run_id: str, events: Sequence[Event]) -> None:
    """Let the list say how many steps the trajectory has got until now."""
    kept = [event for event in events if isinstance(event, StepKept)]
    if kept:
        db.execute(
            "UPDATE trajectories SET steps = steps + ?, seconds = ?"
            " WHERE head = 0 AND id = (SELECT trajectory FROM runs WHERE id = ?)",
            [len(kept), round(kept[-1].at_ms / 1000, 3), run_id],
        )


def _note_loans(db: "sqlite_utils.Database", run_id: str, events: Sequence[Event]) -> None:
    """Note what was lent to the run, and how the run went once it is over; both stand and fall with the events."""
    loans = [loan for event in events if isinstance(event, ExperienceLent) for loan in event.loans]
    learning.borrow(db, run_id, ((loan.kind, loan.lent) for loan in loans if not loan.refused))
    ended = next((event for event in events if isinstance(event, RunEnded)), None)
    if ended is not None and _becomes_any(db, run_id):
        learning.conclude(db, run_id, success=reached(ended, _ends(db, run_id)))


def _ends(db: "sqlite_utils.Database", run_id: str) -> list[StepEnded]:
    rows = db.execute(
        "SELECT body FROM run_events WHERE run = ? AND instr(body, '\"step-ended\"') ORDER BY position", [run_id]
    )
    return [event for row in rows if isinstance(event := decode(row[0]), StepEnded)]


def _step_of(event: Event) -> Step | None:
    if isinstance(event, StepProposed | StepActing | StepKept):
        return event.step
    return event.decision.step if isinstance(event, ApprovalDecided) else None


def _without_refs(event: Event) -> Event:
    if isinstance(event, StepProposed | StepActing | StepKept):
        return replace(event, step=_storable(event.step))
    if isinstance(event, ApprovalDecided) and event.decision.step:
        return replace(event, decision=replace(event.decision, step=_storable(event.decision.step)))
    if isinstance(event, ApprovalAsked):
        return replace(event, elements=tuple(filter(None, map(without_ref, event.elements))))
    return event


def _storable(step: Step) -> Step:
    return storable(Trajectory("", "", (step,)), 0).steps[0]


def _insert(db: "sqlite_utils.Database", run_id: str, event: tuple[int, str], previous: str) -> str:
    """Append a body at its position; the digest of its link."""
    position, body = event
    sealed = chain.seal(body)
    digest = chain.link(previous, position, sealed.payload)
    db.execute(
        "INSERT INTO run_events (run, position, body, salt, payload, digest) VALUES (?, ?, ?, ?, ?, ?)",
        [run_id, position, body, sealed.salt, sealed.payload, digest],
    )
    return digest


def _reseal(db: "sqlite_utils.Database", run_id: str, position: int, body: str) -> str:
    """Put another body in the place of one; what vouches for it."""
    sealed = chain.seal(body)
    db.execute(
        "UPDATE run_events SET body = ?, salt = ? WHERE run = ? AND position = ?",
        [body, sealed.salt, run_id, position],
    )
    return sealed.payload


def _flaws_of_frames(db: "sqlite_utils.Database", run_id: str, stored: Sequence[Link]) -> list[Flaw]:
    """Whether the list of frames that the run uses is what its events say."""
    used = {frame: one.position for one in reversed(stored) for frame in frames(decode(one.body))}
    listed = {row[0] for row in db.execute("SELECT frame FROM run_frames WHERE run = ?", [run_id])}
    return [
        Flaw(position, f"frame {frame} is not in the list of frames that the run uses")
        for frame, position in used.items()
        if frame not in listed
    ]
