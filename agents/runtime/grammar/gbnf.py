"""Reading GBNF before llama.cpp does, so that a grammar it would refuse, or die of, is one clear error.

Follows what llama.cpp's own parser takes: rules `name ::= …` of literals, classes, groups, references, tokens and
repetitions, and nothing that refers to itself before it has taken a character.
"""

import re
from dataclasses import dataclass, field

from workbench.errors import BadInputError

MOST_REPEATS = 1999
"""llama.cpp refuses a lowest count above 2000, forgets a highest one, and later versions stop one earlier."""

_NAME = re.compile(r"[A-Za-z0-9-]+")
_SPACE = re.compile(r"(?:[ \t]|#[^\r\n]*)*")
_SPACE_AND_LINES = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_CHARACTER = r"\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\[trn\\\"\[\]-]|[^\\\0]"
_LITERAL = re.compile(rf"(?:(?!\")(?:{_CHARACTER}))*")
_CLASS = re.compile(rf"(?:(?!\])(?:{_CHARACTER}))*", re.S)
_TOKEN = re.compile(r"!?<[^>]+>")
_TIMES = re.compile(r"\{[ \t]*(\d{1,9})[ \t]*(?:(,)[ \t]*(\d{1,9})?[ \t]*)?\}")
_DEEPEST = 100


@dataclass(frozen=True)
class _Item:
    """One element of a sequence: what it refers to first, and whether it may take nothing."""

    rules: tuple[str, ...] = ()
    inner: "tuple[tuple[_Item, ...], ...]" = ()
    optional: bool = False


_Alternatives = tuple[tuple[_Item, ...], ...]


def check_gbnf(text: str) -> None:
    """Nothing, if llama.cpp can work with the grammar; otherwise raises `BadInputError` that names the line."""
    rules = _Reader(text).rules()
    if "root" not in rules:
        raise BadInputError("the grammar has no rule named root: begin it with `root ::= …`")
    for name, alternatives in rules.items():
        for wanted in _references(alternatives):
            if wanted not in rules:
                raise BadInputError(f"the grammar's rule {name} refers to {wanted}, which is not defined")
    _refuse_left_recursion(rules)


