"""The runs of a library: their logs, whether they go on, and the trajectories that they become."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.errors import BadInputError
from workbench.events import Event, RunEnded, RunStarted
from workbench.library import locks, runs, verifying
from workbench.library.database import Database
from workbench.library.records import NOTHING_ELSE, Problem, RunSummary, check_id
from workbench.library.run_log import RunLog, lock_path
from workbench.trajectory import Trajectory


class RunShelf:
    """What a library does with runs; safe for several threads and processes. Raises as the library does."""

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self._database = database

    def begin_run(self, started: RunStarted, *, read: Mapping[str, int] = NOTHING_ELSE) -> RunLog:
        """Begin the log of a run and hand out its only writer, which has a connection of its own."""
        return RunLog.begin(self.path, started, read=read)

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

    def _run_lock(self, run_id: str) -> Path:
        check_id(run_id)
        return lock_path(self.path, run_id)

    def _refuse_running(self, run_id: str) -> None:
        if self.is_running(run_id):
            raise BadInputError(f"the run {run_id} is going on and writes its log itself; wait for its end")
