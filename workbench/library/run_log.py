"""The writer of a run's log: what it has appended is on the disk before anything is done."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from workbench.errors import BadInputError, UnavailableError
from workbench.events import (
    ApprovalDecided,
    Event,
    ExperienceLent,
    Progress,
    RunStarted,
    StepKept,
    StepLocated,
    StepProposed,
)
from workbench.library import locks, revisions, runs
from workbench.library.database import Database
from workbench.library.records import NOTHING_ELSE
from workbench.trajectory import Trajectory

PASSING = (Progress, StepProposed, ExperienceLent, StepLocated, ApprovalDecided, StepKept)
"""Events that wait for the next one, which follows before anything is done: one write holds them all."""


class RunLog:
    """The one writer of a run's events; belongs to one thread of the process that carries the run out.

    It holds a lock that ends with the process, so that a run whose process died is known as such. `read` maps the
    trajectories whose steps are taken to their `Trajectory.purges`: once one of them is purged, nothing more is logged.
    """

    def __init__(self, database: Database, run_id: str, lock: locks.HeldLock, read: Mapping[str, int]) -> None:
        self.run = run_id
        self._read = dict(read)
        self._database = database
        self._lock = lock
        self._waiting: list[Event] = []

    @classmethod
    def begin(cls, folder: Path, started: RunStarted, *, read: Mapping[str, int] = NOTHING_ELSE) -> "RunLog":
        """Begin the log of a new run in the library in that folder, which somebody has opened before.

        Lists the trajectory that it becomes. Raises `BadInputError` for a taken id, where there is no library, and
        where one of `read` was purged after it was read.
        """
        lock = locks.hold(lock_path(folder, started.run))
        if lock is None:
            raise BadInputError(f"the run {started.run} is going on already; give this one a new id")
        try:
            log = cls(Database.join(folder), started.run, lock, read)
        except BaseException:
            lock.release()
            raise
        try:
            with log._database.writing() as db:
                revisions.refuse_stale(db, log._read)
                runs.begin(db, started)
            if started.becomes is not None:
                log._read[started.becomes.id] = 0
        except BaseException:
            log.close()
            raise
        return log

    def append(self, event: Event) -> None:
        """Add an event; once this returns for one that counts, killing the process does not lose it.

        Raises `UnavailableError` when the disk refuses, `BadInputError` when something was purged of what the run is
        made of: nothing may be done then.
        """
        self._waiting.append(event)
        if not isinstance(event, PASSING):
            self.flush()

    def flush(self) -> None:
        """Write what waits; what is refused waits no longer."""
        if not self._waiting:
            return
        try:
            with self._database.writing() as db:
                revisions.refuse_stale(db, self._read)
                runs.append(db, self.run, self._waiting)
        except BadInputError:
            self._waiting.clear()
            raise
        self._waiting.clear()

    def finish(self) -> Trajectory | None:
        """End the log and store the first revision of the trajectory that the run becomes, if any."""
        self.flush()
        with self._database.writing() as db:
            saved = runs.complete(db, self.run)
        self.close()
        return saved

    def close(self) -> None:
        """End without a revision; what was kept makes one at the next use. Idempotent."""
        with suppress(UnavailableError):  # what waits says nothing that anybody relies on
            self.flush()
        self._database.close()
        self._lock.release()


def lock_path(folder: Path, run_id: str) -> Path:
    """The file whose lock the run's writer holds."""
    return folder / "running" / f"{run_id}.lock"
