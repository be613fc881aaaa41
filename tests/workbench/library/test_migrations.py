"""Libraries of every older version open and keep what is in them."""

import sqlite3
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import pytest

from workbench.errors import BadInputError
from workbench.events import Progress, RunEnded, RunStarted
from workbench.library.migrations import APPLICATION_ID, MIGRATIONS
from workbench.library.store import Library, RecordingOpening

FIRST = """
    CREATE TABLE trajectories (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, task TEXT NOT NULL, source TEXT NOT NULL, created REAL NOT NULL,
        seconds REAL NOT NULL, steps INTEGER NOT NULL, head INTEGER NOT NULL, touched REAL NOT NULL);
    CREATE TABLE revisions (
        trajectory TEXT NOT NULL REFERENCES trajectories(id), number INTEGER NOT NULL, parent INTEGER NOT NULL,
        note TEXT NOT NULL, saved REAL NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL,
        PRIMARY KEY (trajectory, number));
    CREATE TABLE frame_uses (
        trajectory TEXT NOT NULL REFERENCES trajectories(id), revision INTEGER NOT NULL, frame TEXT NOT NULL,
        PRIMARY KEY (trajectory, revision, frame)) WITHOUT ROWID;
    CREATE INDEX trajectories_by_title ON trajectories(title);
    CREATE TABLE passages (
        id INTEGER PRIMARY KEY, trajectory TEXT NOT NULL REFERENCES trajectories(id), step INTEGER,
        title TEXT NOT NULL DEFAULT '', task TEXT NOT NULL DEFAULT '', window TEXT NOT NULL DEFAULT '',
        element TEXT NOT NULL DEFAULT '', typed TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '');
    CREATE INDEX passages_by_trajectory ON passages(trajectory);
    CREATE VIRTUAL TABLE passages_fts USING fts5(
        title, task, window, element, typed, description, content='passages', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6');
    CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
        INSERT INTO passages_fts(rowid, title, task, window, element, typed, description)
        VALUES (new.id, new.title, new.task, new.window, new.element, new.typed, new.description); END;
    CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
        INSERT INTO passages_fts(passages_fts, rowid, title, task, window, element, typed, description)
        VALUES ('delete', old.id, old.title, old.task, old.window, old.element, old.typed, old.description); END;
    CREATE TRIGGER passages_changed AFTER UPDATE ON passages BEGIN
        INSERT INTO passages_fts(passages_fts, rowid, title, task, window, element, typed, description)
        VALUES ('delete', old.id, old.title, old.task, old.window, old.element, old.typed, old.description);
        INSERT INTO passages_fts(rowid, title, task, window, element, typed, description)
        VALUES (new.id, new.title, new.task, new.window, new.element, new.typed, new.description); END;
    INSERT INTO trajectories VALUES ('old', 'From before', '', 'human', 5.0, 1.0, 0, 1, 5.0);
    INSERT INTO revisions VALUES ('old', 1, 0, '', 5.0,
        '{"id":"old","title":"From before","created":5.0,"seconds":1.0,"revision":1}', '', 'DIGEST');
    INSERT INTO passages (trajectory, title) VALUES ('old', 'From before');
"""
SECOND = """
    CREATE TABLE recordings (trajectory TEXT PRIMARY KEY REFERENCES trajectories(id), opening TEXT NOT NULL);
    CREATE TABLE events (
        trajectory TEXT NOT NULL REFERENCES recordings(trajectory), seq INTEGER NOT NULL, at_ns INTEGER NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (trajectory, seq)) WITHOUT ROWID;
    CREATE TABLE sightings (
        id INTEGER PRIMARY KEY, trajectory TEXT NOT NULL REFERENCES recordings(trajectory), seq INTEGER NOT NULL,
        at_ns INTEGER NOT NULL, frame TEXT, body TEXT NOT NULL);
    CREATE INDEX sightings_by_trajectory ON sightings(trajectory, seq);
    CREATE TABLE forgotten (
        trajectory TEXT NOT NULL REFERENCES recordings(trajectory), first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL);
    INSERT INTO recordings VALUES ('old', '{"title":"From before"}');
    INSERT INTO events VALUES ('old', 1, 7, '{"seq":1,"monotonic_ns":7,"kind":"move"}');
"""
THIRD = """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY, trajectory TEXT, revision INTEGER NOT NULL, title TEXT NOT NULL, started REAL NOT NULL,
        outcome TEXT, reason TEXT, elapsed_ms REAL NOT NULL);
    CREATE INDEX runs_by_trajectory ON runs(trajectory);
    CREATE TABLE run_events (
        run TEXT NOT NULL REFERENCES runs(id), position INTEGER NOT NULL, body TEXT NOT NULL,
        previous TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (run, position)) WITHOUT ROWID;
    CREATE TABLE run_frames (
        run TEXT NOT NULL REFERENCES runs(id), frame TEXT NOT NULL, PRIMARY KEY (run, frame)) WITHOUT ROWID;
"""
STARTED = '{"kind":"run-started","run":"before","trajectory":"old","title":""}'
BODIES = (STARTED, '{"kind":"progress","text":"a"}', '{"kind":"run-ended","outcome":"finished"}')
FOURTH = """
    ALTER TABLE runs ADD COLUMN last TEXT NOT NULL DEFAULT '';
    ALTER TABLE run_events RENAME TO old_run_events;
    CREATE TABLE run_events (
        run TEXT NOT NULL REFERENCES runs(id), position INTEGER NOT NULL, body TEXT NOT NULL, salt TEXT NOT NULL,
        payload TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (run, position)) WITHOUT ROWID;
    DROP TABLE old_run_events;
"""
FIFTH = """
    ALTER TABLE trajectories ADD COLUMN reviewed INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE trajectories ADD COLUMN cover TEXT;
    CREATE TABLE tags (
        trajectory TEXT NOT NULL REFERENCES trajectories(id), tag TEXT NOT NULL COLLATE NOCASE,
        PRIMARY KEY (trajectory, tag)) WITHOUT ROWID;
    CREATE INDEX tags_by_name ON tags(tag);
"""
SIXTH = """
    CREATE TABLE lessons (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, app TEXT NOT NULL, status TEXT NOT NULL, created REAL NOT NULL,
        body TEXT NOT NULL);
    CREATE TABLE lesson_sources (
        lesson TEXT NOT NULL REFERENCES lessons(id), trajectory TEXT NOT NULL REFERENCES trajectories(id),
        PRIMARY KEY (lesson, trajectory)) WITHOUT ROWID;
    CREATE INDEX lessons_by_source ON lesson_sources(trajectory);
    CREATE TABLE uses (
        run TEXT NOT NULL, kind TEXT NOT NULL, lent TEXT NOT NULL, success INTEGER, PRIMARY KEY (run, kind, lent));
    CREATE INDEX uses_by_lent ON uses(lent);
    CREATE TABLE standings (
        lent TEXT PRIMARY KEY, active INTEGER NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL);
"""
SEVENTH = """
    CREATE TABLE memories (
        id INTEGER PRIMARY KEY, trajectory TEXT NOT NULL REFERENCES trajectories(id), first INTEGER NOT NULL,
        last INTEGER NOT NULL, app TEXT NOT NULL, window TEXT NOT NULL, words TEXT NOT NULL, controls TEXT NOT NULL,
        terms TEXT NOT NULL);
    CREATE INDEX memories_by_trajectory ON memories(trajectory);
    CREATE VIRTUAL TABLE memories_fts USING fts5(
        terms, content='memories', content_rowid='id', tokenize='unicode61 remove_diacritics 0',
        detail='none', columnsize=0);
    CREATE TRIGGER memories_added AFTER INSERT ON memories BEGIN
        INSERT INTO memories_fts(rowid, terms) VALUES (new.id, new.terms); END;
    CREATE TRIGGER memories_removed AFTER DELETE ON memories BEGIN
        INSERT INTO memories_fts(memories_fts, rowid, terms) VALUES ('delete', old.id, old.terms); END;
    CREATE TABLE memorised (trajectory TEXT PRIMARY KEY REFERENCES trajectories(id), revision INTEGER NOT NULL);
    CREATE TABLE memory_terms (
        level INTEGER NOT NULL, term TEXT NOT NULL, entries INTEGER NOT NULL,
        PRIMARY KEY (level, term)) WITHOUT ROWID;
    CREATE TABLE memory_vectors (
        entry INTEGER PRIMARY KEY REFERENCES memories(id), embedder TEXT NOT NULL, code BLOB NOT NULL,
        vector BLOB NOT NULL);
"""
EIGHTH = "CREATE TABLE memory_ids (level INTEGER PRIMARY KEY, last INTEGER NOT NULL);"
NINTH = "ALTER TABLE trajectories ADD COLUMN purges INTEGER NOT NULL DEFAULT 0;"
DIGEST_OF_OLD = "88aa5544c7ffcaad62d7c9701843be98"


