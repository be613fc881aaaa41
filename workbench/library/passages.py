"""The search index: one passage per step and one per trajectory, of its head only.

Matches are given newest first, titles and tasks before steps, which is the order of their ids read backwards: so a
search stops at its limit. Ranking by how often words occur was measured at 35 to 90 ms for words that 100 000 steps
have in common; steps are short and ask for all words, so that there is little to rank.
"""

from typing import TYPE_CHECKING

from workbench.actions import Action, Ask, Fail, Finish, Note, TypeText
from workbench.library.records import Hit
from workbench.trajectory import Step, Target, Trajectory

if TYPE_CHECKING:
    import sqlite_utils

_MAX_WORDS = 16
_MAX_LETTERS = 64
_FIRST_TITLE = 1 << 40
"""Ids from here on are those of titles and tasks, lower ones those of steps."""

_LAST_STEP = "SELECT coalesce(max(id), 0) FROM passages WHERE id < ?"
_LAST_TITLE = "SELECT max(coalesce(max(id), 0), ?) FROM passages"
_INSERT = """INSERT INTO passages (id, trajectory, step, title, task, window, element, typed, description)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SEARCH = """SELECT p.trajectory, t.title, p.step, found.snippet, 1.0 * p.id, p.description FROM (
        SELECT rowid, snippet(passages_fts, -1, '', '', '…', 16) AS snippet
        FROM passages_fts WHERE passages_fts MATCH :words ORDER BY rowid DESC LIMIT :limit
    ) found JOIN passages p ON p.id = found.rowid JOIN trajectories t ON t.id = p.trajectory ORDER BY p.id DESC"""
_SEARCH_SIGN = """SELECT p.trajectory, t.title, p.step, trim(p.title || ' ' || p.element || ' ' || p.typed), 1.0 * p.id,
        p.description
    FROM passages p JOIN trajectories t ON t.id = p.trajectory
    WHERE instr(p.element, :sign) OR instr(p.typed, :sign) OR instr(p.title, :sign) ORDER BY p.id DESC LIMIT :limit"""


def index(db: "sqlite_utils.Database", trajectory: Trajectory) -> None:
    """Make the index say what the trajectory says."""
    remove(db, trajectory.id)
    title, *steps = expected(trajectory)
    title_id = db.execute(_LAST_TITLE, [_FIRST_TITLE]).fetchone()[0] + 1
    step_id = db.execute(_LAST_STEP, [_FIRST_TITLE]).fetchone()[0] + 1
    rows = [(title_id, trajectory.id, *title)]
    rows += [(at, trajectory.id, *step) for at, step in enumerate(steps, step_id)]
    db.conn.executemany(_INSERT, rows)


def remove(db: "sqlite_utils.Database", trajectory_id: str) -> None:
    """Take the trajectory out of the index."""
    db.execute("DELETE FROM passages WHERE trajectory = ?", [trajectory_id])


def rebuild(db: "sqlite_utils.Database") -> None:
    """Make the index anew from the passages; nothing of what was removed stays in it."""
    db.execute("INSERT INTO passages_fts(passages_fts) VALUES ('rebuild')")


def search(db: "sqlite_utils.Database", words: str, *, limit: int) -> list[Hit]:
    """The newest passages that have all the words, the last of which may be a beginning; titles and tasks first.

    Words without letters and digits (`=`, `+`) are looked for, as they stand and joined by blanks, in names, typed
    text and titles when there are no others; beside others they are left out.
    """
    found = [word[:_MAX_LETTERS] for word in words.replace("\0", " ").split()[:_MAX_WORDS]]
    spoken = [word for word in found if any(letter.isalnum() for letter in word)]
    if spoken:
        rows = db.execute(_SEARCH, {"words": _query(spoken), "limit": limit})
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
