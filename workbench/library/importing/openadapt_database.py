"""The database of OpenAdapt, read without a chance for it to do anything: never written, never run for long.

It is the same for openadapt-capture (one recording in `recording.db`) and for the older OpenAdapt (several in
`openadapt.db`); columns came and went, so that only those that are there are asked for.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workbench.errors import BadInputError
from workbench.library.importing.openadapt_clues import page_element
from workbench.library.importing.openadapt_rows import TABLES, Row, Still, Stills
from workbench.trajectory import Element

HEAD = b"SQLite format 3\0"
"""How files of SQLite begin."""

MAX_ROW_BYTES = 64 * 1024 * 1024
"""The longest value of a row that is read."""

STEPS_AT_ONCE = 10_000
STEPS_FREE = 50_000_000
STEPS_PER_KB = 10_000
"""A file of so many kilobytes deserves so much work of the database's machine; a query that takes more is a trap."""

NEEDED = {"recording": {"timestamp"}, "action_event": {"name", "timestamp", "mouse_pressed", "key_name"}}
"""What makes a database one of OpenAdapt."""


class Database:
    """An open database; everything raises `BadInputError`."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db, self._path = db, path
        self._columns = {table: self._there(table, wanted) for table, wanted in TABLES.items()}

    @property
    def is_openadapt(self) -> bool:
        """Whether it has what such a database must have."""
        return all(needed <= set(self._columns[table]) for table, needed in NEEDED.items())

    def recordings(self) -> Iterator[Row]:
        """Every recording, in the order of their rows."""
        yield from self._select("recording", "")

    def of(self, table: str, recording: Row) -> Iterator[Row]:
        """The rows of a recording: by its id, and where a row has none by its time, as the oldest files have it."""
        columns, parts = self._columns[table], []
        if "recording_id" in columns:
            parts.append("recording_id = :id")
        if "recording_timestamp" in columns:
            unlinked = "recording_id IS NULL AND " if "recording_id" in columns else ""
            parts.append(f"({unlinked}recording_timestamp = :timestamp)")
        if columns and parts:
            yield from self._select(table, f"WHERE {' OR '.join(parts)}", recording)

    def stills(self, recording: Row) -> Stills:
        """The screenshots without their pixels."""
        rows = self.of("screenshot", recording)
        return Stills([still for row in rows if (still := row.still)])

    def pages(self, recording: Row) -> dict[int, Element]:
        """The elements of pages that the browser told of, by the row of its event."""
        found: dict[int, Element] = {}
        for row in self.of("browser_event", recording):
            number, element = row.number("id"), page_element(row)
            if number is not None and element is not None:
                found[int(number)] = element
        return found

    def png(self, still: Still) -> bytes:
        """The pixels of one."""
        if still.length > MAX_ROW_BYTES:
            raise BadInputError(f"screenshot {still.id} of {self._path} is too long to be one; get the recording again")
        row = self._db.execute("SELECT png_data FROM screenshot WHERE id = ?", [still.id]).fetchone()
        return row[0] if row and isinstance(row[0], bytes) else b""

    def _select(self, table: str, where: str, recording: Row | None = None) -> Iterator[Row]:
        columns = self._columns[table]
        wanted = [f'"{name}"' for name in columns if name != "png_data"]
        if "png_data" in columns:
            wanted.append("length(png_data) AS length")
        keys = {name: recording.values.get(name) for name in ("id", "timestamp")} if recording else {}
        cursor = self._db.execute(f'SELECT {", ".join(wanted)} FROM "{table}" {where}', keys)  # noqa: S608 - our own names
        names = [description[0] for description in cursor.description]
        for values in cursor:
            yield Row(dict(zip(names, values, strict=True)))

    def _there(self, table: str, wanted: Sequence[str]) -> tuple[str, ...]:
        """The columns of a real table; none of a view or of what a module makes up."""
        row = self._db.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
        if row is None or row[0] != "table" or "VIRTUAL" in str(row[1]).upper()[:40]:
            return ()
        there = {column[1] for column in self._db.execute(f'PRAGMA table_xinfo("{table}")') if column[6] == 0}
        pixels = ("png_data",) if table == "screenshot" else ()
        return tuple(name for name in (*wanted, *pixels) if name in there)


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """The database of a file that nobody writes to; raises `BadInputError` for one that is damaged or sets a trap."""
    budget = [STEPS_FREE + STEPS_PER_KB * (path.stat().st_size // 1024)]

    def tired() -> bool:
        budget[0] -= STEPS_AT_ONCE
        return budget[0] < 0

    db: sqlite3.Connection | None = None
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_ROW_BYTES + 1024)
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        db.set_progress_handler(tired, STEPS_AT_ONCE)
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        yield Database(db, path)
    except (sqlite3.Error, OverflowError, MemoryError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} cannot be read as a database: {error}; get it again") from error
    finally:
        if db is not None:
            db.close()