def old_library(folder: Path, version: int) -> None:
    folder.mkdir()
    db = sqlite3.connect(folder / "library.db")
    for script in (FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH)[:version]:
        db.executescript(script.replace("DIGEST", DIGEST_OF_OLD))
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={version}")
    db.commit()
    db.close()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_library_of_every_version_opens_verifies_and_works(tmp_path, a_trajectory, version):
    old_library(tmp_path / "library", version)
    with Library.open(tmp_path / "library") as library:
        assert library.get("old").title == "From before"
        assert [hit.trajectory for hit in library.search("before")] == ["old"]
        assert len(library.events("old")) == (1 if version >= 2 else 0)
        assert library.verify() == []
        library.save(a_trajectory("new"))
        library.begin_recording(RecordingOpening("R")).close()
        library.save_run("r1", [])
        assert library.verify() == []


def old_run(folder: Path, bodies: tuple[str, ...]) -> None:
    """Put a run into a library of version 3, as that version chained it."""
    db = sqlite3.connect(folder / "library.db")
    db.execute("INSERT INTO runs VALUES ('before', 'old', 1, 'From before', 5.0, NULL, NULL, 0.0)")
    previous = ""
    for position, body in enumerate(bodies, 1):
        digest = blake2b(f"{previous}\n{position}\n{body}".encode(), digest_size=16).hexdigest()
        row = ("before", position, body, previous, digest)
        db.execute("INSERT INTO run_events VALUES (?, ?, ?, ?, ?)", row)
        previous = digest
    db.commit()
    db.close()