@dataclass
class _Reader:
    """A position in the text of a grammar."""

    text: str
    at: int = 0
    found: dict[str, _Alternatives] = field(default_factory=dict)

    def rules(self) -> dict[str, _Alternatives]:
        self._skip(_SPACE_AND_LINES)
        while self.at < len(self.text):
            self._rule()
            self._skip(_SPACE_AND_LINES)
        return self.found

    def _rule(self) -> None:
        name = self._take(_NAME, "the name of a rule")
        if name in self.found:
            raise self._wrong(f"the rule {name} is defined twice")
        self._skip(_SPACE)
        if not self.text.startswith("::=", self.at):
            raise self._wrong(f"`::=` is missing after {name}")
        self.at += 3
        self._skip(_SPACE_AND_LINES)
        self.found[name] = self._alternatives(0)
        if self.at < len(self.text) and self.text[self.at] not in "\r\n":
            raise self._wrong(f"{self.text[self.at]!r} is not expected here")

    def _alternatives(self, depth: int) -> _Alternatives:
        if depth > _DEEPEST:
            raise self._wrong("the groups are nested too deeply")
        found = [self._sequence(depth)]
        while self.text.startswith("|", self.at):
            self.at += 1
            self._skip(_SPACE_AND_LINES)
            found.append(self._sequence(depth))
        return tuple(found)

    def _sequence(self, depth: int) -> tuple[_Item, ...]:
        found: list[_Item] = []
        while self.at < len(self.text):
            item = self._item(depth)
            if item is None:
                item = self._repeated(found)
            if item is None:
                break
            found.append(item)
            self._skip(_SPACE_AND_LINES if depth else _SPACE)
        return tuple(found)

    def _item(self, depth: int) -> _Item | None:
        start = self.text[self.at]
        if start == '"':
            return self._enclosed(_LITERAL, '"', "a literal")
        if start == "[":
            return self._class()
        if start == "(":
            return self._group(depth)
        if start == ".":
            self.at += 1
            return _Item()
        if start in "<!":
            self._take(_TOKEN, "a token, as `<name>` or `<[number]>`")
            return _Item()
        name = _NAME.match(self.text, self.at)
        if name is None:
            return None
        self.at = name.end()
        return _Item(rules=(name.group(),))

    def _enclosed(self, content: re.Pattern[str], end: str, what: str) -> _Item:
        began = self.at
        self.at += 1
        taken = self._take(content, what)
        if not self.text.startswith(end, self.at):
            unknown = self.text.startswith("\\", self.at)
            shown = self.text[self.at : self.at + 2]
            self.at = self.at if unknown else began
            raise self._wrong(f"{shown!r} is no escape that a grammar knows" if unknown else f"{what} has no end")
        self.at += 1
        return _Item(optional=not taken)

    def _class(self) -> _Item:
        item = self._enclosed(_CLASS, "]", "a class of characters")
        if item.optional:
            raise self._wrong("a class of characters is empty")
        return item

    def _group(self, depth: int) -> _Item:
        began = self.at
        self.at += 1
        self._skip(_SPACE_AND_LINES)
        inner = self._alternatives(depth + 1)
        if not self.text.startswith(")", self.at):
            self.at = self.at if self.at < len(self.text) else began
            raise self._wrong("`)` is missing")
        self.at += 1
        return _Item(inner=inner)

    def _repeated(self, before: list[_Item]) -> _Item | None:
        """The last item again, with the repetition that stands here; None where none does."""
        if self.text[self.at] not in "*+?{":
            return None
        if not before:
            raise self._wrong(f"{self.text[self.at]!r} stands after nothing that could be repeated")
        least = self._least()
        last = before.pop()
        return _Item(rules=last.rules, inner=last.inner, optional=last.optional or not least)

    def _least(self) -> int:
        sign = self.text[self.at]
        if sign != "{":
            self.at += 1
            return int(sign == "+")
        times = _TIMES.match(self.text, self.at)
        if times is None:
            raise self._wrong("a repetition is written {3}, {3,} or {3,5}")
        least, most = int(times[1]), int(times[3] or times[1])
        if most < least:
            raise self._wrong(f"a repetition of at least {least} and at most {most} times is impossible")
        if most > MOST_REPEATS:
            raise self._wrong(f"llama.cpp counts to {MOST_REPEATS} repetitions, not to {most}")
        self.at = times.end()
        return least

    def _take(self, pattern: re.Pattern[str], what: str) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise self._wrong(f"{what} is expected here")
        self.at = match.end()
        return match.group()

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _wrong(self, what: str) -> BadInputError:
        line = self.text.count("\n", 0, self.at) + 1
        return BadInputError(f"the grammar cannot be read: line {line}: {what}")


def _references(alternatives: _Alternatives) -> list[str]:
    found: list[str] = []
    for sequence in alternatives:
        for item in sequence:
            found += [*item.rules, *_references(item.inner)]
    return found


def _refuse_left_recursion(rules: dict[str, _Alternatives]) -> None:
    empty = _maybe_empty(rules)
    done: set[str] = set()
    for start in rules:
        _descend(start, [], (rules, empty, done))


def _descend(name: str, above: list[str], known: tuple[dict[str, _Alternatives], set[str], set[str]]) -> None:
    """Follow what a rule may begin with, one call per rule on the way."""
    rules, empty, done = known
    if name in above:
        way = " → ".join([*above[above.index(name) :], name])
        raise BadInputError(f"the grammar's rule {name} begins with itself: {way}")
    if name in done:
        return
    if len(above) > _DEEPEST:
        raise BadInputError(f"the grammar's rules are nested too deeply at {name}")
    for first in _firsts(rules[name], empty):
        _descend(first, [*above, name], known)
    done.add(name)


def _firsts(alternatives: _Alternatives, empty: set[str]) -> list[str]:
    """The rules that these alternatives may begin with."""
    found: list[str] = []
    for sequence in alternatives:
        for item in sequence:
            found += [*item.rules, *_firsts(item.inner, empty)]
            if not _may_be_empty(item, empty):
                break
    return found


def _maybe_empty(rules: dict[str, _Alternatives]) -> set[str]:
    """The rules that may take nothing."""
    empty: set[str] = set()
    while True:
        more = {name for name in rules if name not in empty and _all_optional(rules[name], empty)}
        if not more:
            return empty
        empty |= more


def _all_optional(alternatives: _Alternatives, empty: set[str]) -> bool:
    return any(all(_may_be_empty(item, empty) for item in sequence) for sequence in alternatives)


def _may_be_empty(item: _Item, empty: set[str]) -> bool:
    if item.optional:
        return True
    if item.inner:
        return _all_optional(item.inner, empty)
    return bool(item.rules) and item.rules[0] in empty
