"""The search index: one passage per step and one per trajectory, of its head only.

A search looks at the newest matches only, as many as can be ranked within a few milliseconds: a word that occurs in
every one of 100 000 steps would otherwise take a tenth of a second to rank.
"""

from typing import TYPE_CHECKING

from workbench.actions import Action, Ask, Fail, Finish, Note, TypeText
from workbench.library.records import Hit
from workbench.trajectory import Step, Target, Trajectory

if TYPE_CHECKING:
    import sqlite_utils

_RANKED = 300
_MAX_WORDS = 16
_MAX_LETTERS = 64
_INSERT = """INSERT INTO passages (trajectory, step, title, task, window, element, typed, description)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_SEARCH = """SELECT p.trajectory, t.title, p.step, newest.snippet, -newest.score FROM (
        SELECT rowid, bm25(passages_fts, 4.0, 4.0, 1.0, 2.0, 2.0, 1.0) AS score,
            snippet(passages_fts, -1, '', '', '…', 16) AS snippet
        FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rowid DESC LIMIT ?
    ) newest JOIN passages p ON p.id = newest.rowid JOIN trajectories t ON t.id = p.trajectory
    ORDER BY newest.score, p.id DESC LIMIT ?"""
_SEARCH_SIGN = """SELECT p.trajectory, t.title, p.step, trim(p.title || ' ' || p.element || ' ' || p.typed), 0.0
    FROM passages p JOIN trajectories t ON t.id = p.trajectory
    WHERE instr(p.element, :sign) OR instr(p.typed, :sign) OR instr(p.title, :sign) ORDER BY p.id DESC LIMIT :limit"""


def index(db: "sqlite_utils.Database", trajectory: Trajectory) -> None:
    """Make the index say what the trajectory says."""
    remove(db, trajectory.id)
    rows = [(trajectory.id, *passage) for passage in expected(trajectory)]
    db.conn.executemany(_INSERT, rows)


def remove(db: "sqlite_utils.Database", trajectory_id: str) -> None:
    """Take the trajectory out of the index."""
    db.execute("DELETE FROM passages WHERE trajectory = ?", [trajectory_id])


def rebuild(db: "sqlite_utils.Database") -> None:
    """Make the index anew from the passages; nothing of what was removed stays in it."""
    db.execute("INSERT INTO passages_fts(passages_fts) VALUES ('rebuild')")


def search(db: "sqlite_utils.Database", words: str, *, limit: int) -> list[Hit]:
    """The best of the newest passages that have all the words, the last of which may be a beginning.

    Words without letters and digits (`=`, `+`) are looked for, as they stand and joined by blanks, in names, typed
    text and titles when there are no others; beside others they are left out.
    """
    found = [word[:_MAX_LETTERS] for word in words.replace("\0", " ").split()[:_MAX_WORDS]]
    spoken = [word for word in found if any(letter.isalnum() for letter in word)]
    if spoken:
        rows = db.execute(_SEARCH, [_query(spoken), max(limit, _RANKED), limit])
    else:
        rows = db.execute(_SEARCH_SIGN, {"sign": " ".join(found), "limit": limit if found else 0})
    return [Hit(*row) for row in rows]


def expected(trajectory: Trajectory) -> list[tuple[object, ...]]:
    """The passages that the trajectory must have, without its id."""
    rows: list[tuple[object, ...]] = [(None, trajectory.title, trajectory.task, "", "", "", "")]
    return rows + [(at, "", "", *_searched(step)) for at, step in enumerate(trajectory.steps, 1)]


def _query(words: list[str]) -> str:
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    return " ".join(quoted) + "*"


def _searched(step: Step) -> tuple[str, str, str, str]:
    """A step's window titles, element names and printed text, typed text and remarks, description."""
    targets = [target for target in (step.target, step.destination) if target]
    windows = [target.window for target in targets] + [step.observation.window, step.outcome.window]
    titles = dict.fromkeys(word for window in windows if window for word in (window.app, window.title) if word)
    names = dict.fromkeys(name for target in targets for name in _names(target) if name)
    return " ".join(titles), " ".join(names), _said(step.action), step.description


def _names(target: Target) -> list[str]:
    element, printed = target.element, target.text
    return [*([element.name, element.label] if element else []), printed.text if printed else ""]


def _said(action: Action) -> str:
    match action:
        case TypeText(text=text) | Note(text=text) | Ask(question=text) | Finish(answer=text) | Fail(reason=text):
            return text
        case _:
            return ""
