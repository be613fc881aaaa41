"""What is learned from trajectories: workflows and hints with their sources; what was lent to runs, and how they went.

The library keeps the words, who learned them and whether a person agreed; how they are learned is decided elsewhere.
Nothing here survives the purging of what it was learned from: see `forget` and `forget_source`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from workbench.codec import from_json
from workbench.errors import BadInputError
from workbench.events import LoanKind
from workbench.library import memories, revisions
from workbench.library.database import Database
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    import sqlite_utils

Kind = Literal["workflow", "hint"]
Status = Literal["proposed", "approved", "retired"]
UseKind = LoanKind | Literal["nothing"]
"""How something was lent to a run; `nothing` notes a run that was lent nothing, for others to be compared with."""


class Span(Struct, frozen=True):
    """Steps of a trajectory that something was learned from; `first` and `last` count from 1, both included.

    `purges` is the trajectory's `Trajectory.purges` when they were read.
    """

    trajectory: str
    first: int
    last: int
    revision: int = 0
    purges: int = 0


class Lesson(Struct, frozen=True):
    """A workflow or a hint.

    `app` is the application that it belongs to, empty for any. `words` say it to a person and a model in a line.
    `sources` are the steps that it was learned from. `body` is what only its kind knows, as plain JSON whose names
    hold nothing that was recorded. `trajectory` is that of an approved workflow, which can be called by it, `purges`
    the `Trajectory.purges` of that when the lesson was read. `created` is seconds since the epoch.
    """

    id: str
    kind: Kind
    app: str
    words: str
    sources: tuple[Span, ...] = ()
    body: dict[str, Any] = {}
    status: Status = "proposed"
    trajectory: str | None = None
    created: float = 0.0
    purges: int = 0

    @property
    def read(self) -> dict[str, int]:
        """The trajectories whose words it holds, with the number of purges when they were read, the lowest first."""
        found: dict[str, int] = {} if self.trajectory is None else {self.trajectory: self.purges}
        for span in self.sources:
            found[span.trajectory] = min(span.purges, found.get(span.trajectory, span.purges))
        return found


class Use(Struct, frozen=True):
    """That something was lent to a run; `lent` is the id of a trajectory or of a lesson, empty where nothing was.

    `success` is whether the run reached its task; None while nobody knows.
    """

    run: str
    kind: UseKind
    lent: str
    success: bool | None = None


class Standing(Struct, frozen=True):
    """Whether a trajectory may be lent: `by` is who said so last, a person or its merit."""

    lent: str
    active: bool
    by: Literal["person", "merit"]
    reason: str = ""


class Ran(Struct, frozen=True):
    """One use with what is known of its run: its task, how many steps it kept, and how long it took."""

    use: Use
    task: str
    steps: int
    elapsed_ms: float


class Learning:
    """The lessons of a library, what was lent, and what may be lent; safe for several threads and processes.

    Raises as the library does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, lesson: Lesson) -> None:
        """Keep a new lesson, or what became of it.

        Raises `BadInputError` where a trajectory that it was learned from has gone or been purged since it was read.
        """
        with self._database.writing() as db:
            revisions.refuse_stale(db, lesson.read)
            _put(db, lesson)

    def embody(self, lesson: Lesson, trajectory: Trajectory, *, read: Mapping[str, int]) -> Lesson:
        """Store a new trajectory as the one by which the lesson is called from now on; the lesson as it is kept.

        `read` maps the trajectories that its steps come from to their `Trajectory.purges`; raises like `put`.
        """
        embodied = msgspec.structs.replace(lesson, trajectory=trajectory.id, purges=0)
        with self._database.writing() as db:
            revisions.refuse_stale(db, read)
            revisions.create(db, trajectory)
            revisions.refuse_stale(db, embodied.read)
            _put(db, embodied)
        return embodied

    def lessons(self, kind: Kind, *, status: Status | None = None) -> list[Lesson]:
        """All lessons of a kind, the newest first."""
        with self._database.reading() as db:
            found = [_decoded(row[0]) for row in db.execute(_LESSONS, [kind])]
        return [lesson for lesson in found if status in (None, lesson.status)]

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson of that id; raises `BadInputError` where there is none."""
        with self._database.reading() as db:
            row = db.execute("SELECT body FROM lessons WHERE id = ?", [lesson_id]).fetchone()
        if row is None:
            raise BadInputError(f"there is no workflow or hint {lesson_id}; `workbench-cli learn list` shows them all")
        return _decoded(row[0])

    def remove(self, lesson_id: str) -> None:
        """Forget a lesson; the trajectory of an approved workflow stays."""
        with self._database.writing() as db:
            _remove(db, lesson_id)

    def lend(self, uses: Iterable[Use]) -> None:
        """Note what was lent to a run, or how the run turned out; noting the same again replaces it.

        Runs that log themselves need nobody to do this: their log does (`workbench.library.runs`).
        """
        rows = [(use.run, use.kind, use.lent, use.success) for use in uses]
        with self._database.writing() as db:
            db.conn.executemany("INSERT OR REPLACE INTO uses (run, kind, lent, success) VALUES (?, ?, ?, ?)", rows)

    def uses(self, *, lent: str | None = None, run: str | None = None) -> list[Use]:
        """What was lent: of one thing, to one run, or all."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT run, kind, lent, success FROM uses"
                " WHERE (:lent IS NULL OR lent = :lent) AND (:run IS NULL OR run = :run) ORDER BY rowid",
                {"lent": lent, "run": run},
            ).fetchall()
        return [_use(row) for row in rows]

    def judge(self, run: str, *, success: bool) -> None:
        """Say whether a run reached its task, as somebody knows who saw it or scored it; this outweighs its own word.

        Raises `BadInputError` for a run of which nothing is noted: a replay, one that goes on, or none at all.
        """
        with self._database.writing() as db:
            if not db.execute("UPDATE uses SET success = ? WHERE run = ?", [success, run]).rowcount:
                raise BadInputError(
                    f"run {run[:80]} is no run of a model that ended here; `workbench-cli list` shows them"
                )

    def runs(self) -> list[Ran]:
        """Every run of a model that has ended, once for each thing that it was lent; the oldest first."""
        with self._database.reading() as db:
            rows = db.execute(_RAN).fetchall()
        return [Ran(_use(row), row[4], row[5], row[6]) for row in rows]

    def tokens(self, runs: Iterable[str]) -> dict[str, int]:
        """What the thoughts of these runs cost in tokens; reads their logs, some milliseconds for each."""
        with self._database.reading() as db:
            return {run: db.execute(_TOKENS, [run]).fetchone()[0] for run in dict.fromkeys(runs)}

    def stand(self, standing: Standing) -> None:
        """Say whether something may be lent; an index that depends on it is made anew for it."""
        row = [standing.lent, standing.active, standing.by, standing.reason]
        with self._database.writing() as db:
            db.execute("INSERT OR REPLACE INTO standings (lent, active, by, reason) VALUES (?, ?, ?, ?)", row)
            memories.remove(db, standing.lent)

    def standings(self) -> Mapping[str, Standing]:
        """What was said of whom; whatever is not in it may be lent."""
        with self._database.reading() as db:
            rows = db.execute("SELECT lent, active, by, reason FROM standings").fetchall()
        return {row[0]: Standing(row[0], bool(row[1]), row[2], row[3]) for row in rows}


