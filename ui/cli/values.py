"""Kinds of values that options take; each is a `type` for argparse and raises `ValueError` with a readable name."""

from argparse import ArgumentTypeError


def names(text: str) -> tuple[str, ...]:
    """The names between the commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def positive(text: str) -> int:
    """A whole number from 1."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= 10**9:
        raise ArgumentTypeError(f"“{text}” is no number from 1 up")
    return number


def seconds(text: str) -> float:
    """A number of seconds above 0, up to a week."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 604_800:
        raise ArgumentTypeError(f"“{text}” is no number of seconds above 0")
    return number


def pattern(text: str) -> str:
    """What names some windows: an empty one would name them all."""
    if not text.strip():
        raise ArgumentTypeError("an empty name would leave out everything; give an application or a part of a title")
    return text


def speed(text: str) -> float:
    """A factor from 0 to 1000."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1000:
        raise ArgumentTypeError(f"“{text}” is no speed from 0 to 1000")
    return number
