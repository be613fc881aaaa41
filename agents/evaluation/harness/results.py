"""The results of an evaluation: one SQLite file with what was played, by whom, and what came of every episode."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import msgspec
from msgspec import Struct

from agents.evaluation.harness.conditions import Condition
from agents.evaluation.harness.plan import Episode
from agents.evaluation.suites import Score
from workbench.codec import from_json
from workbench.errors import BadInputError, UnavailableError
from workbench.library.locks import HeldLock, hold

FILE = "results.db"

APPLICATION_ID = 0x47415745
VERSION = 2

_TABLES = """
CREATE TABLE evaluation (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE episodes (
    key TEXT PRIMARY KEY, task TEXT NOT NULL, seed INTEGER NOT NULL, exemplars INTEGER NOT NULL, lend TEXT NOT NULL,
    workflows INTEGER NOT NULL, hints INTEGER NOT NULL, memory TEXT NOT NULL, success INTEGER NOT NULL,
    reward REAL NOT NULL, completion REAL, steps INTEGER NOT NULL, tokens INTEGER, seconds REAL NOT NULL,
    asked INTEGER NOT NULL, ended TEXT NOT NULL, score TEXT NOT NULL
);
"""

_PUT = "INSERT OR REPLACE INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_GET = "SELECT task, seed, exemplars, lend, workflows, memory, {hints}, score FROM episodes ORDER BY rowid"
_WITHOUT_HINTS = 1
"""The version of the file in which nobody was told any."""


class Played(Struct, frozen=True, tag=True):
    """What an episode came to."""

    episode: Episode
    score: Score


class Results:
    """The open file; make it with `begin` or `read`. For one process at a time, and one thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path, lock: HeldLock | None = None) -> None:
        self.path = path
        self._connection = connection
        self._lock = lock

    @classmethod
    def begin(cls, folder: Path, identity: Mapping[str, str]) -> "Results":
        """The results in that folder, to be added to; new ones where there are none.

        `identity` says in short texts by whom they are played. Raises `BadInputError` where results are there that
        somebody else has played, another version or another model, and where another process adds to them.
        """
        path = folder / FILE
        _make(folder)
        lock = hold(folder / "lock")
        if lock is None:
            raise BadInputError(f"the evaluation in {folder} is going on already; wait for it, or choose another --out")
        with _told(path):
            connection = sqlite3.connect(path)
            results = cls(connection, path, lock)
            try:
                results._prepare(identity)
            except BaseException:
                results.close()
                raise
        return results

    @classmethod
    def read(cls, folder: Path) -> "Results":
        """The results in that folder as they are; raises `BadInputError` where there are none."""
        path = folder / FILE
        if not path.is_file():
            raise BadInputError(f"there is no evaluation in {folder}; `workbench-cli eval SUITE --out DIR` makes one")
        with _told(path):
            results = cls(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True), path)
            try:
                results._check_kind()
            except BaseException:
                results.close()
                raise
        return results

    @property
    def identity(self) -> dict[str, str]:
        """By whom it was played."""
        with _told(self.path):
            return dict(self._connection.execute("SELECT name, value FROM evaluation").fetchall())

    def add(self, played: Played) -> None:
        """Keep what an episode came to; once this returns nothing loses it."""
        with _told(self.path), self._connection as db:
            db.execute(_PUT, _row(played))

    def played(self) -> dict[str, Played]:
        """All that was played, by the keys of the episodes, in the order in which it was."""
        with _told(self.path):
            rows = self._connection.execute(_GET.format(hints=self._hints)).fetchall()
        found = (_played(row) for row in rows)
        return {one.episode.key: one for one in found}

    def close(self) -> None:
        """Let go of the file; idempotent."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> "Results":
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    @property
    def _hints(self) -> str:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        return "0" if version == _WITHOUT_HINTS else "hints"

    def _prepare(self, identity: Mapping[str, str]) -> None:
        fresh = not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if fresh:
            with self._connection as db:
                db.executescript(
                    f"BEGIN;{_TABLES}PRAGMA application_id = {APPLICATION_ID};PRAGMA user_version = {VERSION};COMMIT"
                )
                db.executemany("INSERT INTO evaluation VALUES (?, ?)", sorted(identity.items()))
        self._check_kind()
        _check_same(self.identity, identity, self.path)

    def _check_kind(self) -> None:
        kind = self._connection.execute("PRAGMA application_id").fetchone()[0]
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if kind != APPLICATION_ID:
            raise BadInputError(f"{self.path} holds no evaluation; choose another --out")
        if version > VERSION:
            raise BadInputError(f"{self.path} was written by a newer version of this program; use that one")


def _check_same(kept: Mapping[str, str], now: Mapping[str, str], path: Path) -> None:
    for name in sorted({*kept, *now}):
        before, today = kept.get(name, "none"), now.get(name, "none")
        if before != today:
            raise BadInputError(
                f"{path} was played with another {name} ({before}, now {today}); its results cannot be mixed with "
                "new ones: choose another --out"
            )


def _row(played: Played) -> tuple[object, ...]:
    episode, score = played.episode, played.score
    condition = episode.condition
    return (
        episode.key,
        episode.task,
        episode.seed,
        condition.exemplars,
        condition.lend,
        condition.workflows,
        condition.hints,
        condition.memory,
        score.success,
        score.reward,
        score.completion,
        score.steps,
        score.tokens,
        score.seconds,
        score.asked,
        score.ended,
        msgspec.json.encode(score).decode(),
    )


def _played(row: tuple[str, int, int, str, int, str, int, str]) -> Played:
    task, seed, exemplars, lend, workflows, memory, hints, score = row
    plain = {"exemplars": exemplars, "lend": lend, "workflows": bool(workflows), "memory": memory, "hints": bool(hints)}
    episode = Episode(task, seed, msgspec.convert(plain, Condition))
    return Played(episode, from_json(score, Score, what="a score"))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(f"cannot make the folder {folder}: {error.strerror}; choose another --out") from error


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite refuses, in words."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise BadInputError(f"{path} holds no evaluation; choose another --out") from error
        raise UnavailableError(f"{path} cannot be used: {error}; free some space, or choose another --out") from error
