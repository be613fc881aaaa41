"""The one connection to `library.db`: opening it, transactions, and what SQLite refuses, said in words.

Any number of processes may have the library open (write-ahead log); threads of one process share this connection
and wait for each other.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import BadInputError, UnavailableError
from workbench.library import locks, migrations

if TYPE_CHECKING:
    import sqlite_utils

_WAIT_S = 30.0
_LONG_LOG_PAGES = 8192
"""How long the write-ahead log grows, 32 MiB, before a run has to wait until it is carried over: that takes 50 ms."""

_UNAVAILABLE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_IOERR: "the disk refuses; look at its free space and its health",
    sqlite3.SQLITE_READONLY: "it is not writable; give yourself the right to write there",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; give yourself the right to write there",
    sqlite3.SQLITE_PERM: "it may not be used; give yourself the right to write there",
    sqlite3.SQLITE_BUSY: "another program keeps it busy; close that and try again",
    sqlite3.SQLITE_LOCKED: "another program keeps it busy; close that and try again",
}


@dataclass(frozen=True)
class Rows:
    """What the tables' own functions need of a connection, without the time that loading sqlite-utils takes."""

    conn: sqlite3.Connection

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self.conn.execute(sql, parameters)


class Database:
    """The connection; `reading` and `writing` hand it out to one thread at a time."""

    def __init__(self, path: Path, db: "sqlite_utils.Database") -> None:
        self.path = path
        self._lock = threading.Lock()
        self._closed = False
        self._db = db

    @classmethod
    def open(cls, folder: Path) -> "Database":
        """Open, create or upgrade the database in that folder.

        Raises `BadInputError` when it is no library or a newer one, `UnavailableError` when it cannot be written.
        """
        path = folder / "library.db"
        _make_folder(folder)
        _make_file(path)
        with locks.alone(folder / "lock"), _told(path):
            db = _connect(path)
            try:
                migrations.upgrade(db, path)
            except BaseException:
                db.conn.close()
                raise
        return cls(path, db)

    @classmethod
    def join(cls, folder: Path) -> "Database":
        """Open the database that somebody has just opened, in a few milliseconds: it is neither made nor upgraded.

        Raises `BadInputError` where there is no library of this version.
        """
        path = folder / "library.db"
        if not path.is_file():
            raise BadInputError(f"there is no library in {folder}; name another folder")
        with _told(path):
            db = Rows(_plain_connection(path))
            db.execute(f"PRAGMA wal_autocheckpoint={_LONG_LOG_PAGES}")
            try:
                migrations.check_newest(db, path)
            except BaseException:
                db.conn.close()
                raise
        return cls(path, db)

    @contextmanager
    def reading(self) -> "Iterator[sqlite_utils.Database]":
        """The connection for reading one moment of the library; writers elsewhere are not held up."""
        with self._transaction("BEGIN"):
            yield self._db

    @contextmanager
    def writing(self) -> "Iterator[sqlite_utils.Database]":
        """A transaction: all of it happens, or nothing. It is not to be nested."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield self._db

    def scrub(self) -> None:
        """Make deleted content disappear from the files: free pages are dropped, the log is emptied.

        Raises `UnavailableError` when another process prevents it; the rows are gone then, their bytes may not be.
        """
        with self._lock, _told(self.path):
            self._check_open()
            self._db.conn.execute("VACUUM")
            busy = self._db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise UnavailableError(
                    f"{self.path}: removed, but another program still reads the old state; close it and repeat this"
                )

    def close(self) -> None:
        """Disconnect; idempotent."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._db.conn.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock, _told(self.path):
            self._check_open()
            self._db.conn.execute(begin)
            try:
                yield
                self._db.conn.execute("COMMIT")
            except BaseException:
                if self._db.conn.in_transaction:
                    self._db.conn.execute("ROLLBACK")
                raise

    def _check_open(self) -> None:
        if self._closed:
            raise UnavailableError(f"the library {self.path.parent} was closed already; open it again")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        told = _in_words(path, error)
        if told is None:
            raise
        raise told from error
    except UnicodeEncodeError as error:
        raise BadInputError(f"{ascii(error.object)[:80]} is not valid Unicode; write it anew") from error


def _connect(path: Path) -> "sqlite_utils.Database":
    import sqlite_utils  # a tenth of a second, so only when a library is opened

    return sqlite_utils.Database(_plain_connection(path), execute_plugins=False)


def _plain_connection(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    for pragma in ("secure_delete=ON", "foreign_keys=ON", "synchronous=NORMAL"):
        conn.execute(f"PRAGMA {pragma}")
    return conn


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise BadInputError(f"{folder} is a file, not a library folder; name another one") from error
    except OSError as error:
        raise UnavailableError(f"cannot make {folder}: {error.strerror}; name another folder") from error


def _make_file(path: Path) -> None:
    """Make the file, for its owner only, where it is missing.

    One that is there is never opened but by SQLite: closing it again would drop the locks that SQLite holds on it for
    this process's other connections, and the last process to leave would take the log away from under them.
    """
    if path.is_dir():
        raise BadInputError(f"{path} is a folder, not a library's database; name another folder")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise UnavailableError(f"cannot write {path}: {error.strerror}; name another folder") from error


def _in_words(path: Path, error: sqlite3.Error) -> BadInputError | UnavailableError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _UNAVAILABLE:
        return UnavailableError(f"{path}: {_UNAVAILABLE[code]}")
    if code == sqlite3.SQLITE_NOTADB:
        return BadInputError(f"{path} is not a library; name another folder")
    if code == sqlite3.SQLITE_CORRUPT:
        return BadInputError(f"{path} is damaged ({error}); restore it from a copy, or import its bundles anew")
    return None
