"""How fast exemplar memory answers over a million steps, by words and by vectors, beside plain FTS5 and a whole matrix.

The steps are made up of some thousands of words whose frequencies fall as those of a language do; what is asked mixes
frequent, rare and unknown words. Vectors are random: what a search costs does not depend on what they mean.
"""

import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from agents.memory.retrieval.lexical import LexicalRetriever
from agents.memory.retrieval.ports import Query, Situation
from agents.memory.retrieval.vectors import VectorRetriever
from agents.memory.retrieval.words import terms_of
from workbench.library.store import Library

TRAJECTORIES, STEPS = 50_000, 20
COMPONENTS = 384
AT_ONCE = 50_000
VERBS = ("click", "type", "open", "select", "press")
ROLES = ("button", "field", "menu item", "checkbox", "tab")
QUESTIONS = (
    'click button "Save"',
    "type the customer name into the field",
    "open the menu item word17 word4711",
    "select",
    "word3 word4 word5 word6",
    "press the button of the unheardword",
    "the person wants the invoice word900 saved as word3000, so the field word12 comes next",
)


def measure() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        _fill(library)
        return [*_by_words(library), *_by_vectors(library)]


def _by_words(library: Library) -> Iterator[dict]:
    retriever = LexicalRetriever(library.memories)
    situation = Situation("app3", "", frozenset({("button", "word17"), ("field", "word12")}))
    plain = _plain_ms(library)
    for level, number in (("step", TRAJECTORIES * STEPS), ("whole", TRAJECTORIES)):
        asked_ms = [
            min(_timed_ms(lambda q=q, at=level: retriever.find(Query(q, situation, at))) for _ in range(3))
            for q in QUESTIONS
        ]
        baseline = f"{plain:.0f} ms bm25 of FTS5 over steps, median"
        yield _row(
            f"by words, {number} {level}s, median question", statistics.median(asked_ms), "ms", "<= 20", baseline
        )
        yield _row(f"by words, {number} {level}s, worst question", max(asked_ms), "ms", "<= 20", None)
    yield _row("index of a million steps on disk", (library.path / "library.db").stat().st_size / 1e6, "MB", None, None)


def _by_vectors(library: Library) -> Iterator[dict]:
    generator = np.random.default_rng(1)
    matrix = generator.standard_normal((TRAJECTORIES * STEPS, COMPONENTS), dtype=np.float32)
    wanted = matrix[7] + 0.3 * generator.standard_normal(COMPONENTS, dtype=np.float32)
    _put_vectors(library, matrix)
    exact_ms = _exact_ms(matrix, wanted)
    kept_mb = matrix.nbytes / 1e6
    del matrix
    before = _resident()
    retriever = VectorRetriever(library.memories, _Given(wanted))  # type: ignore[arg-type]  # an embedder that is never closed
    first_ms = _timed_ms(lambda: retriever.find(Query("asked", level="step")))
    grown_mb = (_resident() - before) / 1e6
    found_ms = [_timed_ms(lambda: retriever.find(Query("asked", level="step"))) for _ in range(9)]
    baseline = f"{exact_ms:.0f} ms for all of {kept_mb:.0f} MB as floats"
    yield _row(f"by vectors of {COMPONENTS}, 1000000 steps", statistics.median(found_ms), "ms", "<= 60", baseline)
    yield _row("by vectors, the first question, which loads the codes", first_ms, "ms", None, None)
    yield _row("by vectors, memory that the codes take", grown_mb, "MB", None, f"{kept_mb:.0f} MB as floats")


class _Given:
    """An embedder that always answers the same vector."""

    name = "given"

    def __init__(self, vector: np.ndarray) -> None:
        self._vector = vector

    def embed(self, texts: list[str]) -> np.ndarray:
        return np.tile(self._vector, (len(texts), 1))


