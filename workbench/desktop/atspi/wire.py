"""D-Bus messages as bytes: the few kinds that asking small questions needs, marshalled once and read sparingly.

The layout is that of the D-Bus specification, "Message Protocol"; bodies are left to jeepney. Reading only the header
fields that matter takes a third of the time of reading all, which is most of what a question costs.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jeepney import DBusAddress, new_method_call
from jeepney.low_level import Endianness, parse_signature

Answer = tuple[Any, ...]

RETURN, SIGNAL = 2, 4

_FIXED = 16
_SERIAL_AT = 8
_PATH, _INTERFACE, _REPLY_TO, _SENDER, _SIGNATURE = 1, 2, 5, 7, 8
_PLAIN = (None, "s", "ss", "u", "i", "ii")
"""Signatures of arguments that can be remembered."""


@dataclass(frozen=True)
class Question:
    """One method call: whom (a bus name), which object, which interface and method, with what."""

    to: str
    path: str
    interface: str
    member: str
    signature: str | None = None
    body: Answer = ()


@dataclass(frozen=True)
class Letter:
    """One message that arrived: its kind (`RETURN`, `SIGNAL` or another), what it answers, from whom, what it says."""

    kind: int
    reply_to: int
    sender: str
    path: str
    interface: str
    body: Answer


def written(question: Question, serial: int) -> bytes:
    """The question as a message with that serial number."""
    message = _written_once(question) if question.signature in _PLAIN else _written(question)
    return message[:_SERIAL_AT] + serial.to_bytes(4, "little") + message[_SERIAL_AT + 4 :]


def _written(question: Question) -> bytes:
    address = DBusAddress(question.path, question.to, question.interface)
    message = new_method_call(address, question.member, question.signature, question.body)
    return bytes(message.serialise(serial=1))


_written_once = lru_cache(maxsize=8192)(_written)


class Letterbox:
    """Cuts the bytes that arrive into letters; raises ValueError for what is no D-Bus message."""

    def __init__(self) -> None:
        self._arrived = bytearray()

    def put(self, data: bytes) -> Iterator[Letter]:
        """The letters that are complete now."""
        self._arrived += data
        while len(self._arrived) >= _FIXED:
            order = _order(self._arrived[0])
            body_size, fields_size = struct.unpack_from(f"{order}4xI4xI", self._arrived)
            size = _aligned(_FIXED + fields_size, 8) + body_size
            if len(self._arrived) < size:
                return
            message = bytes(self._arrived[:size])
            del self._arrived[:size]
            yield _read(message, order, fields_size)


def _order(mark: int) -> str:
    if mark not in b"lB":
        raise ValueError("the bus sent something that is no D-Bus message")
    return "<" if mark == ord("l") else ">"


def _read(message: bytes, order: str, fields_size: int) -> Letter:
    fields = dict(_fields(message, order, _FIXED + fields_size))
    signature = fields.get(_SIGNATURE)
    body: Answer = ()
    if signature:
        start = _aligned(_FIXED + fields_size, 8)
        body = _type(str(signature)).parse_data(message, start, Endianness(1 if order == "<" else 2))[0]
    sender, path, interface = (str(fields.get(code, "")) for code in (_SENDER, _PATH, _INTERFACE))
    return Letter(message[1], int(fields.get(_REPLY_TO, 0)), sender, path, interface, body)


def _fields(message: bytes, order: str, end: int) -> Iterator[tuple[int, str | int]]:
    at = _FIXED
    while at < end:
        # each is a code and a value with its one-letter signature: y, then 1 "s" 0
        code, kind = message[at], message[at + 2]
        at = _aligned(at + 4, 1 if kind == ord("g") else 4)
        if kind == ord("u"):
            yield code, struct.unpack_from(f"{order}I", message, at)[0]
            at += 4
        elif kind == ord("g"):
            yield code, message[at + 1 : at + 1 + message[at]].decode("ascii")
            at += message[at] + 2
        else:
            (length,) = struct.unpack_from(f"{order}I", message, at)
            yield code, message[at + 4 : at + 4 + length].decode("utf-8")
            at += length + 5
        at = _aligned(at, 8)


@lru_cache(maxsize=256)
def _type(signature: str) -> Any:
    return parse_signature(list(f"({signature})"))


def _aligned(at: int, to: int) -> int:
    return (at + to - 1) // to * to
