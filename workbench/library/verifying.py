"""Verifying: every missing or damaged frame, dangling row and broken chain, found and said."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.library import passages, purging, recordings, revisions, runs
from workbench.library.records import Problem
from workbench.library.revisions import Revision
from workbench.trajectory import FrameId, Trajectory, frames_of

if TYPE_CHECKING:
    import sqlite_utils

    from workbench.library.frames import FrameStore

_RESTORE = "import its bundle anew, or restore the library folder from a copy"
_DISTRUST = "do not trust what the run says; restore the library folder from a copy, or delete its trajectory"
_INDEX = "the search index"


def check_rows(db: "sqlite_utils.Database", trajectory_id: str | None) -> list[Problem]:
    """What is wrong with the rows of one trajectory, or with the whole database."""
    found: list[Problem] = []
    if trajectory_id is None:
        found += _database(db)
        identifiers = [row[0] for row in db.execute("SELECT id FROM trajectories ORDER BY id")]
        run_ids = [row[0] for row in db.execute("SELECT id FROM runs ORDER BY id")]
    else:
        revisions.head_of(db, trajectory_id)
        identifiers, run_ids = [trajectory_id], runs.ids_of(db, trajectory_id)
    for identifier in identifiers:
        found += _trajectory(db, identifier)
    for run_id in run_ids:
        found += check_run(db, run_id)
    return found


def check_index(db: "sqlite_utils.Database") -> list[Problem]:
    """Whether the search index fits the passages; needs a writing transaction, though it writes nothing."""
    try:
        db.execute("INSERT INTO passages_fts(passages_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        return [Problem("it does not say what the steps say", _INDEX, "delete any trajectory: that makes it anew")]
    return []


def check_frames(frames: "FrameStore", used: Iterable[FrameId]) -> dict[FrameId, Problem]:
    """What is wrong with those frames; reads every pixel, and pixels that several share once."""
    sound: set[str] = set()
    found: dict[FrameId, Problem] = {}
    for frame in sorted(used):
        try:
            frames.check(frame, sound=sound)
        except BadInputError as error:
            found[frame] = Problem(str(error), f"frame {frame}", _RESTORE)
    return found


def with_run(db: "sqlite_utils.Database", frame: FrameId, problem: Problem) -> Problem:
    """The problem of a frame, with the first event of a run that refers to it, if any does."""
    for run_id, position, body in db.execute(
        "SELECT e.run, e.position, e.body FROM run_frames f JOIN run_events e ON e.run = f.run"
        " WHERE f.frame = ?1 AND instr(e.body, ?1) ORDER BY e.run, e.position",
        [frame],
    ):
        if frame in runs.frames(runs.decode(body)):
            return Problem(
                f"{problem.what}; run {run_id} refers to it in event {position}", problem.where, problem.mend
            )
    return problem


def used_frames(db: "sqlite_utils.Database", trajectory_id: str | None) -> set[FrameId]:
    """The frames that one trajectory, or anything, refers to."""
    return purging.used_frames(db) if trajectory_id is None else purging.frames_used_by(db, trajectory_id)


def _database(db: "sqlite_utils.Database") -> Iterator[Problem]:
    for row in db.execute("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield Problem(f"the database is damaged: {row[0]}", "library.db", _RESTORE)
    for table, _, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Problem(f"a row belongs to nothing in {parent}", f"table {table}", _RESTORE)


def _trajectory(db: "sqlite_utils.Database", trajectory_id: str) -> Iterator[Problem]:
    stored = revisions.read_all(db, trajectory_id)
    yield from _chain(trajectory_id, stored)
    yield from _recording(db, trajectory_id)
    decoded: dict[int, Trajectory] = {}
    for revision in stored:
        where = f"{trajectory_id}@{revision.number}"
        try:
            decoded[revision.number] = revision.decode(what=where)
        except BadInputError as error:
            yield Problem(str(error), where, _RESTORE)
    head = revisions.head_of(db, trajectory_id)
    if head in decoded:
        yield from _derived(db, decoded[head])
    elif head or stored:
        yield Problem(f"its head, revision {head}, is missing", trajectory_id, _RESTORE)
    yield from _uses(db, trajectory_id, decoded)


def _chain(trajectory_id: str, stored: list[Revision]) -> Iterator[Problem]:
    previous, numbers = "", {revision.number for revision in stored}
    for expected, revision in enumerate(stored, 1):
        where = f"{trajectory_id}@{revision.number}"
        if revision.number != expected or revision.previous != previous:
            yield Problem("the revision before it is missing or changed", where, _RESTORE)
        elif revision.digest != revision.expected_digest():
            yield Problem("it was changed after it was saved", where, _RESTORE)
        if revision.parent and (revision.parent not in numbers or revision.parent >= revision.number):
            yield Problem(f"revision {revision.parent}, which it was made from, is missing", where, _RESTORE)
        previous = revision.digest


def _derived(db: "sqlite_utils.Database", head: Trajectory) -> Iterator[Problem]:
    listed = db.execute(
        "SELECT title, task, source, steps, reviewed, cover FROM trajectories WHERE id = ?", [head.id]
    ).fetchone()
    shown = (head.title, head.task, head.source, len(head.steps), head.reviewed, revisions.cover_of(head))
    if listed != shown:
        yield Problem("the list says something else than its steps", head.id, "edit its title: that writes both anew")
    rows = db.execute(
        "SELECT step, title, task, window, element, typed, description FROM passages WHERE trajectory = ?"
        " ORDER BY step",
        [head.id],
    )
    if [tuple(row) for row in rows] != passages.expected(head):
        yield Problem(f"it does not say what the steps of {head.id} say", _INDEX, "edit its title: that makes it anew")


def _uses(db: "sqlite_utils.Database", trajectory_id: str, decoded: dict[int, Trajectory]) -> Iterator[Problem]:
    rows = db.execute("SELECT revision, frame FROM frame_uses WHERE trajectory = ?", [trajectory_id])
    stored = {tuple(row) for row in rows if row[0] in decoded}
    expected = {(number, frame) for number, found in decoded.items() for frame in frames_of(found)}
    if stored != expected:
        yield Problem("the list of frames it uses is wrong", trajectory_id, _RESTORE)


def _recording(db: "sqlite_utils.Database", trajectory_id: str) -> Iterator[Problem]:
    if not recordings.is_recorded(db, trajectory_id):
        return
    try:
        recordings.opening(db, trajectory_id)
        numbers = [event.seq for event in recordings.events(db, trajectory_id)]
        recordings.sightings(db, trajectory_id)
    except BadInputError as error:
        yield Problem(str(error), trajectory_id, _RESTORE)
        return
    forgotten = recordings.forgotten(db, trajectory_id)
    for first, last in _gaps(numbers):
        if not any(begin <= first <= end + 1 for begin, end in forgotten):
            yield Problem(f"events {first} to {last} are missing", trajectory_id, _RESTORE)


def _gaps(numbers: list[int]) -> Iterator[tuple[int, int]]:
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number > before + 1:
            yield before + 1, number - 1


def check_run(db: "sqlite_utils.Database", run_id: str) -> Iterator[Problem]:
    """What is wrong with the log of one run: its chain, its numbers, its list of frames."""
    for flaw in runs.flaws(db, run_id):
        yield Problem(flaw.what, f"run {run_id}, event {flaw.position}", _DISTRUST)