def borrow(db: "sqlite_utils.Database", run_id: str, loans: Iterable[tuple[LoanKind, str]]) -> None:
    """Note what a run was lent, of which nobody knows yet how it goes; what is noted already stays."""
    rows = [(run_id, kind, lent) for kind, lent in loans]
    db.conn.executemany("INSERT OR IGNORE INTO uses (run, kind, lent, success) VALUES (?, ?, ?, NULL)", rows)


def conclude(db: "sqlite_utils.Database", run_id: str, *, success: bool | None) -> None:
    """Note how a run went with all that it was lent, or without anything."""
    if not db.execute("UPDATE uses SET success = ? WHERE run = ?", [success, run_id]).rowcount:
        db.execute("INSERT INTO uses (run, kind, lent, success) VALUES (?, 'nothing', '', ?)", [run_id, success])


def forget(db: "sqlite_utils.Database", trajectory_id: str) -> None:
    """Forget what was learned from a trajectory but for what a person approved, and what is known of its lending.

    An approved workflow is a trajectory of its own and stays until that is deleted, an approved hint for as long as
    there are other steps that show it.
    """
    for lesson in _learned_from(db, trajectory_id):
        left = tuple(span for span in lesson.sources if span.trajectory != trajectory_id)
        if lesson.status == "approved" and (left or lesson.kind == "workflow"):
            _put(db, msgspec.structs.replace(lesson, sources=left))
        else:
            _remove(db, lesson.id)
    db.execute("DELETE FROM uses WHERE lent = ?", [trajectory_id])
    db.execute("DELETE FROM standings WHERE lent = ?", [trajectory_id])
    for lesson in _about(db, trajectory_id):
        _remove(db, lesson.id)


def forget_source(db: "sqlite_utils.Database", trajectory_id: str) -> list[str]:
    """Forget all that was learned from a trajectory in which something is forgotten, approved or not.

    Returns the trajectories of the workflows among it.
    """
    found = _learned_from(db, trajectory_id)
    for lesson in found:
        _remove(db, lesson.id)
    return [lesson.trajectory for lesson in found if lesson.trajectory]


def rewrite(db: "sqlite_utils.Database", trajectory_id: str, change: Callable[[str], str]) -> list[str]:
    """Change the text of all that was learned from a trajectory or is called by it; the workflows learned from it."""
    found = _learned_from(db, trajectory_id)
    for lesson in [*found, *_about(db, trajectory_id)]:
        changed = _changed(lesson, change)
        if changed != lesson:
            _put(db, changed)
    return [lesson.trajectory for lesson in found if lesson.trajectory]


