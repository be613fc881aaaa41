"""Encoding what is typed to JSON and back, with errors a person can read."""

from typing import TypeVar

import msgspec

from workbench.errors import BadInputError

T = TypeVar("T")


def to_json(value: object) -> bytes:
    """The value as compact JSON in UTF-8."""
    return msgspec.json.encode(value)


def from_json(data: bytes | str, kind: type[T], *, what: str) -> T:
    """A value of type `kind`; raises `BadInputError` that names `what` and the place in it."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadInputError(f"{what} is not readable: {error}") from error
