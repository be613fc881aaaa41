"""The list of trajectories: one line for each, from rows alone, so that thousands are listed in milliseconds."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.library import locks, recordings, run_log, runs, tags
from workbench.library.records import State, Summary

if TYPE_CHECKING:
    import sqlite_utils

_ROWS = """SELECT id, title, task, created, steps, source, seconds, head, reviewed, cover,
        (SELECT outcome FROM runs WHERE trajectory = t.id AND outcome IS NOT NULL
            ORDER BY started DESC, id DESC LIMIT 1)
    FROM trajectories t ORDER BY created DESC, id DESC"""


def summaries(db: "sqlite_utils.Database", folder: Path) -> list[Summary]:
    """One line for each trajectory of the library in that folder, newest first."""
    tagged = tags.by_trajectory(db)
    return [_summary(db, folder, row, tagged.get(row[0], ())) for row in db.execute(_ROWS).fetchall()]


def _summary(db: "sqlite_utils.Database", folder: Path, row: tuple[Any, ...], tagged: tuple[str, ...]) -> Summary:
    identifier, title, task, created, steps, source, seconds, head, reviewed, cover, outcome = row
    state: State = "complete"
    if not head:
        recorded = recordings.is_recorded(db, identifier)
        if recorded:
            steps, seconds = 0, recordings.seconds(db, identifier)
        state = "recording" if _is_held(db, folder, identifier, recorded) else "broken"
    listed = (identifier, title, task, created, steps, source, seconds, state)
    return Summary(*listed, reviewed=bool(reviewed), cover=cover, outcome=outcome, tags=tagged)


def _is_held(db: "sqlite_utils.Database", folder: Path, identifier: str, recorded: object) -> bool:
    """Whether the process that writes it lives."""
    if recorded:
        return locks.is_held(recordings.lock_path(folder, identifier))
    return any(locks.is_held(run_log.lock_path(folder, run)) for run in runs.ids_of(db, identifier))
