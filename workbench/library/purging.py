"""Purging: the exception to "nothing changes in place". What is purged is nowhere in the folder any more.

Rows go, revisions and runs are rewritten with new digests, the index is made anew, the database's free pages and log
are emptied, and frames that nothing refers to any more are removed at once. The bytes of removed files may survive on
the disk itself, below the file system, until it uses that space again.
"""

import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

import msgspec

from workbench.codec import from_json
from workbench.errors import BadInputError
from workbench.inputs import Sighting
from workbench.library import forgetting, learning, memories, passages, recordings, revisions, runs, tags
from workbench.library.database import Database
from workbench.library.forgetting import Window
from workbench.trajectory import FrameId, Trajectory

if TYPE_CHECKING:
    import sqlite_utils

    from workbench.library.frames import FrameStore

_SLACK_S = 1.0
"""How much later than the row that refers to it a frame's file may be dated."""


def used_frames(db: "sqlite_utils.Database") -> set[FrameId]:
    """Every frame that anything in the library refers to."""
    rows = db.execute(
        "SELECT frame FROM frame_uses UNION SELECT frame FROM run_frames"
        " UNION SELECT frame FROM sightings WHERE frame IS NOT NULL"
    )
    return {row[0] for row in rows}


def frames_used_by(db: "sqlite_utils.Database", trajectory_id: str) -> set[FrameId]:
    """Every frame that the trajectory, its recording or its runs refer to."""
    rows = db.execute(
        "SELECT frame FROM frame_uses WHERE trajectory = :id"
        " UNION SELECT frame FROM sightings WHERE trajectory = :id AND frame IS NOT NULL"
        " UNION SELECT frame FROM run_frames JOIN runs ON runs.id = run_frames.run WHERE runs.trajectory = :id",
        {"id": trajectory_id},
    )
    return {row[0] for row in rows}


def delete(database: Database, frames: "FrameStore", trajectory_id: str) -> None:
    """Remove the trajectory with everything that belongs to it, and frames that nobody uses.

    Workflows that were learned from it lose the pictures that are of it alone.
    """
    with database.writing() as db:
        revisions.head_of(db, trajectory_id)
        condemned = frames_used_by(db, trajectory_id)
        for flow, lost in _lost_by_workflows(db, trajectory_id).items():
            _replace_everywhere(db, flow, forgetting.frame_replacer(dict.fromkeys(lost)))
            _count(db, flow)
        touched = db.execute("SELECT touched FROM trajectories WHERE id = ?", [trajectory_id]).fetchone()[0]
        _remove(db, trajectory_id)
        _rebuild(db)
    database.scrub()
    _reclaim(database, frames, condemned, put_before_s=touched + _SLACK_S)


def workflows_losing_pictures(db: "sqlite_utils.Database", trajectory_ids: Collection[str]) -> list[str]:
    """The titles of the workflows that lose pictures when these trajectories are deleted."""
    lost = {flow for each in trajectory_ids for flow in _lost_by_workflows(db, each)} - set(trajectory_ids)
    rows = [db.execute("SELECT title FROM trajectories WHERE id = ?", [flow]).fetchone() for flow in lost]
    return sorted(row[0] for row in rows)


def _lost_by_workflows(db: "sqlite_utils.Database", trajectory_id: str) -> dict[str, set[FrameId]]:
    """The workflows learned from it, and again from those, with the pictures that they have of it and nobody else."""
    flows = _with_lessons(db, [trajectory_id], str)[1:]
    own = frames_used_by(db, trajectory_id) if flows else set()
    family = [trajectory_id, *flows]
    others = {row[0] for row in db.execute("SELECT id FROM trajectories") if row[0] not in family} if own else ()
    for other in others:
        own -= frames_used_by(db, other)
    lost = {flow: own & frames_used_by(db, flow) for flow in flows}
    return {flow: frames for flow, frames in lost.items() if frames}


def discard(database: Database, frames: "FrameStore", condemned: set[FrameId]) -> None:
    """Remove those of these frames that nobody uses."""
    if condemned:
        _reclaim(database, frames, condemned, put_before_s=time.time() + _SLACK_S)


def _remove(db: "sqlite_utils.Database", trajectory_id: str) -> None:
    for run_id in runs.ids_of(db, trajectory_id):
        runs.remove(db, run_id)
    learning.forget(db, trajectory_id)
    memories.remove(db, trajectory_id)
    for table in ("tags", "passages", "frame_uses", "revisions", "events", "sightings", "forgotten", "recordings"):
        db.execute(f"DELETE FROM {table} WHERE trajectory = ?", [trajectory_id])  # noqa: S608 - names from above
    db.execute("DELETE FROM trajectories WHERE id = ?", [trajectory_id])