def test_the_runs_of_an_old_library_come_along_and_verify(tmp_path):
    old_library(tmp_path / "library", 3)
    old_run(tmp_path / "library", BODIES)
    with Library.open(tmp_path / "library") as library:
        assert [type(event) for event in library.run_events("before")] == [RunStarted, Progress, RunEnded]
        assert library.verify() == []
        library.save_run("before", [Progress(text="b")])
        assert library.purge_text("old", "a") == 1
        assert library.verify() == []


@pytest.mark.parametrize(
    ("harm", "event"),
    [
        ("UPDATE run_events SET body = replace(body, 'a', 'b') WHERE position = 2", 2),
        ("DELETE FROM run_events WHERE position = 2", 2),
        ("UPDATE run_events SET digest = 'x' WHERE position = 3", 3),
    ],
)
def test_an_old_run_that_was_damaged_does_not_become_sound_by_upgrading(tmp_path, harm, event):
    old_library(tmp_path / "library", 3)
    old_run(tmp_path / "library", BODIES)
    db = sqlite3.connect(tmp_path / "library" / "library.db")
    db.execute(harm)
    db.commit()
    db.close()
    with Library.open(tmp_path / "library") as library:
        assert library.verify()[0].where == f"run before, event {event}"


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_an_upgraded_library_has_the_tables_of_a_new_one(tmp_path, version):
    old_library(tmp_path / "old", version)
    schemas = []
    for name in ("old", "new"):
        Library.open(tmp_path / name).close()
        db = sqlite3.connect(tmp_path / name / "library.db")
        rows = db.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        db.close()
        schemas.append({(kind, table, "".join((sql or "").split())) for kind, table, sql in rows})
    assert schemas[0] == schemas[1]


def test_a_newer_library_is_refused_and_left_alone(tmp_path):
    old_library(tmp_path / "library", len(MIGRATIONS))
    path = tmp_path / "library" / "library.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(BadInputError, match=r"version 99, newer.*update"):
        Library.open(path.parent)


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "library.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE cookies (id)")
    db.commit()
    db.close()
    before = path.read_bytes()
    with pytest.raises(BadInputError, match="a database, but not a library"):
        Library.open(tmp_path)
    assert path.read_bytes() == before


def test_an_empty_file_left_by_a_crash_becomes_a_library(tmp_path):
    (tmp_path / "library.db").touch()
    with Library.open(tmp_path) as library:
        assert library.verify() == []


def test_digests_of_the_names_in_workflows_go_with_the_upgrade(tmp_path):
    old_library(tmp_path / "library", 8)
    path = tmp_path / "library" / "library.db"
    body = '{"id":"w","kind":"workflow","app":"a","words":"w","body":{"key":"0123456789abcdef","title":"W","steps":[]}}'
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO lessons VALUES ('w', 'workflow', 'a', 'proposed', 1.0, ?)", [body])
        db.commit()
    with Library.open(tmp_path / "library") as library:
        assert library.learning.lesson("w").body == {"title": "W", "steps": []}
    assert b"0123456789abcdef" not in b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