def _fill(library: Library) -> None:
    """Trajectories and entries, straight into the tables: saving each would take ten minutes."""
    library.memories.stale()
    db = sqlite3.connect(library.path / "library.db")
    db.execute("PRAGMA synchronous=OFF")
    words = _Language(random.Random(5))
    terms: Counter[tuple[int, str]] = Counter()
    with db:
        db.executemany(
            "INSERT INTO trajectories (id, title, task, source, created, seconds, steps, head, touched)"
            " VALUES (?, '', '', 'human', 0, 0, 0, 0, 0)",
            ((f"t{n}",) for n in range(TRAJECTORIES)),
        )
        for first, rows in ((0, TRAJECTORIES * STEPS), (2 << 40, TRAJECTORIES)):
            level = first >> 40
            entries = (
                _entry(first + at, at // (STEPS if not level else 1), words, level, terms) for at in range(1, rows + 1)
            )
            db.executemany(
                "INSERT INTO memories (id, trajectory, first, last, app, window, words, controls, terms)"
                " VALUES (?, ?, 1, 1, ?, '', ?, ?, ?)",
                entries,
            )
        db.executemany(
            "INSERT INTO memory_terms (level, term, entries) VALUES (?, ?, ?)",
            ((level, term, number) for (level, term), number in terms.items()),
        )
    db.close()


class _Language:
    """Words whose frequencies fall with their rank."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._pool = chance.choices(range(20_000), [1 / (rank + 10) for rank in range(20_000)], k=200_000)

    def word(self) -> str:
        return f"word{self.chance.choice(self._pool)}"


def _entry(number: int, trajectory: int, words: _Language, level: int, terms: Counter) -> tuple[object, ...]:
    chance, name = words.chance, words.word()
    role = chance.choice(ROLES)
    said = f"{chance.choice(VERBS)} the {role} {name} {words.word()}"
    said += " to have the customer invoice saved" if number % 7 == 0 else f" for {words.word()}"
    found = terms_of(said)
    for term in found:
        terms[level, term] += 1
    return number, f"t{min(trajectory, TRAJECTORIES - 1)}", f"app{number % 9}", said, f"{role}\t{name}", " ".join(found)


def _put_vectors(library: Library, matrix: np.ndarray) -> None:
    db = sqlite3.connect(library.path / "library.db")
    db.execute("PRAGMA synchronous=OFF")
    for start in range(0, len(matrix), AT_ONCE):
        part = matrix[start : start + AT_ONCE]
        lengths = np.linalg.norm(part, axis=1, keepdims=True)
        halves, codes = (part / lengths).astype(np.float16), np.packbits(part > 0, axis=1)  # 384 bits: 6 numbers
        with db:
            db.executemany(
                "INSERT INTO memory_vectors (entry, embedder, code, vector) VALUES (?, 'given', ?, ?)",
                ((start + at + 1, codes[at].tobytes(), halves[at].tobytes()) for at in range(len(part))),
            )
    db.close()


def _exact_ms(matrix: np.ndarray, wanted: np.ndarray) -> float:
    """What the whole matrix takes, kept in memory."""
    return min(_timed_ms(lambda: int(np.argmax(matrix @ wanted))) for _ in range(3))


def _resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _plain_ms(library: Library) -> float:
    """What FTS5 takes to rank by bm25 whatever has any of the words."""
    db = sqlite3.connect(library.path / "library.db")
    queries = [" OR ".join(terms_of(question)) for question in QUESTIONS]
    sql = "SELECT rowid FROM memories_fts WHERE memories_fts MATCH ? AND rowid < 1 << 40 ORDER BY rank LIMIT 3"
    found = statistics.median(_timed_ms(lambda q=q: db.execute(sql, [q]).fetchall()) for q in queries)
    db.close()
    return found


def _timed_ms(do: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    do()
    return (time.perf_counter() - started_s) * 1000


def _row(name: str, value: float, unit: str, goal: str | None, baseline: str | None) -> dict:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "baseline": baseline}
