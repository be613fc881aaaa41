"""Splitting a task into clauses, for models that follow one instruction at a time.

    open the menu, then click "Save; then quit" and close the window
    -> open the menu · click "Save; then quit" · close the window

By rule and in six languages. Nothing between quotation marks is ever split, and a bare "and" or comma only splits
where a known command follows: a clause too long is understood better than half of one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.planning.imperatives import (
    ANDS,
    COMMANDS,
    CONDITIONS,
    NOT_AFTER,
    NOT_BEFORE,
    NUMBER_WORDS,
    ORDER_WORDS,
    PLACE_WORDS,
    PREPOSITIONS,
)


@dataclass(frozen=True)
class Clause:
    """One instruction, and what stood before it: punctuation, a number, a word such as "then"."""

    joint: str
    words: str


def _any(words: tuple[str, ...]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) + r")(?!\w)"


_OWN = rf"(?!\s+(?:{_any(NOT_BEFORE)}))"
_THEN = _any(ORDER_WORDS) + _OWN
_NTH = rf"(?:{_any(PLACE_WORDS)}{_OWN}|{_any(NUMBER_WORDS)}(?=\s*[,:]|\s+{_any(tuple(COMMANDS))}))"


QUOTED = re.compile(
    r'"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|‹[^›]*›|`[^`]*`|(?<![\w])\'[^\'\n]*\'(?!\w)|(?<!\w)‘[^’\n]*’(?!\w)'
)
"""Text between quotation marks, the marks included."""

_MARKER = r"(?:[-*•–]|\(?\d{1,2}[.):]|\(?[a-z][.)])(?=\s)"
_LEAD = rf"(?:{_NTH}|{_THEN})[\s,:]*"
_LINE = rf"[ \t]*[,.;:]?[ \t]*\n\s*(?:{_MARKER}\s*)?(?:{_LEAD})?"
_SEMICOLON = rf"\s*;(?=\s)\s*(?:(?:{_any(ANDS)})\s+)?(?:{_LEAD})?"
_ORDER = rf"(?:\s*[,.!]\s*(?:(?:{_any(ANDS)})\s+)?|[ \t]+){_THEN}[\s,:]*"
_PLACE = rf"\s*[,.!]\s+(?:(?:{_any(ANDS)})\s+)?{_NTH}[\s,:]*"
_BARE = rf"\s*[,.!]\s+(?:(?:{_any(ANDS)})\s+)?|[ \t]+(?:{_any(ANDS)})[ \t]+"
_JOINT = re.compile(
    rf"(?P<line>{_LINE})|(?P<semicolon>{_SEMICOLON})|(?P<order>{_ORDER})|(?P<place>{_PLACE})|(?P<bare>{_BARE})", re.I
)
_START = re.compile(rf"\s*(?:{_MARKER}\s*)?(?:{_LEAD})?", re.I)
_NUMBER = re.compile(r"(?:(?<=\s)|^)\(?(\d{1,2})[.)](?=\s)")
_WORD = re.compile(r"[\w'’]+")
_LAST = re.compile(r"\w[\w'’]*(?=\s*$)")


def clauses(task: str) -> tuple[str, ...]:
    """The instructions of a task in their order, in its own words; none where it says nothing."""
    return tuple(clause.words for clause in split(task))


def split(task: str) -> tuple[Clause, ...]:
    """The instructions with what joins them: joints and words one after the other are the task, without outer space."""
    text = task.strip()
    if not text:
        return ()
    joints = list(_joints(text))
    ends = [start for start, _ in joints[1:]] + [len(text)]
    return tuple(Clause(text[a:b], text[b:end]) for (a, b), end in zip(joints, ends, strict=True))


def _joints(text: str) -> Iterator[tuple[int, int]]:
    """Where each joint begins and ends, the first at 0; there are words behind every one of them."""
    spans = [match.span() for match in QUOTED.finditer(text)]
    numbers = _numbers(text, spans)
    start = _START.match(text)
    begin = start.end() if start and _says(text[start.end() :]) else 0
    yield 0, begin
    excused = False
    for a, b, kind in _found(text, numbers, spans):
        before, behind = text[begin:a], text[b:]
        if a < begin or not _says(before) or not _says(behind):
            continue
        if kind in ("order", "place", "bare") and not excused and _conditional(before):
            excused = True
            continue
        if _splits(kind, before, behind):
            yield len(text[:a].rstrip()), b
            begin, excused = b, False


def _found(text: str, numbers: list[tuple[int, int]], spans: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    found = [(a, b, "number") for a, b in numbers]
    place = 0
    while match := _JOINT.search(text, place):
        a, b = match.span()
        quote = next((span for span in spans if span[0] < b and a < span[1]), None)
        if quote is None:
            found.append((a, b, str(match.lastgroup)))
        place = max(b, a + 1) if quote is None else max(quote[1], a + 1)
    return sorted(found)


def _numbers(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The numbers of a list on one line, where they count on from the 1 with which the task begins."""
    found: list[tuple[int, int]] = []
    wanted = 1
    for match in _NUMBER.finditer(text):
        if int(match[1]) == wanted and not any(a <= match.start() < b for a, b in spans):
            found.append((len(text[: match.start()].rstrip()), match.end() + len(text[match.end() :]) - _left(match)))
            wanted += 1
    return found[1:] if found and found[0][0] == 0 else []


def _left(match: "re.Match[str]") -> int:
    """How long the text behind the match is without the space that it begins with."""
    return len(match.string[match.end() :].lstrip())


def _says(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _conditional(words: str) -> bool:
    first = _WORD.search(words)
    return first is not None and first.group().lower() in CONDITIONS


def _splits(kind: str, before: str, behind: str) -> bool:
    if kind == "order":
        return _last(before).lower() not in NOT_AFTER
    return kind != "bare" or _commands(before, behind)


def _commands(before: str, behind: str) -> bool:
    """Whether what stands behind a bare joint is a command of its own, and not half of a name ("Save and close")."""
    verb, *rest = _WORD.findall(behind[:80])[:2] or [""]
    if verb.lower() not in COMMANDS or (rest and rest[0].lower() in PREPOSITIONS - {"in", "on", "at"}):
        return False
    last = _last(before)
    return last.lower() not in COMMANDS or (last[:1].isupper() and verb.islower() and bool(rest))


def _last(text: str) -> str:
    """The word with which the text ends; none where it ends with a quotation."""
    found = _LAST.search(text[-60:])
    return found.group() if found else ""
