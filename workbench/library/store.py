"""The library: one folder in which trajectories, recordings and runs live, with their frames.

`library.db` holds everything but pixels, `frames/` the pixels. Several processes and threads may have it open at
once; each write happens whole or not at all.
"""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.events import Event, RunEnded, RunStarted
from workbench.inputs import InputEvent, Sighting
from workbench.library import (
    listing,
    locks,
    naming,
    passages,
    purging,
    recordings,
    revisions,
    runs,
    tags,
    transfer,
    verifying,
)
from workbench.library.database import Database
from workbench.library.forgetting import Window
from workbench.library.recordings import RecordingWriter
from workbench.library.records import (
    Hit,
    Problem,
    RecordingOpening,
    RunSummary,
    Summary,
    check_id,
)
from workbench.library.revisions import Revision
from workbench.library.run_log import RunLog, lock_path
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


class Library:
    """An open library; a context manager that closes itself. Safe for several threads and processes.

    Everything raises `BadInputError` for what is unknown or damaged and `UnavailableError` for what the disk refuses.
    """

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self._database = database

    @cached_property
    def frames(self) -> "FrameStore":
        """The pictures."""
        from workbench.library.frames import FrameStore

        return FrameStore(self.frames_folder)

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

    def save(self, trajectory: Trajectory) -> Trajectory:
        """Store a new trajectory under its id, as revision 1; its frames were put before."""
        with self._database.writing() as db:
            return revisions.create(db, trajectory)

    def revise(self, trajectory: Trajectory, *, note: str) -> Trajectory:
        """Append a revision, made from the head, and make it the head; `note` says in words what changed."""
        with self._database.writing() as db:
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
            return revisions.read(db, trajectory_id, number).decode(what=f"{trajectory_id}@{number}")

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
        """Purge the trajectory, its recording and its runs, and reclaim frames that nobody uses any more."""
        if locks.is_held(self._lock_path(trajectory_id)):
            raise BadInputError(f"{trajectory_id} is being recorded; stop the recording first")
        if any(self.is_running(run.id) for run in self.runs(trajectory_id)):
            raise BadInputError(f"{trajectory_id} is in use by a run; stop the run first")
        purging.delete(self._database, self.frames, trajectory_id)
        self._lock_path(trajectory_id).unlink(missing_ok=True)

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
        are blanked in every run. Afterwards no byte of it is in the folder.
        """
        window = Window(since_ns, until_ns)
        return purging.forget(self._database, self.frames, trajectory_id, window)

    def purge_text(self, trajectory_id: str, text: str, *, replacement: str = MASK) -> int:
        """Replace a text in every revision, event, sighting and run of a trajectory; how many records changed.

        Keys that spell it are made unknown. Parts of it that were typed apart are found by `purge_keys` only.
        """
        return purging.purge_text(self._database, trajectory_id, text, replacement)

    def purge_keys(self, trajectory_id: str, *, first_seq: int, last_seq: int) -> int:
        """Make the keys of those events unknown and drop the field values seen meanwhile; how many records changed."""
        return purging.purge_keys(self._database, trajectory_id, first_seq, last_seq)

    def purge_frames(self, trajectory_id: str, frames: Mapping[FrameId, FrameId | None]) -> int:
        """Put other frames, or none, in the place of these everywhere in a trajectory; how many records changed.

        The replaced frames are removed unless another trajectory uses them.
        """
        return purging.purge_frames(self._database, self.frames, trajectory_id, frames)

    # --- runs

    def begin_run(self, started: RunStarted) -> RunLog:
        """Begin the log of a run and hand out its only writer, which has a connection of its own."""
        return RunLog.begin(self.path, started)

    def save_run(self, run_id: str, events: Sequence[Event]) -> None:
        """Append events to a run that nobody writes; the first call creates it. Frames were put before."""
        self._refuse_running(run_id)
        with self._database.writing() as db:
            runs.append(db, run_id, events)

    def end_run(self, run_id: str, ended: RunEnded) -> None:
        """Say how a run ended whose process could not; nothing where it has, still can, or never began."""
        if self.is_running(run_id):
            return
        with self._database.writing() as db:
            begun = db.execute("SELECT outcome FROM runs WHERE id = ?", [run_id]).fetchone()
            if begun is not None and begun[0] is None:
                runs.append(db, run_id, [ended])
                runs.complete(db, run_id)
        self._run_lock(run_id).unlink(missing_ok=True)

    def is_running(self, run_id: str) -> bool:
        """Whether the process that carries the run out is alive."""
        return locks.is_held(self._run_lock(run_id))

    def unfinished_runs(self) -> list[str]:
        """Runs whose trajectory was not stored before their process died, oldest first."""
        with self._database.reading() as db:
            found = runs.unfinished(db)
        return [run_id for run_id in found if not self.is_running(run_id)]

    def recover_runs(self) -> list[Trajectory]:
        """Store the trajectories of `unfinished_runs` with the steps that were kept, and return them."""
        found: list[Trajectory | None] = []
        for run_id in self.unfinished_runs():
            with self._database.writing() as db:
                found.append(runs.complete(db, run_id))
        return [trajectory for trajectory in found if trajectory is not None]

    def run_events(self, run_id: str) -> list[Event]:
        """All events of a run."""
        with self._database.reading() as db:
            return runs.read(db, run_id)

    def flaws(self, run_id: str) -> list[Problem]:
        """What is wrong with the log of one run."""
        with self._database.reading() as db:
            return list(verifying.check_run(db, run_id))

    def runs(self, trajectory_id: str | None = None) -> list[RunSummary]:
        """The runs of a trajectory, or all of them, newest first."""
        with self._database.reading() as db:
            return runs.summaries(db, trajectory_id)

    def resumed_by(self, run_id: str) -> str | None:
        """The newest run that goes on with this one, or went on with it; None where there is none."""
        with self._database.reading() as db:
            return runs.resumed_by(db, run_id)

    def broken_off(self, trajectory_id: str | None = None) -> list[RunSummary]:
        """The runs of a model, of one trajectory or of all, that can be gone on with, newest first."""
        with self._database.reading() as db:
            return [run for run in runs.broken_off(db, trajectory_id) if not self.is_running(run.id)]

    # --- bundles

    def whole(self, trajectory_id: str) -> Whole:
        """Everything there is about a trajectory but its runs and the pixels of its frames."""
        with self._database.reading() as db:
            return transfer.read(db, trajectory_id)

    def adopt(self, whole: Whole) -> Trajectory:
        """Store what `whole` gave, here or in another library, under an id that is free; its frames were adopted."""
        with self._database.writing() as db:
            return transfer.write(db, whole)

    def _writer(self, trajectory_id: str, lock: locks.HeldLock) -> RecordingWriter:
        def forget(since_ns: int) -> int:
            return self.forget(trajectory_id, since_ns=since_ns)

        return RecordingWriter(self._database, trajectory_id, lock, forget)

    def _lock_path(self, trajectory_id: str) -> Path:
        return recordings.lock_path(self.path, trajectory_id)

    def _run_lock(self, run_id: str) -> Path:
        check_id(run_id)
        return lock_path(self.path, run_id)

    def _refuse_running(self, run_id: str) -> None:
        if self.is_running(run_id):
            raise BadInputError(f"the run {run_id} is going on and writes its log itself; wait for its end")
