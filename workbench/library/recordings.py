"""Recordings: raw events and sightings, appended as they come and kept for good.

A recording is listed from its first moment. Its writer holds a lock that ends with the process, so that a recording
whose writer died is known as such, whoever has got its process number since.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workbench.codec import from_json
from workbench.errors import BadInputError
from workbench.inputs import InputEvent, Sighting
from workbench.library import locks, revisions
from workbench.library.database import Database
from workbench.library.records import RecordingOpening, without_ref, written
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    import sqlite_utils

MAX_INTEGER = 2**63
"""One more than the database can hold."""


class RecordingWriter:
    """The one writer of a recording; its methods may be called from any thread, one at a time."""

    def __init__(self, database: Database, identifier: str, lock: locks.HeldLock, forget: Callable[[int], int]) -> None:
        self.id = identifier
        self._database = database
        self._lock = lock
        self._forget = forget

    def append(self, events: Sequence[InputEvent], sightings: Sequence[Sighting]) -> None:
        """Add both in one transaction; once this returns, killing the process does not lose them.

        The frames that sightings refer to were put before. Event numbers rise; a gap counts as lost events unless it
        follows what was forgotten. Raises `BadInputError` when a number was used before, `UnavailableError` when the
        disk refuses; nothing was added then.
        """
        if not events and not sightings:
            return
        new_events, new_sightings = event_rows(self.id, events), sighting_rows(self.id, sightings)
        with self._database.writing() as db:
            refuse_taken(db, self.id, events)
            insert_events(db, new_events)
            insert_sightings(db, new_sightings)
            db.execute("UPDATE trajectories SET touched = ? WHERE id = ?", [time.time(), self.id])

    def next_seq(self) -> int:
        """The number that the next event has to have."""
        with self._database.reading() as db:
            return next_seq(db, self.id)

    def forget_since(self, since_ns: int) -> int:
        """Purge what happened from that moment of the recorder's clock on; how many events went."""
        return self._forget(since_ns)

    def finish(self, trajectory: Trajectory) -> Trajectory:
        """Store the steps as the recording's first revision and end it."""
        with self._database.writing() as db:
            saved = complete(db, trajectory)
        self.close()
        return saved

    def close(self) -> None:
        """End without steps; the raw events stay and the recording counts as broken. Idempotent."""
        self._lock.release()


def lock_path(folder: Path, trajectory_id: str) -> Path:
    """The file whose lock the recording's writer holds."""
    return folder / "recordings" / f"{trajectory_id}.lock"


def begin(db: "sqlite_utils.Database", identifier: str, opening: RecordingOpening) -> None:
    """List a new recording."""
    body = written(opening, RecordingOpening, what="the recording")
    placeholder = Trajectory(identifier, opening.title, task=opening.task, created=opening.epoch_s)
    revisions.insert_row(db, placeholder)
    db["recordings"].insert({"trajectory": identifier, "opening": body})


def complete(db: "sqlite_utils.Database", trajectory: Trajectory) -> Trajectory:
    """Store the first revision of a recording; raises `BadInputError` when it has one or is none."""
    if revisions.head_of(db, trajectory.id):
        raise BadInputError(f"{trajectory.id} has its steps already; revise it instead")
    return revisions.append(db, trajectory, parent=0, note="")


def is_recorded(db: "sqlite_utils.Database", trajectory_id: str) -> bool:
    """Whether the trajectory has a recording here, with or without steps."""
    return db.execute("SELECT 1 FROM recordings WHERE trajectory = ?", [trajectory_id]).fetchone() is not None


def opening(db: "sqlite_utils.Database", trajectory_id: str) -> RecordingOpening:
    """What was known when the recording began; raises `BadInputError` when it was not recorded here."""
    revisions.head_of(db, trajectory_id)
    row = db.execute("SELECT opening FROM recordings WHERE trajectory = ?", [trajectory_id]).fetchone()
    if row is None:
        raise BadInputError(f"{trajectory_id} was not recorded here: it has no raw events")
    return from_json(row[0], RecordingOpening, what=f"the opening of {trajectory_id}")


def events(db: "sqlite_utils.Database", trajectory_id: str) -> list[InputEvent]:
    """All raw events by number."""
    rows = db.execute("SELECT body FROM events WHERE trajectory = ? ORDER BY seq", [trajectory_id])
    return [from_json(row[0], InputEvent, what=f"an event of {trajectory_id}") for row in rows]


def sightings(db: "sqlite_utils.Database", trajectory_id: str) -> list[Sighting]:
    """All sightings by event number, then in the order they were added."""
    rows = db.execute("SELECT body FROM sightings WHERE trajectory = ? ORDER BY seq, id", [trajectory_id])
    return [from_json(row[0], Sighting, what=f"a sighting of {trajectory_id}") for row in rows]


