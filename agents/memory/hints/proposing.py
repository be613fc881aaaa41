"""Hints of a library: mined from its runs and recordings, proposed to a person, kept with the steps they came from."""

from collections.abc import Iterable, Iterator, Sequence
from time import time
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec.structs import replace

from agents.memory.hints.living import Life, life_of_recording, life_of_run
from agents.memory.hints.mining import Card, cards_of, contradicts
from agents.memory.hints.phrasing import Phrasing
from workbench.library.learning import Lesson, Span

if TYPE_CHECKING:
    from workbench.library.records import Summary
    from workbench.library.store import Library

MOST_SOURCES = 12
"""So many of the steps that show the same are kept with a hint, the newest of them."""

Key = tuple[str, str, str]


def propose_hints(library: "Library", *, app: str = "", phrasing: Phrasing | None = None) -> tuple[Lesson, ...]:
    """Mine the library, keep what is new as proposals, and return those.

    A hint that is known, whatever became of it, only gets the steps that show it again. With `app` only those of that
    application are made; `phrasing` may put them in better words. Reads every run: about 15 s for
    a thousand of twenty steps. Raises as the library does, and `ModelError` where a model did not phrase them.
    """
    lives = tuple(_lives(library))
    known = {_key(one): one for one in library.learning.lessons("hint")}
    proposed = []
    for made in _merged(_cards(lives)):
        if app and made.app.casefold() != app.casefold():
            continue
        old = known.get(_key(made))
        if old is None:
            proposed.append(phrasing.phrased(made) if phrasing else made)
            library.learning.put(proposed[-1])
        elif set(made.sources) - set(old.sources):
            library.learning.put(replace(old, sources=_together((*old.sources, *made.sources))))
    return tuple(proposed)


def approve_hint(library: "Library", lesson_id: str) -> Lesson:
    """Let a hint be lent; raises `BadInputError` where there is none of that id."""
    return _stands(library, lesson_id, retired=False)


def retire_hint(library: "Library", lesson_id: str) -> Lesson:
    """Have a hint neither lent nor proposed again; raises `BadInputError` where there is none of that id."""
    return _stands(library, lesson_id, retired=True)


def _stands(library: "Library", lesson_id: str, *, retired: bool) -> Lesson:
    hint = replace(library.learning.lesson(lesson_id), status="retired" if retired else "approved")
    library.learning.put(hint)
    return hint


def _lives(library: "Library") -> Iterator[Life]:
    """Of every trajectory what it tells: through the run that it was, where there is one."""
    for summary in library.summaries():
        if summary.state != "complete" or not summary.steps:
            continue
        run = _made_by(library, summary)
        if run:  # its log counts the steps as its first revision has them
            yield life_of_run(library.get(summary.id, revision=1), library.run_events(run))
        elif summary.reviewed:
            yield life_of_recording(library.get(summary.id))


def _made_by(library: "Library", summary: "Summary") -> str:
    """The run that became the trajectory; empty where a person recorded it."""
    runs = library.runs(summary.id) if summary.source == "agent" else []
    return runs[-1].id if runs else ""


def _cards(lives: Sequence[Life]) -> Iterator[tuple[Card, Life]]:
    for life in lives:
        for card in cards_of(life):
            if not any(contradicts(other, card) for other in lives):
                yield card, life


def _merged(cards: Iterable[tuple[Card, Life]]) -> list[Lesson]:
    """One proposal for all cards that say the same, in the order in which they were seen."""
    found: dict[Key, Lesson] = {}
    for card, life in cards:
        made = _lesson(card, Span(life.trajectory, card.first, card.last, life.revision, life.purges))
        same = found.get(_key(made))
        found[_key(made)] = replace(same, sources=_together((*same.sources, *made.sources))) if same else made
    return list(found.values())


def _lesson(card: Card, span: Span) -> Lesson:
    body = {"rule": card.rule, "about": card.about, "window": card.window, "said": card.words}
    identifier = f"h{uuid4().hex[:11]}"
    return Lesson(identifier, "hint", card.app, card.words, (span,), body, created=round(time(), 3))


def _key(hint: Lesson) -> Key:
    """What makes two hints the same, whoever put them in words."""
    said = str(hint.body.get("said", hint.words))
    return hint.app.casefold(), str(hint.body.get("rule", "")), " ".join(said.casefold().split())


def _together(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(spans))[-MOST_SOURCES:]
