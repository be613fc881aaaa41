"""Tags: words by which a person keeps trajectories together.

They are the person's own order, no part of what was recorded: they are outside revisions and stay behind when a bundle
leaves. Upper and lower case of ASCII letters are the same tag; the spelling that came first stays.
"""

from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.library import revisions

if TYPE_CHECKING:
    import sqlite_utils

LONGEST_CHARACTERS = 40


def spelled(text: str) -> str:
    """The tag as it is stored: blanks joined; raises `BadInputError` for none, a comma, or one too long."""
    tag = " ".join(text.split())
    if not tag or "," in tag or not tag.isprintable() or len(tag) > LONGEST_CHARACTERS:
        shown = tag if len(tag) <= LONGEST_CHARACTERS else f"{tag[: LONGEST_CHARACTERS // 2]}…"
        raise BadInputError(f"“{shown}” cannot be a tag: use 1 to {LONGEST_CHARACTERS} characters without a comma")
    return tag


def add(db: "sqlite_utils.Database", trajectory_id: str, tag: str) -> None:
    """Give a trajectory a tag; nothing where it has it."""
    revisions.head_of(db, trajectory_id)
    known = db.execute("SELECT tag FROM tags WHERE tag = ? LIMIT 1", [spelled(tag)]).fetchone()
    new = known[0] if known else spelled(tag)
    db.execute("INSERT OR IGNORE INTO tags (trajectory, tag) VALUES (?, ?)", [trajectory_id, new])


def remove(db: "sqlite_utils.Database", trajectory_id: str, tag: str) -> None:
    """Take a tag from a trajectory; raises `BadInputError` where it has none of that name."""
    revisions.head_of(db, trajectory_id)
    gone = db.execute("DELETE FROM tags WHERE trajectory = ? AND tag = ?", [trajectory_id, spelled(tag)])
    if not gone.rowcount:
        raise BadInputError(f"{trajectory_id} has no tag “{spelled(tag)}”; `workbench-cli list` shows those it has")


def replace_text(db: "sqlite_utils.Database", trajectory_id: str, text: str, new: str) -> None:
    """Replace a text in the tags of a trajectory."""
    db.execute(
        "UPDATE OR REPLACE tags SET tag = replace(tag, :text, :new) WHERE trajectory = :id AND instr(tag, :text)",
        {"id": trajectory_id, "text": text, "new": new},
    )


def by_trajectory(db: "sqlite_utils.Database") -> dict[str, tuple[str, ...]]:
    """The tags of every trajectory that has any, in alphabetical order."""
    found: dict[str, tuple[str, ...]] = {}
    for trajectory, tag in db.execute("SELECT trajectory, tag FROM tags ORDER BY trajectory, tag"):
        found[trajectory] = (*found.get(trajectory, ()), tag)
    return found


def every(db: "sqlite_utils.Database") -> list[str]:
    """All tags in use, in alphabetical order."""
    return [row[0] for row in db.execute("SELECT min(tag) FROM tags GROUP BY tag ORDER BY tag")]