def next_seq(db: "sqlite_utils.Database", trajectory_id: str) -> int:
    """One more than the highest number that was used, forgotten ones included."""
    row = db.execute(
        "SELECT max((SELECT coalesce(max(seq), 0) FROM events WHERE trajectory = :id),"
        " (SELECT coalesce(max(last_seq), 0) FROM forgotten WHERE trajectory = :id))",
        {"id": trajectory_id},
    ).fetchone()
    return int(row[0]) + 1


def seconds(db: "sqlite_utils.Database", trajectory_id: str) -> float:
    """From the opening to the last event."""
    row = db.execute("SELECT max(at_ns) FROM events WHERE trajectory = ?", [trajectory_id]).fetchone()
    started_ns = opening(db, trajectory_id).started_ns
    return max(0.0, (row[0] - started_ns) / 1e9) if row[0] is not None else 0.0


def forgotten(db: "sqlite_utils.Database", trajectory_id: str) -> list[tuple[int, int]]:
    """First and last number of every stretch of events that was forgotten; a gap right after one belongs to it."""
    rows = db.execute("SELECT first_seq, last_seq FROM forgotten WHERE trajectory = ? ORDER BY rowid", [trajectory_id])
    return [(row[0], row[1]) for row in rows]


def forget_numbers(db: "sqlite_utils.Database", trajectory_id: str, stretches: Sequence[tuple[int, int]]) -> None:
    """Remember that events of these numbers were there and are not missing."""
    rows = [(trajectory_id, first, last) for first, last in stretches]
    db.conn.executemany("INSERT INTO forgotten (trajectory, first_seq, last_seq) VALUES (?, ?, ?)", rows)


EventRow = tuple[str, int, int, str]
SightingRow = tuple[str, int, int, str | None, str]


def insert_events(db: "sqlite_utils.Database", rows: Sequence[EventRow]) -> None:
    """Add rows of `event_rows`."""
    db.conn.executemany("INSERT INTO events (trajectory, seq, at_ns, body) VALUES (?, ?, ?, ?)", rows)


def insert_sightings(db: "sqlite_utils.Database", rows: Sequence[SightingRow]) -> None:
    """Add rows of `sighting_rows`."""
    db.conn.executemany("INSERT INTO sightings (trajectory, seq, at_ns, frame, body) VALUES (?, ?, ?, ?, ?)", rows)


def event_rows(trajectory_id: str, events: Sequence[InputEvent]) -> list[EventRow]:
    """Rows of the table; raises `BadInputError` for what cannot be stored."""
    return [_event_row(trajectory_id, event) for event in events]


def sighting_rows(trajectory_id: str, sightings: Sequence[Sighting]) -> list[SightingRow]:
    """Rows of the table; raises `BadInputError` for what cannot be stored."""
    return [_sighting_row(trajectory_id, sighting) for sighting in sightings]


def _event_row(trajectory_id: str, event: InputEvent) -> EventRow:
    _check_numbers(event.seq, event.monotonic_ns)
    return trajectory_id, event.seq, event.monotonic_ns, _json(event, f"event {event.seq}")


def _sighting_row(trajectory_id: str, sighting: Sighting) -> SightingRow:
    _check_numbers(sighting.seq, sighting.monotonic_ns)
    element, focused = without_ref(sighting.element), without_ref(sighting.focused)
    if (element, focused) != (sighting.element, sighting.focused):
        sighting = msgspec.structs.replace(sighting, element=element, focused=focused)
    body = _json(sighting, f"the sighting at event {sighting.seq}")
    return trajectory_id, sighting.seq, sighting.monotonic_ns, sighting.frame, body


def _json(value: InputEvent | Sighting, what: str) -> str:
    """JSON without the reading back of `written`: this runs for every event of a recording."""
    try:
        return msgspec.json.encode(value).decode()
    except (UnicodeError, msgspec.MsgspecError) as error:
        raise BadInputError(f"{what} cannot be stored: {error}") from error


def _check_numbers(seq: int, at_ns: int) -> None:
    if not (0 <= seq < MAX_INTEGER and -MAX_INTEGER <= at_ns < MAX_INTEGER):
        raise BadInputError(f"event {seq} at {at_ns} ns cannot be stored: its numbers need more than 64 bits")


def refuse_taken(db: "sqlite_utils.Database", trajectory_id: str, events: Sequence[InputEvent]) -> None:
    """Raise `BadInputError` unless the events' numbers rise and none was used before."""
    expected = next_seq(db, trajectory_id)
    for event in events:
        if event.seq < expected:
            raise BadInputError(f"event {event.seq} of {trajectory_id} comes too late: {expected} is next")
        expected = event.seq + 1
