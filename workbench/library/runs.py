"""Runs: the events of a replay or an agent's run, appended as they happen and chained by digest."""

import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.codec import from_json
from workbench.errors import BadInputError
from workbench.events import ApprovalDecided, Event, RunEnded, RunStarted, StepEnded, StepLocated, StepProposed
from workbench.library.records import RunSummary, check_id, storable, written
from workbench.trajectory import FrameId, Step, Trajectory, frames_of

if TYPE_CHECKING:
    import sqlite_utils


def append(db: "sqlite_utils.Database", run_id: str, events: Sequence[Event]) -> None:
    """Append events to the run, which is created by its first ones."""
    check_id(run_id)
    if not db.execute("SELECT 1 FROM runs WHERE id = ?", [run_id]).fetchone():
        _create(db, run_id)
    last = db.execute(
        "SELECT position, digest FROM run_events WHERE run = ? ORDER BY position DESC LIMIT 1", [run_id]
    ).fetchone()
    position, previous = last or (0, "")
    for event in events:
        position += 1
        body = written(_without_refs(event), Event, what=f"event {position} of run {run_id}")  # type: ignore[arg-type]  # a union is no type[T]
        previous = _insert(db, run_id, position, body, previous)
        _summarise(db, run_id, event)
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


def decode(body: str) -> Event:
    """One stored event; raises `BadInputError` when it is damaged."""
    event: Event = from_json(body, Event, what="an event of a run")  # type: ignore[arg-type]  # a union is no type[T]
    return event


def summaries(db: "sqlite_utils.Database", trajectory_id: str | None) -> list[RunSummary]:
    """The runs of the trajectory, or all, newest first."""
    rows = db.execute(
        "SELECT id, trajectory, revision, title, started, outcome, reason, elapsed_ms FROM runs"
        " WHERE ?1 IS NULL OR trajectory = ?1 ORDER BY started DESC, id DESC",
        [trajectory_id],
    )
    return [RunSummary(*row) for row in rows]


def ids_of(db: "sqlite_utils.Database", trajectory_id: str) -> list[str]:
    """The ids of the trajectory's runs."""
    return [row[0] for row in db.execute("SELECT id FROM runs WHERE trajectory = ?", [trajectory_id])]


def remove(db: "sqlite_utils.Database", run_id: str) -> None:
    """Remove the run and its events."""
    db.execute("DELETE FROM run_events WHERE run = ?", [run_id])
    db.execute("DELETE FROM run_frames WHERE run = ?", [run_id])
    db.execute("DELETE FROM runs WHERE id = ?", [run_id])


def rewrite(db: "sqlite_utils.Database", run_id: str, change: Callable[[list[str]], list[str]]) -> int:
    """Replace the bodies of all events by what `change` makes of them, chain them anew; how many differ."""
    old: list[str] = [
        row[0] for row in db.execute("SELECT body FROM run_events WHERE run = ? ORDER BY position", [run_id])
    ]
    new = change(old)
    changed = sum(before != after for before, after in zip(old, new, strict=True))
    if not changed:
        return 0
    db.execute("DELETE FROM run_events WHERE run = ?", [run_id])
    db.execute("DELETE FROM run_frames WHERE run = ?", [run_id])
    previous = ""
    for position, body in enumerate(new, 1):
        previous = _insert(db, run_id, position, body, previous)
        _summarise(db, run_id, decode(body))
    use_frames(db, run_id, [decode(body) for body in new])
    return changed


def broken_at(db: "sqlite_utils.Database", run_id: str) -> int | None:
    """The position of the first event that is missing, changed or unreadable; None when all are well."""
    previous = ""
    rows = db.execute(
        "SELECT position, body, previous, digest FROM run_events WHERE run = ? ORDER BY position", [run_id]
    )
    for expected, (position, body, stored_previous, digest) in enumerate(rows, 1):
        if position != expected or stored_previous != previous or digest != _digest(previous, position, body):
            return expected
        previous = digest
    return None


def frames(event: Event) -> set[FrameId]:
    """Every frame that the event refers to."""
    found: set[FrameId | None] = set()
    if isinstance(event, StepProposed | StepLocated | StepEnded):
        found.add(event.frame)
    if isinstance(event, StepEnded):
        found.add(event.expected)
    step = _step_of(event)
    if step:
        found |= frames_of(Trajectory("", "", (step,)))
    return {frame for frame in found if frame}


def use_frames(db: "sqlite_utils.Database", run_id: str, events: Sequence[Event]) -> None:
    """Remember which frames the run refers to."""
    rows = sorted({(run_id, frame) for event in events for frame in frames(event)})
    db.conn.executemany("INSERT OR IGNORE INTO run_frames (run, frame) VALUES (?, ?)", rows)


def _create(db: "sqlite_utils.Database", run_id: str) -> None:
    row = {"id": run_id, "trajectory": None, "revision": 0, "title": "", "started": time.time()}
    db["runs"].insert(row | {"outcome": None, "reason": None, "elapsed_ms": 0.0})


def _summarise(db: "sqlite_utils.Database", run_id: str, event: Event) -> None:
    match event:
        case RunStarted():
            row = {"trajectory": event.trajectory, "revision": event.revision, "title": event.title}
            db["runs"].update(run_id, row | {"started": event.epoch_s or time.time()})
        case RunEnded():
            ended = {"outcome": event.outcome, "reason": event.reason, "elapsed_ms": event.elapsed_ms}
            db["runs"].update(run_id, ended)
        case _:
            pass


def _step_of(event: Event) -> Step | None:
    if isinstance(event, StepProposed):
        return event.step
    return event.decision.step if isinstance(event, ApprovalDecided) else None


def _without_refs(event: Event) -> Event:
    if isinstance(event, StepProposed):
        return replace(event, step=_storable(event.step))
    if isinstance(event, ApprovalDecided) and event.decision.step:
        return replace(event, decision=replace(event.decision, step=_storable(event.decision.step)))
    return event


def _storable(step: Step) -> Step:
    return storable(Trajectory("", "", (step,)), 0).steps[0]


def _insert(db: "sqlite_utils.Database", run_id: str, position: int, body: str, previous: str) -> str:
    digest = _digest(previous, position, body)
    db.execute(
        "INSERT INTO run_events (run, position, body, previous, digest) VALUES (?, ?, ?, ?, ?)",
        [run_id, position, body, previous, digest],
    )
    return digest


def _digest(previous: str, position: int, body: str) -> str:
    return blake2b(f"{previous}\n{position}\n{body}".encode(), digest_size=16).hexdigest()