def forget(database: Database, frames: "FrameStore", trajectory_id: str, window: Window) -> int:
    """Purge that stretch of a recording, wherever its steps are, and all that was learned; how many events went."""
    with database.writing() as db:
        holders = [trajectory_id, *taken_over_by(db, trajectory_id)]
        before = {frame for each in holders for frame in frames_used_by(db, each)}
        gone = _forget_events(db, trajectory_id, window)
        lost = _forget_sightings(db, trajectory_id, window, gone)
        for each in holders:
            _forget_steps(db, each, window, gone, recorded_in="" if each == trajectory_id else trajectory_id)
            before |= _forget_learned(db, each)
            _replace_everywhere(db, each, forgetting.frame_replacer(dict.fromkeys(lost)))
            memories.remove(db, each)
        _count(db, *holders)
        if revisions.head_of(db, trajectory_id):
            _rebuild(db)
        condemned = (before | lost) - frames_used_by(db, trajectory_id)
    database.scrub()
    _reclaim(database, frames, condemned, put_before_s=time.time() + _SLACK_S)
    return len(gone)


def purge_text(database: Database, trajectory_id: str, text: str, replacement: str) -> int:
    """Replace the text wherever the trajectory, its recording or its runs hold it; how many records changed.

    Recordings that steps of it come from, trajectories that have taken over steps of it, and runs that called what was
    learned from it hold the same text.
    """
    if not text or text in replacement:
        raise BadInputError("the text to purge must not be empty or part of its replacement; give another replacement")
    change = forgetting.text_replacer(text, replacement)
    with database.writing() as db:
        revisions.head_of(db, trajectory_id)
        changed = 0
        rows = db.conn.total_changes
        reached = _reached(db, trajectory_id, change)
        learned = db.conn.total_changes - rows
        for each in reached:
            places = forgetting.spelled(recordings.events(db, each), text)
            changed += sum(_blank_keys(db, each, first, last) for first, last in places)
            changed += _replace_everywhere(db, each, change, lambda note: note.replace(text, replacement))
            db.execute(
                "UPDATE trajectories SET title = replace(title, :text, :new), task = replace(task, :text, :new)"
                " WHERE id = :id",
                {"id": each, "text": text, "new": replacement},
            )
            db.execute("UPDATE standings SET reason = replace(reason, ?, ?) WHERE lent = ?", [text, replacement, each])
            tags.replace_text(db, each, text, replacement)
            memories.remove(db, each)
        if changed or learned:
            _count(db, *reached)
        _rebuild(db)
    database.scrub()
    return changed


def count_text(database: Database, trajectory_id: str, text: str) -> int:
    """In how many places `purge_text` would replace the text; nothing is changed."""
    found = 0

    def counted(words: str) -> str:
        nonlocal found
        found += words.count(text) if text else 0
        return words

    look = forgetting.words_changer(counted)

    def seen(body: str) -> str:
        look(body)
        return body

    with database.reading() as db:
        revisions.head_of(db, trajectory_id)
        for each in _reached(db, trajectory_id, seen):
            _replace_everywhere(db, each, seen, counted)
            found += len(forgetting.spelled(recordings.events(db, each), text))
    return found


def frames_reached(db: "sqlite_utils.Database", trajectory_id: str) -> set[FrameId]:
    """Every picture of the trajectory and of all that purging it reaches."""
    revisions.head_of(db, trajectory_id)
    return {frame for each in _reached(db, trajectory_id, str) for frame in frames_used_by(db, each)}


def purge_keys(database: Database, trajectory_id: str, first_seq: int, last_seq: int) -> int:
    """Remove which keys were pressed in those events, and the values of fields seen meanwhile; how many changed."""
    with database.writing() as db:
        revisions.head_of(db, trajectory_id)
        changed = _blank_keys(db, trajectory_id, first_seq, last_seq)
        if changed:
            _count(db, trajectory_id)
    database.scrub()
    return changed


