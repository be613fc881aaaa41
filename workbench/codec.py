"""Encoding what is typed to JSON and back, with errors a person can read."""

from functools import cache
from typing import Any, TypeVar

import msgspec

from workbench.errors import BadInputError

T = TypeVar("T")


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def to_json(value: object) -> bytes:
    """The value as compact JSON in UTF-8."""
    return msgspec.json.encode(value)


def from_json(data: bytes | str, kind: type[T], *, what: str) -> T:
    """A value of type `kind`; raises `BadInputError` that names `what` and the place in it."""
    try:
        decoded: T = _decoder(kind).decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadInputError(f"{what} is not readable: {error}") from error
    return decoded
