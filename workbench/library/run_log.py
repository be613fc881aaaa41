"""The writer of a run's log: what it has appended is on the disk before anything is done."""

from contextlib import suppress
from pathlib import Path

from workbench.errors import BadInputError, UnavailableError
from workbench.events import ApprovalDecided, Event, Progress, RunStarted, StepKept, StepLocated, StepProposed
from workbench.library import locks, runs
from workbench.library.database import Database
from workbench.trajectory import Trajectory

PASSING = (Progress, StepProposed, StepLocated, ApprovalDecided, StepKept)
"""Events that wait for the next one, which follows before anything is done: one write holds them all."""


class RunLog:
    """The one writer of a run's events; belongs to one thread of the process that carries the run out.

    It holds a lock that ends with the process, so that a run whose process died is known as such.
    """

    def __init__(self, database: Database, run_id: str, lock: locks.HeldLock) -> None:
        self.run = run_id
        self._database = database
        self._lock = lock
        self._waiting: list[Event] = []

    @classmethod
    def begin(cls, folder: Path, started: RunStarted) -> "RunLog":
        """Begin the log of a new run in the library in that folder, which somebody has opened before.

        Lists the trajectory that it becomes. Raises `BadInputError` for a taken id and where there is no library.
        """
        lock = locks.hold(lock_path(folder, started.run))
        if lock is None:
            raise BadInputError(f"the run {started.run} is going on already; give this one a new id")
        try:
            log = cls(Database.join(folder), started.run, lock)
        except BaseException:
            lock.release()
            raise
        try:
            with log._database.writing() as db:
                runs.begin(db, started)
        except BaseException:
            log.close()
            raise
        return log

    def append(self, event: Event) -> None:
        """Add an event; once this returns for one that counts, killing the process does not lose it.

        Raises `UnavailableError` when the disk refuses: nothing may be done then.
        """
        self._waiting.append(event)
        if not isinstance(event, PASSING):
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            with self._database.writing() as db:
                runs.append(db, self.run, self._waiting)
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