def follow_purge(db: "sqlite_utils.Database", trajectory_id: str, purges: int) -> None:
    """Note in what was learned from a trajectory that it holds nothing any more that was purged of it."""
    for lesson in _learned_from(db, trajectory_id):
        sources = tuple(
            msgspec.structs.replace(span, purges=purges) if span.trajectory == trajectory_id else span
            for span in lesson.sources
        )
        _put(db, msgspec.structs.replace(lesson, sources=sources))
    for lesson in _about(db, trajectory_id):
        _put(db, msgspec.structs.replace(lesson, purges=purges))


def callers(db: "sqlite_utils.Database", trajectory_id: str) -> list[str]:
    """The trajectories that runs became which called a workflow that was learned from this one, or is this one."""
    return [row[0] for row in db.execute(_CALLERS, {"id": trajectory_id})]


_LESSONS = "SELECT body FROM lessons WHERE kind = ? ORDER BY created DESC, id DESC"
_RAN = """SELECT u.run, u.kind, u.lent, u.success, coalesce(t.task, r.title), coalesce(t.steps, 0), r.elapsed_ms
    FROM uses u JOIN runs r ON r.id = u.run LEFT JOIN trajectories t ON t.id = r.trajectory
    WHERE r.outcome IS NOT NULL ORDER BY r.started, r.id, u.rowid"""
_TOKENS = """SELECT coalesce(sum(CASE WHEN json_valid(body) THEN json_extract(body, '$.tokens') END), 0)
    FROM run_events WHERE run = ? AND instr(body, '"step-proposed"')"""
_CALLERS = """SELECT DISTINCT r.trajectory FROM uses u JOIN runs r ON r.id = u.run
    WHERE u.kind = 'workflow' AND r.trajectory IS NOT NULL AND (
        u.lent IN (SELECT lesson FROM lesson_sources WHERE trajectory = :id)
        OR u.lent IN (SELECT id FROM lessons WHERE json_extract(body, '$.trajectory') = :id))"""
_ABOUT = "SELECT body FROM lessons WHERE json_extract(body, '$.trajectory') = ?"
_LEARNED = "SELECT l.body FROM lessons l JOIN lesson_sources s ON s.lesson = l.id WHERE s.trajectory = ? ORDER BY l.id"


def _learned_from(db: "sqlite_utils.Database", trajectory_id: str) -> list[Lesson]:
    return [_decoded(row[0]) for row in db.execute(_LEARNED, [trajectory_id]).fetchall()]


def _about(db: "sqlite_utils.Database", trajectory_id: str) -> list[Lesson]:
    """The lessons that are called by this trajectory: one at most."""
    return [_decoded(row[0]) for row in db.execute(_ABOUT, [trajectory_id]).fetchall()]


def _changed(lesson: Lesson, change: Callable[[str], str]) -> Lesson:
    """The lesson after a change of JSON that spares fields which say what a record is: its body has none of those."""
    changed = _decoded(change(msgspec.json.encode(msgspec.structs.replace(lesson, body={})).decode()))
    texts = msgspec.json.decode(change(msgspec.json.encode(list(_texts(lesson.body))).decode()))
    return msgspec.structs.replace(changed, body=_with_texts(lesson.body, iter(texts)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from _texts(part)


def _with_texts(value: Any, texts: Iterator[str]) -> Any:
    """The same with other texts in the places of its own, in the order of `_texts`."""
    if isinstance(value, str):
        return next(texts)
    if isinstance(value, dict):
        return {name: _with_texts(part, texts) for name, part in value.items()}
    return [_with_texts(part, texts) for part in value] if isinstance(value, list | tuple) else value


def _put(db: "sqlite_utils.Database", lesson: Lesson) -> None:
    body = msgspec.json.encode(lesson).decode()
    db.execute(
        "INSERT INTO lessons (id, kind, app, status, created, body) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET app = excluded.app, status = excluded.status, body = excluded.body",
        [lesson.id, lesson.kind, lesson.app, lesson.status, lesson.created, body],
    )
    db.execute("DELETE FROM lesson_sources WHERE lesson = ?", [lesson.id])
    sources = {span.trajectory for span in lesson.sources}
    db.conn.executemany(
        "INSERT INTO lesson_sources (lesson, trajectory) VALUES (?, ?)", [(lesson.id, s) for s in sources]
    )


def _remove(db: "sqlite_utils.Database", lesson_id: str) -> None:
    db.execute("DELETE FROM lesson_sources WHERE lesson = ?", [lesson_id])
    db.execute("DELETE FROM lessons WHERE id = ?", [lesson_id])
    db.execute("DELETE FROM uses WHERE lent = ?", [lesson_id])
    db.execute("DELETE FROM standings WHERE lent = ?", [lesson_id])


def _use(row: Sequence[Any]) -> Use:
    return Use(row[0], row[1], row[2], None if row[3] is None else bool(row[3]))


def _decoded(body: str) -> Lesson:
    return from_json(body, Lesson, what="a lesson")
