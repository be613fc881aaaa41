"""Whole and decimal numbers between two limits, as expressions of GBNF: exactly those, without leading zeros."""

from workbench.errors import BadInputError

LOWEST, HIGHEST = -(2**63), 2**63 - 1
"""The limits where a schema names none."""

_FRACTION = '("." [0-9]{1,6})?'
_LARGEST = 10**15


def whole(low: int, high: int) -> str:
    """An expression for every whole number from `low` to `high`, both included, and nothing else.

    Raises `BadInputError` where there is none.
    """
    if low > high:
        raise BadInputError(f"no whole number is both at least {low} and at most {high}")
    below = _negative(_positive(max(1, -high), -low)) if low < 0 else []
    return _either(below + (_positive(max(0, low), high) if high >= 0 else []))


def decimal(low: int | None, high: int | None) -> str:
    """An expression for every number between two whole limits, both included, with at most six decimals.

    A limit of None stands for fifteen digits. Raises `BadInputError` where there is no such number.
    """
    least = -_LARGEST if low is None else low
    most = _LARGEST if high is None else high
    if least > most:
        raise BadInputError(f"no number is both at least {least} and at most {most}")
    below = _negative(_magnitudes(max(0, -most), -least)) if least < 0 else []
    return _either(below + (_magnitudes(max(0, least), most) if most >= 0 else []))


def _magnitudes(low: int, high: int) -> list[str]:
    below = [f"{_either(_positive(low, high - 1))} {_FRACTION}"] if low < high else []
    return [*below, f'"{high}" ("." "0"{{1,6}})?']


def _negative(magnitudes: list[str]) -> list[str]:
    return [f'"-" {_either(magnitudes)}']


def _positive(low: int, high: int) -> list[str]:
    """Alternatives for the numbers from `low` (at least 0) to `high`; lengths that are taken whole share one."""
    found: list[str] = []
    whole_lengths: list[int] = []
    for length in range(len(str(low)), len(str(high)) + 1):
        first, last = 10 ** (length - 1) if length > 1 else 0, 10**length - 1
        if length > 1 and low <= first and last <= high:
            whole_lengths.append(length)
        else:
            found += _same_length(str(max(low, first)), str(min(high, last)))
    if whole_lengths:
        found.append(f"[1-9] {_digits(whole_lengths[0] - 1, whole_lengths[-1] - 1)}")
    return found


def _digits(least: int, most: int) -> str:
    if least == most:
        return "[0-9]" if least == 1 else f"[0-9]{{{least}}}"
    return f"[0-9]{{{least},{most}}}"


def _same_length(low: str, high: str) -> list[str]:
    """Alternatives for the strings of digits between two of the same length."""
    if not low:
        return [""]
    if low[0] == high[0]:
        return [_then(f'"{low[0]}"', _same_length(low[1:], high[1:]))]
    rest = len(low) - 1
    first, last = int(low[0]), int(high[0])
    found, tail = [], []
    if int(low[1:] or 0):
        found, first = [_then(f'"{low[0]}"', _same_length(low[1:], "9" * rest))], first + 1
    if int(high[1:] or 0) != 10**rest - 1:
        tail, last = [_then(f'"{high[0]}"', _same_length("0" * rest, high[1:]))], last - 1
    if first <= last:
        digits = f'"{first}"' if first == last else f"[{first}-{last}]"
        found.append(f"{digits} {_digits(rest, rest)}" if rest else digits)
    return found + tail


def _then(first: str, rest: list[str]) -> str:
    return f"{first} {_either(rest)}".rstrip()


def _either(alternatives: list[str]) -> str:
    return alternatives[0] if len(alternatives) == 1 else f"({' | '.join(alternatives)})"
