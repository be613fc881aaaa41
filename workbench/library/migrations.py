"""The tables of the library, as numbered steps from an empty file to the newest version.

The version is SQLite's `user_version`; `application_id` tells a library from other databases. A step is never changed
once it was released; the next one is appended.
"""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.library import chain

if TYPE_CHECKING:
    import sqlite_utils

APPLICATION_ID = 0x47415754

SEARCHED = ("title", "task", "window", "element", "typed", "description")
"""The columns of a passage, in the order of the index."""


def create_trajectories(db: "sqlite_utils.Database") -> None:
    """Version 1: trajectories, their revisions, the frames they use, and the search index.

    `touched` is when anything that belongs to the trajectory was written last: its frames are not newer.
    """
    db.conn.execute(
        """CREATE TABLE trajectories (
            id TEXT PRIMARY KEY, title TEXT NOT NULL, task TEXT NOT NULL, source TEXT NOT NULL, created REAL NOT NULL,
            seconds REAL NOT NULL, steps INTEGER NOT NULL, head INTEGER NOT NULL, touched REAL NOT NULL)"""
    )
    db.conn.execute(
        """CREATE TABLE revisions (
            trajectory TEXT NOT NULL REFERENCES trajectories(id), number INTEGER NOT NULL, parent INTEGER NOT NULL,
            note TEXT NOT NULL, saved REAL NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL,
            PRIMARY KEY (trajectory, number))"""
    )
    db.conn.execute(
        """CREATE TABLE frame_uses (
            trajectory TEXT NOT NULL REFERENCES trajectories(id), revision INTEGER NOT NULL, frame TEXT NOT NULL,
            PRIMARY KEY (trajectory, revision, frame)) WITHOUT ROWID"""
    )
    db.conn.execute("CREATE INDEX trajectories_by_title ON trajectories(title)")
    _create_passages(db)


def create_recordings(db: "sqlite_utils.Database") -> None:
    """Version 2: recordings, with their raw events, sightings, and which events were forgotten."""
    db.conn.execute(
        """CREATE TABLE recordings (
            trajectory TEXT PRIMARY KEY REFERENCES trajectories(id), opening TEXT NOT NULL)"""
    )
    db.conn.execute(
        """CREATE TABLE events (
            trajectory TEXT NOT NULL REFERENCES recordings(trajectory), seq INTEGER NOT NULL, at_ns INTEGER NOT NULL,
            body TEXT NOT NULL, PRIMARY KEY (trajectory, seq)) WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE sightings (
            id INTEGER PRIMARY KEY, trajectory TEXT NOT NULL REFERENCES recordings(trajectory), seq INTEGER NOT NULL,
            at_ns INTEGER NOT NULL, frame TEXT, body TEXT NOT NULL)"""
    )
    db.conn.execute("CREATE INDEX sightings_by_trajectory ON sightings(trajectory, seq)")
    db.conn.execute(
        """CREATE TABLE forgotten (
            trajectory TEXT NOT NULL REFERENCES recordings(trajectory), first_seq INTEGER NOT NULL,
            last_seq INTEGER NOT NULL)"""
    )


def create_runs(db: "sqlite_utils.Database") -> None:
    """Version 3: runs, their events and the frames they use; a run may outlive no trajectory, or have none."""
    db.conn.execute(
        """CREATE TABLE runs (
            id TEXT PRIMARY KEY, trajectory TEXT, revision INTEGER NOT NULL, title TEXT NOT NULL, started REAL NOT NULL,
            outcome TEXT, reason TEXT, elapsed_ms REAL NOT NULL)"""
    )
    db.conn.execute("CREATE INDEX runs_by_trajectory ON runs(trajectory)")
    db.conn.execute(
        """CREATE TABLE run_events (
            run TEXT NOT NULL REFERENCES runs(id), position INTEGER NOT NULL, body TEXT NOT NULL,
            previous TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (run, position)) WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE run_frames (
            run TEXT NOT NULL REFERENCES runs(id), frame TEXT NOT NULL, PRIMARY KEY (run, frame)) WITHOUT ROWID"""
    )


def chain_runs(db: "sqlite_utils.Database") -> None:
    """Version 4: the events of runs are chained by the digests of their payloads (`workbench.library.chain`).

    `last` is the digest at the end of the chain. What did not fit the old chain does not fit the new one either.
    """
    db.conn.execute("ALTER TABLE runs ADD COLUMN last TEXT NOT NULL DEFAULT ''")
    db.conn.execute("ALTER TABLE run_events RENAME TO old_run_events")
    db.conn.execute(
        """CREATE TABLE run_events (
            run TEXT NOT NULL REFERENCES runs(id), position INTEGER NOT NULL, body TEXT NOT NULL, salt TEXT NOT NULL,
            payload TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (run, position)) WITHOUT ROWID"""
    )
    for run_id in [row[0] for row in db.conn.execute("SELECT DISTINCT run FROM old_run_events").fetchall()]:
        _chain_anew(db, run_id)
    db.conn.execute("DROP TABLE old_run_events")


