"""Revisions: a trajectory never changes in place, an edit appends, undo and redo move the head.

Every revision keeps the digest of the one before it (by number) and of itself, so that a missing, changed or swapped
one is noticed. `parent` is the revision that was edited, which is where undo leads; redo leads to the newest edit of
the head. What the program completed of itself is undone and done again with the edit before it, and takes no edit out
of the reach of redo. All functions run inside a transaction of `workbench.library.database`.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from workbench.codec import from_json
from workbench.errors import BadInputError
from workbench.library import passages
from workbench.library.records import check_id, storable, written
from workbench.trajectory import FrameId, Trajectory, frames_of

if TYPE_CHECKING:
    import sqlite_utils

OF_ITSELF = "witnesses completed"
"""The note of a revision that nobody asked for: it adds what a step is found by and changes nothing that was done."""


@dataclass(frozen=True)
class Revision:
    """One stored revision; `saved` is seconds since the epoch, `parent` 0 for the first, `body` the JSON."""

    number: int
    parent: int
    note: str
    saved: float
    body: str
    previous: str = ""
    digest: str = ""

    def decode(self, *, what: str) -> Trajectory:
        """The trajectory; raises `BadInputError` when the body is damaged."""
        return from_json(self.body, Trajectory, what=what)

    def expected_digest(self) -> str:
        """What `digest` has to be."""
        digest = blake2b(digest_size=16)
        for part in (self.previous, str(self.number), str(self.parent), self.note, self.body):
            data = part.encode()
            digest.update(len(data).to_bytes(8, "little") + data)
        return digest.hexdigest()


def create(db: "sqlite_utils.Database", trajectory: Trajectory) -> Trajectory:
    """Store a new trajectory as revision 1; raises `BadInputError` when its id is taken or impossible."""
    check_id(trajectory.id)
    refuse_taken(db, trajectory.id)
    written(trajectory, Trajectory, what=f"trajectory {trajectory.id}")
    insert_row(db, trajectory)
    return append(db, msgspec.structs.replace(trajectory, purges=0), parent=0, note="")


def refuse_taken(db: "sqlite_utils.Database", trajectory_id: str) -> None:
    """Raise `BadInputError` when there is a trajectory of that id."""
    if db.execute("SELECT 1 FROM trajectories WHERE id = ?", [trajectory_id]).fetchone():
        raise BadInputError(f"there is a trajectory {trajectory_id} already; revise that, or use a new id")


def insert_row(db: "sqlite_utils.Database", trajectory: Trajectory) -> None:
    """The row that lists the trajectory, without any revision yet."""
    db.execute(
        "INSERT INTO trajectories (id, title, task, source, created, seconds, steps, head, touched, reviewed, cover)"
        " VALUES (:id, :title, :task, :source, :created, :seconds, :steps, 0, :touched, :reviewed, :cover)",
        _columns(trajectory) | {"touched": time.time()},
    )


def append(db: "sqlite_utils.Database", trajectory: Trajectory, *, parent: int, note: str) -> Trajectory:
    """Append the next revision and make it the head; raises `BadInputError` for what was read before a purge."""
    refuse_stale(db, {trajectory.id: trajectory.purges})
    last = db.execute(
        "SELECT number, digest FROM revisions WHERE trajectory = ? ORDER BY number DESC LIMIT 1", [trajectory.id]
    ).fetchone()
    number, previous = (last[0] + 1, last[1]) if last else (1, "")
    saved = storable(trajectory, number)
    body = written(saved, Trajectory, what=f"trajectory {saved.id}")
    _insert(db, saved.id, Revision(number, parent, note, time.time(), body, previous))
    _use_frames(db, saved)
    _move_head(db, saved)
    return msgspec.structs.replace(saved, purges=trajectory.purges)


def refuse_stale(db: "sqlite_utils.Database", read: Mapping[str, int]) -> None:
    """Raise `BadInputError` where one of these trajectories has gone or been purged since.

    `read` maps their ids to the `Trajectory.purges` that they had when they were read.
    """
    for identifier, counted in read.items():
        if purges_of(db, identifier) != counted:
            raise BadInputError(
                f"something of {identifier[:80]} was deleted or purged after it was read; read it again and repeat this"
            )


def purges_of(db: "sqlite_utils.Database", trajectory_id: str) -> int | None:
    """How often something was purged of the trajectory; None for an unknown one."""
    row = db.execute("SELECT purges FROM trajectories WHERE id = ?", [trajectory_id]).fetchone()
    return int(row[0]) if row else None


def restore(db: "sqlite_utils.Database", trajectory_id: str, kept: list[Revision], *, head: int) -> Trajectory:
    """Store revisions that were kept elsewhere, numbered from 1 without gaps; the row exists and has none."""
    previous, found = "", None
    for revision in kept:
        previous = _insert(db, trajectory_id, _linked(revision, previous))
        decoded = revision.decode(what=f"{trajectory_id}@{revision.number}")
        _use_frames(db, decoded)
        found = decoded if revision.number == head else found
    assert found is not None, "the caller checked that the head is among the revisions"
    _move_head(db, found)
    return found


def cover_of(trajectory: Trajectory) -> FrameId | None:
    """The frame that stands for the trajectory in lists: the first that its steps were seen on."""
    return next((step.observation.frame for step in trajectory.steps if step.observation.frame), None)


def head_of(db: "sqlite_utils.Database", trajectory_id: str) -> int:
    """The number of the head, 0 for a recording without steps; raises `BadInputError` for an unknown id."""
    row = db.execute("SELECT head FROM trajectories WHERE id = ?", [trajectory_id]).fetchone()
    if row is None:
        raise BadInputError(f"no trajectory {trajectory_id[:80]!r} here; `workbench-cli list` shows those there are")
    return int(row[0])


def existing_head(db: "sqlite_utils.Database", trajectory_id: str) -> int:
    """The number of the head; raises `BadInputError` where there are no steps yet."""
    head = head_of(db, trajectory_id)
    if not head:
        raise BadInputError(f"{trajectory_id} is a recording that was not finished; stop or recover it first")
    return head


def read(db: "sqlite_utils.Database", trajectory_id: str, number: int) -> Revision:
    """One revision; raises `BadInputError` when there is none of that number."""
    row = db.execute(f"{_SELECT} AND number = ?", [trajectory_id, number]).fetchone()
    if row is None:
        count = db.execute("SELECT max(number) FROM revisions WHERE trajectory = ?", [trajectory_id]).fetchone()[0]
        raise BadInputError(f"{trajectory_id} has no revision {number}; it has 1 to {count or 0}")
    return Revision(*row)


def stored(db: "sqlite_utils.Database", trajectory_id: str, number: int) -> Trajectory:
    """The trajectory of that revision, with the number of purges until now; raises `BadInputError` like `read`."""
    found = read(db, trajectory_id, number).decode(what=f"{trajectory_id}@{number}")
    return msgspec.structs.replace(found, purges=purges_of(db, trajectory_id) or 0)


def read_all(db: "sqlite_utils.Database", trajectory_id: str) -> list[Revision]:
    """All revisions by number."""
    return [Revision(*row) for row in db.execute(f"{_SELECT} ORDER BY number", [trajectory_id])]


def undo(db: "sqlite_utils.Database", trajectory_id: str) -> Trajectory:
    """Move the head to the revision that the last edit was made from."""
    head = read(db, trajectory_id, existing_head(db, trajectory_id))
    while head.parent and head.note == OF_ITSELF:
        head = read(db, trajectory_id, head.parent)
    if head.parent == 0:
        raise BadInputError(f"nothing to undo: {trajectory_id} is at its first revision")
    return _go_to(db, trajectory_id, head.parent)


def redo(db: "sqlite_utils.Database", trajectory_id: str) -> Trajectory:
    """Move the head to the newest edit of it, and to what completed that."""
    head = existing_head(db, trajectory_id)
    origins = Origins(db.execute("SELECT number, parent, note FROM revisions WHERE trajectory = ?", [trajectory_id]))
    edit = origins.edit_after(head)
    if edit is None:
        raise BadInputError(f"nothing to redo: nothing was made from revision {head} of {trajectory_id}")
    return _go_to(db, trajectory_id, origins.completed(edit))


class Origins:
    """What the revisions of a trajectory were made from; each is given as its number, parent and note."""

    def __init__(self, made: Iterable[tuple[int, int, str]]) -> None:
        self._edits: dict[int, int] = {}  # number -> the parent of what somebody asked for
        self._asked: dict[int, int] = {0: 0}  # number -> the revision that somebody asked for and this one completes
        for number, parent, note in sorted(made):
            self._asked[number] = self._asked.get(parent, parent) if note == OF_ITSELF else number
            if note != OF_ITSELF:
                self._edits[number] = parent

    def edit_after(self, head: int) -> int | None:
        """The newest edit of that revision, or of what the program completed there; None without one."""
        here = self._asked.get(head, head)
        return max((number for number, parent in self._edits.items() if self._asked.get(parent) == here), default=None)

    def completed(self, edit: int) -> int:
        """The newest revision that completes the edit; the edit itself where none does."""
        return max(number for number, asked in self._asked.items() if asked == edit)


def rewrite(
    db: "sqlite_utils.Database",
    trajectory_id: str,
    change: Callable[[str], str],
    *,
    change_note: Callable[[str], str] = str,
) -> int:
    """Replace the bodies and notes of all revisions by what is made of them; how many differ.

    Digests are made anew from the first changed one on: a digest of what was removed would let anyone who guesses
    it prove the guess.
    """
    changed, previous = 0, ""
    for old in read_all(db, trajectory_id):
        new = Revision(old.number, old.parent, change_note(old.note), old.saved, change(old.body), previous)
        changed += (new.body, new.note) != (old.body, old.note)
        previous = new.expected_digest()
        if previous != old.digest:
            db.execute("DELETE FROM revisions WHERE trajectory = ? AND number = ?", [trajectory_id, old.number])
            _insert(db, trajectory_id, new)
    if changed:
        _refresh(db, trajectory_id)
    return changed


def _refresh(db: "sqlite_utils.Database", trajectory_id: str) -> None:
    """Make what is derived from the bodies anew: frames used, the listed row, the index."""
    db.execute("DELETE FROM frame_uses WHERE trajectory = ?", [trajectory_id])
    for revision in read_all(db, trajectory_id):
        _use_frames(db, revision.decode(what=f"{trajectory_id}@{revision.number}"))
    _go_to(db, trajectory_id, existing_head(db, trajectory_id))


_SELECT = "SELECT number, parent, note, saved, body, previous, digest FROM revisions WHERE trajectory = ?"


def _linked(revision: Revision, previous: str) -> Revision:
    return Revision(revision.number, revision.parent, revision.note, revision.saved, revision.body, previous)


def _insert(db: "sqlite_utils.Database", trajectory_id: str, revision: Revision) -> str:
    digest = revision.expected_digest()
    db.execute(
        "INSERT INTO revisions (trajectory, number, parent, note, saved, body, previous, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            trajectory_id, revision.number, revision.parent, revision.note, revision.saved, revision.body,
            revision.previous, digest,
        ],
    )  # fmt: skip
    return digest


def _go_to(db: "sqlite_utils.Database", trajectory_id: str, number: int) -> Trajectory:
    found = stored(db, trajectory_id, number)
    _move_head(db, found)
    return found


def _move_head(db: "sqlite_utils.Database", trajectory: Trajectory) -> None:
    db.execute(
        "UPDATE trajectories SET title = :title, task = :task, source = :source, created = :created,"
        " seconds = :seconds, steps = :steps, head = :head, touched = :touched, reviewed = :reviewed, cover = :cover"
        " WHERE id = :id",
        _columns(trajectory) | {"head": trajectory.revision, "touched": time.time()},
    )
    passages.index(db, trajectory)


def _columns(trajectory: Trajectory) -> dict[str, object]:
    return {
        "id": trajectory.id,
        "title": trajectory.title,
        "task": trajectory.task,
        "source": trajectory.source,
        "created": trajectory.created,
        "seconds": trajectory.seconds,
        "steps": len(trajectory.steps),
        "reviewed": trajectory.reviewed,
        "cover": cover_of(trajectory),
    }


def _use_frames(db: "sqlite_utils.Database", trajectory: Trajectory) -> None:
    rows = [(trajectory.id, trajectory.revision, frame) for frame in sorted(frames_of(trajectory))]
    db.conn.executemany("INSERT INTO frame_uses (trajectory, revision, frame) VALUES (?, ?, ?)", rows)