def purge_frames(
    database: Database, frames: "FrameStore", trajectory_id: str, replaced: Mapping[FrameId, FrameId | None]
) -> int:
    """Replace references to frames, and remove those that nothing else refers to; how many records changed.

    They are replaced in recordings that steps of the trajectory come from, and where its steps were taken over, too.
    """
    with database.writing() as db:
        revisions.head_of(db, trajectory_id)
        change = forgetting.frame_replacer(replaced)
        holders = _reached(db, trajectory_id, change)
        changed = sum(_replace_everywhere(db, each, change) for each in holders)
        if changed:
            _count(db, *holders)
    database.scrub()
    _reclaim(database, frames, set(replaced), put_before_s=time.time() + _SLACK_S)
    return changed


def taken_over_by(db: "sqlite_utils.Database", recording_id: str) -> list[str]:
    """Other trajectories that ever had steps of the recording."""
    mark = f'"recorded_in":"{recording_id}"'
    rows = db.execute("SELECT DISTINCT trajectory FROM revisions WHERE instr(body, ?) ORDER BY trajectory", [mark])
    return [row[0] for row in rows if row[0] != recording_id]


def _kin(db: "sqlite_utils.Database", trajectory_id: str) -> list[str]:
    """The trajectory, recordings that steps of it ever came from, and trajectories that ever had steps of it."""
    kept = [each.decode(what=trajectory_id) for each in revisions.read_all(db, trajectory_id)]
    origins = dict.fromkeys(step.recorded_in for each in kept for step in each.steps if step.recorded_in)
    there = [one for one in origins if db.execute("SELECT 1 FROM trajectories WHERE id = ?", [one]).fetchone()]
    return list(dict.fromkeys([trajectory_id, *there, *taken_over_by(db, trajectory_id)]))


def _reached(db: "sqlite_utils.Database", trajectory_id: str, change: Callable[[str], str]) -> tuple[str, ...]:
    """Every trajectory that may hold what this one holds, after a change of what was learned from them."""
    kin = _kin(db, trajectory_id)
    callers = dict.fromkeys(caller for each in kin for caller in learning.callers(db, each))
    return tuple(dict.fromkeys([*_with_lessons(db, kin, change), *callers]))


def _with_lessons(db: "sqlite_utils.Database", holders: list[str], change: Callable[[str], str]) -> list[str]:
    """Change what was learned from these; they, and the trajectories of workflows among it."""
    reached = list(holders)
    for each in reached:  # which grows: something may be learned from what was learned
        reached += [flow for flow in learning.rewrite(db, each, change) if flow not in reached]
    return reached


def _forget_learned(db: "sqlite_utils.Database", trajectory_id: str) -> set[FrameId]:
    """Remove all that was learned from it, and from that again; the frames that workflows among it used."""
    learned = learning.forget_source(db, trajectory_id)
    frames: set[FrameId] = set()
    for each in learned:
        learned += learning.forget_source(db, each)
        frames |= frames_used_by(db, each)
        _remove(db, each)
    return frames


def _count(db: "sqlite_utils.Database", *trajectory_ids: str) -> None:
    """Have everything refused from now on that was read of these before (`revisions.refuse_stale`)."""
    for each in trajectory_ids:
        db.execute("UPDATE trajectories SET purges = purges + 1 WHERE id = ?", [each])
        learning.follow_purge(db, each, revisions.purges_of(db, each) or 0)


def _rebuild(db: "sqlite_utils.Database") -> None:
    passages.rebuild(db)
    memories.rebuild(db)


def _reclaim(database: Database, frames: "FrameStore", condemned: set[FrameId], *, put_before_s: float) -> None:
    with database.reading() as db:
        used = used_frames(db)
    frames.reclaim(used, condemned=condemned, put_before_s=put_before_s)


def _forget_events(db: "sqlite_utils.Database", trajectory_id: str, window: Window) -> set[int]:
    recordings.opening(db, trajectory_id)
    after = recordings.next_seq(db, trajectory_id)
    rows = db.execute("SELECT seq, at_ns FROM events WHERE trajectory = ? ORDER BY seq", [trajectory_id])
    gone = [seq for seq, at_ns in rows if window.holds(at_ns)]
    db.conn.executemany("DELETE FROM events WHERE trajectory = ? AND seq = ?", [(trajectory_id, seq) for seq in gone])
    ranges = _ranges(gone) + ([(after, after - 1)] if window.until_ns is None else [])
    recordings.forget_numbers(db, trajectory_id, ranges)
    return set(gone)