def create_tags(db: "sqlite_utils.Database") -> None:
    """Version 5: tags, and what the list shows of the head: whether it was reviewed, its first frame."""
    db.conn.execute("ALTER TABLE trajectories ADD COLUMN reviewed INTEGER NOT NULL DEFAULT 1")
    db.conn.execute("ALTER TABLE trajectories ADD COLUMN cover TEXT")
    db.conn.execute(
        """CREATE TABLE tags (
            trajectory TEXT NOT NULL REFERENCES trajectories(id), tag TEXT NOT NULL COLLATE NOCASE,
            PRIMARY KEY (trajectory, tag)) WITHOUT ROWID"""
    )
    db.conn.execute("CREATE INDEX tags_by_name ON tags(tag)")
    db.conn.execute(
        """UPDATE trajectories SET reviewed = coalesce(json_extract(body, '$.reviewed'), 1), cover = (
            SELECT json_extract(value, '$.observation.frame') FROM json_each(body, '$.steps')
            WHERE json_extract(value, '$.observation.frame') IS NOT NULL ORDER BY key LIMIT 1)
        FROM revisions r WHERE r.trajectory = id AND r.number = head AND json_valid(body)"""
    )


def create_learning(db: "sqlite_utils.Database") -> None:
    """Version 6: what is learned from trajectories, what was lent to runs, and what may be lent."""
    for statement in (
        """CREATE TABLE lessons (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, app TEXT NOT NULL, status TEXT NOT NULL, created REAL NOT NULL,
            body TEXT NOT NULL)""",
        """CREATE TABLE lesson_sources (
            lesson TEXT NOT NULL REFERENCES lessons(id), trajectory TEXT NOT NULL REFERENCES trajectories(id),
            PRIMARY KEY (lesson, trajectory)) WITHOUT ROWID""",
        "CREATE INDEX lessons_by_source ON lesson_sources(trajectory)",
        """CREATE TABLE uses (
            run TEXT NOT NULL, kind TEXT NOT NULL, lent TEXT NOT NULL, success INTEGER,
            PRIMARY KEY (run, kind, lent))""",
        "CREATE INDEX uses_by_lent ON uses(lent)",
        """CREATE TABLE standings (
            lent TEXT PRIMARY KEY, active INTEGER NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL)""",
    ):
        db.conn.execute(statement)


def create_memories(db: "sqlite_utils.Database") -> None:
    """Version 7: the index of exemplars, the number of entries that have each of its terms, and their vectors."""
    remove = "INSERT INTO memories_fts(memories_fts, rowid, terms) VALUES ('delete', old.id, old.terms);"
    add = "INSERT INTO memories_fts(rowid, terms) VALUES (new.id, new.terms);"
    for statement in (
        """CREATE TABLE memories (
            id INTEGER PRIMARY KEY, trajectory TEXT NOT NULL REFERENCES trajectories(id), first INTEGER NOT NULL,
            last INTEGER NOT NULL, app TEXT NOT NULL, window TEXT NOT NULL, words TEXT NOT NULL, controls TEXT NOT NULL,
            terms TEXT NOT NULL)""",
        "CREATE INDEX memories_by_trajectory ON memories(trajectory)",
        """CREATE VIRTUAL TABLE memories_fts USING fts5(
            terms, content='memories', content_rowid='id', tokenize='unicode61 remove_diacritics 0',
            detail='none', columnsize=0)""",
        f"CREATE TRIGGER memories_added AFTER INSERT ON memories BEGIN {add} END",
        f"CREATE TRIGGER memories_removed AFTER DELETE ON memories BEGIN {remove} END",
        """CREATE TABLE memorised (
            trajectory TEXT PRIMARY KEY REFERENCES trajectories(id), revision INTEGER NOT NULL)""",
        """CREATE TABLE memory_terms (
            level INTEGER NOT NULL, term TEXT NOT NULL, entries INTEGER NOT NULL,
            PRIMARY KEY (level, term)) WITHOUT ROWID""",
        """CREATE TABLE memory_vectors (
            entry INTEGER PRIMARY KEY REFERENCES memories(id), embedder TEXT NOT NULL, code BLOB NOT NULL,
            vector BLOB NOT NULL)""",
    ):
        db.conn.execute(statement)


def number_memories(db: "sqlite_utils.Database") -> None:
    """Version 8: the last id that each level of the index gave away, so that none is ever given twice."""
    db.conn.execute("CREATE TABLE memory_ids (level INTEGER PRIMARY KEY, last INTEGER NOT NULL)")
    db.conn.execute("INSERT INTO memory_ids (level, last) SELECT id >> 40, max(id) FROM memories GROUP BY id >> 40")


