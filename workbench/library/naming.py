"""Ids of trajectories, and how a person names one."""

import re
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import BadInputError

if TYPE_CHECKING:
    import sqlite_utils

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_EPOCH_MS = 1_704_067_200_000
_TIME_LETTERS = 8
_RANDOM_LETTERS = 4
_SHOWN = 5
_AT_REVISION = re.compile(r"(?P<name>.+)@(?P<revision>[0-9]{1,9})", re.DOTALL)

_lock = threading.Lock()
_last_ms = 0


@dataclass(frozen=True)
class Named:
    """What a name means: a trajectory, and a revision if the name ended with `@number`."""

    trajectory: str
    revision: int | None = None


def new_id() -> str:
    """Twelve letters and digits, sorted by time within a process: milliseconds since 2024, then chance."""
    global _last_ms
    with _lock:
        _last_ms = max(_last_ms + 1, time.time_ns() // 1_000_000 - _EPOCH_MS)
        moment = _last_ms
    chance = secrets.randbits(5 * _RANDOM_LETTERS)
    return _base32(moment, _TIME_LETTERS) + _base32(chance, _RANDOM_LETTERS)


def resolve(db: "sqlite_utils.Database", name: str) -> Named:
    """The trajectory of that id, exact title or unique beginning of an id; raises `BadInputError` otherwise."""
    found = _candidates(db, name)
    ending = _AT_REVISION.fullmatch(name)
    if not found and ending:
        found = _candidates(db, ending["name"])
        return Named(_only(found, ending["name"]), int(ending["revision"]))
    return Named(_only(found, name))


def _candidates(db: "sqlite_utils.Database", name: str) -> list[str]:
    for where in ("id = ?1", "title = ?1", "length(?1) > 0 AND substr(id, 1, length(?1)) = ?1"):
        rows = db.execute(f"SELECT id FROM trajectories WHERE {where} ORDER BY id", [name]).fetchall()  # noqa: S608 - conditions from above
        if rows:
            return [row[0] for row in rows]
    return []


def _only(found: list[str], name: str) -> str:
    shown = name if len(name) <= 80 else f"{name[:80]}…"
    if not found:
        raise BadInputError(f"no trajectory is called {shown!r}; `workbench-cli list` shows those there are")
    if len(found) > 1:
        some = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
        raise BadInputError(f"{len(found)} trajectories are called {shown!r}: name one by its id: {some}")
    return found[0]


def _base32(number: int, letters: int) -> str:
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(letters)))