def _forget_sightings(db: "sqlite_utils.Database", trajectory_id: str, window: Window, gone: set[int]) -> set[FrameId]:
    """Remove the sightings of the window and of events that are gone; the frames that only they knew."""
    rows = db.execute("SELECT id, seq, at_ns, frame FROM sightings WHERE trajectory = ?", [trajectory_id]).fetchall()
    lost = [row for row in rows if row[1] in gone or window.holds(row[2])]
    lost_ids = {row[0] for row in lost}
    kept = {row[3] for row in rows if row[0] not in lost_ids}
    db.conn.executemany("DELETE FROM sightings WHERE id = ?", [(row[0],) for row in lost])
    return {row[3] for row in lost if row[3] and row[3] not in kept}


def _forget_steps(
    db: "sqlite_utils.Database", trajectory_id: str, window: Window, gone: set[int], *, recorded_in: str
) -> None:
    removed: set[str] = set()
    emptied: set[str] = set()

    def change(body: str) -> str:
        trajectory = from_json(body, Trajectory, what=trajectory_id)
        left = forgetting.without(trajectory, window, gone, recorded_in=recorded_in)
        removed.update(left.removed)
        emptied.update(left.emptied)
        return msgspec.json.encode(left.trajectory).decode()

    def change_run(bodies: list[str]) -> list[str]:
        events = [runs.decode(body) for body in bodies]
        return [msgspec.json.encode(event).decode() for event in forgetting.blank_run(events, removed, emptied)]

    revisions.rewrite(db, trajectory_id, change)
    for run_id in runs.ids_of(db, trajectory_id):
        runs.rewrite(db, run_id, change_run)


def _replace_everywhere(
    db: "sqlite_utils.Database",
    trajectory_id: str,
    change: Callable[[str], str],
    change_note: Callable[[str], str] = str,
) -> int:
    """Apply the change to every JSON that belongs to the trajectory; how many records differ."""
    changed = revisions.rewrite(db, trajectory_id, change, change_note=change_note)
    for run_id in runs.ids_taking(db, trajectory_id):
        changed += runs.rewrite(db, run_id, lambda bodies: [change(body) for body in bodies])
    changed += _replace_rows(db, "recordings", trajectory_id, "opening", change)
    changed += _replace_rows(db, "events", trajectory_id, "body", change)
    return changed + _replace_sightings(db, trajectory_id, change)


def _replace_rows(
    db: "sqlite_utils.Database", table: str, trajectory_id: str, column: str, change: Callable[[str], str]
) -> int:
    key = "seq" if table == "events" else "trajectory"
    rows = db.execute(f"SELECT {key}, {column} FROM {table} WHERE trajectory = ?", [trajectory_id]).fetchall()  # noqa: S608 - names from this module
    new = [(changed, trajectory_id, at) for at, body in rows if (changed := change(body)) != body]
    db.conn.executemany(f"UPDATE {table} SET {column} = ? WHERE trajectory = ? AND {key} = ?", new)  # noqa: S608 - names from this module
    return len(new)


def _replace_sightings(db: "sqlite_utils.Database", trajectory_id: str, change: Callable[[str], str]) -> int:
    rows = db.execute("SELECT id, body FROM sightings WHERE trajectory = ?", [trajectory_id]).fetchall()
    new = [(at, changed) for at, body in rows if (changed := change(body)) != body]
    for at, body in new:
        frame = from_json(body, Sighting, what="a sighting").frame
        db.execute("UPDATE sightings SET body = ?, frame = ? WHERE id = ?", [body, frame, at])
    return len(new)


def _blank_keys(db: "sqlite_utils.Database", trajectory_id: str, first_seq: int, last_seq: int) -> int:
    events = recordings.events(db, trajectory_id)
    keys = forgetting.keys_in(events, first_seq, last_seq)
    new = [(event.seq, forgetting.blank_keys(event)) for event in events if event.seq in keys]
    rows = [(msgspec.json.encode(event).decode(), trajectory_id, seq) for seq, event in new]
    db.conn.executemany("UPDATE events SET body = ? WHERE trajectory = ? AND seq = ?", rows)
    seen = db.execute(
        "SELECT id, body FROM sightings WHERE trajectory = ? AND seq BETWEEN ? AND ?",
        [trajectory_id, first_seq, max(keys, default=last_seq)],
    ).fetchall()
    values = [(changed, at) for at, body in seen if (changed := forgetting.without_values(body)) != body]
    db.conn.executemany("UPDATE sightings SET body = ? WHERE id = ?", values)
    return len(rows) + len(values)


def _ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Rising numbers as stretches without gaps."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
