"""Simple patterns of strings as GBNF: characters, classes and repetitions between `^` and `$`.

Groups, choices, look-arounds and negated classes are refused. `\\d` and `\\w` mean the ASCII ones.
"""

import re

from agents.runtime.grammar.gbnf import MOST_REPEATS
from workbench.errors import BadInputError

_SHORTHANDS = {"d": "0-9", "w": "A-Za-z0-9_"}
_ESCAPED = r"\\[dw.^$*+?{}\[\]()|/-]"
_INSIDE = rf"(?:[^\]\[\\\"\x00-\x1f]|{_ESCAPED})"
_PIECE = re.compile(
    rf"\[(?!\^)(?P<set>{_INSIDE}+)\]"
    r"|\\(?P<escape>[dw.^$*+?{}\[\]()|/-])"
    r"|(?P<plain>[^\\\"\[\].^$*+?{}()|\x00-\x1f])"
)
_TIMES = re.compile(r"[*+?](?![?+])|\{(?P<least>\d{1,4})(?:(?P<comma>,)(?P<most>\d{1,4})?)?\}(?![?+])")


def characters(pattern: str, place: str) -> str:
    """The items of GBNF that take what the whole pattern takes, as it stands between the quotes of JSON.

    Raises `BadInputError` naming the place where the pattern is more than simple, or may take a quote or a backslash.
    """
    if not (pattern.startswith("^") and pattern.endswith("$")):
        raise BadInputError(f"a grammar can hold a pattern only from ^ to $, not {pattern!r} at {place}")
    found, at = [], 1
    while at < len(pattern) - 1:
        piece = _PIECE.match(pattern, at, len(pattern) - 1)
        if piece is None:
            raise BadInputError(f"a grammar cannot hold the pattern {pattern!r} from {pattern[at:-1]!r} on, at {place}")
        at = piece.end()
        times = _TIMES.match(pattern, at, len(pattern) - 1)
        at = times.end() if times else at
        found.append(_class(piece, pattern, place) + (_checked(times, place) if times else ""))
    return " ".join(found)


def _class(piece: re.Match[str], pattern: str, place: str) -> str:
    if piece["plain"]:
        return f"[{_member(piece['plain'])}]"
    if piece["escape"]:
        return f"[{_SHORTHANDS.get(piece['escape'], _member(piece['escape']))}]"
    return "[" + "".join(_members(piece["set"], pattern, place)) + "]"


def _members(inside: str, pattern: str, place: str) -> list[str]:
    """What stands within a class, range by range."""
    found, at = [], 0
    parts = re.findall(r"\\?.", inside, re.S)
    while at < len(parts):
        part = parts[at]
        if at + 2 < len(parts) and parts[at + 1] == "-":
            low, high = part[-1], parts[at + 2][-1]
            _refuse_special(low, high, f"{pattern!r} at {place}")
            found.append(f"{_member(low)}-{_member(high)}")
            at += 3
            continue
        shorthand = part[1:] in _SHORTHANDS and part.startswith("\\")
        found.append(_SHORTHANDS[part[1:]] if shorthand else _member(part[-1]))
        at += 1
    return found


def _refuse_special(low: str, high: str, where: str) -> None:
    if low > high:
        raise BadInputError(f"a grammar cannot hold the backward range {low}-{high} of {where}")
    if low < " " or any(low <= special <= high for special in '"\\'):
        raise BadInputError(f"a grammar cannot hold {low}-{high} of {where}: JSON would write some of it differently")


def _member(character: str) -> str:
    """One character within a class of GBNF."""
    if character in "[]-\\":
        return "\\" + character
    return rf"\x{ord(character):02X}" if character in "^\x7f" else character


def _checked(times: re.Match[str], place: str) -> str:
    numbers = [int(times[name]) for name in ("least", "most") if times[name]]
    if numbers and (max(numbers) > MOST_REPEATS or numbers[-1] < numbers[0]):
        raise BadInputError(f"a grammar cannot repeat {times.group()} at {place}")
    return times.group()
