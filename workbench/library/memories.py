"""The index of exemplars: what a trajectory, its chapters and its steps are about, in words, and where to find them.

The words are made elsewhere (`agents.memory.retrieval`); the library keeps them, counts their terms, and drops them as
soon as what they were made from is purged. Entries of one kind have ids in a range of their own, newer ones higher, so
that a search for one kind stops early. No id is given twice: what somebody keeps by it is of that entry or of none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from workbench.library.database import Database
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    import sqlite_utils

Level = Literal["step", "span", "whole"]

_LEVELS: tuple[Level, ...] = ("step", "span", "whole")
_RANGE = 1 << 40
"""How many ids each level has; the first level begins at 0."""


class Entry(Struct, frozen=True):
    """Steps `first` to `last` of a trajectory, both included and counted from 1, and what they are about.

    `words` is a task, a chapter's sentence or a step's thought; `controls` names what was touched, one line each.
    `terms` are what is searched: words in one spelling, each once, with blanks between. `id` is 0 before it is stored.
    """

    trajectory: str
    level: Level
    first: int
    last: int
    words: str
    terms: str
    app: str = ""
    window: str = ""
    controls: str = ""
    id: int = 0


class Coded(Struct, frozen=True):
    """The vector of an entry: 16-bit floats, and the signs of them as bits, packed."""

    entry: int
    vector: bytes
    code: bytes


class Memories:
    """The index of one library; safe for several threads and processes. Raises as the library does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stale(self) -> list[str]:
        """The trajectories whose head is not in the index, the newest first."""
        with self._database.reading() as db:
            return [row[0] for row in db.execute(_STALE)]

    def put(self, trajectory: Trajectory, entries: Sequence[Entry]) -> None:
        """Replace the entries of a trajectory by those made of it; nothing where it is another by now."""
        with self._database.writing() as db:
            now = db.execute("SELECT head, purges FROM trajectories WHERE id = ?", [trajectory.id]).fetchone()
            if now is None or tuple(now) != (trajectory.revision, trajectory.purges):
                return
            remove(db, trajectory.id)
            _add(db, entries)
            row = [trajectory.id, trajectory.revision]
            db.execute("INSERT INTO memorised (trajectory, revision) VALUES (?, ?)", row)

    def counts(self, terms: Iterable[str], level: Level) -> dict[str, int]:
        """How many entries of that level have each of the terms; those that none has are left out."""
        wanted = list(terms)
        marks = ",".join("?" * len(wanted))
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT term, entries FROM memory_terms WHERE level = ? AND term IN ({marks})",  # noqa: S608 - marks
                [_LEVELS.index(level), *wanted],
            ).fetchall()
        return dict(rows)

    def beginning(self, letters: str, level: Level, *, limit: int) -> dict[str, int]:
        """The terms that begin so, with how many entries have them, the most frequent first."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT term, entries FROM memory_terms WHERE level = ? AND term >= ? AND term < ?"
                " ORDER BY entries DESC LIMIT ?",
                [_LEVELS.index(level), letters, letters + chr(0x10FFFF), limit],
            ).fetchall()
        return dict(rows)

    def size(self, level: Level) -> int:
        """How many entries there are of a level, those that were removed meanwhile included."""
        low, high = _ids(level)
        with self._database.reading() as db:
            found = db.execute("SELECT max(id) FROM memories WHERE id BETWEEN ? AND ?", [low, high]).fetchone()[0]
        return 0 if found is None else found - low

    def having(self, query: str, level: Level, *, limit: int) -> list[Entry]:
        """The newest entries that fit a query of FTS5 over their terms."""
        low, high = _ids(level)
        with self._database.reading() as db:
            rows = db.execute(
                _SELECT + _WHERE_HAVING, {"query": query, "low": low, "high": high, "limit": limit}
            ).fetchall()
        return [_entry(row) for row in rows]

    def newest(self, level: Level, *, limit: int) -> list[Entry]:
        """The newest entries of a level."""
        low, high = _ids(level)
        with self._database.reading() as db:
            rows = db.execute(f"{_SELECT} WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?", [low, high, limit])
            return [_entry(row) for row in rows.fetchall()]

    def of(self, trajectory_id: str) -> list[Entry]:
        """The entries of one trajectory, in the order of their ids."""
        with self._database.reading() as db:
            rows = db.execute(f"{_SELECT} WHERE trajectory = ? ORDER BY id", [trajectory_id]).fetchall()
        return [_entry(row) for row in rows]

    def entries(self, ids: Sequence[int]) -> list[Entry]:
        """The entries of these ids, in their order; those that are gone are left out."""
        marks = ",".join("?" * len(ids))
        with self._database.reading() as db:
            rows = db.execute(f"{_SELECT} WHERE id IN ({marks})", list(ids)).fetchall()
        found = {row[0]: _entry(row) for row in rows}
        return [found[one] for one in ids if one in found]

    # --- vectors

    def uncoded(self, embedder: str, *, limit: int, after: int = -1) -> list[Entry]:
        """Entries without a vector of that embedder from behind an id on, in the order of their ids."""
        with self._database.reading() as db:
            rows = db.execute(_SELECT + _WHERE_UNCODED, [after, embedder, limit]).fetchall()
        return [_entry(row) for row in rows]

    def count_uncoded(self, embedder: str) -> int:
        """How many entries have no vector of that embedder."""
        with self._database.reading() as db:
            return int(db.execute(_COUNT_UNCODED, [embedder]).fetchone()[0])

    def put_vectors(self, embedder: str, coded: Iterable[Coded]) -> None:
        """Keep vectors of entries that are still there, in the place of those of any other embedder."""
        rows = [(one.entry, embedder, one.code, one.vector, one.entry) for one in coded]
        with self._database.writing() as db:
            db.conn.executemany(
                "INSERT OR REPLACE INTO memory_vectors (entry, embedder, code, vector)"
                " SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM memories WHERE id = ?)",
                rows,
            )

    def codes(self, embedder: str, level: Level, *, after: int = -1) -> list[tuple[int, bytes]]:
        """The ids and codes of a level from behind an id on, in their order."""
        low, high = _ids(level)
        with self._database.reading() as db:
            rows: list[tuple[int, bytes]] = db.execute(
                "SELECT entry, code FROM memory_vectors WHERE entry BETWEEN ? AND ? AND embedder = ? ORDER BY entry",
                [max(low, after + 1), high, embedder],
            ).fetchall()
            return rows

    def vectors(self, embedder: str, ids: Sequence[int]) -> dict[int, bytes]:
        """The whole vectors of these entries; those that are gone are left out."""
        marks = ",".join("?" * len(ids))
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT entry, vector FROM memory_vectors WHERE embedder = ? AND entry IN ({marks})",  # noqa: S608 - marks
                [embedder, *ids],
            ).fetchall()
        return dict(rows)


def remove(db: "sqlite_utils.Database", trajectory_id: str) -> None:
    """Take a trajectory out of the index."""
    rows = db.execute("SELECT id, terms FROM memories WHERE trajectory = ?", [trajectory_id]).fetchall()
    counted = Counter((_level_of(row[0]), term) for row in rows for term in row[1].split())
    db.conn.executemany(_FEWER, [(number, *key) for key, number in counted.items()])
    db.execute("DELETE FROM memory_terms WHERE entries <= 0")
    db.conn.executemany("DELETE FROM memory_vectors WHERE entry = ?", [(row[0],) for row in rows])
    db.execute("DELETE FROM memories WHERE trajectory = ?", [trajectory_id])
    db.execute("DELETE FROM memorised WHERE trajectory = ?", [trajectory_id])


def rebuild(db: "sqlite_utils.Database") -> None:
    """Make the index of terms anew; nothing of what was removed stays in it."""
    db.execute("INSERT INTO memories_fts(memories_fts) VALUES ('rebuild')")


_SELECT = "SELECT id, trajectory, first, last, app, window, words, controls, terms FROM memories"
_STALE = """SELECT t.id FROM trajectories t LEFT JOIN memorised m ON m.trajectory = t.id
    WHERE t.head > 0 AND (m.revision IS NULL OR m.revision != t.head) ORDER BY t.created DESC, t.id DESC"""
_WHERE_HAVING = """ WHERE id IN (
    SELECT rowid FROM memories_fts WHERE memories_fts MATCH :query AND rowid BETWEEN :low AND :high
    ORDER BY rowid DESC LIMIT :limit) ORDER BY id DESC"""
_NO_VECTOR = "NOT EXISTS (SELECT 1 FROM memory_vectors v WHERE v.entry = memories.id AND v.embedder = ?)"
_WHERE_UNCODED = f" WHERE id > ? AND {_NO_VECTOR} ORDER BY id LIMIT ?"
_COUNT_UNCODED = f"SELECT count(*) FROM memories WHERE {_NO_VECTOR}"  # noqa: S608 - of constants
_INSERT = """INSERT INTO memories (id, trajectory, first, last, app, window, words, controls, terms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_MORE = """INSERT INTO memory_terms (entries, level, term) VALUES (?, ?, ?)
    ON CONFLICT (level, term) DO UPDATE SET entries = entries + excluded.entries"""
_FEWER = "UPDATE memory_terms SET entries = entries - ? WHERE level = ? AND term = ?"


def _ids(level: Level) -> tuple[int, int]:
    low = _LEVELS.index(level) * _RANGE
    return low, low + _RANGE - 1


def _level_of(entry_id: int) -> int:
    return entry_id // _RANGE


def _add(db: "sqlite_utils.Database", entries: Sequence[Entry]) -> None:
    for level in _LEVELS:
        chosen = [entry for entry in entries if entry.level == level]
        db.conn.executemany(_INSERT, _rows(db, chosen, level))
    counted = Counter((_LEVELS.index(entry.level), term) for entry in entries for term in set(entry.terms.split()))
    db.conn.executemany(_MORE, [(number, *key) for key, number in counted.items()])


def _rows(db: "sqlite_utils.Database", entries: Sequence[Entry], level: Level) -> Iterator[tuple[object, ...]]:
    number, low = _LEVELS.index(level), _ids(level)[0]
    last = db.execute("SELECT coalesce(max(last), ?) FROM memory_ids WHERE level = ?", [low, number]).fetchone()[0]
    db.execute("INSERT OR REPLACE INTO memory_ids (level, last) VALUES (?, ?)", [number, last + len(entries)])
    for at, one in enumerate(entries, last + 1):
        yield at, one.trajectory, one.first, one.last, one.app, one.window, one.words, one.controls, one.terms


def _entry(row: Sequence[object]) -> Entry:
    number, trajectory, first, last, app, window, words, controls, terms = row
    assert isinstance(number, int)
    return Entry(
        id=number,
        level=_LEVELS[_level_of(number)],
        trajectory=str(trajectory),
        first=int(str(first)),
        last=int(str(last)),
        app=str(app),
        window=str(window),
        words=str(words),
        controls=str(controls),
        terms=str(terms),
    )
