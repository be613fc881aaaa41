"""How often exemplar memory finds another demonstration of the same task in other words, beside plain FTS5 on the task.

Runs on demonstrations by others, which are not ours to ship: the folder of stanfordnlp/miniwob-plusplus-demos, named by
WORKBENCH_MINIWOB_DEMOS. Every demonstration is asked for once; those with exactly its words are left out, so are names
of tasks. The situation asked with is the first page, the one kept is what was clicked.
"""

import os
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.memory.retrieval import situations
from agents.memory.retrieval.lexical import LexicalRetriever
from agents.memory.retrieval.ports import Control, Query, Situation
from agents.memory.retrieval.words import terms_of
from workbench.errors import UnavailableError
from workbench.library.importing.miniwob_pages import Node, demonstration
from workbench.library.importing.source import Source
from workbench.library.memories import Entry
from workbench.library.store import Library
from workbench.trajectory import Trajectory

FOLDER = "WORKBENCH_MINIWOB_DEMOS"
TOP = 3


@dataclass(frozen=True)
class Demonstration:
    """One of them: the name of its task, which nobody is shown, its words, the first page and what was clicked."""

    name: str
    task: str
    words: str
    page: frozenset[Control]
    clicked: frozenset[Control]


def measure() -> list[dict]:
    demonstrations = read_all()
    asked = [one for one in demonstrations if _golden(one, demonstrations)]
    ours, plain = _ours(asked, demonstrations), _plain(asked, demonstrations)
    rows = []
    for top in (1, TOP):
        value, baseline = (
            sum(_hit(one, found[:top]) for one, found in zip(asked, each, strict=True)) for each in (ours, plain)
        )
        goal = f"> {baseline / len(asked):.3f}" if top == TOP else None
        rows.append(
            {
                "name": f"recall@{top} over {len(asked)} demonstrations",
                "value": value / len(asked),
                "unit": "",
                "goal": goal,
                "baseline": f"{baseline / len(asked):.3f} plain FTS5 on the task",
            }
        )
    return rows


def read_all() -> list[Demonstration]:
    """All demonstrations; raises `UnavailableError` where there are none."""
    folder = os.environ.get(FOLDER)
    found = sorted(Path(folder).rglob("*.json.gz")) if folder else []
    if not found:
        raise UnavailableError(f"there are no demonstrations: set {FOLDER} to a folder of miniwob-plusplus-demos")
    return [_read(path, number) for number, path in enumerate(found)]


def _read(path: Path, number: int) -> Demonstration:
    told = demonstration(Source(path))
    pages = [(state.action, state.page(what=str(path))) for state in told.states]
    clicks = [(act, page) for act, page in pages if act and (act.type, act.timing) == ("click", 1)]
    hit = (page.smallest(act.x, act.y) for act, page in clicks)
    page = frozenset(_control(node) for node in pages[0][1].nodes())
    clicked = frozenset(_control(node) for node in hit if node)
    return Demonstration(f"d{number}", path.parent.name, told.utterance, page, clicked)


def _control(node: Node) -> Control:
    return node.tag.lower(), " ".join(str(node.text or node.value or "").lower().split())


def _golden(one: Demonstration, among: Sequence[Demonstration]) -> bool:
    """Whether anybody did the same task in other words."""
    return any(other.task == one.task and other.words != one.words for other in among)


def _hit(one: Demonstration, found: Sequence[Demonstration]) -> bool:
    return any(other.task == one.task for other in found)


def _ours(asked: Sequence[Demonstration], among: Sequence[Demonstration]) -> list[list[Demonstration]]:
    by_name = {one.name: one for one in among}
    same: dict[str, frozenset[str]] = {
        words: frozenset(one.name for one in among if one.words == words) for words in {one.words for one in among}
    }
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        for one in among:
            saved = library.save(Trajectory(one.name, "a demonstration", task=one.words))
            library.memories.put(saved, [_entry(one)])
        retriever = LexicalRetriever(library.memories)
        queries = (Query(one.words, Situation(controls=one.page), "whole", TOP, same[one.words]) for one in asked)
        return [[by_name[found.trajectory] for found in retriever.find(query)] for query in queries]


def _entry(one: Demonstration) -> Entry:
    named = " ".join(name for _, name in sorted(one.clicked))
    terms = " ".join(terms_of(f"{one.words} {named}"))
    return Entry(one.name, "whole", 1, 1, one.words, terms, controls=situations.written(one.clicked))


def _plain(asked: Sequence[Demonstration], among: Sequence[Demonstration]) -> list[list[Demonstration]]:
    """What FTS5 finds by bm25 for any of the words."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE tasks USING fts5(words)")
    db.executemany("INSERT INTO tasks (rowid, words) VALUES (?, ?)", ((n, one.words) for n, one in enumerate(among)))
    found = []
    for one in asked:
        letters = "".join(letter if letter.isalnum() else " " for letter in one.words)
        query = " OR ".join(f'"{word}"' for word in letters.split())
        rows = db.execute("SELECT rowid FROM tasks WHERE tasks MATCH ? ORDER BY rank LIMIT 500", [query]).fetchall()
        found.append([among[row[0]] for row in rows if among[row[0]].words != one.words][:TOP])
    return found
