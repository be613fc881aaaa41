"""Controls that words tell from others: "the third tab", "the second Save", "the field below Name", "the Save link".

Read in English, by rules, and told to the model as evidence beside the list; it decides whether that was meant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.screen.alike import likeness
from agents.screen.kinds import kind_at
from agents.screen.listing import Line, Role
from agents.screen.words import bare, split

MOST = 2
"""How many controls are told."""

_COUNTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINALS: dict[tuple[str, ...], int] = {
    **{(word,): number for number, word in enumerate(_COUNTS, 1)},
    **{(f"{number}{ending}",): number for number in range(1, 21) for ending in ("st", "nd", "rd", "th")},
    **dict.fromkeys((("last",), ("final",), ("very", "last")), -1),
    **dict.fromkeys((("second", "last"), ("next", "to", "last"), ("last", "but", "one"), ("second", "to", "last")), -2),
}
_LATER = ("below", "under", "underneath", "beneath", "after", "following", "follows")
_EARLIER = ("above", "before", "preceding", "over", "precedes")
_BESIDE = ("beside", "alongside")
_PHRASES: dict[tuple[str, ...], str] = {
    **{(word,): "later" for word in _LATER},
    **{(word,): "earlier" for word in _EARLIER},
    **{(word,): "beside" for word in _BESIDE},
    ("on", "top", "of"): "earlier",
    ("ahead", "of"): "earlier",
    ("next", "to"): "beside",
    ("to", "the", "side", "of"): "beside",
    ("to", "the", "right", "of"): "later",
    ("to", "the", "left", "of"): "earlier",
}
_LINKING = """
right directly just that comes coming stands immediately which is called named labelled labeled titled reading reads
showing saying
"""
_BETWEEN = frozenset(_LINKING.split())
_BEFORE_KIND = frozenset({"the", "a", "next", "first", "last", "nearest", "this", "that", "in", "on", "click", "press"})
_FILLERS = frozenset({"one", "of", "the", "among", "all", "them", "these"})
_NUMBERED = frozenset({"number", "no", ".", "#", "nr"})
_SAID = 0.9
"""A name is said where it is this much alike with the words beside it."""

_LONGEST_NAME = 8


@dataclass(frozen=True)
class _Words:
    """What is said, without quotation marks, and the lines of the list."""

    said: tuple[str, ...]
    lines: Sequence[Line]


def placed(words: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """The references of the controls that stand where the words say, at most `MOST`; mostly none."""
    told = _Words(tuple(word for word in split(words) if word not in "\"“”„«»'"), lines)
    found = (*_related(told), *_numbered(told), *_ordered(told)) or tuple(_told_by_kind(told))
    return tuple(dict.fromkeys(line.ref for line in found))[:MOST]


def _related(told: _Words) -> Iterator[Line]:
    """The kind of control before or after another that is named."""
    for start in range(len(told.said)):
        for phrase, way in _PHRASES.items():
            if told.said[start : start + len(phrase)] == phrase:
                roles = _kind_before(told.said, start)
                anchor = _named_after(told, start + len(phrase)) if roles else None
                if anchor is not None:
                    yield from _standing(told.lines, anchor, way, roles)


def _kind_before(said: Sequence[str], end: int) -> tuple[Role, ...]:
    """The kind that is named right before that place, and not a control of that kind by its name."""
    while end > 0 and said[end - 1] in _BETWEEN:
        end -= 1
    for start in range(max(0, end - 3), end):
        roles, behind = kind_at(said, start)
        if roles and behind == end and (start == 0 or said[start - 1] in _BEFORE_KIND):
            return roles
    return ()


def _named_after(told: _Words, start: int) -> int | None:
    """The number of the line whose name is said there; of names within each other the longest."""
    if told.said[start : start + 1] == ("the",):
        start += 1
    best, found = 0, None
    for number, line in enumerate(told.lines):
        name = bare(split(line.name))
        if best < len(name) <= _LONGEST_NAME and likeness(told.said[start : start + len(name)], name) >= _SAID:
            best, found = len(name), number
    return found


def _standing(lines: Sequence[Line], anchor: int, way: str, roles: Sequence[Role]) -> Iterator[Line]:
    after = [line for line in lines[anchor + 1 :] if line.role in roles]
    before = [line for line in lines[:anchor] if line.role in roles]
    if way == "beside":
        yield from (line for line in lines[anchor + 1 : anchor + 2] if line.role in roles)
        yield from (line for line in lines[max(0, anchor - 1) : anchor] if line.role in roles)
    elif way == "later":
        yield from after[:1]
    else:
        yield from before[-1:]


def _numbered(told: _Words) -> Iterator[Line]:
    """ "tab number 3", "tab #3", "number 3 of the tabs"."""
    for start in range(len(told.said)):
        roles, behind = kind_at(told.said, start)
        place = behind
        while place < len(told.said) and told.said[place] in _NUMBERED:
            place += 1
        number = _digits(told.said, place)
        if roles and number and (place > behind or place == len(told.said) - 1):
            yield from _nth([line for line in told.lines if line.role in roles], number)
        if told.said[start] == "number" and _digits(told.said, start + 1):
            counted, _ = kind_at(told.said, _past_fillers(told.said, start + 2))
            yield from _nth([line for line in told.lines if line.role in counted], _digits(told.said, start + 1))


def _ordered(told: _Words) -> Iterator[Line]:
    """ "the third tab", "the last of the files", "the second Save", "the second Save button"."""
    start = 0
    while start < len(told.said):
        count = next((count for count in (3, 2, 1) if told.said[start : start + count] in _ORDINALS), 0)
        if count:
            yield from _nth(_row(told, start, start + count), _ORDINALS[told.said[start : start + count]])
        start += count or 1


def _told_by_kind(told: _Words) -> Iterator[Line]:
    """The only one of its kind among several of a name, where name and kind are said side by side."""
    for start in range(len(told.said)):
        named = _namesakes(told, start)
        if named:
            roles, _ = kind_at(told.said, start + len(bare(split(named[0].name))))
            roles = roles or _kind_before(told.said, start)
            meant = [line for line in named if line.role in roles]
            yield from meant if len(meant) == 1 else ()


def _row(told: _Words, ordinal: int, behind: int) -> list[Line]:
    """The lines that are counted: of a name that several have, else of a kind."""
    place = _past_fillers(told.said, behind)
    named = _namesakes(told, place)
    if named:
        roles, _ = kind_at(told.said, place + len(bare(split(named[0].name))))
        return [line for line in named if not roles or line.role in roles]
    if told.said[behind : behind + 1] == ("place",):
        roles = _kind_before(told.said, ordinal - 1 if told.said[max(0, ordinal - 1) : ordinal] == ("in",) else ordinal)
        return [line for line in told.lines if line.role in roles]
    if told.said[max(0, ordinal - 1) : ordinal] != ("the",):
        return [line for line in told.lines if line.role in kind_at(told.said, place)[0]]  # "first" may be when
    elsewhere = max((_namesakes(told, start) for start in range(len(told.said))), key=_letters, default=[])
    if elsewhere:
        return elsewhere
    return [line for line in told.lines if line.role in kind_at(told.said, place)[0]]


def _letters(named: Sequence[Line]) -> int:
    return len(named[0].name) if named else 0


def _namesakes(told: _Words, start: int) -> list[Line]:
    """Lines of one name, said there, that several have."""
    best: list[Line] = []
    for line in told.lines:
        name = bare(split(line.name)) if line.name else ()
        if not name or told.said[start : start + len(name)] != name:
            continue
        same = [other for other in told.lines if bare(split(other.name)) == name]
        if len(same) > 1 and len(name) > (len(bare(split(best[0].name))) if best else 0):
            best = same
    return best


def _past_fillers(said: Sequence[str], place: int) -> int:
    while place < len(said) and said[place] in _FILLERS:
        place += 1
    return place


def _nth(row: Sequence[Line], number: int) -> Iterator[Line]:
    if len(row) > 1 and 1 <= abs(number) <= len(row):
        yield row[number - 1 if number > 0 else number]


def _digits(said: Sequence[str], place: int) -> int:
    return int(said[place]) if place < len(said) and said[place].isdecimal() and len(said[place]) < 3 else 0
