"""The library: one folder in which trajectories, recordings and runs live, with their frames.

`library.db` holds everything but pixels, `frames/` the pixels. Several processes and threads may have it open at
once; each write happens whole or not at all.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.inputs import InputEvent, Sighting
from workbench.library import (
    listing,
    locks,
    naming,
    passages,
    purging,
    recordings,
    revisions,
    tags,
    transfer,
    verifying,
)
from workbench.library.database import Database
from workbench.library.forgetting import Window
from workbench.library.learning import Learning
from workbench.library.memories import Memories
from workbench.library.recordings import RecordingWriter
from workbench.library.records import NOTHING_ELSE, Hit, Problem, RecordingOpening, RunSummary, Summary
from workbench.library.revisions import Revision
from workbench.library.run_log import RunLog
from workbench.library.run_shelf import RunShelf
from workbench.library.transfer import Whole
from workbench.trajectory import FrameId, Trajectory

if TYPE_CHECKING:
    # pixels need libraries that take a tenth of a second to load
    from workbench.library.frames import FrameStore

__all__ = [
    "Hit",
    "Library",
    "Problem",
    "RecordingOpening",
    "RecordingWriter",
    "Revision",
    "RunLog",
    "RunSummary",
    "Summary",
    "Whole",
    "default_path",
]

MASK = "▇▇▇"
"""What stands where a text was purged."""


def default_path() -> Path:
    """The library's folder: `WORKBENCH_LIBRARY`, or the platform's folder for user data."""
    chosen = os.environ.get("WORKBENCH_LIBRARY")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("gui-agent-workbench", appauthor=False)


class Library(RunShelf):
    """An open library; a context manager that closes itself. Safe for several threads and processes.

    Everything raises `BadInputError` for what is unknown or damaged and `UnavailableError` for what the disk refuses.
    """

    @cached_property
    def frames(self) -> "FrameStore":
        """The pictures."""
        from workbench.library.frames import FrameStore

        return FrameStore(self.frames_folder)

    @cached_property
    def learning(self) -> Learning:
        """Workflows, hints, and how lending went."""
        return Learning(self._database)

    @cached_property
    def memories(self) -> Memories:
        """The index of exemplars."""
        return Memories(self._database)

    @property
    def frames_folder(self) -> Path:
        """Where the pictures are."""
        return self.path / "frames"

    @classmethod
    def open(cls, path: Path | None = None) -> "Library":
        """Open the library in that folder (or in `default_path`), creating or upgrading it where needed."""
        folder = path if path is not None else default_path()
        return cls(folder, Database.open(folder))

    def close(self) -> None:
        """Disconnect; idempotent. Writers of recordings are closed on their own."""
        self._database.close()

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- trajectories

    def new_id(self) -> str:
        """A fresh id: twelve letters and digits that sort by time."""
        with self._database.reading() as db:
            while db.execute("SELECT 1 FROM trajectories WHERE id = ?", [found := naming.new_id()]).fetchone():
                pass
        return found

    def save(self, trajectory: Trajectory, *, read: Mapping[str, int] = NOTHING_ELSE) -> Trajectory:
        """Store a new trajectory under its id, as revision 1; its frames were put before.

        `read` is as in `revise`.
        """
        with self._database.writing() as db:
            revisions.refuse_stale(db, read)
            return revisions.create(db, trajectory)

    def revise(self, trajectory: Trajectory, *, note: str, read: Mapping[str, int] = NOTHING_ELSE) -> Trajectory:
        """Append a revision, made from the head, and make it the head; `note` says in words what changed.

        What was read before a purge is refused with `BadInputError`, by `Trajectory.purges`. `read` maps others that
        something was taken from to the `purges` that they had.
        """
        with self._database.writing() as db:
            revisions.refuse_stale(db, read)
            head = revisions.existing_head(db, trajectory.id)
            return revisions.append(db, trajectory, parent=head, note=note)

    def undo(self, trajectory_id: str) -> Trajectory:
        """Move the head to the revision it was made from; raises `BadInputError` at the first."""
        with self._database.writing() as db:
            return revisions.undo(db, trajectory_id)

    def redo(self, trajectory_id: str) -> Trajectory:
        """Move the head to the newest revision made from it; raises `BadInputError` where there is none."""
        with self._database.writing() as db:
            return revisions.redo(db, trajectory_id)

    def get(self, trajectory_id: str, *, revision: int | None = None) -> Trajectory:
        """The trajectory of that id, at its head or at the given revision."""
        with self._database.reading() as db:
            number = revisions.existing_head(db, trajectory_id) if revision is None else revision
            return revisions.stored(db, trajectory_id, number)

    def purges(self, trajectory_id: str) -> int:
        """How often something was purged of it: the `Trajectory.purges` of what is made of its events now."""
        with self._database.reading() as db:
            revisions.head_of(db, trajectory_id)
            return revisions.purges_of(db, trajectory_id) or 0

    def __contains__(self, trajectory_id: str) -> bool:
        """Whether there is a trajectory, complete or not, of exactly that id."""
        with self._database.reading() as db:
            return db.execute("SELECT 1 FROM trajectories WHERE id = ?", [trajectory_id]).fetchone() is not None

    def history(self, trajectory_id: str) -> list[Revision]:
        """All revisions by number, undone ones included."""
        with self._database.reading() as db:
            revisions.head_of(db, trajectory_id)
            return revisions.read_all(db, trajectory_id)

    def find(self, name: str) -> Trajectory:
        """The trajectory of that id, unique beginning of an id or exact title; `T@3` means its revision 3."""
        with self._database.reading() as db:
            named = naming.resolve(db, name)
        return self.get(named.trajectory, revision=named.revision)

    def identify(self, name: str) -> str:
        """The id that a name means, as in `find`, of recordings without steps too."""
        with self._database.reading() as db:
            return naming.resolve(db, name).trajectory

    def holders(self, recording_id: str) -> list[str]:
        """The trajectories that have steps of a recording in any of their revisions, its own first."""
        with self._database.reading() as db:
            revisions.head_of(db, recording_id)
            return [recording_id, *purging.taken_over_by(db, recording_id)]

    def summaries(self) -> list[Summary]:
        """One line for each trajectory, newest first."""
        with self._database.reading() as db:
            return listing.summaries(db, self.path)

    def tags(self) -> list[str]:
        """All tags in use, in alphabetical order."""
        with self._database.reading() as db:
            return tags.every(db)

    def tag(self, trajectory_id: str, tag: str) -> None:
        """Give a trajectory a tag, which is no edit of it; `BadInputError` for what cannot be one."""
        with self._database.writing() as db:
            tags.add(db, trajectory_id, tag)

    def untag(self, trajectory_id: str, tag: str) -> None:
        """Take a tag from a trajectory; raises `BadInputError` where it has none of that name."""
        with self._database.writing() as db:
            tags.remove(db, trajectory_id, tag)

    def search(self, words: str, *, limit: int = 50) -> list[Hit]:
        """The newest steps that have all the words, titles and tasks first; the last may be the beginning of a word.

        Looked at are titles, tasks, window titles, element names, printed and typed text, and descriptions. Any text
        is safe to search for.
        """
        with self._database.reading() as db:
            return passages.search(db, words, limit=limit)

    def delete(self, trajectory_id: str) -> None:
        """Purge the trajectory, its recording and its runs, and reclaim frames that nobody uses any more.

        Workflows that were learned from it stay, without the pictures that they have of it alone.
        """
        if locks.is_held(self._lock_path(trajectory_id)):
            raise BadInputError(f"{trajectory_id} is being recorded; stop the recording first")
        if any(self.is_running(run.id) for run in self.runs(trajectory_id)):
            raise BadInputError(f"{trajectory_id} is in use by a run; stop the run first")
        purging.delete(self._database, self.frames, trajectory_id)
        self._lock_path(trajectory_id).unlink(missing_ok=True)

    def losing_pictures(self, trajectory_ids: Sequence[str]) -> list[str]:
        """The titles of the workflows that lose pictures when these are deleted."""
        with self._database.reading() as db:
            return purging.workflows_losing_pictures(db, trajectory_ids)

    def verify(self, trajectory_id: str | None = None) -> list[Problem]:
        """Everything that is wrong with one trajectory or with the whole library; reads every pixel."""
        with self._database.reading() as db:
            found = verifying.check_rows(db, trajectory_id)
            used = verifying.used_frames(db, trajectory_id)
        with self._database.writing() as db:
            found += verifying.check_index(db)
        broken = verifying.check_frames(self.frames, used)
        with self._database.reading() as db:  # what was purged meanwhile is not missing
            still_used = verifying.used_frames(db, trajectory_id) if broken else set()
            return found + [verifying.with_run(db, frame, broken[frame]) for frame in broken if frame in still_used]

    # --- recordings

    def begin_recording(self, opening: RecordingOpening) -> RecordingWriter:
        """List a new recording and hand out its only writer."""
        identifier = self.new_id()
        lock = locks.hold(self._lock_path(identifier))
        assert lock is not None, "nobody else knows the new id"
        try:
            with self._database.writing() as db:
                recordings.begin(db, identifier, opening)
        except BaseException:
            lock.release()
            self._lock_path(identifier).unlink(missing_ok=True)
            raise
        return self._writer(identifier, lock)

    def continue_recording(self, trajectory_id: str) -> RecordingWriter:
        """A writer that goes on with a recording whose writer died."""
        with self._database.reading() as db:
            recordings.opening(db, trajectory_id)
            if revisions.head_of(db, trajectory_id):
                raise BadInputError(f"{trajectory_id} has its steps already; begin a new recording")
        lock = locks.hold(self._lock_path(trajectory_id))
        if lock is None:
            raise BadInputError(f"{trajectory_id} is being recorded already")
        return self._writer(trajectory_id, lock)

    def events(self, trajectory_id: str) -> list[InputEvent]:
        """The raw events by number; none for what was not recorded here."""
        with self._database.reading() as db:
            revisions.head_of(db, trajectory_id)
            return recordings.events(db, trajectory_id)

    def sightings(self, trajectory_id: str) -> list[Sighting]:
        """The sightings by the number of their event, then in the order they were added."""
        with self._database.reading() as db:
            revisions.head_of(db, trajectory_id)
            return recordings.sightings(db, trajectory_id)

    def opening(self, trajectory_id: str) -> RecordingOpening:
        """What was known when the recording began."""
        with self._database.reading() as db:
            return recordings.opening(db, trajectory_id)

    def unfinished(self) -> list[str]:
        """Recordings without steps whose writer is gone, oldest first."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT id FROM trajectories JOIN recordings ON trajectory = id WHERE head = 0 ORDER BY created, id"
            ).fetchall()
        return [row[0] for row in rows if not locks.is_held(self._lock_path(row[0]))]

    def complete_recording(self, trajectory: Trajectory) -> Trajectory:
        """Store the first revision of a recording; its writer, if it lives, is closed on its own."""
        with self._database.writing() as db:
            saved = recordings.complete(db, trajectory)
        if not locks.is_held(self._lock_path(saved.id)):
            self._lock_path(saved.id).unlink(missing_ok=True)
        return saved

    # --- purging

    def forget(self, trajectory_id: str, *, since_ns: int, until_ns: int | None = None) -> int:
        """Purge a stretch of a recording: events, sightings, steps, frames only used there; how many events went.

        The bounds are moments of the recorder's clock, both included. Steps that touch it go from every revision and
        are blanked in every run, also of trajectories that have taken them over. Afterwards no byte of it is in the
        folder.
        """
        window = Window(since_ns, until_ns)
        return purging.forget(self._database, self.frames, trajectory_id, window)

    def purge_text(self, trajectory_id: str, text: str, *, replacement: str = MASK) -> int:
        """Replace a text in every revision, event, sighting and run of a trajectory; how many records changed.

        The same in recordings that steps of it come from, and in trajectories that have taken over steps of it.
        Keys that spell it are made unknown. Parts of it that were typed apart are found by `purge_keys` only.
        """
        return purging.purge_text(self._database, trajectory_id, text, replacement)

    def count_text(self, trajectory_id: str, text: str) -> int:
        """In how many places `purge_text` would replace the text."""
        return purging.count_text(self._database, trajectory_id, text)

    def pictures(self, trajectory_id: str) -> set[FrameId]:
        """Every frame of a trajectory, its recording and its runs, and of all that purging it reaches."""
        with self._database.reading() as db:
            return purging.frames_reached(db, trajectory_id)

    def purge_keys(self, trajectory_id: str, *, first_seq: int, last_seq: int) -> int:
        """Make the keys of those events unknown and drop the field values seen meanwhile; how many records changed."""
        return purging.purge_keys(self._database, trajectory_id, first_seq, last_seq)

    def purge_frames(self, trajectory_id: str, frames: Mapping[FrameId, FrameId | None]) -> int:
        """Put other frames, or none, in the place of these everywhere in a trajectory; how many records changed.

        The replaced frames are removed unless another trajectory uses them.
        """
        return purging.purge_frames(self._database, self.frames, trajectory_id, frames)

    # --- bundles

    def whole(self, trajectory_id: str) -> Whole:
        """Everything there is about a trajectory but its runs and the pixels of its frames."""
        with self._database.reading() as db:
            return transfer.read(db, trajectory_id)

    def adopt(self, whole: Whole) -> Trajectory:
        """Store what `whole` gave, here or in another library, under an id that is free; its frames were adopted."""
        with self._database.writing() as db:
            return transfer.write(db, whole)

    def discard(self, frames: Collection[FrameId]) -> None:
        """Remove those of these frames that nothing refers to: pictures of an import that failed."""
        purging.discard(self._database, self.frames, set(frames))

    def _writer(self, trajectory_id: str, lock: locks.HeldLock) -> RecordingWriter:
        def forget(since_ns: int) -> int:
            return self.forget(trajectory_id, since_ns=since_ns)

        return RecordingWriter(self._database, trajectory_id, lock, forget)

    def _lock_path(self, trajectory_id: str) -> Path:
        return recordings.lock_path(self.path, trajectory_id)
