"""Recorded steps with the values of today: by rule, from the two tasks side by side, where that is clear.

    recorded: select Ann, Bob and click Submit     click checkbox "Ann" · click checkbox "Bob" · click button "Submit"
    today:    select Eve, Mei, Jo and click Submit click checkbox "Eve" · … "Mei" · … "Jo" · click button "Submit"

A step that goes to what its task names goes to what today's task names in that place; several of them in a row, to as
many as there are today. What the recorded task does not say stays as it was recorded. Tasks that differ in more than
such values are not the same task: of them nothing is said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from agents.planning.carrying import carried, pieces
from agents.prompts.choosing import step_words

_TYPED = re.compile(r'^type "(?P<text>[^"]*)"(?: into (?P<target>.+))?$')
_POINTED = re.compile(r'^(?P<kind>[a-z-]*click) (?P<role>[a-z ]+) "(?P<name>[^"]*)"$')
_BETWEEN = re.compile(r"\s*(?:[,;]\s*(?:and\s+)?|\s+and\s+|\s*&\s*)\s*", re.I)


@dataclass(frozen=True)
class Adapted:
    """A step in the words of today, and the index of the recorded one; without words where its value is not clear."""

    words: str
    place: int


def adapted(steps: Sequence[str], recorded: str, today: str) -> tuple[Adapted, ...]:
    """The steps of a recording with the values of today's task; `steps` and both tasks are in words.

    All of them are without words where the tasks differ in anything else than what the steps typed or went to.
    """
    if not _is_same_task(recorded, today, steps):
        return tuple(Adapted("", place) for place in range(len(steps)))
    found: list[Adapted] = []
    place = 0
    while place < len(steps):
        size = _row(steps[place:], recorded)
        if size:
            found += _listed(steps, range(place, place + size), recorded, today=today)
        else:
            found.append(Adapted(_carried(steps[place], recorded, today), place))
        place += size or 1
    return tuple(found)


def _row(steps: Sequence[str], recorded: str) -> int:
    """How many steps, from the first one on, go to controls of one kind which the recorded task names one by one."""
    size, last, way = 0, 0, ("", "")
    for words in steps:
        pointed = _POINTED.match(words)
        at = _place(recorded, pointed["name"]) if pointed else None
        if pointed is None or at is None or at.start < last or (size and way != (pointed["kind"], pointed["role"])):
            break
        if size and not _BETWEEN.fullmatch(recorded[last : at.start].replace('"', "")):
            break
        size, last, way = size + 1, at.stop, (pointed["kind"], pointed["role"])
    return size


def _listed(steps: Sequence[str], row: range, recorded: str, *, today: str) -> Iterator[Adapted]:
    """Such steps, to what today's task names where the recorded one names theirs."""
    first, last = (_POINTED.match(steps[place]) for place in (row[0], row[-1]))
    assert first is not None
    assert last is not None
    begin, end = _place(recorded, first["name"]), _place(recorded, last["name"])
    assert begin is not None
    assert end is not None
    said = carried(recorded[begin.start : end.stop], recorded, today)
    if said is None:
        yield from (Adapted("", place) for place in row)
        return
    names = [said] if any(_BETWEEN.search(name) for name in (first["name"], last["name"])) else _BETWEEN.split(said)
    names = [name.strip("\"'“” ") for name in names]
    for index, name in enumerate(names):
        yield Adapted(step_words(first["kind"], f'{first["role"]} "{name}"'), row[min(index, len(row) - 1)])


def _carried(words: str, recorded: str, today: str) -> str:
    """The step with what is typed as today's task has it; empty where that is not clear."""
    typed = _TYPED.match(words)
    if typed is None or not _says(recorded, typed["text"]):
        pointed = _POINTED.match(words)
        return "" if pointed and _says(recorded, pointed["name"]) else words
    text = carried(typed["text"], recorded, today)
    return step_words("type", typed["target"] or "", text) if text is not None else ""


def _is_same_task(recorded: str, today: str, steps: Sequence[str]) -> bool:
    """Whether the tasks differ only where the recorded one says what a step typed or went to."""
    matches = [_TYPED.match(words) or _POINTED.match(words) for words in steps]
    values = [match[1] if match.re is _TYPED else match["name"] for match in matches if match]
    varying = {piece.word for value in values for piece in pieces(value)}
    then, now = ([piece.word for piece in pieces(task)] for task in (recorded, today))
    changes = SequenceMatcher(None, then, now, autojunk=False).get_opcodes()
    replaced = [then[a:b] for tag, a, b, _, _ in changes if tag != "equal"]
    return all(words and all(_is_value(word, varying) for word in words) for words in replaced)


def _is_value(word: str, varying: set[str]) -> bool:
    return word in varying or word == "and" or not any(character.isalnum() for character in word)


def _says(task: str, value: str) -> bool:
    """Whether the value stands anywhere in the task."""
    words, wanted = [piece.word for piece in pieces(task)], [piece.word for piece in pieces(value)]
    size = len(wanted)
    return bool(size) and any(words[at : at + size] == wanted for at in range(len(words) - size + 1))


def _place(task: str, value: str) -> slice | None:
    """From which character to which the value stands in the task, if it stands in one place."""
    words, wanted = pieces(task), [piece.word for piece in pieces(value)]
    size = len(wanted)
    starts = [at for at in range(len(words) - size + 1) if [one.word for one in words[at : at + size]] == wanted]
    return slice(words[starts[0]].start, words[starts[0] + size - 1].end) if size and len(starts) == 1 else None