def count_purges(db: "sqlite_utils.Database") -> None:
    """Version 9: how often something was purged of a trajectory, so that nothing read before that is written again.

    Workflows lose the digests by which they were known: those would let anyone who guesses a purged name prove it.
    """
    db.conn.execute("ALTER TABLE trajectories ADD COLUMN purges INTEGER NOT NULL DEFAULT 0")
    db.conn.execute(
        "UPDATE lessons SET body = json_remove(body, '$.body.key') WHERE kind = 'workflow' AND json_valid(body)"
    )


MIGRATIONS: tuple[Callable[["sqlite_utils.Database"], None], ...] = (
    create_trajectories,
    create_recordings,
    create_runs,
    chain_runs,
    create_tags,
    create_learning,
    create_memories,
    number_memories,
    count_purges,
)


def upgrade(db: "sqlite_utils.Database", path: Path) -> None:
    """Bring the database to the newest version, in one transaction.

    Raises `BadInputError` for a newer version and for a database that is no library.
    """
    version = _version(db, path)
    if db.conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        db.conn.execute("PRAGMA journal_mode=WAL")
    if version == len(MIGRATIONS):
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        for migrate in MIGRATIONS[version:]:
            migrate(db)
        db.conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.conn.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
        db.conn.execute("COMMIT")
    except BaseException:
        db.conn.execute("ROLLBACK")
        raise


def check_newest(db: "sqlite_utils.Database", path: Path) -> None:
    """Raise `BadInputError` unless the database is a library of the newest version."""
    version = _version(db, path)
    if version != len(MIGRATIONS):
        raise BadInputError(f"{path} is of the older version {version}: `workbench-cli list` brings it up to date")


def _version(db: "sqlite_utils.Database", path: Path) -> int:
    version = int(db.conn.execute("PRAGMA user_version").fetchone()[0])
    owner = db.conn.execute("PRAGMA application_id").fetchone()[0]
    empty = not db.conn.execute("SELECT 1 FROM sqlite_master").fetchone()
    if owner != APPLICATION_ID and not (empty and owner == version == 0):
        raise BadInputError(f"{path} is a database, but not a library; name another folder")
    if not 0 <= version <= len(MIGRATIONS):
        raise BadInputError(f"{path} is of version {version}, newer than {len(MIGRATIONS)}: update the workbench")
    return version


def _chain_anew(db: "sqlite_utils.Database", run_id: str) -> None:
    rows = db.conn.execute(
        "SELECT position, body, previous, digest FROM old_run_events WHERE run = ? ORDER BY position", [run_id]
    ).fetchall()
    before, last = "", ""
    for position, body, previous, digest in rows:
        sealed = chain.seal(body)
        whole = previous == before and digest == _old_digest(previous, position, body)
        before, last = digest, chain.link(last, position, sealed.payload) if whole else "broken"
        db.conn.execute(
            "INSERT INTO run_events (run, position, body, salt, payload, digest) VALUES (?, ?, ?, ?, ?, ?)",
            [run_id, position, body, sealed.salt, sealed.payload, last],
        )
    db.conn.execute("UPDATE runs SET last = ? WHERE id = ?", [last, run_id])


def _old_digest(previous: str, position: int, body: str) -> str:
    return blake2b(f"{previous}\n{position}\n{body}".encode(), digest_size=16).hexdigest()


def _create_passages(db: "sqlite_utils.Database") -> None:
    columns = ", ".join(SEARCHED)
    new, old = (", ".join(f"{row}.{name}" for name in SEARCHED) for row in ("new", "old"))
    remove = f"INSERT INTO passages_fts(passages_fts, rowid, {columns}) VALUES ('delete', old.id, {old});"  # noqa: S608 - names from this module
    add = f"INSERT INTO passages_fts(rowid, {columns}) VALUES (new.id, {new});"  # noqa: S608 - names from this module
    for statement in (
        f"""CREATE TABLE passages (
            id INTEGER PRIMARY KEY, trajectory TEXT NOT NULL REFERENCES trajectories(id), step INTEGER,
            {", ".join(f"{name} TEXT NOT NULL DEFAULT ''" for name in SEARCHED)})""",
        "CREATE INDEX passages_by_trajectory ON passages(trajectory)",
        f"""CREATE VIRTUAL TABLE passages_fts USING fts5(
            {columns}, content='passages', content_rowid='id',
            tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6')""",
        f"CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN {add} END",
        f"CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN {remove} END",
        f"CREATE TRIGGER passages_changed AFTER UPDATE ON passages BEGIN {remove} {add} END",
    ):
        db.conn.execute(statement)
